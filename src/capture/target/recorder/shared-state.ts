/**
 * Numbers that the threads of one process share. The main thread waits on them in steps
 * of milliseconds: V8's inspector reaches a thread that executes JavaScript, so what the
 * agent asks of it meanwhile is done.
 */

/** As they were before a program could replace them. */
const { load, wait } = Atomics;

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
  /** 1 while the agent is connected to the main thread's inspector. */
  Connected: 8,
  /** 1 once the main thread is at its very end: nobody is to connect any more. */
  Ending: 9,
  /** Always 0: who waits for its own end waits for it. */
  Never: 10,
  /** Counts the parts that the main thread has written, and is odd while it writes one. */
  Written: 11,
  /** When it wrote the last, in milliseconds of `Date.now()` modulo `CLOCK_MS`. */
  WrittenAt: 12,
  /** The number that Node.js gave the agent; 0 where there is none. */
  AgentThread: 13,
  /** From here on: listeners of the program for each signal, by its number. */
  Signals: 16,
  /** From here on, by number: signals that a listener has heard which then left. */
  Heard: 16 + 65,
  /** From here on, by number: how often the program began to listen. */
  Epochs: 16 + 130,
  /** From here on: how far each worker thread is (`Recorded`), by its number; numbers share the places that there are. */
  Threads: 16 + 195,
  /** From here on: the number of the thread that started each worker thread. */
  Parents: 16 + 195 + 256,
} as const;

/** How far a worker thread is: `Asked` while the agent has asked it to end its profile, `Ending` while it does. */
export const Recorded = { Not: 0, Running: 1, Asked: 2, Ending: 3 } as const;

/** Twelve days, which fit into a slot. */
export const CLOCK_MS = 2 ** 30;

const THREADS = 256;

/** Numbers that a worker of a heap recording shares with the agent: each is 1 once the recorder lets it begin, and end. */
export const Gate = { Go: 0, Release: 1 } as const;

/** Where a worker thread says whether it is being recorded. */
export const slotOfThread = (threadId: number): number => Slot.Threads + (threadId % THREADS);

/** Where it is said who started a worker thread. */
export const slotOfParent = (threadId: number): number => Slot.Parents + (threadId % THREADS);

export const sharedState = (): Int32Array => new Int32Array(new SharedArrayBuffer((Slot.Parents + THREADS) * 4));

/** Waits in the thread until a number is not `from` any more; at most so long, and while `isWorth`. */
export function waitWhile(state: Int32Array, slot: number, from: number, milliseconds: number, isWorth: () => boolean = () => true): boolean {
  const end = performance.now() + milliseconds;
  while (load(state, slot) === from) {
    if (performance.now() > end || !isWorth()) return false;
    wait(state, slot, from, 2);
  }
  return true;
}
