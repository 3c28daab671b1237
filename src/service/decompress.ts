import zlib from 'node:zlib';
import { Decompress, ZstdErrorCode } from 'fzstd';
import type { ProfileIssue, ProfileWarning } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';

export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly warnings: readonly ProfileWarning[];
}

/** Bytes of output, whatever the input. */
const LIMIT = 2 ** 32;
/** No profile packs better than this, but a file that is made to fill the memory does. */
const MAX_RATIO = 300;
const SLACK = 64 << 20;
const CHUNK = 1 << 20;

/**
 * Unpacks gzip and zstd, known by their magic numbers, at most twice; anything else
 * is given back as it is. A stream that ends early or is damaged gives what could be
 * unpacked, and a warning.
 */
export async function decompress(packed: Uint8Array, signal?: AbortSignal): Promise<Result<Unpacked, ProfileIssue>> {
  let bytes = packed;
  const warnings: ProfileWarning[] = [];
  for (let level = 0; level < 2; level++) {
    const method = methodOf(bytes);
    if (!method) break;
    const limit = Math.min(LIMIT, SLACK + packed.length * MAX_RATIO);
    const unpacked = method === 'gzip' ? await gunzip(bytes, limit, signal) : await unzstd(bytes, limit, signal);
    if (!unpacked.ok) return unpacked;
    warnings.push(...unpacked.value.warnings);
    bytes = unpacked.value.bytes;
  }
  return ok({ bytes, warnings });
}

export function methodOf(bytes: Uint8Array): 'gzip' | 'zstd' | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return 'zstd';
  return undefined;
}

/** What came out so far; `push` is false once there is too much. */
function collector(limit: number) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    push(chunk: Uint8Array): boolean {
      chunks.push(chunk);
      size += chunk.length;
      return size <= limit;
    },
    finish(method: 'gzip' | 'zstd', stop?: { readonly isCut: boolean; readonly offset: number; readonly detail: string }): Result<Unpacked, ProfileIssue> {
      if (size > limit) return err({ kind: 'too-large', bytes: size, limit });
      if (stop && size === 0) return err({ kind: 'bad-compression', method, detail: stop.detail });
      const warnings: ProfileWarning[] = stop
        ? [stop.isCut ? { kind: 'truncated', offset: stop.offset } : { kind: 'malformed', offset: stop.offset, expected: `${method} data` }]
        : [];
      const bytes = new Uint8Array(size);
      let at = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return ok({ bytes, warnings });
    },
  };
}

function gunzip(packed: Uint8Array, limit: number, signal?: AbortSignal): Promise<Result<Unpacked, ProfileIssue>> {
  const output = collector(limit);
  return new Promise((resolve) => {
    const stream = zlib.createGunzip({ chunkSize: CHUNK });
    const finish = (result: Result<Unpacked, ProfileIssue>): void => {
      resolve(result);
      stream.destroy();
    };
    stream.on('data', (chunk: Buffer) => {
      if (signal?.aborted) finish(err({ kind: 'cancelled' }));
      else if (!output.push(chunk)) finish(output.finish('gzip'));
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const isCut = error.code === 'Z_BUF_ERROR';
      finish(output.finish('gzip', { isCut, offset: isCut ? packed.length : stream.bytesWritten, detail: error.message }));
    });
    stream.on('end', () => finish(output.finish('gzip')));
    stream.end(packed);
  });
}

async function unzstd(packed: Uint8Array, limit: number, signal?: AbortSignal): Promise<Result<Unpacked, ProfileIssue>> {
  const output = collector(limit);
  let isFull = false;
  const stream = new Decompress((chunk) => {
    if (!output.push(chunk)) isFull = true;
  });
  let at = 0;
  try {
    for (; at < packed.length && !isFull; at += CHUNK) {
      if (signal?.aborted) return err({ kind: 'cancelled' });
      stream.push(packed.subarray(at, at + CHUNK), at + CHUNK >= packed.length);
      await new Promise(setImmediate); // it works on this thread: a cancel must come through
    }
  } catch (error) {
    const isCut = (error as { code?: number }).code === ZstdErrorCode.UnexpectedEOF;
    const { message } = error as Error;
    return output.finish('zstd', { isCut, offset: isCut ? packed.length : at, detail: message });
  }
  return output.finish('zstd');
}
