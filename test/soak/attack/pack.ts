/** gzip and zstd around a file, whole and damaged. */
import { gzipSync } from 'node:zlib';
import { type Below, oneOf } from './pick';

export type Packing = 'plain' | 'gzip' | 'zstd' | 'gzip damaged' | 'zstd damaged' | 'gzip twice' | 'gzip in parts';

/** Most files come as they are; of the packed ones most can be unpacked. */
export function choosePacking(below: Below): Packing {
  const at = below(20);
  if (at < 11) return 'plain';
  if (at < 14) return 'gzip';
  if (at < 16) return 'zstd';
  return oneOf(['gzip damaged', 'zstd damaged', 'gzip twice', 'gzip in parts'] as const, below);
}

/** A frame of blocks that are not compressed (RFC 8878), for Node.js 20 has no zstd. */
function zstd(bytes: Uint8Array): Buffer {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000]), Buffer.alloc(4)];
  (parts[1] as Buffer).writeUInt32LE(bytes.length);
  const BLOCK = 1 << 17;
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK) {
    const part = bytes.subarray(at, at + BLOCK);
    const head = (part.length << 3) | (at + BLOCK >= bytes.length ? 1 : 0);
    parts.push(Buffer.from([head & 255, (head >> 8) & 255, head >> 16]), Buffer.from(part));
  }
  return Buffer.concat(parts);
}

function damaged(bytes: Buffer, below: Below): Buffer {
  const at = below(bytes.length);
  const kind = below(4);
  if (kind === 0) return bytes.subarray(0, at);
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(9))]);
  if (kind === 2) return Buffer.concat([bytes, bytes.subarray(at)]);
  const changed = Buffer.from(bytes);
  changed[below(2) === 0 ? Math.min(at, below(20)) : at] = below(256);
  return changed;
}

export function pack(bytes: Uint8Array, packing: Packing, below: Below): Uint8Array {
  const gzip = (part: Uint8Array): Buffer => gzipSync(part, { level: 1 });
  const half = bytes.length >> 1;
  switch (packing) {
    case 'plain':
      return bytes;
    case 'gzip':
      return gzip(bytes);
    case 'gzip twice':
      return gzip(gzip(bytes));
    case 'gzip in parts':
      return Buffer.concat([gzip(bytes.subarray(0, half)), gzip(bytes.subarray(half))]);
    case 'zstd':
      return zstd(bytes);
    case 'gzip damaged':
      return damaged(gzip(bytes), below);
    case 'zstd damaged':
      return damaged(zstd(bytes), below);
  }
}
