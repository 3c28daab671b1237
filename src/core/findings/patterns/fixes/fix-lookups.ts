import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { keyedBy } from '../facts/callback-facts';
import { isFilledBehind } from '../facts/collection-facts';
import { methodOf, type SyntaxNode, unwrapped } from '../syntax';
import { operatorOf } from '../values';
import { expand, freshName, isTyped, lastName, lineBefore, replace } from './fix-edits';
import { hoistPlace } from './fix-hoist';

/** `xs.includes(x)` in a loop -> `xsSet.has(x)`, with the set in front of it; `xs.indexOf(x) < 0` likewise. */
export function setLookup(match: CaughtMatch): TextEdit[] | undefined {
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
export function mapLookup(match: CaughtMatch): TextEdit[] | undefined {
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
