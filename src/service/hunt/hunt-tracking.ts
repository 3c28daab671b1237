/**
 * When a hunt has V8 note the stacks of allocations. As long as it does, V8 collects the heap
 * and walks it up to 20 times a second, at most once for each turn of the event loop: a program
 * with a heap of 13 MB takes twice as long for a request, one of 105 MB took 2 s for each. So a
 * small heap is tracked in both rounds, one that is larger in the last exercises of the second,
 * which are enough to see who makes what piles up, and one that is larger still not at all.
 */
import { formatBytes, formatTime, plural } from '../../shared/format';

export interface TrackingPlan {
  readonly kind: 'rounds' | 'last' | 'off';
  /** Bytes of the heap at the first snapshot. */
  readonly heapUsed: number;
  /** Exercises that are tracked. */
  readonly exercises: number;
  /** Milliseconds that they take longer, about. */
  readonly costMs: number;
}

/** Bytes of a heap that is walked in less time than passes between two walks: a program is at most twice as slow. */
const TINY = 12e6;
/** Bytes of a heap that is tracked in both rounds, and of one that is tracked at all; half of that where nobody counts exercises. */
const SMALL = 16e6;
const LARGEST = 256e6;
/** Milliseconds that tracking both rounds may cost. */
const MOST_MS = 20_000;
/** Exercises of a larger heap that are tracked. */
const LAST = 3;
/** Milliseconds for each exercise and MB: measured 4 at 13 MB, 10 at 19 MB, 21 at 105 MB. */
const costOf = (heapUsed: number): number => (heapUsed < TINY ? 0 : (heapUsed / 1e6) * Math.min(21, 2 + heapUsed / 3e6));

export function trackingPlan(heapUsed: number, times: number, isByHand: boolean): TrackingPlan {
  const plan = (kind: TrackingPlan['kind'], exercises: number): TrackingPlan => ({ kind, heapUsed, exercises, costMs: exercises * costOf(heapUsed) });
  const both = plan('rounds', 2 * times);
  if (heapUsed <= SMALL && both.costMs <= MOST_MS) return both;
  if (isByHand || heapUsed > LARGEST) return plan('off', 0);
  return plan('last', Math.min(LAST, times));
}

/** Below, nobody waits for it. */
const LEAST_MS = 2000;

/** What a hunt says before it begins to track; undefined where the price is small. */
export function describeTracking({ kind, heapUsed, exercises, costMs }: TrackingPlan): string | undefined {
  if (kind === 'off') return describeUntracked(heapUsed);
  if (costMs < LEAST_MS) return undefined;
  const which = kind === 'rounds' ? 'both rounds' : `the last ${plural(exercises, 'exercise')} of round 2`;
  return `To see who allocates, V8 walks the heap of ${formatBytes(heapUsed)} again and again during ${which}: about ${formatTime(costMs * 1000)} more. --no-track does without.`;
}

export const describeUntracked = (heapUsed: number): string =>
  `Who allocates is not recorded: with a heap of ${formatBytes(heapUsed)} the program would be too slow. What keeps the objects is reported all the same.`;
