import { brotliCompressSync, gzipSync } from 'node:zlib';

export interface Encoded {
  body: string | Buffer;
  encoding?: 'br' | 'gzip';
}

/** Compresses what is worth it, with the best that the client understands. */
export function encode(text: string, accepted: string): Encoded {
  if (text.length < 1024) return { body: text };
  const offers = accepted.split(',').map((one) => one.trim().split(';')[0]);
  if (offers.includes('br')) return { body: brotliCompressSync(text), encoding: 'br' };
  if (offers.includes('gzip')) return { body: gzipSync(text), encoding: 'gzip' };
  return { body: text };
}
