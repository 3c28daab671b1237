import type { HeapAnalysis } from './analyze-heap';
import type { DominatorOrder } from './dominator-order';

/** The classes of a snapshot, or of a part of its objects: one row a class. */
export interface ClassList {
  /** Rows of `analysis.classes` that have an object here. */
  readonly classes: Uint32Array;
  /** By row of `analysis.classes`. */
  readonly count: Uint32Array;
  readonly shallow: Float64Array;
  /** What goes when all of them go: the sum over those that no other of the class dominates. */
  readonly retained: Float64Array;
  /** The nearest to a root; -1 where nothing leads to any. */
  readonly distance: Int32Array;
  /** Objects of class c are `nodes[first[c] .. first[c + 1])`, in the order of the file. */
  readonly first: Uint32Array;
  readonly nodes: Uint32Array;
}

/**
 * Groups objects by class. As in DevTools, what has no size is in no class. Objects in
 * depth-first order of the dominator tree tell the topmost of a class by two
 * comparisons. O(nodes + classes).
 */
export function classList(analysis: HeapAnalysis, { order, end }: DominatorOrder, isIn?: (node: number) => boolean): ClassList {
  const { classOf, classes: all, shallowSize, retainedSize, distance: distances } = analysis;
  const count = new Uint32Array(all.length);
  const shallow = new Float64Array(all.length);
  const retained = new Float64Array(all.length);
  const distance = new Int32Array(all.length).fill(-1);
  const coveredUpTo = new Uint32Array(all.length);
  const counts = (node: number): boolean => (shallowSize[node] as number) > 0 && (!isIn || isIn(node));
  for (let at = 0; at < order.length; at++) {
    const node = order[at] as number;
    if (!counts(node)) continue;
    const row = classOf[node] as number;
    count[row] = (count[row] as number) + 1;
    shallow[row] = (shallow[row] as number) + (shallowSize[node] as number);
    const steps = distances[node] as number;
    if (steps >= 0 && ((distance[row] as number) < 0 || steps < (distance[row] as number))) distance[row] = steps;
    if (at < (coveredUpTo[row] as number)) continue;
    retained[row] = (retained[row] as number) + (retainedSize[node] as number);
    coveredUpTo[row] = end[node] as number;
  }
  const first = new Uint32Array(all.length + 1);
  for (let row = 0; row < all.length; row++) first[row + 1] = (first[row] as number) + (count[row] as number);
  const fill = first.slice(0, all.length);
  const nodes = new Uint32Array(first[all.length] as number);
  for (let node = 0; node < classOf.length; node++) {
    if (!counts(node)) continue;
    const row = classOf[node] as number;
    const at = fill[row] as number;
    nodes[at] = node;
    fill[row] = at + 1;
  }
  const rows: number[] = [];
  for (let row = 0; row < all.length; row++) if ((count[row] as number) > 0) rows.push(row);
  return { classes: Uint32Array.from(rows), count, shallow, retained, distance, first, nodes };
}
