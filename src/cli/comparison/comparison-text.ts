import { amount, ratioText, signedAmount } from '../../service/compare/paste-sentence';
import type { ComparisonReport, FunctionChange, MetricReport } from '../../shared/comparison';
import type { Scaling } from '../../shared/comparison-scale';
import { formatBytes, formatCount, formatTime, plural, printable, printableJson, shorten } from '../../shared/format';
import type { Verdict } from '../../shared/verdict';
import { Exit } from '../exit-codes';
import { columns } from '../heap/heap-load';
import { displayPlace } from '../places';
import { styled, write } from '../terminal';

/** Nothing that was not decided is a success: one run a side says nothing of the next. */
export function exitOfVerdict(verdict: Verdict | null): Exit {
  if (verdict === 'slower') return Exit.Finding;
  return verdict === null || verdict === 'inconclusive' ? Exit.Inconclusive : Exit.Fine;
}

export const writeComparison = (report: ComparisonReport, top: number | undefined): Promise<void> =>
  write(`${printableJson({ ...report, functions: report.functions.slice(0, top) }, 1)}\n`);

const scaleWords: Readonly<Record<Scaling, string>> = {
  raw: 'as recorded, nothing scaled',
  run: 'per run',
  call: 'per call of the loop',
  request: 'per request',
  share: 'share of active time',
};

/** A comparison for a terminal: the whole, other figures, functions by their change, and the sentence to paste. */
export function comparisonText(report: ComparisonReport, top: number): string {
  const { before, after, total, metrics, functions, verdict } = report;
  const lines = [
    styled('bold', `${printable(before.name)} → ${printable(after.name)}`),
    styled('dim', `${scaleWords[report.scaled]} · ${plural(before.runs, 'run')} before, ${after.runs} after`),
    '',
    `total  ${amount(report, total.before)} → ${amount(report, total.after)}  ${ratioText({ ratio: total.ratio, low: null, high: null })}`,
    verdictLine(report),
    '',
  ];
  // The active cost stands above already.
  if (metrics.some(({ name }) => name !== 'active')) lines.push(...metricTable(metrics), '');
  const changed = functions.filter(({ change, total: own }) => change !== 0 || own.change !== 0);
  const shown = changed.slice(0, top);
  const isJudged = functions.some((one) => one.verdict !== null);
  const rows = shown.map((one) => functionRow(report, one, isJudged));
  const head = ['before', 'after', 'change', '', ...(isJudged ? ['verdict'] : []), 'total', '', 'function', 'place'];
  const [titles = '', ...table] = columns([head, ...rows], head.length - 2);
  lines.push(styled('dim', titles), ...table);
  if (changed.length > shown.length) lines.push(styled('dim', `and ${formatCount(changed.length - shown.length)} more; --top N shows more`));
  lines.push('', ...(verdict === null ? [] : [report.sentence, '']));
  return lines.join('\n');
}

function verdictLine({ verdict, metrics: [head], before, after }: ComparisonReport): string {
  if (verdict === null) return styled('dim', 'one run against one: sizes, and no verdict; --before FILE… --after FILE… takes several');
  const noise = Math.max(before.noise ?? 0, after.noise ?? 0);
  const certain = head ? `${ratioText(head)}${head.p === null ? '' : `, p ${pText(head.p)}`}` : '';
  return `${styled(colours[verdict], verdict)}  ${certain}, runs vary by ${(noise * 100).toFixed(1)} %`;
}

const colours = { faster: 'green', slower: 'red', 'no difference': 'bold', inconclusive: 'yellow' } as const;
const pText = (p: number): string => (p < 0.001 ? '< 0.001' : String(Number(p.toPrecision(2))));

function metricTable(metrics: readonly MetricReport[]): string[] {
  const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const rows = metrics.map((one) => [
    metricAmount(one.unit, middle(one.before)),
    metricAmount(one.unit, middle(one.after)),
    ratioText(one),
    one.verdict ?? '',
    printable(one.name),
  ]);
  const [titles = '', ...table] = columns([['before', 'after', 'change', 'verdict', 'of each run'], ...rows], 4);
  return [styled('dim', titles), ...table];
}

function metricAmount(unit: string, value: number): string {
  if (unit === 'ms') return formatTime(value * 1000);
  return unit === 'bytes' ? formatBytes(value) : formatCount(value);
}

function functionRow(report: ComparisonReport, one: FunctionChange, isJudged: boolean): string[] {
  const state = one.state === 'both' ? '' : ` (${one.state}${one.was ? ` from ${movedFrom(one)}` : ''})`;
  return [
    one.state === 'new' ? '–' : amount(report, one.before),
    one.state === 'gone' ? '–' : amount(report, one.after),
    signedAmount(report, one.change),
    one.change === 0 ? '' : one.state === 'both' || one.state === 'moved' ? ratioText({ ratio: one.ratio, low: one.low, high: one.high }) : one.state,
    ...(isJudged ? [one.verdict ?? ''] : []),
    `${amount(report, one.total.before)} → ${amount(report, one.total.after)}`,
    signedAmount(report, one.total.change),
    `${shorten(printable(one.name), 50)}${shorten(printable(state), 60)}`,
    displayPlace(one.url, one.line),
  ];
}

function movedFrom({ name, was }: FunctionChange): string {
  if (!was) return '';
  return was.name === name ? displayPlace(was.url, was.line) : printable(was.name);
}
