/**
 * Rewritings of a match, as edits of the file's text: only what changes is
 * replaced, so comments and formatting elsewhere stay. Every plan gives undefined
 * where it does not fit; whoever applies it checks that the result still parses.
 */
import type { TextEdit } from '../../../shared/reported-finding';
import { comparisonOf, copyingOf, keyedBy, mentions } from './callback-facts';
import { isFilledBehind, isOwnArray } from './collection-facts';
import type { CaughtMatch } from './conditions';
import { isDeclaredWithin, widestInvariantLoop } from './loop-facts';
import type { FixPlan } from './pattern-rule';
import {
  bodyOf,
  escapeRegExp,
  isFunction,
  isLoopStatement,
  loopsAround,
  methodOf,
  namedArguments,
  nodesWithin,
  ownerOf,
  rootOf,
  type SyntaxNode,
  unwrapped,
} from './syntax';
import { operatorOf } from './values';

/** Undefined where a plan does not fit, or a comment would be lost. */
export function planEdits(plan: FixPlan, match: CaughtMatch): TextEdit[] | undefined {
  const edits = build(plan, match);
  return edits?.every((edit) => keepsComments(edit, match)) ? edits : undefined;
}

function build(plan: FixPlan, match: CaughtMatch): TextEdit[] | undefined {
  switch (plan.kind) {
    case 'template':
      return [replace(match.node, expand(plan.template, match))];
    case 'call-instead':
      return callInstead(plan.method, match);
    case 'insert-after': {
      const at = match.captures.get(plan.capture)?.endIndex;
      return at === undefined ? undefined : [{ start: at, end: at, text: plan.text }];
    }
    case 'hoist':
      return hoist(plan, match);
    case 'push':
      return push(match);
    case 'unspread':
      return unspread(match);
    case 'set-lookup':
      return setLookup(match);
    case 'map-lookup':
      return mapLookup(match);
    case 'mutate-accumulator':
      return mutateAccumulator(match);
    case 'queue-head':
      return queueHead(match);
  }
}

function keepsComments(edit: TextEdit, { node }: CaughtMatch): boolean {
  if (edit.start === edit.end) return true;
  for (const one of nodesWithin(rootPart(node, edit))) {
    if (one.type === 'comment' && one.startIndex >= edit.start && one.endIndex <= edit.end && !edit.text.includes(one.text)) return false;
  }
  return true;
}

const rootPart = (node: SyntaxNode, edit: TextEdit): SyntaxNode => rootOf(node).descendantForIndex(edit.start, edit.end) ?? node;

/** `$A` becomes the text that was caught; a name that caught nothing becomes nothing. */
export function expand(template: string, { captures }: { readonly captures: ReadonlyMap<string, Pick<SyntaxNode, 'text'>> }): string {
  return template.replace(/\$\$?\$?([A-Z_][A-Z0-9_]*)/g, (_, name: string) => captures.get(name)?.text ?? '');
}

const replace = (node: SyntaxNode, text: string): TextEdit => ({ start: node.startIndex, end: node.endIndex, text });
const isTyped = ({ language }: CaughtMatch): boolean => language === 'typescript' || language === 'tsx';

/** Only the method's name changes and what follows the call goes, so that a chain over several lines keeps its form. */
function callInstead(method: 'find' | 'some' | 'flatMap', match: CaughtMatch): TextEdit[] | undefined {
  const call = match.captures.get('F')?.parent?.parent;
  const property = call?.childForFieldName('function')?.childForFieldName('property');
  if (!call || !property) return undefined;
  const comparison = method === 'some' ? comparisonOf(match.node) : { node: match.node, isSome: true };
  if (!comparison) return undefined;
  const { node, isSome } = comparison;
  if (isPlace(node)) return undefined;
  const tail = method === 'find' && isTyped(match) && !toleratesUndefined(match.node) ? '!' : '';
  const edits = [replace(property, method), { start: call.endIndex, end: node.endIndex, text: tail }];
  return isSome ? edits : [{ start: node.startIndex, end: node.startIndex, text: '!' }, ...edits];
}

const wrapperTypes = /^(?:parenthesized_expression|as_expression|satisfies_expression|non_null_expression)$/;

/** Whether `a.filter(f)[0]` stands for a place: what is assigned, deleted, or called with the array as `this`. */
function isPlace(node: SyntaxNode): boolean {
  let at = node;
  while (at.parent && wrapperTypes.test(at.parent.type)) at = at.parent;
  const around = at.parent;
  if (!around) return false;
  const isField = (name: string): boolean => around.childForFieldName(name)?.id === at.id;
  switch (around.type) {
    case 'update_expression':
    case 'array_pattern':
    case 'rest_pattern':
    case 'pair_pattern':
      return true;
    case 'assignment_expression':
    case 'augmented_assignment_expression':
    case 'assignment_pattern':
    case 'for_in_statement':
      return isField('left');
    case 'call_expression':
      return isField('function');
    case 'new_expression':
      return isField('constructor');
    case 'unary_expression':
      return operatorOf(around) === 'delete';
    default:
      return false;
  }
}

/** `find` may give undefined where an index gave an element to TypeScript: whether that matters where it stands. */
function toleratesUndefined({ parent }: SyntaxNode): boolean {
  if (!parent) return false;
  if (/^(?:binary_expression|unary_expression|non_null_expression)$/.test(parent.type)) return true;
  if (parent.type === 'parenthesized_expression') return parent.parent?.type === 'if_statement';
  return parent.namedChildren.some(({ type }) => type === 'optional_chain');
}

/** `xs = [...xs, x];` -> `xs.push(x);`, as a statement, of an array that nobody else has, and not for what is typed as readonly. */
function push(match: CaughtMatch): TextEdit[] | undefined {
  const collection = match.node.childForFieldName('left');
  const element = match.captures.get('Y');
  if (!collection || !element || element.type === 'spread_element' || match.node.parent?.type !== 'expression_statement') return undefined;
  const copy = match.node.childForFieldName('right');
  if (!copy || hasElision(copy) || mentions(element, collection.text) || !isOwnArray(collection, match.node)) return undefined;
  if (isTyped(match) && new RegExp(`\\b${escapeRegExp(lastName(collection.text))}\\??\\s*:\\s*(?:readonly|Readonly)`).test(rootOf(collection).text))
    return undefined;
  const right = match.node.childForFieldName('right');
  return [
    { start: collection.endIndex, end: element.startIndex, text: '.push(' },
    { start: element.endIndex, end: right?.endIndex ?? match.node.endIndex, text: ')' },
  ];
}

/** `[...xs].map(f)` -> `xs.map(f)`. */
function unspread(match: CaughtMatch): TextEdit[] | undefined {
  const array = match.captures.get('A');
  const copy = array?.parent?.parent;
  if (!array || copy?.type !== 'array') return undefined;
  const isSimple = /^(?:identifier|member_expression|call_expression|subscript_expression|this)$/.test(array.type);
  return [replace(copy, isSimple ? array.text : `(${array.text})`)];
}

/** The statement of a block that holds a node, and where a line may be put in front of it. */
function statementAround(node: SyntaxNode): SyntaxNode | undefined {
  for (let at = node; at.parent; at = at.parent) {
    const { type } = at.parent;
    if (type === 'program' || type === 'statement_block') return at;
    if (isFunction(at.parent) && at.parent.childForFieldName('body')?.id === at.id) return undefined;
    if (type === 'class_body' || type === 'switch_case' || type === 'labeled_statement') return undefined;
  }
  return undefined;
}

/** A line put in front of a statement and of the comments right above it, with its indentation. */
function lineBefore(statement: SyntaxNode, line: string): TextEdit {
  let first = statement;
  for (let above = first.previousNamedSibling; above?.type === 'comment'; above = above.previousNamedSibling) {
    const isRightAbove = above.endPosition.row === first.startPosition.row - 1 && (above.previousNamedSibling?.endPosition.row ?? -1) < above.startPosition.row;
    if (!isRightAbove) break;
    first = above;
  }
  const root = rootOf(statement).text;
  const offset = first.startIndex;
  const lineStart = root.lastIndexOf('\n', offset - 1) + 1;
  const before = root.slice(lineStart, offset);
  const newline = root.includes('\r\n') ? '\r\n' : '\n';
  return { start: offset, end: offset, text: /^\s*$/.test(before) ? `${line}${newline}${before}` : `${line} ` };
}

/** A name that nothing in the file has yet. */
function freshName(wanted: string, node: SyntaxNode): string {
  const text = rootOf(node).text;
  const isTaken = (name: string): boolean => new RegExp(`(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`).test(text);
  let name = wanted;
  for (let i = 2; isTaken(name); i++) name = `${wanted}${i}`;
  return name;
}

/** `this.items` -> `items`; `getAll().x` -> `x`. */
const lastName = (text: string): string => /([A-Za-z_$][\w$]*)\W*$/.exec(text)?.[1] ?? 'values';

/** The first statement of a module that is neither an import nor a directive: what is declared in front of it is there whoever calls first. */
function moduleStatement(node: SyntaxNode): SyntaxNode | undefined {
  const isHead = ({ type, namedChildren }: SyntaxNode): boolean =>
    /^(?:import_statement|hash_bang_line|comment)$/.test(type) || (type === 'expression_statement' && namedChildren[0]?.type === 'string');
  return rootOf(node).namedChildren.find((one) => !isHead(one));
}

function hoist(plan: Extract<FixPlan, { kind: 'hoist' }>, match: CaughtMatch): TextEdit[] | undefined {
  const { node } = match;
  const part = plan.part === 'match' ? node : node.childForFieldName('function')?.childForFieldName('object');
  if (!part) return undefined;
  const place = hoistPlace(plan.before, argumentsOf(part), node);
  if (!place || !runsAnyway(part, place, plan.before)) return undefined;
  const name = freshName(plan.name, node);
  const captures = new Map<string, Pick<SyntaxNode, 'text'>>(match.captures).set('PART', part);
  // Variables that caught nothing leave their commas.
  const value = expand(plan.value, { captures }).replace(/(?:\s*,\s*)+\)$/, ')');
  return [lineBefore(place, `const ${name} = ${value};`), replace(part, expand(plan.template, { captures: captures.set('NAME', { text: name }) }))];
}

/** Whether what may throw or costs time can be moved in front of a statement: no `try` is left, and no condition in a loop. */
function runsAnyway(node: SyntaxNode, place: SyntaxNode, before: 'loop' | 'statement' | 'module'): boolean {
  let at = node;
  for (let up = node.parent; up && at.id !== place.id; up = up.parent) {
    if (up.type === 'try_statement') return false;
    if (before === 'loop' && (isUnderCondition(at, up) || hasExitBefore(at, up))) return false;
    at = up;
  }
  return true;
}

/** Whether a part of a node runs only sometimes. */
function isUnderCondition(part: SyntaxNode, node: SyntaxNode): boolean {
  switch (node.type) {
    case 'if_statement':
    case 'ternary_expression':
      return node.childForFieldName('condition')?.id !== part.id;
    case 'binary_expression':
      return /^(?:&&|\|\||\?\?)$/.test(operatorOf(node)) && node.childForFieldName('right')?.id === part.id;
    case 'augmented_assignment_expression':
      return /^(?:&&|\|\||\?\?)=$/.test(operatorOf(node)) && node.childForFieldName('right')?.id === part.id;
    case 'switch_case':
    case 'switch_default':
    case 'assignment_pattern':
      return true;
    // `a?.b(part)`, and `a?.b.c(part)`.
    case 'call_expression':
    case 'subscript_expression':
      return node.text.slice(0, part.startIndex - node.startIndex).includes('?.');
    default:
      return false;
  }
}

/** Whether a statement before a part of a block may end the turn. */
function hasExitBefore(part: SyntaxNode, { type, namedChildren }: SyntaxNode): boolean {
  if (type !== 'statement_block') return false;
  const isExit = (node: SyntaxNode): boolean => /^(?:continue|break|return|throw)_statement$/.test(node.type);
  for (const statement of namedChildren) {
    if (statement.id === part.id) return false;
    for (const node of nodesWithin(statement, (inner) => !isFunction(inner))) if (isExit(node)) return true;
  }
  return false;
}

/** What decides how far a value can be moved: what it is made from. */
const argumentsOf = (call: SyntaxNode): SyntaxNode => call.childForFieldName('arguments') ?? call;

function hoistPlace(before: 'loop' | 'statement' | 'module', value: SyntaxNode, node: SyntaxNode): SyntaxNode | undefined {
  if (before === 'module') return moduleStatement(node);
  if (before === 'statement') return statementAround(loopsAround(node)[0] ?? node);
  const loop = widestInvariantLoop(value, node);
  return loop && (isLoopStatement(loop) ? loop.parent?.type === 'program' || loop.parent?.type === 'statement_block' : true)
    ? statementAround(loop)
    : undefined;
}

/** `xs.includes(x)` in a loop -> `xsSet.has(x)`, with the set in front of it; `xs.indexOf(x) < 0` likewise. */
function setLookup(match: CaughtMatch): TextEdit[] | undefined {
  const array = match.captures.get('A');
  if (!array || isFilledBehind(array, match.node)) return undefined;
  const place = hoistPlace('loop', array, match.node);
  if (!place) return undefined;
  const lookup = lookupAround(match);
  if (!lookup) return undefined;
  const name = freshName(`${lastName(array.text)}Set`, match.node);
  return [lineBefore(place, `const ${name} = new Set(${array.text});`), replace(lookup.node, `${lookup.isSome ? '' : '!'}${name}.has(${expand('$X', match)})`)];
}

/** A search that is only asked whether it finds: `includes`, or `indexOf` compared with -1 or 0. */
function lookupAround({ node }: CaughtMatch): { node: SyntaxNode; isSome: boolean } | undefined {
  if (node.childForFieldName('function')?.childForFieldName('property')?.text === 'includes') return { node, isSome: true };
  const { parent } = node;
  if (parent?.type !== 'binary_expression' || parent.childForFieldName('left')?.id !== node.id) return undefined;
  const comparison = `${operatorOf(parent)} ${parent.childForFieldName('right')?.text}`;
  if (/^(?:!==? -1|>= 0|> -1)$/.test(comparison)) return { node: parent, isSome: true };
  return /^(?:===? -1|< 0|<= -1)$/.test(comparison) ? { node: parent, isSome: false } : undefined;
}

/** `users.find((u) => u.id === id)` in a loop -> `usersById.get(id)`, with the map in front of it. */
function mapLookup(match: CaughtMatch): TextEdit[] | undefined {
  const array = match.captures.get('A');
  const callback = match.captures.get('F');
  const keyed = callback && keyedBy(callback);
  if (!array || !keyed || keyed.key === '' || methodOf(match.node) !== 'find' || isFilledBehind(array, match.node)) return undefined;
  // Of a callback, `this` and `arguments` are its own; a promise is true whatever it gives.
  if (/\b(?:this|arguments)\b/.test(keyed.value.text) && unwrapped(callback).type !== 'arrow_function') return undefined;
  if (/^async\b/.test(unwrapped(callback).text)) return undefined;
  const place = hoistPlace('loop', array, match.node);
  if (!place) return undefined;
  const name = freshName(`${lastName(array.text)}By${keyed.key.charAt(0).toUpperCase()}${keyed.key.slice(1)}`, match.node);
  const entry = `[${keyed.parameter}.${keyed.key}, ${keyed.parameter}]${isTyped(match) ? ' as const' : ''}`;
  return [
    lineBefore(place, `const ${name} = new Map(${array.text}.map((${keyed.parameter}) => ${entry}));`),
    replace(match.node, `${name}.get(${keyed.value.text})`),
  ];
}

/**
 * `reduce((acc, x) => ({ ...acc, [x.id]: x }), {})` -> `reduce((acc, x) => { acc[x.id] = x; return acc; }, {})`.
 * Only where the accumulator begins as a fresh literal, and in TypeScript where its type is written down.
 */
function mutateAccumulator(match: CaughtMatch): TextEdit[] | undefined {
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

/** `[a, , b]`: a place without an element. */
function hasElision(list: SyntaxNode): boolean {
  const parts = list.namedChildren;
  const between = parts.map((one, i) => list.text.slice(one.endIndex - list.startIndex, (parts[i + 1]?.startIndex ?? list.endIndex - 1) - list.startIndex));
  return list.type === 'array' && (/^\[\s*,/.test(list.text) || between.some((text) => text.replace(/[^,]/g, '').length > 1));
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

/**
 * `while (queue.length > 0) { const x = queue.shift(); … }` -> an index that goes through
 * the queue. Only for a local queue that nothing reads after the loop.
 */
function queueHead(match: CaughtMatch): TextEdit[] | undefined {
  const queue = match.captures.get('A');
  const [loop] = loopsAround(match.node);
  if (queue?.type !== 'identifier' || loop?.type !== 'while_statement' || loop.parent?.type !== 'statement_block') return undefined;
  const condition = loop.childForFieldName('condition');
  const name = escapeRegExp(queue.text);
  const test = condition && new RegExp(`^\\(${name}\\.length(?:\\s*>\\s*0|\\s*!==?\\s*0)?\\)$`).test(condition.text);
  const owner = ownerOf(match.node);
  if (!condition || !test || !isDeclaredWithin(queue, bodyOf(owner)) || isChangedOtherwise(queue.text, loop, match.node)) return undefined;
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
function isChangedOtherwise(queue: string, loop: SyntaxNode, shift: SyntaxNode): boolean {
  const body = bodyOf(loop);
  for (const node of nodesWithin(body)) {
    if (node.type !== 'identifier' || node.text !== queue) continue;
    const call = node.parent?.parent;
    if (call?.id === shift.id) continue;
    const isPush = call?.type === 'call_expression' && node.parent?.childForFieldName('property')?.text === 'push';
    if (!isPush) return true;
  }
  return namedArguments(shift).length > 0;
}
