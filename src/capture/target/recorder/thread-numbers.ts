import workers, { isMainThread, Worker } from 'node:worker_threads';
import { Slot } from './shared-state';

/** As it was before a program could replace it. */
const { load } = Atomics;

/** The number that a thread has without the agent, from the one that Node.js gave it. */
export const shownNumber = (real: number, agent: number): number => (agent > 0 && real > agent ? real - 1 : real);

/** The number that Node.js gave a thread, from the one that it has without the agent. */
const realNumber = (shown: number, agent: number): number => (agent > 0 && shown >= agent ? shown + 1 : shown);

interface Threads {
  threadId: number;
  /** Node.js 22.5 and later. */
  postMessageToThread?: (threadId: number, ...rest: unknown[]) => unknown;
}

/**
 * The agent is a thread, so those that the program makes after it are counted one higher. Here each gets
 * the number that it has without Plateau, for the program and for everything that is recorded;
 * the agent and Node.js alone know the others. Before any other code of the thread. Gives what has to hear
 * of each event of the process that the program begins to listen to.
 */
export function numberThreads(state: Int32Array): (event: string | symbol) => void {
  const agent = (): number => load(state, Slot.AgentThread);
  const threads = workers as unknown as Threads;
  const { prototype } = Worker;
  const inherited = Object.getOwnPropertyDescriptor(prototype, 'threadId');
  const numberOf = inherited?.get;
  if (!numberOf) return () => {};
  const hasMessages = threads.postMessageToThread !== undefined;
  const named = {
    get threadId(): number {
      const real = Reflect.apply(numberOf, this, []) as number;
      return hasMessages && real > 0 && isForNode() ? real : shownNumber(real, agent());
    },
  };
  Object.defineProperty(prototype, 'threadId', { ...inherited, get: Object.getOwnPropertyDescriptor(named, 'threadId')?.get });
  if (!isMainThread) threads.threadId = shownNumber(threads.threadId, agent());
  return hasMessages ? numberMessages(threads as Required<Threads>, agent) : () => {};
}

/** Whether Node.js itself asks a worker for its number: it keeps the ports for messages by the numbers that it gave. */
function isForNode(): boolean {
  const errors = Error as { stackTraceLimit: number; prepareStackTrace?: unknown };
  if (Object.isFrozen(errors)) return false;
  const { stackTraceLimit, prepareStackTrace } = errors;
  try {
    errors.stackTraceLimit = 3;
    errors.prepareStackTrace = undefined;
    return new Error().stack?.split('\n').at(3)?.includes('node:internal/worker') ?? false;
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
    errors.prepareStackTrace = prepareStackTrace;
  }
}

/** Messages from thread to thread name the one that gets them, and the one that sent them. */
function numberMessages(threads: Required<Threads>, agent: () => number): (event: string | symbol) => void {
  threads.postMessageToThread = new Proxy(threads.postMessageToThread, {
    apply: (post, self, [to, ...rest]: [number, ...unknown[]]) => Reflect.apply(post, self, [typeof to === 'number' ? realNumber(to, agent()) : to, ...rest]),
  });
  // Above `process` it changes nothing of what a program finds in it; but it stands in stack traces, so nobody gets it who hears of no messages.
  const above = Object.getPrototypeOf(process) as { emit: (...args: unknown[]) => boolean };
  let isNumbered = false;
  const { emit } = above;
  const named = {
    emit(this: unknown, ...args: unknown[]): boolean {
      if (args[0] === 'workerMessage' && typeof args[2] === 'number') args[2] = shownNumber(args[2], agent());
      return Reflect.apply(emit, this, args);
    },
  };
  return (event) => {
    if (event !== 'workerMessage' || isNumbered) return;
    isNumbered = true;
    Object.defineProperty(above, 'emit', { value: named.emit, writable: true, configurable: true, enumerable: false });
  };
}
