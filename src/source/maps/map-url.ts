import { readRegularEndSync } from '../../files/read-regular-sync';

/** Where a script says that its source map is. */

/** Scripts are at most this large; a larger one is nothing that a person's editor could show. */
const MAX_SCRIPT_BYTES = 256 << 20;

/** A comment with the place of a map stands at the end. One that holds the map itself may be longer, and is one line. */
const TAIL = 64 << 10;
const marks = ['//# sourceMappingURL=', '//@ sourceMappingURL=', '/*# sourceMappingURL='];

/** The last `//# sourceMappingURL=` of a file, which stands in its last lines (ECMA-426: code after it makes it void). */
export function sourceMappingUrl(scriptFile: string, roots: readonly string[] = []): string | undefined {
  const bytes = lastLines(scriptFile, roots);
  // Bytes are searched, and what is found made text: a bundle of megabytes is not worth a string.
  for (let before = bytes.length; before > 0; ) {
    const at = Math.max(...marks.map((mark) => bytes.lastIndexOf(mark, before - 1)));
    if (at < 0) return undefined;
    let end = at;
    while (end < bytes.length && bytes[end] !== 0x0a && bytes[end] !== 0x0d) end++;
    const url = urlIn(bytes.toString('utf8', at + 21, end), bytes[at + 1] === STAR);
    if (url !== undefined) return url;
    before = at;
  }
  return undefined;
}

const STAR = 0x2a;

/** What stands behind the mark, where it is a url: with a quote or white space in it, it is part of a string or has code behind it, and V8 takes it for none. */
function urlIn(text: string, isBlock: boolean): string | undefined {
  const comment = isBlock ? /^(.*?)\*\/\s*$/.exec(text)?.[1] : text;
  const url = comment?.trim() ?? '';
  return url === '' || /[\s"'`]/.test(url) ? undefined : url;
}

/** The end of a file with its last line of code in it; all of it, where that line or a comment behind it is longer than the usual end. */
function lastLines(file: string, own: readonly string[]): Buffer {
  const read = (length: number): { readonly bytes: Buffer; readonly size: number } => {
    const end = readRegularEndSync(file, { own, most: MAX_SCRIPT_BYTES, length });
    if (!end.ok) return { bytes: Buffer.alloc(0), size: 0 };
    const { buffer, byteOffset, byteLength } = end.value.bytes;
    return { bytes: Buffer.from(buffer, byteOffset, byteLength), size: end.value.size };
  };
  const { bytes: tail, size } = read(TAIL);
  return tail.length === size || hasCodeLine(tail) ? tail : read(size).bytes;
}

/** Whether a whole line that is no comment stands in the end of a file. */
function hasCodeLine(tail: Buffer): boolean {
  let end = tail.length;
  for (;;) {
    const start = tail.lastIndexOf(0x0a, end - 1);
    if (start < 0) return false;
    const line = tail.toString('latin1', start + 1, Math.min(end, start + 1000)).trim();
    if (line !== '' && !line.startsWith('//') && !line.startsWith('/*')) return true;
    if (start === 0) return false;
    end = start;
  }
}
