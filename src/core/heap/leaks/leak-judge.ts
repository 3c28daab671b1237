import type { LeakVerdict } from './leak';

/** Growth of the second round over that of the first. */
const EVEN = { least: 0.75, most: 1.5 };
const SETTLED_BELOW = 0.5;
/** Fewer than this in a round are no pattern. */
export const LEAST = 3;

/**
 * Whether what was counted in three snapshots grew as a leak does (see `leaks.ts`); undefined
 * where it did not grow both times, or levelled off. Of the first round, `kept` still live in the third.
 */
export function judgeGrowth(
  counts: readonly [number, number, number],
  times: number | undefined,
  kept = counts[1] - counts[0],
): { readonly verdict: LeakVerdict; readonly isMultiple: boolean } | undefined {
  const one = counts[1] - counts[0];
  const two = counts[2] - counts[1];
  if (one <= 0 || two <= 0 || two < one * SETTLED_BELOW) return undefined;
  const least = Math.max(LEAST, times === undefined ? 0 : times * 0.9);
  const isEven = two >= one * EVEN.least && two <= one * EVEN.most && kept >= one * SETTLED_BELOW;
  const isMultiple = times !== undefined && one === two && one % times === 0;
  if (isMultiple || (isEven && one >= least && two >= least)) return { verdict: 'leak', isMultiple };
  return one < LEAST || two < LEAST || !isEven ? undefined : { verdict: 'growth', isMultiple };
}
