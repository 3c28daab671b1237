import path from 'node:path';
import { fitting } from '../../shared/schemas/read-json';
import type { RecordedThread, RecordingInfo } from './recording-info';
import { threadSchema } from './recording-schema';

/**
 * The files of a recording with several threads. `NAME.plateau.json` lists them:
 * `NAME.cpuprofile`, `NAME.t2.cpuprofile`, `NAME.t3.cpuprofile` and so on, all in one folder.
 */

const isProfile = /\.cpuprofile$/i;
const withoutEnd = (file: string): string => file.replace(isProfile, '');

/** For `NAME.t3.cpuprofile` the profile that its sidecar is named after; undefined for any other name. */
export function firstProfileOf(file: string): string | undefined {
  const [, base, end] = /^(.*[^/\\])\.t\d{1,6}(\.cpuprofile)$/is.exec(file) ?? [];
  return base === undefined ? undefined : `${base}${end}`;
}

/** More threads than a list can show; what stands after them is left out. */
const MOST = 10_000;

/** A recording's threads, with the names of their files. */
export interface RecordedFiles {
  readonly threads: readonly RecordedThread[];
  readonly names: readonly string[];
}

/**
 * What the sidecar of the profile `first` says of threads; undefined where it is of one alone.
 * Rows that do not fit are passed over, as are files that are not called like threads of this recording: who deletes it
 * deletes them all. Where profile and sidecar were renamed by hand, the names of the others count as renamed like them.
 */
export function recordedFiles(info: Pick<RecordingInfo, 'threads'> | undefined, first: string): RecordedFiles | undefined {
  const given: readonly unknown[] = Array.isArray(info?.threads) ? info.threads : [];
  const threads = given.flatMap((row) => fitting(row, threadSchema) ?? []).slice(0, MOST);
  const [front] = threads;
  if (!front || threads.length < 2) return undefined;
  const [was, is] = [withoutEnd(front.file), withoutEnd(path.basename(first))];
  const named = threads
    .map((thread) => ({ thread, name: was !== is && thread.file.startsWith(`${was}.`) ? is + thread.file.slice(was.length) : thread.file }))
    .filter(({ name }) => withoutEnd(name) === is || withoutEnd(firstProfileOf(name) ?? '') === is);
  const names = named.map(({ name }) => name);
  return names.length > 1 && new Set(names).size === names.length ? { threads: named.map(({ thread }) => thread), names } : undefined;
}
