import type { ProfileTotals } from '../profile/costs/function-costs';
import type { ShownThreads } from '../profile/views/threads';
import type { ProfileSummary } from './profile-summary';
import type { ServedWindow } from './served-window';
import type { Vitals } from './vitals';

/** Everything that the decision tree reads. Microseconds and bytes. */
export interface Measurements {
  readonly profile: ProfileSummary;
  /** Of a server or a worker, the time that is judged and of which `profile` and the blocks of `vitals` are; missing where that is all of it. */
  readonly served?: { readonly window: ServedWindow; readonly whole: ProfileTotals } | undefined;
  /** Undefined where the program handed over none, and of a worker thread: a process measures its main thread alone. */
  readonly vitals: Vitals | undefined;
  /** Whether the thread that is judged is a worker. */
  readonly isWorker?: boolean | undefined;
  readonly heap: HeapAtEnd | undefined;
  /** All threads of the recording, of which this is the profile of one; missing where there is one alone. */
  readonly threads?: ShownThreads | undefined;
  /** How the program ended; undefined where it was stopped. */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | undefined;
}

/** What was recorded in all, whatever part of it is judged. */
export const wholeOf = ({ profile, served }: Pick<Measurements, 'profile' | 'served'>): ProfileTotals => served?.whole ?? profile.totals;

export interface HeapAtEnd {
  /** Live in V8's heap after a full collection. */
  readonly live: number;
  /** Own functions whose allocations are alive, by falling size. */
  readonly holders: readonly Holder[];
}

export interface Holder {
  readonly name: string;
  readonly url: string;
  /** 0-based, V8's. */
  readonly line: number;
  readonly column: number;
  /** Bytes, estimated from samples. */
  readonly live: number;
}

/**
 * What is known of the growth of live memory. What is in use at a moment is live
 * memory and garbage, so the least of a stretch is an upper bound of what was live
 * in it, and the difference to the end, where all garbage has been collected, a
 * lower bound of the growth: garbage alone can never look like a leak.
 */
export interface Growth {
  readonly duration: number;
  /** Least use in the first third. */
  readonly first: number;
  /** Least use in the second third. */
  readonly middle: number;
  readonly live: number;
  readonly total: number;
  /** Growth after the second third. */
  readonly last: number;
}

export function growthOf({ vitals, heap }: Measurements): Growth | undefined {
  if (!vitals || !heap || vitals.memory.length < 6) return undefined;
  const { memory } = vitals;
  const start = memory[0]?.at as number;
  const duration = (memory.at(-1)?.at as number) - start;
  let first = Number.POSITIVE_INFINITY;
  let middle = Number.POSITIVE_INFINITY;
  // Memory outside of the heap is left out: buffers are given back some time after a collection, as if they were alive.
  for (const { at, heapUsed: used } of memory) {
    const part = (at - start) / duration;
    // The very start is loading modules, whatever the program does later.
    if (part >= 0.1 && part < 0.4) first = Math.min(first, used);
    else if (part >= 0.4 && part < 0.7) middle = Math.min(middle, used);
  }
  if (!Number.isFinite(first) || !Number.isFinite(middle)) return undefined;
  const { live } = heap;
  return { duration, first, middle, live, total: live - first, last: live - middle };
}
