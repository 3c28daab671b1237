import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { widestInvariantLoop } from '../facts/loop-facts';
import type { FixPlan } from '../pattern-rule';
import { isFunction, isLoopStatement, loopsAround, nodesWithin, rootOf, type SyntaxNode } from '../syntax';
import { operatorOf } from '../values';
import { expand, freshName, lineBefore, replace } from './fix-edits';

/** The statement of a block that holds a node, and where a line may be put in front of it. */
export function statementAround(node: SyntaxNode): SyntaxNode | undefined {
  for (let at = node; at.parent; at = at.parent) {
    const { type } = at.parent;
    if (type === 'program' || type === 'statement_block') return at;
    if (isFunction(at.parent) && at.parent.childForFieldName('body')?.id === at.id) return undefined;
    if (type === 'class_body' || type === 'switch_case' || type === 'labeled_statement') return undefined;
  }
  return undefined;
}

/** The first statement of a module that is neither an import nor a directive: what is declared in front of it is there whoever calls first. */
function moduleStatement(node: SyntaxNode): SyntaxNode | undefined {
  const isHead = ({ type, namedChildren }: SyntaxNode): boolean =>
    /^(?:import_statement|hash_bang_line|comment)$/.test(type) || (type === 'expression_statement' && namedChildren[0]?.type === 'string');
  return rootOf(node).namedChildren.find((one) => !isHead(one));
}

/** A constant with the value in front of the place, and its name where the value was. */
export function hoist(plan: Extract<FixPlan, { kind: 'hoist' }>, match: CaughtMatch): TextEdit[] | undefined {
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
export function runsAnyway(node: SyntaxNode, place: SyntaxNode, before: 'loop' | 'statement' | 'module'): boolean {
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

/** The statement in front of which a value may be worked out once; undefined where it may be another each time. */
export function hoistPlace(before: 'loop' | 'statement' | 'module', value: SyntaxNode, node: SyntaxNode): SyntaxNode | undefined {
  if (before === 'module') return moduleStatement(node);
  if (before === 'statement') return statementAround(loopsAround(node)[0] ?? node);
  const loop = widestInvariantLoop(value, node);
  return loop && (isLoopStatement(loop) ? loop.parent?.type === 'program' || loop.parent?.type === 'statement_block' : true)
    ? statementAround(loop)
    : undefined;
}
