/** What only reads: expressions and functions that change nothing but what they have made themselves, and ask neither clock nor chance. */

import { bodyOf, isFunction, namedArguments, nodesWithin, receiverOf, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf } from '../values';
import { calledFunction, isAsync } from './settled-facts';

/** Calls within calls are followed so far. */
const MAX_STEPS = 3;

/** Methods of arrays, texts, Maps, Sets and dates that change nothing. */
export const READS =
  /^(?:map|filter|reduce|reduceRight|some|every|find|findIndex|findLast|findLastIndex|flatMap|flat|forEach|join|split|slice|concat|includes|indexOf|lastIndexOf|at|keys|values|entries|toSorted|toReversed|with|match|matchAll|search|get|has|trim|trimStart|trimEnd|replace|replaceAll|toLowerCase|toUpperCase|charAt|charCodeAt|codePointAt|startsWith|endsWith|padStart|padEnd|repeat|substring|substr|normalize|localeCompare|toString|toFixed|toPrecision|toISOString|toJSON|valueOf|get(?:Time|FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|UTC\w+)|hasOwnProperty|format|compare)$/;
/** Methods that change what they are called on. */
export const MUTATES = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear|set\w+)$/;

const GLOBALS = /^(?:Number|String|Boolean|BigInt|Array|Object|parseInt|parseFloat|isNaN|isFinite|encodeURIComponent|decodeURIComponent|structuredClone)$/;
const STATICS =
  /^(?:Math\.(?!random)\w+|JSON\.(?:parse|stringify)|Object\.(?:keys|values|entries|fromEntries|hasOwn|is)|Array\.(?:from|of|isArray)|Number\.\w+|String\.\w+|Date\.(?:parse|UTC))$/;
const MADE = /^(?:Map|Set|Array|RegExp|URL|URLSearchParams|Intl\.\w+|\w*Error|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array|Date)$/;

/** What a function or an expression is made of, with all that it calls. */
export interface Parts {
  /** Names of variables that are declared outside of it, or of the function that it calls. */
  readonly names: SyntaxNode[];
  /** Names of properties that are read off objects. */
  readonly properties: Set<string>;
}

/** Whether a function, or an expression, only reads, by its syntax. What it reads may still change between two calls: `parts` gets that. */
export function isPlain(node: SyntaxNode, parts: Parts, steps = 0): boolean {
  if (steps > MAX_STEPS) return false;
  const isDeclared = isFunction(node);
  if (isDeclared && (isAsync(node) || /generator/.test(node.type) || node.type === 'method_definition')) return false;
  const part = isDeclared ? bodyOf(node) : node;
  for (const one of nodesWithin(part)) if (!isPlainNode(one, node, parts, steps)) return false;
  return true;
}

function isPlainNode(node: SyntaxNode, whole: SyntaxNode, parts: Parts, steps: number): boolean {
  switch (node.type) {
    case 'await_expression':
    case 'yield_expression':
    case 'this':
    case 'super':
    case 'class':
    case 'class_declaration':
    case 'jsx_element':
    case 'jsx_self_closing_element':
      return false;
    case 'unary_expression':
      return !node.text.startsWith('delete');
    case 'assignment_expression':
    case 'augmented_assignment_expression':
      return isOwnPlace(node.childForFieldName('left'), whole);
    case 'update_expression':
      return isOwnPlace(node.childForFieldName('argument'), whole);
    case 'new_expression': {
      const made = node.childForFieldName('constructor')?.text ?? '';
      return MADE.test(made) && (made !== 'Date' || namedArguments(node).length > 0);
    }
    case 'call_expression':
      return isPlainCall(node, whole, parts, steps);
    case 'identifier':
    case 'shorthand_property_identifier':
      return isKnownName(node, whole, parts);
    case 'property_identifier':
      if (node.parent?.type === 'member_expression') parts.properties.add(node.text);
      return true;
    default:
      return true;
  }
}

/** Globals that are the same each time. What else is not declared may be a parameter of a `catch`, or the world outside. */
const SAME =
  /^(?:undefined|NaN|Infinity|Math|JSON|Object|Array|Number|String|Boolean|BigInt|Symbol|Date|Map|Set|RegExp|URL|URLSearchParams|Intl|Buffer|\w*Error|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array|parseInt|parseFloat|isNaN|isFinite|encodeURIComponent|decodeURIComponent|structuredClone)$/;
/** Methods that call what they are given first. */
const CALLS = /^(?:map|filter|reduce|reduceRight|some|every|find|findIndex|findLast|findLastIndex|flatMap|forEach|toSorted|replace|replaceAll)$/;

function isKnownName(name: SyntaxNode, whole: SyntaxNode, { names }: Parts): boolean {
  const declaration = declarationOf(name)?.node;
  if (!declaration) return SAME.test(name.text);
  const isCallee = name.parent?.type === 'call_expression' && name.parent.childForFieldName('function')?.id === name.id;
  if (!isWithin(declaration, whole) && !isCallee && !isFunction(declaration)) names.push(name);
  return true;
}

function isPlainCall(call: SyntaxNode, whole: SyntaxNode, parts: Parts, steps: number): boolean {
  const callee = call.childForFieldName('function');
  if (!callee) return false;
  if (callee.type === 'identifier') {
    if (GLOBALS.test(callee.text) && !declarationOf(callee)) return true;
    const fn = calledFunction(call);
    if (!fn) return isCallbackOf(callee, whole);
    return fn.id === whole.id || isWithin(fn, whole) || isPlain(fn, parts, steps + 1);
  }
  if (callee.type !== 'member_expression') return false;
  if (STATICS.test(callee.text)) return true;
  const method = callee.childForFieldName('property')?.text ?? '';
  // `path.join(a, b)` is no method of a list.
  if (method === 'join' && namedArguments(call).length > 1) return false;
  if (READS.test(method))
    return namedArguments(call).every((one, at) => isFunction(unwrapped(one)) || isPlainArgument(one, at === 0 && CALLS.test(method), parts, steps));
  const receiver = receiverOf(call);
  return MUTATES.test(method) && receiver !== undefined && isFresh(receiver, whole);
}

/** A function that is handed on by its name has to be known too. */
function isPlainArgument(argument: SyntaxNode, isCalled: boolean, parts: Parts, steps: number): boolean {
  const node = unwrapped(argument);
  if (node.type !== 'identifier') return !isCalled || /^(?:string|template_string|regex)$/.test(node.type);
  if (isCalled && GLOBALS.test(node.text) && !declarationOf(node)) return true;
  const declaration = declarationOf(node)?.node;
  const fn = declaration && (isFunction(declaration) ? declaration : declaration.childForFieldName('value'));
  if (fn && /^(?:regex|string|template_string)$/.test(fn.type)) return true;
  return fn && isFunction(fn) ? isPlain(fn, parts, steps + 1) : !isCalled;
}

/** A function that is declared within the whole. */
const isCallbackOf = (callee: SyntaxNode, whole: SyntaxNode): boolean => {
  const declaration = declarationOf(callee)?.node;
  return declaration?.type === 'variable_declarator' && isWithin(declaration, whole) && isFunction(declaration.childForFieldName('value') ?? declaration);
};

const isWithin = (inner: SyntaxNode, outer: SyntaxNode): boolean => inner.startIndex >= outer.startIndex && inner.endIndex <= outer.endIndex;

/** A variable of its own, or a place in something that it has made. */
function isOwnPlace(place: SyntaxNode | null, whole: SyntaxNode): boolean {
  if (!place) return false;
  if (place.type === 'identifier') {
    const declaration = declarationOf(place)?.node;
    return declaration !== undefined && isWithin(declaration, whole);
  }
  if (place.type !== 'member_expression' && place.type !== 'subscript_expression') return false;
  const object = place.childForFieldName('object');
  return object !== null && isFresh(object, whole);
}

/** Something that the whole has made itself: a literal, `new Map()`, what `map` and the like give, in a variable or at once. */
function isFresh(expression: SyntaxNode, whole: SyntaxNode): boolean {
  const node = unwrapped(expression);
  switch (node.type) {
    case 'array':
    case 'object':
    case 'new_expression':
      return true;
    case 'call_expression': {
      const callee = node.childForFieldName('function');
      if (/^(?:Array\.(?:from|of)|Object\.(?:keys|values|entries|fromEntries)|structuredClone|JSON\.parse)$/.test(callee?.text ?? '')) return true;
      const method = callee?.childForFieldName('property')?.text ?? '';
      if (/^(?:map|filter|flatMap|flat|split|slice|concat|toSorted|toReversed)$/.test(method)) return true;
      // `xs.slice().sort().reverse()` changes what it was given.
      const receiver = callee?.childForFieldName('object');
      return /^(?:sort|reverse|fill)$/.test(method) && receiver !== null && receiver !== undefined && isFresh(receiver, whole);
    }
    case 'identifier': {
      const declaration = declarationOf(node)?.node;
      const value = declaration?.type === 'variable_declarator' ? declaration.childForFieldName('value') : null;
      if (!declaration || !value || !isWithin(declaration, whole) || declaration.childForFieldName('name')?.type !== 'identifier') return false;
      return unwrapped(value).type !== 'identifier' && isFresh(value, whole);
    }
    default:
      return false;
  }
}
