/**
 * `terminate` of a worker that is being recorded. Without Plateau the worker runs nothing any more when it
 * returns: so the thread that calls it waits until the agent has had the worker's profile taken, and ends
 * the worker at that very moment. The agent says so through this thread's inspector, also where it computes.
 */
import { Recorded, slotOfThread, waitWhile } from './shared-state';

/** As they were before a program could replace them. */
const { load, store } = Atomics;

/** How long the agent may take to ask it: some milliseconds, but on a busy machine. */
const ASK_MS = 500;
/** How long the worker may take to hear of it. One in native code does not, and runs nothing before it has. */
const HEAR_MS = 100;
/** The same where another one did not, a moment ago: pools end all of their workers at once. */
const SHORT_HEAR_MS = 15;
const MOMENT_MS = 1000;
const BUSY_TIMES = 3;
/** How long it may take to write its profile. */
const TAKE_MS = 2000;
/** Between looks, where the thread does not wait. */
const LOOK_MS = 10;

export interface WorkerEndings {
  /** Undefined when the worker is stopped; what settles when it is, or late, where it does not hear of it. */
  untilTaken(threadId: number, stop: () => void, ask: () => void): Promise<void> | undefined;
  /** The profile of the worker is taken. */
  taken(threadId: number): void;
}

export function workerEndings(state: Int32Array): WorkerEndings {
  const stops = new Map<number, () => void>();
  let hurriesUntil = 0;
  return {
    untilTaken(id, stop, ask) {
      const slot = slotOfThread(id);
      const from = performance.now();
      stops.set(id, stop);
      ask();
      waitWhile(state, slot, Recorded.Running, ASK_MS);
      // A machine on which asking takes long is busy, and hearing takes long, too.
      const patience = Math.max(from < hurriesUntil ? SHORT_HEAR_MS : HEAR_MS, (performance.now() - from) * BUSY_TIMES);
      if (!waitWhile(state, slot, Recorded.Asked, patience)) hurriesUntil = performance.now() + MOMENT_MS;
      waitWhile(state, slot, Recorded.Ending, TAKE_MS);
      if (load(state, slot) === Recorded.Not) return void stops.delete(id);
      return new Promise((resolve) => {
        const look = (): void => {
          if (load(state, slot) !== Recorded.Not && performance.now() - from < TAKE_MS) return void setTimeout(look, LOOK_MS);
          stops.delete(id);
          resolve();
        };
        look();
      });
    },
    taken(id) {
      stops.get(id)?.();
      store(state, slotOfThread(id), Recorded.Not);
    },
  };
}
