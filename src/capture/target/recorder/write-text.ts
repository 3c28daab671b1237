import fs from 'node:fs';

/** As they were before a program could replace them. */
const { closeSync, openSync, renameSync, writeSync } = fs;

const PIECE = 1 << 20;

/** Writes a text of any length in pieces, under another name until it is whole. Throws the system's error. */
export function writeText(file: string, text: string): void {
  const handle = openSync(`${file}.part`, 'w', 0o600);
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
  renameSync(`${file}.part`, file);
}
