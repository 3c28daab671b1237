import fs from 'node:fs/promises';
import { isPlainCpuProfile } from '../core/formats/read-any';
import type { ProfileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { withOriginalNames } from '../source/original-names';
import { importProfile, onlyProfile, type ProfileSelection, type ReadProfile } from './import-profile';
import { streamCpuProfile } from './stream-cpuprofile';
import { readGroup, threadGroup } from './thread-group';

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read and all bytes. */
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** Which profile of a file that holds several; its main one otherwise. */
  readonly select?: ProfileSelection | undefined;
}

const LIMIT = 2 ** 32;
const CHUNK = 8 << 20;

/** Reads and parses a profile of any format. Never throws for what a file may hold. */
export async function readProfileFile(file: string, options: ReadOptions = {}): Promise<Result<ReadProfile, ProfileIssue>> {
  const head = await readHead(file);
  const group = /\.cpuprofile$/i.test(file) ? await threadGroup(file) : undefined;
  if (group) return named(await readGroup(group, options));
  if (!head || isPlainCpuProfile(head)) return named(onlyProfile(streamCpuProfile(file, options), options.select));
  const bytes = await readBytes(file, options);
  return bytes.ok ? named(await importProfile(bytes.value, options.select, options.signal)) : bytes;
}

/** V8's names are those of what ran; a minified bundle's mean nothing to whoever wrote it. */
const named = (read: Result<ReadProfile, ProfileIssue>): Result<ReadProfile, ProfileIssue> =>
  read.ok && read.value.format === 'cpuprofile' ? ok({ ...read.value, tables: withOriginalNames(read.value.tables) }) : read;

/** The first bytes, by which a file is recognised; undefined where it cannot be read, which whoever reads it tells. */
async function readHead(file: string): Promise<Uint8Array | undefined> {
  let handle: fs.FileHandle | undefined;
  try {
    handle = await fs.open(file, 'r');
    const head = new Uint8Array(4096);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** The bytes of a whole file, for formats that cannot be read in pieces. */
export async function readBytes(file: string, { signal, onProgress }: ReadOptions): Promise<Result<Uint8Array, ProfileIssue>> {
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
