import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { copyingOf, mentions } from '../facts/callback-facts';
import { bodyOf, isFunction, nodesWithin, type SyntaxNode, unwrapped } from '../syntax';
import { hasElision, isTyped, replace } from './fix-edits';

/**
 * `reduce((acc, x) => ({ ...acc, [x.id]: x }), {})` -> `reduce((acc, x) => { acc[x.id] = x; return acc; }, {})`.
 * Only where the accumulator begins as a fresh literal, and in TypeScript where its type is written down.
 */
export function mutateAccumulator(match: CaughtMatch): TextEdit[] | undefined {
  const callback = match.captures.get('F');
  const initial = match.captures.get('INIT');
  const fn = callback && unwrapped(callback);
  const copying = fn && copyingOf(fn);
  if (!fn || !initial || !copying || fn.type !== 'arrow_function') return undefined;
  const literal = unwrapped(initial);
  if (!/^(?:\{\s*\}|\[\s*\])$/.test(literal.text) && literal.type !== 'object' && literal.type !== 'array') return undefined;
  const isTypeKnown =
    literal.id !== initial.id || /^\w[\w.\][]*\.reduce</.test(match.node.text) || /:\s*/.test(fn.childForFieldName('parameters')?.namedChildren[0]?.text ?? '');
  if (isTyped(match) && !isTypeKnown) return undefined;
  const [first, ...rest] = copying.node.namedChildren.filter(({ type }) => type !== 'comment');
  if (first?.type !== 'spread_element' || first.namedChildren[0]?.text !== copying.parameter || copying.by === 'call') return undefined;
  if (!isOnlyResult(fn, copying.parameter) || hasElision(copying.node)) return undefined;
  const statements = rest.map((one) => (copying.by === 'array' ? pushOf(copying.parameter, one) : assignmentOf(copying.parameter, one)));
  if (statements.length === 0 || statements.some((one) => one === undefined)) return undefined;
  // The value of one entry must not look at what an entry before it has set, nor keep the accumulator itself.
  const uses = rest.flatMap((one) =>
    [...nodesWithin(one)].filter(({ type, text }) => /identifier$/.test(type) && type !== 'property_identifier' && text === copying.parameter),
  );
  if (uses.length > 0 && (statements.length > 1 || !uses.every((use) => isReadOf(use, fn)))) return undefined;
  return rewriteBody(fn, copying, statements);
}

/** `acc.a` or `acc[k]`, in the callback itself and not in a function that may run later. */
function isReadOf(use: SyntaxNode, fn: SyntaxNode): boolean {
  if (!/^(?:member|subscript)_expression$/.test(use.parent?.type ?? '') || use.parent?.childForFieldName('object')?.id !== use.id) return false;
  for (let up: SyntaxNode | null = use.parent; up && up.id !== fn.id; up = up.parent) if (isFunction(up)) return false;
  return true;
}

/** Whether a callback speaks of its accumulator only in its result, and returns nothing before. */
function isOnlyResult(fn: SyntaxNode, accumulator: string): boolean {
  const body = bodyOf(fn);
  if (body.type !== 'statement_block') return true;
  const statements = body.namedChildren.filter(({ type }) => type !== 'comment').slice(0, -1);
  return statements.every((one) => !mentions(one, accumulator) && ![...nodesWithin(one)].some(({ type }) => type === 'return_statement'));
}

function rewriteBody(fn: SyntaxNode, copying: { node: SyntaxNode; parameter: string }, statements: readonly (string | undefined)[]): TextEdit[] {
  const body = bodyOf(fn);
  if (body.type !== 'statement_block') return [replace(body, `{ ${statements.join(' ')} return ${copying.parameter}; }`)];
  const result = body.namedChildren.filter(({ type }) => type !== 'comment').at(-1) as SyntaxNode;
  return [replace(result, `${statements.join(' ')} return ${copying.parameter};`)];
}

const pushOf = (parameter: string, element: SyntaxNode): string | undefined =>
  element.type === 'spread_element' ? undefined : `${parameter}.push(${element.text});`;

function assignmentOf(parameter: string, entry: SyntaxNode): string | undefined {
  if (entry.type === 'shorthand_property_identifier') return `${parameter}.${entry.text} = ${entry.text};`;
  if (entry.type !== 'pair') return undefined;
  const key = entry.childForFieldName('key');
  const value = entry.childForFieldName('value')?.text;
  if (!key || value === undefined) return undefined;
  if (key.type === 'property_identifier') return `${parameter}.${key.text} = ${value};`;
  if (key.type === 'string' || key.type === 'number') return `${parameter}[${key.text}] = ${value};`;
  return key.type === 'computed_property_name' ? `${parameter}${key.text} = ${value};` : undefined;
}
