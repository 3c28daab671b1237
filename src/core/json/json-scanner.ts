import type { StringInterner } from '../profile/string-table';
import {
  asciiBytes,
  BACKSLASH,
  BRACE,
  BRACKET,
  Brackets,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DONE,
  decodeJsonString,
  type KeySet,
  MINUS,
  QUOTE,
} from './json-parts';
import { JsonWindow, ScanStop } from './json-window';

/**
 * A pull scanner over the UTF-8 bytes of a JSON text (RFC 8259). It makes no
 * objects and no strings but those asked for, recurses nowhere, and stops at
 * the first byte that does not fit by throwing `ScanStop`, which never leaves
 * `core/formats`: readers turn it into a warning or an issue.
 */
export class JsonScanner extends JsonWindow {
  /** Enters an array or object; false if it is empty (then it is consumed whole). */
  enter(open: number): boolean {
    this.expect(open);
    if (this.peek('a value') !== open + 2) return true;
    this.position++;
    return false;
  }

  /** After a value: true if another follows, false if the array or object ends here. A comma before the end is no JSON, and means nothing. */
  more(open: number): boolean {
    const close = open + 2;
    const byte = this.peek(', or the end');
    if (byte !== COMMA && byte !== close) this.fail(`, or ${String.fromCharCode(close)}`);
    this.position++;
    return byte === COMMA && !this.ends(open);
  }

  /** Where a value should stand, behind a comma: whether the array or object ends instead; then it is consumed. */
  ends(open: number): boolean {
    if (this.peek('a value') !== open + 2) return false;
    this.position++;
    return true;
  }

  /** An object key and its colon, as one of `keys`, or -1 for any other. `guess` is tried first: writers keep one order. */
  key(keys: readonly Uint8Array[], guess = 0): number {
    if (this.peek('a key') !== QUOTE) this.fail('a key');
    if (this.bytes.length - this.position < LONGEST_KEY) this.ensure(LONGEST_KEY);
    const { bytes } = this;
    const start = this.position + 1;
    const count = keys.length;
    let k = guess < count ? guess : 0;
    let found = -1;
    for (let tried = 0; tried < count; tried++) {
      const key = keys[k] as Uint8Array;
      const { length } = key;
      if (bytes[start + length] === QUOTE && bytes[start] === key[0]) {
        let i = 1;
        while (i < length && bytes[start + i] === key[i]) i++;
        if (i === length) {
          found = k;
          this.position = start + length + 1;
          break;
        }
      }
      if (++k === count) k = 0;
    }
    if (found < 0) found = this.#slowKey(keys);
    this.expect(COLON);
    return found;
  }

  /** The first key of the object that starts here; `DONE` if it has none. As `nextKey`. */
  firstKey(keys: KeySet): number {
    if (this.literal(keys.first)) return 0;
    return this.enter(BRACE) ? this.key(keys.names, 0) : DONE;
  }

  /**
   * After a value in an object: the next key, or `DONE` at the object's end. A key that
   * stands as writers write it, without white space and where `guess` says, is compared
   * four bytes at a time, with its comma and colon: a third of the time of `more` and `key`.
   */
  nextKey(keys: KeySet, guess: number): number {
    const literal = keys.following[guess];
    if (literal !== undefined && this.literal(literal)) return guess;
    return this.more(BRACE) ? this.key(keys.names, guess) : DONE;
  }

  /** A number; -0, exponents and fractions included. One of more than `LONGEST_NUMBER` bytes is NaN. */
  number(): number {
    const first = this.peek('a number');
    for (;;) {
      const { bytes } = this;
      let at = this.position;
      if (first === MINUS) at++;
      const digits = at;
      let value = 0;
      let byte = bytes[at] as number;
      while (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + byte - 0x30;
        byte = bytes[++at] as number;
      }
      const isPlain = at - digits <= 15 && byte !== 0x2e && byte !== 0x65 && byte !== 0x45;
      let end = at;
      // Fractions, exponents and integers that a double cannot sum exactly take the slow way.
      if (!isPlain && at > digits) while (isNumberByte(bytes[end])) end++;
      if (end - this.position > LONGEST_NUMBER) return this.#endlessNumber(end);
      if (end >= bytes.length) {
        if (this.refill(this.position) >= 0) continue;
        throw new ScanStop('truncated', this.base + end, 'a number');
      }
      if (at === digits) this.fail('a number');
      if (!isPlain) {
        value = Number(String.fromCharCode(...bytes.subarray(this.position, end)));
        if (Number.isNaN(value)) this.fail('a number');
        this.position = end;
        return value;
      }
      this.position = at;
      return first === MINUS ? -value : value;
    }
  }

  /** A string, interned; -1 for one of more than `LONGEST_STRING` bytes, which is no name. */
  string(strings: StringInterner): number {
    if (this.bytes[this.position] !== QUOTE && this.peek('a string') !== QUOTE) this.fail('a string');
    let { bytes } = this;
    let at = this.position + 1;
    let hash = 0x811c9dc5 | 0;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) return this.#escapedString(strings);
      if (byte === undefined) {
        if (at - this.position - 1 > LONGEST_STRING) return this.#endlessString();
        const moved = this.refill(this.position);
        if (moved < 0) throw new ScanStop('truncated', this.base + at, '"');
        at -= moved;
        bytes = this.bytes;
        continue;
      }
      hash = Math.imul(hash ^ byte, 0x01000193);
      at++;
    }
    const start = this.position + 1;
    if (at - start > LONGEST_STRING) return this.#endlessString();
    this.position = at + 1;
    return strings.internHashed(bytes, start, at, hash);
  }

  /** Passes over any value, however deeply nested. */
  skip(): void {
    const first = this.peek('a value');
    if (first === QUOTE) return this.#skipString();
    if (first !== BRACE && first !== BRACKET) return this.#skipScalar();
    const open = new Brackets();
    for (;;) {
      const byte = this.peek('a value');
      if (byte === QUOTE) this.#skipString();
      else if (byte === BRACE || byte === BRACKET) {
        if (!open.push(byte)) this.fail('an end of brackets');
        this.position++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (open.pop() + 2 !== byte) this.fail('a matching bracket');
        this.position++;
        if (open.depth === 0) return;
      } else if (byte === COMMA || byte === COLON) this.position++;
      else this.#skipScalar();
    }
  }

  #slowKey(keys: readonly Uint8Array[]): number {
    // With every character as an escape a known key has six times its bytes.
    this.ensure(LONGEST_KEY * 6);
    const { bytes } = this;
    let end = this.position + 1;
    const most = this.position + LONGEST_KEY * 6;
    while (end < most && bytes[end] !== QUOTE && bytes[end] !== undefined) end += bytes[end] === BACKSLASH ? 2 : 1;
    const quoted = bytes.slice(this.position, end + 1);
    this.#skipString();
    if (quoted.at(-1) !== QUOTE || !quoted.includes(BACKSLASH)) return -1;
    const text = decodeJsonString(quoted);
    return text === undefined ? -1 : keys.findIndex((key) => String.fromCharCode(...key) === text);
  }

  /** Passes over a string and hands over what stands between its quotes, as it is, in as many pieces as the window makes of it. */
  skipStringInto(take: (bytes: Uint8Array, from: number, to: number) => void): void {
    this.expect(QUOTE);
    for (;;) {
      const { bytes } = this;
      let at = this.position;
      while (bytes[at] !== QUOTE && at < bytes.length) at += bytes[at] === BACKSLASH ? 2 : 1;
      // An escape may begin where the window ends.
      const end = Math.min(at, bytes.length);
      const whole = at > bytes.length ? end - 1 : end;
      take(bytes, this.position, whole);
      this.position = whole;
      if (bytes[at] === QUOTE) {
        this.position = at + 1;
        return;
      }
      if (this.refill(this.position) < 0) throw new ScanStop('truncated', this.base + this.bytes.length, '"');
    }
  }

  #skipString(): void {
    let { bytes } = this;
    let at = this.position + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined) {
        this.position = at;
        const moved = this.refill(at);
        if (moved < 0) throw new ScanStop('truncated', this.base + this.bytes.length, '"');
        at -= moved;
        bytes = this.bytes;
      } else at += byte === BACKSLASH ? 2 : 1;
    }
    this.position = at + 1;
  }

  /** The string at the position, which holds a backslash. */
  #escapedString(strings: StringInterner): number {
    let at = this.position + 1;
    for (;;) {
      const byte = this.bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined) {
        if (at - this.position - 1 > LONGEST_STRING) return this.#endlessString();
        const moved = this.refill(this.position);
        if (moved < 0) throw new ScanStop('truncated', this.base + this.bytes.length, '"');
        at -= moved;
      } else at += byte === BACKSLASH ? 2 : 1;
    }
    if (at - this.position - 1 > LONGEST_STRING) return this.#endlessString();
    const text = decodeJsonString(this.bytes.subarray(this.position, at + 1));
    this.position++;
    if (text === undefined) this.fail('a string');
    this.position = at + 1;
    return strings.intern(text);
  }

  #endlessString(): number {
    this.#skipString();
    return -1;
  }

  #endlessNumber(end: number): number {
    let at = end;
    for (;;) {
      while (isNumberByte(this.bytes[at])) at++;
      this.position = at;
      if (at < this.bytes.length) return Number.NaN;
      const moved = this.refill(at);
      if (moved < 0) throw new ScanStop('truncated', this.offset, 'a number');
      at -= moved;
    }
  }

  #skipScalar(): void {
    const first = this.bytes[this.position] as number;
    if (first === MINUS || (first >= 0x30 && first <= 0x39)) {
      this.number();
      return;
    }
    const word = first === 0x74 ? TRUE : first === 0x66 ? FALSE : first === 0x6e ? NULL : undefined;
    if (word === undefined) this.fail('a value');
    this.ensure(word.length);
    for (let i = 0; i < word.length; i++) {
      const byte = this.bytes[this.position + i];
      if (byte === undefined) throw new ScanStop('truncated', this.offset + i, 'a value');
      if (byte !== word[i]) this.fail('a value');
    }
    this.position += word.length;
  }
}

/** More than any key that a reader asks for, with its quotes. */
const LONGEST_KEY = 32;
/** A double has 1,100 significant digits at most. */
const LONGEST_NUMBER = 4096;
/** No function is called so. Names are kept in memory, unlike anything else that a file may have too much of. */
const LONGEST_STRING = 1 << 24;
const TRUE = asciiBytes('true');
const FALSE = asciiBytes('false');
const NULL = asciiBytes('null');

function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || byte === MINUS || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
}
