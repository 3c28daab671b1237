import fs from 'node:fs/promises';
import path from 'node:path';
import { statRegularFile } from '../../files/open-regular';
import type { ExportIssue } from '../../shared/issue';
import { err, type Result } from '../../shared/result';
import type { StoredView } from '../../source/stored-view';
import type { DoctorReport } from '../doctor/doctor';
import type { DoctorFileIssue } from '../doctor/read-doctor';
import type { ExportContext } from '../export/export-formats';
import type { ExportTarget } from '../export/export-profile';
import type { OpenedProfile } from '../profile/opened-profile';
import type { PlainTables } from '../profile/plain-tables';
import { type ThreadGroup, threadGroup } from '../profile/thread-group';
import type { StoredHunt } from '../recordings/hunts';
import { firstProfileOf } from '../recordings/recorded-threads';
import type { RecordingInfo } from '../recordings/recording-info';
import { readInfo, type StoredRecording } from '../recordings/recordings';
import { infoFile } from '../recordings/sidecar';
import { threadJobs } from '../support/thread-jobs';

/** An opened profile as it goes to another thread. */
export interface SentProfile {
  /** Without the sources that are known of it: no export has them. */
  readonly profile: Omit<OpenedProfile, 'tables' | 'sources'>;
  readonly tables: PlainTables;
  readonly view: StoredView;
  readonly roots: readonly string[];
}

/** What the server asks about files that others may have written: a thread reads them, so that none holds up other answers. */
export interface RequestThread {
  group(file: string): Promise<ThreadGroup | undefined>;
  recordings(folder: string, roots: readonly string[]): Promise<readonly StoredRecording[]>;
  hunts(folder: string, roots: readonly string[]): Promise<readonly StoredHunt[]>;
  rename(file: string, title: string): Promise<boolean>;
  doctor(file: string): Promise<Result<DoctorReport, DoctorFileIssue>>;
  /** What is known of a recording, without its sources. */
  info(file: string): Promise<RecordingInfo | undefined>;
  /** Rejects where the thread fails. */
  exportProfile(sent: SentProfile, format: string, target: ExportTarget, context: ExportContext): Promise<Result<number, ExportIssue>>;
  /** Gives the path of the file. Rejects where it cannot be written. */
  speedscope(sent: SentProfile, folder: string): Promise<string>;
  dispose(): void;
}

/** At once: an export takes its time, and lists are asked for meanwhile. */
const THREADS = 3;
/** Bytes of what stands beside a recording that are read in less time than a thread is asked. */
const SMALL = 128 << 10;

/** `workerFile` is the bundle of `request-worker.ts`. */
export function requestThread(workerFile: string): RequestThread {
  const jobs = threadJobs(workerFile, THREADS);
  const ask = <T>(name: string, given: readonly unknown[], signal?: AbortSignal): Promise<T> => jobs.run(name, given, signal) as Promise<T>;
  /** What ends the thread is nothing that is known. */
  const askOr = <T>(otherwise: T, name: string, ...given: readonly unknown[]): Promise<T> => ask<T>(name, given).catch(() => otherwise);
  return {
    group: async (file) => ((await hasLittleBeside(file)) ? threadGroup(file) : askOr(undefined, 'group', file)),
    info: async (file) => ((await hasLittleBeside(file)) ? readInfo(file) : askOr(undefined, 'info', file)),
    hunts: (folder, roots) => askOr([], 'hunts', folder, roots),
    recordings: (folder, roots) => askOr([], 'recordings', folder, roots),
    rename: (file, title) => askOr(false, 'rename', file, title),
    doctor: (file) => askOr(err({ kind: 'damaged', expected: 'less' }), 'doctor', file),
    async exportProfile(sent, format, { signal, ...target }, context) {
      const wasThere = await isThere(target.out);
      try {
        return await ask('export', [sent, format, target, context], signal);
      } catch (error) {
        // A thread that was ended has removed nothing.
        if (!wasThere) await fs.rm(target.out, { force: true }).catch(() => {}); // the error is told either way
        if (!signal?.aborted) throw error;
        return err({ kind: 'cancelled' });
      }
    },
    speedscope: (sent, folder) => ask('speedscope', [sent, folder]),
    dispose: jobs.dispose,
  };
}

const isThere = (file: string): Promise<boolean> =>
  fs.lstat(file).then(
    () => true,
    () => false,
  );

/** Whether what stands beside a profile, and beside the recording that it may be a thread of, is small or not there. */
async function hasLittleBeside(file: string): Promise<boolean> {
  const files = [file, firstProfileOf(file)].flatMap((one) => (one === undefined ? [] : infoFile(one)));
  const looked = await Promise.all(files.map((one) => statRegularFile(one, { within: [path.dirname(one)] })));
  return looked.every((one) => !one.ok || one.value.stat.size <= SMALL);
}
