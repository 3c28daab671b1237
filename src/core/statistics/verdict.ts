import { BAND, type Verdict } from '../../shared/verdict';
import { logRatio, median, medianOfRatios, type RatioInterval, ratioOfMedians } from './median-ratio';
import { rankSum, smallestRankSumP } from './rank-sum';
import { signedRank, smallestSignedRankP } from './signed-rank';
import { NOISY } from './spread';

/** One figure of runs before and after. Pairs ran one after the other; groups did not, and what drifted meanwhile is in their difference. */
export interface RunSeries {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly isPaired: boolean;
}

/** What the runs say of one figure. */
export interface RunChange extends RatioInterval {
  /** Two-sided and exact; undefined where a side has one run. */
  readonly p: number | undefined;
  /** The medians of both sides, in the figure's unit. */
  readonly medianBefore: number;
  readonly medianAfter: number;
}

/** Exact signed-rank test and median of log ratios for pairs; exact rank sums and the ratio of medians for groups. */
export function runChange(series: RunSeries): RunChange {
  const { before, after, isPaired } = series;
  const p = runP(series);
  const found = { p, medianBefore: median(before), medianAfter: median(after) };
  if (p === undefined) return { ratio: ratioOfMedians(before, after).ratio, low: Number.NaN, high: Number.NaN, ...found };
  return { ...(isPaired ? medianOfRatios(logRatios(series)) : ratioOfMedians(before, after)), ...found };
}

/** The p of the same alone. */
export function runP(series: RunSeries): number | undefined {
  const { before, after, isPaired } = series;
  if (before.length < 2 || after.length < 2) return undefined;
  return isPaired ? signedRank(logRatios(series)).p : rankSum(before, after).p;
}

const logRatios = ({ before, after }: RunSeries): number[] => before.map((value, at) => logRatio(value, after[at] as number));

/** The chance of a false alarm, over everything that is told: 5 %. */
const ALPHA = 0.05;
/** What of it the whole has where functions are named too; Holm's correction shares the rest out among them. */
const OF_THE_WHOLE = 0.01;

/** What share of false alarms the whole and the functions may have. */
export interface Levels {
  readonly whole: number;
  /** Of all functions together; 0 where so few runs can name none. */
  readonly functions: number;
}

/**
 * Splits the 5 %. The split depends on the numbers of runs alone, which are known before
 * the first of them, so the sum of both holds. Runs too few to reach the smaller level
 * cannot stand Holm's correction either: then the whole has all of it. Ten pairs reach
 * p = 0.002, which twenty functions leave of 0.04.
 */
export function levels(before: number, after: number, isPaired: boolean): Levels {
  const smallest = isPaired ? smallestSignedRankP(Math.min(before, after)) : smallestRankSumP(before, after);
  return smallest <= OF_THE_WHOLE ? { whole: OF_THE_WHOLE, functions: ALPHA - OF_THE_WHOLE } : { whole: ALPHA, functions: 0 };
}

/** What a verdict rests on besides the runs. */
export interface VerdictRule {
  /** What p is compared with. */
  readonly alpha: number;
  /** A change of less, in the figure's unit, is too small to be told from the clock's or the sampler's steps. */
  readonly floor: number;
  /** Whether more is better, as of calls a second. */
  readonly isRate?: boolean;
}

/**
 * The verdict on one figure, by `p`, which is adjusted where there are several.
 * Undefined where there is no p.
 *
 *   whole interval inside ± 5 %, or the change inside ± floor    no difference
 *   p at most α, interval on one side of 1, change of the floor  faster, slower
 *   else                                                         inconclusive
 */
export function verdictOf(found: RunChange, p: number | undefined, { alpha, floor, isRate = false }: VerdictRule): Verdict | undefined {
  if (p === undefined) return undefined;
  const { low, high, medianBefore, medianAfter } = found;
  if (low >= 1 - BAND && high <= 1 + BAND) return 'no difference';
  // The interval in the figure's unit; what came out of nothing has no ratio.
  const moved = (bound: number): number => Math.abs(medianBefore > 0 ? medianBefore * (bound - 1) : medianAfter);
  if (Math.max(moved(low), moved(high)) < floor) return 'no difference';
  if (p > alpha || Math.abs(medianAfter - medianBefore) < floor) return 'inconclusive';
  if (low > 1) return isRate ? 'faster' : 'slower';
  if (high < 1) return isRate ? 'slower' : 'faster';
  return 'inconclusive';
}

/**
 * The verdict of a whole comparison. Runs that vary by 10 % or more decide nothing,
 * unless even the near end of the interval is further away than they vary.
 */
export function noisyVerdict(verdict: Verdict | undefined, { low, high }: RatioInterval, noise: number): Verdict | undefined {
  if (verdict === undefined || noise < NOISY) return verdict;
  if (verdict !== 'faster' && verdict !== 'slower') return 'inconclusive';
  const near = low > 1 ? low : 1 / high;
  return near > 1 + noise ? verdict : 'inconclusive';
}
