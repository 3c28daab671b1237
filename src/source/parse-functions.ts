import { type ParserPlugin, parse } from '@babel/parser';
import type * as t from '@babel/types';
import type { ExportPath } from '../shared/recipe';

/**
 * The functions of a JavaScript or TypeScript source, found in its syntax tree and
 * named as V8's profiler names them. Offsets are UTF-16 code units from the start.
 */
export interface SourceFunction {
  /** V8's name; empty where V8 has none and shows `(anonymous)`. */
  readonly name: string;
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
}

type FunctionNode = t.FunctionDeclaration | t.FunctionExpression | t.ArrowFunctionExpression | t.ObjectMethod | t.ClassMethod | t.ClassPrivateMethod;

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

/** Offsets at which comments begin; undefined for a text that cannot be parsed. */
export function commentStarts(text: string, file: string): ReadonlySet<number> | undefined {
  const comments = parseSource(text, file)?.comments;
  return comments ? new Set(comments.flatMap(({ start }) => (typeof start === 'number' ? [start] : []))) : undefined;
}

/** Checks a list of JavaScript expressions as a user types them; the message names line and column. */
export function checkArguments(text: string): { readonly ok: true } | { readonly ok: false; readonly message: string; readonly column: number } {
  const opening = '(async () => [';
  try {
    const ast = parse(`${opening}${text}\n])`, { sourceType: 'script' });
    const [statement] = ast.program.body;
    if (ast.program.body.length !== 1 || statement?.type !== 'ExpressionStatement')
      return { ok: false, message: 'expected expressions, separated by commas', column: 1 };
    return { ok: true };
  } catch (error) {
    const { loc, message } = error as { loc?: { index: number }; message: string };
    const column = Math.min(text.length, Math.max(0, (loc?.index ?? 0) - opening.length)) + 1;
    return { ok: false, message: message.replace(/\s*\(\d+:\d+\)\s*$/, ''), column };
  }
}

export function parseSource(text: string, file: string): t.File | undefined {
  const extension = /\.([cm]?[jt]sx?)$/i.exec(file)?.[1]?.toLowerCase() ?? 'js';
  const isTs = /^[cm]?tsx?$/.test(extension);
  const tries: ParserPlugin[][] = isTs
    ? [['typescript', ...(extension.endsWith('x') ? (['jsx'] as const) : []), 'decorators-legacy', 'explicitResourceManagement']]
    : [
        ['jsx', 'decorators', 'explicitResourceManagement'],
        ['jsx', 'flow', 'decorators-legacy'],
      ];
  for (const plugins of tries) {
    try {
      return parse(text, {
        sourceType: 'unambiguous',
        plugins,
        errorRecovery: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowSuperOutsideMethod: true,
        allowUndeclaredExports: true,
        attachComment: false,
      }) as unknown as t.File;
    } catch {
      // The next dialect may do.
    }
  }
  return undefined;
}

/** Local name -> exported name, for declarations exported in place or in a list, and CommonJS exports of identifiers. */
function collectExports(program: t.Program): Map<string, string> {
  const names = new Map<string, string>();
  for (const node of program.body) {
    if (node.type === 'ExportNamedDeclaration' && !node.source) {
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ExportSpecifier') continue;
        names.set(specifier.local.name, specifier.exported.type === 'Identifier' ? specifier.exported.name : specifier.exported.value);
      }
      const { declaration } = node;
      if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') {
        if (declaration.id) names.set(declaration.id.name, declaration.id.name);
      } else if (declaration?.type === 'VariableDeclaration') {
        for (const { id } of declaration.declarations) if (id.type === 'Identifier') names.set(id.name, id.name);
      }
    } else if (node.type === 'ExportDefaultDeclaration') {
      const { declaration } = node;
      if (declaration.type === 'Identifier') names.set(declaration.name, 'default');
      else if ((declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id)
        names.set(declaration.id.name, 'default');
    } else if (node.type === 'ExpressionStatement' && node.expression.type === 'AssignmentExpression') {
      const { left, right } = node.expression;
      const target = left.type === 'MemberExpression' ? memberPath(left) : undefined;
      if (target === 'module.exports') {
        if (right.type === 'Identifier') names.set(right.name, 'default');
        if (right.type === 'ObjectExpression') {
          for (const property of right.properties) {
            if (property.type === 'ObjectProperty' && property.value.type === 'Identifier')
              names.set(property.value.name, keyName(property.key, property.computed) ?? property.value.name);
          }
        }
      } else if (target?.match(/^(module\.)?exports\.[^.]+$/) && right.type === 'Identifier') names.set(right.name, target.slice(target.lastIndexOf('.') + 1));
    }
  }
  return names;
}

function describe(node: t.Node, parents: readonly t.Node[], exportedNames: ReadonlyMap<string, string>, text: string): SourceFunction | undefined {
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
  const whole = parent.type === 'ExportNamedDeclaration' || parent.type === 'ExportDefaultDeclaration' ? parent : node;
  return {
    name: named.name,
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
    exported: exportOf(node, parents, exportedNames),
  };
}

export const isFunction = (node: t.Node): node is FunctionNode =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression' ||
  node.type === 'ObjectMethod' ||
  node.type === 'ClassMethod' ||
  node.type === 'ClassPrivateMethod';

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

interface Named {
  readonly name: string;
  readonly node: t.Node | undefined;
}

function nameOf(node: FunctionNode, parents: readonly t.Node[]): Named {
  const parent = parents.at(-1) as t.Node;
  if (node.type === 'ObjectMethod' || node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') {
    if (node.kind === 'constructor') {
      const owner = parents.at(-2);
      const id = owner && (owner.type === 'ClassDeclaration' || owner.type === 'ClassExpression') ? owner.id : undefined;
      return { name: id?.name ?? (owner ? valueName(owner, parents.slice(0, -2)).name : ''), node: node.key };
    }
    const key = keyName(node.key, 'computed' in node && node.computed === true);
    const prefix = node.kind === 'get' ? 'get ' : node.kind === 'set' ? 'set ' : '';
    return { name: key === undefined ? '' : prefix + key, node: node.key };
  }
  if ('id' in node && node.id) return { name: node.id.name, node: node.id };
  if (node.type === 'FunctionDeclaration' && parent.type === 'ExportDefaultDeclaration') return { name: 'default', node: undefined };
  return valueName(node, parents);
}

/** The name that a function or class without one takes from where it is put. */
function valueName(node: t.Node, parents: readonly t.Node[]): Named {
  let depth = parents.length - 1;
  let parent = parents[depth];
  while (
    parent &&
    (parent.type === 'TSAsExpression' ||
      parent.type === 'TSSatisfiesExpression' ||
      parent.type === 'TSNonNullExpression' ||
      parent.type === 'ParenthesizedExpression')
  ) {
    depth--;
    parent = parents[depth];
  }
  const value = depth === parents.length - 1 ? node : parents[depth + 1];
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.init === value && parent.id.type === 'Identifier' ? { name: parent.id.name, node: parent.id } : nothing;
    case 'AssignmentExpression':
      if (parent.right !== value) return nothing;
      if (parent.left.type === 'Identifier') return { name: parent.left.name, node: parent.left };
      if (parent.left.type === 'MemberExpression') return { name: memberPath(parent.left) ?? '', node: parent.left };
      return nothing;
    case 'AssignmentPattern':
      return parent.right === value && parent.left.type === 'Identifier' ? { name: parent.left.name, node: parent.left } : nothing;
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassAccessorProperty':
      return parent.value === value ? { name: keyName(parent.key, parent.computed === true) ?? '', node: parent.key } : nothing;
    case 'ClassPrivateProperty':
      return parent.value === value ? { name: keyName(parent.key, false) ?? '', node: parent.key } : nothing;
    case 'ExportDefaultDeclaration':
      return { name: 'default', node: undefined };
    default:
      return nothing;
  }
}

const nothing: Named = { name: '', node: undefined };

function keyName(key: t.Node, computed: boolean): string | undefined {
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  if (key.type === 'StringLiteral') return key.value;
  if (key.type === 'NumericLiteral') return String(key.value);
  if (computed) return undefined;
  return key.type === 'Identifier' ? key.name : undefined;
}

/** `a.b.c`, the name that V8 infers for a function assigned there. */
function memberPath(node: t.MemberExpression): string | undefined {
  const property = node.computed ? (node.property.type === 'StringLiteral' ? node.property.value : undefined) : keyName(node.property, false);
  if (property === undefined) return undefined;
  if (node.object.type === 'Identifier') return `${node.object.name}.${property}`;
  if (node.object.type === 'MemberExpression') {
    const object = memberPath(node.object);
    return object === undefined ? property : `${object}.${property}`;
  }
  return property;
}

function exportOf(node: FunctionNode, parents: readonly t.Node[], exportedNames: ReadonlyMap<string, string>): ExportPath | undefined {
  const parent = parents.at(-1) as t.Node;
  if (node.type === 'ClassMethod') {
    const owner = parents.at(-2);
    if (node.kind === 'constructor' || node.kind === 'set' || !owner || (owner.type !== 'ClassDeclaration' && owner.type !== 'ClassExpression'))
      return undefined;
    const outer = exportOfValue(owner, parents.slice(0, -2), exportedNames);
    const name = keyName(node.key, node.computed === true);
    return outer && !outer.method && name !== undefined
      ? { name: outer.name, method: { name, isStatic: node.static === true, isGetter: node.kind === 'get' } }
      : undefined;
  }
  if (node.type === 'ClassPrivateMethod') return undefined;
  if (node.type === 'ObjectMethod') {
    const object = parent;
    const key = keyName(node.key, node.computed);
    return node.kind === 'method' && key !== undefined && isModuleExportsObject(object, parents.slice(0, -1)) ? { name: key } : undefined;
  }
  if (parent.type === 'ClassProperty' && parent.value === node) {
    const owner = parents.at(-3);
    const outer = owner && exportOfValue(owner, parents.slice(0, -3), exportedNames);
    const name = keyName(parent.key, parent.computed === true);
    return outer && name !== undefined ? { name: outer.name, method: { name, isStatic: parent.static === true, isGetter: false } } : undefined;
  }
  return exportOfValue(node, parents, exportedNames);
}

/** How a top-level function or class is exported. */
function exportOfValue(node: t.Node, parents: readonly t.Node[], exportedNames: ReadonlyMap<string, string>): ExportPath | undefined {
  const parent = parents.at(-1);
  if (!parent) return undefined;
  if (parent.type === 'ExportDefaultDeclaration') return { name: 'default' };
  const isTop = (one: t.Node | undefined): boolean => one?.type === 'Program' || one?.type === 'ExportNamedDeclaration';
  if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && isTop(parent)) {
    const name = node.id && exportedNames.get(node.id.name);
    return name === undefined || name === null ? undefined : { name };
  }
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier' && isTop(parents.at(-3))) {
    const name = exportedNames.get(parent.id.name);
    return name === undefined ? undefined : { name };
  }
  if (parent.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') {
    const target = memberPath(parent.left);
    if (target === 'module.exports') return { name: 'default' };
    const match = /^(?:module\.)?exports\.([^.]+)$/.exec(target ?? '');
    return match ? { name: match[1] as string } : undefined;
  }
  if (parent.type === 'ObjectProperty') {
    const key = keyName(parent.key, parent.computed);
    return key !== undefined && isModuleExportsObject(parents.at(-2), parents.slice(0, -2)) ? { name: key } : undefined;
  }
  return undefined;
}

function isModuleExportsObject(node: t.Node | undefined, parents: readonly t.Node[]): boolean {
  const parent = parents.at(-1);
  return (
    node?.type === 'ObjectExpression' &&
    parent?.type === 'AssignmentExpression' &&
    parent.left.type === 'MemberExpression' &&
    memberPath(parent.left) === 'module.exports'
  );
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Visits every node with its parents; an explicit stack, so that generated code of any depth will do. */
export function walk(root: t.Node, visit: (node: t.Node, parents: readonly t.Node[]) => void): void {
  const parents: t.Node[] = [];
  const stack: (t.Node | undefined)[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (node === undefined) {
      parents.pop();
      continue;
    }
    visit(node, parents);
    parents.push(node);
    stack.push(undefined);
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) stack.push(item);
      } else if (isNode(value)) stack.push(value);
    }
  }
}

const isNode = (value: unknown): value is t.Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string' && 'start' in value;
