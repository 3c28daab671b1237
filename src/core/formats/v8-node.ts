import type { StringInterner } from '../profile/string-table';
import { type Literal, literalOf, QUOTE } from './json-scanner';

/** What V8 writes of every node before its children. */
export interface V8Node {
  id: number;
  name: number;
  url: number;
  line: number;
  column: number;
  hits: number;
}

const LONGEST = 1 << 16;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const id = literalOf('{"id":');
const functionName = literalOf(',"callFrame":{"functionName":"');
const scriptId = literalOf(',"scriptId":"');
const url = literalOf('","url":"');
const lineNumber = literalOf(',"lineNumber":');
const columnNumber = literalOf(',"columnNumber":');
const hitCount = literalOf('},"hitCount":');

/**
 * The short cut through what most of a profile is: a node that stands exactly as V8
 * writes it, from its brace to its hit count, in one loop without a call a token.
 * Gives where it ended; -1 for a node that is written in any other way, that may end
 * outside of the bytes, or that has a number out of range: the scanner reads those.
 * Strings that were interned until then are those that the scanner interns first.
 */
export function readV8Node(bytes: Uint8Array, view: DataView, start: number, strings: StringInterner, urlOfScript: number[], node: V8Node): number {
  // Every literal and number that starts before the end lies within. Longer nodes have a name that may be too long for one.
  const end = Math.min(bytes.length, start + LONGEST) - 64;
  let at = start;
  if (at >= end || !stands(view, at, id)) return -1;
  at += id.length;
  let from = at;
  let value = 0;
  let byte = bytes[at] as number;
  while (byte >= 0x30 && byte <= 0x39 && at - from < 16) {
    value = value * 10 + byte - 0x30;
    byte = bytes[++at] as number;
  }
  if (at === from || at - from > 15 || at >= end || !stands(view, at, functionName)) return -1;
  node.id = value;

  at += functionName.length;
  from = at;
  let hash = 0x811c9dc5 | 0;
  for (byte = bytes[at] as number; byte !== QUOTE; byte = bytes[++at] as number) {
    if (byte === BACKSLASH || at >= end) return -1;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  node.name = strings.internHashed(bytes, from, at, hash);
  at++;
  if (at >= end || !stands(view, at, scriptId)) return -1;

  at += scriptId.length;
  from = at;
  value = 0;
  byte = bytes[at] as number;
  while (byte >= 0x30 && byte <= 0x39 && at - from < 5) {
    value = value * 10 + byte - 0x30;
    byte = bytes[++at] as number;
  }
  if (at === from || at >= end || !stands(view, at, url)) return -1;
  at += url.length;
  const guess = urlOfScript[value] ?? 0;
  const after = guess > 0 ? strings.endOfJson(guess, view, at) : -1;
  if (after > 0) {
    node.url = guess;
    at = after;
  } else {
    from = at;
    hash = 0x811c9dc5 | 0;
    for (byte = bytes[at] as number; byte !== QUOTE; byte = bytes[++at] as number) {
      if (byte === BACKSLASH || at >= end) return -1;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    node.url = strings.internHashed(bytes, from, at, hash);
    urlOfScript[value] = node.url;
    at++;
  }

  if (at >= end || !stands(view, at, lineNumber)) return -1;
  at += lineNumber.length;
  let isNegative = bytes[at] === MINUS;
  if (isNegative) at++;
  from = at;
  value = 0;
  byte = bytes[at] as number;
  while (byte >= 0x30 && byte <= 0x39 && at - from < 10) {
    value = value * 10 + byte - 0x30;
    byte = bytes[++at] as number;
  }
  if (at === from || at - from > 9 || (isNegative && value > 1) || at >= end || !stands(view, at, columnNumber)) return -1;
  node.line = isNegative ? -value : value;

  at += columnNumber.length;
  isNegative = bytes[at] === MINUS;
  if (isNegative) at++;
  from = at;
  value = 0;
  byte = bytes[at] as number;
  while (byte >= 0x30 && byte <= 0x39 && at - from < 10) {
    value = value * 10 + byte - 0x30;
    byte = bytes[++at] as number;
  }
  if (at === from || at - from > 9 || (isNegative && value > 1) || at >= end || !stands(view, at, hitCount)) return -1;
  node.column = isNegative ? -value : value;

  at += hitCount.length;
  from = at;
  value = 0;
  byte = bytes[at] as number;
  while (byte >= 0x30 && byte <= 0x39 && at - from < 10) {
    value = value * 10 + byte - 0x30;
    byte = bytes[++at] as number;
  }
  // A number goes on with a point or an exponent, too.
  if (at === from || at - from > 9 || (byte !== 0x2c && byte !== 0x7d)) return -1;
  node.hits = value;
  return at;
}

function stands(view: DataView, at: number, { length, words, last }: Literal): boolean {
  if (at + length > view.byteLength || view.getUint32(at + length - 4, true) !== last) return false;
  for (let w = 0; w < words.length; w++) if (view.getUint32(at + w * 4, true) !== words[w]) return false;
  return true;
}
