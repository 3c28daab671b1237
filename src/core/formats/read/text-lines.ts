import type { ProfileWarning } from '../../../shared/issue';
import { decodeText } from '../../json/json-values';

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

/**
 * Takes off a last line that has no line break and is none of the format: there the
 * file was cut. What is left are whole lines.
 */
export function wholeLines(bytes: Uint8Array, fits: (line: string) => boolean): { readonly lines: Uint8Array; readonly cut: readonly ProfileWarning[] } {
  const end = bytes.lastIndexOf(0x0a) + 1;
  const [last = ''] = textLines(bytes.subarray(end));
  if (last.trim() === '' || fits(last)) return { lines: bytes, cut: [] };
  return { lines: bytes.subarray(0, end), cut: [{ kind: 'truncated', offset: bytes.length }] };
}
