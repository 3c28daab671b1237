import { Worker } from 'node:worker_threads';
import type { WaitedAnswer, WaitedJob } from '../../files/waited-thread';
import type { SourceFunction } from '../../source/parse/parse-functions';
import type { FileOutline } from '../../source/parse/test-blocks';
import { workerLimits } from './worker-limits';

/**
 * Parses texts in threads of its own, so that one whose parsing takes long, or is made to take for ever,
 * holds nobody else up.
 */
export interface SourceParser {
  /** Undefined for a text that cannot be parsed; `late` where it takes too long. */
  functions(text: string, file: string): Promise<readonly SourceFunction[] | 'late' | undefined>;
  /** The tests of a text, and what running it does; undefined as above. */
  outline(text: string, file: string): Promise<FileOutline | 'late' | undefined>;
  /** Whether a comment begins at an offset; true where that cannot be told by parsing, `late` where it takes too long. */
  isComment(text: string, file: string, at: number): Promise<boolean | 'late'>;
  dispose(): void;
}

interface Job extends WaitedJob {
  readonly resolve: (value: unknown) => void;
}

/** A person waits no longer for what stands beside code. */
const LIMIT_MS = 5000;
/** So many texts at once. */
const MOST_THREADS = 2;

/** `workerFile` is the bundle of `helper-worker.ts`. */
export function sourceParser(workerFile: string, limitMs = LIMIT_MS): SourceParser {
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  let running = 0;
  let ids = 0;
  const started = (): Worker => {
    const worker = new Worker(workerFile, { resourceLimits: workerLimits() });
    worker.on('error', () => {}); // it exits
    return worker;
  };
  const run = ({ resolve, ...job }: Job): void => {
    running++;
    const worker = idle.pop() ?? started();
    const onMessage = ({ value }: WaitedAnswer): void => finish(value, true);
    // What was too large for its memory ends it.
    const onEnd = (): void => finish('late', false);
    const finish = (value: unknown, isWell: boolean): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onEnd);
      worker.unref(); // an idle one is no reason for the process to go on
      running--;
      if (isWell && idle.length === 0) idle.push(worker);
      else void worker.terminate();
      resolve(value);
      next();
    };
    const timer = setTimeout(onEnd, limitMs);
    worker.ref();
    worker.on('message', onMessage);
    worker.on('exit', onEnd);
    worker.postMessage(job satisfies WaitedJob);
  };
  const next = (): void => {
    while (running < MOST_THREADS) {
      const job = waiting.shift();
      if (!job) return;
      run(job);
    }
  };
  const ask = <T>(name: string, text: string, file: string, ...rest: readonly unknown[]): Promise<T> =>
    new Promise((resolve) => {
      // Of what is typed meanwhile only the last is worth the work.
      const before = waiting.findIndex((job) => job.name === name && job.given[1] === file);
      if (before >= 0) waiting.splice(before, 1)[0]?.resolve('late');
      const given = [text, file, ...rest];
      waiting.push({ id: ++ids, name, given, resolve: resolve as (value: unknown) => void });
      next();
    });
  return {
    functions: (text, file) => ask('functions', text, file),
    outline: (text, file) => ask('fileOutline', text, file),
    isComment: (text, file, at) => ask('isComment', text, file, at),
    dispose() {
      for (const worker of idle.splice(0)) void worker.terminate();
    },
  };
}
