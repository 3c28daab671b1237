import { Worker } from 'node:worker_threads';
import type { HeapAnswer, HeapOverview, HeapQueries, HeapQueryName } from '../../shared/heap-query';
import type { HeapIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { stampOf } from '../profile/slab-cache';
import { workerLimits } from '../support/worker-limits';
import type { FromHeapWorker, ToHeapWorker } from './heap-worker';

/**
 * Opened heap snapshots, each in a thread of its own: a crash or too little memory
 * in one is an issue, not a dead process. A thread that nobody has asked anything
 * for a while is ended; the next question opens the snapshot again by itself.
 */
export interface HeapHost {
  /** Aborting ends the thread, unless others wait for it too. */
  open(file: string, options?: HeapOptions): Promise<Result<HeapOverview, HeapIssue>>;
  query<K extends HeapQueryName>(file: string, name: K, query: HeapQueries[K][0], options?: HeapOptions): Promise<Result<HeapAnswer<K>, HeapIssue>>;
  /** Nobody looks at the snapshot any more. */
  close(file: string): void;
  /** Snapshots that are held in memory right now. */
  readonly awake: readonly string[];
  dispose(): void;
}

export interface HeapOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doing: HeapDoing, share: number | undefined) => void) | undefined;
}

/** What a thread is busy with; the wording is the shells'. */
export type HeapDoing = { readonly kind: 'reading' | 'analysing'; readonly file: string };

export interface HeapHostSettings {
  /** A thread is ended after so long without a question, milliseconds. */
  readonly idleMs?: number;
  /** So many are held at a time; the one that was asked longest ago goes first. */
  readonly maxAwake?: number;
}

interface Waiting {
  resolve(result: Result<unknown, HeapIssue>): void;
  readonly onProgress: HeapOptions['onProgress'];
}

interface Thread {
  readonly worker: Worker;
  /** Token of the question that was given up last; read while the thread is too busy for messages. */
  readonly stop: Int32Array;
  readonly stamp: string;
  readonly opened: Promise<Result<HeapOverview, HeapIssue>>;
  readonly openers: Set<NonNullable<HeapOptions['onProgress']>>;
  readonly waiting: Map<number, Waiting>;
  /** Those who wait for it to be opened. */
  watchers: number;
  isOpen: boolean;
  lastUse: number;
  idle: NodeJS.Timeout | undefined;
}

const IDLE_MS = 10 * 60_000;
const MAX_AWAKE = 4;

export function heapHost(workerFile: string, { idleMs = IDLE_MS, maxAwake = MAX_AWAKE }: HeapHostSettings = {}): HeapHost {
  const threads = new Map<string, Thread>();
  let lastToken = 0;

  function start(file: string, stamp: string): Thread {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(workerFile, { workerData: { file, stop }, resourceLimits: workerLimits() });
    const openers: Thread['openers'] = new Set();
    const waiting: Thread['waiting'] = new Map();
    const opened = new Promise<Result<HeapOverview, HeapIssue>>((resolve) => {
      const fail = (issue: HeapIssue): void => {
        if (threads.get(file) === thread) forget(file, thread);
        resolve(err(issue));
        for (const { resolve: settle } of waiting.values()) settle(err(issue));
        waiting.clear();
      };
      worker.on('message', (message: FromHeapWorker) => {
        switch (message.kind) {
          case 'progress':
            for (const tell of openers) tell(message.doing, message.share);
            for (const { onProgress } of waiting.values()) onProgress?.(message.doing, message.share);
            return;
          case 'opened':
            thread.isOpen = true;
            return resolve(ok(message.overview));
          case 'failed':
            fail(message.issue);
            return void worker.terminate();
          case 'answer':
          case 'refused': {
            const one = waiting.get(message.token);
            waiting.delete(message.token);
            return one?.resolve(message.kind === 'answer' ? ok(message.answer) : err(message.issue));
          }
        }
      });
      worker.on('error', (error: Error & { code?: string }) =>
        fail({ kind: 'crashed', detail: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory ran out' : error.message }),
      );
      worker.on('exit', (code) => fail(code === 0 || code === 1 ? { kind: 'cancelled' } : { kind: 'crashed', detail: `the thread ended with code ${code}` }));
    });
    const thread: Thread = { worker, stop, stamp, opened, openers, waiting, watchers: 0, isOpen: false, lastUse: performance.now(), idle: undefined };
    return thread;
  }

  function forget(file: string, thread: Thread): void {
    clearTimeout(thread.idle);
    if (threads.get(file) === thread) threads.delete(file);
  }

  function end(file: string, thread: Thread): void {
    forget(file, thread);
    void thread.worker.terminate();
  }

  function use(file: string, thread: Thread): void {
    thread.lastUse = performance.now();
    clearTimeout(thread.idle);
    thread.idle = setTimeout(() => {
      if (thread.waiting.size === 0 && thread.watchers === 0) end(file, thread);
      else use(file, thread);
    }, idleMs);
    thread.idle.unref();
  }

  function makeRoom(): void {
    const idle = [...threads].filter(([, { waiting, watchers }]) => waiting.size === 0 && watchers === 0).sort(([, a], [, b]) => a.lastUse - b.lastUse);
    for (const [file, thread] of idle) {
      if (threads.size < maxAwake) return;
      end(file, thread);
    }
  }

  /** The file's thread, opened; a new one where there is none. */
  async function threadOf(
    file: string,
    { signal, onProgress }: HeapOptions,
    isFresh: boolean,
  ): Promise<Result<{ thread: Thread; overview: HeapOverview }, HeapIssue>> {
    if (signal?.aborted) return err({ kind: 'cancelled' });
    let thread = threads.get(file);
    if (!thread || isFresh) {
      const stamp = await stampOf(file);
      thread = threads.get(file);
      if (thread && isFresh && thread.stamp !== stamp) {
        end(file, thread);
        thread = undefined;
      }
      if (!thread) {
        makeRoom();
        thread = start(file, stamp);
        threads.set(file, thread);
      }
    }
    const found = thread;
    use(file, found);
    found.watchers++;
    if (onProgress) found.openers.add(onProgress);
    const result = await raceWith(signal, found.opened);
    found.watchers--;
    if (onProgress) found.openers.delete(onProgress);
    if (result === undefined) {
      if (found.watchers === 0 && !found.isOpen) end(file, found);
      return err({ kind: 'cancelled' });
    }
    return result.ok ? ok({ thread: found, overview: result.value }) : result;
  }

  return {
    async open(file, options = {}) {
      const found = await threadOf(file, options, true);
      return found.ok ? ok(found.value.overview) : found;
    },
    async query(file, name, query, options = {}) {
      const found = await threadOf(file, options, false);
      if (!found.ok) return found;
      const { worker, waiting, stop } = found.value.thread;
      const token = ++lastToken;
      const answer = new Promise<Result<unknown, HeapIssue>>((resolve) => waiting.set(token, { resolve, onProgress: options.onProgress }));
      worker.postMessage({ token, name, query } satisfies ToHeapWorker);
      const result = await raceWith(options.signal, answer);
      if (result === undefined) {
        waiting.delete(token);
        Atomics.store(stop, 0, token);
        return err({ kind: 'cancelled' });
      }
      return result as Result<never, HeapIssue>;
    },
    close(file) {
      const thread = threads.get(file);
      if (thread) end(file, thread);
    },
    get awake() {
      return [...threads.keys()];
    },
    dispose() {
      for (const [file, thread] of threads) end(file, thread);
    },
  };
}

/** Undefined once the signal says so. */
async function raceWith<T>(signal: AbortSignal | undefined, result: Promise<T>): Promise<T | undefined> {
  if (!signal) return result;
  if (signal.aborted) return undefined;
  let leave = (): void => {};
  const left = new Promise<undefined>((resolve) => {
    leave = () => resolve(undefined);
    signal.addEventListener('abort', leave, { once: true });
  });
  return Promise.race([result, left]).finally(() => signal.removeEventListener('abort', leave));
}
