import { threadId as ownThread } from 'node:worker_threads';
import { CLOCK_MS, Recorded, Slot, slotOfParent, slotOfThread } from '../recorder/shared-state';
import { shownNumber } from '../recorder/thread-numbers';
import type { Part } from '../recorder/thread-recorder';
import { sleepWatch } from './asleep';
import type { Remote } from './remote';

/** The threads of the process, asked through their inspectors: also while they compute. */
export interface Threads {
  /** All threads end their profiles; settles when they have, or have not within the time. */
  endAll(milliseconds: number): Promise<void>;
  /** The same for a signal, which should not be late: settles sooner where the main thread cannot answer and little is lost. */
  endAllSoon(milliseconds: number): Promise<void>;
  endWorkers(milliseconds: number): Promise<void>;
  /** One ends its profile, and then itself. Before it those do that it has started, which end with it. */
  endWorker(threadId: number, milliseconds: number): Promise<void>;
  /** All threads write what they have, or only those for which that is cheap; gives the bytes a second of the busiest, and the longest time that one stood still for it. */
  checkpoint(isEarly: boolean): Promise<{ readonly rate: number; readonly cost: number }>;
  discard(): Promise<void>;
  /** Sends commands to a worker until `closed`, and hears what it says, as JSON text. Undefined where it is not there. */
  openWorker(threadId: number, onMessage: (text: string) => void, closed: Promise<void>): Promise<((message: string) => void) | undefined>;
}

interface Attached {
  readonly sessionId: string;
  readonly threadId: number;
}

/** How often, and how long each time, a worker that starts is waited for. */
const ATTACH_TRIES = 100;
const ATTACH_MS = 20;
/** How long a worker may take to answer: one that is blocked does not, and must not keep the others from their turn. */
const ANSWER_MS = 5000;
/** How often, and after how long each time, a worker that is to be ended and has not is told again. */
const STOP_TRIES = 10;
const STOP_MS = 20;
/** How often a thread may be unable to answer, one time after the other: V8 ends what runs at a time limit of `vm`, and on Node.js 20 it may answer no more after that. */
const MOST_FAILURES = 10;
/** How long the main thread may take to let go of the workers. */
const DETACH_MS = 500;

const handle = `globalThis[Symbol.for('plateau.recorder')]`;

export function threadsOf(main: Remote, state: Int32Array): Threads {
  const attached = new Map<string, Attached>();
  /** Several may ask a worker at a time. */
  const hearing = new Map<string, Set<(text: string) => void>>();
  const hear = (sessionId: string, listener: (text: string) => void): void => {
    hearing.set(sessionId, (hearing.get(sessionId) ?? new Set()).add(listener));
  };
  const pass = (sessionId: string, text: string): void => {
    for (const listener of [...(hearing.get(sessionId) ?? [])]) listener(text);
  };
  const answering = new Map<string, Promise<unknown>>();
  /** Sessions of workers that are to run nothing more, and would be ended in the midst of an answer. */
  const stopped = new Set<string>();
  let users = 0;
  let messages = 1e6; // those of the recorder, which comes to the same workers, are smaller
  let enabled: Promise<unknown> = Promise.resolve();
  main.on('NodeWorker.attachedToWorker', ({ sessionId, workerInfo }: { sessionId: string; workerInfo: { title: string } }) => {
    const real = Number(/worker (\d+)/i.exec(workerInfo.title)?.[1] ?? Number.NaN);
    if (real !== ownThread) attached.set(sessionId, { sessionId, threadId: shownNumber(real, ownThread) });
  });
  main.on('NodeWorker.detachedFromWorker', ({ sessionId }: { sessionId: string }) => {
    attached.delete(sessionId);
    answering.delete(sessionId);
    stopped.delete(sessionId);
    pass(sessionId, ''); // who waits for an answer is let go
    hearing.delete(sessionId);
  });
  main.on('NodeWorker.receivedMessageFromWorker', ({ sessionId, message }: { sessionId: string; message: string }) => pass(sessionId, message));

  /** Workers are attached to only while something is asked of them. */
  const withWorkers = <T>(use: (workers: readonly Attached[]) => Promise<T>): Promise<T> => main.during(() => attachedTo(use));
  /** The connection ends when the time is over, whoever has not answered. */
  const withWorkersFor = (milliseconds: number, use: (worker: Attached) => Promise<unknown>): Promise<void> =>
    main.during(() =>
      within(
        attachedTo((workers) => within(Promise.all(workers.map(use)), milliseconds)),
        milliseconds + DETACH_MS,
      ),
    );
  const attachedTo = async <T>(use: (workers: readonly Attached[]) => Promise<T>): Promise<T> => {
    if (users++ === 0) enabled = main.send('NodeWorker.enable', { waitForDebuggerOnStart: false });
    try {
      await enabled; // by whoever was first
      return await use([...attached.values()]);
    } finally {
      if (--users === 0) {
        await within(main.send('NodeWorker.disable'), DETACH_MS);
        attached.clear();
        answering.clear();
        stopped.clear();
        hearing.clear();
      }
    }
  };
  const tell = (sessionId: string, message: string): void => void main.send('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => {});
  /** One at a time: a thread must not be ended while it answers, which V8 takes for the end of the answer alone. */
  const evaluateIn = (one: Attached, expression: string): Promise<unknown> => {
    const answer = (answering.get(one.sessionId) ?? Promise.resolve()).then(() => evaluateNow(one, expression));
    answering.set(one.sessionId, answer);
    return answer;
  };
  /** True, too, where the worker is gone or about to be. */
  const evaluateNow = ({ sessionId }: Attached, expression: string): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++messages;
      if (!attached.has(sessionId) || stopped.has(sessionId)) return resolve(true);
      const listener = (text: string): void => {
        if (text === '') return resolve(true);
        const answer = JSON.parse(text) as { id?: number; result?: { result?: { value?: unknown } } };
        if (answer.id !== id) return;
        hearing.get(sessionId)?.delete(listener);
        resolve(answer.result?.result?.value);
      };
      hear(sessionId, listener);
      tell(sessionId, JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }));
    });
  const evaluateMain = async (expression: string): Promise<unknown> => {
    const answer = (await main.send('Runtime.evaluate', { expression, returnByValue: true })) as { result?: { value?: unknown } };
    return answer.result?.value;
  };
  /** False: the thread is in the midst of it, or of something that it cannot be taken from. */
  const untilDone = async (evaluate: (expression: string) => Promise<unknown>, end: number, what: 'end' | 'endThread' | 'discard' = 'end'): Promise<void> => {
    for (let failures = 0; failures < MOST_FAILURES && performance.now() < end; ) {
      const answer = await evaluate(`${handle} ? ${handle}.${what}() : true`);
      if (answer === true) return;
      failures = answer === undefined ? failures + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  };

  const endWorkers = (milliseconds: number): Promise<void> => {
    if (Atomics.load(state, Slot.Workers) <= 0) return Promise.resolve();
    const until = performance.now() + milliseconds;
    return within(
      withWorkersFor(milliseconds, (one) => untilDone((expression) => evaluateIn(one, expression), until)),
      milliseconds,
    );
  };
  /** One that has just started is told of a little later, while others are looked at. */
  const findWorker = async (threadId: number, isWorth: () => boolean): Promise<Attached | undefined> => {
    const find = (): Attached | undefined => [...attached.values()].find((worker) => worker.threadId === threadId);
    for (let tries = 0; !find() && tries < ATTACH_TRIES && isWorth(); tries++) await new Promise((wait) => setTimeout(wait, ATTACH_MS));
    return find();
  };
  const endWorker = async (wanted: number, milliseconds: number): Promise<void> => {
    const until = performance.now() + milliseconds;
    const end = async (): Promise<void> => {
      const one = await findWorker(wanted, () => Atomics.load(state, slotOfThread(wanted)) !== Recorded.Not && performance.now() < until);
      if (!one) return;
      const inner = [...attached.values()].filter(({ threadId }) => isBelow(state, threadId, wanted));
      await Promise.all(inner.map((each) => untilDone((expression) => evaluateIn(each, expression), until)));
      Atomics.compareExchange(state, slotOfThread(wanted), Recorded.Running, Recorded.Asked);
      await untilDone((expression) => evaluateIn(one, expression), until, 'endThread');
      stopped.add(one.sessionId);
      const stop = `${handle}?.stopWorker(${wanted})`;
      const parent = Atomics.load(state, slotOfParent(wanted));
      if (parent === 0) await evaluateMain(stop);
      else for (const each of [...attached.values()]) if (each.threadId === parent) await evaluateIn(each, stop);
      // Whatever it ran at that moment.
      for (let tries = 0; attached.has(one.sessionId) && tries < STOP_TRIES; tries++) {
        await new Promise((resolve) => setTimeout(resolve, STOP_MS));
        tell(one.sessionId, JSON.stringify({ id: ++messages, method: 'Runtime.terminateExecution' }));
      }
    };
    await main.during(() => within(attachedTo(end), milliseconds + DETACH_MS));
  };

  const endAll = async (milliseconds: number, isSignal: boolean): Promise<void> => {
    if (Atomics.load(state, Slot.Blocked) === 1) return;
    const until = performance.now() + milliseconds;
    await main.during(() => {
      let isReached = false;
      if (isSignal) void evaluateMain(`${handle}?.resetTerminals()`).catch(() => {});
      const ofMain = untilDone(evaluateMain, until).then(() => {
        isReached = true;
      });
      const all = Promise.all([ofMain, endWorkers(milliseconds)]);
      return within(isSignal ? Promise.race([all, beyondReach(state, () => isReached || performance.now() > until)]) : all, milliseconds);
    });
  };

  return {
    endAll: (milliseconds) => endAll(milliseconds, false),
    endAllSoon: (milliseconds) => endAll(milliseconds, true),
    endWorkers,
    endWorker,
    async checkpoint(isEarly) {
      const expression = `${handle} ? ${handle}.checkpoint(${isEarly}) : ''`;
      const answers = [await main.during(() => evaluateMain(expression))];
      if (Atomics.load(state, Slot.Workers) > 0) {
        await withWorkersFor(ANSWER_MS, async (one) => answers.push(await evaluateIn(one, expression)));
      }
      const parts = answers.map((answer) => (typeof answer === 'string' && answer !== '' ? (JSON.parse(answer) as Partial<Part>) : {}));
      return {
        rate: Math.max(0, ...parts.map(({ bytes = 0, milliseconds = 1 }) => (bytes * 1000) / Math.max(milliseconds, 1))),
        cost: Math.max(0, ...parts.map(({ cost = 0 }) => cost)),
      };
    },
    async discard() {
      const until = performance.now() + 1000;
      await main.during(() => within(untilDone(evaluateMain, until, 'discard'), 1000));
      if (Atomics.load(state, Slot.Workers) > 0)
        await withWorkersFor(1000, (one) => untilDone((expression) => evaluateIn(one, expression), performance.now() + 1000, 'discard'));
    },
    openWorker(threadId, onMessage, closed) {
      return new Promise((resolve) => {
        let isClosed = false;
        void closed.then(() => {
          isClosed = true;
        });
        void withWorkers(async () => {
          const one = await findWorker(threadId, () => !isClosed);
          if (!one) return resolve(undefined);
          hear(one.sessionId, onMessage);
          resolve((message) => tell(one.sessionId, message));
          await closed;
        });
      });
    },
  };
}

/** Whether a thread was started by another one, or by one that was. */
function isBelow(state: Int32Array, threadId: number, above: number): boolean {
  const seen = new Set<number>(); // numbers share places
  for (let at = Atomics.load(state, slotOfParent(threadId)); at > 0 && !seen.has(at); at = Atomics.load(state, slotOfParent(at))) {
    if (at === above) return true;
    seen.add(at);
  }
  return false;
}

const LOOK_MS = 60;
/** One that does not answer for so long is taken to be in native code. */
const NATIVE_MS = 300;
/** What may be lost then. */
const FRESH_MS = 5000;

/** Settles when the main thread is not to be waited for: it is blocked by the system, or computes in native code and has written a part not long ago. Never once `isOver`. */
async function beyondReach(state: Int32Array, isOver: () => boolean): Promise<void> {
  const isAsleep = sleepWatch();
  const from = performance.now();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (isOver()) return new Promise(() => {});
    const written = Atomics.load(state, Slot.Written);
    if (written & 1) continue;
    const isFresh = written > 0 && (Date.now() % CLOCK_MS) - Atomics.load(state, Slot.WrittenAt) < FRESH_MS;
    if (isAsleep() || (isFresh && performance.now() - from > NATIVE_MS)) return;
  }
}

/** Waits so long, and no longer; what fails is over too. */
async function within(what: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([what.catch(() => {}), late]);
  clearTimeout(timer);
}
