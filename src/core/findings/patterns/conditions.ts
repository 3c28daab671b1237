import { isCertainlyString } from './certain-values';
import { isAwaited, isFirstOfRow } from './facts/await-facts';
import { isGuarded, isInComparison, isInTransaction, isItself, isOverlapping } from './facts/call-facts';
import { comparisonOf, copyingOf, isBoolean, isPure, isSwallowed, keyedBy, searchesFirst } from './facts/callback-facts';
import { isNeverRemoved, isOuter, onlyGrows } from './facts/lifetime-facts';
import { isAfterInsert, isFixed, isKept, isMapOrSet, leavesOneOut } from './facts/list-facts';
import { isIndependent, isIndexed, isInvariant, isSameCollection, isUntouched } from './facts/loop-facts';
import { isOnlyPicked, isQuery, isUnlimited } from './facts/query-facts';
import { isSameEachTurn } from './facts/same-facts';
import { neverWaits } from './facts/settled-facts';
import { hasManyShapes } from './facts/shape-facts';
import { isSparse } from './facts/sparse-facts';
import { isOtherInvariant } from './other-languages';
import { type AutoCondition, type Condition, isScript, type PatternLanguage } from './pattern-rule';
import { escapeRegExp, isFunction, loopsAround, nodesWithin, ownerOf, rootOf, type SyntaxNode } from './syntax';
import { isDense, isSmallConstant, valueKind } from './values';

/** A match in the tree of its file. */
export interface CaughtMatch {
  readonly node: SyntaxNode;
  /** What the rule's variables caught, by name without `$`. */
  readonly captures: ReadonlyMap<string, SyntaxNode>;
  readonly language: PatternLanguage;
}

export function holds(condition: Condition, match: CaughtMatch): boolean {
  const { node } = match;
  const caught = 'capture' in condition ? (condition.capture === 'match' ? node : match.captures.get(condition.capture)) : node;
  // A variable that only another branch of the rule has.
  if (!caught) return true;
  switch (condition.is) {
    case 'in-loop':
      return loopsAround(node).length > 0;
    case 'repeated':
      return loopsAround(node).length > 0 || isFunction(ownerOf(node));
    case 'array':
      return valueKind(caught) === 'array' && !isSmallConstant(caught);
    case 'string':
      return valueKind(caught) === 'string';
    case 'not-string':
      return valueKind(caught) !== 'string' && valueKind(caught) !== 'other';
    case 'not-few':
      return !isSmallConstant(caught);
    case 'map-or-set':
      return isMapOrSet(caught);
    case 'fixed':
      return isConstant(caught) || isFixed(caught);
    case 'kept':
      return isKept(caught);
    case 'query':
      return isQuery(caught);
    case 'unlimited-query':
      return isUnlimited(caught);
    case 'only-picked':
      return isOnlyPicked(caught);
    case 'awaited':
      return isAwaited(node);
    case 'awaits-in-a-row':
      return isFirstOfRow(node);
    case 'in-comparison':
      return isInComparison(node);
    case 'leaves-one-out':
      return leavesOneOut(caught);
    case 'after-insert':
      return isAfterInsert(caught, node);
    case 'outside-transaction':
      return !isInTransaction(node);
    case 'overlapping':
      return isOverlapping(node);
    case 'never-waits':
      return neverWaits(caught);
    case 'same-each-turn':
      return isSameEachTurn(node);
    case 'sparse':
      return isSparse(node);
    case 'many-shapes':
      return hasManyShapes(node);
    case 'itself':
      return isItself(caught, node);
    case 'unguarded':
      return !isGuarded(node);
    case 'not-array':
      return valueKind(caught) !== 'array';
    case 'invariant': {
      const [loop] = loopsAround(node);
      return loop !== undefined && (isScript(match.language) ? isInvariant(caught, loop) : isOtherInvariant(caught, loop, nodesWithin));
    }
    case 'untouched':
      return isUntouched(caught, node);
    case 'constant':
      return isConstant(caught);
    case 'outer':
      return isOuter(caught);
    case 'identifier':
      return caught.type === 'identifier';
    case 'boolean':
      return caught.type === 'member_expression' ? comparisonOf(caught) !== undefined : isBoolean(caught);
    case 'copies-parameter':
      return copyingOf(caught) !== undefined;
    case 'keyed':
      return keyedBy(caught) !== undefined;
    case 'searches-first':
      return searchesFirst(caught);
    case 'independent':
      return isIndependent(node);
    case 'indexed':
      return isIndexed(caught, node);
    case 'swallowed':
      return isSwallowed(caught);
    case 'only-grows':
      return onlyGrows(caught);
    case 'never-removed':
      return isNeverRemoved(node);
    case 'same-collection':
      return isSameCollection(node);
    case 'text':
      return new RegExp(condition.regex).test(caught.text);
    case 'context': {
      const around = condition.of === 'file' ? rootOf(node) : ownerOf(node);
      return expanded(condition.regex, match).test(around.text) !== (condition.not ?? false);
    }
  }
}

/** A regular expression with what was caught in the place of `$NAME`; a dollar sign before anything else is its own. */
function expanded(regex: string, { captures }: CaughtMatch): RegExp {
  return new RegExp(
    regex.replace(/\$([A-Z][A-Z0-9_]*)/g, (all, name: string) => (captures.has(name) ? escapeRegExp(captures.get(name)?.text ?? '') : all)),
    'm',
  );
}

export function holdsForAuto(condition: AutoCondition, match: CaughtMatch): boolean {
  if (condition.is === 'untyped') return match.language === 'javascript';
  const caught = match.captures.get(condition.capture);
  if (!caught) return false;
  switch (condition.is) {
    case 'dense':
      return isDense(caught);
    case 'string':
      return isCertainlyString(caught);
    case 'pure':
      return isPure(caught);
    case 'valid-pattern':
      return isValidPattern(caught.text.slice(1, -1));
  }
}

function isValidPattern(source: string): boolean {
  // What else an escape may mean in a literal is not worked out.
  const pattern = source.replace(/\\\\/g, '\\');
  try {
    new RegExp(pattern);
    return !/(?<!\\)\\(?!\\)/.test(source);
  } catch {
    return false;
  }
}

/** Literals, and arrays and objects of them. */
function isConstant(node: SyntaxNode): boolean {
  for (const one of nodesWithin(node)) {
    if (
      !/^(?:string|string_fragment|escape_sequence|number|true|false|null|undefined|template_string|regex|regex_pattern|regex_flags|array|object|pair|property_identifier|comment|arguments)$/.test(
        one.type,
      )
    )
      return false;
  }
  return true;
}
