import { graphTypes, stringIs } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import { passingEdges } from '../graph/passing-edges';
import { userRoots } from '../graph/shallow-sizes';
import { weakMapPairs } from '../graph/weak-map-names';

/** The shortest way to every node at once: a tree over the graph. */
export interface PathTree {
  /** The edge by which a node is held; -1 for the root and for what nothing keeps. */
  readonly edge: Int32Array;
  /** The node that edge leaves; 0 for those. */
  readonly parent: Uint32Array;
  /** Every node that is kept, each after its parent. */
  readonly order: Uint32Array;
}

/**
 * Breadth first from the user's roots, then from V8's own, over edges that explain
 * something: not weak ones, code, feedback cells, property cells, from a WeakMap's table
 * to a value, nor what keeps nothing for good (`passing-edges.ts`). Of equally short ways, one whose last edge has a name of user code.
 */
export function pathTree(graph: HeapGraph): PathTree {
  const { nodes, edges } = graph;
  const { first, type: edgeType, to: target } = edges;
  const { property, context, element } = graphTypes(graph).edge;
  const isNamed = (edge: number): boolean => edgeType[edge] === property || edgeType[edge] === context || edgeType[edge] === element;
  const explains = explainingEdges(graph);
  const isUserRoot = userRoots(graph);
  const edge = new Int32Array(nodes.length).fill(-1);
  const parent = new Uint32Array(nodes.length);
  const depth = new Int32Array(nodes.length).fill(-1);
  const order = new Uint32Array(nodes.length);
  order[0] = 0;
  depth[0] = 0;
  let end = 1;
  const reach = (from: number, e: number, next: number): void => {
    const to = target[e] as number;
    if (depth[to] === -1) {
      depth[to] = next;
      order[end++] = to;
    } else if (depth[to] !== next || to === 0 || isNamed(edge[to] as number) || !isNamed(e)) return;
    edge[to] = e;
    parent[to] = from;
  };
  let at = 1;
  const spread = (): void => {
    for (; at < end; at++) {
      const node = order[at] as number;
      const next = (depth[node] as number) + 1;
      for (let e = first[node] as number, last = first[node + 1] as number; e < last; e++) if (explains(node, e)) reach(node, e, next);
    }
  };
  for (const own of [true, false]) {
    for (let e = 0; e < (first[1] as number); e++)
      if (isUserRoot(target[e] as number) === own && depth[target[e] as number] === -1 && explains(0, e)) reach(0, e, 1);
    spread();
  }
  return { edge, parent, order: order.subarray(0, end) };
}

function explainingEdges(graph: HeapGraph): (from: number, edge: number) => boolean {
  const { nodes, edges, strings } = graph;
  const { weak, internal } = graphTypes(graph).edge;
  const isCode = stringIs(strings, 'code');
  const isMap = stringIs(strings, 'sloppy_function_map');
  const isFeedback = stringIs(strings, 'feedback_cell');
  const isCell = stringIs(strings, 'system / PropertyCell');
  const pairOf = weakMapPairs(strings);
  const isPassing = passingEdges(graph);
  return (from, edge) => {
    if (edges.type[edge] === weak || edges.to[edge] === from || isCell(nodes.name[from] as number) || isPassing(edge)) return false;
    if (edges.type[edge] !== internal) return true;
    const name = edges.nameOrIndex[edge] as number;
    if (isCode(name) || isMap(name) || isFeedback(name)) return false;
    return pairOf(name)?.table !== nodes.id[from];
  };
}
