/** What the scanner of JSON text is made of: its marks, keys to compare with, open brackets, escapes. */

export const QUOTE = 0x22;
export const BRACE = 0x7b;
export const BRACKET = 0x5b;
export const CLOSE_BRACE = 0x7d;
export const CLOSE_BRACKET = 0x5d;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const MINUS = 0x2d;
export const BACKSLASH = 0x5c;

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

function literalOf(text: string): Literal {
  const view = viewOf(asciiBytes(text));
  const { byteLength: length } = view;
  return { length, words: Uint32Array.from({ length: length >> 2 }, (_, w) => view.getUint32(w * 4, true)), last: view.getUint32(length - 4, true) };
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Values nested deeper are not passed over; real ones stay far below a hundred. */
const DEEPEST = 1 << 26;

/** Brackets that are open, a bit each. */
export class Brackets {
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

declare const TextDecoder: { new (): { decode(bytes: Uint8Array): string } };
const decoder = new TextDecoder();

/** A string with its quotes; undefined where an escape in it is none. */
export function decodeJsonString(quoted: Uint8Array): string | undefined {
  // Raw control characters are not JSON, but tools write them; they are let through.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escaping them is the purpose
  const text = decoder.decode(quoted).replace(/[\u0000-\u001f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a bad escape: the caller says where
  }
}
