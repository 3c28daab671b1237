import fs from 'node:fs';
import zlib from 'node:zlib';
import { Decompress, ZstdErrorCode } from 'fzstd';
import type { HeapIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { MAX_RATIO, methodOf, SLACK, zstdWindowIssue } from '../support/decompress';
import { availableMemory } from '../support/heap-memory';
import { zstdFrames } from '../support/zstd-frames';

/** What a packed snapshot unpacks to, as it is asked for. */
export interface UnpackedSource {
  /** Bytes that are put into a window; 0 at the end. */
  read(into: Uint8Array): number;
  /** Bytes of all that comes out; 0 where that is not known. */
  readonly size: number;
}

/** Packed bytes at a time. */
const CHUNK = 1 << 16;
/** There is no larger buffer on every Node.js. */
const LARGEST = 2 ** 32 - 1;

/**
 * Unpacks a snapshot that is packed with gzip or zstd, known by its first bytes; undefined for one that
 * is not. Works synchronously. zstd is unpacked piece by piece; gzip is in memory as a whole, since
 * Node.js has no other way to unpack it within a function. A stream that ends early gives what there is.
 */
export function unpackedSource(handle: number, size: number): Result<UnpackedSource, HeapIssue> | undefined {
  const head = new Uint8Array(4);
  const method = fs.readSync(handle, head, 0, head.length, 0) < head.length ? undefined : methodOf(head);
  if (!method) return undefined;
  if (size > LARGEST / 2) return err({ kind: 'bad-compression', method, detail: 'it is larger than what can be unpacked here' });
  const packed = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const count = fs.readSync(handle, packed, at, size - at, at);
    if (count === 0) break;
    at += count;
  }
  const most = Math.min(LARGEST, SLACK + size * MAX_RATIO);
  return method === 'gzip' ? gunzip(packed, most) : unzstd(packed, most);
}

function gunzip(packed: Uint8Array, most: number): Result<UnpackedSource, HeapIssue> {
  // The last four bytes are the size of the last member, as a rule the only one.
  const { buffer, byteOffset, length } = packed;
  const expected = length < 18 ? 0 : new DataView(buffer, byteOffset, length).getUint32(length - 4, true);
  const available = availableMemory();
  if (expected > available && expected < most) return err({ kind: 'too-little-memory', needed: expected, available });
  let bytes: Uint8Array;
  try {
    bytes = zlib.gunzipSync(packed, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: most });
  } catch (error) {
    return err({ kind: 'bad-compression', method: 'gzip', detail: (error as Error).message });
  }
  let at = 0;
  return ok({
    size: bytes.length,
    read(into) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    },
  });
}

/** Ends unpacking from within the parser's pass. */
export class BadCompression extends Error {}

function unzstd(file: Uint8Array, most: number): Result<UnpackedSource, HeapIssue> {
  const frames = zstdFrames(file);
  const packed = file.subarray(0, frames.end);
  const refused = zstdWindowIssue(frames);
  if (refused) return err({ kind: 'bad-compression', method: 'zstd', detail: refused });
  const ready: Uint8Array[] = [];
  let all = 0;
  const stream = new Decompress((chunk) => {
    all += chunk.length;
    if (all > most) throw new BadCompression('it unpacks to more than a snapshot does');
    if (chunk.length > 0) ready.push(chunk.slice());
  });
  let at = 0;
  const more = (): void => {
    const end = Math.min(packed.length, at + CHUNK);
    try {
      stream.push(packed.subarray(at, end), end === packed.length);
    } catch (error) {
      at = packed.length;
      // What ends early gives what there is, and the parser says where it ends.
      if ((error as { code?: number }).code !== ZstdErrorCode.UnexpectedEOF)
        throw error instanceof BadCompression ? error : new BadCompression((error as Error).message);
      return;
    }
    at = end;
  };
  return ok({
    size: 0,
    read(into) {
      while (ready.length === 0 && at < packed.length) more();
      const [next] = ready;
      if (!next) return 0;
      const part = next.subarray(0, into.length);
      into.set(part);
      if (part.length === next.length) ready.shift();
      else ready[0] = next.subarray(part.length);
      return part.length;
    },
  });
}
