import { Category } from '../categories';
import { floatColumn, intColumn, uintColumn } from '../growable';
import { scratchFloat64, scratchUint32 } from '../scratch';
import type { ProfileTables } from '../tables';
import { depthFirst } from '../tree-order';
import type { Transformed } from './transform';

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
export function invertTree(tables: ProfileTables, starts?: Starts): Transformed {
  const { nodes } = tables;
  const from = starts ?? leaves(tables);
  const whole = activeCost(tables, from);
  const rows = invertedRows(from.nodes.length + 1);
  const { at, cost, origin, part } = stackParts(tables, from, rows.add);
  const { parent, self, hits } = rows;
  const target = new Int32Array(nodes.length).fill(-1);
  rows.add(-1, nodes.func[0] as number, 0, 0);
  part(0, 0, from.nodes.length);
  const tops = parent.length;
  for (let row = 1; row < parent.length; row++) {
    const begin = rows.begins.at(row);
    const end = rows.ends.at(row);
    let sum = 0;
    let own = 0;
    let upward = begin;
    for (let i = begin; i < end; i++) {
      const node = at[i] as number;
      const value = cost[i] as number;
      if (row < tops) {
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
    if (!isTooNarrow && upward > begin) part(row, begin, upward);
  }

  const { nodes: inverted, positionOf } = depthFirst(
    { count: parent.length, parent: parent.take(), root: 0 },
    { self: self.take(), hits: hits.take(), func: rows.func.take() },
  );
  for (let i = 0; i < target.length; i++) if ((target[i] as number) >= 0) target[i] = positionOf[target[i] as number] as number;
  return {
    tables: {
      ...tables,
      nodes: inverted,
      samples: { length: 0, node: new Uint32Array(0), start: new Float64Array(0) },
      lines: { length: 0, node: new Uint32Array(0), line: new Uint32Array(0), ticks: new Uint32Array(0) },
    },
    dropped: 0,
    target,
  };
}

/** Without idle: beside hours of waiting, everything would be too narrow. */
function activeCost({ nodes, functions }: ProfileTables, from: Starts): number {
  let whole = 0;
  for (let i = 0; i < from.nodes.length; i++)
    if (functions.category[nodes.func[from.nodes[i] as number] as number] !== Category.Idle) whole += from.costs[i] as number;
  return whole;
}

/** Rows of the inverted tree. A row's set of stacks is the range from `begins` to `ends` of the stacks, which rows take apart in place. */
function invertedRows(capacity: number) {
  const parent = intColumn(capacity);
  const func = uintColumn(capacity);
  const self = floatColumn(capacity);
  const hits = uintColumn(capacity);
  const begins = uintColumn(capacity);
  const ends = uintColumn(capacity);
  const add = (up: number, own: number, begin: number, end: number): void => {
    parent.push(up);
    func.push(own);
    self.push(0);
    hits.push(0);
    begins.push(begin);
    ends.push(end);
  };
  return { parent, func, self, hits, begins, ends, add };
}

interface StackParts {
  /** Of each stack: the node that it has got to, its cost, and the node that it begins at. */
  readonly at: Uint32Array;
  readonly cost: Float64Array;
  readonly origin: Uint32Array;
  /** Parts a range by the function of `at`: a row each, in the order in which they are met. */
  part(row: number, begin: number, end: number): void;
}

function stackParts({ nodes, functions }: ProfileTables, from: Starts, add: (up: number, own: number, begin: number, end: number) => void): StackParts {
  const { length } = from.nodes;
  const at = scratchUint32('invert.at', length);
  const cost = scratchFloat64('invert.cost', length);
  const origin = scratchUint32('invert.origin', length);
  at.set(from.nodes);
  cost.set(from.costs);
  origin.set(from.nodes);
  const movedAt = scratchUint32('invert.movedAt', length);
  const movedCost = scratchFloat64('invert.movedCost', length);
  const movedOrigin = scratchUint32('invert.movedOrigin', length);
  /** Stacks by function while a range is parted: how many, then where the next one goes. */
  const counts = new Uint32Array(functions.length);
  const met = new Uint32Array(functions.length);

  const move = (begin: number, end: number): void => {
    for (let i = begin; i < end; i++) {
      const own = nodes.func[at[i] as number] as number;
      const to = counts[own] as number;
      counts[own] = to + 1;
      movedAt[to] = at[i] as number;
      movedCost[to] = cost[i] as number;
      movedOrigin[to] = origin[i] as number;
    }
    for (let i = begin; i < end; i++) {
      at[i] = movedAt[i] as number;
      cost[i] = movedCost[i] as number;
      origin[i] = movedOrigin[i] as number;
    }
  };
  return {
    at,
    cost,
    origin,
    part(row, begin, end) {
      let parts = 0;
      for (let i = begin; i < end; i++) {
        const own = nodes.func[at[i] as number] as number;
        if (counts[own] === 0) met[parts++] = own;
        counts[own] = (counts[own] as number) + 1;
      }
      let next = begin;
      for (let i = 0; i < parts; i++) {
        const own = met[i] as number;
        const size = counts[own] as number;
        add(row, own, next, next + size);
        counts[own] = next;
        next += size;
      }
      if (parts > 1) move(begin, end);
      for (let i = 0; i < parts; i++) counts[met[i] as number] = 0;
    },
  };
}

/** Where stacks are read from, upwards, and what each costs. */
interface Starts {
  readonly nodes: Uint32Array;
  readonly costs: Float64Array;
}

/** Nodes with an own cost; the root's stays out of the functions but in the sum, as a row of its own. */
function leaves({ nodes }: ProfileTables): Starts {
  const found = uintColumn();
  for (let node = 0; node < nodes.length; node++) if ((nodes.self[node] as number) > 0 || (nodes.hits[node] as number) > 0) found.push(node);
  return startsAt(found.take(), nodes.self);
}

function startsAt(nodes: Uint32Array, costOf: Float64Array): Starts {
  const costs = new Float64Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) costs[i] = costOf[nodes[i] as number] as number;
  return { nodes, costs };
}

/** The stacks that lead to a function, from it upwards: each counted once, at the function's outermost frame. */
export function callersOf(tables: ProfileTables, func: number): Transformed {
  const { nodes } = tables;
  const found = uintColumn();
  for (let node = 0; node < nodes.length; node++) {
    if (nodes.func[node] !== func) continue;
    found.push(node);
    node = (nodes.subtreeEnd[node] as number) - 1;
  }
  return invertTree(tables, startsAt(found.take(), nodes.total));
}
