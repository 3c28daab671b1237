import fs from 'node:fs';
import path from 'node:path';
import { sessionFile } from '../../records/session-file';

/** As they were before a program could replace them. */
const { closeSync, constants, existsSync, fchownSync, lstatSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } = fs;
const { geteuid } = process;

const PIECE = 1 << 20;

/**
 * Writes a text of any length in pieces, under another name until it is whole. Makes the
 * folder anew where a program has removed it with all that is in the one for temporary
 * files. What root writes belongs to whoever the folder belongs to. Throws the system's error.
 */
export function writeText(file: string, text: string): void {
  const part = `${file}.part`;
  const handle = open(part);
  try {
    for (let at = 0; at < text.length; ) {
      let end = Math.min(at + PIECE, text.length);
      const last = text.charCodeAt(end - 1);
      if (end < text.length && last >= 0xd800 && last < 0xdc00) end++; // both halves of a character together
      const bytes = Buffer.from(text.slice(at, end), 'utf8');
      for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
      at = end;
    }
  } finally {
    closeSync(handle);
  }
  renameSync(part, file);
}

function open(file: string): number {
  try {
    return own(file, make(file));
  } catch (error) {
    // Where the hook is gone as well, the recording is over.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !existsSync(sessionFile(__dirname))) throw error;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    return own(file, make(file));
  }
}

/** A new file: nothing that somebody else has put there is written to, be it a link of either kind. */
function make(file: string): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  try {
    return openSync(file, flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    unlinkSync(file);
    return openSync(file, flags, 0o600);
  }
}

function own(file: string, handle: number): number {
  if (geteuid?.() !== 0) return handle;
  const { uid, gid } = lstatSync(path.dirname(file));
  if (uid !== 0) fchownSync(handle, uid, gid);
  return handle;
}
