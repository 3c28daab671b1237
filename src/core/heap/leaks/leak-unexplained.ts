import type { Leak } from './leak';

/** A heap that grows by less in a round is as it was: garbage, code and feedback of V8's come and go. */
const LEAST_BYTES = 1 << 17;
const LEAST_SHARE = 0.02;
/** Of the second round over the first, in which lazy things are made. */
const STILL_GROWS = 0.5;

/**
 * Bytes by which the heap grew in both rounds together, and that nothing which was found
 * accounts for: more than half of its growth. 0 where it did not grow each time.
 */
export function unexplainedGrowth([first = 0, second = 0, third = 0]: readonly number[], leaks: readonly Leak[]): number {
  const one = second - first;
  const two = third - second;
  const least = Math.max(LEAST_BYTES, first * LEAST_SHARE);
  if (one < least || two < least || two < one * STILL_GROWS) return 0;
  let explained = 0;
  for (const leak of leaks) explained += leak.retainedSize;
  const rest = one + two - explained;
  return rest > (one + two) / 2 ? rest : 0;
}
