import path from 'node:path';
import type { Thresholds } from '../core/findings/thresholds';
import { describeProfileIssue, profileList } from '../service/profile/describe-profile-issue';
import { describeWarning } from '../service/profile/describe-warning';
import type { ProfileSelection, ReadProfile } from '../service/profile/import-profile';
import { type OpenedProfile, openProfile } from '../service/profile/opened-profile';
import { readProfileFile } from '../service/profile/read-profile';
import { threadGroup, threadSummary } from '../service/profile/thread-group';
import type { RecordingInfo } from '../service/recordings/recording-info';
import { readInfo } from '../service/recordings/recordings';
import { describeSidecarIssue } from '../service/recordings/sidecar';
import { formatBytes } from '../shared/format';
import { fileLocator } from '../source/maps/locate';
import { clearProgress, note, progress } from './terminal';
import { shownNote, type Wanted } from './threads';

/** Opens a profile for a command; on failure the reason has been told and undefined is given. `tellsThreads`: what it prints names the threads. */
export async function loadProfile(
  file: string,
  thresholds: Thresholds,
  wanted: Wanted = { select: undefined, find: undefined },
  tellsThreads = false,
): Promise<OpenedProfile | undefined> {
  const read = await readChosen(file, wanted, tellsThreads);
  if (!read) return undefined;
  const info = await infoBeside(file);
  const profile = openProfile(file, read, { thresholds, locator: fileLocator([process.cwd()]), info, content: read });
  for (const warning of profile.warnings) note(`plateau: ${file}: warning: ${describeWarning(warning)}`);
  return profile;
}

/** What is known of a recording besides its profile. */
export const infoBeside = (file: string): Promise<RecordingInfo | undefined> =>
  readInfo(path.resolve(file), (issue) => note(`plateau: ${file}: warning: ${describeSidecarIssue(issue)} How it was recorded is not known.`));

/** Reads the profile of a file that was asked for, and nothing else; on failure the reason has been told. */
export async function readChosen(file: string, wanted: Wanted, tellsThreads = false): Promise<ReadProfile | undefined> {
  const found = await selectionOf(file, wanted);
  if ('problem' in found) {
    note(`plateau: ${file}: ${found.problem}`);
    return undefined;
  }
  const { select } = found;
  const built = await readProfileFile(file, { select, onProgress });
  clearProgress();
  if (!built.ok) {
    note(`plateau: ${file}: ${describeProfileIssue(built.error)}`);
    return undefined;
  }
  const { profiles, selected } = built.value;
  if (profiles.length > 1 && select === undefined) {
    const shown = profiles.some(({ file: own }) => own !== undefined) ? shownNote(built.value) : undefined;
    if (shown !== undefined) {
      if (!tellsThreads) note(`plateau: ${file}: ${shown}.`);
    } else
      note(
        `plateau: ${file}: this is profile ${Number(selected) + 1} of ${profiles.length}; --profile N, NAME or merge takes another: ${profileList(profiles.map(({ name }) => name))}`,
      );
  }
  return built.value;
}

const onProgress = (read: number, size: number): void => {
  if (size > 20e6) progress(`Reading ${formatBytes(read)} of ${formatBytes(size)}`);
};

/** What of the file is to be read. Threads are found by what stands beside a recording; other tools' files have to be read for it. */
async function selectionOf(
  file: string,
  { select, find, isAll }: Wanted,
): Promise<{ readonly select: ProfileSelection | undefined } | { readonly problem: string }> {
  if (!find) return { select };
  const group = await threadGroup(file);
  let threads = group?.threads.map(threadSummary);
  if (!threads) {
    const read = await readProfileFile(file, { onProgress });
    clearProgress();
    if (!read.ok) return { problem: describeProfileIssue(read.error) };
    threads = read.value.profiles.flatMap(({ thread }) => thread ?? []);
    if (threads.length < 2) return isAll ? { select: undefined } : { problem: noThreads(read.value.profiles.map(({ name }) => name)) };
  }
  const found = find(threads);
  if ('problem' in found) return found;
  if (found.remark !== undefined) note(`plateau: ${file}: ${found.remark}`);
  const [only] = found.rows;
  return { select: found.rows.length === 1 ? only : found.rows.length === threads.length ? 'merge' : { together: found.rows } };
}

const noThreads = (names: readonly string[]): string =>
  names.length > 1
    ? `There are no threads in it, but profiles that --profile takes: ${profileList(names)}.`
    : 'There is one thread in it. Leave --thread and --process out.';
