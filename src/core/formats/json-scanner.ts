import type { Column } from '../profile/growable';
import type { StringInterner } from '../profile/string-table';

/**
 * A pull scanner over the UTF-8 bytes of a JSON text (RFC 8259). It makes no
 * objects and no strings but those asked for, recurses nowhere, and stops at
 * the first byte that does not fit by throwing `ScanStop`, which never leaves
 * `core/formats`: readers turn it into a warning or an issue.
 *
 * It sees the text through a window. Over whole bytes, the window is all of
 * them; over a `ByteSource` it is refilled where it ends, and what stands
 * before the token that is being read is forgotten:
 *
 *   file    …………|[kept token so far][refilled ……………]|…………
 *               base                              base + bytes.length
 *
 * so that memory is that of the window, or of the longest name where that is more.
 */
export class JsonScanner {
  /** The window; it changes with every refill. */
  bytes: Uint8Array;
  /** The next byte, in the window. */
  position = 0;
  /** The first bytes of the text, wherever the window is by now. */
  readonly head: Uint8Array;
  /** Whether the last string stood there as it is, without escapes. */
  isPlain = true;
  /** Bytes of the text before the window. */
  #base = 0;
  /** Of the window. */
  view: DataView;
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Where the next bytes come from; undefined at the end. */
  #source: ByteSource | undefined;

  constructor(input: Uint8Array | ByteSource, window = 1 << 20) {
    if (input instanceof Uint8Array) {
      this.bytes = input;
      this.head = input.subarray(0, HEAD);
    } else {
      this.head = readHead(input);
      this.#source = afterHead(this.head, input);
      this.#buffer = new Uint8Array(window);
      this.bytes = this.#buffer.subarray(0, 0);
    }
    this.view = viewOf(this.bytes);
    if (this.head[0] === 0xef && this.head[1] === 0xbb && this.head[2] === 0xbf) {
      this.#ensure(3);
      this.position = 3;
    }
  }

  /** The next byte's place in the whole text. */
  get offset(): number {
    return this.#base + this.position;
  }

  /** The next byte that is not white space, not consumed. Stops at the end of the bytes. */
  peek(expected: string): number {
    let at = this.position;
    for (;;) {
      const byte = this.bytes[at];
      if (byte === undefined) {
        this.position = at;
        const moved = this.#refill(at);
        if (moved < 0) throw new ScanStop('truncated', this.offset, expected);
        at -= moved;
      } else if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        this.position = at;
        return byte;
      } else at++;
    }
  }

  atEnd(): boolean {
    try {
      this.peek('');
      return false;
    } catch (error) {
      if (error instanceof ScanStop) return true; // peek stops only where the bytes end
      throw error;
    }
  }

  expect(byte: number): void {
    if (this.bytes[this.position] !== byte && this.peek(String.fromCharCode(byte)) !== byte) this.fail(String.fromCharCode(byte));
    this.position++;
  }

  fail(expected: string): never {
    throw new ScanStop('malformed', this.offset, expected);
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

  /** An object key and its colon, as one of `keys`, or -1 for any other. `guess` is tried first: writers keep one order. */
  key(keys: readonly Uint8Array[], guess = 0): number {
    if (this.peek('a key') !== QUOTE) this.fail('a key');
    if (this.bytes.length - this.position < LONGEST_KEY) this.#ensure(LONGEST_KEY);
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
    if (this.#literal(keys.first)) return 0;
    return this.enter(BRACE) ? this.key(keys.names, 0) : DONE;
  }

  /**
   * After a value in an object: the next key, or `DONE` at the object's end. A key that
   * stands as writers write it, without white space and where `guess` says, is compared
   * four bytes at a time, with its comma and colon: a third of the time of `more` and `key`.
   */
  nextKey(keys: KeySet, guess: number): number {
    const literal = keys.following[guess];
    if (literal !== undefined && this.#literal(literal)) return guess;
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
        if (this.#refill(this.position) >= 0) continue;
        throw new ScanStop('truncated', this.#base + end, 'a number');
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

  /**
   * Plain integers with nothing between them but commas go into `column`, as many as
   * stand here in the window; the position is then at a value that `number` can read,
   * or at one that is no number. Most of what is no node in a profile is such a list.
   */
  integers(column: Column<Float64Array>): void {
    const { bytes } = this;
    let start = this.position;
    for (;;) {
      let at = start;
      const isNegative = bytes[at] === MINUS;
      if (isNegative) at++;
      const digits = at;
      let value = 0;
      let byte = bytes[at] as number;
      while (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + byte - 0x30;
        byte = bytes[++at] as number;
      }
      if (byte !== COMMA || at === digits || at - digits > 15) break;
      column.push(isNegative ? -value : value);
      start = at + 1;
    }
    this.position = start;
  }

  /**
   * A string, interned; -1 for one of more than `LONGEST_STRING` bytes, which is no name.
   * `guess` is what it may be, a string that was plain: to compare takes a tenth of what it takes to hash.
   */
  string(strings: StringInterner, guess = 0): number {
    if (this.bytes[this.position] !== QUOTE && this.peek('a string') !== QUOTE) this.fail('a string');
    let { bytes } = this;
    const after = guess > 0 ? strings.endOfJson(guess, this.view, this.position + 1) : -1;
    this.isPlain = true;
    if (after > 0) {
      this.position = after;
      return guess;
    }
    let at = this.position + 1;
    let hash = 0x811c9dc5 | 0;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) return this.#escapedString(strings);
      if (byte === undefined) {
        if (at - this.position - 1 > LONGEST_STRING) return this.#endlessString();
        const moved = this.#refill(this.position);
        if (moved < 0) throw new ScanStop('truncated', this.#base + at, '"');
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

  /** Passes over any value; where it is a string of up to nine digits that stands in the window, gives its number, else -1. */
  digits(): number {
    this.peek('a value');
    const { bytes } = this;
    const start = this.position + 1;
    let at = start;
    let value = 0;
    let byte = bytes[at] as number;
    while (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + byte - 0x30;
      byte = bytes[++at] as number;
    }
    if (bytes[this.position] === QUOTE && byte === QUOTE && at > start && at - start < 10) {
      this.position = at + 1;
      return value;
    }
    this.skip();
    return -1;
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

  /**
   * More of the text behind the window, of which what stands from `from` on is kept.
   * Gives by how much places in the window have moved to the front, -1 at the end.
   */
  #refill(from: number): number {
    if (!this.#source) return -1;
    const kept = Math.max(0, this.bytes.length - from);
    const moved = this.bytes.length - kept;
    if (kept * 2 > this.#buffer.length) {
      const grown = new Uint8Array(this.#buffer.length * 2);
      grown.set(this.bytes.subarray(moved));
      this.#buffer = grown;
    } else if (kept > 0) this.#buffer.copyWithin(0, moved, this.bytes.length);
    const added = this.#source.read(this.#buffer.subarray(kept));
    if (added === 0) this.#source = undefined;
    this.bytes = this.#buffer.subarray(0, kept + added);
    this.view = viewOf(this.bytes);
    this.#base += moved;
    this.position -= moved;
    // At the end the places have moved all the same, so the next answer is -1.
    return moved;
  }

  /** Passes over exactly these bytes, if they stand here in the window. */
  #literal({ length, words, last }: Literal): boolean {
    const view = this.view;
    const at = this.position;
    if (at + length > view.byteLength || view.getUint32(at + length - 4, true) !== last) return false;
    for (let w = 0; w < words.length; w++) if (view.getUint32(at + w * 4, true) !== words[w]) return false;
    this.position = at + length;
    return true;
  }

  /** Reads on until the window has `count` bytes from the position, or the text ends. */
  #ensure(count: number): void {
    while (this.bytes.length - this.position < count && this.#refill(this.position) >= 0);
  }

  #slowKey(keys: readonly Uint8Array[]): number {
    // With every character as an escape a known key has six times its bytes.
    this.#ensure(LONGEST_KEY * 6);
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
      if (this.#refill(this.position) < 0) throw new ScanStop('truncated', this.#base + this.bytes.length, '"');
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
        const moved = this.#refill(at);
        if (moved < 0) throw new ScanStop('truncated', this.#base + this.bytes.length, '"');
        at -= moved;
        bytes = this.bytes;
      } else at += byte === BACKSLASH ? 2 : 1;
    }
    this.position = at + 1;
  }

  /** The string at the position, which holds a backslash. */
  #escapedString(strings: StringInterner): number {
    this.isPlain = false;
    let at = this.position + 1;
    for (;;) {
      const byte = this.bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined) {
        if (at - this.position - 1 > LONGEST_STRING) return this.#endlessString();
        const moved = this.#refill(this.position);
        if (moved < 0) throw new ScanStop('truncated', this.#base + this.bytes.length, '"');
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
      const moved = this.#refill(at);
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
    this.#ensure(word.length);
    for (let i = 0; i < word.length; i++) {
      const byte = this.bytes[this.position + i];
      if (byte === undefined) throw new ScanStop('truncated', this.offset + i, 'a value');
      if (byte !== word[i]) this.fail('a value');
    }
    this.position += word.length;
  }
}

/** Bytes that come in pieces, synchronously: of a file, as a rule. What `read` throws goes through the scanner. */
export interface ByteSource {
  /** Puts the next bytes into `into` (which has room for one at least) and gives their number; 0 at the end, for good. */
  read(into: Uint8Array): number;
}

/** The keys of a kind of object, in the order that its writer has them. */
export interface KeySet {
  readonly names: readonly Uint8Array[];
  /** `{"name":` of the first one. */
  readonly first: Literal;
  /** `,"name":` of each. */
  readonly following: readonly Literal[];
}

/** At least four bytes: little-endian words from the front, and one that ends at the end. */
export interface Literal {
  readonly length: number;
  readonly words: Uint32Array;
  readonly last: number;
}

/** Where an object ends, in place of a key. */
export const DONE = -2;

export function keySet(...names: readonly string[]): KeySet {
  return { names: names.map(asciiBytes), first: literalOf(`{"${names[0]}":`), following: names.map((name) => literalOf(`,"${name}":`)) };
}

export function literalOf(text: string): Literal {
  const view = viewOf(asciiBytes(text));
  const { byteLength: length } = view;
  return { length, words: Uint32Array.from({ length: length >> 2 }, (_, w) => view.getUint32(w * 4, true)), last: view.getUint32(length - 4, true) };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What tells one format from another stands in these first bytes. */
const HEAD = 2000;
/** More than any key that a reader asks for, with its quotes. */
const LONGEST_KEY = 32;
/** A double has 1,100 significant digits at most. */
const LONGEST_NUMBER = 4096;
/** No function is called so. Names are kept in memory, unlike anything else that a file may have too much of. */
const LONGEST_STRING = 1 << 24;
/** Values nested deeper are not passed over; real ones stay far below a hundred. */
const DEEPEST = 1 << 26;

function readHead(source: ByteSource): Uint8Array {
  const head = new Uint8Array(HEAD);
  let length = 0;
  while (length < HEAD) {
    const added = source.read(head.subarray(length));
    if (added === 0) break;
    length += added;
  }
  return head.subarray(0, length);
}

/** The head once more, then what follows it. */
function afterHead(head: Uint8Array, source: ByteSource): ByteSource {
  let given = 0;
  return {
    read(into) {
      if (given === head.length) return source.read(into);
      const part = head.subarray(given, given + into.length);
      into.set(part);
      given += part.length;
      return part.length;
    },
  };
}

/** Brackets that are open, a bit each. */
class Brackets {
  depth = 0;
  #bits = new Uint8Array(16);

  push(bracket: number): boolean {
    if (this.depth === DEEPEST) return false;
    if (this.depth >> 3 === this.#bits.length) {
      const grown = new Uint8Array(this.#bits.length * 2);
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const bit = 1 << (this.depth & 7);
    const at = this.depth++ >> 3;
    this.#bits[at] = bracket === BRACE ? (this.#bits[at] as number) | bit : (this.#bits[at] as number) & ~bit;
    return true;
  }

  /** The one that was opened last. */
  pop(): number {
    this.depth--;
    return ((this.#bits[this.depth >> 3] as number) >> (this.depth & 7)) & 1 ? BRACE : BRACKET;
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

function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
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
