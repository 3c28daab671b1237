import { Worker } from 'node:worker_threads';
import { workerLimits } from './worker-limits';

/** What is asked of a thread: a job by its name, with what it is given. */
export interface ThreadJob {
  readonly name: string;
  readonly given: readonly unknown[];
}

export type ThreadAnswer = { readonly value: unknown } | { readonly error: string };

/** Jobs that threads do, one each at a time, so that none that is made to take long holds up who asks. */
export interface ThreadJobs {
  /** Rejects where the thread fails or runs out of memory. Cancelling tells it, and ends it soon after; the promise rejects then too. */
  run(name: string, given: readonly unknown[], signal?: AbortSignal): Promise<unknown>;
  dispose(): void;
}

/** How long a thread that was told to stop may take for it: it removes what it has begun. */
const STOP_MS = 1000;

/** `workerFile` answers each `ThreadJob` with a `ThreadAnswer`; 'stop' is sent to end one. At most `most` at once. */
export function threadJobs(workerFile: string, most: number): ThreadJobs {
  const waiting: (() => void)[] = [];
  let idle: Worker | undefined;
  let running = 0;
  const started = (): Worker => {
    const worker = new Worker(workerFile, { resourceLimits: workerLimits() });
    worker.on('error', () => {}); // it exits, and whoever waits is told
    worker.once('exit', () => {
      if (idle === worker) idle = undefined;
    });
    return worker;
  };
  const free = (): Promise<void> => {
    if (running < most) return Promise.resolve();
    return new Promise((resolve) => waiting.push(resolve));
  };
  const ask = (job: ThreadJob, signal: AbortSignal | undefined): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const worker = idle ?? started();
      idle = undefined;
      let timer: NodeJS.Timeout | undefined;
      const finish = (isWell: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        worker.off('message', answered);
        worker.off('error', failed);
        worker.off('exit', ended);
        worker.unref(); // an idle one is no reason for the process to go on
        if (isWell && !idle) idle = worker;
        else void worker.terminate();
      };
      const answered = (answer: ThreadAnswer): void => {
        finish(!signal?.aborted);
        if ('value' in answer) resolve(answer.value);
        else reject(new Error(answer.error));
      };
      const failed = (error: Error): void => {
        finish(false);
        reject(error);
      };
      const ended = (code: number): void => failed(new Error(`the thread ended with code ${code}`));
      const stop = (): void => {
        worker.postMessage('stop');
        timer = setTimeout(() => failed(new Error('cancelled')), STOP_MS);
      };
      worker.ref();
      worker.on('message', answered);
      worker.on('error', failed);
      worker.on('exit', ended);
      signal?.addEventListener('abort', stop, { once: true });
      worker.postMessage(job);
    });
  return {
    async run(name, given, signal) {
      await free();
      if (signal?.aborted) {
        waiting.shift()?.();
        throw new Error('cancelled');
      }
      running++;
      return ask({ name, given }, signal).finally(() => {
        running--;
        waiting.shift()?.();
      });
    },
    dispose() {
      void idle?.terminate();
      idle = undefined;
    },
  };
}
