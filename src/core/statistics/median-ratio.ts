import { seededRandom } from './random';

/** A ratio after ÷ before, and the interval that it lies in with 95 % confidence. */
export interface RatioInterval {
  /** 1 is no change; Infinity where there was nothing before. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Resamplings; the ends of the interval are their 2.5 % and 97.5 % points. */
const RESAMPLES = 2000;
const SEED = 20_061;

/**
 * The logarithm of after ÷ before; 0 where both are nothing, infinite where one is. Runs
 * that measure less than nothing do not occur.
 */
export function logRatio(before: number, after: number): number {
  if (before === after) return 0;
  return Math.log(after) - Math.log(before);
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort(compare);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] as number) : mean(sorted[half - 1] as number, sorted[half] as number);
}

/**
 * Of pairs: the median of their ratios, with the percentile bootstrap interval of pairs
 * drawn with replacement. The same pairs give the same interval.
 * Source: B. Efron, Annals of Statistics 7 (1979) 1–26.
 */
export function medianOfRatios(logRatios: readonly number[], seed = SEED): RatioInterval {
  const sorted = Float64Array.from(logRatios).sort();
  const random = seededRandom(seed);
  const drawn = new Float64Array(RESAMPLES);
  const counts = new Uint32Array(sorted.length);
  for (let i = 0; i < RESAMPLES; i++) drawn[i] = resampledMedian(sorted, counts, random);
  return interval(Math.exp(median(logRatios)), drawn.map(Math.exp));
}

/** Of groups: the ratio of their medians, with the percentile bootstrap interval of both drawn with replacement. */
export function ratioOfMedians(before: readonly number[], after: readonly number[], seed = SEED): RatioInterval {
  const first = Float64Array.from(before).sort();
  const second = Float64Array.from(after).sort();
  const random = seededRandom(seed);
  const drawn = new Float64Array(RESAMPLES);
  const counts = [new Uint32Array(first.length), new Uint32Array(second.length)] as const;
  for (let i = 0; i < RESAMPLES; i++) {
    const from = resampledMedian(first, counts[0], random);
    drawn[i] = ratio(from, resampledMedian(second, counts[1], random));
  }
  return interval(ratio(median(before), median(after)), drawn);
}

/** Nothing against nothing is no change. */
const ratio = (before: number, after: number): number => (before === after ? 1 : after / before);

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of -Infinity and Infinity there is no mean: one side had nothing in each, and no change is between them. */
const mean = (a: number, b: number): number => (a === b ? a : a === -b ? 0 : (a + b) / 2);

/** The median of as many values as there are, drawn with replacement. `counts` is scratch. O(n). */
function resampledMedian(sorted: Float64Array, counts: Uint32Array, random: () => number): number {
  const n = sorted.length;
  counts.fill(0);
  for (let i = 0; i < n; i++) {
    const at = Math.floor(random() * n);
    counts[at] = (counts[at] as number) + 1;
  }
  const upper = valueAt(sorted, counts, n >> 1);
  return n % 2 === 1 ? upper : mean(valueAt(sorted, counts, (n >> 1) - 1), upper);
}

function valueAt(sorted: Float64Array, counts: Uint32Array, rank: number): number {
  let passed = 0;
  for (let at = 0; at < sorted.length; at++) {
    passed += counts[at] as number;
    if (passed > rank) return sorted[at] as number;
  }
  return Number.NaN;
}

function interval(middle: number, drawn: Float64Array): RatioInterval {
  drawn.sort();
  const end = (share: number): number => drawn[Math.min(drawn.length - 1, Math.max(0, Math.round(share * (drawn.length - 1))))] as number;
  return { ratio: middle, low: end(0.025), high: end(0.975) };
}
