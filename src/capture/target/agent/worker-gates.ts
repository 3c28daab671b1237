import type { FromAgent } from '../../records/session-protocol';
import { Gate } from '../recorder/shared-state';

/** The workers of a heap recording, each of which waits at its start and at its end for the recorder. */
export interface WorkerGates {
  started(threadId: number, name: string | undefined, gate: Int32Array): void;
  ended(threadId: number): void;
  /** Somebody ends a worker from outside: settles when the recorder has what it wants of it. */
  beforeEnd(threadId: number): Promise<void>;
  go(threadId: number): void;
  release(threadId: number): void;
  /** The recorder is gone: nobody waits any more. */
  openAll(): void;
}

export function workerGates(tell: (message: FromAgent) => void): WorkerGates {
  const gates = new Map<number, Int32Array>();
  const waiting = new Map<number, (() => void)[]>();
  const open = (threadId: number, at: number): void => {
    const gate = gates.get(threadId);
    if (!gate) return;
    Atomics.store(gate, at, 1);
    Atomics.notify(gate, at);
  };
  const release = (threadId: number): void => {
    open(threadId, Gate.Release);
    for (const settle of waiting.get(threadId) ?? []) settle();
    waiting.delete(threadId);
    gates.delete(threadId);
  };
  return {
    started(threadId, name, gate) {
      gates.set(threadId, gate);
      tell({ kind: 'thread', threadId, name });
    },
    ended: (threadId) => tell({ kind: 'thread-ended', threadId }),
    beforeEnd(threadId) {
      if (!gates.has(threadId)) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.set(threadId, [...(waiting.get(threadId) ?? []), resolve]);
        tell({ kind: 'thread-ended', threadId });
      });
    },
    go: (threadId) => open(threadId, Gate.Go),
    release,
    openAll() {
      for (const threadId of [...gates.keys()]) {
        open(threadId, Gate.Go);
        release(threadId);
      }
    },
  };
}
