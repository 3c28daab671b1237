import { defaultThresholds } from '../core/findings/thresholds';
import { type AnalyzeReport, type AnalyzeRows, analyzeHead, analyzeReport, analyzeRows, type FindingReport } from '../service/export/report';
import { describeSilence, isCut } from '../service/profile/describe-warning';
import type { OpenedProfile } from '../service/profile/opened-profile';
import { describeNoFindings } from '../service/profile/shown-threads';
import type { TrackedFinding } from '../shared/finding-status';
import { formatCost, formatCount, formatShare, formatTime, printable, printableJson, shorten } from '../shared/format';
import { namedThresholds, oneFile, parseCommand, percentage, wholeNumber } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { findAll, findingLines, writeSarif } from './findings';
import { loadProfile } from './load';
import { displayPlace } from './places';
import { runnable } from './runnable';
import { styled, styledCode, write } from './terminal';
import { threadOptions, threadTable, wantedProfile } from './threads';

export const run = runnable('analyze', analyze);

const levels = ['info', 'warning', 'error'] as const;

async function analyze(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      top: { type: 'string' },
      'fail-on': { type: 'string' },
      sarif: { type: 'string' },
      force: { type: 'boolean' },
      'all-findings': { type: 'boolean' },
      plateau: { type: 'string' },
      bottleneck: { type: 'string' },
      gc: { type: 'string' },
      'min-samples': { type: 'string' },
      threshold: { type: 'string', multiple: true },
      ...threadOptions,
    },
  });
  const file = oneFile('analyze', positionals);
  if (values.sarif === '-' && values.json) throw new UsageError('--json and --sarif - both write to standard output; give a file to --sarif.');
  const failOn = values['fail-on'];
  const failLevel = levels.indexOf(failOn as (typeof levels)[number]);
  if (failOn !== undefined && failLevel < 0) throw new UsageError(`--fail-on takes error, warning or info, not "${failOn}".`);
  const top = wholeNumber('top', values.top, 0);
  const thresholds = {
    ...defaultThresholds,
    ...namedThresholds(values.threshold ?? []),
    ...defined({
      plateau: percentage('plateau', values.plateau),
      bottleneck: percentage('bottleneck', values.bottleneck),
      gc: percentage('gc', values.gc),
      minSamples: wholeNumber('min-samples', values['min-samples'], 0),
    }),
  };
  const { sarif } = values;
  const profile = await loadProfile(file, thresholds, wantedProfile(values), sarif !== '-');
  if (!profile) return Exit.Input;
  const tracked = await findAll(profile, thresholds);
  if (sarif !== undefined && !(await writeSarif(profile, tracked, sarif, values.force === true))) return Exit.Input;
  if (values.json) await writeJson(profile, top ?? Number.POSITIVE_INFINITY, tracked);
  else if (sarif !== '-') {
    const report = analyzeReport(profile, Number.POSITIVE_INFINITY, tracked);
    await write(describe(profile, report, { top: top ?? 15, isWhole: values['all-findings'] === true }));
  }
  const isOver = tracked.some(({ status, finding }) => status === 'open' && levels.indexOf(finding.level) >= failLevel);
  if (failLevel < 0) return Exit.Fine;
  // What a cut file or a handful of samples does not show is no proof that there is nothing.
  return isOver ? Exit.Finding : describeSilence(profile.warnings) === undefined ? Exit.Fine : Exit.Inconclusive;
}

/** Rows that are text at a time. */
const ROWS = 500;

/** The report row by row: as one string it could be longer than V8 allows, and as objects it would be most of the memory. */
async function writeJson(profile: OpenedProfile, top: number, tracked: readonly TrackedFinding[]): Promise<void> {
  const { functions, lines } = analyzeRows(profile, top);
  await write(printableJson(analyzeHead(profile, tracked), 1).replace(/\n}$/, ''));
  await writeRows('functions', functions);
  await writeRows('lines', lines);
  await write('\n}\n');
}

async function writeRows<Row, Report>(name: string, { rows, report }: AnalyzeRows<Row, Report>): Promise<void> {
  await write(`,\n "${name}": [`);
  for (let at = 0; at < rows.length; at += ROWS) {
    let part = '';
    for (const row of rows.slice(at, at + ROWS)) part += `${part === '' && at === 0 ? '' : ','}\n  ${printableJson(report(row))}`;
    await write(part);
  }
  await write(rows.length > 0 ? '\n ]' : ']');
}

interface DescribeOptions {
  readonly top: number;
  readonly isWhole: boolean;
}

function describe(profile: OpenedProfile, report: AnalyzeReport, { top, isWhole }: DescribeOptions): string {
  const { totals } = profile;
  const isPart = isCut(profile.warnings);
  const { unit } = profile.tables;
  const cost = (own: number): string => formatCost(unit === 'microseconds' ? own * 1000 : own, unit);
  const text: string[] = [];
  const figures =
    unit === 'microseconds'
      ? [
          `${formatTime(totals.duration)} ${isPart ? 'left of a cut file' : profile.threads && profile.threads.shown.length > 1 ? 'of thread time' : 'recorded'}`,
          `${formatTime(totals.active)} active, ${formatTime(totals.gc)} of it GC`,
          `${formatTime(totals.idle)} idle`,
          ...(totals.notSampled > 0 ? [`${formatTime(totals.notSampled)} not sampled`] : []),
          ...(isShown(totals.unsampled) ? [`${formatTime(totals.unsampled)} before the first sample`] : []),
          `${formatCount(totals.samples)} samples`,
        ]
      : [`${formatCost(totals.active, unit)}${unit === 'count' ? ' in all' : ''}`, `${formatCount(totals.samples)} samples`];
  text.push(styled('bold', printable(profile.info?.title ?? report.file)), styled('dim', figures.join(' · ')), '');
  if (profile.threads) {
    const { head, rows, notes } = threadTable(profile.threads);
    text.push(...table(head, rows, (column) => head[column] !== 'name'), ...notes, '');
  }
  text.push(...findingLines(report.findings.map(inWords), isWhole, describeNoFindings(profile)), '');
  // Idle time stands above and is no part of the shares; the rest of what is left out costs nothing itself.
  const shown = report.functions.filter(({ name, url, selfMs }) => selfMs > 0 && !(url === '' && name === '(idle)')).slice(0, top);
  const rows = shown.map((one) => [
    cost(one.selfMs),
    formatShare(one.selfPct / 100),
    cost(one.totalMs),
    formatShare(one.totalPct / 100),
    `${shorten(printable(one.name), 50)}${(one.inlined ?? 0) * 2 > one.samples ? ' (inlined)' : ''}`,
    placeOf(one),
  ]);
  text.push(...table(['self', '', 'total', '', 'function', 'place'], rows), '');
  if (report.lines.length > 0) {
    const lines = report.lines
      .slice(0, top)
      .map((line) => [
        cost(line.selfMs),
        formatShare(line.selfPct / 100),
        shorten(printable(line.function), 50),
        displayPlace(line.source ?? line.url, line.line),
      ]);
    text.push(...table(['self', '', 'in', 'line'], lines, (column) => column < 2), '');
  }
  return text.join('\n');
}

/** Microseconds that a person would miss in a sum. */
const isShown = (micros: number): boolean => micros >= 50;

const inWords = (finding: FindingReport): FindingReport => ({ ...finding, message: styledCode(finding.message), advice: styledCode(finding.advice) });

function placeOf({ source, url, line }: AnalyzeReport['functions'][number]): string {
  if (source) return displayPlace(source.file, source.line);
  return url === '' ? '' : displayPlace(url, line);
}

/** Columns in line; the first four align on the right, unless it is said which. */
function table(head: readonly string[], rows: readonly (readonly string[])[], isRight = (column: number): boolean => column < 4): string[] {
  const widths = head.map((title, i) => rows.reduce((most, row) => Math.max(most, (row[i] as string).length), title.length));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (isRight(i) ? cell.padStart(widths[i] as number) : cell.padEnd(i === row.length - 1 ? 0 : (widths[i] as number))))
      .join('  ')
      .trimEnd();
  return [styled('dim', line(head)), ...rows.map(line)];
}

const defined = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
