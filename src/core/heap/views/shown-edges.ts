import type { EdgeKind } from '../../../shared/heap-query';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { edgeName } from '../analysis/heap-names';
import type { HeapGraph } from '../graph/heap-graph';
import { sortRows } from './node-order';

/**
 * What V8 keeps for itself at every object: layouts, code, feedback. An internal edge
 * of another name may hold what the program made (`context` of a closure, `table` of a
 * Map), so only these are left out.
 */
const plumbing: ReadonlySet<string> = new Set([
  'map',
  'properties',
  'elements',
  'code',
  'shared',
  'feedback_cell',
  'feedback_vector',
  'raw_feedback_cell',
  'dispatch_handle',
  'initial_map',
  'scope_info',
  'name_or_scope_info',
  'native_context',
  'descriptors',
  'instance_descriptors',
  'layout_descriptor',
  'prototype_info',
  'prototype_validity_cell',
  'dependent_code',
  'back_pointer',
  'constructor_or_back_pointer',
  'transition',
  'transitions',
  'script',
  'script_or_debug_info',
  'function_data',
  'raw_outer_scope_info_or_feedback_metadata',
  'sloppy_function_map',
  'strict_function_map',
  'enum_cache',
  'hash',
]);

export function edgeKind(graph: HeapGraph, edge: number): EdgeKind {
  switch (graph.edgeTypes[graph.edges.type[edge] as number]) {
    case 'property':
      return 'property';
    case 'element':
      return 'element';
    case 'context':
      return 'variable';
    case 'weak':
      return 'weak';
    case 'shortcut':
      return 'shortcut';
    default:
      return 'internal';
  }
}

/** Whether an edge is listed. */
export type ShownEdges = (edge: number) => boolean;

/** Tells which edges are listed where internal and weak ones are not asked for. O(1) an edge, names are looked up once. */
export function shownEdges(graph: HeapGraph): ShownEdges {
  const { edges, edgeTypes, strings } = graph;
  const known = new Map<number, boolean>();
  const isPlumbing = (name: number): boolean => {
    let answer = known.get(name);
    if (answer === undefined) {
      answer = plumbing.has(strings.at(name));
      known.set(name, answer);
    }
    return answer;
  };
  const ranks = edgeTypes.map((type) => (type === 'weak' || type === 'hidden' ? 0 : type === 'internal' ? 1 : 2));
  return (edge) => {
    const rank = ranks[edges.type[edge] as number];
    return rank === 2 || (rank === 1 && !isPlumbing(edges.nameOrIndex[edge] as number));
  };
}

/** Up to so many fields are put in the order of their names; more stand as V8 wrote them. */
const MAX_NAMED = 5000;

/** The edges of an object as they are listed: variables and properties by name, elements by number, then what V8 has. */
export function fieldEdges(graph: HeapGraph, node: number, isShown: ShownEdges): Uint32Array {
  const { edges, edgeTypes } = graph;
  const first = edges.first[node] as number;
  const end = edges.first[node + 1] as number;
  const shown: number[] = [];
  for (let edge = first; edge < end; edge++) if (isShown(edge)) shown.push(edge);
  const ranks = edgeTypes.map((type) => (type === 'property' || type === 'context' ? 0 : type === 'element' ? 1 : type === 'internal' ? 2 : 3));
  const rank = (edge: number): number => ranks[edges.type[edge] as number] as number;
  const isNamed = shown.length <= MAX_NAMED;
  const names = new Map<number, string>();
  if (isNamed) for (const edge of shown) names.set(edge, edgeName(graph, edge));
  const value = (edge: number): number => edges.nameOrIndex[edge] as number;
  shown.sort((a, b) => {
    const byRank = rank(a) - rank(b);
    if (byRank !== 0) return byRank;
    if (rank(a) === 1) return value(a) - value(b) || a - b;
    if (!isNamed) return a - b;
    const [left, right] = [names.get(a) as string, names.get(b) as string];
    return left < right ? -1 : left > right ? 1 : a - b;
  });
  return Uint32Array.from(shown);
}

/**
 * The edges that lead to an object, nearest to a root first; those of the program
 * before those of V8. The root's own are left out, as is the object's to itself.
 */
export function retainerEdges(analysis: HeapAnalysis, node: number, isShown: ShownEdges): Uint32Array {
  const { graph, retainers, distance } = analysis;
  const first = retainers.first[node] as number;
  const end = retainers.first[node + 1] as number;
  const places: number[] = [];
  for (let at = first; at < end; at++) {
    const from = retainers.from[at] as number;
    if (from !== 0 && from !== node && isShown(retainers.edge[at] as number)) places.push(at);
  }
  const ranks = graph.edgeTypes.map((type) => (type === 'property' || type === 'context' || type === 'element' ? 0 : type === 'weak' ? 2 : 1));
  const rank = (at: number): number => ranks[graph.edges.type[retainers.edge[at] as number] as number] as number;
  const far = (at: number): number => {
    const steps = distance[retainers.from[at] as number] as number;
    return steps < 0 ? FARTHEST : Math.min(steps, FARTHEST);
  };
  return sortRows(Uint32Array.from(places), (at) => far(at) * 3 + rank(at), true);
}

/** Beyond every distance, and small enough to be packed with a rank and a place. */
const FARTHEST = 200_000_000;

/** How many edges are listed as fields, and as retainers. */
export function countEdges({ graph, retainers }: HeapAnalysis, node: number, isShown: ShownEdges): { readonly fields: number; readonly retainers: number } {
  let fields = 0;
  for (let edge = graph.edges.first[node] as number; edge < (graph.edges.first[node + 1] as number); edge++) if (isShown(edge)) fields++;
  let holders = 0;
  for (let at = retainers.first[node] as number; at < (retainers.first[node + 1] as number); at++) {
    const from = retainers.from[at] as number;
    if (from !== 0 && from !== node && isShown(retainers.edge[at] as number)) holders++;
  }
  return { fields, retainers: holders };
}
