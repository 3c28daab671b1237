import { limits, TooMany } from './limits';

/**
 * Strings as one UTF-8 block and offsets: `bytes[offsets[i] .. offsets[i+1])`
 * is string i, string 0 is always empty. A string is decoded when it is first
 * asked for, so a table with a million names costs what is looked at.
 */
export class StringTable {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly #cache: string[] = [];

  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  /** String `index`; an index outside of the table gives the empty string. */
  at(index: number): string {
    const cached = this.#cache[index];
    if (cached !== undefined) return cached;
    const start = this.offsets[index];
    const end = this.offsets[index + 1];
    if (start === undefined || end === undefined) return '';
    const text = decoder.decode(this.bytes.subarray(start, end));
    this.#cache[index] = text;
    return text;
  }

  /** A table with more strings behind these. */
  with(added: readonly string[]): StringTable {
    const parts = added.map((text) => encoder.encode(text));
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, this.bytes.length));
    const offsets = new Uint32Array(this.offsets.length + parts.length);
    bytes.set(this.bytes);
    offsets.set(this.offsets);
    let end = this.bytes.length;
    for (const [i, part] of parts.entries()) {
      bytes.set(part, end);
      end += part.length;
      offsets[this.offsets.length + i] = end;
    }
    return new StringTable(bytes, offsets);
  }
}

/** Offsets have 32 bits, and memory grows eightfold. */
const MOST_BYTES = 2 ** 31;

/** Builds a `StringTable`; equal strings get one index. Open addressing on FNV-1a over the bytes. */
export class StringInterner {
  // All grow eightfold: code that was optimised for an array is thrown away when it is replaced. Small at first: some files hold many profiles.
  #bytes = new Uint8Array(1 << 10);
  #used = 0;
  #offsets = new Uint32Array(1 << 6);
  #hashes = new Int32Array(1 << 6);
  #count = 0;
  #slots = new Int32Array(1 << 7).fill(-1);

  readonly #most: number;

  constructor(most = limits.strings) {
    this.#most = most;
    this.internBytes(new Uint8Array(0), 0, 0);
  }

  intern(text: string): number {
    const bytes = encoder.encode(text);
    return this.internBytes(bytes, 0, bytes.length);
  }

  /** Interns the UTF-8 in `source[start .. end)`. */
  internBytes(source: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (source[i] as number), 0x01000193);
    return this.internHashed(source, start, end, hash);
  }

  /** The same, for a caller that has hashed the bytes on its way (FNV-1a, as a signed 32-bit number: it needs no object). */
  internHashed(source: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const index = this.#slots[slot] as number;
      if (index < 0) return this.#add(source, start, end, hash, slot);
      if (this.#hashes[index] === hash && this.#equals(index, source, start, length)) return index;
      slot = (slot + 1) & mask;
    }
  }

  finish(): StringTable {
    return new StringTable(this.#bytes.slice(0, this.#used), this.#offsets.slice(0, this.#count + 1));
  }

  #equals(index: number, source: Uint8Array, start: number, length: number): boolean {
    const from = this.#offsets[index] as number;
    if ((this.#offsets[index + 1] as number) - from !== length) return false;
    for (let i = 0; i < length; i++) {
      if (this.#bytes[from + i] !== source[start + i]) return false;
    }
    return true;
  }

  #add(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const length = end - start;
    if (this.#count > this.#most || this.#used + length > MOST_BYTES) throw new TooMany('strings', this.#most);
    if (this.#used + length > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(MOST_BYTES, Math.max(this.#bytes.length * 8, this.#used + length)));
      grown.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = grown;
    }
    this.#bytes.set(source.subarray(start, end), this.#used);
    this.#used += length;
    const index = this.#count++;
    if (this.#count + 1 > this.#offsets.length) {
      const offsets = new Uint32Array(this.#offsets.length * 8);
      offsets.set(this.#offsets);
      this.#offsets = offsets;
      const hashes = new Int32Array(this.#hashes.length * 8);
      hashes.set(this.#hashes);
      this.#hashes = hashes;
    }
    this.#offsets[index + 1] = this.#used;
    this.#hashes[index] = hash;
    this.#slots[slot] = index;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 8).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < this.#count; index++) {
      let slot = (this.#hashes[index] as number) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.#slots = slots;
  }
}

declare const TextDecoder: { new (label: string, options: { ignoreBOM: boolean }): { decode(bytes: Uint8Array): string } };
declare const TextEncoder: { new (): { encode(text: string): Uint8Array } };
// A name may begin with U+FEFF: it is no byte order mark there.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
