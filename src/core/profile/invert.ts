import { Category } from './categories';
import { floatColumn, intColumn, uintColumn } from './growable';
import type { ProfileTables } from './tables';
import type { Transformed } from './transform';
import { nodeTable, orderDepthFirst } from './tree-order';

/** Rows of an inverted tree at most: beyond them, callers of what costs least are not told apart any more. */
const MAX_ROWS = 400_000;
/** Callers of less than this share of the whole are not told apart: a pixel of a screen 5,000 wide. */
const MIN_SHARE = 1 / 5000;

/**
 * The tree from its leaves: below the root the functions that cost time
 * themselves, below each the functions that called it.
 *
 *   main > parse > next   self 3          next   3        parse  1
 *   main > parse          self 1    ->      parse  3        main  1
 *                                             main  3
 *
 * The own cost of a row is what has no further caller, so Σ self stays the
 * total. Each row is a set of nodes, parted by the function of their parents,
 * so the whole takes O(Σ depth of nodes with a cost) at most; rows too narrow
 * to be seen keep their cost and are not parted, which bounds it in practice.
 */
export function invertTree(tables: ProfileTables, starts?: { readonly nodes: Uint32Array; readonly costs: Float64Array }): Transformed {
  const { nodes, functions } = tables;
  const from = starts ?? leaves(tables);
  let whole = 0;
  // Without idle: beside hours of waiting, everything would be too narrow.
  for (const [i, node] of from.nodes.entries()) if (functions.category[nodes.func[node] as number] !== Category.Idle) whole += from.costs[i] as number;
  const parent = intColumn();
  const func = uintColumn();
  const self = floatColumn();
  const hits = uintColumn();
  const add = (up: number, own: number): number => {
    parent.push(up);
    func.push(own);
    self.push(0);
    hits.push(0);
    return parent.length - 1;
  };
  add(-1, nodes.func[0] as number);

  // A row's set is a range of `at` (where each stack has got to) and `cost`; rows take it apart in place.
  const at = Uint32Array.from(from.nodes);
  const cost = from.costs.slice();
  const origin = Uint32Array.from(from.nodes);
  const target = new Int32Array(nodes.length).fill(-1);
  const rowOfFunc = new Int32Array(functions.length).fill(-1);
  const countOfFunc = new Uint32Array(functions.length);
  interface Pending {
    readonly row: number;
    readonly begin: number;
    readonly end: number;
    readonly isTop: boolean;
  }
  const scratchAt = new Uint32Array(at.length);
  const scratchCost = new Float64Array(at.length);
  const scratchOrigin = new Uint32Array(at.length);

  /** Parts a range by the function of `at`; gives the parts, in the order in which they were met. */
  const part = (row: number, begin: number, end: number): Pending[] => {
    const met: number[] = [];
    for (let i = begin; i < end; i++) {
      const own = nodes.func[at[i] as number] as number;
      if (countOfFunc[own] === 0) met.push(own);
      countOfFunc[own] = (countOfFunc[own] as number) + 1;
    }
    const parts: Pending[] = [];
    let next = begin;
    const place = new Map<number, number>();
    for (const own of met) {
      const size = countOfFunc[own] as number;
      countOfFunc[own] = 0;
      place.set(own, next);
      rowOfFunc[own] = add(row, own);
      parts.push({ row: rowOfFunc[own] as number, begin: next, end: next + size, isTop: row === 0 });
      next += size;
    }
    for (let i = begin; i < end; i++) {
      const own = nodes.func[at[i] as number] as number;
      const to = place.get(own) as number;
      place.set(own, to + 1);
      scratchAt[to] = at[i] as number;
      scratchCost[to] = cost[i] as number;
      scratchOrigin[to] = origin[i] as number;
    }
    at.set(scratchAt.subarray(begin, end), begin);
    cost.set(scratchCost.subarray(begin, end), begin);
    origin.set(scratchOrigin.subarray(begin, end), begin);
    return parts;
  };

  const queue: Pending[] = part(0, 0, at.length);
  for (let head = 0; head < queue.length; head++) {
    const { row, begin, end, isTop } = queue[head] as Pending;
    let sum = 0;
    let own = 0;
    let upward = begin;
    for (let i = begin; i < end; i++) {
      const node = at[i] as number;
      const value = cost[i] as number;
      if (isTop) {
        target[origin[i] as number] = row;
        hits.set(row, hits.at(row) + (nodes.hits[origin[i] as number] as number));
      }
      const up = nodes.parent[node] as number;
      if (up <= 0) {
        own += value; // the stack begins here
        continue;
      }
      sum += value;
      at[upward] = up;
      cost[upward] = value;
      origin[upward] = origin[i] as number;
      upward++;
    }
    const isTooNarrow = sum < whole * MIN_SHARE || parent.length >= MAX_ROWS;
    self.set(row, isTooNarrow ? own + sum : own);
    if (!isTooNarrow && upward > begin) for (const one of part(row, begin, upward)) queue.push(one);
  }

  const tree = { count: parent.length, parent: parent.take(), root: 0 };
  const ownCost = self.take();
  const ownHits = hits.take();
  const functionsOf = func.take();
  const order = orderDepthFirst(tree, ownCost);
  return {
    tables: {
      ...tables,
      nodes: nodeTable(tree, order, { self: ownCost, hits: ownHits, func: (at) => functionsOf[at] as number, deopt: () => 0 }),
      samples: { length: 0, node: new Uint32Array(0), start: new Float64Array(0) },
      lines: { length: 0, node: new Uint32Array(0), line: new Uint32Array(0), ticks: new Uint32Array(0) },
    },
    dropped: 0,
    target: target.map((row) => (row < 0 ? -1 : (order.positionOf[row] as number))),
  };
}

/** Nodes with an own cost; the root's stays out of the functions but in the sum, as a row of its own. */
function leaves({ nodes }: ProfileTables): { nodes: Uint32Array; costs: Float64Array } {
  const found: number[] = [];
  for (let node = 0; node < nodes.length; node++) if ((nodes.self[node] as number) > 0 || (nodes.hits[node] as number) > 0) found.push(node);
  return { nodes: Uint32Array.from(found), costs: Float64Array.from(found, (node) => nodes.self[node] as number) };
}

/** The stacks that lead to a function, from it upwards: each counted once, at the function's outermost frame. */
export function callersOf(tables: ProfileTables, func: number): Transformed {
  const { nodes } = tables;
  const found: number[] = [];
  for (let node = 0; node < nodes.length; node++) {
    if (nodes.func[node] !== func) continue;
    found.push(node);
    node = (nodes.subtreeEnd[node] as number) - 1;
  }
  return invertTree(tables, { nodes: Uint32Array.from(found), costs: Float64Array.from(found, (node) => nodes.total[node] as number) });
}
