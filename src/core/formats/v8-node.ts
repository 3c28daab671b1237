import type { StringInterner } from '../profile/string-table';
import { asciiBytes, QUOTE } from './json-parts';

/**
 * What V8 writes of every node before its children, field by field: what stands before the
 * value, and the most digits that it may have (0 for a string; a position may be -1 too).
 */
const fields = [
  { before: '{"id":', digits: 15 },
  { before: ',"callFrame":{"functionName":"', digits: 0 },
  { before: ',"scriptId":"', digits: 4 },
  { before: '","url":"', digits: 0 },
  { before: ',"lineNumber":', digits: 9 },
  { before: ',"columnNumber":', digits: 9 },
  { before: '},"hitCount":', digits: 9 },
] as const;

/** Places of the values in what `readV8Node` fills. */
export const V8Field = { Id: 0, Name: 1, Script: 2, Url: 3, Line: 4, Column: 5, Hits: 6 } as const;
export const V8_FIELDS = fields.length;

// Flat: one loop over all fields is a quarter of the code, and so of the time, that the compiler needs.
const before = asciiBytes(fields.map((field) => field.before).join(''));
const beforeView = new DataView(before.buffer);
const beforeEnd = Uint8Array.from(fields.map((_, i) => fields.slice(0, i + 1).reduce((sum, field) => sum + field.before.length, 0)));
const digitsOf = Uint8Array.from(fields.map(({ digits }) => digits));

const LONGEST = 1 << 16;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;

/**
 * The short cut through what most of a profile is: a node that stands exactly as V8
 * writes it, from its brace to its hit count, without a call a token.
 * Gives where it ended; -1 for a node that is written in any other way, that may end
 * outside of the bytes, or that has a number out of range: the scanner reads those.
 * Strings that were interned until then are those that the scanner interns first.
 */
export function readV8Node(bytes: Uint8Array, view: DataView, start: number, strings: StringInterner, urlOfScript: number[], values: Float64Array): number {
  // Every text and number that starts before the end lies within. Longer nodes have a name that may be too long for one.
  const end = Math.min(bytes.length, start + LONGEST) - 64;
  let at = start;
  let text = 0;
  for (let field = 0; field < V8_FIELDS; field++) {
    if (at >= end) return -1;
    const textEnd = beforeEnd[field] as number;
    // The last four bytes, then four at a time up to them: most differ at the end.
    const last = at + textEnd - text - 4;
    if (view.getUint32(last) !== beforeView.getUint32(textEnd - 4)) return -1;
    for (; at < last; at += 4, text += 4) if (view.getUint32(at) !== beforeView.getUint32(text)) return -1;
    at = last + 4;
    text = textEnd;
    const most = digitsOf[field] as number;
    if (most > 0) {
      const isNegative = bytes[at] === MINUS;
      if (isNegative) {
        if (field !== V8Field.Line && field !== V8Field.Column) return -1;
        at++;
      }
      const from = at;
      let value = 0;
      let byte = bytes[at] as number;
      while (byte >= 0x30 && byte <= 0x39 && at - from <= most) {
        value = value * 10 + byte - 0x30;
        byte = bytes[++at] as number;
      }
      if (at === from || at - from > most || (isNegative && value > 1)) return -1;
      values[field] = isNegative ? -value : value;
      continue;
    }
    if (field === V8Field.Url) {
      const guess = urlOfScript[values[V8Field.Script] as number] ?? 0;
      const after = guess > 0 ? strings.endOfJson(guess, view, at) : -1;
      if (after > 0) {
        values[field] = guess;
        at = after;
        continue;
      }
    }
    const from = at;
    let hash = 0x811c9dc5 | 0;
    for (let byte = bytes[at] as number; byte !== QUOTE; byte = bytes[++at] as number) {
      if (byte === BACKSLASH || at >= end) return -1;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    values[field] = strings.internHashed(bytes, from, at, hash);
    if (field === V8Field.Url) urlOfScript[values[V8Field.Script] as number] = values[field] as number;
    at++;
  }
  // A number goes on with a point or an exponent, too.
  const next = bytes[at];
  return next === 0x2c || next === 0x7d ? at : -1;
}
