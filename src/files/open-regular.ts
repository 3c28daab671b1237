/**
 * The one door to files whose path did not come from the user's own hand: a profile, a source map, a
 * script, a sidecar or a repository named it. Only a regular file comes through: a pipe would be waited
 * for, a device never ends, and merely to open one may do something. The path is looked at without
 * opening, then its real path is opened without following and without waiting, and what is open is
 * compared with what was looked at.
 */
import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import type { FileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { linkWalk } from './link-walk';
import { isInside, mayTouch } from './local-path';
import { asJudged, changed, checkStat, type FileStat, issueOf, openFlags, walksLinks } from './regular-stat';

export interface OpenRegularOptions {
  /** The real path of the file lies in the real path of one of these folders; anywhere without it. */
  readonly within?: readonly string[] | undefined;
  /** Folders that the user has opened: what is in them may be touched on another host too. */
  readonly own?: readonly string[] | undefined;
  /** The user named this very file, so it may be on another host. */
  readonly isChosen?: boolean | undefined;
}

export interface RegularFile {
  readonly handle: fs.FileHandle;
  /** What the file system says; 0 for what it makes up while it is read. */
  readonly size: number;
  readonly stat: FileStat;
}

/** What a path is, without opening it. */
export async function statRegularFile(file: string, options: OpenRegularOptions = {}): Promise<Result<LookedAt, FileIssue>> {
  const looked = await look(file, options);
  const issue = looked.ok ? checkStat(looked.value.stat) : undefined;
  return issue ? err(issue) : looked;
}

/** What stands in a folder; its links are not followed. */
export async function readFolder(folder: string, options: OpenRegularOptions = {}): Promise<Result<readonly Dirent[], FileIssue>> {
  const looked = await look(folder, options);
  if (!looked.ok) return looked;
  try {
    return ok(await fs.readdir(looked.value.real, { withFileTypes: true }));
  } catch (error) {
    return err(issueOf(error, false));
  }
}

interface LookedAt {
  readonly real: string;
  readonly stat: FileStat;
}

async function look(given: string, { within, own, isChosen }: OpenRegularOptions): Promise<Result<LookedAt, FileIssue>> {
  const isMine = (at: string): boolean => isChosen === true || mayTouch(at, [...(within ?? []), ...(own ?? [])]);
  if (!isMine(given)) return err({ kind: 'not-local' });
  const file = asJudged(given, isChosen);
  try {
    if (!isChosen && walksLinks && !(await followsTo(file, isMine))) return err({ kind: 'not-local' });
    const real = await fs.realpath(file);
    if (within) {
      const folders = await Promise.all(within.map((folder) => fs.realpath(folder).catch(() => undefined)));
      const isWithin = folders.some((folder) => folder !== undefined && isInside(folder, real));
      if (!isWithin) return err({ kind: 'outside', isLink: within.some((folder) => isInside(folder, file)) });
    }
    return ok({ real, stat: await fs.lstat(real, { bigint: true }) });
  } catch (error) {
    const isLink = await fs.lstat(file).then(
      (stat) => stat.isSymbolicLink(),
      () => false,
    );
    return err(issueOf(error, isLink));
  }
}

/** Opens a regular file for reading; whoever gets it closes the handle. */
export async function openRegularFile(file: string, options: OpenRegularOptions = {}): Promise<Result<RegularFile, FileIssue>> {
  const looked = await statRegularFile(file, options);
  if (!looked.ok) return looked;
  let handle: fs.FileHandle | undefined;
  try {
    handle = await fs.open(looked.value.real, openFlags);
    const stat = await handle.stat({ bigint: true });
    // Another file may have taken its place since.
    const issue = checkStat(stat) ?? (stat.ino === looked.value.stat.ino && stat.dev === looked.value.stat.dev ? undefined : changed);
    if (issue) {
      await handle.close();
      return err(issue);
    }
    return ok({ handle, size: Number(stat.size), stat });
  } catch (error) {
    await handle?.close();
    return err(issueOf(error, false));
  }
}

/** Whether links lead a path to another machine, told without a touch of that; `own` are folders that the user has opened. */
export const leadsElsewhere = async (file: string, own: readonly string[] = []): Promise<boolean> =>
  !(await followsTo(asJudged(file), (at) => mayTouch(at, own)));

async function followsTo(file: string, isMine: (file: string) => boolean): Promise<boolean> {
  const walk = linkWalk(file, isMine);
  let step = walk.next();
  while (!step.done) step = walk.next(await fs.readlink(step.value).catch(() => undefined));
  return step.value;
}
