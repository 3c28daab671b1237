import zlib from 'node:zlib';

const CHUNK = 1 << 20;

/**
 * Where the last whole member of a gzip file ends (RFC 1952); 0 where there is none. A
 * member is a head of ten bytes, with further fields that its flags name, a deflate
 * stream, and eight bytes of checksum and size. Nothing is kept of what comes out.
 */
export async function membersEnd(packed: Uint8Array, signal?: AbortSignal): Promise<number> {
  let end = 0;
  for (let body = bodyOf(packed, 0); body > 0 && !signal?.aborted; body = bodyOf(packed, end)) {
    const used = await deflatedBytes(packed.subarray(body), signal);
    if (used === undefined || body + used + 8 > packed.length) break;
    end = body + used + 8;
  }
  return end;
}

/** Behind the head of the member at a place; 0 where there is none. */
function bodyOf(packed: Uint8Array, start: number): number {
  if (packed[start] !== 0x1f || packed[start + 1] !== 0x8b || packed[start + 2] !== 8) return 0;
  const flags = packed[start + 3] ?? 0;
  if ((flags & 0xe0) !== 0) return 0; // reserved
  let at = start + 10;
  if (flags & 4) at += 2 + (packed[at] ?? 0) + 256 * (packed[at + 1] ?? 0);
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue; // a name, a comment
    const zero = packed.indexOf(0, at);
    if (zero < 0) return 0;
    at = zero + 1;
  }
  if (flags & 2) at += 2;
  return at < packed.length ? at : 0;
}

/** Bytes of a deflate stream; undefined for one that is cut or damaged. */
function deflatedBytes(packed: Uint8Array, signal: AbortSignal | undefined): Promise<number | undefined> {
  return new Promise((resolve) => {
    const stream = zlib.createInflateRaw({ chunkSize: CHUNK });
    const finish = (bytes: number | undefined): void => {
      resolve(bytes);
      stream.destroy();
    };
    stream.on('data', () => {
      if (signal?.aborted) finish(undefined);
    });
    stream.on('error', () => finish(undefined));
    stream.on('end', () => finish(stream.bytesWritten));
    stream.end(packed);
  });
}
