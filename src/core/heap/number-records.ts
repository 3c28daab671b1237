import { BRACKET } from '../formats/json-parts';
import type { JsonScanner } from '../formats/json-scanner';

/** Values of the wrong type or out of range: how many, and where the first stands. */
export class BadValues {
  count = 0;
  /** Bytes from the file's start. */
  offset = 0;

  add(offset: number, count = 1): void {
    if (this.count === 0) this.offset = offset;
    this.count += count;
  }
}

/** Records in one call: large enough to forget the call, small enough to stay in the processor's cache. */
const BATCH = 4096;

/**
 * Reads a JSON array of whole numbers, `width` of them a record, and hands over the
 * records in batches: `flat` holds `records * width` numbers. What is no whole number
 * from 0 to 2^53 counts as bad and is 0. Where the text stops, the whole records before
 * that have been handed over when it throws. Numbers that make no whole record are bad too.
 * `more` may give numbers with which the list goes on behind its end.
 */
export function readRecords(
  scan: JsonScanner,
  width: number,
  bad: BadValues,
  take: (flat: Float64Array, records: number) => void,
  more?: () => Uint32Array | undefined,
): void {
  const flat = new Float64Array(BATCH * width);
  let filled = 0;
  const flush = (): void => {
    const records = Math.floor(filled / width);
    if (records > 0) take(flat, records);
    flat.copyWithin(0, records * width, filled);
    filled -= records * width;
  };
  if (!scan.enter(BRACKET)) return;
  try {
    do {
      filled = scanNumbers(scan, flat, filled);
      if (filled === flat.length) flush();
      flat[filled++] = slowNumber(scan, bad);
    } while (scan.more(BRACKET));
  } finally {
    flush();
  }
  const rest = more?.();
  for (let at = 0; rest && at < rest.length; ) {
    const part = rest.subarray(at, at + flat.length - filled);
    flat.set(part, filled);
    filled += part.length;
    at += part.length;
    flush();
  }
  if (filled > 0) bad.add(scan.offset, filled);
}

/**
 * Plain numbers of up to nine digits that stand whole in the window go into `flat`
 * from `at` on; gives where they end. V8 wrote a newline before the comma between
 * records for years: that is taken too. The position is then at a value. One loop over
 * bytes: with a loop for the digits of each number it took twice the time.
 */
function scanNumbers(scan: JsonScanner, flat: Float64Array, at: number): number {
  const { bytes } = scan;
  const { length } = bytes;
  const end = flat.length - 1;
  let start = scan.position;
  let filled = at;
  let value = 0;
  let digits = 0;
  for (let next = start; next < length && filled < end; next++) {
    const byte = bytes[next] as number;
    // 0 to 9 for a digit, more for anything else.
    const digit = byte ^ 0x30;
    if (digit <= 9) {
      value = (Math.imul(value, 10) + digit) | 0;
      digits++;
    } else if (byte === COMMA) {
      if (digits === 0 || digits > 9) break;
      flat[filled++] = value;
      value = 0;
      digits = 0;
      start = next + 1;
    } else if (byte !== NEWLINE || bytes[next + 1] !== COMMA) break;
  }
  scan.position = start;
  return filled;
}

/** Any value, also across windows; 0 for what is no whole number from 0 to 2^53. */
function slowNumber(scan: JsonScanner, bad: BadValues): number {
  const byte = scan.peek('a number');
  const { offset } = scan;
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
    const value = scan.number();
    if (Number.isSafeInteger(value) && value >= 0) return value;
  } else scan.skip();
  bad.add(offset);
  return 0;
}

const COMMA = 0x2c;
const NEWLINE = 0x0a;
