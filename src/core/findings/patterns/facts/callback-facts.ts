/** What callbacks do with what they are given. */
import { isFunction, namedArguments, nodesWithin, parametersOf, receiverOf, resultOf, type SyntaxNode, unwrapped } from '../syntax';
import { operatorOf } from '../values';

/** How a callback copies its first parameter into its result. */
export interface Copying {
  /** The object, array or call that copies. */
  readonly node: SyntaxNode;
  readonly parameter: string;
  readonly by: 'object' | 'array' | 'call';
}

/** `(acc, x) => ({ ...acc, … })`, `[...acc, x]`, `Object.assign({}, acc, …)`, `acc.concat(x)`. */
export function copyingOf(callback: SyntaxNode): Copying | undefined {
  const fn = unwrapped(callback);
  if (!isFunction(fn)) return undefined;
  const first = parametersOf(fn)[0];
  const result = resultOf(fn);
  if (first?.type !== 'identifier' || !result) return undefined;
  const parameter = first.text;
  if (result.type === 'object' || result.type === 'array') {
    const spreads = result.namedChildren.some((one) => one.type === 'spread_element' && one.namedChildren[0]?.text === parameter);
    return spreads ? { node: result, parameter, by: result.type } : undefined;
  }
  if (result.type !== 'call_expression') return undefined;
  const callee = result.childForFieldName('function')?.text;
  if (callee === `${parameter}.concat`) return { node: result, parameter, by: 'call' };
  const [target, source] = namedArguments(result);
  if (callee === 'Object.assign' && target?.type === 'object' && source?.text === parameter) return { node: result, parameter, by: 'call' };
  return undefined;
}

/** `(item) => item.key === value`. */
export interface Keyed {
  readonly parameter: string;
  readonly key: string;
  readonly value: SyntaxNode;
}

export function keyedBy(callback: SyntaxNode): Keyed | undefined {
  const fn = unwrapped(callback);
  if (!isFunction(fn)) return undefined;
  const parameters = parametersOf(fn);
  const result = isResultAlone(fn) ? resultOf(fn) : undefined;
  const [parameter] = parameters;
  if (parameters.length !== 1 || parameter?.type !== 'identifier' || result?.type !== 'binary_expression' || operatorOf(result) !== '===') return undefined;
  const sides = [result.childForFieldName('left'), result.childForFieldName('right')];
  for (const [i, side] of sides.entries()) {
    const other = sides[1 - i];
    if (side?.type !== 'member_expression' || !other) continue;
    if (side.childForFieldName('object')?.text !== parameter.text) continue;
    // What `?.` passes over, a Map's making would not.
    if (side.namedChildren.some(({ type }) => type === 'optional_chain')) return undefined;
    if (mentions(other, parameter.text)) return undefined;
    return { parameter: parameter.text, key: side.childForFieldName('property')?.text ?? '', value: other };
  }
  return undefined;
}

/** `(one, at, all) => all.indexOf(one) === at`, also with the place in a variable. */
export function searchesFirst(callback: SyntaxNode): boolean {
  const fn = unwrapped(callback);
  const index = isFunction(fn) ? parametersOf(fn)[1] : undefined;
  if (index?.type !== 'identifier') return false;
  let isSearched = false;
  let isCompared = false;
  for (const node of nodesWithin(fn)) {
    if (node.type === 'call_expression' && /(?:^|\.)(?:findIndex|indexOf)$/.test(node.childForFieldName('function')?.text ?? '')) isSearched = true;
    if (node.type !== 'binary_expression' || !/^[!=]==?$/.test(operatorOf(node))) continue;
    if ([node.childForFieldName('left'), node.childForFieldName('right')].some((side) => side?.text === index.text)) isCompared = true;
  }
  return isSearched && isCompared;
}

/** Whether a function does nothing but give its result: an expression, or a block of one `return`. */
function isResultAlone(fn: SyntaxNode): boolean {
  const body = fn.childForFieldName('body');
  return body?.type !== 'statement_block' || body.namedChildren.filter(({ type }) => type !== 'comment').length === 1;
}

export function mentions(node: SyntaxNode, name: string): boolean {
  for (const one of nodesWithin(node)) {
    if ((one.type === 'identifier' || one.type === 'shorthand_property_identifier') && one.text === name) return true;
  }
  return false;
}

const readingTypes =
  /^(?:identifier|property_identifier|shorthand_property_identifier|private_property_identifier|this|member_expression|string|string_fragment|template_string|template_substitution|escape_sequence|number|true|false|null|undefined|binary_expression|unary_expression|ternary_expression|parenthesized_expression|arrow_function|formal_parameters|required_parameter|optional_parameter|type_annotation|.*_type|type_identifier|regex|regex_pattern|regex_flags|as_expression|non_null_expression|comment)$/;

/** Whether a callback only reads and compares: no call, no assignment, so that it may be called less often. */
export function isPure(callback: SyntaxNode): boolean {
  const fn = unwrapped(callback);
  if (fn.type !== 'arrow_function' || fn.childForFieldName('body')?.type === 'statement_block') return false;
  for (const node of nodesWithin(fn)) if (!readingTypes.test(node.type) || (node.type === 'unary_expression' && node.text.startsWith('delete'))) return false;
  return true;
}

/** Whether a `catch` answers instead of passing the error on: it is empty, returns, or assigns, and throws nothing. */
export function isSwallowed(node: SyntaxNode): boolean {
  const handler = node.childForFieldName('handler');
  const body = handler?.childForFieldName('body');
  if (!body) return false;
  for (const one of nodesWithin(body)) {
    if (one.type === 'throw_statement') return false;
    // Whoever reports the error does not take it for an answer.
    if (one.type === 'call_expression' && /(?:error|warn|log|reject|next|exit|fail|abort)$/i.test(one.childForFieldName('function')?.text ?? '')) return false;
  }
  return body.namedChildren.length <= 2;
}

/** Whether an expression is used only as true or false. `filter(f).length` counts with the comparison around it: see `comparisonOf`. */
export function isBoolean(node: SyntaxNode): boolean {
  let at = node;
  for (let up = node.parent; up; up = up.parent) {
    if (up.type === 'parenthesized_expression') {
      const outer = up.parent;
      if (outer && /^(?:if_statement|while_statement|do_statement)$/.test(outer.type) && outer.childForFieldName('condition')?.id === up.id) return true;
      at = up;
      continue;
    }
    if (up.type === 'unary_expression') return operatorOf(up) === '!';
    if (up.type === 'ternary_expression') return up.childForFieldName('condition')?.id === at.id;
    if (up.type === 'call_expression') return up.childForFieldName('function')?.text === 'Boolean';
    if (up.type === 'arguments') {
      const call = up.parent;
      return call?.childForFieldName('function')?.text === 'Boolean' && call.type === 'call_expression';
    }
    if (up.type === 'binary_expression' && /^(?:&&|\|\|)$/.test(operatorOf(up))) {
      // On the left of `||` the value itself may come through, unless the whole is a condition.
      at = up;
      continue;
    }
    if (up.type === 'arrow_function' && up.childForFieldName('body')?.id === at.id) return isPredicate(up);
    return false;
  }
  return false;
}

/** Whether a callback's result is taken for true or false. */
function isPredicate(fn: SyntaxNode): boolean {
  const call = fn.parent?.parent;
  if (fn.parent?.type !== 'arguments' || call?.type !== 'call_expression' || receiverOf(call) === undefined) return false;
  return /^(?:filter|find|findIndex|findLast|findLastIndex|some|every)$/.test(call.childForFieldName('function')?.childForFieldName('property')?.text ?? '');
}

/** `x.length > 0` around `x.length`, and whether it is true for some or for none. */
export function comparisonOf(length: SyntaxNode): { readonly node: SyntaxNode; readonly isSome: boolean } | undefined {
  const parent = length.parent;
  if (parent?.type !== 'binary_expression' || parent.childForFieldName('left')?.id !== length.id)
    return isBoolean(length) ? { node: length, isSome: true } : undefined;
  const comparison = `${operatorOf(parent)} ${parent.childForFieldName('right')?.text}`;
  if (/^(?:> 0|!==? 0|>= 1)$/.test(comparison)) return { node: parent, isSome: true };
  if (/^(?:===? 0|< 1|<= 0)$/.test(comparison)) return { node: parent, isSome: false };
  return isBoolean(length) ? { node: length, isSome: true } : undefined;
}
