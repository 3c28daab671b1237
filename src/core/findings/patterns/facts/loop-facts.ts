/** What stays the same from one turn of a loop to the next. */
import { escapeRegExp, isFunction, isLoopStatement, loopsAround, nodesWithin, repeatedPart, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf, operatorOf } from '../values';

const MUTATORS = 'push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear';

/** Forms whose value follows from their parts alone. */
const plainTypes = new Set([
  'identifier',
  'property_identifier',
  'private_property_identifier',
  'this',
  'member_expression',
  'subscript_expression',
  'string',
  'string_fragment',
  'escape_sequence',
  'template_string',
  'template_substitution',
  'number',
  'regex',
  'regex_pattern',
  'regex_flags',
  'true',
  'false',
  'null',
  'undefined',
  'binary_expression',
  'unary_expression',
  'ternary_expression',
  'parenthesized_expression',
  'as_expression',
  'non_null_expression',
  'array',
  'object',
  'pair',
  'shorthand_property_identifier',
  'spread_element',
  'arguments',
  'comment',
]);

/** Whether an expression gives the same in each turn of a loop: nothing in it is declared, assigned or changed there. */
export function isInvariant(expression: SyntaxNode, loop: SyntaxNode): boolean {
  const repeated = repeatedPart(loop);
  const names: SyntaxNode[] = [];
  for (const node of nodesWithin(expression)) {
    if (!plainTypes.has(node.type) && !node.type.endsWith('_type') && node.type !== 'type_identifier') return false;
    if (node.type === 'identifier' || node.type === 'shorthand_property_identifier') names.push(node);
  }
  if (names.some((name) => isDeclaredWithin(name, repeated))) return false;
  const roots = new Set(names.map(({ text }) => text));
  const paths = expression.type === 'member_expression' || expression.type === 'subscript_expression' ? [expression.text] : [];
  return ![...roots, ...paths].some((path) => isChangedWithin(path, repeated)) && !hasChangedMember(expression, repeated);
}

/** Whether a loop around a match hands a variable to no other call, and calls nothing on it: what it holds is then the same in each turn. */
export function isUntouched(expression: SyntaxNode, match: SyntaxNode): boolean {
  const root = /^[\w$#]+/.exec(expression.text)?.[0];
  const [loop] = loopsAround(match);
  if (!loop || root === undefined) return false;
  for (const node of nodesWithin(repeatedPart(loop))) {
    if (node.type !== 'identifier' || node.text !== root || (node.startIndex >= match.startIndex && node.endIndex <= match.endIndex)) continue;
    let at = node;
    while (at.parent?.type === 'member_expression') at = at.parent;
    if (at.parent?.type === 'arguments' || (at.parent?.type === 'call_expression' && at.id !== node.id)) return false;
  }
  return true;
}

export function isDeclaredWithin(identifier: SyntaxNode, part: SyntaxNode): boolean {
  const declaration = declarationOf(identifier);
  return declaration !== undefined && declaration.node.startIndex >= part.startIndex && declaration.node.endIndex <= part.endIndex;
}

/** Whether a variable or a path such as `this.items` is assigned, or a method that changes it called, within a part of the tree. */
export const isChangedWithin = (path: string, part: SyntaxNode): boolean => !changesWithin(path, part).next().done;

export function* changesWithin(path: string, part: SyntaxNode): Generator<SyntaxNode> {
  for (const node of nodesWithin(part)) if (changes(node, path)) yield node;
}

function changes(node: SyntaxNode, path: string): boolean {
  const isPath = (text: string): boolean => text === path || text.startsWith(`${path}.`) || text.startsWith(`${path}[`);
  if (node.type === 'assignment_expression' || node.type === 'augmented_assignment_expression') {
    const left = node.childForFieldName('left')?.text ?? '';
    return isPath(left) || (/^[[{(]/.test(left) && new RegExp(`(?<![\\w$.])${escapeRegExp(path)}(?![\\w$])`).test(left));
  }
  if (node.type === 'update_expression') return isPath(node.childForFieldName('argument')?.text ?? '');
  if (node.type !== 'call_expression') return false;
  const callee = node.childForFieldName('function')?.text ?? '';
  return callee.startsWith(`${path}.`) && new RegExp(`^\\.(?:${MUTATORS})$`).test(callee.slice(path.length));
}

/** Whether the loop assigns a property of the same name, through whatever object. */
function hasChangedMember(expression: SyntaxNode, repeated: SyntaxNode): boolean {
  const properties = new Set<string>();
  for (const node of nodesWithin(expression)) if (node.type === 'property_identifier' && node.parent?.type === 'member_expression') properties.add(node.text);
  if (properties.size === 0) return false;
  for (const node of nodesWithin(repeated)) {
    if (!/^(?:assignment|augmented_assignment|update)_expression$/.test(node.type)) continue;
    const property = (node.childForFieldName('left') ?? node.childForFieldName('argument'))?.childForFieldName('property')?.text;
    if (property !== undefined && properties.has(property)) return true;
  }
  return false;
}

/** The outermost loop around a node in which an expression is still the same each time; undefined where it is in none. */
export function widestInvariantLoop(expression: SyntaxNode, node: SyntaxNode): SyntaxNode | undefined {
  let widest: SyntaxNode | undefined;
  for (const loop of loopsAround(node)) {
    if (!isInvariant(expression, loop)) break;
    widest = loop;
  }
  return widest;
}

/** What waits on purpose, or tries again. */
const WAITS = /\b(?:sleep|delay|setTimeout|wait|waitFor|backoff|retry|retries|attempts?|lock|acquire|transaction|nextTick|setImmediate)\b/i;
/** Methods whose calls follow each other: readers, iterators, streams, a browser that is driven. */
const STEPS = /\.(?:read|next|write|drain|once|click|goto|press|fill|type)\(/;
/** Events that are waited for, and what a writer of web streams says when it takes more: nothing is begun by them. */
const EVENTS = /^(?:once|on|finished)$|^(?:on)?drain(?:ed)?$|^waitFor/i;
/** What says by its result whether it takes more: `if (!stream.write(part)) await drained;`. */
const TAKING = /^(?:write|push|send|enqueue|add)$/;

/** Whether an `await` only holds the loop back until somebody takes more. */
function isBackPressure(node: SyntaxNode): boolean {
  const awaited = unwrapped(node);
  const callee = awaited.type === 'call_expression' ? awaited.childForFieldName('function') : awaited;
  const name = callee?.childForFieldName('property')?.text ?? callee?.text ?? '';
  if (EVENTS.test(name) || name === 'ready') return true;
  for (let up = node.parent; up && !isFunction(up) && !isLoopStatement(up); up = up.parent) {
    if (up.type !== 'if_statement') continue;
    const condition = up.childForFieldName('condition');
    for (const one of condition ? nodesWithin(condition) : []) {
      if (one.type === 'call_expression' && TAKING.test(one.childForFieldName('function')?.childForFieldName('property')?.text ?? '')) return true;
      if (
        /^(?:property_identifier|identifier)$/.test(one.type) &&
        /^(?:writable(?:NeedDrain|Length)|needDrain|desiredSize|bufferedAmount|readableLength)$/.test(one.text)
      )
        return true;
    }
  }
  return false;
}

/**
 * Whether the turns of a loop around an `await` could run at once: it goes over a
 * collection or counts, ends only at its end, and what is awaited takes nothing that
 * an earlier turn has assigned. Waiting itself, retries and readers are left alone.
 */
export function isIndependent(node: SyntaxNode): boolean {
  const [loop] = loopsAround(node);
  if (loop?.type !== 'for_in_statement' && loop?.type !== 'for_statement') return false;
  if (/^for\s+await\b/.test(loop.text.slice(0, 20)) || (loop.type === 'for_statement' && !loop.childForFieldName('condition'))) return false;
  // `await null` lets others have their turn.
  if (/^(?:null|undefined|number|string|true|false)$/.test(node.namedChildren[0]?.type ?? '')) return false;
  if (isBackPressure(node)) return false;
  if (WAITS.test(node.text) || STEPS.test(node.text) || runsOnce(loop)) return false;
  if (/\b(?:attempts?|retr(?:y|ies))\b/i.test(loop.text.slice(0, 200))) return false;
  const body = loop.childForFieldName('body');
  if (!body) return false;
  for (const inner of nodesWithin(body, (one) => !isFunction(one))) {
    if (/^(?:break|return)_statement$/.test(inner.type)) return false;
    if (inner.type === 'try_statement') return false;
    if (inner.type !== 'assignment_expression' && inner.type !== 'augmented_assignment_expression') continue;
    const left = inner.childForFieldName('left')?.text ?? '';
    // A sum may be made afterwards; what the awaited call itself is given may not.
    if (left !== '' && new RegExp(`(?<![\\w$.])${escapeRegExp(left)}(?![\\w$])`).test(node.text)) return false;
  }
  return true;
}

/** Whether a loop has one turn by what is written: `for (let i = 0; i < 1; i++)`, `for (const one of [first])`. */
function runsOnce(loop: SyntaxNode): boolean {
  if (loop.type === 'for_in_statement') {
    const list = loop.childForFieldName('right');
    return list?.type === 'array' && list.namedChildren.length <= 1 && list.namedChildren.every(({ type }) => type !== 'spread_element');
  }
  const [start] = /=\s*(\d+)\s*;?$/.exec(loop.childForFieldName('initializer')?.text ?? '')?.slice(1) ?? [];
  const [, sign, end] = /(<=?)\s*(\d+)\s*;?$/.exec(loop.childForFieldName('condition')?.text ?? '') ?? [];
  return start !== undefined && end !== undefined && Number(end) + (sign === '<=' ? 1 : 0) - Number(start) <= 1;
}

/** Whether a variable is read by index, or by a method that reads a place, in the loop around a node. */
export function isIndexed(variable: SyntaxNode, node: SyntaxNode): boolean {
  const [loop] = loopsAround(node);
  if (!loop) return false;
  const name = escapeRegExp(variable.text);
  return new RegExp(`(?<![\\w$.])${name}(?:\\[|\\.(?:charAt|charCodeAt|codePointAt|at|endsWith|slice|lastIndexOf|indexOf|match|substring)\\()`).test(
    repeatedPart(loop).text,
  );
}

/** A loop over `name`: in a `for … of`, counted up to its length, or by a method of it. */
export function collectionOf(loop: SyntaxNode): string | undefined {
  if (loop.type === 'for_in_statement') return loop.childForFieldName('right')?.text;
  if (loop.type === 'for_statement') {
    const condition = loop.childForFieldName('condition');
    const test = condition?.type === 'expression_statement' ? condition.namedChildren[0] : condition;
    if (test?.type !== 'binary_expression' || !/^<=?$/.test(operatorOf(test))) return undefined;
    return /^(.*)\.length$/.exec(test.childForFieldName('right')?.text ?? '')?.[1];
  }
  if (loop.type === 'call_expression') return loop.childForFieldName('function')?.childForFieldName('object')?.text;
  return undefined;
}

/** Whether a loop stands in another over the same collection, which neither of them narrows. */
export function isSameCollection(loop: SyntaxNode): boolean {
  const collection = collectionOf(loop);
  if (collection === undefined || !/^[\w$.#]+$/.test(collection)) return false;
  if (
    loop.type === 'call_expression' &&
    !/^(?:forEach|map|filter|some|every|find|findIndex|reduce|flatMap)$/.test(loop.childForFieldName('function')?.childForFieldName('property')?.text ?? '')
  )
    return false;
  const outer = loopsAround(loop).find((one) => one.type !== 'while_statement' && collectionOf(one) === collection);
  if (!outer) return false;
  const inner = loop.startIndex >= outer.startIndex ? repeatedPart(outer) : outer;
  return !isChangedWithin(collection, inner) && !isShadowed(loop, collection, outer);
}

/** Whether the name means something else inside: a parameter of the outer loop's callback, say. */
function isShadowed(loop: SyntaxNode, collection: string, outer: SyntaxNode): boolean {
  const root = /^[\w$#]+/.exec(collection)?.[0];
  for (const node of nodesWithin(loop)) {
    if (node.type === 'identifier' && node.text === root) return isDeclaredWithin(node, outer);
  }
  return false;
}
