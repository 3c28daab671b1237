/** Whether a collection is certain to be changed only where one can see it. */

import { isFunction, isInline, loopsAround, nodesWithin, ownerOf, repeatedPart, rootOf, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf } from '../values';
import { changesWithin } from './loop-facts';

/** What only looks at an array. */
const LOOKS =
  /^(?:includes|indexOf|lastIndexOf|find|findIndex|findLast|findLastIndex|some|every|filter|map|flatMap|forEach|reduce|reduceRight|join|slice|at|concat|keys|values|entries|toSorted|toReversed|length)$/;

/**
 * Whether nothing that the loops around a match call can change an array behind its
 * name: no other function does, no call is given it, and of a member no method of the
 * same object is called. `this.add(x)` and `add(x)` may fill what is searched.
 */
export function isFilledBehind(array: SyntaxNode, match: SyntaxNode): boolean {
  const [root] = nodesOfPath(array);
  const loop = loopsAround(match).at(-1);
  if (!root || !loop) return true;
  const isMember = array.type === 'member_expression';
  const scope = isMember ? ownerOf(match) : (declarationOf(array)?.scope ?? rootOf(match));
  for (const change of changesWithin(array.text, scope)) if (isInFunctionWithin(change, scope)) return true;
  for (const node of nodesWithin(repeatedPart(loop))) {
    const isName = node.type === root.type || node.type === 'shorthand_property_identifier';
    if (!isName || node.text !== root.text) continue;
    if (!(isMember ? isHarmlessRoot(node, array.text) : isLook(node))) return true;
  }
  return !isMember && isNamedTwice(array, scope);
}

/** The first name of `a`, `a.b` and `this.a.b`; nothing for other forms. */
function nodesOfPath(path: SyntaxNode): SyntaxNode[] {
  let at = path;
  while (at.type === 'member_expression') {
    const object = at.childForFieldName('object');
    if (!object) return [];
    at = object;
  }
  return at.type === 'identifier' || at.type === 'this' ? [at] : [];
}

/** Whether a change stands in a function that is called another time than the code of the scope. */
function isInFunctionWithin(change: SyntaxNode, scope: SyntaxNode): boolean {
  for (let up: SyntaxNode | null = change; up && up.id !== scope.id; up = up.parent) if (isFunction(up) && !isInline(up)) return true;
  return false;
}

/** `xs.includes(…)`, `xs.length`, `xs[i]`, `for (… of xs)`. */
function isLook(node: SyntaxNode): boolean {
  const { parent } = node;
  if (parent?.type === 'member_expression') return LOOKS.test(parent.childForFieldName('property')?.text ?? '');
  if (parent?.type === 'subscript_expression') return parent.childForFieldName('object')?.id === node.id;
  return parent?.type === 'for_in_statement' && parent.childForFieldName('right')?.id === node.id;
}

/** Of `this.items`, whether a `this` reads it or another property, and neither is handed on nor called. */
function isHarmlessRoot(node: SyntaxNode, path: string): boolean {
  let at = node;
  while (at.parent?.type === 'member_expression' && at.parent.childForFieldName('object')?.id === at.id) {
    at = at.parent;
    if (at.text === path) return isLook(at);
  }
  if (at.id === node.id) return false;
  return !(at.parent?.type === 'call_expression' && at.parent.childForFieldName('function')?.id === at.id) && at.parent?.type !== 'arguments';
}

/** Whether a second name for the array is made, by which it could be filled. */
function isNamedTwice(array: SyntaxNode, scope: SyntaxNode): boolean {
  for (const node of nodesWithin(scope)) {
    const value =
      node.type === 'variable_declarator' || node.type === 'pair'
        ? node.childForFieldName('value')
        : node.type === 'assignment_expression'
          ? node.childForFieldName('right')
          : null;
    if (value && unwrapped(value).type === 'identifier' && unwrapped(value).text === array.text) return true;
  }
  return false;
}

/**
 * Whether an array begins as a literal of this function in front of the loops around
 * a node, and is named by nothing else up to their end, nor by a function that may run
 * at any time: no earlier version of it is kept.
 */
export function isOwnArray(collection: SyntaxNode, node: SyntaxNode): boolean {
  if (collection.type !== 'identifier') return false;
  const declaration = declarationOf(collection);
  const value = declaration?.node.childForFieldName('value');
  const owner = ownerOf(node);
  if (declaration?.node.type !== 'variable_declarator' || !value || unwrapped(value).type !== 'array') return false;
  const { node: declarator, scope } = declaration;
  if (!isFunction(owner) || declarator.startIndex < owner.startIndex || declarator.endIndex > owner.endIndex) return false;
  const loop = loopsAround(node)
    .filter(({ startIndex }) => startIndex > declarator.endIndex)
    .at(-1);
  if (!loop) return false;
  const isWithin = (inner: SyntaxNode, outer: SyntaxNode): boolean => inner.startIndex >= outer.startIndex && inner.endIndex <= outer.endIndex;
  for (const one of nodesWithin(scope)) {
    if (!/^(?:identifier|shorthand_property_identifier(?:_pattern)?)$/.test(one.type) || one.text !== collection.text) continue;
    if (isWithin(one, declarator) || isWithin(one, node)) continue;
    if (one.startIndex < loop.endIndex || isInFunctionWithin(one, scope)) return false;
  }
  return true;
}
