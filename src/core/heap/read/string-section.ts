import { BRACKET, QUOTE } from '../../json/json-parts';
import type { JsonScanner } from '../../json/json-scanner';
import { HeapStringTable } from './heap-strings';
import type { BadValues } from './number-records';

/** A block of more bytes would need wider offsets; a snapshot's strings are cut at 1,024 characters each. */
const MOST_BYTES = 0xffff_fff0;

/** Reads the list of strings, as they stand, into one block. */
export class StringSection {
  #bytes: Uint8Array;
  #used = 0;
  #offsets = new Uint32Array(1 << 12);
  #count = 0;

  /** `room`: bytes that the list may have, if that is known. */
  constructor(room: number) {
    this.#bytes = new Uint8Array(Math.max(1 << 12, room));
  }

  read(scan: JsonScanner, bad: BadValues): void {
    if (!scan.enter(BRACKET)) return;
    do {
      this.#plain(scan);
      if (scan.peek('a string') === QUOTE) this.#string(scan);
      else {
        bad.add(scan.offset);
        scan.skip();
        this.#end();
      }
    } while (scan.more(BRACKET));
  }

  finish(): HeapStringTable {
    return new HeapStringTable(this.#bytes.subarray(0, this.#used), this.#offsets.slice(0, this.#count + 1));
  }

  /** Strings that stand whole in the window, each with the comma behind it; V8 writes a newline after that. */
  #plain(scan: JsonScanner): void {
    const { bytes } = scan;
    const { length } = bytes;
    let start = scan.position;
    for (;;) {
      let at = start;
      if (bytes[at] === NEWLINE) at++;
      if (bytes[at] !== QUOTE) break;
      const from = ++at;
      let byte = bytes[at];
      while (byte !== QUOTE && at < length) {
        at += byte === BACKSLASH ? 2 : 1;
        byte = bytes[at];
      }
      if (byte !== QUOTE || bytes[at + 1] !== COMMA) break;
      this.#add(bytes, from, at);
      this.#end();
      start = at + 2;
    }
    scan.position = start;
  }

  /** A string that may go over the window's end, by pieces: the scanner passes over it and we take what it passes. */
  #string(scan: JsonScanner): void {
    scan.skipStringInto((bytes, from, to) => this.#add(bytes, from, to));
    this.#end();
  }

  #add(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (this.#used + length > this.#bytes.length) {
      if (this.#used + length > MOST_BYTES) throw new RangeError('the strings have more than 4 GB');
      const larger = new Uint8Array(Math.min(MOST_BYTES, Math.max(this.#bytes.length * 2, this.#used + length)));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    const block = this.#bytes;
    // A call costs more than to copy a short one by hand.
    if (length < 64) for (let i = from, at = this.#used; i < to; i++, at++) block[at] = bytes[i] as number;
    else block.set(bytes.subarray(from, to), this.#used);
    this.#used += length;
  }

  #end(): void {
    this.#count++;
    if (this.#count === this.#offsets.length) {
      const larger = new Uint32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    this.#offsets[this.#count] = this.#used;
  }
}

const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
