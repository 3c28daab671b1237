/** How functions call themselves: down which property of what they are given, and whether they keep what they worked out. */
import {
  bodyOf,
  isFunction,
  isInline,
  isLoopStatement,
  loopsAround,
  methodOf,
  namedArguments,
  nodesWithin,
  parametersOf,
  receiverOf,
  type SyntaxNode,
  unwrapped,
} from '../syntax';
import { declarationOf } from '../values';
import { collectionNode } from './work-origins';
import type { Descent, Unkept } from './work-types';

/** What keeps results, or what was seen already. */
const KEEPS = /memo|cache|known|seen|visited|\bdone\b|\.has\(|\.set\(|\.add\(|\?\?=|\]\s*=(?!=)/i;

export interface RecursionFact {
  readonly descends: readonly Descent[];
  readonly unkept: Unkept | undefined;
}

/** Of a function that calls itself by its name. O(nodes of the function). */
export function recursionFact(fn: SyntaxNode, name: string): RecursionFact {
  if (name === '' || !isFunction(fn)) return { descends: [], unkept: undefined };
  const own: SyntaxNode[] = [];
  for (const node of nodesWithin(bodyOf(fn), (one) => !isFunction(one) || isInline(one))) {
    if (node.type === 'call_expression' && lastName(node) === name) own.push(node);
  }
  if (own.length === 0 || KEEPS.test(fn.text)) return { descends: [], unkept: undefined };
  const parameters = parametersOf(fn).map(({ text }) => text);
  const descends = own.flatMap((call) => descentsOf(call, parameters));
  return { descends, unkept: unkeptOf(own, fn, parameters) };
}

const lastName = (call: SyntaxNode): string | undefined => {
  const callee = call.childForFieldName('function');
  return (callee?.childForFieldName('property') ?? callee)?.text;
};

/** `size(node.left)`, `for (const child of node.children) size(child)`, `this.children.map((child) => child.size())`. */
function descentsOf(call: SyntaxNode, parameters: readonly string[]): Descent[] {
  const receiver = receiverOf(call);
  const given: (readonly [SyntaxNode, number])[] = [...namedArguments(call).map((one, i) => [one, i] as const), ...(receiver ? [[receiver, -1] as const] : [])];
  return given.flatMap(([one, index]): Descent[] => {
    const root = index < 0 ? 'this' : parameters[index];
    const path = pathFrom(unwrapped(one), call);
    const [start, property] = path ?? [];
    return root !== undefined && start === root && property !== undefined ? [{ index, property }] : [];
  });
}

/** The name that an expression begins with, and the first property: of an element of a loop, those of what the loop goes over. */
function pathFrom(expression: SyntaxNode, at: SyntaxNode): readonly [string, string] | undefined {
  if (expression.type === 'identifier') {
    const loop = loopsAround(at).find((one) => isElementOf(expression, one));
    const over = loop && collectionNode(loop);
    return over && pathFrom(unwrapped(over), loop);
  }
  let node = expression;
  let property: string | undefined;
  while (node.type === 'member_expression' || node.type === 'subscript_expression') {
    property = node.childForFieldName('property')?.text ?? property;
    const object = node.childForFieldName('object');
    if (!object) return undefined;
    node = unwrapped(object);
  }
  return property !== undefined && /^(?:identifier|this)$/.test(node.type) ? [node.text, property] : undefined;
}

function isElementOf(name: SyntaxNode, loop: SyntaxNode): boolean {
  const declaration = declarationOf(name)?.node;
  const callback = loop.type === 'call_expression' ? namedArguments(loop).find(isFunction) : undefined;
  // Of reduce, the element is the second one.
  const element = callback
    ? parametersOf(callback)[/^reduce/.test(methodOf(loop) ?? '') ? 1 : 0]
    : isLoopStatement(loop)
      ? loop.childForFieldName('left')
      : undefined;
  return (
    declaration !== undefined &&
    element !== undefined &&
    element !== null &&
    declaration.startIndex >= element.startIndex &&
    declaration.endIndex <= element.endIndex
  );
}

/** `for (const id of parts.get(key).needs) sum += cost(id)`: several may need the same. */
function unkeptOf(own: readonly SyntaxNode[], fn: SyntaxNode, parameters: readonly string[]): Unkept | undefined {
  for (const call of own) {
    if (call.parent?.type === 'expression_statement') continue;
    for (const [index, one] of namedArguments(call).entries()) {
      const loop = loopsAround(call).find((around) => isElementOf(rootOf(unwrapped(one)), around));
      const key = parameters[index];
      const over = loop && collectionNode(loop);
      if (!over || key === undefined) continue;
      const lookup = lookupOf(fn, key);
      if (lookup !== undefined) return { lookup, over: over.text.slice(0, 60), line: call.startPosition.row };
    }
  }
  return undefined;
}

function rootOf(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.type === 'member_expression') at = unwrapped(at.childForFieldName('object') ?? at);
  return at;
}

/** Where a function looks up what a key means: `parts.get(key)`, `parts[key]`, `parts.find((one) => one.id === key)`. */
function lookupOf(fn: SyntaxNode, key: string): string | undefined {
  for (const node of nodesWithin(bodyOf(fn))) {
    const isGet = node.type === 'call_expression' && methodOf(node) === 'get' && namedArguments(node)[0]?.text === key;
    const isIndex = node.type === 'subscript_expression' && node.childForFieldName('index')?.text === key;
    const isFind = node.type === 'call_expression' && methodOf(node) === 'find' && namedArguments(node)[0]?.text.endsWith(`=== ${key}`) === true;
    if (isGet || isIndex || isFind) return node.text.slice(0, 60).replace(/\s+/g, ' ');
  }
  return undefined;
}
