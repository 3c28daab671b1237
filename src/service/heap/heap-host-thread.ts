import { Worker } from 'node:worker_threads';
import type { HeapAnswer, HeapOverview, HeapQueries, HeapQueryName } from '../../shared/heap-query';
import type { HeapIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { workerLimits } from '../support/worker-limits';
import type { FromHeapWorker, HeapDoing, ToHeapWorker } from './heap-messages';

export interface HeapOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doing: HeapDoing, share: number | undefined) => void) | undefined;
}

/** The thread that holds one snapshot. */
export interface HeapThread {
  /** Waits until the snapshot is open; `cancelled` once the signal says so, though the thread goes on. */
  opened(options: HeapOptions): Promise<Result<HeapOverview, HeapIssue>>;
  ask<K extends HeapQueryName>(name: K, query: HeapQueries[K][0], options: HeapOptions): Promise<Result<HeapAnswer<K>, HeapIssue>>;
  /** Whether somebody waits for an answer, or for the snapshot to be open. */
  readonly isBusy: boolean;
  /** Whether it is being opened, and nobody waits for that any more. */
  readonly isGivenUp: boolean;
  end(): void;
}

interface Waiting {
  resolve(result: Result<HeapAnswer<HeapQueryName>, HeapIssue>): void;
  readonly onProgress: HeapOptions['onProgress'];
}

interface Listening {
  readonly worker: Worker;
  readonly openers: Set<NonNullable<HeapOptions['onProgress']>>;
  readonly waiting: Map<number, Waiting>;
}

/** Starts a thread that opens a snapshot. `onFailed` is called when it has failed or ended, before those who wait hear of it. */
export function startHeapThread(workerFile: string, file: string, onFailed: () => void): HeapThread {
  /** Token of the question that was given up last; read while the thread is too busy for messages. */
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(workerFile, { workerData: { file, stop }, resourceLimits: workerLimits() });
  const listening: Listening = { worker, openers: new Set(), waiting: new Map() };
  const { openers, waiting } = listening;
  let isOpen = false;
  let watchers = 0;
  let lastToken = 0;
  const opened = listen(listening, onFailed).then((result) => {
    isOpen = result.ok;
    return result;
  });
  return {
    async opened({ signal, onProgress }) {
      watchers++;
      if (onProgress) openers.add(onProgress);
      const result = await raceWith(signal, opened);
      watchers--;
      if (onProgress) openers.delete(onProgress);
      return result ?? err({ kind: 'cancelled' });
    },
    async ask<K extends HeapQueryName>(name: K, query: HeapQueries[K][0], { signal, onProgress }: HeapOptions) {
      const token = ++lastToken;
      const answer = new Promise<Result<HeapAnswer<HeapQueryName>, HeapIssue>>((resolve) => waiting.set(token, { resolve, onProgress }));
      worker.postMessage({ token, question: { name, query } } satisfies ToHeapWorker<K>);
      const result = await raceWith(signal, answer);
      if (result !== undefined) return result as Result<HeapAnswer<K>, HeapIssue>;
      waiting.delete(token);
      Atomics.store(stop, 0, token);
      return err({ kind: 'cancelled' });
    },
    get isBusy() {
      return waiting.size > 0 || watchers > 0;
    },
    get isGivenUp() {
      return watchers === 0 && !isOpen;
    },
    end: () => void worker.terminate(),
  };
}

/** Hands what a thread says to those who wait for it; gives how its opening went. */
function listen({ worker, openers, waiting }: Listening, onFailed: () => void): Promise<Result<HeapOverview, HeapIssue>> {
  return new Promise((resolve) => {
    const fail = (issue: HeapIssue): void => {
      onFailed();
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
