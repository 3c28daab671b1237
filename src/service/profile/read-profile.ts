import type { FileHandle } from 'node:fs/promises';
import { HEAD, isPlainCpuProfile, mayBeProfile, readAnyProfile } from '../../core/formats/read/read-any';
import { TooMany } from '../../core/profile/limits';
import { openRegularFile } from '../../files/open-regular';
import type { ProfileIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { asWritten } from '../../source/as-written';
import { decompress, methodOf } from '../support/decompress';
import { unreadable } from '../support/file-issue';
import { availableMemory } from '../support/heap-memory';
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
/** Packed bytes that tell whether a profile comes out: smaller files are unpacked at once. */
const PROBE = 1 << 20;

/** Reads and parses a profile of any format. Never throws for what a file may hold. What begins like none is not read further. */
export async function readProfileFile(file: string, options: ReadOptions = {}): Promise<Result<ReadProfile, ProfileIssue>> {
  const opened = await openRegularFile(file, { isChosen: true });
  const group = /\.cpuprofile$/i.test(file) ? await threadGroup(file) : undefined;
  if (!opened.ok) return group ? named(await readGroup(group, options)) : err(unreadable(opened.error));
  const { handle, size } = opened.value;
  try {
    if (group) return named(await readGroup(group, options));
    const head = await readPart(handle, Math.min(HEAD, size || HEAD));
    if (isPlainCpuProfile(head)) return named(onlyProfile(streamCpuProfile(file, options), options.select));
    if (size > LIMIT) return err({ kind: 'too-large', bytes: size, limit: LIMIT });
    if (size > HEAD && !methodOf(head) && !mayBeProfile(head)) return await importProfile(head, options.select, options.signal);
    if (size > PROBE && methodOf(head)) {
      const probe = await refusedPacked(await readPart(handle, PROBE), options.signal);
      if (probe) return probe;
    }
    const bytes = await readBytes(handle, size, options);
    return bytes.ok ? named(await importProfile(bytes.value, options.select, options.signal)) : bytes;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TooMany) return err(error.issue);
    if (error instanceof RangeError) return err({ kind: 'crashed', detail: message });
    if (code === undefined) throw error;
    return err({ kind: 'unreadable', code, detail: message });
  } finally {
    await handle.close();
  }
}

/** Why what comes out of the first bytes is no profile; undefined where it may be one. */
async function refusedPacked(start: Uint8Array, signal: AbortSignal | undefined): Promise<Result<never, ProfileIssue> | undefined> {
  const unpacked = await decompress(start, signal);
  if (!unpacked.ok) return unpacked;
  const { bytes } = unpacked.value;
  if (bytes.length < HEAD || mayBeProfile(bytes) || methodOf(bytes)) return undefined;
  const read = readAnyProfile(bytes.subarray(0, HEAD));
  return read.ok ? undefined : read;
}

/**
 * As V8 would tell it if it knew: inlined functions have their time, and functions the names of their sources; a
 * minified bundle's mean nothing to whoever wrote it.
 */
const named = (read: Result<ReadProfile, ProfileIssue>): Result<ReadProfile, ProfileIssue> =>
  read.ok && (read.value.format === 'cpuprofile' || read.value.format === 'chrome-trace') ? ok({ ...read.value, tables: asWritten(read.value.tables) }) : read;

/** The bytes of a whole file, for formats that cannot be read in pieces; of `size` as it was when it was opened. */
async function readBytes(handle: FileHandle, size: number, { signal, onProgress }: ReadOptions): Promise<Result<Uint8Array, ProfileIssue>> {
  const available = availableMemory();
  if (size > available) return err({ kind: 'crashed', detail: `the file has ${size} bytes, and ${Math.round(available)} are free` });
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < bytes.length) {
    if (signal?.aborted) return err({ kind: 'cancelled' });
    const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, bytes.length - at), at);
    if (bytesRead === 0) break; // it has become shorter since
    at += bytesRead;
    onProgress?.(at, bytes.length);
  }
  return ok(bytes.subarray(0, at));
}

async function readPart(handle: FileHandle, most: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(most);
  let at = 0;
  while (at < most) {
    const { bytesRead } = await handle.read(bytes, at, most - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
