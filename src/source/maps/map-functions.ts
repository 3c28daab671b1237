import type { SourceFunction } from '../parse/parse-functions';
import type { OriginalText, TextPlace } from './original-text';
import type { OriginalTexts } from './original-texts';
import type { OriginalPosition, ScriptMap } from './source-maps';

/** A function as V8 tells of it, in the script that ran. */
export interface RanFunction {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based: of its `(`, or of an arrow function's parameters. */
  readonly column: number;
}

/**
 * Where a function stands in its source; `fn` is what the source has there: `top` where it is the code
 * of the module itself, which a bundler put into a function, undefined where the text is not known.
 */
export interface FoundFunction extends OriginalPosition {
  readonly fn: SourceFunction | 'top' | undefined;
}

/**
 * Finds a function of a script in its source. A map has places where its writer put them: at the
 * name, at the first token, or only at the call around a callback. So the text decides: the function
 * in whose head the mapped place is, else the one that begins between it and the next mapped place.
 * `ticks` are generated lines (1-based) on which it was seen, for one whose own head the compiler has
 * added: the body of a generator. Undefined where nothing of it comes from a source.
 */
export function findFunction(map: ScriptMap, ran: RanFunction, ticks: Iterable<number>, textOf: OriginalTexts): FoundFunction | undefined {
  const at = map.original(ran.line, ran.column);
  if (!at) return aroundTicks(map, ran, ticks, textOf);
  const text = textOf(at.source, map);
  const next = map.next(ran.line, ran.column);
  const fn = text && functionNear(text, ran.name, at, next?.source === at.source ? next : undefined);
  return fn ? { ...placeOf(at.source, fn), fn } : { ...at, fn: undefined };
}

const placeOf = (source: string, { v8Line, v8Column }: SourceFunction): OriginalPosition => ({ source, line: v8Line + 1, column: v8Column });

function functionNear(text: OriginalText, name: string, at: TextPlace, next: TextPlace | undefined): SourceFunction | undefined {
  const head = text.headAt(at);
  if (head) return head;
  const isBehind = next && (next.line > at.line || (next.line === at.line && next.column > at.column));
  const starting = text.startingIn(at, isBehind ? next : undefined);
  return starting.find((one) => lastWord(one.name) === lastWord(name)) ?? (lastWord(name) === '' ? starting[0] : undefined);
}

function aroundTicks(map: ScriptMap, ran: RanFunction, ticks: Iterable<number>, textOf: OriginalTexts): FoundFunction | undefined {
  for (const line of ticks) {
    // The line of its head has other code before and behind it.
    const [segment] = line === ran.line ? [] : map.segments(line);
    const text = segment && textOf(segment.source, map);
    if (!text) continue;
    const fn = text.around(segment);
    if (isShared(map, line, text, fn)) continue;
    return fn ? { ...placeOf(segment.source, fn), fn } : { source: segment.source, line: 1, column: 0, fn: 'top' };
  }
  return undefined;
}

/** Whether a line has code of several functions, so that it says nothing of the one that ran there. */
function isShared(map: ScriptMap, line: number, text: OriginalText, fn: SourceFunction | undefined): boolean {
  for (const segment of map.segments(line)) if (text.around(segment) !== fn) return true;
  return false;
}

/** What the source calls a function whose name V8 has from code that was written by a machine. */
export function originalName(text: OriginalText | undefined, { fn }: FoundFunction, ranName: string): string {
  if (!fn || fn === 'top' || fn.name === '' || fn.name === 'default' || !text) return ranName;
  const last = lastWord(ranName);
  return last !== '' && (last === lastWord(fn.name) || text.headHas(fn, last)) ? ranName : fn.name;
}

export const lastWord = (name: string): string => /[\p{L}\p{N}_$#]+$/u.exec(name)?.[0] ?? '';
