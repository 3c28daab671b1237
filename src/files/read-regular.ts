import type { FileHandle } from 'node:fs/promises';
import type { FileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { type OpenRegularOptions, openRegularFile } from './open-regular';

export interface ReadRegularOptions extends OpenRegularOptions {
  /** Bytes; a file that has more, or grows to more while it is read, is not given at all. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  /** How long it may take in all; 10 seconds without it. */
  readonly milliseconds?: number | undefined;
}

const CHUNK = 1 << 20;
const PATIENCE = 10_000;

/** The bytes of a regular file. Never waits longer than it is told, never reads more than `most`. */
export async function readRegularFile(file: string, options: ReadRegularOptions): Promise<Result<Buffer, FileIssue>> {
  const { signal, milliseconds = PATIENCE } = options;
  if (signal?.aborted) return err({ kind: 'cancelled' });
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let cancel = (): void => {};
  const ended = new Promise<Result<Buffer, FileIssue>>((resolve) => {
    // A file system that does not answer keeps its call; nobody waits for that.
    timer = setTimeout(() => resolve(err({ kind: 'too-slow', milliseconds })), milliseconds);
    cancel = () => resolve(err({ kind: 'cancelled' }));
    signal?.addEventListener('abort', cancel, { once: true });
  });
  try {
    return await Promise.race([readWhole(file, options, over.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    over.abort();
  }
}

/** The text of a regular file in UTF-8, without a byte order mark. */
export async function readRegularText(file: string, options: ReadRegularOptions): Promise<Result<string, FileIssue>> {
  const read = await readRegularFile(file, options);
  return read.ok ? ok(textOf(read.value)) : read;
}

/** UTF-8 as text, without its byte order mark. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

const decoder = new TextDecoder();

async function readWhole(file: string, options: ReadRegularOptions, over: AbortSignal): Promise<Result<Buffer, FileIssue>> {
  const opened = await openRegularFile(file, options);
  if (!opened.ok) return opened;
  const { handle, size } = opened.value;
  try {
    return size > options.most ? err({ kind: 'too-large', bytes: size, limit: options.most }) : await readAll(handle, size, options.most, over);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return err({ kind: 'unreadable', code });
  } finally {
    await handle.close().catch(() => {}); // it was only read
  }
}

/** The size is what was told when it was opened: a file of /proc has none, and another may grow. */
async function readAll(handle: FileHandle, size: number, most: number, over: AbortSignal): Promise<Result<Buffer, FileIssue>> {
  let bytes = Buffer.allocUnsafe(Math.min(most, size) + 1);
  let at = 0;
  for (;;) {
    if (over.aborted) return err({ kind: 'cancelled' });
    const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, bytes.length - at), null);
    if (bytesRead === 0) return ok(bytes.subarray(0, at));
    at += bytesRead;
    if (at > most) return err({ kind: 'too-large', bytes: at, limit: most });
    if (at === bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(most + 1, at * 2 + 4096));
      bytes.copy(larger, 0, 0, at);
      bytes = larger;
    }
  }
}
