import { lastWord } from './maps/map-functions';
import type { SourceFunction } from './parse/parse-functions';
import { functionsInTime } from './parse/parse-in-time';

/** Whose code stands on one line of a text. */
export interface LineCode {
  /** The innermost function that the whole line lies in; undefined for the top of the module. */
  readonly around: SourceFunction | undefined;
  /** The outermost functions that begin or end on the line, or stand on it as a whole, by their place. */
  readonly within: readonly SourceFunction[];
  /** Whether the function around has code of its own on it. */
  readonly hasOwn: boolean;
}

/** Where the functions of a text begin and end, and which names each of them mentions. */
export interface FunctionExtents {
  readonly functions: readonly SourceFunction[];
  readonly lines: number;
  /** By the line and column (0-based) at which V8 reports it. */
  at(line: number, column: number): SourceFunction | undefined;
  /** Of a line, 1-based; undefined for one without code, or beyond the text. */
  codeOn(line: number): LineCode | undefined;
  /** The innermost function that holds another. */
  parentOf(fn: SourceFunction): SourceFunction | undefined;
  /** The functions whose names a function mentions, or one of those does, and so on; undefined stands for the top of the module. */
  reachedFrom(fn: SourceFunction | undefined): ReadonlySet<SourceFunction>;
  /** Whether a function mentions another by its name. */
  mentions(fn: SourceFunction | undefined, other: SourceFunction): boolean;
}

/** Lines with more functions side by side are a bundle's: the line alone says nothing of them. */
const MOST_ON_LINE = 3;

/** Of a longer text the names are not looked for. */
const MOST_NAMES = 1 << 20;

/** A line that nothing runs on. */
const NO_CODE = /^\s*(?:$|\/[/*]|\*)/;
/** What is left of a line that declares a function, without the function: nothing that would run again and again. */
const ONLY_DECLARES = /^(?:[\s;,)}\]]|const|let|var|export|default|static|async|return|=|:)*(?:\/\/.*)?$/;

/** Undefined for a text that cannot be parsed. Line by line what is asked for, each answer kept. */
export function functionExtents(text: string, file: string): FunctionExtents | undefined {
  const functions = functionsInTime(text, file);
  if (!functions) return undefined;
  const starts = lineStarts(text);
  const places = new Map(functions.map((one) => [`${one.v8Line}:${one.v8Column}`, one]));
  const parents = parentsOf(functions);
  const names = new Map<SourceFunction | undefined, ReadonlySet<string>>();
  const namesIn = (fn: SourceFunction | undefined): ReadonlySet<string> => {
    let found = names.get(fn);
    if (!found) {
      const own = fn ? text.slice(fn.start, fn.end) : topOf(text, functions);
      found = new Set(own.length > MOST_NAMES ? [] : own.match(/[\p{ID_Start}$_#][\p{ID_Continue}$]*/gu));
      names.set(fn, found);
    }
    return found;
  };
  const reached = new Map<SourceFunction | undefined, ReadonlySet<SourceFunction>>();
  const codes = new Map<number, LineCode | undefined>();
  return {
    functions,
    lines: starts.length,
    at: (line, column) => places.get(`${line}:${column}`),
    codeOn(line) {
      if (!codes.has(line)) codes.set(line, codeOf(text, functions, starts[line - 1], starts[line] ?? text.length + 1));
      return codes.get(line);
    },
    parentOf: (fn) => parents.get(fn),
    mentions: (fn, other) => lastWord(other.name) !== '' && namesIn(fn).has(lastWord(other.name)),
    reachedFrom(fn) {
      let found = reached.get(fn);
      if (!found) {
        found = closure(fn, functions, namesIn);
        reached.set(fn, found);
      }
      return found;
    },
  };
}

/** The text without what stands in functions. */
function topOf(text: string, functions: readonly SourceFunction[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of functions) {
    if (start > at) parts.push(text.slice(at, start));
    at = Math.max(at, end);
  }
  parts.push(text.slice(at));
  return parts.join(' ');
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Functions stand by their start, outer ones first. */
function parentsOf(functions: readonly SourceFunction[]): Map<SourceFunction, SourceFunction> {
  const parents = new Map<SourceFunction, SourceFunction>();
  const open: SourceFunction[] = [];
  for (const fn of functions) {
    while (open.length > 0 && (open.at(-1) as SourceFunction).end <= fn.start) open.pop();
    const parent = open.at(-1);
    if (parent) parents.set(fn, parent);
    open.push(fn);
  }
  return parents;
}

function codeOf(text: string, functions: readonly SourceFunction[], start: number | undefined, next: number): LineCode | undefined {
  if (start === undefined) return undefined;
  const line = text.slice(start, next - 1);
  if (NO_CODE.test(line)) return undefined;
  const from = start + line.length - line.trimStart().length;
  const to = start + line.trimEnd().length;
  let around: SourceFunction | undefined;
  const within: SourceFunction[] = [];
  let covered = from;
  let left = '';
  for (const fn of functions) {
    if (fn.start >= to) break;
    if (fn.end <= from) continue;
    if (fn.start < from && fn.end > to) around = fn;
    else if (fn.start >= covered || within.length === 0) {
      left += text.slice(covered, Math.max(covered, fn.start));
      covered = Math.max(covered, fn.end);
      within.push(fn);
    }
  }
  left += text.slice(covered, Math.max(covered, to));
  return {
    around,
    within: within.length > MOST_ON_LINE ? [] : within,
    hasOwn: within.length === 0 || within.length > MOST_ON_LINE || !ONLY_DECLARES.test(left),
  };
}

function closure(fn: SourceFunction | undefined, functions: readonly SourceFunction[], namesIn: (one: SourceFunction | undefined) => ReadonlySet<string>) {
  const byName = new Map<string, SourceFunction[]>();
  for (const one of functions) {
    const name = lastWord(one.name);
    if (name !== '') byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  const found = new Set<SourceFunction>();
  const pending = [fn];
  while (pending.length > 0) {
    for (const name of namesIn(pending.pop())) {
      for (const one of byName.get(name) ?? []) {
        if (found.has(one)) continue;
        found.add(one);
        pending.push(one);
      }
    }
  }
  return found;
}
