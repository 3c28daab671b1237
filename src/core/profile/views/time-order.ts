import { Category } from '../categories';
import { floatColumn, uintColumn } from '../growable';
import type { ProfileTables } from '../tables';
import type { TimeRange, Transformed } from './transform';

/** One row of a flame chart: what ran at one depth, in time order. Columns in step; times on the profile's clock. */
export interface TimeLevel {
  /** Id of its first segment: ids go on from level to level. */
  readonly first: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Node of the transformed tables. */
  readonly node: Uint32Array;
  /** Time covered by the segments before each, and by all: one more than there are segments. */
  readonly covered: Float64Array;
}

export interface TimeOrder {
  readonly levels: readonly TimeLevel[];
  /** True where deeper frames were left out, because there are more than can be held. */
  readonly isCut: boolean;
}

/** Deeper frames are not drawn over time: nobody scrolls there, and it bounds the work a sample takes. */
const MAX_DEPTH = 1000;
/** Segments that are held at most: 28 bytes each. */
const MAX_SEGMENTS = 6_000_000;

/**
 * The stacks of a profile over time: neighbouring samples that share a frame
 * share its segment. The root has no row, idle time is a gap. Samples whose node
 * a transform dropped are gaps too. O(samples × frames that change), at most
 * MAX_DEPTH a sample.
 *
 *   samples  a>b  a>b  a>c   (idle)  a       level 0  a a a   a
 *                                            level 1  b b c
 */
export function timeOrder(base: ProfileTables, shown: Transformed): TimeOrder {
  // Where there is too much of it, the deepest frames go: callers are what one looks for.
  for (let depth = MAX_DEPTH; ; depth = Math.floor(depth / 2)) {
    const order = orderTo(base, shown, depth);
    if (order) return depth < MAX_DEPTH ? { ...order, isCut: true } : order;
  }
}

/** The order down to a depth; undefined where it has more segments than can be held. One row always fits. */
function orderTo(base: ProfileTables, { tables, target }: Transformed, maxDepth: number): TimeOrder | undefined {
  const { nodes, functions } = tables;
  const clipped = clipDepth(tables, maxDepth);
  const open = new Int32Array(maxDepth + 2).fill(-1);
  const since = new Float64Array(maxDepth + 2);
  const columns: { start: ReturnType<typeof floatColumn>; end: ReturnType<typeof floatColumn>; node: ReturnType<typeof uintColumn> }[] = [];
  let depth = 0;
  let segments = 0;
  const limit = maxDepth > 1 ? MAX_SEGMENTS : Number.POSITIVE_INFINITY;
  const close = (upTo: number, time: number): void => {
    for (; depth > upTo; depth--) {
      let level = columns[depth - 1];
      if (!level) {
        level = { start: floatColumn(), end: floatColumn(), node: uintColumn() };
        columns[depth - 1] = level;
      }
      if (time <= (since[depth] as number)) continue; // no time passed
      level.start.push(since[depth] as number);
      level.end.push(time);
      level.node.push(open[depth] as number);
      segments++;
    }
  };
  for (let i = 0; i < base.samples.length; i++) {
    if (segments > limit) return undefined;
    const time = base.samples.start[i] as number;
    const node = base.samples.node[i] as number;
    const moved = target ? (target[node] as number) : node;
    const isGap = moved <= 0 || functions.category[nodes.func[moved] as number] === Category.Idle;
    if (isGap) {
      close(0, time);
      continue;
    }
    const leaf = clipped.node[moved] as number;
    let shared = leaf;
    while (shared > 0 && ((nodes.depth[shared] as number) > depth || open[nodes.depth[shared] as number] !== shared)) shared = nodes.parent[shared] as number;
    const sharedDepth = shared > 0 ? (nodes.depth[shared] as number) : 0;
    close(sharedDepth, time);
    for (let node = leaf; node !== shared && node > 0; node = nodes.parent[node] as number) {
      const at = nodes.depth[node] as number;
      open[at] = node;
      since[at] = time;
    }
    depth = nodes.depth[leaf] as number;
  }
  close(0, base.endTime);
  let first = 0;
  const levels = columns.map(({ start, end, node }) => {
    const level = { first, start: start.take(), end: end.take(), node: node.take(), covered: new Float64Array(start.length + 1) };
    for (let i = 0; i < level.start.length; i++) level.covered[i + 1] = (level.covered[i] as number) + (level.end[i] as number) - (level.start[i] as number);
    first += level.start.length;
    return level;
  });
  return { levels, isCut: clipped.isCut };
}

/** For each node, itself or its ancestor at the deepest row that is drawn. */
function clipDepth({ nodes }: ProfileTables, maxDepth: number): { node: Int32Array; isCut: boolean } {
  const node = new Int32Array(nodes.length);
  let isCut = false;
  for (let i = 0; i < nodes.length; i++) {
    const isTooDeep = (nodes.depth[i] as number) > maxDepth;
    if (isTooDeep) isCut = true;
    node[i] = isTooDeep ? (node[nodes.parent[i] as number] as number) : i;
  }
  return { node, isCut };
}

/** The first segment that ends after a time; the number of segments where none does. */
export function firstAfter(column: Float64Array, time: number, from = 0): number {
  let low = from;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column[middle] as number) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Time by category in equal steps over a range, by default the whole:
 * `byCategory[category][step]`. The time of every sample in it is somewhere.
 * O(samples of the range + steps).
 */
export function activity(
  { samples, nodes, functions, startTime, endTime }: ProfileTables,
  steps: number,
  categories: number,
  range: TimeRange = { from: startTime, to: endTime },
): Float64Array[] {
  const found = Array.from({ length: categories }, () => new Float64Array(steps));
  const span = range.to - range.from;
  if (!(span > 0)) return found;
  // The sample that reaches into the range begins before it.
  const first = Math.max(0, firstAfter(samples.start, range.from) - 1);
  for (let i = first; i < samples.length && (samples.start[i] as number) < range.to; i++) {
    const column = found[functions.category[nodes.func[samples.node[i] as number] as number] as number];
    if (!column) continue;
    const from = Math.max(0, (((samples.start[i] as number) - range.from) / span) * steps);
    const to = Math.min(steps, (((i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime) - range.from) / span) * steps);
    const last = Math.min(steps - 1, Math.floor(to));
    for (let step = Math.max(0, Math.floor(from)); step <= last; step++) {
      const part = Math.min(to, step + 1) - Math.max(from, step);
      if (part > 0) column[step] = (column[step] as number) + (part * span) / steps;
    }
  }
  return found;
}
