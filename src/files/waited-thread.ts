/**
 * Work that a thread has to wait for and must not wait for without end: another thread does it. Where that
 * is late it is given up, with whatever it hangs in, and the next work gets a new one.
 *
 *     who waits                            the other
 *                                <-------  post { id: 0 }, once it has started
 *     post { id, name, given }   ------->  jobs[name](...given)
 *     Atomics.wait on a flag     <-------  post { id, value }, then the flag is counted up
 *
 * A message is some 40 µs there and back, so this is for what may take longer.
 */
import { MessageChannel, type MessagePort, type ResourceLimits, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** What comes of it; `late` where it took too long, or its thread died of it. `ended` settles when that thread is gone. */
export type Waited<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'late'; readonly ended: Promise<void> };

export interface WaitedThread {
  /** Starts the thread, so that the first work does not wait for that. */
  start(): void;
  wait<T>(name: string, given: readonly unknown[], milliseconds: number): Waited<T>;
  end(): void;
}

/** What the thread is given as its data. */
export interface WaitedData {
  readonly port: MessagePort;
  readonly flag: Int32Array;
}

export interface WaitedJob {
  readonly id: number;
  readonly name: string;
  readonly given: readonly unknown[];
}

export interface WaitedAnswer {
  readonly id: number;
  readonly value: unknown;
}

/** How long a thread may take to start, on a busy machine. */
const START_MS = 5000;

export function waitedThread(workerFile: string, resourceLimits: ResourceLimits = {}): WaitedThread {
  let running: { readonly worker: Worker; readonly port: MessagePort; readonly flag: Int32Array; isNew: boolean } | undefined;
  let ids = 0;
  const start = (): NonNullable<typeof running> => {
    const { port1: port, port2 } = new MessageChannel();
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const data: WaitedData = { port: port2, flag };
    const worker = new Worker(workerFile, { workerData: data, transferList: [port2], resourceLimits });
    worker.on('error', () => {}); // whoever waits for it is told that it is late
    worker.once('exit', () => {
      if (running?.worker === worker) running = undefined;
    });
    worker.unref();
    running = { worker, port, flag, isNew: true };
    return running;
  };
  const giveUp = (): Promise<void> => {
    const { worker, port } = running as NonNullable<typeof running>;
    running = undefined;
    port.close();
    // It ends once what it hangs in lets it.
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    void worker.terminate();
    return ended;
  };
  return {
    start: () => void (running ?? start()),
    wait<T>(name: string, given: readonly unknown[], milliseconds: number): Waited<T> {
      const thread = running ?? start();
      // Its first message says that it is ready.
      if (thread.isNew && !answerOf(thread, 0, START_MS)) return { kind: 'late', ended: giveUp() };
      thread.isNew = false;
      const id = ++ids;
      thread.port.postMessage({ id, name, given } satisfies WaitedJob);
      const answer = answerOf(thread, id, milliseconds);
      return answer ? { kind: 'done', value: answer.value as T } : { kind: 'late', ended: giveUp() };
    },
    end: () => void (running && giveUp()),
  };
}

/** Waits for an answer, no longer than `milliseconds`. */
function answerOf({ port, flag }: { readonly port: MessagePort; readonly flag: Int32Array }, id: number, milliseconds: number): WaitedAnswer | undefined {
  for (const end = performance.now() + milliseconds; ; ) {
    // Before it is looked for: what comes in between counts the flag up, and is not waited for.
    const count = Atomics.load(flag, 0);
    const message = receiveMessageOnPort(port) as { readonly message: WaitedAnswer } | undefined;
    if (message?.message.id === id) return message.message;
    const left = end - performance.now();
    if (message) continue;
    if (left <= 0) return undefined;
    Atomics.wait(flag, 0, count, left);
  }
}

let own: WaitedThread | undefined;

/** From now on this thread, which has others to answer, lets another do what may never end. */
export function useWaitedThread(thread: WaitedThread): void {
  own = thread;
}

/** That thread; undefined where this one has nobody else to answer. */
export const ownWaitedThread = (): WaitedThread | undefined => own;
