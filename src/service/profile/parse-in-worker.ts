import { Worker } from 'node:worker_threads';
import type { BuiltProfile } from '../../core/profile/build/build-tables';
import type { ProfileIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { workerLimits } from '../support/worker-limits';
import { tablesFrom } from './plain-tables';
import type { FileContent, ProfileWorkerMessage } from './profile-worker';
import type { ReadOptions } from './read-profile';

export interface ParsedProfile extends BuiltProfile {
  /** The tables as a webview gets them. */
  readonly slab: ArrayBuffer;
  readonly file: FileContent;
}

/** Parses in a thread of its own: cancelling ends the thread, a crash or too little memory in it is an issue. */
export function parseInWorker(
  workerFile: string,
  file: string,
  { signal, onProgress, select }: ReadOptions,
  resourceLimits = workerLimits(),
): Promise<Result<ParsedProfile, ProfileIssue>> {
  if (signal?.aborted) return Promise.resolve(err({ kind: 'cancelled' }));
  return new Promise((resolve) => {
    const worker = new Worker(workerFile, { workerData: { file, select }, resourceLimits });
    const finish = (result: Result<ParsedProfile, ProfileIssue>): void => {
      signal?.removeEventListener('abort', cancel);
      resolve(result);
      void worker.terminate();
    };
    const cancel = (): void => finish(err({ kind: 'cancelled' }));
    signal?.addEventListener('abort', cancel, { once: true });
    worker.on('message', (message: ProfileWorkerMessage) => {
      if (message.kind === 'progress') onProgress?.(message.read, message.size);
      else if (message.kind === 'failed') finish(err(message.issue));
      else {
        const { tables, warnings, slab, file } = message;
        finish(ok({ tables: tablesFrom(tables), warnings, slab, file }));
      }
    });
    worker.on('error', (error) => finish(err({ kind: 'crashed', detail: error.message })));
    worker.on('exit', (code) => finish(err({ kind: 'crashed', detail: `the thread ended with code ${code}` })));
  });
}
