import { graphTypes, stringIs } from './graph-types';
import type { HeapGraph } from './heap-graph';
import { weakMapPairs } from './weak-map-names';

/** Of a node that no edge that counts leads to. */
export const NO_DISTANCE = -5;
/** What only V8's own roots reach is farther than this. */
export const SYSTEM_DISTANCE = 100_000_000;

/**
 * Edges on the shortest way from the user's roots, which are at 1; of what they do not
 * reach, from the root, which is then at `SYSTEM_DISTANCE`. Weak edges are no way, and of
 * the two edges of a WeakMap's pair the one that is met first is none.
 *
 * `follows` leaves out more edges; the default leaves out what DevTools leaves out.
 */
export function distances(graph: HeapGraph, isUserRoot: (node: number) => boolean, follows = defaultEdges(graph)): Int32Array {
  const { nodes, edges } = graph;
  const { first, type: edgeType, to: target } = edges;
  const { weak } = graphTypes(graph).edge;
  const distance = new Int32Array(nodes.length).fill(NO_DISTANCE);
  const rootEdges = first[1] as number;
  // A root is visited as often as the root names it: so the second of two equal pairs counts.
  const queue = new Uint32Array(nodes.length + rootEdges);
  const spread = (length: number): void => {
    let end = length;
    for (let at = 0; at < end; at++) {
      const node = queue[at] as number;
      const next = (distance[node] as number) + 1;
      for (let e = first[node] as number, last = first[node + 1] as number; e < last; e++) {
        const to = target[e] as number;
        if (distance[to] !== NO_DISTANCE || edgeType[e] === weak || !follows(node, e)) continue;
        distance[to] = next;
        queue[end++] = to;
      }
    }
  };
  let roots = 0;
  for (let e = 0; e < rootEdges; e++) {
    const to = target[e] as number;
    if (!isUserRoot(to)) continue;
    distance[to] = 1;
    queue[roots++] = to;
  }
  spread(roots);
  distance[0] = roots > 0 ? SYSTEM_DISTANCE : 0;
  queue[0] = 0;
  spread(1);
  return distance;
}

/** What DevTools follows; a question may be asked once only, in the order of the search. */
export function defaultEdges(graph: HeapGraph): (node: number, edge: number) => boolean {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const isMapOfSloppyFunctions = stringIs(strings, 'sloppy_function_map');
  const isNativeContext = stringIs(strings, 'system / NativeContext');
  const isDescriptors = stringIs(strings, '(map descriptors)');
  const pairOf = weakMapPairs(strings);
  const open = new Set<number>();
  const isNamed = (edge: number): boolean => edges.type[edge] !== types.edge.element && edges.type[edge] !== types.edge.hidden;
  return (node, edge) => {
    const type = nodes.type[node];
    const name = edges.nameOrIndex[edge] as number;
    if (type === types.hidden && isNamed(edge) && isMapOfSloppyFunctions(name) && isNativeContext(nodes.name[node] as number)) return false;
    if (type === types.array && isDescriptors(nodes.name[node] as number)) {
      // Descriptors are shared between maps: three entries each, of which the first may not be valid here (crbug.com/413608).
      const index = isNamed(edge) ? Number.parseInt(strings.at(name), 10) : name;
      return index < 2 || index % 3 !== 1;
    }
    if (edges.type[edge] !== types.edge.internal) return true;
    const pair = pairOf(name);
    if (!pair) return true;
    // The second edge is from the farther of table and key.
    if (open.delete(pair.pair)) return true;
    open.add(pair.pair);
    return false;
  };
}
