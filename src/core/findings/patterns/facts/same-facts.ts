/** Work that gives the same in each turn of a loop: what it is made of does not change there, and it changes nothing. */

import {
  isFunction,
  isInline,
  loopsAround,
  methodOf,
  namedArguments,
  nodesWithin,
  ownerOf,
  receiverOf,
  repeatedPart,
  rootOf,
  type SyntaxNode,
} from '../syntax';
import { declarationOf } from '../values';
import { changesWithin, isChangedWithin, isDeclaredWithin } from './loop-facts';
import { isPlain, MUTATES, type Parts, READS } from './pure-facts';
import { calledFunction } from './settled-facts';

/** Methods that walk all of a list or a text. */
const WALKS =
  /^(?:map|filter|reduce|reduceRight|some|every|find|findIndex|findLast|findLastIndex|flatMap|flat|join|split|toSorted|toReversed|indexOf|includes)$/;
const WALKING_FUNCTIONS = /^(?:Math\.(?:max|min)|Object\.(?:keys|values|entries|fromEntries)|Array\.from)$/;

/** Loops longer than this are not looked into: the work grows with its square. UTF-16 code units. */
const MAX_LOOP = 20_000;

/** Whether a call in a loop does the same work in each turn, and no call around it does. */
export function isSameEachTurn(call: SyntaxNode): boolean {
  const [loop] = loopsAround(call);
  if (!loop || loop.endIndex - loop.startIndex > MAX_LOOP || !doesWork(call)) return false;
  if (hasLoopVariable(call, loop) || isRepeatedOnPurpose(call) || leavesLoop(call, loop) || !isSame(call, loop)) return false;
  const part = repeatedPart(loop);
  for (let up = call.parent; up && up.id !== part.id && !isFunction(up); up = up.parent) {
    if (/^(?:call|new)_expression$/.test(up.type) && doesWork(up) && isSame(up, loop)) return false;
  }
  return true;
}

/** Whether a call names a variable of the loop: most do, and need no further look. */
function hasLoopVariable(call: SyntaxNode, loop: SyntaxNode): boolean {
  const repeated = repeatedPart(loop);
  for (const node of nodesWithin(call, (one) => !isFunction(one))) {
    if (node.type === 'identifier' && isDeclaredWithin(node, repeated) && !isDeclaredWithin(node, call)) return true;
  }
  return false;
}

/** Whether a call stands in what ends the loop, `return f(x)` or `throw f(x)`: it is made once at most. */
function leavesLoop(call: SyntaxNode, loop: SyntaxNode): boolean {
  for (let up = call.parent; up && up.id !== loop.id; up = up.parent) {
    if (isFunction(up)) return false;
    if (up.type === 'return_statement' || up.type === 'throw_statement') return true;
  }
  return false;
}

/** Whether nobody takes what a call gives, or a loop around it only counts how often: it is measured, or lets time pass. */
function isRepeatedOnPurpose(call: SyntaxNode): boolean {
  if (call.parent?.type === 'expression_statement') return true;
  return loopsAround(call).some((loop) => {
    const test = loop.childForFieldName('condition');
    const isTested = test !== null && call.startIndex >= test.startIndex && call.endIndex <= test.endIndex;
    if (loop.type !== 'for_statement' || isTested) return false;
    const counter = loop.childForFieldName('initializer')?.namedChildren[0]?.childForFieldName('name');
    const body = loop.childForFieldName('body');
    const names = body ? [...nodesWithin(body)] : [];
    return counter?.type === 'identifier' && !names.some(({ type, text }) => /identifier$/.test(type) && text === counter.text);
  });
}

/** The outermost loop around a call in which it is still the same. */
export function widestSameLoop(call: SyntaxNode): SyntaxNode | undefined {
  let widest: SyntaxNode | undefined;
  for (const loop of loopsAround(call)) {
    if (!isSame(call, loop)) break;
    widest = loop;
  }
  return widest;
}

/** A call of a function of the file, or of what walks a list. */
function doesWork(call: SyntaxNode): boolean {
  if (call.type !== 'call_expression') return false;
  const callee = call.childForFieldName('function');
  if (callee?.type === 'identifier') return calledFunction(call) !== undefined;
  if (WALKING_FUNCTIONS.test(callee?.text ?? ''))
    return !/^Math/.test(callee?.text ?? '') || namedArguments(call).some(({ type }) => type === 'spread_element');
  // What begins at a literal is not worth a word.
  return WALKS.test(methodOf(call) ?? '') && !/^(?:array|string|template_string)$/.test(receiverOf(call)?.type ?? '');
}

function isSame(call: SyntaxNode, loop: SyntaxNode): boolean {
  const parts: Parts = { names: [], properties: new Set() };
  if (!isPlain(call, parts)) return false;
  const repeated = repeatedPart(loop);
  if (parts.names.some((name) => isDeclaredWithin(name, repeated))) return false;
  if (parts.names.some((name) => isChangedWithin(name.text, repeated) || isChangedElsewhere(name))) return false;
  return areUntouched(parts, call, repeated);
}

/** Whether a variable that lives longer than the function is changed in another one, which the loop may call. */
function isChangedElsewhere(name: SyntaxNode): boolean {
  const declaration = declarationOf(name);
  if (!declaration) return false;
  if (declaration.node.type === 'import_statement') return false;
  const owner = ownerOf(name);
  const isLocal = isFunction(owner) && declaration.node.startIndex >= owner.startIndex && declaration.node.endIndex <= owner.endIndex;
  if (isLocal) return false;
  for (const change of changesWithin(name.text, rootOf(name))) {
    for (let up: SyntaxNode | null = change; up; up = up.parent) if (isFunction(up) && !isInline(up)) return true;
  }
  return false;
}

/**
 * Whether the loop leaves what is read as it is: it hands neither the variables nor what it takes from them to
 * functions that may write, and sets no property of a name that is read.
 */
function areUntouched({ names, properties }: Parts, call: SyntaxNode, repeated: SyntaxNode): boolean {
  const roots = new Set(names.map(({ text }) => text));
  const derived = derivedFrom(roots, repeated);
  const isIn = (node: SyntaxNode): boolean => node.startIndex >= call.startIndex && node.endIndex <= call.endIndex;
  for (const node of nodesWithin(repeated)) {
    if (isIn(node)) continue;
    if (/^(?:assignment|augmented_assignment|update)_expression$/.test(node.type)) {
      const left = node.childForFieldName('left') ?? node.childForFieldName('argument');
      const property = left?.childForFieldName('property')?.text;
      if (property !== undefined && properties.has(property)) return false;
      if (left && left.type !== 'identifier' && derived.has(rootText(left))) return false;
    }
    if (node.type === 'unary_expression' && node.text.startsWith('delete') && derived.has(rootText(node.namedChildren[0] ?? node))) return false;
    if (node.type !== 'identifier' || !derived.has(node.text)) continue;
    if (mayWrite(node)) return false;
  }
  return true;
}

/** The names themselves, and those that the loop declares from them: `const row = rows[i]`, `for (const row of rows)`, `(row) =>`. */
function derivedFrom(roots: ReadonlySet<string>, repeated: SyntaxNode): Set<string> {
  const derived = new Set(roots);
  const add = (pattern: SyntaxNode | null, value: SyntaxNode | null): void => {
    if (!pattern || !value || ![...nodesWithin(value)].some(({ type, text }) => type === 'identifier' && derived.has(text))) return;
    for (const { type, text } of nodesWithin(pattern)) if (/identifier/.test(type)) derived.add(text);
  };
  for (let turn = 0; turn < 2; turn++) {
    for (const node of nodesWithin(repeated)) {
      if (node.type === 'variable_declarator') add(node.childForFieldName('name'), node.childForFieldName('value'));
      else if (node.type === 'for_in_statement') add(node.childForFieldName('left'), node.childForFieldName('right'));
      else if (isFunction(node)) {
        const call = node.parent?.type === 'arguments' ? node.parent.parent : null;
        add(node.childForFieldName('parameters') ?? node.childForFieldName('parameter'), (call && receiverOf(call)) ?? null);
      }
    }
    // A callback that is itself the loop takes what it goes over.
    const around = repeated.type === 'arguments' ? repeated.parent : null;
    const callback = repeated.type === 'arguments' ? repeated.namedChildren.find(isFunction) : undefined;
    if (callback) add(callback.childForFieldName('parameters') ?? callback.childForFieldName('parameter'), (around && receiverOf(around)) ?? null);
  }
  return derived;
}

const rootText = (node: SyntaxNode): string => /^[\w$]+/.exec(node.text)?.[0] ?? '';

/** Whether what stands around a name may write to what it holds: a method that changes it, or a call that gets it and is not known to read only. */
function mayWrite(name: SyntaxNode): boolean {
  let at = name;
  while (/^(?:member|subscript)_expression$/.test(at.parent?.type ?? '') && at.parent?.childForFieldName('object')?.id === at.id) at = at.parent as SyntaxNode;
  const { parent } = at;
  if (parent?.type === 'call_expression' && parent.childForFieldName('function')?.id === at.id) {
    const method = methodOf(parent) ?? '';
    return at.id !== name.id ? MUTATES.test(method) || !READS.test(method) : false;
  }
  // A length is a number, whoever gets it.
  if (parent?.type !== 'arguments' || /\.(?:length|size)$/.test(at.text)) return false;
  const call = parent.parent;
  if (call?.type !== 'call_expression') return false;
  const method = methodOf(call);
  if (method !== undefined) return !(READS.test(method) || MUTATES.test(method) || OUTPUT.test(method) || BUILT_IN.test(receiverOf(call)?.text ?? ''));
  const fn = calledFunction(call);
  if (!fn) return !/^(?:Number|String|Boolean|parseInt|parseFloat|structuredClone)$/.test(call.childForFieldName('function')?.text ?? '');
  return !isPlain(fn, { names: [], properties: new Set() });
}

const OUTPUT = /^(?:log|info|debug|warn|error|write|end|assert)$/;
const BUILT_IN = /^(?:Math|JSON|Object|Number|String|Array)$/;
