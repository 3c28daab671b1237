import type * as t from '@babel/types';
import { walk } from './parse-source';

/**
 * Which of some functions uses a variable, and how: to say which of those that merely see
 * it adds to what it holds.
 */
export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
}

export interface VariableUser {
  /** Which of the functions that were given. */
  readonly index: number;
  /** Whether no other uses it in that way. */
  readonly isSure: boolean;
}

export interface UsersWanted {
  readonly name: string;
  /** Whether an occurrence of the name at a place is the variable that is meant. */
  readonly isMeant: (at: Position) => boolean;
  /** Within each function, any place of its head: V8's, or where a source map leads from there. */
  readonly functions: readonly Position[];
  /** Places within functions that were running when something was added, innermost first. */
  readonly running: readonly Position[];
}

/** Ways of using a variable, the best reason for what it holds to grow last. */
const ways = ['reads', 'hands on', 'adds to'] as const;
type Way = (typeof ways)[number];

/** Methods by which collections, emitters and promises come to hold more. */
const adders = new Set(
  'push unshift splice add set append insert enqueue concat register subscribe on once addListener prependListener addEventListener then catch finally'.split(
    ' ',
  ),
);

/** The function that most likely makes a variable hold more; undefined where none of them uses it. */
export function variableUser(program: t.Node, { name, isMeant, functions, running }: UsersWanted): VariableUser | undefined {
  const spans: Span[] = [];
  const uses: { readonly at: Position; readonly rank: number }[] = [];
  walk(program, (node, parents) => {
    if (isFunctionLike(node)) spans.push(spanOf(node));
    if (node.type !== 'Identifier' || node.name !== name || !node.loc || !isReference(node, parents.at(-1))) return;
    const way = wayOf(node, parents);
    if (way && isMeant(node.loc.start)) uses.push({ at: node.loc.start, rank: ways.indexOf(way) });
  });
  const innermost = innermostOf(spans);
  const runs = running.map(innermost);
  // A use is that of the innermost of the functions in question: one around it, as that of the whole module, only holds it.
  const asked = functions.map(innermost);
  const askedAround = innermostOf([...new Set(asked)].filter((span) => span !== undefined));
  const ranks = new Map<Span, number>();
  for (const { at, rank } of uses) {
    const span = askedAround(at);
    if (span) ranks.set(span, Math.max(rank, ranks.get(span) ?? -1));
  }
  const users: User[] = [];
  for (const [index, span] of asked.entries()) {
    const rank = span && ranks.get(span);
    if (!span || rank === undefined) continue;
    const run = runs.indexOf(span);
    users.push({ index, rank, run: run < 0 ? Number.POSITIVE_INFINITY : run, length: span.end - span.start });
  }
  users.sort((a, b) => b.rank - a.rank || (a.run === b.run ? 0 : a.run - b.run) || a.length - b.length || a.index - b.index);
  const [best, next] = users;
  return best && { index: best.index, isSure: !next || next.rank < best.rank || next.run > best.run };
}

interface User {
  readonly index: number;
  /** Of `ways`. */
  readonly rank: number;
  /** Its place among those that were running. */
  readonly run: number;
  readonly length: number;
}

/** Offsets and places; of a function, or of a class, at whose place V8 puts a constructor that nobody wrote. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly from: Position;
  readonly to: Position;
}

const isFunctionLike = (node: t.Node): boolean =>
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod|ClassDeclaration|ClassExpression|Program)$/.test(
    node.type,
  );

function spanOf(node: t.Node): Span {
  const nowhere = { line: 0, column: 0 };
  return { start: node.start ?? 0, end: node.end ?? 0, from: node.loc?.start ?? nowhere, to: node.loc?.end ?? nowhere };
}

const isBefore = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);

/**
 * The innermost of some spans that holds a place; of equal ones the last. Spans are nested
 * or apart: the last that begins before the place holds it, or one around that does.
 */
export function innermostOf<S extends Span>(spans: readonly S[]): (place: Position) => S | undefined {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const around = new Int32Array(sorted.length).fill(-1);
  const open: number[] = [];
  for (const [i, { start }] of sorted.entries()) {
    while (open.length > 0 && (sorted[open[open.length - 1] as number] as S).end <= start) open.pop();
    around[i] = open[open.length - 1] ?? -1;
    open.push(i);
  }
  return (place) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(place, (sorted[middle] as S).from)) high = middle;
      else low = middle + 1;
    }
    let at = low - 1;
    while (at >= 0 && !isBefore(place, (sorted[at] as S).to)) at = around[at] as number;
    return sorted[at];
  };
}

/** Neither the name of a property nor a label. */
function isReference(node: t.Node, parent: t.Node | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return parent.object === node || parent.computed;
    case 'ObjectProperty':
      return parent.value === node || parent.computed;
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassProperty':
      return parent.key !== node || parent.computed === true;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    default:
      return true;
  }
}

/** How an occurrence uses what the variable holds; undefined for its declaration, and where it is given something empty. */
function wayOf(node: t.Node, parents: readonly t.Node[]): Way | undefined {
  let value = node;
  let method = '';
  // What is handed on of a member is not the variable's own.
  let isMember = false;
  for (let i = parents.length - 1; i >= 0; i--) {
    const parent = parents[i] as t.Node;
    switch (parent.type) {
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        if (parent.object !== value) return 'reads';
        method = parent.property.type === 'Identifier' && !parent.computed ? parent.property.name : '';
        value = parent;
        isMember = true;
        continue;
      case 'TSNonNullExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'ParenthesizedExpression':
        value = parent;
        continue;
      case 'AssignmentExpression':
        if (parent.left !== value) return isMember ? 'reads' : 'hands on';
        return !isMember && isEmpty(parent.right) ? undefined : 'adds to';
      case 'UpdateExpression':
        return 'adds to';
      case 'CallExpression':
      case 'OptionalCallExpression':
        if (parent.callee === value) return adders.has(method) ? 'adds to' : 'reads';
        return isMember ? 'reads' : 'hands on';
      case 'NewExpression':
      case 'SpreadElement':
      case 'ObjectProperty':
      case 'ArrayExpression':
      case 'ReturnStatement':
        return isMember ? 'reads' : 'hands on';
      case 'VariableDeclarator':
        return parent.id === value ? undefined : isMember ? 'reads' : 'hands on';
      default:
        return 'reads';
    }
  }
  return 'reads';
}

/** `[]`, `{}`, `new Map()`, `null`: whoever assigns that lets go. */
function isEmpty(value: t.Node): boolean {
  switch (value.type) {
    case 'ArrayExpression':
      return value.elements.length === 0;
    case 'ObjectExpression':
      return value.properties.length === 0;
    case 'NewExpression':
      return value.arguments.length === 0;
    case 'NullLiteral':
      return true;
    case 'StringLiteral':
      return value.value === '';
    case 'NumericLiteral':
      return value.value === 0;
    default:
      return value.type === 'Identifier' && value.name === 'undefined';
  }
}
