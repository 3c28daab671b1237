import { Category } from '../categories';
import type { ProfileTables } from '../tables';

export interface PruneLimits {
  /** At most so many boxes are kept, merged ones included; at least 2. */
  readonly boxes: number;
  /** Frames below this share of all cost are merged, however few boxes there are. */
  readonly share: number;
  /** Frames deeper than this are merged; the root has depth 0. */
  readonly depth: number;
}

/**
 * A call tree for showing: one entry a box, parents before their children, siblings by
 * falling total with the merged box last. Idle time has no part in it. Σ self = total[0].
 */
export interface PrunedTree {
  readonly length: number;
  /** Index of a box; -1 for the root. */
  readonly parent: Int32Array;
  /** -1 for frames that are merged. */
  readonly func: Int32Array;
  /** How many frames the box stands for: 1, or more where they are merged. */
  readonly frames: Uint32Array;
  readonly depth: Uint32Array;
  /** In the profile's unit; of a merged box everything that its frames cost. */
  readonly self: Float64Array;
  readonly total: Float64Array;
}

/**
 * Keeps the widest frames and merges, under each parent, the rest into one box that
 * says how many they are, so that no cost vanishes:
 *
 *   main 100                    main 100
 *   ├ parse 60                  ├ parse 60
 *   ├ load 2                    └ 3 frames 4
 *   │ └ read 2
 *   └ log 2
 *
 * A parent is never narrower than its child, so taking frames by falling width takes
 * whole paths. What is merged and turns out to be one frame keeps its name. No
 * recursion; O(nodes + k log k) for k frames that are wide enough.
 */
export function pruneTree(tables: ProfileTables, limits: PruneLimits): PrunedTree {
  const { nodes, functions } = tables;
  const { parent, depth, subtreeEnd, length } = nodes;
  const span = new Float64Array(length);
  const children = new Uint32Array(length);
  const isIdle = (node: number): boolean => functions.category[nodes.func[node] as number] === Category.Idle;
  for (let node = length - 1; node >= 0; node--) {
    if (!isIdle(node)) span[node] = (span[node] as number) + (nodes.self[node] as number);
    const up = parent[node] as number;
    if (up < 0 || !((span[node] as number) > 0)) continue;
    span[up] = (span[up] as number) + (span[node] as number);
    children[up] = (children[up] as number) + 1;
  }
  const kept = keepWidest(tables, span, children, limits);

  /** How many frames with a cost stand before a node. */
  const before = new Uint32Array(length + 1);
  for (let node = 0; node < length; node++) before[node + 1] = (before[node] as number) + ((span[node] as number) > 0 ? 1 : 0);
  const boxes: { parent: number; func: number; frames: number; depth: number; self: number; total: number }[] = [];
  const boxOf = new Int32Array(length).fill(-1);
  const rests = new Map<number, { frames: number; cost: number; first: number }>();
  for (let node = 0; node < length; ) {
    const up = parent[node] as number;
    if (kept[node]) {
      boxOf[node] = boxes.length;
      boxes.push({
        parent: up < 0 ? -1 : (boxOf[up] as number),
        func: nodes.func[node] as number,
        frames: 1,
        depth: depth[node] as number,
        self: isIdle(node) ? 0 : (nodes.self[node] as number),
        total: span[node] as number,
      });
      node++;
      continue;
    }
    const end = subtreeEnd[node] as number;
    if ((span[node] as number) > 0) {
      const rest = rests.get(up) ?? { frames: 0, cost: 0, first: node };
      rest.frames += (before[end] as number) - (before[node] as number);
      rest.cost += span[node] as number;
      rests.set(up, rest);
    }
    node = end;
  }
  for (const [up, { frames, cost, first }] of rests) {
    const func = frames === 1 ? (nodes.func[first] as number) : -1;
    boxes.push({ parent: boxOf[up] as number, func, frames, depth: (depth[up] as number) + 1, self: cost, total: cost });
  }
  return {
    length: boxes.length,
    parent: Int32Array.from(boxes, (box) => box.parent),
    func: Int32Array.from(boxes, (box) => box.func),
    frames: Uint32Array.from(boxes, (box) => box.frames),
    depth: Uint32Array.from(boxes, (box) => box.depth),
    self: Float64Array.from(boxes, (box) => box.self),
    total: Float64Array.from(boxes, (box) => box.total),
  };
}

/** Takes frames by falling width as long as they, and a merged box for each that has more below it, are few enough. */
function keepWidest({ nodes }: ProfileTables, span: Float64Array, children: Uint32Array, limits: PruneLimits): Uint8Array {
  const { parent, depth } = nodes;
  const least = (span[0] as number) * limits.share;
  const wide: number[] = [];
  for (let node = 1; node < nodes.length; node++) {
    const size = span[node] as number;
    if (size > 0 && size >= least && (depth[node] as number) <= limits.depth) wide.push(node);
  }
  wide.sort((a, b) => (span[b] as number) - (span[a] as number) || (depth[a] as number) - (depth[b] as number) || a - b);
  const kept = new Uint8Array(nodes.length);
  /** Children that are not kept, by parent. */
  const open = children.slice();
  kept[0] = 1;
  let count = 1 + ((open[0] as number) > 0 ? 1 : 0);
  for (const node of wide) {
    const up = parent[node] as number;
    const isLast = open[up] === 1;
    const next = count + 1 + ((open[node] as number) > 0 ? 1 : 0) - (isLast ? 1 : 0);
    if (next > limits.boxes) break;
    count = next;
    kept[node] = 1;
    open[up] = (open[up] as number) - 1;
  }
  return kept;
}
