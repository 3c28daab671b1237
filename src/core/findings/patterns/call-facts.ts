/** When the code around a match runs: in a comparison of a sort, or only where a level asks for it. */
import { escapeRegExp, isFunction, methodOf, parametersOf, rootOf, type SyntaxNode } from './syntax';

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
