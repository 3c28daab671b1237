import fs from 'node:fs/promises';
import { readCpuProfile } from '../core/formats/cpuprofile';
import { isPlainCpuProfile } from '../core/formats/read-any';
import type { ProfileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { importProfile, onlyProfile, type ProfileSelection, type ReadProfile } from './import-profile';

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read and all bytes. */
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** Which profile of a file that holds several; its main one otherwise. */
  readonly select?: ProfileSelection | undefined;
}

/** One file is held in memory as bytes; the tables are smaller than it. */
const LIMIT = 2 ** 32;
const CHUNK = 8 << 20;

/** Reads and parses a profile of any format. Never throws for what a file may hold. */
export async function readProfileFile(file: string, options: ReadOptions = {}): Promise<Result<ReadProfile, ProfileIssue>> {
  const bytes = await readBytes(file, options);
  if (!bytes.ok) return bytes;
  if (isPlainCpuProfile(bytes.value.subarray(0, 4096))) return onlyProfile(readCpuProfile(bytes.value), options.select);
  return importProfile(bytes.value, options.select, options.signal);
}

async function readBytes(file: string, { signal, onProgress }: ReadOptions): Promise<Result<Uint8Array, ProfileIssue>> {
  let handle: fs.FileHandle | undefined;
  try {
    handle = await fs.open(file, 'r');
    const stat = await handle.stat();
    if (stat.isDirectory()) return err({ kind: 'unreadable', code: 'EISDIR', detail: 'it is a folder' });
    if (stat.size > LIMIT) return err({ kind: 'too-large', bytes: stat.size, limit: LIMIT });
    const bytes = new Uint8Array(stat.size);
    let at = 0;
    while (at < bytes.length) {
      if (signal?.aborted) return err({ kind: 'cancelled' });
      const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, bytes.length - at), at);
      if (bytesRead === 0) break; // it has become shorter since
      at += bytesRead;
      onProgress?.(at, bytes.length);
    }
    return ok(bytes.subarray(0, at));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return err({ kind: 'unreadable', code, detail: message });
  } finally {
    await handle?.close();
  }
}
