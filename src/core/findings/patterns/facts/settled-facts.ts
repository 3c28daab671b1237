/** What never waits: values that are certainly no promises, and async functions that await nothing. */
import { isCertainlyArray, isCertainlyString } from '../certain-values';
import { bodyOf, isFunction, nodesWithin, resultOf, rootOf, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf, operatorOf } from '../values';

/** More steps from name to name than these are not followed. */
const MAX_STEPS = 4;

const MADE = /^(?:Map|Set|WeakMap|WeakSet|Date|RegExp|Array|URL|URLSearchParams|\w*Error|Intl\.\w+|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)$/;
const GIVES_VALUES =
  /^(?:Number|String|Boolean|BigInt|parseInt|parseFloat|isNaN|isFinite|encodeURIComponent|decodeURIComponent|structuredClone|Math\.\w+|JSON\.(?:parse|stringify)|Object\.(?:keys|entries)|Array\.isArray|Date\.(?:now|parse|UTC)|Number\.\w+|Buffer\.(?:from|alloc|concat|byteLength)|(?:\w+\.)?\w+Sync)$/;

/**
 * Whether an `await` of an expression has nothing to wait for: a value, or a call of a function of the file that
 * gives one, be it async. Literals alone are left out: `await null` lets others have their turn on purpose.
 */
export function neverWaits(expression: SyntaxNode): boolean {
  const node = unwrapped(expression);
  if (/^(?:number|string|true|false|null|undefined|array|object)$/.test(node.type)) return false;
  return isSettled(node, 0);
}

function isSettled(expression: SyntaxNode, steps: number): boolean {
  if (expression.type === 'await_expression') return false;
  const node = unwrapped(expression);
  if (steps > MAX_STEPS) return false;
  switch (node.type) {
    case 'number':
    case 'string':
    case 'template_string':
    case 'regex':
    case 'true':
    case 'false':
    case 'null':
    case 'undefined':
    case 'array':
    case 'object':
    case 'unary_expression':
    case 'update_expression':
      return true;
    case 'binary_expression':
      return /^(?:&&|\|\||\?\?)$/.test(operatorOf(node)) ? areSettled([node.childForFieldName('left'), node.childForFieldName('right')], steps) : true;
    case 'ternary_expression':
      return areSettled([node.childForFieldName('consequence'), node.childForFieldName('alternative')], steps);
    case 'new_expression':
      return MADE.test(node.childForFieldName('constructor')?.text ?? '');
    case 'call_expression':
      return isSettledCall(node, steps);
    case 'identifier':
      return isSettledVariable(node, steps);
    default:
      return false;
  }
}

const areSettled = (nodes: readonly (SyntaxNode | null)[], steps: number): boolean => nodes.every((node) => node !== null && isSettled(node, steps + 1));

function isSettledCall(call: SyntaxNode, steps: number): boolean {
  const callee = call.childForFieldName('function');
  if (!callee || callee.namedChildren.some(({ type }) => type === 'optional_chain')) return false;
  if (GIVES_VALUES.test(callee.text) && !(callee.type === 'identifier' && declarationOf(callee))) return true;
  if (isCertainlyArray(call) || isCertainlyString(call)) return true;
  const fn = calledFunction(call);
  return fn !== undefined && givesAtOnce(fn, steps);
}

/** The function of the file that a call calls by its name: declared once and for all. Private methods too. */
export function calledFunction(call: SyntaxNode): SyntaxNode | undefined {
  const callee = call.childForFieldName('function');
  if (callee?.type === 'member_expression') return privateMethod(callee);
  if (callee?.type !== 'identifier') return undefined;
  const declaration = declarationOf(callee)?.node;
  if (!declaration) return undefined;
  if (isFunction(declaration)) return declaration;
  const value = declaration.type === 'variable_declarator' && declaration.parent?.text.startsWith('const') ? declaration.childForFieldName('value') : null;
  return value && isFunction(value) && declaration.childForFieldName('name')?.type === 'identifier' ? value : undefined;
}

/** `this.#price(…)`: no subclass can have another. */
function privateMethod(callee: SyntaxNode): SyntaxNode | undefined {
  const property = callee.childForFieldName('property');
  if (property?.type !== 'private_property_identifier' || callee.childForFieldName('object')?.type !== 'this') return undefined;
  for (let up = callee.parent; up; up = up.parent) {
    if (up.type !== 'class_body') continue;
    return up.namedChildren.find((one) => one.type === 'method_definition' && one.childForFieldName('name')?.text === property.text);
  }
  return undefined;
}

/** Whether a function is declared `async`. */
export const isAsync = (fn: SyntaxNode): boolean => /^(?:(?:static|override|public|private|protected)\s+)*async\b/.test(fn.text.slice(0, 60));

/** Whether a call of a function has its result without a turn of the event loop: nothing in it is awaited, and nothing that it gives may be a promise. */
function givesAtOnce(fn: SyntaxNode, steps: number): boolean {
  if (/generator/.test(fn.type) || /^(?:async\s+)?(?:\*|get\s)/.test(fn.text.slice(0, 20))) return false;
  const body = bodyOf(fn);
  if (body.id === fn.id) return false;
  if (body.type !== 'statement_block') {
    const result = resultOf(fn);
    return body.type !== 'await_expression' && result !== undefined && isSettled(result, steps + 1);
  }
  let gives = 0;
  for (const node of nodesWithin(body, (one) => !isFunction(one))) {
    if (node.type === 'await_expression' || node.type === 'yield_expression') return false;
    if (node.type === 'for_in_statement' && /^for\s+await\b/.test(node.text.slice(0, 20))) return false;
    if (node.type !== 'return_statement') continue;
    const value = node.namedChildren.find(({ type }) => type !== 'comment');
    if (value && !isSettled(value, steps + 1)) return false;
    if (value) gives++;
  }
  // What gives nothing and is awaited may be the first step of something that is to come.
  return gives > 0;
}

/** A variable that only ever has values that are none to wait for. */
function isSettledVariable(identifier: SyntaxNode, steps: number): boolean {
  if (identifier.text === 'undefined') return true;
  const declaration = declarationOf(identifier);
  if (declaration?.node.type !== 'variable_declarator' || declaration.node.childForFieldName('name')?.type !== 'identifier') return false;
  const value = declaration.node.childForFieldName('value');
  if (!value || !isSettled(value, steps + 1)) return false;
  if (declaration.node.parent?.text.startsWith('const')) return true;
  for (const node of nodesWithin(declaration.scope)) {
    if (node.type !== 'assignment_expression' && node.type !== 'augmented_assignment_expression' && node.type !== 'for_in_statement') continue;
    const left = node.childForFieldName('left');
    if (!left || !mentionsName(left, identifier.text)) continue;
    const right = left.type === 'identifier' && node.type !== 'for_in_statement' ? node.childForFieldName('right') : null;
    const isSum = node.type === 'augmented_assignment_expression' && !/^(?:&&|\|\||\?\?)=$/.test(operatorOf(node));
    if (!right || !(isSum || isSettled(right, steps + 1))) return false;
  }
  return true;
}

/** Whether a place that is assigned to is a variable of that name, or takes it apart: a property of it is none. */
const mentionsName = (left: SyntaxNode, name: string): boolean =>
  left.type === 'identifier'
    ? left.text === name
    : /pattern$/.test(left.type) && [...nodesWithin(left)].some(({ type, text }) => /identifier/.test(type) && text === name);

/** Every place in the file that names a function, besides its declaration. */
export function usesOf(name: SyntaxNode): SyntaxNode[] {
  return [...nodesWithin(rootOf(name))].filter(
    ({ type, text, id }) => /^(?:identifier|shorthand_property_identifier|export_specifier)$/.test(type) && text === name.text && id !== name.id,
  );
}
