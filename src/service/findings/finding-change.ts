import { frameLabel } from '../../core/findings/explain';
import { functionAt } from '../../core/profile/tables';
import type { LoopRate } from '../../core/statistics/mean-interval';
import { interval, type ShareInterval } from '../../core/statistics/share-interval';
import { type FunctionIndex, functionIndex } from '../../shared/brands';
import { formatCost, formatRate, formatShare } from '../../shared/format';
import type { ReportedFinding } from '../../shared/reported-finding';
import type { OpenedProfile } from '../profile/opened-profile';

/** A profile with all that was found in it. */
export interface FoundProfile {
  readonly profile: OpenedProfile;
  readonly findings: readonly ReportedFinding[];
}

/**
 * What became of a finding from one recording to a later one of the same recipe, in
 * sentences: its share with 95 % intervals, the function's total, the whole run or the
 * calls a second. A change is called one only where the intervals do not meet.
 */
export function findingChange(id: string, before: FoundProfile, after: FoundProfile): { readonly isGone: boolean; readonly message: string } | undefined {
  const was = before.findings.find((one) => one.id === id);
  if (!was) return undefined;
  const is = after.findings.find((one) => one.id === id);
  const sentences = [
    is
      ? `${was.title}: ${shareText(was.share, before)} → ${shareText(is.share, after)} of active time${verdict(rangeOf(was.share, before), rangeOf(is.share, after))}.`
      : `${was.title}: not found any more; it was ${shareText(was.share, before)} of active time.`,
  ];
  const [func] = was.functions;
  if (func !== undefined) sentences.push(functionText(functionIndex(func), before, after));
  sentences.push(runText(before.profile, after.profile));
  return { isGone: is === undefined, message: sentences.filter(Boolean).join(' ') };
}

const rangeOf = (share: number, { profile }: FoundProfile): ShareInterval => interval(share, profile.totals.effectiveSamples);

/** `61.2 % (58.0–64.3 %)`. */
function shareText(share: number, found: FoundProfile): string {
  const { low, high } = rangeOf(share, found);
  return `${formatShare(share)} (${(low * 100).toFixed(1)}–${formatShare(high)})`;
}

const verdict = (before: ShareInterval, after: ShareInterval): string =>
  after.low > before.high ? ', more than before' : after.high < before.low ? '' : ', which is too close to tell apart';

/** The function's own total in both, where it is in both: by name and file, since lines move. */
function functionText(func: FunctionIndex, before: FoundProfile, after: FoundProfile): string {
  const { tables, costs, totals } = before.profile;
  const { name, url } = functionAt(tables, func);
  const label = frameLabel(tables, func);
  const total = costs.total[func] as number;
  const there = after.profile;
  let now = 0;
  for (let row = 0; row < there.tables.functions.length; row++) {
    const other = functionAt(there.tables, functionIndex(row));
    if (other.name === name && other.url === url) now = Math.max(now, there.costs.total[row] as number);
  }
  const part = (cost: number, active: number): string => formatShare(active > 0 ? cost / active : 0);
  const unit = tables.unit;
  return now > 0
    ? `${label} in all: ${formatCost(total, unit)} (${part(total, totals.active)}) → ${formatCost(now, unit)} (${part(now, there.totals.active)}).`
    : `${label} was seen in no sample any more.`;
}

function runText(before: OpenedProfile, after: OpenedProfile): string {
  const [was, is] = [before.info?.loop, after.info?.loop];
  if (was && is) return loopChange(was, is);
  return `The run: ${formatCost(before.totals.active, before.tables.unit)} → ${formatCost(after.totals.active, after.tables.unit)} active.`;
}

function loopChange({ rate: was }: LoopRate, { rate: is }: LoopRate): string {
  const known = [was.low, was.high, is.low, is.high].every(Number.isFinite);
  const text = (rate: typeof was): string => `${formatRate(rate.mean)}${known ? ` (${formatRate(rate.low)}–${formatRate(rate.high)})` : ''}`;
  const isApart = known && (is.low > was.high || is.high < was.low);
  const factor = was.mean > 0 ? is.mean / was.mean : Number.NaN;
  const told =
    isApart && Number.isFinite(factor)
      ? `, ${factor >= 1 ? `${formatRate(factor)} times as fast` : `slower by ${formatShare(1 - factor)}`}`
      : ', which is too close to tell apart';
  return `Calls a second: ${text(was)} → ${text(is)}${told}.`;
}
