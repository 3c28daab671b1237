import { Worker } from 'node:worker_threads';
import type { BuiltProfile } from '../core/profile/build-tables';
import { decodeSlab } from '../core/profile/slab';
import type { ProfileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import type { FileContent, ProfileWorkerMessage } from './profile-worker';
import type { ReadOptions } from './read-profile';

export interface ParsedProfile extends BuiltProfile {
  /** The bytes that `tables` are views of. */
  readonly slab: ArrayBuffer;
  readonly file: FileContent;
}

/** Parses in a thread of its own: cancelling ends the thread, a crash or too little memory in it is an issue. */
export function parseInWorker(workerFile: string, file: string, { signal, onProgress, select }: ReadOptions): Promise<Result<ParsedProfile, ProfileIssue>> {
  if (signal?.aborted) return Promise.resolve(err({ kind: 'cancelled' }));
  return new Promise((resolve) => {
    const worker = new Worker(workerFile, { workerData: { file, select } });
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
        const tables = decodeSlab(message.slab);
        finish(tables.ok ? ok({ tables: tables.value, warnings: message.warnings, slab: message.slab, file: message.file }) : tables);
      }
    });
    worker.on('error', (error) => finish(err({ kind: 'crashed', detail: error.message })));
    worker.on('exit', (code) => finish(err({ kind: 'crashed', detail: `the thread ended with code ${code}` })));
  });
}
