import { markedCode } from '../../shared/code-text';
import type { Certainty, ComparisonReport } from '../../shared/comparison';
import { formatBytes, formatCount, formatTime, plural, printable, shorten } from '../../shared/format';

/** Functions that are named; the table has the others. */
const MOST_NAMED = 3;

/** One sentence for a pull request: what changed by more than chance, and the whole. */
export function pasteSentence(report: Omit<ComparisonReport, 'sentence'>, isPaired = false): string {
  const { functions, metrics, total, verdict } = report;
  const changed = functions.filter(({ verdict: own }) => own === 'faster' || own === 'slower').slice(0, MOST_NAMED);
  const named = changed.map(
    (one) =>
      `${markedCode(shorten(printable(one.name), 80))} ${amount(report, one.before)} → ${amount(report, one.after)} (${ratioText(one)}), ${pText(one.pAdjusted)}`,
  );
  const [head] = metrics;
  const whole = head ? ratioText(head) : percent(total.ratio);
  const name = head?.name === 'calls a second' ? head.name : 'total';
  const word = verdict === null ? '' : verdict === 'inconclusive' || verdict === 'no difference' ? `, ${verdict}` : `, ${pText(head?.p ?? null)}`;
  return `${[...named, `${name} ${whole}${word}`].join('; ')} (${isPaired ? plural(report.before.runs, 'pair') : runsText(report)})`;
}

function runsText({ before, after }: Omit<ComparisonReport, 'sentence'>): string {
  if (before.runs !== after.runs) return `${before.runs} runs before, ${after.runs} after`;
  return before.runs === 1 ? 'one run a side' : `${before.runs} runs a side`;
}

/** `−86 %, −88 to −84 %`; without an interval where there is none. */
export function ratioText({ ratio, low, high }: Pick<Certainty, 'ratio' | 'low' | 'high'>): string {
  return low === null || high === null ? percent(ratio) : `${percent(ratio)}, ${percent(low).replace(' %', '')} to ${percent(high)}`;
}

function percent(ratio: number | null): string {
  if (ratio === null) return '–'; // out of nothing
  const change = (ratio - 1) * 100;
  const size = Math.abs(change);
  const digits = size >= 9.95 ? 0 : 1;
  const text = size.toFixed(digits);
  return `${Number(text) === 0 ? '±' : change > 0 ? '+' : '−'}${text} %`;
}

const pText = (p: number | null): string => (p === null ? '' : `p ${p < 0.001 ? '< 0.001' : `= ${Number(p.toPrecision(2))}`}`);

/** A cost of the report in its unit. */
export function amount({ unit }: Pick<ComparisonReport, 'unit'>, cost: number): string {
  switch (unit) {
    case 'ms':
      return formatTime(cost * 1000);
    case 'bytes':
      return formatBytes(cost);
    case 'percent':
      return `${cost.toFixed(1)} %`;
    case 'count':
      return formatCount(cost);
  }
}

/** With its sign. */
export function signedAmount(report: Pick<ComparisonReport, 'unit'>, cost: number): string {
  const text = amount(report, Math.abs(cost));
  return /^0(?:\.0)?\b(?!\.)/.test(text) ? text : `${cost > 0 ? '+' : '−'}${text}`;
}
