import { graphTypes, stringIs } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import { weakMapPairs } from '../graph/weak-map-names';

export interface PathEdges {
  /** Edges that keep their target alive. */
  isStrong(from: number, edge: number): boolean;
  /** Those of them that explain anything. */
  explains(from: number, edge: number): boolean;
}

/**
 * Edges that are on no retaining path: weak ones, those to the node itself, the code of a
 * function, the map of sloppy functions and feedback cells (they lead through V8's caches
 * to anything), what a property cell holds, and from a WeakMap's table to a value, which
 * lives as long as its key.
 */
export function pathEdges(graph: HeapGraph): PathEdges {
  const { nodes, edges, strings } = graph;
  const { weak, internal } = graphTypes(graph).edge;
  const isCode = stringIs(strings, 'code');
  const isMap = stringIs(strings, 'sloppy_function_map');
  const isFeedback = stringIs(strings, 'feedback_cell');
  const isCell = stringIs(strings, 'system / PropertyCell');
  const pairOf = weakMapPairs(strings);
  const isStrong = (from: number, edge: number): boolean => edges.type[edge] !== weak && edges.to[edge] !== from;
  const explains = (from: number, edge: number): boolean => {
    if (!isStrong(from, edge) || isCell(nodes.name[from] as number)) return false;
    if (edges.type[edge] !== internal) return true;
    const name = edges.nameOrIndex[edge] as number;
    if (isCode(name) || isMap(name) || isFeedback(name)) return false;
    return pairOf(name)?.table !== nodes.id[from];
  };
  return { isStrong, explains };
}
