import { Worker } from 'node:worker_threads';
import type { ProfileIssue, ProfileWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { type StoredView, storedView } from '../../source/stored-view';
import { unpackSources } from '../recordings/packed-sources';
import { workerLimits } from '../support/worker-limits';
import type { OpenAnswer, OpenJob } from './open-worker';
import type { OpenedProfile } from './opened-profile';
import { tableBuffers, tablesFrom } from './plain-tables';

/** An opened profile, with what is kept of it for the next opening. */
export interface OpenedFile {
  readonly profile: OpenedProfile;
  /** What its sources answer from. */
  readonly view: StoredView;
  readonly slab: ArrayBuffer;
  /** Of the slab in a storage folder. */
  readonly name: string;
  readonly fileWarnings: readonly ProfileWarning[];
}

/** Opens profiles in threads: none that is made to take long holds up who asks. */
export interface ProfileOpener {
  /** Starts a thread, so that the first opening does not wait for that. */
  start(): void;
  /** Cancelling ends the thread. Undefined where what was to be there from an earlier opening is not. */
  open(job: OpenJob, signal?: AbortSignal): Promise<Result<OpenedFile | undefined, ProfileIssue>>;
  dispose(): void;
}

/** `workerFile` and `helper` are the bundles of `open-worker.ts` and `helper-worker.ts`. */
export function profileOpener(workerFile: string, helper: string): ProfileOpener {
  /** The one that waits for the next job: it knows the workspace already. */
  let idle: Worker | undefined;
  const started = (): Worker => {
    const worker = new Worker(workerFile, { workerData: { helper }, resourceLimits: workerLimits() });
    worker.on('error', () => {}); // it exits, and whoever waits is told
    worker.once('exit', () => {
      if (idle === worker) idle = undefined;
    });
    return worker;
  };
  return {
    start() {
      idle ??= started();
      idle.unref();
    },
    open(job, signal) {
      if (signal?.aborted) return Promise.resolve(err({ kind: 'cancelled' }));
      return new Promise((resolve) => {
        const worker = idle ?? started();
        idle = undefined;
        const finish = (result: Result<OpenedFile | undefined, ProfileIssue>, isWell: boolean): void => {
          signal?.removeEventListener('abort', cancel);
          worker.off('message', answered);
          worker.off('error', failed);
          worker.off('exit', ended);
          worker.unref(); // an idle one is no reason for the process to go on
          if (isWell && !idle) idle = worker;
          else void worker.terminate();
          resolve(result);
        };
        const cancel = (): void => finish(err({ kind: 'cancelled' }), false);
        const answered = (answer: OpenAnswer | undefined): void => finish(ok(answer && openedFrom(answer, job.roots)), true);
        const failed = (error: Error): void => finish(err({ kind: 'crashed', detail: error.message }), false);
        const ended = (code: number): void => finish(err({ kind: 'crashed', detail: `the thread ended with code ${code}` }), false);
        signal?.addEventListener('abort', cancel, { once: true });
        worker.ref();
        worker.on('message', answered);
        worker.on('error', failed);
        worker.on('exit', ended);
        const { source } = job;
        worker.postMessage(job, source.kind === 'read' ? [source.slab, ...tableBuffers(source.tables)] : []);
      });
    },
    dispose() {
      void idle?.terminate();
      idle = undefined;
    },
  };
}

function openedFrom({ profile, packed, tables: plain, view, slab, name, fileWarnings }: OpenAnswer, roots: readonly string[]): OpenedFile {
  const tables = tablesFrom(plain);
  const sources = storedView(view, roots, (func) => tables.strings.at(tables.functions.url[func] as number));
  const info = profile.info && { ...profile.info, sources: unpackSources(packed) };
  return { profile: { ...profile, info, tables, sources }, view, slab, name, fileWarnings };
}
