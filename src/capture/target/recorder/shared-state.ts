/**
 * Numbers that the threads of one process share. The main thread waits on them in steps
 * of milliseconds: V8's inspector reaches a thread that executes JavaScript, so what the
 * agent asks of it meanwhile is done.
 */
import { now } from './originals';

export const Slot = {
  /** 0 until the agent is connected to the recorder, then 1; 2 once it has left. */
  Agent: 0,
  /** 1 once the recorder lets the program begin. */
  Go: 1,
  /** Worker threads that are being recorded. */
  Workers: 2,
  /** Counts the times that the agent has ended the profiles of all workers. */
  Flushed: 3,
  /** 1 once the recorder lets the program end. */
  Release: 4,
  /** Counts the agent's seconds. */
  Beat: 5,
  /** 1 while the main thread is blocked until a child process ends. */
  Blocked: 6,
  /** 1 once something is at work that makes scripts. */
  Loaders: 7,
  /** From here on: listeners of the program for each signal, by its number. */
  Signals: 8,
} as const;

/** Numbers that a worker of a heap recording shares with the agent: each is 1 once the recorder lets it begin, and end. */
export const Gate = { Go: 0, Release: 1 } as const;

export const sharedState = (): Int32Array => new Int32Array(new SharedArrayBuffer((Slot.Signals + 65) * 4));

/** Waits in the thread until a number is not `from` any more; at most so long, and while `isWorth`. */
export function waitWhile(state: Int32Array, slot: number, from: number, milliseconds: number, isWorth: () => boolean = () => true): boolean {
  const end = now() + milliseconds;
  while (Atomics.load(state, slot) === from) {
    if (now() > end || !isWorth()) return false;
    Atomics.wait(state, slot, from, 2);
  }
  return true;
}
