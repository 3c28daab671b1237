import { graphTypes } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import { passingEdges } from '../graph/passing-edges';
import { userRoots } from '../graph/shallow-sizes';
import { pathEdges } from './path-edges';

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
 * something (`path-edges.ts`), but for what keeps nothing for good (`passing-edges.ts`). Of equally short ways, one whose last edge has a name of user code.
 */
export function pathTree(graph: HeapGraph): PathTree {
  const { nodes, edges } = graph;
  const { first, type: edgeType, to: target } = edges;
  const { property, context, element } = graphTypes(graph).edge;
  const isNamed = (edge: number): boolean => edgeType[edge] === property || edgeType[edge] === context || edgeType[edge] === element;
  const { explains } = pathEdges(graph);
  const isPassing = passingEdges(graph);
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
      for (let e = first[node] as number, last = first[node + 1] as number; e < last; e++) if (explains(node, e) && !isPassing(e)) reach(node, e, next);
    }
  };
  for (const own of [true, false]) {
    for (let e = 0; e < (first[1] as number); e++)
      if (isUserRoot(target[e] as number) === own && depth[target[e] as number] === -1 && explains(0, e) && !isPassing(e)) reach(0, e, 1);
    spread();
  }
  return { edge, parent, order: order.subarray(0, end) };
}
