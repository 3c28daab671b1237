/**
 * Rewritings of a match, as edits of the file's text: only what changes is
 * replaced, so comments and formatting elsewhere stay. Every plan gives undefined
 * where it does not fit; whoever applies it checks that the result still parses.
 */
import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { comparisonOf, mentions } from '../facts/callback-facts';
import { isOwnArray } from '../facts/collection-facts';
import type { FixPlan } from '../pattern-rule';
import { escapeRegExp, nodesWithin, rootOf, type SyntaxNode } from '../syntax';
import { operatorOf } from '../values';
import { mutateAccumulator } from './fix-accumulator';
import { pushAndReverse, sortOnce } from './fix-after-loop';
import { unawait } from './fix-await';
import { expand, hasElision, isTyped, lastName, replace } from './fix-edits';
import { keepFormatter } from './fix-formatter';
import { hoist } from './fix-hoist';
import { mapLookup, setLookup } from './fix-lookups';
import { askMap } from './fix-map';
import { queueHead, takeFirst } from './fix-queue';
import { hoistSame } from './fix-same';
import { together } from './fix-together';

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
    case 'unawait':
      return unawait(match);
    case 'hoist-same':
      return hoistSame(match);
    case 'push-reverse':
      return pushAndReverse(match);
    case 'sort-once':
      return sortOnce(match);
    case 'take-first':
      return takeFirst(match);
    case 'ask-map':
      return askMap(match);
    case 'keep-formatter':
      return keepFormatter(match);
    case 'together':
      return together(match);
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

/** Only the method's name changes and what follows the call goes, so that a chain over several lines keeps its form. */
function callInstead(method: 'find' | 'some', match: CaughtMatch): TextEdit[] | undefined {
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
