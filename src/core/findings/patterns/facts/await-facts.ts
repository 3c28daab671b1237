/** What waits for what. */
import { isFunction, isLoopingCallback, nodesWithin, resultOf, type SyntaxNode, unwrapped } from '../syntax';

/** Whether a call is awaited, or is what a callback of a loop gives back, for `Promise.all` to wait for. */
export function isAwaited(node: SyntaxNode): boolean {
  const { parent } = node;
  if (parent?.type === 'await_expression') return true;
  for (let up = parent; up; up = up.parent) {
    if (isFunction(up))
      return (
        isLoopingCallback(up) && resultOf(up)?.id === node.id && /^(?:Promise\.all|Promise\.allSettled)\(/.test(up.parent?.parent?.parent?.parent?.text ?? '')
      );
  }
  return false;
}

/** Calls that only ask. What changes something may have to come first. */
const ASKS = /^(?:get|fetch|find|load|read|query|list|count|search|lookup|select|request|is|has)(?:[A-Z_]|$)/;

/** A value that a statement of its own waits for. */
export interface AwaitedValue {
  readonly statement: SyntaxNode;
  /** What the statement declares. */
  readonly name: SyntaxNode;
  readonly call: SyntaxNode;
}

/** `const NAME = await get(…);` */
function awaitedValue(statement: SyntaxNode | null | undefined): AwaitedValue | undefined {
  if (statement?.type !== 'lexical_declaration' || statement.namedChildren.length !== 1) return undefined;
  const declarator = statement.namedChildren[0] as SyntaxNode;
  const name = declarator.childForFieldName('name');
  const value = declarator.childForFieldName('value');
  const call = value?.type === 'await_expression' ? unwrapped(value) : undefined;
  if (!name || call?.type !== 'call_expression') return undefined;
  const callee = call.childForFieldName('function');
  const called = callee?.type === 'member_expression' ? callee.childForFieldName('property')?.text : callee?.text;
  return ASKS.test(called ?? '') ? { statement, name, call } : undefined;
}

const namesIn = (node: SyntaxNode): Set<string> => {
  const names = new Set<string>();
  for (const one of nodesWithin(node)) if (/identifier/.test(one.type)) names.add(one.text);
  return names;
};

/** Whether a statement begins a row of at least two awaits of which none takes what one before it gives. */
export function isFirstOfRow(statement: SyntaxNode): boolean {
  const first = awaitedValue(statement);
  if (!first) return false;
  const before = awaitedValue(statement.previousNamedSibling);
  if (before && isApart(before, first)) return false;
  const next = awaitedValue(nextOf(statement));
  return next !== undefined && isApart(first, next);
}

/** The row of awaits that begins with a statement: each takes nothing that one before it gives. */
export function awaitedRow(statement: SyntaxNode): AwaitedValue[] {
  const row: AwaitedValue[] = [];
  for (let at: SyntaxNode | undefined = statement; at; at = nextOf(at)) {
    const next = awaitedValue(at);
    if (!next || !row.every((earlier) => isApart(earlier, next))) break;
    row.push(next);
  }
  return row;
}

/** Whether the later one takes nothing that the earlier declares, and both do not read on in the same thing, such as a file or a stream. */
function isApart(earlier: AwaitedValue, later: AwaitedValue): boolean {
  const declared = namesIn(earlier.name);
  for (const name of namesIn(later.call)) if (declared.has(name)) return false;
  // The same call twice in a row reads on: it would not be made twice to get the same.
  return earlier.call.text !== later.call.text;
}

function nextOf(statement: SyntaxNode): SyntaxNode | undefined {
  const siblings = (statement.parent?.namedChildren ?? []).filter(({ type }) => type !== 'comment');
  const at = siblings.findIndex(({ id }) => id === statement.id);
  return at < 0 ? undefined : siblings[at + 1];
}
