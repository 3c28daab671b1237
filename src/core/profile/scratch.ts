/**
 * Memory that an algorithm needs only while it runs, kept for its next run: fresh
 * memory costs a page fault each 4 KB, which is several times what filling it costs.
 *
 * An array is its caller's until the caller asks for the same name again, so no
 * caller may be in the midst of itself, and none may give a scratch array away. What
 * is in it is what was left there.
 */
const kept = new Map<string, ArrayBuffer>();

/** Larger ones are not kept: a server would hold them for nothing. */
const MAX_KEPT_BYTES = 8 << 20;

function bufferOf(name: string, bytes: number): ArrayBuffer {
  const known = kept.get(name);
  if (known && known.byteLength >= bytes) return known;
  const buffer = new ArrayBuffer(Math.ceil((bytes * 1.25) / 8) * 8);
  if (buffer.byteLength <= MAX_KEPT_BYTES) kept.set(name, buffer);
  return buffer;
}

export const scratchInt32 = (name: string, length: number): Int32Array => new Int32Array(bufferOf(name, length * 4), 0, length);
export const scratchUint32 = (name: string, length: number): Uint32Array => new Uint32Array(bufferOf(name, length * 4), 0, length);
export const scratchFloat64 = (name: string, length: number): Float64Array => new Float64Array(bufferOf(name, length * 8), 0, length);
