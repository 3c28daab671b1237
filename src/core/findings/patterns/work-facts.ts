/**
 * What the functions of a file do again and again, by their syntax: walks over collections, copies, values that are
 * built, loops, and the calls of functions in them. The profile decides which of it costs; see `derived-cause.ts`.
 */
import type { FoundFunctions, Owner } from './scan-functions';
import { bodyOf, isFunction, isInline, isLoopStatement, loopsAround, namedArguments, nodesWithin, ownerOf, type SyntaxNode, unwrapped } from './syntax';
import { workAt } from './work-kinds';
import { isFixed, loopFact, originOf, plain, repeatsIn } from './work-origins';
import type { CallFact, FunctionFact, RepeatFact, WorkFact } from './work-types';

/** Facts kept of one function; larger ones are generated. */
const MOST_FACTS = 300;

/** Facts of the functions that a profile has rows for, those of their inline callbacks with them. O(nodes of the tree). */
export function workFacts({ owners }: FoundFunctions): FunctionFact[] {
  const inlineOf = new Map<number, Owner[]>();
  for (const owner of owners.values()) {
    if (!isFunction(owner.node) || !isInline(owner.node)) continue;
    const around = ownerOf(owner.node).id;
    inlineOf.set(around, [...(inlineOf.get(around) ?? []), owner]);
  }
  const facts: FunctionFact[] = [];
  const isDone = new Set<number>();
  for (const { node } of owners.values()) {
    const fn = isFunction(node) && isInline(node) ? ownerOf(node) : node;
    if (isDone.has(fn.id)) continue;
    isDone.add(fn.id);
    facts.push(factsOf(fn, owners.get(fn.id)?.rows ?? [], inlineOf.get(fn.id) ?? []));
  }
  return facts;
}

function factsOf(fn: SyntaxNode, rows: readonly number[], inline: readonly Owner[]): FunctionFact {
  const works: WorkFact[] = [];
  const calls: CallFact[] = [];
  const rowsWithin = (node: SyntaxNode): number[] =>
    inline.filter((one) => one.node.startIndex >= node.startIndex && one.node.endIndex <= node.endIndex).flatMap((one) => one.rows);
  for (const node of nodesWithin(bodyOf(fn), (one) => !isFunction(one) || isInline(one))) {
    if (works.length + calls.length > MOST_FACTS) break;
    const work = workAt(node);
    if (work) {
      const origin = work.subject && originOf(work.subject, fn);
      works.push({
        ...placeOf(work.isLoop ? node : (work.at ?? node)),
        kind: work.kind,
        name: work.name,
        code: codeOf(work.isLoop && isLoopStatement(node) ? undefined : node),
        subject: work.subject?.text.slice(0, 200),
        origin: origin && plain(origin),
        isFixed: work.inputs.every((one) => isFixed(one)) && work.inputs.length > 0,
        inner: rowsWithin(node),
        loops: repeats(node, origin?.source ? [origin.source] : work.inputs),
      });
    }
    const callee = calleeOf(node);
    if (callee !== undefined) {
      const given = namedArguments(node);
      calls.push({
        ...placeOf(node),
        callee,
        given: given.map((one) => plain(originOf(one, fn))),
        loops: loopsAround(node).map((loop) => ({ ...loopFact(loop, fn), same: given.flatMap((one, i) => (repeatsIn(one, loop) ? [i] : [])) })),
      });
    }
  }
  return { rows: [...rows, ...inline.flatMap((one) => one.rows)], name: nameOf(fn), works, calls };
}

/** The loops around something, each with whether what it works on is the same in every turn. */
const repeats = (node: SyntaxNode, inputs: readonly SyntaxNode[]): RepeatFact[] =>
  loopsAround(node).map((loop) => ({ ...loopFact(loop, ownerOf(node)), isSame: inputs.length > 0 && inputs.every((one) => repeatsIn(one, loop)) }));

function placeOf(node: SyntaxNode): { line: number; endLine: number } {
  return { line: node.startPosition.row, endLine: node.endPosition.row };
}

const codeOf = (node: SyntaxNode | undefined): string | undefined => node?.text.slice(0, 300).replace(/\s+/g, ' ');

/** The name of a function in the text, or of what it is assigned to. */
function nameOf(fn: SyntaxNode): string {
  const named = fn.childForFieldName('name') ?? fn.parent?.childForFieldName('name') ?? fn.parent?.childForFieldName('key');
  return named?.text.slice(0, 100) ?? '';
}

/** `visit(node)`, `this.visit(node)`, `new Visitor()` -> the last name; also of a function that is given to a looping method by its name. */
function calleeOf(node: SyntaxNode): string | undefined {
  if (node.type === 'new_expression') return node.childForFieldName('constructor')?.text.slice(0, 100);
  if (node.type !== 'call_expression') return undefined;
  const callee = unwrapped(node.childForFieldName('function') ?? node);
  if (callee.type === 'identifier') return callee.text.slice(0, 100);
  return callee.childForFieldName('property')?.text.slice(0, 100);
}
