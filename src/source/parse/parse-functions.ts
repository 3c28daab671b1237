import type * as t from '@babel/types';
import { shorten } from '../../shared/format';
import type { ExportPath } from '../../shared/recipe';
import { collectExports, exportOf, type NamesOf } from './function-exports';
import { type FunctionNode, isFunction, nameOf } from './function-names';
import { roleOf } from './function-roles';
import { parseSource, walk } from './parse-source';

/**
 * The functions of a JavaScript or TypeScript source, found in its syntax tree and
 * named as V8's profiler names them. Offsets are UTF-16 code units from the start.
 */
export interface SourceFunction {
  /** V8's name; empty where V8 has none and shows `(anonymous)`. */
  readonly name: string;
  /** What stands in for the name where there is none: `rows.map() callback`. */
  readonly role: string | undefined;
  readonly kind: 'function' | 'method' | 'getter' | 'setter' | 'constructor' | 'arrow';
  /** The whole function, from its first modifier to its closing brace. */
  readonly start: number;
  readonly end: number;
  /** Where the head ends and the code begins. */
  readonly bodyStart: number;
  /** 0-based line and column of the place that V8 reports: the parameter list. */
  readonly v8Line: number;
  readonly v8Column: number;
  /** 0-based line and columns of the name, or of the first token where there is none. */
  readonly nameLine: number;
  readonly nameColumn: number;
  readonly nameEndColumn: number;
  readonly startLine: number;
  readonly endLine: number;
  /** How to reach it from outside of its module; undefined where it is not exported. */
  readonly exported: ExportPath | undefined;
  /** How to reach it within its module, of what stands at its top and is not exported. */
  readonly local: ExportPath | undefined;
  /** Its parameters and the type that it gives, as they are written: `(orders: Order[]): number`. */
  readonly signature: string;
}

/** More is no help beside a box to type in. */
const MOST_SIGNATURE = 300;

/** Functions by their start. Syntax errors are stepped over where the parser can; undefined where it cannot parse at all. */
export function parseFunctions(text: string, file: string): SourceFunction[] | undefined {
  const ast = parseSource(text, file);
  return ast && functionsIn(ast, text);
}

/** The functions of a text that is parsed already. */
export function functionsIn(ast: t.File, text: string): SourceFunction[] {
  const exportedNames = collectExports(ast.program);
  const found: SourceFunction[] = [];
  walk(ast.program, (node, parents) => {
    const described = describe(node, parents, exportedNames, text);
    if (described) found.push(described);
  });
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The innermost function that holds an offset; one whose name the cursor is on counts from its name on. */
export function functionAtOffset(functions: readonly SourceFunction[], offset: number): SourceFunction | undefined {
  let best: SourceFunction | undefined;
  for (const one of functions) {
    if (one.start > offset) break;
    if (offset <= one.end && (!best || one.start >= best.start)) best = one;
  }
  return best;
}

function describe(node: t.Node, parents: readonly t.Node[], exportedNames: NamesOf, text: string): SourceFunction | undefined {
  if (!isFunction(node) || node.start == null || node.end == null || !node.loc) return undefined;
  if (node.body?.type === undefined) return undefined; // an overload or a declaration without code
  const parent = parents.at(-1) as t.Node;
  const named = nameOf(node, parents);
  const v8 = v8Offset(node, text);
  const at = named.node ?? node;
  const nameStart = named.node?.start ?? node.start;
  const location = at.loc as t.SourceLocation;
  const lineStart = text.lastIndexOf('\n', v8 - 1) + 1;
  const v8Line = node.loc.start.line - 1 + countNewlines(text, node.start, v8);
  const exported = exportOf(node, parents, exportedNames);
  const whole = parent.type === 'ExportNamedDeclaration' || parent.type === 'ExportDefaultDeclaration' ? parent : node;
  return {
    name: named.name,
    role: named.name === '' ? roleOf(node, parents) : undefined,
    kind: kindOf(node),
    start: Math.min(whole.start ?? node.start, nameStart),
    end: node.end,
    bodyStart: node.body.start ?? node.end,
    v8Line,
    v8Column: v8 - lineStart,
    nameLine: location.start.line - 1,
    nameColumn: location.start.column,
    nameEndColumn: named.node && location.end.line === location.start.line ? location.end.column : location.start.column + 1,
    startLine: node.loc.start.line - 1,
    endLine: node.loc.end.line - 1,
    exported,
    local: exported ? undefined : exportOf(node, parents, { get: (name) => exportedNames.get(name) ?? name }),
    signature: signatureOf(node, text),
  };
}

function signatureOf({ params, returnType }: FunctionNode, text: string): string {
  const [first, last] = [params[0], params.at(-1)];
  const given = first && last ? text.slice(first.start ?? 0, last.end ?? 0) : '';
  const gives = returnType?.start != null && returnType.end != null ? text.slice(returnType.start, returnType.end) : '';
  return shorten(`(${given})${gives}`.replace(/\s+/g, ' '), MOST_SIGNATURE);
}

function kindOf(node: FunctionNode): SourceFunction['kind'] {
  if (node.type === 'ArrowFunctionExpression') return 'arrow';
  if (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') return 'function';
  if (node.kind === 'get') return 'getter';
  if (node.kind === 'set') return 'setter';
  return node.kind === 'constructor' ? 'constructor' : 'method';
}

/**
 * V8 reports a function at its parameter list: the `(` of a function or method,
 * the first token of an arrow function (`async` excluded where parameters follow).
 */
function v8Offset(node: FunctionNode, text: string): number {
  const start = node.start as number;
  if (node.type === 'ArrowFunctionExpression') {
    if (!node.async) return start;
    // `async (x) =>` is placed at its parenthesis, `async x =>` at `async`.
    const rest = /^async\s*(?=[(<])/.exec(text.slice(start, start + 200));
    return start + (rest?.[0].length ?? 0);
  }
  const from = node.typeParameters?.end ?? ('key' in node ? node.key.end : undefined) ?? ('id' in node ? node.id?.end : undefined) ?? start;
  const paren = text.indexOf('(', node.type === 'ClassMethod' && node.computed ? (node.key.end as number) : (from as number));
  return paren < 0 ? start : paren;
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
