/** What the headers of a zstd stream say before anything is unpacked. */
export interface ZstdFrames {
  /** The largest window, in bytes: what is kept of the output so that it can be repeated. */
  readonly window: number;
  readonly blocks: number;
  /** The output's bytes; 0 where a frame does not tell them. */
  readonly size: number;
  /** Where the frames end and something else begins; that of the bytes where all of them are frames, or a frame is cut. */
  readonly end: number;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/**
 * Walks the headers of frames and blocks (RFC 8878, 3.1.1), without the blocks' content:
 *
 *   magic 4 | descriptor 1 | window 0-1 | dictionary 0-4 | content size 0-8 | blocks: header 3, content | checksum 0-4
 *
 * Ends where the bytes do or make no sense; what unpacks them tells that.
 */
export function zstdFrames(bytes: Uint8Array): ZstdFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [window, blocks, size, at] = [0, 0, 0, 0];
  let tellsSize = true;
  while (at + 6 <= bytes.length) {
    const magic = view.getUint32(at, true);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      if (at + 8 > bytes.length) break;
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (magic !== MAGIC) break;
    const descriptor = view.getUint8(at + 4);
    const isSingle = ((descriptor >> 5) & 1) === 1;
    const sizeFlag = descriptor >> 6;
    const sizeBytes = sizeFlag > 0 ? 1 << sizeFlag : isSingle ? 1 : 0;
    const sizeAt = at + (isSingle ? 5 : 6) + ([0, 1, 2, 4][descriptor & 3] as number);
    if (sizeAt + sizeBytes > bytes.length) break;
    const content = littleEndian(bytes, sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
    window = Math.max(window, isSingle ? content : windowOf(view.getUint8(at + 5)));
    if (sizeBytes === 0) tellsSize = false;
    size += content;
    at = sizeAt + sizeBytes;
    for (let isLast = false; !isLast && at + 3 <= bytes.length; blocks++) {
      const header = littleEndian(bytes, at, 3);
      isLast = (header & 1) === 1;
      const isRepeated = ((header >> 1) & 3) === 1;
      at += 3 + (isRepeated ? 1 : header >> 3);
    }
    if ((descriptor & 4) !== 0) at += 4;
  }
  const isFrame = at + 4 <= bytes.length && (view.getUint32(at, true) === MAGIC || (view.getUint32(at, true) & 0xfffffff0) >>> 0 === SKIPPABLE);
  return { window, blocks, size: tellsSize ? size : 0, end: isFrame ? bytes.length : Math.min(at, bytes.length) };
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] as number);
  return value;
}
