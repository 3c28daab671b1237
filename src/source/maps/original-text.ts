import type * as t from '@babel/types';
import { isFunction } from '../parse/function-names';
import { functionsIn, type SourceFunction } from '../parse/parse-functions';
import { parseSource, walk } from '../parse/parse-source';

/** A place in a source: `line` 1-based, `column` 0-based. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A statement, or what else runs as one: the value of a class property, the body of an arrow function that is an expression. */
export interface SourceStatement {
  readonly start: number;
  readonly end: number;
  /** The function that it is in itself, without another one between; undefined at the top of the module. */
  readonly owner: SourceFunction | undefined;
}

/** What a source says of its places. */
export interface OriginalText {
  readonly functions: readonly SourceFunction[];
  /** The function in whose head, from its first token to its body, a place is. */
  headAt(place: TextPlace): SourceFunction | undefined;
  /** The innermost function that a place is in, head or body. */
  around(place: TextPlace): SourceFunction | undefined;
  /** The functions that begin at or behind a place and before another one; without that, on the same line. */
  startingIn(from: TextPlace, to: TextPlace | undefined): readonly SourceFunction[];
  /** The innermost statement at a place. Undefined for the head of a function, for what only closes something, and for what is outside. */
  statementAt(place: TextPlace): SourceStatement | undefined;
  /** Whether the text of a function's head has a name in it as a word. */
  headHas(fn: SourceFunction, name: string): boolean;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly fn: SourceFunction | undefined;
  readonly statement: SourceStatement | undefined;
  parent: Region | undefined;
}

/** The functions and statements of a text, which another thread may have found. */
export interface TextOutline {
  readonly functions: readonly SourceFunction[];
  readonly regions: readonly Region[];
}

/** Undefined for what cannot be parsed. O(n), but that a parser tries some texts in many ways. */
export function textOutline(text: string, file: string): TextOutline | undefined {
  const ast = parseSource(text, file);
  if (!ast) return undefined;
  const functions = functionsIn(ast, text);
  return { functions, regions: regionsOf(ast, functions) };
}

/** Undefined for what cannot be parsed, or not in time. O(log n + depth) a question. */
export function originalText(text: string, file: string, outline: typeof textOutline = textOutline): OriginalText | undefined {
  const found = outline(text, file);
  if (!found) return undefined;
  const { functions, regions } = found;
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const offsetOf = ({ line, column }: TextPlace): number => Math.min((starts[line - 1] ?? text.length) + column, starts[line] ?? text.length);
  const innermost = (offset: number): Region | undefined => {
    let low = 0;
    let high = regions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((regions[middle] as Region).start <= offset) low = middle + 1;
      else high = middle;
    }
    let region = regions[low - 1];
    while (region && region.end <= offset) region = region.parent;
    return region;
  };
  return {
    functions,
    headAt(place) {
      const offset = offsetOf(place);
      let best: SourceFunction | undefined;
      for (const fn of functions) {
        if (fn.start > offset) break;
        if (offset < fn.bodyStart) best = fn;
      }
      return best;
    },
    around(place) {
      let region = innermost(offsetOf(place));
      while (region && !region.fn) region = region.parent;
      return region?.fn;
    },
    startingIn(from, to) {
      const first = offsetOf(from);
      const end = to ? offsetOf(to) : (starts[from.line] ?? text.length);
      return functions.filter(({ start }) => start >= first && start < end);
    },
    statementAt(place) {
      const offset = offsetOf(place);
      // The end of a block runs no code, and white space is where a low-resolution map says nothing.
      if (/[\s})\];]/.test(text[offset] ?? ' ')) return undefined;
      const region = innermost(offset);
      return region?.fn && offset < region.fn.bodyStart ? undefined : region?.statement;
    },
    headHas(fn, name) {
      const head = text.slice(fn.start, fn.bodyStart);
      for (let at = head.indexOf(name); at >= 0; at = head.indexOf(name, at + 1)) {
        if (!/[\p{L}\p{N}_$]/u.test(`${head[at - 1] ?? ' '}${head[at + name.length] ?? ' '}`)) return true;
      }
      return false;
    },
  };
}

/** Functions and statements by their start, each knowing the one around it. */
function regionsOf(ast: t.File, functions: readonly SourceFunction[]): Region[] {
  const byEnd = new Map(functions.map((fn) => [`${fn.bodyStart}:${fn.end}`, fn]));
  const found: { start: number; end: number; fn: SourceFunction | undefined; isStatement: boolean }[] = [];
  walk(ast.program, (node, parents) => {
    const { start, end } = node;
    if (typeof start !== 'number' || typeof end !== 'number') return;
    if (isFunction(node)) {
      const fn = byEnd.get(`${node.body?.start ?? node.end}:${end}`);
      if (fn) found.push({ start, end, fn, isStatement: false });
    } else if (isUnit(node, parents.at(-1))) found.push({ start, end, fn: undefined, isStatement: true });
  });
  // A function declaration is around its own body; at one start the longer one is outside, of equal ones the function.
  found.sort((a, b) => a.start - b.start || b.end - a.end || Number(a.isStatement) - Number(b.isStatement));
  const regions: Region[] = [];
  let parent: Region | undefined;
  for (const { start, end, fn, isStatement } of found) {
    while (parent && parent.end <= start) parent = parent.parent;
    let around = parent;
    while (around && !around.fn) around = around.parent;
    const region: Region = { start, end, fn, statement: isStatement ? { start, end, owner: around?.fn } : undefined, parent };
    regions.push(region);
    parent = region;
  }
  return regions;
}

const STATEMENT = /(?:Statement|VariableDeclaration|ClassDeclaration|ExportDefaultDeclaration|ExportNamedDeclaration|TSEnumDeclaration|TSExportAssignment)$/;

function isUnit(node: t.Node, parent: t.Node | undefined): boolean {
  if (node.type === 'BlockStatement' || node.type === 'EmptyStatement') return false;
  if (STATEMENT.test(node.type)) return true;
  if (parent?.type === 'ArrowFunctionExpression') return parent.body === node;
  return (parent?.type === 'ClassProperty' || parent?.type === 'ClassPrivateProperty') && parent.value === node;
}
