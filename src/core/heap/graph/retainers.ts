import type { HeapEdges } from './heap-graph';

/** Edges grouped by the node they lead to: those of node n stand from `first[n]` to `first[n + 1]`, by the node they leave. */
export interface Retainers {
  readonly first: Uint32Array;
  /** The node that an edge leaves. */
  readonly from: Uint32Array;
  /** The edge's row. */
  readonly edge: Uint32Array;
}

export function findRetainers(nodes: number, edges: HeapEdges): Retainers {
  const { length, first: firstOut, to } = edges;
  const first = new Uint32Array(nodes + 1);
  for (let e = 0; e < length; e++) first[(to[e] as number) + 1] = (first[(to[e] as number) + 1] as number) + 1;
  for (let n = 0; n < nodes; n++) first[n + 1] = (first[n + 1] as number) + (first[n] as number);
  const free = first.slice(0, nodes);
  const from = new Uint32Array(length);
  const edge = new Uint32Array(length);
  for (let n = 0, e = 0; n < nodes; n++) {
    for (const end = firstOut[n + 1] as number; e < end; e++) {
      const target = to[e] as number;
      const place = free[target] as number;
      from[place] = n;
      edge[place] = e;
      free[target] = place + 1;
    }
  }
  return { first, from, edge };
}
