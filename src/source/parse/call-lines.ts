import type * as t from '@babel/types';
import { parseSource, walk } from './parse-source';

/**
 * The first line from `from` to `to` (1-based, both included) on which something of
 * one of the names is called; `RegExp: …` is looked for as it stands in the source.
 * Comments at a line's start do not count.
 */
export function lineOfCall(text: string, from: number, to: number, names: readonly string[]): number | undefined {
  const lines = text.split('\n', to);
  for (const name of names) {
    const fits = matcher(name);
    if (!fits) continue;
    for (let at = Math.max(0, from - 1); at < lines.length; at++) {
      const line = lines[at] as string;
      // A minified line says nothing, and a search in it costs.
      if (line.length < 2000 && !/^\s*(?:\/\/|\*)/.test(line) && fits(line)) return at + 1;
    }
  }
  return undefined;
}

const ZLIB = '(?:gzip|gunzip|unzip|deflate|deflateRaw|inflate|inflateRaw|brotliCompress|brotliDecompress|zstdCompress|zstdDecompress)';
/** Functions of Node.js that programs call by other names: all of zlib's calls are made by one function. */
const exportedAs: Readonly<Record<string, RegExp | undefined>> = {
  syncBufferWrapper: new RegExp(`\\b${ZLIB}Sync\\s*\\(`),
  zlibBufferSync: new RegExp(`\\b${ZLIB}Sync\\s*\\(`),
  asyncBufferWrapper: new RegExp(`\\b${ZLIB}\\s*\\(`),
};

function matcher(name: string): ((line: string) => boolean) | undefined {
  const pattern = /^RegExp: (.+)$/s.exec(name)?.[1];
  if (pattern !== undefined) {
    // V8 shortens what is long.
    const start = pattern.slice(0, 40);
    return (line) => line.includes(start);
  }
  const last = /[\p{ID_Continue}$]+$/u.exec(name)?.[0];
  if (last === undefined) return undefined;
  const exported = exportedAs[last];
  if (exported) return (line) => exported.test(line);
  const call = new RegExp(`(?:^|[^\\p{ID_Continue}$])${last.replace(/\$/g, '\\$')}\\s*(?:\\(|\\?\\.\\(|\`)`, 'u');
  return (line) => call.test(line);
}

const loops = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement']);

/** Whether a place (1-based) is within a loop of the function that it is in. */
export function isInLoop(text: string, file: string, line: number, column: number): boolean {
  const ast = parseSource(text, file);
  const path = ast && pathTo(ast, line, column);
  return path !== undefined && loopAround(path);
}

/** Whether what is called at a place (1-based) is awaited there, or later in the same function. */
export function isAwaited(text: string, file: string, line: number, column: number): boolean {
  const ast = parseSource(text, file);
  const path = ast && pathTo(ast, line, column);
  if (!path) return false;
  for (const [at, node] of [...path.entries()].reverse()) {
    if (node.type === 'AwaitExpression') return true;
    if (node.type === 'ForOfStatement' && node.await && path[at + 1] !== node.body) return true;
    if (/Function|Method|StaticBlock|PropertyDefinition/.test(node.type)) return awaitsAfter(node, path.at(-1));
  }
  return awaitsAfter(ast.program, path.at(-1));
}

/** Whether a function has an `await` of its own behind one of its nodes. */
function awaitsAfter(func: t.Node, node: t.Node | undefined): boolean {
  let found = false;
  walk(func, (one, parents) => {
    const isOwn = one.type === 'AwaitExpression' && !parents.some((parent) => parent !== func && /Function|Method/.test(parent.type));
    found ||= isOwn && (one.start ?? 0) > (node?.end ?? 0);
  });
  return found;
}

/** The nodes that hold a place (1-based), from the outermost to the innermost; undefined where there is none. */
export function pathTo(ast: t.File, line: number, column: number): readonly t.Node[] | undefined {
  let path: readonly t.Node[] | undefined;
  walk(ast.program, (node, parents) => {
    const { loc } = node;
    // The innermost comes after those around it.
    if (loc && holds(loc, line, column - 1) && parents.length + 1 >= (path?.length ?? 0)) path = [...parents, node];
  });
  return path;
}

function holds({ start, end }: t.SourceLocation, line: number, column: number): boolean {
  const isAfterStart = line > start.line || (line === start.line && column >= start.column);
  return isAfterStart && (line < end.line || (line === end.line && column < end.column));
}

function loopAround(path: readonly t.Node[]): boolean {
  for (const { type } of [...path].reverse()) {
    if (loops.has(type)) return true;
    if (/Function|Method|StaticBlock|PropertyDefinition/.test(type)) return false;
  }
  return false;
}
