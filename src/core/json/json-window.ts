import type { FastScan } from './fast-scan';
import { type Literal, viewOf } from './json-parts';

/**
 * What a `JsonScanner` sees of a text, and what can be read of it without knowing JSON.
 *
 * Over whole bytes, the window is all of
 * them; over a `ByteSource` it is refilled where it ends, and what stands
 * before the token that is being read is forgotten:
 *
 *   file    …………|[kept token so far][refilled ……………]|…………
 *               base                              base + bytes.length
 *
 * so that memory is that of the window, or of the longest name where that is more.
 */
export class JsonWindow {
  /** The window; it changes with every refill. */
  bytes: Uint8Array;
  /** The next byte, in the window. */
  position = 0;
  /** The first bytes of the text, wherever the window is by now. */
  readonly head: Uint8Array;
  /** Bytes of the text before the window. */
  protected base = 0;
  /** Of the window. */
  view: DataView;
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** What `#buffer` is as long as nothing longer has to be kept. */
  #usual: Uint8Array<ArrayBuffer> = this.#buffer;
  readonly #fast: FastScan | undefined;
  /** Where the next bytes come from; undefined at the end. */
  #source: ByteSource | undefined;

  /** With `fast`, the window lies where that can see it. */
  constructor(input: Uint8Array | ByteSource, window = 1 << 20, fast?: FastScan) {
    this.#fast = fast;
    if (input instanceof Uint8Array && !fast) {
      this.bytes = input;
      this.head = input.subarray(0, HEAD);
    } else {
      const source = input instanceof Uint8Array ? inPieces(input) : input;
      this.head = readHead(source);
      this.#source = afterHead(this.head, source);
      this.#usual = this.#buffer = fast?.window.subarray(0, window) ?? new Uint8Array(window);
      this.bytes = this.#buffer.subarray(0, 0);
    }
    this.view = viewOf(this.bytes);
    if (this.head[0] === 0xef && this.head[1] === 0xbb && this.head[2] === 0xbf) {
      this.ensure(3);
      this.position = 3;
    }
  }

  /** What takes short cuts through the bytes that are in the window now. */
  get fast(): FastScan | undefined {
    return this.#fast?.sees(this.bytes) ? this.#fast : undefined;
  }

  /** The next byte's place in the whole text. */
  get offset(): number {
    return this.base + this.position;
  }

  /** The next byte that is not white space, not consumed. Stops at the end of the bytes. */
  peek(expected: string): number {
    let at = this.position;
    for (;;) {
      const byte = this.bytes[at];
      if (byte === undefined) {
        this.position = at;
        const moved = this.refill(at);
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

  /**
   * More of the text behind the window, of which what stands from `from` on is kept.
   * Gives by how much places in the window have moved to the front, -1 at the end.
   */
  protected refill(from: number): number {
    if (!this.#source) return -1;
    const kept = Math.max(0, this.bytes.length - from);
    const moved = this.bytes.length - kept;
    const isLong = this.#buffer !== this.#usual && kept * 2 <= this.#usual.length;
    if (isLong || kept * 2 > this.#buffer.length) {
      const other = isLong ? this.#usual : new Uint8Array(this.#buffer.length * 2);
      other.set(this.bytes.subarray(moved));
      this.#buffer = other;
    } else if (kept > 0) this.#buffer.copyWithin(0, moved, this.bytes.length);
    const added = this.#source.read(this.#buffer.subarray(kept));
    if (added === 0) this.#source = undefined;
    this.bytes = this.#buffer.subarray(0, kept + added);
    this.view = viewOf(this.bytes);
    this.base += moved;
    this.position -= moved;
    // At the end the places have moved all the same, so the next answer is -1.
    return moved;
  }

  /** Passes over exactly these bytes, if they stand here in the window. */
  protected literal({ length, words, last }: Literal): boolean {
    const view = this.view;
    const at = this.position;
    if (at + length > view.byteLength || view.getUint32(at + length - 4, true) !== last) return false;
    for (let w = 0; w < words.length; w++) if (view.getUint32(at + w * 4, true) !== words[w]) return false;
    this.position = at + length;
    return true;
  }

  /** Reads on until the window has `count` bytes from the position, or the text ends. */
  protected ensure(count: number): void {
    while (this.bytes.length - this.position < count && this.refill(this.position) >= 0);
  }
}

/** Bytes that come in pieces, synchronously: of a file, as a rule. What `read` throws goes through the scanner. */
export interface ByteSource {
  /** Puts the next bytes into `into` (which has room for one at least) and gives their number; 0 at the end, for good. */
  read(into: Uint8Array): number;
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

/** What tells one format from another stands in these first bytes. */
const HEAD = 2000;

function inPieces(bytes: Uint8Array): ByteSource {
  let at = 0;
  return {
    read(into) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
}

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
