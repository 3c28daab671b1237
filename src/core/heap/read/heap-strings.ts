import type { HeapStrings } from '../graph/heap-graph';

/**
 * The strings of a snapshot as they stand in the file: JSON without its quotes, escapes
 * and all, in one block. A string is decoded when it is asked for; most never are.
 */
export class HeapStringTable implements HeapStrings {
  readonly bytes: Uint8Array;
  /** One more than there are strings: string i is `bytes[offsets[i] .. offsets[i + 1])`. */
  readonly offsets: Uint32Array;

  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  at(index: number): string {
    const start = this.offsets[index];
    const end = this.offsets[index + 1];
    if (start === undefined || end === undefined) return '';
    return decodeJsonText(this.bytes.subarray(start, end));
  }

  firstByte(index: number): number {
    const start = this.offsets[index];
    const end = this.offsets[index + 1];
    return start === undefined || end === undefined || start === end ? -1 : (this.bytes[start] as number);
  }
}

/** What stands between the quotes of a JSON string. A bad escape is left as it stands. */
function decodeJsonText(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  if (!bytes.includes(BACKSLASH)) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, code: string | undefined, char: string) =>
    code === undefined ? (escapes[char] as string) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const BACKSLASH = 0x5c;
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

declare const TextDecoder: { new (label: string, options: { ignoreBOM: boolean }): { decode(bytes: Uint8Array): string } };
// A name may begin with U+FEFF: it is no byte order mark there.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
