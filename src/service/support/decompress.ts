import zlib from 'node:zlib';
import { Decompress, ZstdErrorCode } from 'fzstd';
import { HEAD, mayBeProfile } from '../../core/formats/read/read-any';
import type { ProfileIssue, ProfileWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { membersEnd } from './gzip-members';
import { type ZstdFrames, zstdFrames } from './zstd-frames';

export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly warnings: readonly ProfileWarning[];
}

/** Bytes of output, whatever the input. */
const LIMIT = 2 ** 32;
/** No profile packs better than this, but a file that is made to fill the memory does. */
export const MAX_RATIO = 100;
export const SLACK = 64 << 20;
const CHUNK = 1 << 20;
/** Packed bytes of zstd at a time: it works on this thread, and a cancel comes through in between. */
const ZSTD_CHUNK = 1 << 16;
/** As much as `zstd -d` takes without being told to. */
const MAX_WINDOW = 1 << 27;
/** The unpacker moves its whole window at every block; so many bytes take some minutes. */
const MAX_MOVED = 2 ** 41;

type Method = 'gzip' | 'zstd';

/**
 * Unpacks gzip and zstd, known by their magic numbers, at most twice; anything else
 * is given back as it is. A stream that ends early or is damaged gives what could be
 * unpacked, and a warning; what stands behind a whole one is told. What begins like no profile is unpacked no further: its
 * first bytes are given, by which `readAnyProfile` says what it is. Memory is that of
 * what comes out, where the stream tells its size, or at most twice that.
 */
export async function decompress(packed: Uint8Array, signal?: AbortSignal): Promise<Result<Unpacked, ProfileIssue>> {
  let bytes = packed;
  const warnings: ProfileWarning[] = [];
  for (let level = 0; level < 2; level++) {
    const method = methodOf(bytes);
    if (!method) break;
    const unpack = method === 'gzip' ? gunzip : unzstd;
    const isOuter = level === 0;
    const unpacked = await unpack(bytes, (size) => collector(packed.length, size, isOuter), signal);
    if (!unpacked.ok) return unpacked;
    warnings.push(...unpacked.value.warnings);
    bytes = unpacked.value.bytes;
  }
  return ok({ bytes, warnings });
}

export function methodOf(bytes: Uint8Array): Method | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return 'zstd';
  return undefined;
}

/** Where and why unpacking stopped. */
interface Break {
  readonly isCut: boolean;
  readonly offset: number;
  readonly detail: string;
}

/** Ends unpacking from within: with an issue, or with what came out so far. */
class Stop extends Error {
  readonly issue: ProfileIssue | undefined;

  constructor(issue?: ProfileIssue) {
    super(issue?.kind);
    this.issue = issue;
  }
}

type Collector = ReturnType<typeof collector>;

/**
 * What came out so far, in one piece. `expected` is the size that the stream tells of,
 * which need not be true; 0 for none. Memory that is asked for and not written to is
 * none, so that is no risk.
 */
function collector(packedBytes: number, expected: number, isOuter: boolean) {
  const limit = Math.min(LIMIT, SLACK + packedBytes * MAX_RATIO);
  let bytes = new Uint8Array(0);
  let size = 0;
  let isChecked = false;
  const reserve = (count: number): void => {
    const larger = new Uint8Array(Math.min(limit, Math.max(count, expected, bytes.length * 2, CHUNK)));
    larger.set(bytes.subarray(0, size));
    bytes = larger;
  };
  return {
    /** Throws a `Stop` where it is enough. */
    push(chunk: Uint8Array): void {
      const end = size + chunk.length;
      if (end > limit) throw new Stop({ kind: 'too-large', bytes: end, limit, packed: packedBytes });
      if (end > bytes.length) reserve(end);
      bytes.set(chunk, size);
      size = end;
      if (isChecked || size < HEAD) return;
      isChecked = true;
      const head = bytes.subarray(0, HEAD);
      if (mayBeProfile(head) || (isOuter && methodOf(head))) return;
      bytes = bytes.slice(0, HEAD);
      size = HEAD;
      throw new Stop();
    },
    finish(method: Method, stop?: Break): Result<Unpacked, ProfileIssue> {
      if (stop && size === 0) return err({ kind: 'bad-compression', method, detail: stop.detail });
      const warnings: ProfileWarning[] = stop
        ? [stop.isCut ? { kind: 'truncated', offset: stop.offset } : { kind: 'malformed', offset: stop.offset, expected: `${method} data` }]
        : [];
      return ok({ bytes: bytes.subarray(0, size), warnings });
    },
    /** What an exception means, that unpacking or `push` has thrown. */
    fail(method: Method, error: unknown, stop: Break): Result<Unpacked, ProfileIssue> {
      if (error instanceof Stop) return error.issue ? err(error.issue) : this.finish(method);
      // The machine may have less memory than the limit.
      if (error instanceof RangeError && /allocation failed/i.test(error.message)) return err({ kind: 'crashed', detail: error.message });
      return this.finish(method, stop);
    },
  };
}

/** Tells what stands behind the packed bytes, from `offset` on. */
const withSurplus = (unpacked: Result<Unpacked, ProfileIssue>, count: number, offset: number): Result<Unpacked, ProfileIssue> =>
  unpacked.ok && count > 0 ? ok({ ...unpacked.value, warnings: [...unpacked.value.warnings, { kind: 'surplus-bytes', count, offset }] }) : unpacked;

type Unpack = (packed: Uint8Array, collect: (size: number) => Collector, signal?: AbortSignal) => Promise<Result<Unpacked, ProfileIssue>>;

/** What zlib says of bytes that do not begin a member. */
const NO_HEAD = /^(?:incorrect header check|unknown compression method|unknown header flags set|header crc mismatch)$/;

const gunzip: Unpack = (packed, collect, signal) => {
  // The last four bytes are the size of the last member, as a rule the only one.
  const { buffer, byteOffset, length } = packed;
  const output = collect(length < 18 ? 0 : new DataView(buffer, byteOffset, length).getUint32(length - 4, true));
  return new Promise((resolve) => {
    const stream = zlib.createGunzip({ chunkSize: CHUNK });
    const finish = (result: Result<Unpacked, ProfileIssue>): void => {
      resolve(result);
      stream.destroy();
    };
    const fail = (error: NodeJS.ErrnoException): void => {
      const isCut = error.code === 'Z_BUF_ERROR';
      // What stands behind a member may be none: then the unpacker gives up with what it has not yet handed over.
      if (error.code === 'Z_DATA_ERROR' && NO_HEAD.test(error.message)) return void withoutRest();
      finish(output.fail('gzip', error, { isCut, offset: isCut ? length : stream.bytesWritten, detail: error.message }));
    };
    stream.on('data', (chunk: Buffer) => {
      if (signal?.aborted) return finish(err({ kind: 'cancelled' }));
      try {
        output.push(chunk);
      } catch (error) {
        fail(error as Error);
      }
    });
    const withoutRest = async (): Promise<void> => {
      stream.destroy();
      const end = await membersEnd(packed, signal);
      if (end === 0 || end === length) return finish(output.finish('gzip', { isCut: false, offset: stream.bytesWritten, detail: 'incorrect header check' }));
      const whole = await gunzip(packed.subarray(0, end), collect, signal);
      finish(withSurplus(whole, length - end, end));
    };
    stream.on('error', fail);
    stream.on('end', () => finish(output.finish('gzip')));
    stream.end(packed);
  });
};

const largestWindow = (blocks: number): number => Math.min(MAX_WINDOW, Math.floor(MAX_MOVED / Math.max(1, blocks)));

/** Why a zstd stream would take too long, or too much memory; undefined where it would not. */
export function zstdWindowIssue({ window, blocks }: ZstdFrames): string | undefined {
  return window > largestWindow(blocks) ? `its window of ${window} bytes is too large` : undefined;
}

const unzstd: Unpack = async (file, collect, signal) => {
  const { window, blocks, size, end } = zstdFrames(file);
  const packed = file.subarray(0, end);
  const maxWindow = largestWindow(blocks);
  if (window > maxWindow) return err({ kind: 'zstd-window', bytes: window, limit: maxWindow });
  const output = collect(size);
  const stream = new Decompress((chunk) => output.push(chunk));
  let at = 0;
  try {
    for (; at < packed.length; at += ZSTD_CHUNK) {
      if (signal?.aborted) return err({ kind: 'cancelled' });
      stream.push(packed.subarray(at, at + ZSTD_CHUNK), at + ZSTD_CHUNK >= packed.length);
      await new Promise(setImmediate);
    }
  } catch (error) {
    const isCut = (error as { code?: number }).code === ZstdErrorCode.UnexpectedEOF;
    return output.fail('zstd', error, { isCut, offset: isCut ? packed.length : at, detail: zstdDetail(error) });
  }
  return withSurplus(output.finish('zstd'), file.length - end, end);
};

/** In words: damaged lengths also make the unpacker's own code fail, and what V8 says of that is nothing of the file's. */
const zstdDetail = (error: unknown): string =>
  typeof (error as { code?: unknown }).code === 'number' ? (error as Error).message : 'its lengths contradict each other';
