import { decodeText } from './json-values';

/**
 * The lines of a UTF-8 text, one at a time, without their line breaks: the text as
 * one string might be longer than V8 allows. A last line without a break counts.
 */
export function* textLines(bytes: Uint8Array): Generator<string> {
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (from < bytes.length) {
    const found = bytes.indexOf(0x0a, from);
    const end = found < 0 ? bytes.length : found;
    const stop = end > from && bytes[end - 1] === 0x0d ? end - 1 : end;
    // A line beyond any stack's length is not one; half of it tells as much.
    yield decodeText(bytes.subarray(from, Math.min(stop, from + MAX_LINE)));
    from = end + 1;
  }
}

const MAX_LINE = 1 << 28;
