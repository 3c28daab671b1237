import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type EncodedSourceMap, FlattenMap, originalPositionFor, type SectionedSourceMap, type TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import { urlToPath } from './locate';

/** A position in a source: `line` is 1-based, `column` 0-based; `source` a path or a url as the map gives it, resolved. */
export interface OriginalPosition {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/** The map of one script. */
export interface ScriptMap {
  /** The original of a position; lines 1-based, columns 0-based. */
  original(line: number, column: number): OriginalPosition | undefined;
  /** The original of a whole generated line: its first mapped place. */
  originalLine(line: number): OriginalPosition | undefined;
}

/** Maps are at most this large; a larger one is no map that a person's editor could use. */
const MAX_MAP_BYTES = 256 << 20;

/**
 * Reads a source map, plain or indexed (with sections), and resolves its sources
 * against `mapUrl`. Undefined for what is no source map.
 */
export function parseSourceMap(json: string, mapUrl: string): ScriptMap | undefined {
  let trace: TraceMap;
  try {
    const parsed = JSON.parse(json.replace(/^\)\]\}'[^\n]*\n/, '')) as EncodedSourceMap | SectionedSourceMap;
    if (typeof parsed !== 'object' || parsed === null || parsed.version !== 3) return undefined;
    trace = new FlattenMap(parsed as never, mapUrl);
  } catch {
    return undefined;
  }
  const resolve = (found: { source: string | null; line: number | null; column: number | null }): OriginalPosition | undefined => {
    // Mappings that are no VLQ decode to anything.
    if (found.source === null || found.line === null || !(found.line >= 1) || !((found.column ?? 0) >= 0)) return undefined;
    return { source: urlToPath(found.source) ?? found.source, line: found.line, column: found.column ?? 0 };
  };
  return {
    original: (line, column) => resolve(originalPositionFor(trace, { line, column })),
    originalLine(line) {
      // The first segment of a line may stand after its indentation.
      const direct = traceSegment(trace, line - 1, 0);
      if (direct && direct.length > 1) return resolve(originalPositionFor(trace, { line, column: 0 }));
      return resolve(originalPositionFor(trace, { line, column: 0, bias: 1 }));
    },
  };
}

/**
 * The map that a script names in its last `sourceMappingURL` comment: `data:`, or
 * a file beside it. Only local files are read.
 */
export function sourceMapOf(scriptFile: string, sourceMapUrl?: string): ScriptMap | undefined {
  const url = sourceMapUrl ?? sourceMappingUrl(scriptFile);
  if (url === undefined) return undefined;
  const base = pathToFileURL(scriptFile).href;
  if (url.startsWith('data:')) {
    const json = decodeDataUrl(url);
    return json === undefined ? undefined : parseSourceMap(json, base);
  }
  let file: string;
  try {
    const resolved = new URL(url, base);
    if (resolved.protocol !== 'file:') return undefined;
    file = fileURLToPath(resolved);
  } catch {
    return undefined;
  }
  try {
    if (fs.statSync(file).size > MAX_MAP_BYTES) return undefined;
    return parseSourceMap(fs.readFileSync(file, 'utf8'), pathToFileURL(file).href);
  } catch {
    return undefined; // named but not there, as after a build without maps
  }
}

/** A comment with the place of a map stands at the end. One that holds the map itself may be longer, and is one line. */
const TAIL = 64 << 10;
const marks = ['//# sourceMappingURL=', '//@ sourceMappingURL=', '/*# sourceMappingURL='];

/** The last `//# sourceMappingURL=` of a file, which stands in its last lines (ECMA-426: code after it makes it void). */
export function sourceMappingUrl(scriptFile: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = lastLines(scriptFile);
  } catch {
    return undefined;
  }
  // Bytes are searched, and what is found made text: a bundle of megabytes is not worth a string.
  const at = Math.max(...marks.map((mark) => bytes.lastIndexOf(mark)));
  if (at < 0) return undefined;
  let end = at;
  while (end < bytes.length && bytes[end] !== 0x0a && bytes[end] !== 0x0d) end++;
  return (
    bytes
      .toString('utf8', at + 21, end)
      .replace(/\s*\*\/\s*$/, '')
      .trim() || undefined
  );
}

/** The end of a file with its last line of code in it; all of it, where that line or a comment behind it is longer than the usual end. */
function lastLines(file: string): Buffer {
  const handle = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(handle);
    if (size > MAX_MAP_BYTES) return Buffer.alloc(0);
    const tail = readEnd(handle, Math.min(size, TAIL), size);
    return tail.length === size || hasCodeLine(tail) ? tail : readEnd(handle, size, size);
  } finally {
    fs.closeSync(handle);
  }
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

/** The last `length` bytes of a file of `size`, fewer where it has shrunk. */
function readEnd(handle: number, length: number, size: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = fs.readSync(handle, bytes, filled, length - filled, size - length + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

export function decodeDataUrl(url: string): string | undefined {
  const match = /^data:[^,]*?(;base64)?,/i.exec(url.slice(0, 500));
  if (!match) return undefined;
  const body = url.slice(match[0].length);
  try {
    return match[1] ? Buffer.from(body, 'base64').toString('utf8') : decodeURIComponent(body);
  } catch {
    return undefined;
  }
}

/** Whether a path is inside a bundler's or a loader's output that has no file of its own. */
export const isScriptPath = (file: string): boolean => path.isAbsolute(file) && fs.existsSync(file);
