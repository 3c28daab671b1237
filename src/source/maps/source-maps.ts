import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  decodedMappings,
  type EncodedSourceMap,
  FlattenMap,
  type SectionedSourceMap,
  type SourceMapSegment,
  type TraceMap,
  traceSegment,
} from '@jridgewell/trace-mapping';
import * as v from 'valibot';
import { textOf } from '../../files/read-regular';
import { readRegularFileSync } from '../../files/read-regular-sync';
import type { FileIssue } from '../../shared/issue';
import { weighJson } from '../../shared/json-weight';
import { whole } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';
import { type FileScope, fileScope, urlToPath } from './locate';
import { sourceMappingUrl } from './map-url';

/** A position in a source: `line` is 1-based, `column` 0-based; `source` a path or a url as the map gives it, resolved. */
export interface OriginalPosition {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/** One mapped place of a generated line, up to the next one. */
export interface MapSegment extends OriginalPosition {
  /** 0-based, in the generated line. */
  readonly generated: number;
  /** What the identifier there is called in the source, where the map tells. */
  readonly name: string | undefined;
}

/** The map of one script. Lines 1-based, columns 0-based. */
export interface ScriptMap {
  /** Paths, or urls of what is no file. */
  readonly sources: readonly string[];
  /** The original of a position: that of the last mapped place before it on its line. */
  original(line: number, column: number): OriginalPosition | undefined;
  /** The mapped places of a generated line, from left to right, the one that holds `from` at the front. */
  segments(line: number, from?: number): Iterable<MapSegment>;
  /** The first mapped place behind a position, on its line or one of the next few. */
  next(line: number, column: number): MapSegment | undefined;
  /** The text of a source, where the map brings it along. */
  content(source: string): string | undefined;
}

/** Maps are at most this large; a larger one is no map that a person's editor could use. */
const MAX_MAP_BYTES = 64 << 20;
/** Bytes that its objects may take: they are in the memory of whoever asks. A segment of the mappings is a list. */
const MOST_WEIGHT = 2 ** 30;
const OF_SEGMENT = 64;

/** Bytes that a map takes when it is read and asked. */
function weightOf(json: Uint8Array): number {
  const { heap, levels, marks } = weighJson(json);
  return levels > 1000 ? Number.POSITIVE_INFINITY : heap + marks * OF_SEGMENT;
}
/** The fields that are used (https://tc39.es/ecma426/). What of a list is no text is none: the others keep their places. */
const texts = v.array(v.fallback(v.nullable(v.string()), null));
const version = v.literal(3);
const plainMap = v.object({
  version,
  sources: texts,
  names: v.fallback(v.array(v.fallback(v.string(), '')), []),
  mappings: v.string(),
  sourceRoot: v.fallback(v.optional(v.string()), undefined),
  sourcesContent: v.fallback(v.optional(texts), undefined),
});
const offset = v.object({ line: whole, column: whole });
type AnyMap = EncodedSourceMap | SectionedSourceMap;
const sourceMap: v.GenericSchema<unknown, AnyMap> = v.union([
  v.object({ version, sections: v.array(v.object({ offset, map: v.lazy(() => sourceMap) })) }) as v.GenericSchema<unknown, SectionedSourceMap>,
  plainMap as v.GenericSchema<unknown, EncodedSourceMap>,
]);
/** How many lines further the code may stand that belongs to a place without a mapping. */
const NEXT_LINES = 4;

/**
 * Reads a source map, plain or indexed (with sections), and resolves its sources
 * against `mapUrl`. Undefined for what is no source map.
 */
export function parseSourceMap(json: string, mapUrl: string): ScriptMap | undefined {
  let trace: TraceMap;
  try {
    const parsed = fittingJson(json.replace(/^\ufeff/, '').replace(/^\)\]\}'[^\n]*\n/, ''), sourceMap);
    if (!parsed) return undefined;
    trace = new FlattenMap(withPosixPaths(parsed) as never, mapUrl);
  } catch {
    return undefined;
  }
  const sources = trace.resolvedSources.map((source) => urlToPath(source) ?? source);
  const segmentAt = (segment: Readonly<SourceMapSegment> | null | undefined): MapSegment | undefined => {
    if (!segment || segment.length === 1) return undefined;
    const [generated, sourceIndex, line, column, name] = segment;
    const source = trace.sources[sourceIndex] === null ? undefined : sources[sourceIndex];
    // Mappings that are no VLQ decode to anything.
    if (source === undefined || !(line >= 0) || !(column >= 0)) return undefined;
    return { generated, source, line: line + 1, column, name: name === undefined ? undefined : trace.names[name] };
  };
  const lineOf = (line: number): readonly Readonly<SourceMapSegment>[] => decodedMappings(trace)[line - 1] ?? [];
  return {
    sources,
    original(line, column) {
      const found = segmentAt(traceSegment(trace, line - 1, column));
      return found && { source: found.source, line: found.line, column: found.column };
    },
    *segments(line, from = 0) {
      const segments = lineOf(line);
      for (let i = Math.max(0, firstAfter(segments, from) - 1); i < segments.length; i++) {
        const found = segmentAt(segments[i]);
        if (found) yield found;
      }
    },
    next(line, column) {
      for (let at = line; at <= line + NEXT_LINES; at++) {
        const segments = lineOf(at);
        for (let i = at === line ? firstAfter(segments, column) : 0; i < segments.length; i++) {
          const found = segmentAt(segments[i]);
          if (found) return found;
        }
      }
      return undefined;
    },
    content: (source) => trace.sourcesContent?.[sources.indexOf(source)] ?? undefined,
  };
}

/** The place of the first segment behind a column, in segments by rising column. */
function firstAfter(segments: readonly Readonly<SourceMapSegment>[], column: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle] as SourceMapSegment)[0] <= column) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Some tools on Windows write paths where urls belong: `C:\\app\\a.ts`, `..\\src\\a.ts`. */
function withPosixPaths<M extends EncodedSourceMap | SectionedSourceMap>(map: M): M {
  if ('sections' in map) {
    return { ...map, sections: map.sections.map((section) => ({ ...section, map: withPosixPaths(section.map as EncodedSourceMap) })) };
  }
  const posix = (source: string | null): string | null => {
    if (typeof source !== 'string' || source === '') return source;
    const slashes = source.includes('/') ? source : source.replaceAll('\\', '/');
    return /^[A-Za-z]:[\\/]/.test(source) ? `file:///${source.replaceAll('\\', '/')}` : slashes;
  };
  const { sources, sourceRoot } = map;
  if (!Array.isArray(sources)) return map;
  return { ...map, sources: sources.map(posix), ...(typeof sourceRoot === 'string' ? { sourceRoot: posix(sourceRoot) ?? '' } : {}) };
}

/** What the maps of one profile may take together. `most` are the milliseconds of the beginning. */
export interface MapBudget {
  left: number;
  milliseconds: number;
  readonly most: number;
}

/** Bytes of memory, and milliseconds for reading: thousands of maps that are refused take as long as those that are not. */
export const mapBudget = (left = 1.5 * 2 ** 30, most = 30_000): MapBudget => ({ left, milliseconds: most, most });

export interface MapOptions {
  /** In place of what the script's comment says. */
  readonly url?: string | undefined;
  readonly scope?: FileScope | undefined;
  /** What maps may still take: bytes of memory and milliseconds; what is read is taken off, be it refused or not. */
  readonly budget?: MapBudget | undefined;
  /** Told of a map that is there and is not read. */
  readonly onRefused?: ((file: string, issue: FileIssue) => void) | undefined;
}

/**
 * The map that a script names in its last `sourceMappingURL` comment: `data:`, or
 * a regular file in the roots or the script's project.
 */
export function sourceMapOf(scriptFile: string, options: MapOptions = {}): ScriptMap | undefined {
  const { budget = mapBudget() } = options;
  if (budget.milliseconds <= 0) {
    // Whether it has one is not looked for either.
    options.onRefused?.(scriptFile, { kind: 'too-late', milliseconds: budget.most });
    return undefined;
  }
  const begun = performance.now();
  try {
    return readMap(scriptFile, { ...options, budget });
  } finally {
    budget.milliseconds -= performance.now() - begun;
  }
}

function readMap(scriptFile: string, options: MapOptions): ScriptMap | undefined {
  const { scope = fileScope([]), budget = mapBudget() } = options;
  const url = options.url ?? sourceMappingUrl(scriptFile, scope.roots);
  if (url === undefined) return undefined;
  const parsed = (json: Uint8Array, mapFile: string): ScriptMap | undefined => {
    const weight = weightOf(json);
    const limit = Math.min(MOST_WEIGHT, budget.left);
    if (weight > limit) {
      options.onRefused?.(mapFile, { kind: 'too-heavy', bytes: weight, limit });
      return undefined;
    }
    budget.left -= weight;
    return parseSourceMap(textOf(json), pathToFileURL(mapFile).href);
  };
  if (url.startsWith('data:')) {
    const json = decodeDataUrl(url);
    return json === undefined ? undefined : parsed(Buffer.from(json), scriptFile);
  }
  const file = path.isAbsolute(scriptFile) ? mapFileOf(url, scriptFile) : undefined;
  if (file === undefined) return undefined;
  const read = readRegularFileSync(file, { most: MAX_MAP_BYTES, within: scope.within(scriptFile), own: scope.roots });
  if (read.ok) return parsed(read.value, file);
  // Named but not there, as after a build without maps, is nothing to tell.
  if (read.error.kind !== 'missing') options.onRefused?.(file, read.error);
  return undefined;
}

function mapFileOf(url: string, scriptFile: string): string | undefined {
  try {
    const resolved = new URL(url, pathToFileURL(scriptFile).href);
    return resolved.protocol === 'file:' ? fileURLToPath(resolved) : undefined;
  } catch {
    return undefined;
  }
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
