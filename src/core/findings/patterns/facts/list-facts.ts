/** What is known of lists, Maps and Sets that live longer than a call. */

import { escapeRegExp, isFunction, methodOf, namedArguments, ownerOf, parametersOf, receiverOf, resultOf, rootOf, type SyntaxNode, unwrapped } from '../syntax';
import { annotationOf, declarationOf, operatorOf } from '../values';
import { isOuter } from './lifetime-facts';

/** Whether a variable or property is kept from call to call: declared outside of the function, or a member. */
export function isKept(expression: SyntaxNode): boolean {
  const node = unwrapped(expression);
  if (node.type === 'member_expression') return isFunction(ownerOf(node));
  return isOuter(node) || isImported(node);
}

const isImported = (node: SyntaxNode): boolean =>
  node.type === 'identifier' && isFunction(ownerOf(node)) && declarationOf(node)?.node.type === 'import_statement';

/** Whether a variable is a `const` at the top of its module, or an import. */
export function isFixed(expression: SyntaxNode): boolean {
  const node = unwrapped(expression);
  if (node.type !== 'identifier') return node.type === 'undefined';
  const declaration = declarationOf(node);
  if (declaration?.scope.type !== 'program') return false;
  return declaration.node.type === 'import_statement' || declaration.node.parent?.text.startsWith('const') === true;
}

const COLLECTION = /^(?:Readonly)?(?:Map|Set)\b/;

/** Whether an expression is a Map or a Set as far as the file tells, or what `keys`, `values` and `entries` of one give. */
export function isMapOrSet(expression: SyntaxNode): boolean {
  const node = unwrapped(expression);
  if (node.type === 'new_expression') return COLLECTION.test(node.childForFieldName('constructor')?.text ?? '');
  if (node.type === 'call_expression') {
    const receiver = receiverOf(node);
    // Arrays have these methods too, but nobody copies what they give.
    return receiver !== undefined && receiver.text !== 'Object' && /^(?:keys|values|entries)$/.test(methodOf(node) ?? '') && namedArguments(node).length === 0;
  }
  if (node.type === 'identifier') {
    const declaration = declarationOf(node);
    if (!declaration) return false;
    const type = annotationOf(declaration.node);
    const value = declaration.node.type === 'variable_declarator' ? declaration.node.childForFieldName('value') : null;
    return (type !== undefined && COLLECTION.test(type)) || (value !== null && unwrapped(value).type === 'new_expression' && isMapOrSet(value));
  }
  if (node.type !== 'member_expression') return false;
  const property = escapeRegExp(node.childForFieldName('property')?.text ?? '');
  return new RegExp(
    `(?<![\\w$])${property}[?!]?\\s*(?::\\s*(?:Readonly)?(?:Map|Set)<|(?::[^=;\\n]{0,80})?=\\s*new (?:Map|Set)\\b|:\\s*new (?:Map|Set)\\b)`,
  ).test(rootOf(node).text);
}

/** `(one) => one.id !== id`, `(one) => one !== gone`: all but one element are kept. */
export function leavesOneOut(callback: SyntaxNode): boolean {
  const fn = unwrapped(callback);
  if (!isFunction(fn)) return false;
  const [parameter] = parametersOf(fn);
  const result = resultOf(fn);
  if (parameter?.type !== 'identifier' || result?.type !== 'binary_expression' || !/^!==?$/.test(operatorOf(result))) return false;
  const sides = [result.childForFieldName('left'), result.childForFieldName('right')];
  const isOwn = (side: SyntaxNode | null | undefined): boolean => side?.text === parameter.text || side?.childForFieldName('object')?.text === parameter.text;
  const other = isOwn(sides[0]) ? sides[1] : isOwn(sides[1]) ? sides[0] : undefined;
  // Compared with a constant, it is a class of elements that goes.
  return other !== undefined && other !== null && /^(?:identifier|member_expression)$/.test(other.type) && other.text !== 'undefined';
}

/** `list.push(x);` right in front of `list.sort(…);`. */
export function isAfterInsert(array: SyntaxNode, sort: SyntaxNode): boolean {
  const statement = sort.parent?.type === 'expression_statement' || sort.parent?.type === 'return_statement' ? sort.parent : undefined;
  const before = statement?.previousNamedSibling;
  const call = before?.type === 'expression_statement' ? before.namedChildren[0] : undefined;
  if (call?.type !== 'call_expression' || receiverOf(call)?.text !== array.text) return false;
  return /^(?:push|unshift)$/.test(methodOf(call) ?? '') && namedArguments(call).every(({ type }) => type !== 'spread_element');
}
