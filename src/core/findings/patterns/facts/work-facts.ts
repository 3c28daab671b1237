/**
 * What the functions of a file do again and again, by their syntax: walks over collections, copies, values that are
 * built, loops, and the calls of functions in them. The profile decides which of it costs; see `derived-cause.ts`.
 */

import type { FoundFunctions, Owner } from '../scan-functions';
import {
  bodyOf,
  isFunction,
  isInline,
  isLoopStatement,
  loopsAround,
  namedArguments,
  nodesWithin,
  ownerOf,
  parametersOf,
  receiverOf,
  repeatedPart,
  rootOf,
  type SyntaxNode,
  unwrapped,
} from '../syntax';
import { declarationOf } from '../values';
import { madeFacts } from './made-facts';
import { isPlain } from './pure-facts';
import { recursionFact } from './recursion-facts';
import { makingCallback, worksAt } from './work-kinds';
import { collectionNode, dependsOn, isFixed, loopFact, originOf, plain, repeatsIn } from './work-origins';
import type { CallFact, CallLoop, ElementFact, FunctionFact, RepeatFact, WorkFact } from './work-types';

/** Facts kept of one function; larger ones are generated. */
const MOST_FACTS = 300;

/** Facts of the functions that a profile has rows for, those of their inline callbacks with them. O(nodes of the tree). */
export function workFacts({ owners }: FoundFunctions, bundled: { readonly root: SyntaxNode; readonly tops: readonly number[] }): FunctionFact[] {
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
  if (bundled.tops.length > 0 && !isDone.has(bundled.root.id))
    facts.push({ ...factsOf(bundled.root, [], inlineOf.get(bundled.root.id) ?? []), rows: [], tops: bundled.tops });
  return facts;
}

function factsOf(fn: SyntaxNode, rows: readonly number[], inline: readonly Owner[]): FunctionFact {
  const works: WorkFact[] = [];
  const calls: CallFact[] = [];
  const accesses = new Map<string, CallFact>();
  const rowsWithin = (node: SyntaxNode): number[] =>
    inline.filter((one) => one.node.startIndex >= node.startIndex && one.node.endIndex <= node.endIndex).flatMap((one) => one.rows);
  for (const node of nodesWithin(bodyOf(fn), (one) => !isFunction(one) || isInline(one))) {
    if (works.length + calls.length + accesses.size > MOST_FACTS) break;
    for (const work of worksAt(node)) {
      const making = makingCallback(work);
      const found = work.subject && originOf(work.subject, fn);
      const origin = found && making && dependsOn(making, fn) ? { ...found, from: 'own' as const } : found;
      works.push({
        ...placeOf(work.isLoop ? node : (work.at ?? node)),
        kind: work.kind,
        name: work.name,
        code: codeOf(work.isLoop && isLoopStatement(node) ? undefined : node),
        subject: work.subject?.text.slice(0, 200),
        origin: origin && plain(origin),
        isFixed: work.inputs.every((one) => isFixed(one)) && work.inputs.length > 0,
        inner: rowsWithin(node),
        words: work.words,
        madeOf: work.madeOf,
        loops: repeats(node, origin?.source ? [origin.source] : work.inputs, work.madeOf !== undefined).filter(
          (_, at) => !making || !dependsOn(making, repeatedPart(loopsAround(node)[at] as SyntaxNode)),
        ),
      });
    }
    const callee = calleeOf(node);
    if (callee !== undefined) calls.push(callFact(node, callee, fn));
    const read = readAt(node);
    if (read === undefined) continue;
    const key = `${read} ${loopsAround(node)[0]?.id} ${receiverText(node)}`;
    if (!accesses.has(key)) accesses.set(key, callFact(node, read, fn));
  }
  return {
    rows: [...rows, ...inline.flatMap((one) => one.rows)],
    name: nameOf(fn),
    reads: readsOf(fn),
    assigns: assignsOf(fn),
    line: fn.startPosition.row,
    isTrap: isTrap(fn),
    isGetter: isGetter(fn),
    ...recursionFact(fn, nameOf(fn)),
    tops: [],
    works,
    makes: madeFacts(fn),
    calls,
    accesses: [...accesses.values()],
  };
}

function callFact(node: SyntaxNode, callee: string, fn: SyntaxNode): CallFact {
  const given = namedArguments(node);
  const receiver = node.type === 'member_expression' ? node.childForFieldName('object') : receiverOf(node);
  return {
    ...placeOf(node),
    callee,
    receiver: receiver ? plain(originOf(receiver, fn)) : undefined,
    given: given.map((one) => plain(originOf(one, fn))),
    isConditional: isConditional(node),
    asIs: given.flatMap((one, i) => (unwrapped(one).type === 'identifier' && originOf(one, fn).text === unwrapped(one).text ? [i] : [])),
    ofElement: elementLoop(node, given, fn),
    loops: loopsAround(node).map((loop): CallLoop => {
      const same = given.flatMap((one, i) => (repeatsIn(one, loop) ? [i] : []));
      return { ...loopFact(loop, fn), same, isSameReceiver: receiver ? repeatsIn(receiver, loop) : true };
    }),
  };
}

/** Whether a call stands in a branch: of an `if`, or behind `?:`. */
function isConditional(node: SyntaxNode): boolean {
  let child = node;
  for (let up = node.parent; up && !isFunction(up); up = up.parent) {
    if (/^(?:if_statement|ternary_expression|switch_case)$/.test(up.type) && up.childForFieldName('condition')?.id !== child.id) return true;
    child = up;
  }
  return false;
}

const receiverText = (node: SyntaxNode): string => node.childForFieldName('object')?.text.slice(0, 60) ?? '';

/** The name of a property that is read, and not called or set. */
function readAt(node: SyntaxNode): string | undefined {
  if (node.type !== 'member_expression') return undefined;
  const name = node.childForFieldName('property')?.text;
  const { parent } = node;
  const isCallee = parent?.type === 'call_expression' && parent.childForFieldName('function')?.id === node.id;
  const isSet = parent?.type === 'assignment_expression' && parent.childForFieldName('left')?.id === node.id;
  return isCallee || isSet || name === 'length' ? undefined : name?.slice(0, 100);
}

const isGetter = (fn: SyntaxNode): boolean =>
  fn.type === 'method_definition' && /^(?:(?:public|protected|private|static|override)\s+)*get\s/.test(fn.text.slice(0, 60));

/** The loops around something, each with whether what it works on is the same in every turn. */
const repeats = (node: SyntaxNode, inputs: readonly SyntaxNode[], isOfNothing: boolean): RepeatFact[] =>
  loopsAround(node).map((loop) => ({
    ...loopFact(loop, ownerOf(node)),
    isSame: (inputs.length > 0 || isOfNothing) && inputs.every((one) => repeatsIn(one, loop)),
  }));

function placeOf(node: SyntaxNode): { line: number; endLine: number } {
  return { line: node.startPosition.row, endLine: node.endPosition.row };
}

const codeOf = (node: SyntaxNode | undefined): string | undefined => node?.text.slice(0, 300).replace(/\s+/g, ' ');

function readsOf(fn: SyntaxNode): string[] | undefined {
  const parts = { names: [], properties: new Set<string>() };
  return isFunction(fn) && isPlain(fn, parts) ? [...parts.properties] : undefined;
}

/** What a constructor gives its own object is no change of it. */
function assignsOf(fn: SyntaxNode): string[] {
  if (fn.childForFieldName('name')?.text === 'constructor') return [];
  const names: string[] = [];
  for (const node of nodesWithin(bodyOf(fn), (one) => !isFunction(one) || isInline(one))) {
    const place = /^(?:assignment|augmented_assignment)_expression$/.test(node.type)
      ? node.childForFieldName('left')
      : node.type === 'update_expression'
        ? node.childForFieldName('argument')
        : null;
    const name = place?.type === 'member_expression' ? place.childForFieldName('property')?.text : undefined;
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** The loop whose element alone a call is given, and what is made of it by reading. */
function elementLoop(call: SyntaxNode, given: readonly SyntaxNode[], fn: SyntaxNode): ElementFact | undefined {
  const [loop, ...outer] = loopsAround(call);
  const element = loop && elementOf(loop);
  if (!loop || !element || given.length === 0) return undefined;
  let isUsed = false;
  const reads: string[] = [];
  for (const one of given) {
    for (const node of nodesWithin(one)) {
      if (isFunction(node) || /^(?:call|await|assignment|update)_expression$|^this$/.test(node.type)) return undefined;
      if (node.type === 'property_identifier') reads.push(node.text);
      if (node.type !== 'identifier' && node.type !== 'shorthand_property_identifier') continue;
      const declaration = declarationOf(node)?.node;
      if (declaration && declaration.startIndex >= element.startIndex && declaration.endIndex <= element.endIndex) isUsed = true;
      else if (!isFixed(node)) return undefined;
    }
  }
  const collection = collectionNode(loop);
  const again = collection && outer.find((one) => repeatsIn(collection, one));
  return isUsed ? { loop: loopFact(loop, fn), again: again && loopFact(again, fn), reads } : undefined;
}

/** What a loop calls the element of its turn. */
function elementOf(loop: SyntaxNode): SyntaxNode | undefined {
  if (loop.type === 'for_in_statement') return loop.childForFieldName('left') ?? undefined;
  const callback = loop.type === 'call_expression' ? namedArguments(loop).find(isFunction) : undefined;
  return callback && parametersOf(callback)[0];
}

const TRAPS = /^(?:get|set|has|apply|construct|ownKeys|deleteProperty|defineProperty|getOwnPropertyDescriptor)$/;

/** Whether a function is one of those that `new Proxy(target, { get() {} })` is given, at once or by a name. */
function isTrap(fn: SyntaxNode): boolean {
  const key = fn.childForFieldName('name') ?? (fn.parent?.type === 'pair' ? fn.parent.childForFieldName('key') : null);
  const literal = fn.type === 'method_definition' ? fn.parent : fn.parent?.type === 'pair' ? fn.parent.parent : null;
  if (!key || !literal || literal.type !== 'object' || !TRAPS.test(key.text)) return false;
  const holder = literal.parent;
  if (holder?.type === 'arguments') return isProxy(holder.parent);
  const name = holder?.type === 'variable_declarator' ? holder.childForFieldName('name')?.text : undefined;
  if (name === undefined) return false;
  for (const node of nodesWithin(rootOf(fn))) if (isProxy(node) && namedArguments(node)[1]?.text === name) return true;
  return false;
}

const isProxy = (node: SyntaxNode | null): boolean => node?.type === 'new_expression' && node.childForFieldName('constructor')?.text === 'Proxy';

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
