import { type FunctionIndex, functionIndex } from '../../../shared/brands';
import type { ProfileTables } from '../tables';

export interface NeighbourCost {
  readonly func: FunctionIndex;
  /** Microseconds. */
  readonly total: number;
}

/** Who calls a function and what it calls. Each list, with `self` for the callees, sums to the function's total. */
export interface Neighbours {
  readonly callers: readonly NeighbourCost[];
  readonly callees: readonly NeighbourCost[];
  readonly self: number;
  readonly total: number;
}

/**
 * Splits a function's inclusive time in two ways. Where it recurses, a sample
 * goes to the caller of its outermost frame and to the callee of its innermost one:
 *
 *   a > f > g > f > h   caller a, callee h
 *
 * so nothing is counted twice. O(nodes).
 */
export function neighbours(tables: ProfileTables, func: FunctionIndex): Neighbours {
  const { nodes, functions } = tables;
  const callers = new Float64Array(functions.length);
  const callees = new Float64Array(functions.length);
  let self = 0;
  let total = 0;
  let node = 0;
  const via = new Int32Array(nodes.length);
  while (node < nodes.length) {
    if (nodes.func[node] !== func) {
      node++;
      continue;
    }
    const end = nodes.subtreeEnd[node] as number;
    const parent = nodes.parent[node] as number;
    total += nodes.total[node] as number;
    if (parent >= 0) {
      const caller = nodes.func[parent] as number;
      callers[caller] = (callers[caller] as number) + (nodes.total[node] as number);
    }
    for (let inner = node; inner < end; inner++) {
      const own = nodes.func[inner] as number;
      const up = nodes.parent[inner] as number;
      const callee = own === func ? -1 : inner > node && nodes.func[up] === func ? own : (via[up] as number);
      via[inner] = callee;
      const cost = nodes.self[inner] as number;
      if (callee < 0) self += cost;
      else callees[callee] = (callees[callee] as number) + cost;
    }
    node = end;
  }
  return { callers: ranked(callers), callees: ranked(callees), self, total };
}

function ranked(costs: Float64Array): NeighbourCost[] {
  const list: NeighbourCost[] = [];
  for (let func = 0; func < costs.length; func++) {
    if ((costs[func] as number) > 0) list.push({ func: functionIndex(func), total: costs[func] as number });
  }
  return list.sort((a, b) => b.total - a.total || a.func - b.func);
}
