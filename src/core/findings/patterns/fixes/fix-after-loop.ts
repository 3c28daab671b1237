/** Rewritings that do once after a loop what was done in each turn. */
import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { isOwnArray } from '../facts/collection-facts';
import { bodyOf, isFunction, isLoopStatement, loopsAround, methodOf, namedArguments, nodesWithin, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf } from '../values';
import { lineAfter, replace } from './fix-edits';

/** The statement that a loop is, where a line may be put behind it. */
function statementOf(loop: SyntaxNode): SyntaxNode | undefined {
  const statement = isLoopStatement(loop) ? loop : loop.parent;
  if (!statement || (!isLoopStatement(statement) && statement.type !== 'expression_statement')) return undefined;
  return statement.parent?.type === 'statement_block' || statement.parent?.type === 'program' ? statement : undefined;
}

/**
 * `for (…) out.unshift(x);` -> `for (…) out.push(x); out.reverse();`, for an array that begins empty, or with one
 * element, in front of all the loops, and that nothing looks at until they are over.
 */
export function pushAndReverse(match: CaughtMatch): TextEdit[] | undefined {
  const { node } = match;
  const array = match.captures.get('A');
  const property = node.childForFieldName('function')?.childForFieldName('property');
  const given = namedArguments(node);
  if (array?.type !== 'identifier' || !property || node.parent?.type !== 'expression_statement') return undefined;
  if (given.length !== 1 || given[0]?.type === 'spread_element' || !isOwnArray(array, node)) return undefined;
  const declarator = declarationOf(array)?.node;
  const value = declarator?.childForFieldName('value');
  if (!declarator || !value || unwrapped(value).namedChildren.length > 1) return undefined;
  const loop = loopsAround(node)
    .filter(({ startIndex }) => startIndex > declarator.endIndex)
    .at(-1);
  const statement = loop && statementOf(loop);
  // A callback that gives back what unshift gives would give another number.
  if (!statement || (isFunction(node.parent.parent ?? node) && bodyOf(node.parent.parent as SyntaxNode).id === node.id)) return undefined;
  if (statement.parent?.id !== declarator.parent?.parent?.id) return undefined;
  return [replace(property, 'push'), lineAfter(statement, `${array.text}.reverse();`)];
}

/**
 * `for (…) { list.push(x); list.sort(f); }` -> the sort after the loop, where the turns do nothing else with the
 * list, and none of them leaves the loop before its end.
 */
export function sortOnce(match: CaughtMatch): TextEdit[] | undefined {
  const { node } = match;
  const array = match.captures.get('A');
  const statement = node.parent;
  const [loop] = loopsAround(node);
  if (array?.type !== 'identifier' || statement?.type !== 'expression_statement' || !loop || methodOf(node) !== 'sort') return undefined;
  if (!isLoopStatement(loop) || bodyOf(loop).id !== statement.parent?.id) return undefined;
  const after = statementOf(loop);
  const push = statement.previousNamedSibling;
  if (!after || !push) return undefined;
  for (const one of nodesWithin(bodyOf(loop))) {
    if (/^(?:return|break|continue|throw)_statement$/.test(one.type) || /^(?:await|yield)_expression$/.test(one.type)) return undefined;
    const isHere = (part: SyntaxNode): boolean => one.startIndex >= part.startIndex && one.endIndex <= part.endIndex;
    if (/identifier$/.test(one.type) && one.text === array.text && !isHere(statement) && !isHere(push)) return undefined;
  }
  const declaration = declarationOf(array)?.node;
  // A list that lives longer may be looked at by what the turns call.
  if (!declaration || namedArguments(node).some((one) => !isFunction(unwrapped(one)))) return undefined;
  const from = push.endIndex;
  return [{ start: from, end: statement.endIndex, text: '' }, lineAfter(after, statement.text)];
}
