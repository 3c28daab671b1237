import type { HeapAnalysis } from './analyze-heap';

/** What each node dominates immediately: of node n, `children[first[n] .. first[n + 1]]`. */
export interface DominatorTree {
  readonly first: Uint32Array;
  /** Rising within a node. */
  readonly children: Uint32Array;
}

const trees = new WeakMap<HeapAnalysis, DominatorTree>();

/** The same object for the same analysis. */
export function dominatorTree(analysis: HeapAnalysis): DominatorTree {
  const known = trees.get(analysis);
  if (known) return known;
  const { dominator } = analysis;
  const { length } = dominator;
  const first = new Uint32Array(length + 1);
  for (let n = 1; n < length; n++) {
    const up = (dominator[n] as number) + 1;
    first[up] = (first[up] as number) + 1;
  }
  for (let n = 0; n < length; n++) first[n + 1] = (first[n + 1] as number) + (first[n] as number);
  const free = first.slice(0, length);
  const children = new Uint32Array(Math.max(0, length - 1));
  for (let n = 1; n < length; n++) {
    const up = dominator[n] as number;
    const place = free[up] as number;
    children[place] = n;
    free[up] = place + 1;
  }
  const tree = { first, children };
  trees.set(analysis, tree);
  return tree;
}

/** What a node dominates immediately, by falling retained size. */
export function dominatedBy(analysis: HeapAnalysis, node: number): Uint32Array {
  const { first, children } = dominatorTree(analysis);
  const { retainedSize } = analysis;
  return children.slice(first[node], first[node + 1]).sort((a, b) => (retainedSize[b] as number) - (retainedSize[a] as number) || a - b);
}
