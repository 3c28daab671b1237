import type { ProfileTables } from '../profile/tables';
import { callersOf, invertTree } from '../profile/views/invert';
import { type SideCosts, totals } from './union-tree';

/** The union from its leaves, or from one function upwards, with the costs of both sides. */
export interface InvertedUnion {
  readonly tables: ProfileTables;
  /** Own cost by node. */
  readonly nodes: SideCosts;
}

/** The inverted tree: below the root what costs something itself, below each who called it. O(Σ depth of nodes with a cost). */
export function invertUnion(tables: ProfileTables, own: SideCosts): InvertedUnion {
  const starts: number[] = [];
  for (let node = 0; node < tables.nodes.length; node++) if (own.before[node] !== 0 || own.after[node] !== 0) starts.push(node);
  return upwards(tables, own, starts, invertTree(tables).tables);
}

/** The stacks that lead to a function, from it upwards, each counted once at its outermost frame. */
export function callersInUnion(tables: ProfileTables, own: SideCosts, func: number): InvertedUnion {
  const starts: number[] = [];
  for (let node = 0; node < tables.nodes.length; node++) {
    if (tables.nodes.func[node] !== func) continue;
    starts.push(node);
    node = (tables.nodes.subtreeEnd[node] as number) - 1;
  }
  return upwards(tables, totals(tables.nodes, own), starts, callersOf(tables, func).tables);
}

/**
 * A stack's cost is in the row of the inverted tree that its frames lead to, from its end
 * upwards, as far as callers are told apart there: the same row for both sides.
 */
function upwards({ nodes }: ProfileTables, costs: SideCosts, starts: readonly number[], inverted: ProfileTables): InvertedUnion {
  const childOf = childrenByFunction(inverted);
  const moved = { before: new Float64Array(inverted.nodes.length), after: new Float64Array(inverted.nodes.length) };
  for (const start of starts) {
    let row = 0;
    // The root's own cost has a row of its own; above the others it is no caller.
    for (let at = start; at > 0 || at === start; at = nodes.parent[at] as number) {
      const next = childOf(row, nodes.func[at] as number);
      if (next < 0) break;
      row = next;
    }
    moved.before[row] = (moved.before[row] as number) + (costs.before[start] as number);
    moved.after[row] = (moved.after[row] as number) + (costs.after[start] as number);
  }
  return { tables: inverted, nodes: moved };
}

function childrenByFunction({ nodes, functions }: ProfileTables): (row: number, func: number) => number {
  const known = new Map<number, number>();
  for (let node = 1; node < nodes.length; node++) known.set((nodes.parent[node] as number) * functions.length + (nodes.func[node] as number), node);
  return (row, func) => known.get(row * functions.length + func) ?? -1;
}
