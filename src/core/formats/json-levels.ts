const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether lists and objects of a JSON text stand in each other deeper than `most`. `JSON.parse` keeps
 * some 30 bytes for each that is open, outside of the heap that is limited. O(n), some 2 ns a byte.
 */
export function nestsDeeper(bytes: Uint8Array, most: number): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) isText = !isText;
    else if (isText) {
      if (byte === BACKSLASH) at++;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > most) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}
