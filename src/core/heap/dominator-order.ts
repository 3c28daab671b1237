/**
 * The dominator tree as ranges: nodes in depth-first order, so that what a node
 * dominates is a range and "is dominated by" two comparisons; children as compressed
 * sparse rows.
 */
export interface DominatorOrder {
  /** Nodes at their depth-first places. */
  readonly order: Uint32Array;
  /** By node: its place, and the place behind the last of its subtree. */
  readonly place: Uint32Array;
  readonly end: Uint32Array;
  /** Children of node n are `child[first[n] .. first[n + 1])`. */
  readonly first: Uint32Array;
  readonly child: Uint32Array;
}

/** From immediate dominators; node 0 is the root. O(nodes), no recursion. */
export function dominatorOrder(dominator: ArrayLike<number>): DominatorOrder {
  const { length } = dominator;
  const first = new Uint32Array(length + 1);
  for (let node = 1; node < length; node++) {
    const up = dominator[node] as number;
    first[up + 1] = (first[up + 1] as number) + 1;
  }
  for (let node = 0; node < length; node++) first[node + 1] = (first[node + 1] as number) + (first[node] as number);
  const fill = first.slice(0, length);
  const child = new Uint32Array(Math.max(0, length - 1));
  for (let node = 1; node < length; node++) {
    const up = dominator[node] as number;
    const at = fill[up] as number;
    child[at] = node;
    fill[up] = at + 1;
  }
  const order = new Uint32Array(length);
  const place = new Uint32Array(length);
  const end = new Uint32Array(length).fill(1);
  const stack = new Uint32Array(length + 1);
  let depth = 0;
  let filled = 0;
  if (length > 0) stack[depth++] = 0;
  while (depth > 0) {
    const node = stack[--depth] as number;
    place[node] = filled;
    order[filled++] = node;
    for (let at = (first[node + 1] as number) - 1; at >= (first[node] as number); at--) stack[depth++] = child[at] as number;
  }
  // Sizes first, then ends.
  for (let at = filled - 1; at > 0; at--) {
    const node = order[at] as number;
    const up = dominator[node] as number;
    end[up] = (end[up] as number) + (end[node] as number);
  }
  for (let node = 0; node < length; node++) end[node] = (place[node] as number) + (end[node] as number);
  return { order, place, end, first, child };
}
