import { heapUsage } from '../../capture/attach/heap-snapshot';
import type { HeapTarget } from '../../capture/attach/heap-targets';
import { type Activities, activities, activityOf, busiest, type Evidence, grownBy } from './hunt-activity';

/** Follows which thread an exercise reaches. */
export interface Reach {
  /** Does something once, and remembers who did the work. */
  probe<T>(what: () => Promise<T>): Promise<T>;
  /** Whom the last probe has reached, or the largest of those that are `allowed`. */
  choose(allowed: (target: HeapTarget) => boolean): Promise<HeapTarget | undefined>;
  /** Whether what was done has reached the watched thread; undefined where that cannot be told. */
  during<T>(what: () => Promise<T>): Promise<{ readonly value: T; readonly hasReached: boolean | undefined }>;
  readonly evidence: Evidence | undefined;
}

export function followReach(targets: ReadonlyMap<string, HeapTarget>): Reach {
  let last: { before: Activities; after: Activities } | undefined;
  let watched: HeapTarget | undefined;
  let evidence: Evidence | undefined;
  return {
    async probe(what) {
      const before = await activities(targets.values());
      const value = await what();
      last = { before, after: await activities(targets.values()) };
      return value;
    },
    async choose(allowed) {
      const found =
        last &&
        busiest(
          last.before,
          only(last.after, (target) => allowed(target) && isThere(targets, target)),
        );
      watched = found?.target ?? (await largest([...targets.values()].filter(allowed)));
      evidence = found?.evidence;
      last = undefined;
      return watched;
    },
    async during(what) {
      const counts = evidence === 'requests' || evidence === 'connections' ? evidence : undefined;
      if (!watched || !counts || targets.size < 2) return { value: await what(), hasReached: undefined };
      const before = await activityOf(watched);
      const value = await what();
      // A request on a connection that is open counts as such; a new connection alone is none.
      const after = await activityOf(watched);
      return { value, hasReached: before && after ? grownBy(counts, before, after) > 0 : undefined };
    },
    get evidence() {
      return evidence;
    },
  };
}

const isThere = (targets: ReadonlyMap<string, HeapTarget>, wanted: HeapTarget): boolean => [...targets.values()].includes(wanted);

const only = (all: Activities, allowed: (target: HeapTarget) => boolean): Activities => new Map([...all].filter(([target]) => allowed(target)));

export async function largest(targets: Iterable<HeapTarget>): Promise<HeapTarget | undefined> {
  let best: { target: HeapTarget; used: number } | undefined;
  for (const target of targets) {
    const usage = await heapUsage(target.inspector).catch(() => undefined);
    if (usage && (!best || usage.used > best.used)) best = { target, used: usage.used };
  }
  return best?.target;
}
