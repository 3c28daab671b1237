import { collectGarbage, forgetConsole, heapUsage } from '../../capture/attach/heap-snapshot';
import type { HeapTarget } from '../../capture/attach/heap-targets';
import { aborted } from '../../capture/launch/record-launch';
import type { OtherThread } from '../../shared/hunt';
import { labelOf } from '../heap/heap-choice';
import { type Activity, activityOf } from './hunt-activity';

/** The threads of a hunt of which no snapshots are taken: at each snapshot they are asked for the size of their heap alone. */
export interface OtherThreads {
  look(): Promise<void>;
  told(): readonly OtherThread[];
}

/** More are named, not asked: each question is a garbage collection. */
const MOST = 32;
/** A thread that is blocked answers late. */
const PATIENCE_MS = 5000;

interface Seen {
  readonly heapBytes: number[];
  first: Activity | undefined;
  last: Activity | undefined;
}

export function watchOthers(targets: ReadonlyMap<string, HeapTarget>, watched: HeapTarget): OtherThreads {
  const seen = new Map<HeapTarget, Seen>();
  let round = 0;
  const ask = async (target: HeapTarget): Promise<void> => {
    const one = seen.get(target) ?? { heapBytes: [], first: undefined, last: undefined };
    seen.set(target, one);
    if (seen.size > MOST) return;
    const activity = await activityOf(target);
    one.first ??= activity;
    one.last = activity;
    await forgetConsole(target.inspector);
    await collectGarbage(target.inspector);
    const { used } = await heapUsage(target.inspector);
    // One that came later has no size for each snapshot, and is but named.
    if (one.heapBytes.length === round - 1) one.heapBytes.push(used);
  };
  return {
    async look() {
      round++;
      const others = [...targets.values()].filter((target) => target !== watched);
      const asked = Promise.all(others.map((target) => ask(target).catch(() => {}))); // it has ended
      await Promise.race([asked, aborted(AbortSignal.timeout(PATIENCE_MS))]);
    },
    told: () =>
      [...seen].map(([target, { heapBytes, first, last }]) => ({
        ...labelOf(target),
        ...(heapBytes.length === 3 ? { heapBytes: heapBytes as unknown as readonly [number, number, number] } : {}),
        served: Math.max(0, (last?.requests ?? 0) - (first?.requests ?? 0)),
      })),
  };
}
