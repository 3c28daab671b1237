import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { isDeclaredWithin } from '../facts/loop-facts';
import { bodyOf, escapeRegExp, loopsAround, namedArguments, nodesWithin, ownerOf, rootOf, type SyntaxNode } from '../syntax';
import { freshName, isTyped, lineBefore, replace } from './fix-edits';

/**
 * `while (queue.length > 0) { const x = queue.shift(); … }` -> an index that goes through
 * the queue. Only for a local queue that nothing reads after the loop.
 */
export function queueHead(match: CaughtMatch): TextEdit[] | undefined {
  return namedArguments(match.node).length > 0 ? undefined : walked(match, match.node);
}

/** `queue.splice(0, 1)[0]` -> an index as above where that fits, else `queue.shift()`, which makes no array for what it gives. */
export function takeFirst(match: CaughtMatch): TextEdit[] | undefined {
  const { node, captures } = match;
  const queue = captures.get('A');
  const isPart = node.parent?.type === 'subscript_expression' && node.parent.childForFieldName('object')?.id === node.id;
  const isWhole = node.type === 'subscript_expression' || node.parent?.type === 'expression_statement';
  const call = node.type === 'subscript_expression' ? node.childForFieldName('object') : node;
  if (!queue || !call || isPart || !isWhole || captures.get('N') || namedArguments(call)[1]?.text !== '1') return undefined;
  return (node === call ? undefined : walked(match, call)) ?? [replace(node, `${queue.text}.shift()`)];
}

/** `call` takes the first element away, and `match.node` is that element. */
function walked(match: CaughtMatch, call: SyntaxNode): TextEdit[] | undefined {
  const queue = match.captures.get('A');
  const [loop] = loopsAround(match.node);
  if (queue?.type !== 'identifier' || loop?.type !== 'while_statement' || loop.parent?.type !== 'statement_block') return undefined;
  const condition = loop.childForFieldName('condition');
  const name = escapeRegExp(queue.text);
  const test = condition && new RegExp(`^\\(${name}\\.length(?:\\s*>\\s*0|\\s*!==?\\s*0)?\\)$`).test(condition.text);
  const owner = ownerOf(match.node);
  if (!condition || !test || !isDeclaredWithin(queue, bodyOf(owner)) || isChangedOtherwise(queue.text, loop, call)) return undefined;
  const after = rootOf(loop).text.slice(loop.endIndex, owner.endIndex);
  if (new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(after) || loopsAround(loop).length > 0) return undefined;
  const head = freshName('head', match.node);
  const next = `${queue.text}[${head}++]`;
  return [
    lineBefore(loop, `let ${head} = 0;`),
    replace(condition, `(${head} < ${queue.text}.length)`),
    replace(match.node, isTyped(match) && match.node.parent?.type !== 'non_null_expression' ? `${next}!` : next),
  ];
}

/** Whether the loop takes from the queue elsewhere, or reads it by index or length, which would mean something else then. */
function isChangedOtherwise(queue: string, loop: SyntaxNode, taken: SyntaxNode): boolean {
  const body = bodyOf(loop);
  for (const node of nodesWithin(body)) {
    if (node.type !== 'identifier' || node.text !== queue) continue;
    const call = node.parent?.parent;
    if (call?.id === taken.id) continue;
    const isPush = call?.type === 'call_expression' && node.parent?.childForFieldName('property')?.text === 'push';
    if (!isPush) return true;
  }
  return false;
}
