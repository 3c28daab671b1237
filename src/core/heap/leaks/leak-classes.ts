/**
 * By what objects that pile up are counted. One of a class or a function is counted by its
 * name. A plain object has none, and its parts are plain objects too:
 *
 *   { url: '/', headers: { host: 'a' } }     one is made, two are kept
 *
 * So it is counted in three ways: as any plain object, as one that is no part of another,
 * and by its properties. The second tells those whose properties are data or differ, the
 * first the items of a list that hold each other.
 */

import { typedName } from '../graph/comparable-names';
import type { HeapGraph } from '../graph/heap-graph';
import { type PlainObjects, propertyText } from '../graph/object-shapes';

const PLAIN = 'object:Object';
const WHOLE = 'object:Object, no part of another';

export interface LeakClasses {
  isPlain(node: number): boolean;
  /** What a node is counted by; `isPart` where it is held by a plain object that is counted too. */
  of(node: number, isPart: boolean): readonly string[];
}

/** Properties of a shape's name; of objects with more, they are data. */
const MOST_PROPERTIES = 100;
/** A shape that fewer have is no pattern. */
const FEWEST = 2;

export function leakClasses(graph: HeapGraph, plain: PlainObjects): LeakClasses {
  const shapeOf = new Int32Array(graph.nodes.length).fill(-1);
  for (let row = 0; row < plain.nodes.length; row++) shapeOf[plain.nodes[row] as number] = plain.group[row] as number;
  const parts = plain.groups.map(({ properties, count }): readonly string[] =>
    count < FEWEST || properties.length > MOST_PROPERTIES ? [PLAIN] : [PLAIN, shapeName(properties)],
  );
  const wholes = parts.map((names) => [...names, WHOLE]);
  const others = new Map<string, readonly string[]>();
  return {
    isPlain: (node) => (shapeOf[node] as number) >= 0,
    of(node, isPart) {
      const shape = shapeOf[node] as number;
      if (shape >= 0) return (isPart ? parts : wholes)[shape] ?? [];
      const name = typedName(graph, node);
      const known = others.get(name) ?? [name];
      others.set(name, known);
      return known;
    },
  };
}

function shapeName(properties: readonly string[]): string {
  return `${PLAIN} {${properties
    .filter((name) => name !== '__proto__')
    .map(propertyText)
    .join(', ')}}`;
}

/** Whether a class counts plain objects in one of the three ways. */
export const isPlainClass = (name: string): boolean => name.startsWith(PLAIN) && (name.length === PLAIN.length || /^[ ,]/.test(name.slice(PLAIN.length)));

/** Which of the ways tells more of objects that are as near to the holder; `isMultiple` where each exercise makes the same number of them. */
export function classPreference(name: string, isMultiple: boolean): number {
  if (name === WHOLE) return 0.2;
  if (!isPlainClass(name) || name === PLAIN) return 0;
  // What has no properties of its own is mostly a part. Shapes of which each exercise makes as many as it happens are not all that pile up.
  return !isMultiple ? -0.2 : name.endsWith(' {}') ? 0 : 0.9;
}
