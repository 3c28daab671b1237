import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import { err, ok, type Result } from '../../shared/result';
import { type WriteFailure, writeFailure } from '../support/describe-write';

/** A file to be written: a text, or a copy of another file. What the user named may be a link, which stays one; a link in the place of any other is replaced. */
export type NewFile = { readonly file: string; readonly isChosen?: boolean } & ({ readonly text: string } | { readonly from: string });

/**
 * Writes files whole or not at all: under other names first, so that a full disk leaves no part
 * of one, and what was to be overwritten stays. The last one gets its name last. They are this user's alone. Rejects with the system's error.
 * Nobody knows the other names before: a link that a repository has there would be written through.
 */
export async function writeWhole(files: readonly NewFile[]): Promise<void> {
  const written: { readonly part: string; readonly file: string }[] = [];
  try {
    for (const one of files) {
      const { file, isChosen = false } = one;
      const target = isChosen ? await fs.realpath(file).catch(() => file) : file;
      const part = `${target}.part-${randomUUID().slice(0, 13)}`;
      written.push({ part, file: target });
      if ('text' in one) await fs.writeFile(part, one.text, { flag: 'wx', mode: 0o600 });
      else await fs.copyFile(one.from, part, constants.COPYFILE_EXCL);
      await fs.chmod(part, 0o600); // a copy has the mode of its source
    }
    for (const { part, file } of written) await fs.rename(part, file);
  } catch (error) {
    await Promise.all(written.map(({ part }) => fs.rm(part, { force: true }).catch(() => {}))); // what failed is told
    throw error;
  }
}

/** Why a recording is not where it was to be; `what` is the subject of a sentence. */
export interface Misplaced extends WriteFailure {
  readonly what: string;
}

export interface Kept<T> {
  readonly value: T;
  readonly misplaced: Misplaced | undefined;
}

export interface Keeping<T> {
  readonly what: string;
  /** Writes all or nothing. Rejects with the system's error. */
  keep(): Promise<T>;
  /** The same in a folder that is there. */
  keepIn(folder: string): Promise<T>;
}

/** Keeps what a long run has made: where its place cannot take it, among the temporary files, in a folder that only this user reads. */
export async function keepAnywhere<T>({ what, keep, keepIn }: Keeping<T>): Promise<Result<Kept<T>, CaptureIssue>> {
  try {
    return ok({ value: await keep(), misplaced: undefined });
  } catch (error) {
    const misplaced = { what, ...writeFailure(error) };
    const spare = os.tmpdir();
    let folder: string | undefined;
    try {
      folder = await fs.mkdtemp(path.join(spare, 'plateau-recording-'));
      return ok({ value: await keepIn(folder), misplaced });
    } catch {
      if (folder !== undefined) await fs.rm(folder, { recursive: true, force: true }).catch(() => {}); // it is empty
      return err({ kind: 'unkept', ...misplaced, spare });
    }
  }
}
