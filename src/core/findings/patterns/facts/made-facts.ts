/** What a function makes anew, for the garbage collection to clear away: in which of its loops, the innermost first. */
import { bodyOf, isFunction, isInline, loopsAround, methodOf, nodesWithin, type SyntaxNode } from '../syntax';
import { loopFact } from './work-origins';
import type { MadeFact } from './work-types';

const MOST = 12;
/** More are not looked at: each is compared with all that is around it. */
const MOST_LOOKED_AT = 300;
const LISTS = /^(?:map|filter|flatMap|flat|slice|split|concat|toSorted|toReversed|matchAll|match)$/;
const STATICS = /^(?:Object\.(?:keys|values|entries|fromEntries|assign)|Array\.from|structuredClone|JSON\.parse|Buffer\.(?:concat|from))$/;

/** O(nodes of the function + what is around those that are looked at). A literal within another is part of it. */
export function madeFacts(fn: SyntaxNode): MadeFact[] {
  const parts = new Set<number>();
  const made: (MadeFact & { readonly depth: number })[] = [];
  for (const node of nodesWithin(bodyOf(fn), (one) => !isFunction(one) || isInline(one))) {
    // Asking a node for its parent goes down the whole tree.
    if (literal.test(node.type)) for (const part of literalsIn(node)) parts.add(part.id);
    const what = parts.has(node.id) ? undefined : madeBy(node);
    if (what === undefined) continue;
    if (made.length >= MOST_LOOKED_AT) break;
    const loops = loopsAround(node);
    const [loop] = loops;
    made.push({ what, line: node.startPosition.row, loop: loop && loopFact(loop, fn), depth: loops.length });
  }
  return made
    .sort((a, b) => b.depth - a.depth || a.line - b.line)
    .slice(0, MOST)
    .map(({ what, line, loop }) => ({ what, line, loop }));
}

const literal = /^(?:array|object)$/;

function literalsIn(node: SyntaxNode): SyntaxNode[] {
  const values = node.namedChildren.map((child) => (child.type === 'pair' ? child.childForFieldName('value') : child));
  return values.filter((value): value is SyntaxNode => value !== null && literal.test(value.type));
}

function madeBy(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'object':
      return node.namedChildren.some(({ type }) => type === 'spread_element') ? 'a copied object' : 'an object';
    case 'array':
      return node.namedChildren.some(({ type }) => type === 'spread_element') ? 'a copied array' : 'an array';
    case 'new_expression': {
      const name = node.childForFieldName('constructor')?.text ?? '';
      return /^[\w$.]{1,40}$/.test(name) && !/Error$/.test(name) ? `a new ${name}` : undefined;
    }
    case 'call_expression': {
      const method = methodOf(node) ?? '';
      const callee = node.childForFieldName('function')?.text ?? '';
      if (STATICS.test(callee)) return `what ${callee} gives`;
      return LISTS.test(method) ? `what ${method} gives` : undefined;
    }
    default:
      return undefined;
  }
}
