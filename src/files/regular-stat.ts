import fs, { type BigIntStats } from 'node:fs';
import path from 'node:path';
import type { FileIssue } from '../shared/issue';
import { mountsHosts } from './local-path';

export type FileStat = BigIntStats;

/** Neither waits for the other end of a pipe nor follows a link; Windows has neither flag, and its pipes are no paths that `isLocalPath` lets through. */
export const openFlags = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOFOLLOW ?? 0);

/** Where a path can be on another host by its name, a link can lead there. */
export const walksLinks = process.platform === 'win32' || mountsHosts();

/**
 * A path as it is judged by its text. The system takes `link/..` for the folder above of where the link leads to,
 * which may be that of other machines; only what the user typed is meant so.
 */
export const asJudged = (file: string, isChosen = false): string => (isChosen ? file : path.resolve(file));

/** What is open is not what was looked at. */
export const changed: FileIssue = { kind: 'unreadable', code: 'ESTALE' };

/** Undefined for a regular file. */
export function checkStat(stat: FileStat): FileIssue | undefined {
  if (stat.isFile()) return undefined;
  if (stat.isDirectory()) return { kind: 'not-regular', found: 'folder' };
  if (stat.isFIFO()) return { kind: 'not-regular', found: 'pipe' };
  if (stat.isSocket()) return { kind: 'not-regular', found: 'socket' };
  return { kind: 'not-regular', found: stat.isSymbolicLink() ? 'link' : 'device' };
}

/** An error of the file system as an issue; its message, which may hold anything, stays behind. */
export function issueOf(error: unknown, isLink: boolean): FileIssue {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return isLink ? { kind: 'not-regular', found: 'link' } : { kind: 'missing' };
  if (code === 'ELOOP') return { kind: 'not-regular', found: 'link' };
  if (code === 'EISDIR') return { kind: 'not-regular', found: 'folder' };
  // A bug of ours, unlike whatever a path may hold.
  if (code === '' || (code.startsWith('ERR_') && code !== 'ERR_INVALID_ARG_VALUE' && code !== 'ERR_FS_FILE_TOO_LARGE')) throw error;
  return { kind: 'unreadable', code };
}
