/** When the code around a match runs: in a comparison of a sort, or only where a level asks for it. */
import {
  escapeRegExp,
  isFunction,
  loopsAround,
  methodOf,
  namedArguments,
  nodesWithin,
  parametersOf,
  receiverOf,
  resultOf,
  rootOf,
  type SyntaxNode,
} from '../syntax';
import { declarationOf } from '../values';

/**
 * Whether a node runs once for each comparison of a sort: in a callback of `sort`, or in a
 * function of two parameters that the file sorts by, or whose name and results say that it compares.
 */
export function isInComparison(node: SyntaxNode): boolean {
  for (let up = node.parent; up; up = up.parent) {
    if (!isFunction(up)) continue;
    const parameters = parametersOf(up);
    if (parameters.length !== 2) continue;
    const call = up.parent?.type === 'arguments' ? up.parent.parent : null;
    if (call?.type === 'call_expression' && /^(?:sort|toSorted)$/.test(methodOf(call) ?? '')) return true;
    const name = nameOf(up);
    if (name !== undefined && (isSortedBy(name, rootOf(node).text) || comparesByItself(up, name))) return true;
  }
  return false;
}

/** The name of a declaration, a method, or a variable that holds the function. */
function nameOf(fn: SyntaxNode): string | undefined {
  const own = fn.childForFieldName('name')?.text;
  if (own !== undefined) return own;
  return fn.parent?.type === 'variable_declarator' || fn.parent?.type === 'pair'
    ? (fn.parent.childForFieldName('name') ?? fn.parent.childForFieldName('key'))?.text
    : undefined;
}

/** `.sort(byDate)`, `.sort(this.byDate)`, `.sort((a, b) => byDate(a, b))`, `sort(list, byDate)`. */
function isSortedBy(name: string, text: string): boolean {
  const escaped = escapeRegExp(name);
  return new RegExp(`\\b(?:sort|toSorted)\\((?:[^()]{0,80},\\s*|\\([^()]{0,60}\\)\\s*=>\\s*)?(?:[\\w$]+\\.)*${escaped}\\s*[(,)]`).test(text);
}

/** `byDate`, `compareNames`: a name that says so, and results that do. */
function comparesByItself(fn: SyntaxNode, name: string): boolean {
  if (!/^(?:by[A-Z_]|compare|cmp|sort)|(?:Compare|Comparator|Order)$/.test(name)) return false;
  const body = fn.childForFieldName('body')?.text ?? '';
  return /\breturn\s*-1\b|\?\s*-1\b|:\s*-1\b|\blocaleCompare\(|\)\s*-\s*|\.compare\(/.test(body);
}

/** What a condition asks for that lets only some runs log, check or measure. */
const ASKS = /debug|verbose|trace|silent|quiet|level|enabled|logg(?:er|ing)|\bdev\b|NODE_ENV|__DEV__/i;

/** Whether a node stands in an `if`, `&&` or `?:` that asks for a level, a flag or a mode. */
export function isGuarded(node: SyntaxNode): boolean {
  let child = node;
  for (let up = node.parent; up; up = up.parent) {
    const condition = up.type === 'if_statement' || up.type === 'ternary_expression' ? up.childForFieldName('condition') : null;
    if (condition && condition.id !== child.id && ASKS.test(condition.text)) return true;
    if (up.type === 'binary_expression' && up.childForFieldName('right')?.id === child.id && ASKS.test(up.childForFieldName('left')?.text ?? '')) return true;
    if (isFunction(up)) return returnsEarly(up, child);
    child = up;
  }
  return false;
}

/** `if (!logger.isDebugEnabled()) return;` in front of the statement. */
function returnsEarly(fn: SyntaxNode, statement: SyntaxNode): boolean {
  if (statement.type !== 'statement_block') return false;
  return (
    statement.namedChildren.some(
      (one) =>
        one.type === 'if_statement' &&
        /\breturn\b/.test(one.childForFieldName('consequence')?.text ?? '') &&
        ASKS.test(one.childForFieldName('condition')?.text ?? ''),
    ) && fn.childForFieldName('body')?.id === statement.id
  );
}

/** What keeps results: with it, a function that calls itself may make each call once. */
const KEEPS = /memo|cache|\bknown\b|\bseen\b|\bdp\b|\btable\b|\.has\(|\.get\(|\?\?=|\[[^\]]+\]\s*(?:!==?|===?)\s*(?:undefined|null|-1)/i;

/**
 * Whether a call is one of two or more that a function makes of itself with nothing but its own parameters and
 * constant steps between: `f(n - 1) + f(n - 2)`, `f(i + 1, j)` and `f(i, j + 1)`. Their arguments meet again below.
 * Halves of a range and children of a node do not.
 */
export function isOverlapping(call: SyntaxNode): boolean {
  let fn = call.parent;
  while (fn && !isFunction(fn)) fn = fn.parent;
  const name = fn && nameOf(fn);
  if (!fn || !name || lastName(call) !== name || KEEPS.test(fn.text)) return false;
  const parameters = new Set(parametersOf(fn).map(({ text }) => text));
  const steps = new Set<string>();
  let isUsed = false;
  for (const node of nodesWithin(fn)) {
    if (node.type !== 'call_expression' || lastName(node) !== name) continue;
    const given = namedArguments(node);
    const stepped = given.filter(({ type }) => type === 'binary_expression' || type === 'call_expression');
    if (stepped.length === 0 || !given.every((one) => isStepOf(one, parameters))) return false;
    steps.add(given.map(({ text }) => text).join());
    isUsed ||= node.parent?.type !== 'expression_statement';
    // Each turn of a loop is another step where it goes as far as the element says: `ways(amount - coin)`.
    if (node.parent?.type !== 'expression_statement' && loopsAround(node).some((loop) => stepped.some((one) => hasElementOf(one, loop))))
      steps.add(`${node.startIndex}`);
  }
  return isUsed && steps.size >= 2 && !/\.(?:push|pop|add|delete)\(/.test(fn.text);
}

/** Whether a step is a parameter less what a loop has for its turn. */
function hasElementOf(step: SyntaxNode, loop: SyntaxNode): boolean {
  for (const node of nodesWithin(step)) {
    const declaration = node.type === 'identifier' ? declarationOf(node)?.node : undefined;
    if (declaration && declaration.startIndex >= loop.startIndex && declaration.endIndex <= loop.endIndex) return true;
  }
  return false;
}

const lastName = (call: SyntaxNode): string | undefined => {
  const callee = call.childForFieldName('function');
  return (callee?.childForFieldName('property') ?? callee)?.text;
};

/** A parameter, a name, a parameter and a number or what is kept elsewhere, or the rest of a text: `n - 1`, `room - sizes[i]`, `text.slice(n)`. */
function isStepOf(argument: SyntaxNode, parameters: ReadonlySet<string>): boolean {
  if (argument.type === 'identifier') return true;
  if (argument.type === 'call_expression')
    return (
      /^(?:slice|substring|substr)$/.test(methodOf(argument) ?? '') && namedArguments(argument).length === 1 && parameters.has(receiverOf(argument)?.text ?? '')
    );
  if (argument.type !== 'binary_expression' || !/^[-+]$/.test(argument.childForFieldName('operator')?.text ?? '')) return false;
  const right = argument.childForFieldName('right')?.type ?? '';
  return parameters.has(argument.childForFieldName('left')?.text ?? '') && /^(?:number|identifier|member_expression|subscript_expression)$/.test(right);
}

/** Whether an expression names the function around a node, or only calls it: `drain`, `this.drain.bind(this)`, `() => drain(jobs)`. */
export function isItself(expression: SyntaxNode, node: SyntaxNode): boolean {
  let fn = node.parent;
  while (fn && !isFunction(fn)) fn = fn.parent;
  const name = fn && nameOf(fn);
  const called = isFunction(expression) ? resultOf(expression)?.childForFieldName('function') : expression;
  const path = called?.text.replace(/\.bind\(this\)$/, '');
  return typeof name === 'string' && (path === name || path === `this.${name}`);
}

/** Whether a node stands in a callback of `db.transaction(…)`, or in a function that begins one, is named after one, or is given to it. */
export function isInTransaction(node: SyntaxNode): boolean {
  for (let up = node.parent; up; up = up.parent) {
    if (up.type === 'call_expression' && /transaction$/i.test(up.childForFieldName('function')?.text.slice(-40) ?? '')) return true;
    if (!isFunction(up)) continue;
    const name = nameOf(up);
    if (/\b(?:begin|savepoint|transaction)\b/i.test(up.text) || /transaction/i.test(name ?? '')) return true;
    if (name !== undefined && new RegExp(`transaction\\(\\s*${escapeRegExp(name)}\\b`, 'i').test(rootOf(node).text)) return true;
  }
  return false;
}
