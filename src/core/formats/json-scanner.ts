import type { StringInterner } from '../profile/string-table';

/**
 * A pull scanner over the UTF-8 bytes of a JSON text (RFC 8259). It makes no
 * objects and no strings but those asked for, recurses nowhere, and stops at
 * the first byte that does not fit by throwing `ScanStop`, which never leaves
 * `core/formats`: readers turn it into a warning or an issue.
 */
export class JsonScanner {
  readonly bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.position = 3;
  }

  /** The next byte that is not white space, not consumed. Stops at the end of the bytes. */
  peek(expected: string): number {
    const { bytes } = this;
    let at = this.position;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined) {
        this.position = at;
        throw new ScanStop('truncated', at, expected);
      }
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        this.position = at;
        return byte;
      }
      at++;
    }
  }

  atEnd(): boolean {
    try {
      this.peek('');
      return false;
    } catch {
      return true; // peek stops only where the bytes end
    }
  }

  expect(byte: number): void {
    if (this.peek(String.fromCharCode(byte)) !== byte) this.fail(String.fromCharCode(byte));
    this.position++;
  }

  fail(expected: string): never {
    throw new ScanStop('malformed', this.position, expected);
  }

  /** Enters an array or object; false if it is empty (then it is consumed whole). */
  enter(open: number): boolean {
    this.expect(open);
    if (this.peek('a value') !== open + 2) return true;
    this.position++;
    return false;
  }

  /** After a value: true if another follows, false if the array or object ends here. */
  more(open: number): boolean {
    const close = open + 2;
    const byte = this.peek(', or the end');
    if (byte !== COMMA && byte !== close) this.fail(`, or ${String.fromCharCode(close)}`);
    this.position++;
    return byte === COMMA;
  }

  /** An object key and its colon, as one of `keys`, or -1 for any other. */
  key(keys: readonly Uint8Array[]): number {
    if (this.peek('a key') !== QUOTE) this.fail('a key');
    const { bytes } = this;
    const start = this.position + 1;
    let found = -1;
    for (let k = 0; k < keys.length && found < 0; k++) {
      const key = keys[k] as Uint8Array;
      if (bytes[start + key.length] !== QUOTE || bytes[start] !== key[0]) continue;
      let i = 1;
      while (i < key.length && bytes[start + i] === key[i]) i++;
      if (i === key.length) found = k;
    }
    if (found >= 0) this.position = start + (keys[found] as Uint8Array).length + 1;
    else found = this.#slowKey(keys);
    this.expect(COLON);
    return found;
  }

  /** A number; -0, exponents and fractions included. */
  number(): number {
    const first = this.peek('a number');
    const { bytes } = this;
    let at = this.position;
    let negative = false;
    if (first === MINUS) {
      negative = true;
      at++;
    }
    const digits = at;
    let value = 0;
    let byte = bytes[at] as number;
    while (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + byte - 0x30;
      byte = bytes[++at] as number;
    }
    if (at >= bytes.length) throw new ScanStop('truncated', at, 'a number');
    if (at === digits) this.fail('a number');
    // Fractions, exponents and integers that a double cannot sum exactly take the slow way.
    if (byte === 0x2e || byte === 0x65 || byte === 0x45 || at - digits > 15) {
      let end = at;
      while (end < bytes.length && isNumberByte(bytes[end] as number)) end++;
      if (end >= bytes.length) throw new ScanStop('truncated', end, 'a number');
      const text = bytes.subarray(this.position, end);
      value = Number(text.length > 400 ? decoder.decode(text) : String.fromCharCode(...text));
      if (Number.isNaN(value)) this.fail('a number');
      this.position = end;
      return value;
    }
    this.position = at;
    return negative ? -value : value;
  }

  /** A string, interned. */
  string(strings: StringInterner): number {
    if (this.peek('a string') !== QUOTE) this.fail('a string');
    const { bytes } = this;
    const start = this.position + 1;
    let hash = 0x811c9dc5;
    let at = start;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined) throw new ScanStop('truncated', at, '"');
      if (byte === BACKSLASH) return strings.intern(this.#escapedString(start));
      hash = Math.imul(hash ^ byte, 0x01000193);
      at++;
    }
    this.position = at + 1;
    return strings.internHashed(bytes, start, at, hash >>> 0);
  }

  /** Passes over any value, however deeply nested. */
  skip(): void {
    const first = this.peek('a value');
    if (first === QUOTE) return this.#skipString();
    if (first !== BRACE && first !== BRACKET) return this.#skipScalar();
    // One bit a level would do; a byte is simpler and 50,000 levels are nothing.
    const open: number[] = [];
    for (;;) {
      const byte = this.peek('a value');
      if (byte === QUOTE) this.#skipString();
      else if (byte === BRACE || byte === BRACKET) {
        open.push(byte);
        this.position++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if ((open.pop() as number) + 2 !== byte) this.fail('a matching bracket');
        this.position++;
        if (open.length === 0) return;
      } else if (byte === COMMA || byte === COLON) this.position++;
      else this.#skipScalar();
    }
  }

  #slowKey(keys: readonly Uint8Array[]): number {
    const start = this.position;
    this.#skipString();
    const raw = this.bytes.subarray(start + 1, this.position - 1);
    if (!raw.includes(BACKSLASH)) return -1;
    const text = decodeJsonString(this.bytes.subarray(start, this.position));
    return text === undefined ? -1 : keys.findIndex((key) => String.fromCharCode(...key) === text);
  }

  #skipString(): void {
    const { bytes } = this;
    let at = this.position + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined) throw new ScanStop('truncated', bytes.length, '"');
      at += byte === BACKSLASH ? 2 : 1;
    }
    this.position = at + 1;
  }

  #escapedString(start: number): string {
    this.position = start - 1;
    this.#skipString();
    const text = decodeJsonString(this.bytes.subarray(start - 1, this.position));
    if (text === undefined) {
      this.position = start;
      this.fail('a string');
    }
    return text;
  }

  #skipScalar(): void {
    const { bytes } = this;
    const first = bytes[this.position] as number;
    if (first === MINUS || (first >= 0x30 && first <= 0x39)) {
      this.number();
      return;
    }
    const word = first === 0x74 ? TRUE : first === 0x66 ? FALSE : first === 0x6e ? NULL : undefined;
    if (word === undefined) this.fail('a value');
    for (let i = 0; i < word.length; i++) {
      const byte = bytes[this.position + i];
      if (byte === undefined) throw new ScanStop('truncated', this.position + i, 'a value');
      if (byte !== word[i]) this.fail('a value');
    }
    this.position += word.length;
  }
}

export class ScanStop extends Error {
  readonly kind: 'truncated' | 'malformed';
  readonly offset: number;
  readonly expected: string;

  constructor(kind: 'truncated' | 'malformed', offset: number, expected: string) {
    super(`${kind} at byte ${offset}`);
    this.kind = kind;
    this.offset = offset;
    this.expected = expected;
  }
}

export const QUOTE = 0x22;
export const BRACE = 0x7b;
export const BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;

export const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const TRUE = asciiBytes('true');
const FALSE = asciiBytes('false');
const NULL = asciiBytes('null');

function isNumberByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === MINUS || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
}

declare const TextDecoder: { new (): { decode(bytes: Uint8Array): string } };
const decoder = new TextDecoder();

function decodeJsonString(quoted: Uint8Array): string | undefined {
  // Raw control characters are not JSON, but tools write them; they are let through.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escaping them is the purpose
  const text = decoder.decode(quoted).replace(/[\u0000-\u001f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a bad escape: the caller says where
  }
}
