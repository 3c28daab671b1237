/**
 * What `JSON.parse` would need for a text, at most. It cannot be stopped: where the heap of a thread runs
 * out within it, the whole process dies. So texts that would need too much are refused before.
 *
 *   {           24 bytes and four places     [   a list and its first elements
 *   , and :     a place, and a number beyond 31 bits
 *   "…"         a string
 */
export interface JsonWeight {
  /** Bytes of the heap. */
  readonly heap: number;
  /** Lists and objects in each other; each that is open takes some 30 bytes outside of the heap. */
  readonly levels: number;
  /** Commas and semicolons of all texts: of a source map, its segments. */
  readonly marks: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const COLON = 0x3a;

const OF_OPENING = 56;
const OF_VALUE = 24;
const OF_STRING = 32;

/** O(n), some 2 ns a byte. */
export function weighJson(bytes: Uint8Array): JsonWeight {
  const weigher = jsonWeigher();
  weigher.add(bytes);
  return weigher.weight();
}

const PIECE = 1 << 16;

/** The same for what is a text already. */
export function weighText(text: string): JsonWeight {
  const weigher = jsonWeigher();
  const piece = new Uint8Array(PIECE);
  for (let from = 0; from < text.length; from += PIECE) {
    const length = Math.min(PIECE, text.length - from);
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(from + at);
      piece[at] = code < 0x80 ? code : 0x80;
    }
    weigher.add(piece.subarray(0, length));
  }
  return weigher.weight();
}

function jsonWeigher(): { add(bytes: Uint8Array): void; weight(): JsonWeight } {
  const sum = { heap: 0, depth: 0, levels: 0, marks: 0, length: -1, isEscaped: false };
  return {
    add(bytes) {
      let { heap, depth, levels, marks, isEscaped } = sum;
      /** Characters of the string that is open; -1 outside. */
      let { length } = sum;
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at] as number;
        if (length >= 0) {
          length++;
          if (isEscaped) isEscaped = false;
          else if (byte === BACKSLASH) isEscaped = true;
          else if (byte === QUOTE) {
            heap += OF_STRING + 2 * length;
            length = -1;
          } else if (byte === COMMA || byte === SEMICOLON) marks++;
        } else if (byte === QUOTE) length = 0;
        else if (byte === COMMA || byte === COLON) heap += OF_VALUE;
        else if (byte === 0x5b || byte === 0x7b) {
          heap += OF_OPENING;
          if (++depth > levels) levels = depth;
        } else if (byte === 0x5d || byte === 0x7d) depth--;
      }
      Object.assign(sum, { heap, depth, levels, marks, length, isEscaped });
    },
    weight: () => ({ heap: sum.heap, levels: sum.levels, marks: sum.marks }),
  };
}
