import { BRACKET } from '../../json/json-parts';
import type { JsonScanner } from '../../json/json-scanner';

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
  const add = (values: Float64Array | Uint32Array): void => {
    for (let at = 0; at < values.length; flush()) {
      const part = values.subarray(at, at + flat.length - filled);
      flat.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  };
  if (!scan.enter(BRACKET)) return;
  try {
    do {
      while (scan.fast?.integers(scan, false, add));
      // Where the text ends here, there is no further number.
      const value = slowNumber(scan, bad);
      flat[filled++] = value;
      if (filled === flat.length) flush();
    } while (scan.more(BRACKET));
  } finally {
    flush();
  }
  const rest = more?.();
  if (rest) add(rest);
  if (filled > 0) bad.add(scan.offset, filled);
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
