import { graphTypes, stringIs } from './graph-types';
import type { HeapGraph } from './heap-graph';

/** The properties that many plain objects have: a class for those that no constructor names. */
export interface ObjectShape {
  /** `{a, b}` */
  readonly name: string;
  readonly properties: readonly string[];
}

/** Plain objects (type object, name Object), grouped by their properties in order. */
export interface PlainObjects {
  /** Rising. */
  readonly nodes: Uint32Array;
  /** By place in `nodes`. */
  readonly group: Uint32Array;
  /** Property names of a group, and how many objects it has. */
  readonly groups: readonly { readonly properties: readonly string[]; readonly count: number }[];
}

export function plainObjects(graph: HeapGraph): PlainObjects {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const { property } = types.edge;
  const isObject = stringIs(strings, 'Object');
  const found: number[] = [];
  for (let n = 0; n < nodes.length; n++) if (nodes.type[n] === types.object && isObject(nodes.name[n] as number)) found.push(n);
  const rows = Uint32Array.from(found);
  const group = new Uint32Array(rows.length);
  const examples: number[] = [];
  const counts: number[] = [];
  const { first, type: edgeType, nameOrIndex } = edges;
  // Open addressing on the hash of the names' indices.
  let size = 1024;
  while (size < rows.length * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const isSame = (a: number, b: number): boolean => {
    let i = first[a] as number;
    let j = first[b] as number;
    const iEnd = first[a + 1] as number;
    const jEnd = first[b + 1] as number;
    for (;;) {
      while (i < iEnd && edgeType[i] !== property) i++;
      while (j < jEnd && edgeType[j] !== property) j++;
      if (i === iEnd || j === jEnd) return i === iEnd && j === jEnd;
      if (nameOrIndex[i++] !== nameOrIndex[j++]) return false;
    }
  };
  for (let r = 0; r < rows.length; r++) {
    const node = rows[r] as number;
    let hash = 0x811c9dc5 | 0;
    for (let e = first[node] as number, end = first[node + 1] as number; e < end; e++) {
      if (edgeType[e] === property) hash = Math.imul(hash ^ (nameOrIndex[e] as number), 0x01000193) ^ (hash >>> 15);
    }
    let slot = (hash ^ (hash >>> 16)) & (size - 1);
    let known = slots[slot] as number;
    while (known >= 0 && !isSame(examples[known] as number, node)) {
      slot = (slot + 1) & (size - 1);
      known = slots[slot] as number;
    }
    if (known < 0) {
      known = examples.push(node) - 1;
      counts.push(0);
      slots[slot] = known;
    }
    group[r] = known;
    counts[known] = (counts[known] as number) + 1;
  }
  const names = new Map<number, string>();
  const nameOf = (index: number): string => {
    let name = names.get(index);
    if (name === undefined) {
      name = strings.at(index);
      names.set(index, name);
    }
    return name;
  };
  const groups = examples.map((node, g) => {
    const properties: string[] = [];
    for (let e = first[node] as number, end = first[node + 1] as number; e < end; e++) {
      if (edgeType[e] === property) properties.push(nameOf(nameOrIndex[e] as number));
    }
    return { properties, count: counts[g] as number };
  });
  return { nodes: rows, group, groups };
}

/** Of a shape's name, after which no property is added. */
const LONGEST_NAME = 120;
/** A shape needs this many objects, and one in so many plain objects. */
const FEWEST = 2;
const ONE_IN = 1000;

/** The shapes that DevTools infers, the most frequent first; among equals, the one that was seen first. */
export function inferShapes({ nodes, groups }: PlainObjects): ObjectShape[] {
  const candidates = new Map<string, { name: string; properties: string[]; count: number }>();
  for (const { properties, count } of groups) {
    let name = '{';
    const kept: string[] = [];
    for (const property of properties) {
      if (property === '__proto__') continue;
      const text = propertyText(property);
      if (name.length > 1 && name.length + text.length > LONGEST_NAME) break;
      name += name.length > 1 ? `, ${text}` : text;
      kept.push(property);
    }
    if (kept.length === 0) continue;
    name += '}';
    const known = candidates.get(name);
    if (known) known.count += count;
    else candidates.set(name, { name, properties: kept, count });
  }
  const fewest = Math.max(FEWEST, nodes.length / ONE_IN);
  return [...candidates.values()]
    .filter(({ count }) => count >= fewest)
    .sort((a, b) => b.count - a.count)
    .map(({ name, properties }) => ({ name, properties }));
}

/** A property's name as it stands in an object's label: quoted where it could be mistaken. */
export function propertyText(name: string): string {
  return /[,'"{}]/.test(name) ? JSON.stringify(name) : name;
}

/**
 * The shape of each group, -1 for none: of all shapes whose properties a group's objects
 * have, the one with the most; among equals, the first.
 */
export function matchShapes({ groups }: PlainObjects, shapes: readonly ObjectShape[]): Int32Array {
  const wanted = new Map<string, number[]>();
  shapes.forEach(({ properties }, s) => {
    for (const key of countedKeys(properties)) {
      const list = wanted.get(key);
      if (list) list.push(s);
      else wanted.set(key, [s]);
    }
  });
  const has = new Uint32Array(shapes.length);
  return Int32Array.from(groups, ({ properties }) => {
    let best = -1;
    const touched: number[] = [];
    for (const key of countedKeys(properties)) {
      for (const s of wanted.get(key) ?? []) {
        const count = (has[s] as number) + 1;
        has[s] = count;
        if (count === 1) touched.push(s);
        const size = (shapes[s] as ObjectShape).properties.length;
        if (count < size) continue;
        const bestSize = best < 0 ? 0 : (shapes[best] as ObjectShape).properties.length;
        if (size > bestSize || (size === bestSize && s < best)) best = s;
      }
    }
    for (const s of touched) has[s] = 0;
    return best;
  });
}

/** Names that differ: a second property of the same name is another than the first. */
function countedKeys(properties: readonly string[]): readonly string[] {
  if (new Set(properties).size === properties.length) return properties;
  const counts = new Map<string, number>();
  return properties.map((property) => {
    const count = counts.get(property) ?? 0;
    counts.set(property, count + 1);
    return count === 0 ? property : `${property}\u0000${count}`;
  });
}
