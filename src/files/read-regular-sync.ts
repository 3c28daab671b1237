/**
 * The same door for a worker thread or a command line, which have nobody else to answer. The server's
 * own thread comes through here for its own disks; for other file systems another thread goes (`elsewhere.ts`).
 */
import fs from 'node:fs';
import type { FileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { isSilent, PATIENCE_MS } from './answering';
import { askElsewhere } from './elsewhere';
import { linkWalk } from './link-walk';
import { isLink, linkTarget } from './links-sync';
import { isInside, mayTouch } from './local-path';
import type { OpenRegularOptions } from './open-regular';
import { textOf } from './read-regular';
import { asJudged, changed, checkStat, type FileStat, issueOf, openFlags, walksLinks } from './regular-stat';

export interface RegularDescriptor {
  readonly descriptor: number;
  readonly size: number;
}

/** What a file is; of another thread's answer its methods do not come along. */
export type PlainStat = Pick<FileStat, 'size' | 'mtimeNs' | 'ctimeNs' | 'ino' | 'dev'>;

const tooSlow: FileIssue = { kind: 'too-slow', milliseconds: PATIENCE_MS };

/** What a path is, without opening it. */
export function statRegularFileSync(file: string, options: OpenRegularOptions = {}): Result<{ readonly real: string; readonly stat: PlainStat }, FileIssue> {
  if (!isMine(file, options)) return err({ kind: 'not-local' });
  return askedFor<{ readonly real: string; readonly stat: PlainStat }>(file, 'stat', options) ?? look(file, options);
}

const isMine = (file: string, { within, own, isChosen }: OpenRegularOptions): boolean =>
  isChosen === true || mayTouch(file, [...(within ?? []), ...(own ?? [])]);

/** What another thread says of a file; undefined where this one may look itself. */
function askedFor<T>(file: string, job: string, options: object): Result<T, FileIssue> | undefined {
  const asked = askElsewhere<Result<T, FileIssue>>(file, job, [file, options]);
  return asked === 'late' ? err(tooSlow) : asked?.value;
}

function look(given: string, options: OpenRegularOptions): Result<{ readonly real: string; readonly stat: FileStat }, FileIssue> {
  const { within, isChosen } = options;
  if (!isMine(given, options)) return err({ kind: 'not-local' });
  const file = asJudged(given, isChosen);
  if (isSilent(file)) return err(tooSlow);
  try {
    if (!isChosen && walksLinks && !followsTo(file, (at) => isMine(at, options))) return err({ kind: 'not-local' });
    const real = fs.realpathSync.native(file);
    if (within) {
      const folders = within.flatMap((folder) => realFolder(folder) ?? []);
      if (!folders.some((folder) => isInside(folder, real))) return err({ kind: 'outside', isLink: within.some((folder) => isInside(folder, file)) });
    }
    const stat = fs.lstatSync(real, { bigint: true });
    const issue = checkStat(stat);
    return issue ? err(issue) : ok({ real, stat });
  } catch (error) {
    return err(issueOf(error, isLink(file)));
  }
}

/** Whether a regular file is there that may be touched; links are followed. */
export function isRegularFileSync(given: string, own: readonly string[] = []): boolean {
  if (!isMine(given, { own })) return false;
  const file = asJudged(given);
  const asked = askElsewhere<boolean>(file, 'isFile', [file, own]);
  if (asked) return asked !== 'late' && asked.value;
  if (isSilent(file)) return false;
  try {
    return (!walksLinks || followsTo(file, (at) => isMine(at, { own }))) && fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // a name that no file can have, or a folder that is closed
  }
}

/** Opens a regular file for reading; whoever gets it closes the descriptor. Only for threads with nobody else to answer. */
export function openRegularFileSync(file: string, options: OpenRegularOptions = {}): Result<RegularDescriptor, FileIssue> {
  const looked = look(file, options);
  if (!looked.ok) return looked;
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(looked.value.real, openFlags);
    const stat = fs.fstatSync(descriptor, { bigint: true });
    const issue = checkStat(stat) ?? (stat.ino === looked.value.stat.ino && stat.dev === looked.value.stat.dev ? undefined : changed);
    if (!issue) return ok({ descriptor, size: Number(stat.size) });
    fs.closeSync(descriptor);
    return err(issue);
  } catch (error) {
    if (descriptor !== undefined) fs.closeSync(descriptor);
    return err(issueOf(error, false));
  }
}

/** The bytes of a regular file of at most `most` bytes. */
export function readRegularFileSync(file: string, options: OpenRegularOptions & { readonly most: number }): Result<Buffer, FileIssue> {
  const asked = askedFor<Uint8Array>(file, 'read', options);
  if (!asked?.ok) return asked ?? readHere(file, options);
  const { buffer, byteOffset, byteLength } = asked.value;
  return ok(Buffer.from(buffer, byteOffset, byteLength));
}

/** The last bytes of a regular file of at most `most` bytes, so many as `length` says; and how many it has in all. */
export function readRegularEndSync(
  file: string,
  options: OpenRegularOptions & { readonly most: number; readonly length: number },
): Result<{ readonly bytes: Uint8Array; readonly size: number }, FileIssue> {
  return askedFor<{ readonly bytes: Uint8Array; readonly size: number }>(file, 'end', options) ?? readEndHere(file, options);
}

function readEndHere(
  file: string,
  { most, length, ...options }: OpenRegularOptions & { readonly most: number; readonly length: number },
): Result<{ readonly bytes: Uint8Array; readonly size: number }, FileIssue> {
  const opened = openRegularFileSync(file, options);
  if (!opened.ok) return opened;
  const { descriptor, size } = opened.value;
  try {
    if (size > most) return err({ kind: 'too-large', bytes: size, limit: most });
    const bytes = Buffer.alloc(Math.min(size, length));
    let filled = 0;
    while (filled < bytes.length) {
      const count = fs.readSync(descriptor, bytes, filled, bytes.length - filled, size - bytes.length + filled);
      if (count === 0) break; // it has shrunk
      filled += count;
    }
    return ok({ bytes: bytes.subarray(0, filled), size });
  } catch (error) {
    return err(issueOf(error, false));
  } finally {
    fs.closeSync(descriptor);
  }
}

function readHere(file: string, options: OpenRegularOptions & { readonly most: number }): Result<Buffer, FileIssue> {
  const { most } = options;
  const opened = openRegularFileSync(file, options);
  if (!opened.ok) return opened;
  const { descriptor, size } = opened.value;
  try {
    if (size > most) return err({ kind: 'too-large', bytes: size, limit: most });
    let bytes = Buffer.allocUnsafe(size + 1);
    let at = 0;
    for (;;) {
      const count = fs.readSync(descriptor, bytes, at, bytes.length - at, null);
      if (count === 0) return ok(bytes.subarray(0, at));
      at += count;
      if (at > most) return err({ kind: 'too-large', bytes: at, limit: most });
      if (at === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(Math.min(most + 1 - at, at + 4096))]);
    }
  } catch (error) {
    return err(issueOf(error, false));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The text of a regular file in UTF-8, without a byte order mark. */
export function readRegularTextSync(file: string, options: OpenRegularOptions & { readonly most: number }): Result<string, FileIssue> {
  const read = readRegularFileSync(file, options);
  return read.ok ? ok(textOf(read.value)) : read;
}

function realFolder(folder: string): string | undefined {
  try {
    return fs.realpathSync.native(folder);
  } catch {
    return undefined; // not there: nothing lies in it
  }
}

function followsTo(file: string, isMine: (file: string) => boolean): boolean {
  const walk = linkWalk(file, isMine);
  let step = walk.next();
  while (!step.done) step = walk.next(linkTarget(step.value));
  return step.value;
}
