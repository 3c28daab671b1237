import type { SourceFunction } from '../parse/parse-functions';
import type { OriginalText } from './original-text';
import type { OriginalTexts } from './original-texts';
import type { MapSegment, ScriptMap } from './source-maps';

/**
 * Which original line the cost of a generated line belongs to.
 *
 * V8 tells of a sample only its generated line. A compiler that keeps lines (tsc, swc, babel, oxc,
 * sucrase, rollup) has one statement on each: the cost is that statement's, and its line is that of
 * the first mapped place on it, which stands after the indentation. Places further right may lead to
 * other lines, where an expression of several lines was printed on one: it is one statement still.
 * Where a line holds several statements of one function that stand on different lines of the source
 * (a module written as one line), nothing says which of them ran, and none gets the cost: its first
 * statement, or the function's first line, would be an answer that is mostly wrong.
 */
export type LineOwner =
  | { readonly kind: 'line'; readonly source: string; readonly line: number }
  /** Several statements share the generated line. */
  | { readonly kind: 'several' }
  /** Nothing on it comes from a source: code that the compiler added. */
  | { readonly kind: 'none' };

/** The function whose cost it is: where it begins in the script, and which one of the source it is, as far as that is known. */
export interface MappedOwner {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly fn: SourceFunction | 'top' | undefined;
}

/** Stands for a line of another source. */
const ANOTHER_FILE = -1;

/** More places of one line are not looked at: no function of a person's has so many. */
const MOST_SEGMENTS = 5000;

export function ownerOfLine(map: ScriptMap, generated: number, owner: MappedOwner, textOf: OriginalTexts): LineOwner {
  const from = generated === owner.line ? owner.column : 0;
  const [first] = map.segments(generated, from);
  if (!first) return { kind: 'none' };
  const one = (line: number): LineOwner => ({ kind: 'line', source: first.source, line });
  if (!isSpread(map.segments(generated, from), first)) return one(first.line);
  const text = textOf(first.source, map);
  const { fn } = owner;
  const lines = text && statementLines(text, map.segments(generated, from), first.source, fn);
  if (!lines || lines.size > 1 || lines.has(ANOTHER_FILE)) return { kind: 'several' };
  const [line] = lines;
  if (line !== undefined) return one(line);
  // Only heads and ends of blocks are on it.
  return one(fn && fn !== 'top' && generated === owner.line ? fn.v8Line + 1 : first.line);
}

/** Whether places of a generated line lead to other lines than the first of them does. */
function isSpread(segments: Iterable<MapSegment>, first: MapSegment): boolean {
  for (const { line, source } of segments) if (line !== first.line || source !== first.source) return true;
  return false;
}

/** For each statement with a place among the segments, the line of its first one; two lines say that there are several. */
function statementLines(text: OriginalText, segments: Iterable<MapSegment>, source: string, fn: MappedOwner['fn']): Set<number> {
  const own = fn === 'top' ? undefined : fn;
  const seen = new Set<number>();
  const lines = new Set<number>();
  let count = 0;
  for (const segment of segments) {
    if (++count > MOST_SEGMENTS) break;
    // Code of another file on the line is another function's; of one that is not known, it may be its own.
    if (segment.source !== source) {
      if (!own) lines.add(ANOTHER_FILE);
      continue;
    }
    const statement = text.statementAt(segment);
    // What stands in another function, around or within, has a row of its own in the profile.
    if (!statement || seen.has(statement.start) || (fn && statement.owner !== own)) continue;
    seen.add(statement.start);
    lines.add(segment.line);
    if (lines.size > 1) break;
  }
  return lines;
}
