/**
 * What the rules see of a syntax tree, and the few facts about JavaScript's that
 * they share. Offsets are UTF-16 code units, rows and columns 0-based.
 */

import { isBeforeFirstTurn, isOtherFunction, isOtherInline, isOtherLoop, isOtherLoopingCallback, otherCallOf } from './other-languages';

export interface SyntaxPoint {
  readonly row: number;
  readonly column: number;
}

/** A node as web-tree-sitter has it. Two objects with the same `id` are the same node. */
export interface SyntaxNode {
  readonly id: number;
  readonly type: string;
  readonly text: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly startPosition: SyntaxPoint;
  readonly endPosition: SyntaxPoint;
  readonly parent: SyntaxNode | null;
  readonly previousNamedSibling: SyntaxNode | null;
  readonly namedChildren: readonly SyntaxNode[];
  readonly hasError: boolean;
  childForFieldName(name: string): SyntaxNode | null;
  descendantForIndex(start: number, end: number): SyntaxNode | null;
}

const functionTypes = new Set([
  'function_declaration',
  'function_expression',
  'arrow_function',
  'method_definition',
  'generator_function',
  'generator_function_declaration',
]);
const loopTypes = new Set(['for_statement', 'for_in_statement', 'while_statement', 'do_statement']);

/** Methods that call what they are given before they return, once for each element. */
const loopingMethods = new Set([
  'map',
  'filter',
  'forEach',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'some',
  'every',
  'reduce',
  'reduceRight',
  'flatMap',
  'sort',
  'toSorted',
  'from',
]);
/** Besides those, methods that call it before they return. */
const callingMethods = new Set(['replace', 'replaceAll', 'run', 'runInContext']);

export const isFunction = (node: SyntaxNode): boolean => functionTypes.has(node.type) || isOtherFunction(node);

/** The call that a function is a direct argument of. */
function callOf(fn: SyntaxNode): SyntaxNode | undefined {
  const call = fn.parent?.type === 'arguments' ? fn.parent.parent : null;
  return call && (call.type === 'call_expression' || call.type === 'new_expression') ? call : undefined;
}

/** The name of the method that a call calls. */
export function methodOf(call: SyntaxNode): string | undefined {
  const callee = call.childForFieldName('function');
  return callee?.type === 'member_expression' ? callee.childForFieldName('property')?.text : undefined;
}

export const receiverOf = (call: SyntaxNode): SyntaxNode | undefined => call.childForFieldName('function')?.childForFieldName('object') ?? undefined;

/** Whether a function is called by the function it stands in, once an element: a callback of `map`, `find`, `sort`, … */
export function isLoopingCallback(fn: SyntaxNode): boolean {
  if (isOtherFunction(fn)) return isOtherLoopingCallback(fn);
  if (fn.type !== 'arrow_function' && fn.type !== 'function_expression') return false;
  const method = callOf(fn) && methodOf(callOf(fn) as SyntaxNode);
  return method !== undefined && loopingMethods.has(method);
}

/**
 * Whether a function runs while the one around it does, so that its code counts as
 * that one's: callbacks of array methods, executors of promises, functions called on the spot.
 */
export function isInline(fn: SyntaxNode): boolean {
  if (isOtherFunction(fn)) return isOtherInline(fn);
  if (fn.type !== 'arrow_function' && fn.type !== 'function_expression') return false;
  if (isLoopingCallback(fn)) return true;
  const call = callOf(fn);
  if (call?.type === 'new_expression') return call.childForFieldName('constructor')?.text === 'Promise';
  const method = call && methodOf(call);
  if (method !== undefined) return callingMethods.has(method);
  const outer = fn.parent?.type === 'parenthesized_expression' ? fn.parent : fn;
  return outer.parent?.type === 'call_expression' && outer.parent.childForFieldName('function')?.id === outer.id;
}

/** The function whose code a node is, inline callbacks counted as code of the function around them; the program at top level. */
export function ownerOf(node: SyntaxNode): SyntaxNode {
  let at: SyntaxNode = node;
  for (let up: SyntaxNode | null = node.parent; up; up = up.parent) {
    at = up;
    if (isFunction(up) && !isInline(up)) return up;
  }
  return at;
}

/** The root of a node's tree. */
export function rootOf(node: SyntaxNode): SyntaxNode {
  let at = node;
  for (let up = node.parent; up; up = up.parent) at = up;
  return at;
}

/** The loops around a node within its function, innermost first: statements, and calls whose callback it stands in. */
export function loopsAround(node: SyntaxNode): SyntaxNode[] {
  const loops: SyntaxNode[] = [];
  let child = node;
  for (let up = node.parent; up; up = up.parent) {
    if (isLoopStatement(up)) {
      // What is iterated over, and what a loop begins with, is worked out once.
      const once = up.childForFieldName(up.type === 'for_in_statement' ? 'right' : 'initializer');
      if (once?.id !== child.id && !isBeforeFirstTurn(up, node)) loops.push(up);
    } else if (isFunction(up)) {
      if (!isInline(up)) break;
      if (isLoopingCallback(up)) loops.push((callOf(up) ?? otherCallOf(up)) as SyntaxNode);
    }
    child = up;
  }
  return loops;
}

export const isLoopStatement = (node: SyntaxNode): boolean => loopTypes.has(node.type) || isOtherLoop(node);

/** The part of a loop that is run again and again. */
export function repeatedPart(loop: SyntaxNode): SyntaxNode {
  if (isLoopStatement(loop)) return loop;
  return loop.childForFieldName('arguments') ?? loop;
}

/** Every named node below one, itself first. `enter` says whether to go into a node. */
export function* nodesWithin(node: SyntaxNode, enter: (node: SyntaxNode) => boolean = () => true): Generator<SyntaxNode> {
  const stack: SyntaxNode[] = [node];
  for (let at = stack.pop(); at; at = stack.pop()) {
    yield at;
    if (at.id !== node.id && !enter(at)) continue;
    const children = at.namedChildren;
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as SyntaxNode);
  }
}

/** A function's body; the node itself for a program. */
export const bodyOf = (fn: SyntaxNode): SyntaxNode => fn.childForFieldName('body') ?? fn;

/** Without parentheses, `as T`, `satisfies T`, `!` and `await`. */
export function unwrapped(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (/^(?:parenthesized_expression|as_expression|satisfies_expression|non_null_expression|await_expression)$/.test(at.type)) {
    const inner = at.namedChildren[0];
    if (!inner) break;
    at = inner;
  }
  return at;
}

/** The parameters of a function, without types and defaults: the patterns. */
export function parametersOf(fn: SyntaxNode): SyntaxNode[] {
  const single = fn.childForFieldName('parameter');
  if (single) return [single];
  const list = fn.childForFieldName('parameters');
  return (list?.namedChildren ?? [])
    .filter((one) => one.type !== 'comment')
    .map((one) => one.childForFieldName('pattern') ?? one.childForFieldName('left') ?? one);
}

/** What a function with one expression as its result gives: an arrow's expression, or its last statement's `return`. */
export function resultOf(fn: SyntaxNode): SyntaxNode | undefined {
  const body = fn.childForFieldName('body');
  if (!body) return undefined;
  if (body.type !== 'statement_block') return unwrapped(body);
  const last = body.namedChildren.filter(({ type }) => type !== 'comment').at(-1);
  const value = last?.type === 'return_statement' ? last.namedChildren[0] : undefined;
  return value && unwrapped(value);
}

export const namedArguments = (call: SyntaxNode): SyntaxNode[] =>
  (call.childForFieldName('arguments')?.namedChildren ?? []).filter(({ type }) => type !== 'comment');

export const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
