import path from 'node:path';
import { mergeProfiles } from '../../core/formats/merge-profiles';
import type { BuiltProfile } from '../../core/profile/build/build-tables';
import { distinctNames, type ThreadSummary } from '../../core/profile/views/threads';
import { statRegularFile } from '../../files/open-regular';
import type { ProfileIssue, ProfileWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import type { RecordedThread } from '../recordings/recording-info';
import { readGroupInfo } from '../recordings/recordings';
import { type ProfileChoice, type ReadProfile, rowsOf, wantedText } from './import-profile';
import type { ReadOptions } from './read-profile';
import { streamCpuProfile } from './stream-cpuprofile';

/** The threads of a recording, each with a profile of its own. */
export interface ThreadGroup {
  readonly threads: readonly RecordedThread[];
  /** Paths of their profiles. */
  readonly files: readonly string[];
  /** The thread that the file which was asked for is of. */
  readonly at: number;
}

/** The group that a profile is of; undefined where it stands alone. */
export async function threadGroup(file: string): Promise<ThreadGroup | undefined> {
  const found = await readGroupInfo(file);
  if (!found) return undefined;
  const { threads, names } = found;
  const files = names.map((name) => path.join(path.dirname(file), name));
  return { threads, files, at: Math.max(0, names.indexOf(path.basename(file))) };
}

/** What there is to choose from in a group; nothing but whether the files are there is looked at. */
export async function groupChoices({ threads, files }: ThreadGroup): Promise<ProfileChoice[]> {
  const names = namesOf(threads);
  const isThere = await Promise.all(files.map(async (file) => (await statRegularFile(file, { within: [path.dirname(file)] })).ok));
  return threads.map((one, at) => ({
    name: names[at] as string,
    unit: 'microseconds',
    samples: one.samples,
    thread: threadSummary(one),
    file: files[at] as string,
    ...(isThere[at] ? {} : { isMissing: true }),
  }));
}

export const threadSummary = ({ name, pid, threadId, startTime, endTime, active, waiting, samples }: Omit<RecordedThread, 'file'>): ThreadSummary => ({
  name,
  process: pid,
  thread: threadId,
  startTime,
  endTime,
  active,
  waiting,
  samples,
});

/** Summaries whose names tell the threads apart. */
export function threadSummaries(threads: readonly Omit<RecordedThread, 'file'>[]): ThreadSummary[] {
  const names = namesOf(threads);
  return threads.map((one, at) => ({ ...threadSummary(one), name: names[at] as string }));
}

const namesOf = (threads: readonly Omit<RecordedThread, 'file'>[]): string[] => distinctNames(threads.map(threadSummary));

/**
 * Reads one thread of a group, or several as one. A profile that cannot be read costs itself: of
 * several it is left out, and where none was asked for, the next one is read; both are told.
 */
export async function readGroup(group: ThreadGroup, options: ReadOptions): Promise<Result<ReadProfile, ProfileIssue>> {
  const profiles = await groupChoices(group);
  const names = profiles.map(({ name }) => name);
  const { select } = options;
  const rows = rowsOf(select, names, group.at);
  if (rows.length === 0 || rows.some((row) => profiles[row] === undefined)) return err({ kind: 'no-such-profile', wanted: wantedText(select), names });
  const base = { format: 'cpuprofile', profiles } as const;
  if (rows.length > 1) {
    const read = readSeveral(group, names, rows, options);
    if (!read.ok) return read;
    const { kept, built } = read.value;
    return ok({ ...built, ...base, selected: 'merge', ...(kept.length < profiles.length ? { together: kept } : {}) });
  }
  const [first] = rows as [number];
  const others = select === undefined ? profiles.map((_, row) => row).filter((row) => row !== first) : [];
  let issue: ProfileIssue | undefined;
  const lost: ProfileWarning[] = [];
  for (const row of [first, ...others]) {
    const read = streamCpuProfile(group.files[row] as string, options);
    if (read.ok) return ok({ tables: read.value.tables, warnings: [...lost, ...read.value.warnings], ...base, selected: row });
    issue ??= read.error;
    if (read.error.kind === 'cancelled') break;
    lost.push(lostThread(group, names, row, read.error));
  }
  return err(issue as ProfileIssue);
}

interface Several {
  readonly built: BuiltProfile;
  /** The rows that could be read. */
  readonly kept: readonly number[];
}

function readSeveral(group: ThreadGroup, names: readonly string[], rows: readonly number[], options: ReadOptions): Result<Several, ProfileIssue> {
  const read: BuiltProfile[] = [];
  const kept: number[] = [];
  const lost: ProfileWarning[] = [];
  let issue: ProfileIssue | undefined;
  for (const row of rows) {
    const one = streamCpuProfile(group.files[row] as string, { signal: options.signal });
    options.onProgress?.(kept.length + lost.length + 1, rows.length);
    if (one.ok) {
      read.push(one.value);
      kept.push(row);
    } else if (one.error.kind === 'cancelled') return one;
    else {
      issue ??= one.error;
      lost.push(lostThread(group, names, row, one.error));
    }
  }
  if (read.length === 0) return err(issue as ProfileIssue);
  const { tables, warnings } = mergeProfiles(
    read,
    kept.map((row) => names[row] as string),
  );
  return ok({ built: { tables, warnings: [...lost, ...warnings] }, kept });
}

const lostThread = ({ files }: ThreadGroup, names: readonly string[], row: number, issue: ProfileIssue): ProfileWarning => ({
  kind: 'lost-thread',
  name: names[row] as string,
  file: path.basename(files[row] as string),
  issue,
});
