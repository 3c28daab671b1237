/** Where values come from, and whether a loop works on the same one in each turn. */

import {
  isFunction,
  isLoopStatement,
  methodOf,
  namedArguments,
  nodesWithin,
  parametersOf,
  receiverOf,
  repeatedPart,
  type SyntaxNode,
  unwrapped,
} from '../syntax';
import { declarationOf, isSmallConstant, operatorOf } from '../values';
import { collectionOf } from './loop-facts';
import type { LoopFact, Origin } from './work-types';

/** What gives a list as long as what it is asked of, or nearly so. */
const DERIVING = new Set(['values', 'keys', 'entries', 'filter', 'map', 'slice', 'toSorted', 'toReversed', 'reverse', 'sort', 'concat']);

/** An origin with the expression that it is: only within the searching thread. */
export type FoundOrigin = Origin & { readonly source: SyntaxNode };

/** Follows constants and derived lists back to what they were made of: `const all = Object.keys(this.items)` -> `this.items`. */
export function originOf(expression: SyntaxNode, fn: SyntaxNode): FoundOrigin {
  const source = sourceOf(expression, 0);
  const text = source.text.slice(0, 120).replace(/\s+/g, ' ');
  const found = (from: Origin['from'], index = -1): FoundOrigin => ({ from, index, text, source });
  // What a callback picks by a variable of the function is another list each time.
  if (picksBy(expression, fn)) return found('own');
  if (/^(?:string|number|regex|true|false|null|undefined)$/.test(source.type)) return found('constant');
  const root = rootName(source);
  if (!root) return found('own');
  if (hasOwnVariable(source, root, fn)) return found('own');
  if (root.type === 'this') return found('kept');
  const declaration = declarationOf(root);
  if (!declaration) return found('kept');
  const index = isFunction(fn) ? parametersOf(fn).findIndex((one) => one.text === root.text) : -1;
  if (index >= 0 && declaration.scope.id === fn.id) return found('parameter', index);
  return declaration.node.startIndex < fn.startIndex || declaration.node.endIndex > fn.endIndex || declaration.scope.type === 'program'
    ? found('kept')
    : found('own');
}

/** Whether an index or the like in a path is a variable of the function: `rows[i]` is another one each time. */
function hasOwnVariable(source: SyntaxNode, root: SyntaxNode, fn: SyntaxNode): boolean {
  for (const node of nodesWithin(source)) {
    if (node.type !== 'identifier' || node.id === root.id) continue;
    const declaration = declarationOf(node);
    if (declaration && declaration.node.startIndex >= fn.startIndex && declaration.node.endIndex <= fn.endIndex) return true;
  }
  return false;
}

function sourceOf(expression: SyntaxNode, steps: number): SyntaxNode {
  const node = unwrapped(expression);
  if (steps > 4) return node;
  if (node.type === 'identifier') {
    const declaration = declarationOf(node);
    const value =
      declaration?.node.type === 'variable_declarator' && declaration.node.childForFieldName('name')?.type === 'identifier'
        ? declaration.node.childForFieldName('value')
        : null;
    const isConstant = declaration !== undefined && isConst(declaration.node);
    if (!value || !isConstant) return node;
    const source = sourceOf(value, steps + 1);
    return isPath(source) && !isFunction(source) ? source : node;
  }
  if (node.type === 'array' && node.namedChildren.length === 1 && node.namedChildren[0]?.type === 'spread_element')
    return sourceOf(node.namedChildren[0].namedChildren[0] ?? node, steps + 1);
  if (node.type !== 'call_expression') return node;
  const callee = node.childForFieldName('function')?.text ?? '';
  const [first] = namedArguments(node);
  if (/^(?:Object\.(?:keys|values|entries)|Array\.from)$/.test(callee) && first) return sourceOf(first, steps + 1);
  const receiver = receiverOf(node);
  return receiver && DERIVING.has(methodOf(node) ?? '') ? sourceOf(receiver, steps + 1) : node;
}

/** Whether a list is derived by a callback, or a key, that depends on what is declared in a part of the tree: `users.filter((one) => one.id === id)`. */
function picksBy(expression: SyntaxNode, part: SyntaxNode): boolean {
  let at = unwrapped(expression);
  for (let steps = 0; steps < 6; steps++) {
    if (at.type === 'identifier') {
      const declaration = declarationOf(at);
      const value = declaration?.node.type === 'variable_declarator' && isConst(declaration.node) ? declaration.node.childForFieldName('value') : null;
      if (!value) return false;
      at = unwrapped(value);
      continue;
    }
    const receiver = at.type === 'call_expression' ? receiverOf(at) : undefined;
    if (!receiver || !DERIVING.has(methodOf(at) ?? '')) return false;
    if (namedArguments(at).some((one) => dependsOn(one, part))) return true;
    at = unwrapped(receiver);
  }
  return false;
}

/** Whether an expression or a callback names a variable that is declared in a part of the tree around it. */
export function dependsOn(expression: SyntaxNode, part: SyntaxNode): boolean {
  const isIn = (node: SyntaxNode, around: SyntaxNode): boolean => node.startIndex >= around.startIndex && node.endIndex <= around.endIndex;
  for (const node of nodesWithin(expression)) {
    if (node.type !== 'identifier' && node.type !== 'shorthand_property_identifier') continue;
    const declared = declarationOf(node)?.node;
    if (declared && !isIn(declared, expression) && isIn(declared, part)) return true;
  }
  return false;
}

/** `a`, `this.a`, `a.b[c]`. */
export function isPath(node: SyntaxNode): boolean {
  return /^(?:identifier|this|member_expression|subscript_expression)$/.test(node.type) && rootName(node) !== undefined;
}

function rootName(node: SyntaxNode): SyntaxNode | undefined {
  let at = unwrapped(node);
  while (at.type === 'member_expression' || at.type === 'subscript_expression') {
    const object = at.childForFieldName('object');
    if (!object) return undefined;
    at = unwrapped(object);
  }
  return at.type === 'identifier' || at.type === 'this' ? at : undefined;
}

/** Whether an expression is the same collection or value in each turn of a loop. What is added to it does not matter. */
export function repeatsIn(expression: SyntaxNode, loop: SyntaxNode): boolean {
  const source = sourceOf(expression, 0);
  if (!isPath(source) && !/^(?:string|number|regex|template_string|object|array|binary_expression)$/.test(source.type)) return false;
  const repeated = repeatedPart(loop);
  if (picksBy(expression, repeated)) return false;
  for (const node of nodesWithin(source)) {
    if (isFunction(node) || node.type === 'call_expression') return false;
    if (node.type !== 'identifier' && node.type !== 'shorthand_property_identifier') continue;
    const declaration = declarationOf(node);
    if (declaration && declaration.node.startIndex >= repeated.startIndex && declaration.node.endIndex <= repeated.endIndex) return false;
    if (isReplacedIn(node.text, repeated)) return false;
  }
  return !isPath(source) || !isReplacedIn(source.text, repeated);
}

/** Whether a loop gives a variable or path another value, not made of the one before. */
function isReplacedIn(path: string, part: SyntaxNode): boolean {
  const isNamedIn = (node: SyntaxNode): boolean => [...nodesWithin(node)].some(({ text, type }) => text === path && /identifier|^this$|expression$/.test(type));
  for (const node of nodesWithin(part)) {
    if (node.type === 'update_expression' && node.childForFieldName('argument')?.text === path) return true;
    if (node.type === 'augmented_assignment_expression' && node.childForFieldName('left')?.text === path) {
      if (operatorOf(node) !== '+=') return true;
      continue;
    }
    if (node.type !== 'assignment_expression') continue;
    const left = node.childForFieldName('left');
    if (left && (left.text === path || (/pattern/.test(left.type) && isNamedIn(left)))) {
      const right = unwrapped(node.childForFieldName('right') ?? node);
      // `list = [...list, one]` and `list = list.concat(one)` go on with it; `node = node.next` goes on to another.
      if (!/^(?:array|object|call_expression)$/.test(right.type) || !isNamedIn(right)) return true;
    }
  }
  return false;
}

/** Whether a variable is declared once and for all. */
const isConst = (declarator: SyntaxNode): boolean =>
  declarator.parent?.type === 'lexical_declaration' && declarator.parent.childForFieldName('kind')?.text === 'const';

/** Whether all of an expression are literals and constants of the module. */
export function isFixed(expression: SyntaxNode): boolean {
  for (const node of nodesWithin(expression)) {
    if (node.type === 'this' || isFunction(node) || node.type === 'call_expression') return false;
    if (node.type !== 'identifier' && node.type !== 'shorthand_property_identifier') continue;
    const declaration = declarationOf(node);
    if (!declaration) {
      if (!/^(?:undefined|NaN|Infinity)$/.test(node.text)) return false;
      continue;
    }
    if (declaration.scope.type !== 'program' || (declaration.node.type !== 'import_statement' && !isConst(declaration.node))) return false;
  }
  return true;
}

const COMPARING = /^(?:sort|toSorted)$/;

export function loopFact(loop: SyntaxNode, fn: SyntaxNode): LoopFact {
  const base = { line: loop.startPosition.row, endLine: loop.endPosition.row };
  const collection = collectionNode(loop);
  const over = collection?.text ?? collectionOf(loop);
  const kind =
    loop.type === 'call_expression' && COMPARING.test(methodOf(loop) ?? '')
      ? 'compare'
      : /^(?:while|do)_/.test(loop.type) || (over === undefined && isLoopStatement(loop))
        ? 'while'
        : 'each';
  const count = loop.type === 'for_statement' ? countOf(loop.childForFieldName('condition')) : undefined;
  return {
    ...base,
    over: over === undefined || over.length > 60 ? undefined : over.replace(/\s+/g, ' '),
    kind,
    isFew: (count !== undefined && count <= 16) || (collection !== undefined && isSmallConstant(collection)),
    origin: collection && plain(originOf(collection, fn)),
  };
}

/** The number that a counting loop goes up or down to, as it is written. */
function countOf(condition: SyntaxNode | null): number | undefined {
  const test = condition?.type === 'expression_statement' ? condition.namedChildren[0] : condition;
  const end = test?.type === 'binary_expression' && /^[<>]=?$/.test(operatorOf(test)) ? test.childForFieldName('right') : undefined;
  return end?.type === 'number' ? Number(end.text) : undefined;
}

/** Without the node, so that it can be sent. */
export const plain = ({ from, index, text }: Origin): Origin => ({ from, index, text });

/** The collection that a loop goes over, as an expression. */
export function collectionNode(loop: SyntaxNode): SyntaxNode | undefined {
  if (loop.type === 'for_in_statement') return loop.childForFieldName('right') ?? undefined;
  if (loop.type === 'for_statement') {
    const condition = loop.childForFieldName('condition');
    for (const node of condition ? nodesWithin(condition) : []) {
      if (node.type === 'member_expression' && /^(?:length|size)$/.test(node.childForFieldName('property')?.text ?? ''))
        return node.childForFieldName('object') ?? undefined;
    }
    return undefined;
  }
  if (loop.type !== 'call_expression') return undefined;
  return methodOf(loop) === 'from' ? namedArguments(loop)[0] : receiverOf(loop);
}
