import type { NodeTable } from './tables';

/** A tree by its parents; rows in any order. */
export interface Tree {
  /** Rows; `parent` may be longer. */
  readonly count: number;
  /** -1 for the root. */
  readonly parent: Int32Array;
  readonly root: number;
}

export interface TreeOrder {
  /** Row at each depth-first position. */
  readonly rowAt: Int32Array;
  /** Depth-first position of each row. */
  readonly positionOf: Int32Array;
  readonly total: Float64Array;
}

/** Up to here an insertion sort in place is faster than a sorted view. */
const FEW = 12;

/**
 * Depth-first order with siblings by falling total, or as `rank` says (lower
 * first); iterative, so any depth will do. O(rows log siblings).
 */
export function orderDepthFirst({ count, parent, root }: Tree, self: Float64Array, rank?: (row: number) => number): TreeOrder {
  const childStart = new Uint32Array(count + 1);
  for (let row = 0; row < count; row++) {
    const p = parent[row] as number;
    if (p >= 0) childStart[p + 1] = (childStart[p + 1] as number) + 1;
  }
  for (let row = 0; row < count; row++) childStart[row + 1] = (childStart[row + 1] as number) + (childStart[row] as number);
  const fill = childStart.slice(0, count);
  const children = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const p = parent[row] as number;
    if (p >= 0) {
      children[fill[p] as number] = row;
      fill[p] = (fill[p] as number) + 1;
    }
  }

  const breadthFirst = new Int32Array(count);
  breadthFirst[0] = root;
  let filled = 1;
  for (let at = 0; at < filled; at++) {
    const row = breadthFirst[at] as number;
    for (let c = childStart[row] as number; c < (childStart[row + 1] as number); c++) breadthFirst[filled++] = children[c] as number;
  }
  const total = self.slice();
  for (let at = filled - 1; at > 0; at--) {
    const row = breadthFirst[at] as number;
    const p = parent[row] as number;
    total[p] = (total[p] as number) + (total[row] as number);
  }

  const byTotal = (a: number, b: number): number => (total[b] as number) - (total[a] as number) || a - b;
  const compare = rank ? (a: number, b: number): number => rank(a) - rank(b) || byTotal(a, b) : byTotal;
  for (let row = 0; row < count; row++) {
    const from = childStart[row] as number;
    const to = childStart[row + 1] as number;
    if (to - from > FEW) children.subarray(from, to).sort(compare);
    else {
      for (let i = from + 1; i < to; i++) {
        const child = children[i] as number;
        let at = i;
        for (; at > from && compare(children[at - 1] as number, child) > 0; at--) children[at] = children[at - 1] as number;
        children[at] = child;
      }
    }
  }

  const rowAt = new Int32Array(count);
  const positionOf = new Int32Array(count);
  const stack = new Int32Array(count + 1);
  let depth = 0;
  stack[depth++] = root;
  let position = 0;
  while (depth > 0) {
    const row = stack[--depth] as number;
    rowAt[position] = row;
    positionOf[row] = position++;
    for (let c = (childStart[row + 1] as number) - 1; c >= (childStart[row] as number); c--) stack[depth++] = children[c] as number;
  }
  return { rowAt, positionOf, total };
}

/** The node table of a tree in depth-first order; what a row carries comes from `rows`. */
export function nodeTable(
  { count: length, parent: parents }: Tree,
  order: TreeOrder,
  rows: {
    readonly self: Float64Array;
    readonly hits: Uint32Array;
    func(row: number): number;
    deopt(row: number): number;
  },
): NodeTable {
  const parent = new Int32Array(length);
  const func = new Uint32Array(length);
  const depth = new Uint32Array(length);
  const subtreeEnd = new Uint32Array(length);
  const self = new Float64Array(length);
  const total = new Float64Array(length);
  const hits = new Uint32Array(length);
  const deopt = new Uint32Array(length);
  for (let at = 0; at < length; at++) {
    const row = order.rowAt[at] as number;
    const parentRow = parents[row] as number;
    const up = parentRow < 0 ? -1 : (order.positionOf[parentRow] as number);
    parent[at] = up;
    depth[at] = up < 0 ? 0 : (depth[up] as number) + 1;
    self[at] = rows.self[row] as number;
    total[at] = order.total[row] as number;
    hits[at] = rows.hits[row] as number;
    func[at] = rows.func(row);
    deopt[at] = rows.deopt(row);
    subtreeEnd[at] = at + 1;
  }
  for (let at = length - 1; at > 0; at--) {
    const up = parent[at] as number;
    if ((subtreeEnd[at] as number) > (subtreeEnd[up] as number)) subtreeEnd[up] = subtreeEnd[at] as number;
  }
  return { length, parent, func, depth, subtreeEnd, self, total, hits, deopt };
}
