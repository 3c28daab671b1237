import { scratchFloat64, scratchInt32, scratchUint32 } from './scratch';
import type { NodeTable } from './tables';

/** A tree by its parents; rows in any order, all of them below the root. */
export interface Tree {
  /** Rows; `parent` may be longer. */
  readonly count: number;
  /** -1 for the root. */
  readonly parent: Int32Array;
  readonly root: number;
}

/** What the rows of a tree carry. */
export interface TreeRows {
  readonly self: Float64Array;
  readonly hits: Uint32Array;
  /** May be longer than the tree. */
  readonly func: Uint32Array;
  /** Left out where no row has a reason. */
  readonly deopt?: ((row: number) => number) | undefined;
  /** Left out where nothing was inlined. */
  readonly inlined?: ((row: number) => number) | undefined;
}

/** Up to here an insertion sort in place is faster than a sorted view. */
const FEW = 12;

/**
 * The node table of a tree: depth first, siblings by falling total, or as `rank` says
 * (lower first). `positionOf` says where each row stands in it. Nothing recursive, so
 * any depth will do. O(rows log siblings).
 */
export function depthFirst(
  { count, parent: parentOf, root }: Tree,
  rows: TreeRows,
  rank?: (row: number) => number,
): { readonly nodes: NodeTable; readonly positionOf: Int32Array } {
  // Children of a row: children[childStart[row] .. childStart[row + 1]).
  const childStart = scratchUint32('order.childStart', count + 1).fill(0);
  const children = scratchInt32('order.children', count);
  let isParentFirst = root === 0;
  for (let row = 0; row < count; row++) {
    const up = parentOf[row] as number;
    if (up < 0) continue;
    childStart[up] = (childStart[up] as number) + 1;
    if (up >= row) isParentFirst = false;
  }
  for (let row = 0, sum = 0; row <= count; row++) {
    sum += childStart[row] as number;
    childStart[row] = sum;
  }
  for (let row = count - 1; row >= 0; row--) {
    const up = parentOf[row] as number;
    if (up < 0) continue;
    const at = (childStart[up] as number) - 1;
    childStart[up] = at;
    children[at] = row;
  }

  const downward = isParentFirst ? undefined : breadthFirst(count, root, childStart, children);
  const total = scratchFloat64('order.total', count);
  const size = scratchUint32('order.size', count).fill(1);
  total.set(rows.self.length === count ? rows.self : rows.self.subarray(0, count));
  for (let at = count - 1; at > 0; at--) {
    const row = downward ? (downward[at] as number) : at;
    const up = parentOf[row] as number;
    total[up] = (total[up] as number) + (total[row] as number);
    size[up] = (size[up] as number) + (size[row] as number);
  }

  const byTotal = (a: number, b: number): number => (total[b] as number) - (total[a] as number) || a - b;
  const compare = rank ? (a: number, b: number): number => rank(a) - rank(b) || byTotal(a, b) : byTotal;
  for (let row = 0; row < count; row++) {
    const from = childStart[row] as number;
    const to = childStart[row + 1] as number;
    if (to - from < 2) continue;
    if (to - from > FEW) {
      children.subarray(from, to).sort(compare);
      continue;
    }
    for (let i = from + 1; i < to; i++) {
      const child = children[i] as number;
      let at = i;
      for (; at > from && compare(children[at - 1] as number, child) > 0; at--) children[at] = children[at - 1] as number;
      children[at] = child;
    }
  }

  const positionOf = new Int32Array(count);
  const rowAt = scratchInt32('order.rowAt', count);
  for (let i = 0; i < count; i++) {
    const row = downward ? (downward[i] as number) : i;
    const own = positionOf[row] as number;
    rowAt[own] = row;
    let next = own + 1;
    for (let c = childStart[row] as number; c < (childStart[row + 1] as number); c++) {
      const child = children[c] as number;
      positionOf[child] = next;
      next += size[child] as number;
    }
  }
  return { nodes: nodeTable(count, parentOf, positionOf, rowAt, size, rows), positionOf };
}

/** Rows so that each stands after its parent. */
function breadthFirst(count: number, root: number, childStart: Uint32Array, children: Int32Array): Int32Array {
  const order = scratchInt32('order.breadthFirst', count);
  order[0] = root;
  let filled = 1;
  for (let at = 0; at < filled; at++) {
    const row = order[at] as number;
    for (let c = childStart[row] as number; c < (childStart[row + 1] as number); c++) order[filled++] = children[c] as number;
  }
  return order;
}

function nodeTable(length: number, parentOf: Int32Array, positionOf: Int32Array, rowAt: Int32Array, size: Uint32Array, rows: TreeRows): NodeTable {
  const parent = new Int32Array(length);
  const func = new Uint32Array(length);
  const depth = new Uint32Array(length);
  const subtreeEnd = new Uint32Array(length);
  const self = new Float64Array(length);
  const total = new Float64Array(length);
  const hits = new Uint32Array(length);
  const deopt = new Uint32Array(length);
  const inlined = new Uint32Array(length);
  for (let at = 0; at < length; at++) {
    const row = rowAt[at] as number;
    const parentRow = parentOf[row] as number;
    const up = parentRow < 0 ? -1 : (positionOf[parentRow] as number);
    parent[at] = up;
    depth[at] = up < 0 ? 0 : (depth[up] as number) + 1;
    subtreeEnd[at] = at + (size[row] as number);
    self[at] = rows.self[row] as number;
    total[at] = rows.self[row] as number;
    hits[at] = rows.hits[row] as number;
    func[at] = rows.func[row] as number;
  }
  if (rows.deopt) for (let at = 0; at < length; at++) deopt[at] = rows.deopt(rowAt[at] as number);
  if (rows.inlined) for (let at = 0; at < length; at++) inlined[at] = rows.inlined(rowAt[at] as number);
  // Summed in this order, as the reader of a slab does: the same to the last bit.
  for (let at = length - 1; at > 0; at--) {
    const up = parent[at] as number;
    total[up] = (total[up] as number) + (total[at] as number);
  }
  return { length, parent, func, depth, subtreeEnd, self, total, hits, deopt, inlined };
}
