import { microseconds } from '../../../shared/brands';
import { formatCount } from '../../../shared/format';
import { type HeapKind, heapKinds } from '../../../shared/heap-query';
import { StringInterner } from '../../profile/string-table';
import type { ProfileTables } from '../../profile/tables';
import { depthFirst } from '../../profile/tree-order';

export interface IcicleLimits {
  /** Frames at most, without those that stand for what was merged. */
  readonly frames: number;
  /** What retains less than this share of the whole is merged. */
  readonly share: number;
  /** Objects deeper than this are merged. */
  readonly depth: number;
}

const icicleLimits: IcicleLimits = { frames: 6000, share: 0.0001, depth: 250 };

export interface Icicle {
  readonly tables: ProfileTables;
  /** The object of each frame; -1 for several that are merged. */
  readonly nodes: readonly number[];
}

/**
 * The dominator tree below a node as a call tree in bytes: an object's total is what
 * it retains, its self what it takes itself. The largest are taken first, so what is
 * taken hangs together; what is left of an object's children is one frame.
 *
 *   cache 100                 cache 100
 *   ├ Map 60                  ├ Map 60
 *   ├ a 20                    ├ a 20
 *   └ 3,000 others 15         └ 3,000 smaller 15
 *
 * O(children of what is taken + k log k).
 */
export function heapIcicle(
  root: number,
  /** By falling retained size. */
  childrenOf: (node: number) => Uint32Array,
  retainedOf: (node: number) => number,
  describe: (node: number) => { readonly label: string; readonly is: HeapKind },
  limits = icicleLimits,
): Icicle {
  const least = retainedOf(root) * limits.share;
  const taken: { readonly node: number; readonly parent: number; readonly depth: number; readonly merged: number; self: number }[] = [];
  // Children come by falling size, so a cursor a parent and a heap over the cursors give the largest next.
  const cursors: { readonly frame: number; readonly children: Uint32Array; at: number; size: number }[] = [];
  /** Of objects at the depth where it ends. */
  const closed: typeof cursors = [];
  const take = (node: number, parent: number, depth: number): void => {
    taken.push({ node, parent, depth, merged: 0, self: retainedOf(node) });
    const children = childrenOf(node);
    const [first] = children;
    if (first === undefined) return;
    const cursor = { frame: taken.length - 1, children, at: 0, size: retainedOf(first) };
    if (depth >= limits.depth) closed.push(cursor);
    else push(cursors, cursor);
  };
  take(root, -1, 0);
  while (cursors.length > 0 && taken.length < limits.frames) {
    const cursor = cursors[0] as (typeof cursors)[number];
    if (!(cursor.size > 0) || cursor.size < least) break;
    const parent = taken[cursor.frame] as (typeof taken)[number];
    const node = cursor.children[cursor.at] as number;
    parent.self -= cursor.size;
    cursor.at++;
    const next = cursor.children[cursor.at];
    cursor.size = next === undefined ? -1 : retainedOf(next);
    settle(cursors);
    take(node, cursor.frame, parent.depth + 1);
  }
  for (const { frame, children, at } of [...cursors, ...closed]) {
    let size = 0;
    for (let i = at; i < children.length; i++) size += retainedOf(children[i] as number);
    const parent = taken[frame] as (typeof taken)[number];
    if (!(size > 0)) continue;
    parent.self -= size;
    taken.push({ node: -1, parent: frame, depth: parent.depth + 1, merged: children.length - at, self: size });
  }
  return build(taken, describe);
}

interface Sized {
  readonly size: number;
}

/** A binary heap with the largest first. */
function push<T extends Sized>(heap: T[], one: T): void {
  let at = heap.push(one) - 1;
  while (at > 0) {
    const up = (at - 1) >> 1;
    if ((heap[up] as T).size >= one.size) break;
    heap[at] = heap[up] as T;
    at = up;
  }
  heap[at] = one;
}

/** Puts the first where it belongs after it became smaller. */
function settle<T extends Sized>(heap: T[]): void {
  const one = heap[0] as T;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as T).size > (heap[child] as T).size) child++;
    if ((heap[child] as T).size <= one.size) break;
    heap[at] = heap[child] as T;
    at = child;
  }
  heap[at] = one;
}

function build(
  frames: readonly { readonly node: number; readonly parent: number; readonly merged: number; readonly self: number }[],
  describe: (node: number) => { readonly label: string; readonly is: HeapKind },
): Icicle {
  const strings = new StringInterner();
  const funcs = new Map<string, number>();
  const names: number[] = [];
  const kinds: number[] = [];
  const funcOf = frames.map(({ node, merged }) => {
    const { label, is } = node < 0 ? { label: `${formatCount(merged)} smaller`, is: 'other' as const } : describe(node);
    const key = `${is} ${label}`;
    let func = funcs.get(key);
    if (func === undefined) {
      func = names.length;
      funcs.set(key, func);
      names.push(strings.intern(label));
      kinds.push(heapKinds.indexOf(is));
    }
    return func;
  });
  const tree = { count: frames.length, parent: Int32Array.from(frames, ({ parent }) => parent), root: 0 };
  // What rounding leaves below nothing is nothing.
  const self = Float64Array.from(frames, (frame) => Math.max(0, frame.self));
  const { nodes, positionOf } = depthFirst(tree, { self, hits: new Uint32Array(frames.length), func: Uint32Array.from(funcOf) });
  const { length } = names;
  const tables: ProfileTables = {
    strings: strings.finish(),
    functions: {
      length,
      name: Uint32Array.from(names),
      url: new Uint32Array(length),
      line: new Int32Array(length).fill(-1),
      column: Int32Array.from(kinds),
      category: new Uint8Array(length),
      package: new Uint32Array(length),
    },
    nodes,
    samples: { length: 0, node: new Uint32Array(0), start: new Float64Array(0) },
    lines: { length: 0, node: new Uint32Array(0), line: new Uint32Array(0), ticks: new Uint32Array(0) },
    startTime: microseconds(0),
    endTime: microseconds(0),
    unit: 'bytes',
  };
  const objects = new Array<number>(frames.length);
  for (const [row, { node }] of frames.entries()) objects[positionOf[row] as number] = node;
  return { tables, nodes: objects };
}
