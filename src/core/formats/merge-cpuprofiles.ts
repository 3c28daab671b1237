/**
 * Joins parts of one thread's `.cpuprofile`, each as V8 gives it, into one: nodes of one
 * path become one node, samples follow each other. Memory: some 60 bytes a node and 8 a
 * sample, whatever the parts are as objects, and text comes out in pieces, so that the
 * whole may be larger than any string.
 *
 *   part 1  (root)          part 2  (root)           whole  (root)
 *             a  2 hits               a  1 hit                a  3 hits
 *             └ b  1                  └ c  1                  ├ b  1
 *                                                            └ c  1
 */

import { PairIndex } from '../profile/build/pair-index';
import { floatColumn, intColumn } from '../profile/growable';

export interface RawCallFrame {
  readonly functionName: string;
  readonly scriptId: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface RawNode {
  readonly id: number;
  readonly callFrame: RawCallFrame;
  readonly hitCount?: number | undefined;
  readonly children?: readonly number[] | undefined;
  readonly deoptReason?: string | undefined;
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[] | undefined;
}

/** Times in microseconds. */
export interface RawPart {
  readonly nodes: readonly RawNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

export type WholeProfile = Required<Omit<RawPart, 'nodes'>> & { readonly nodes: RawNode[] };

export interface CpuProfileMerger {
  /** The next part in time. What of it lies before the end of the one before is left out. */
  add(part: RawPart): void;
  /** The whole, as V8 would have given it. */
  profile(): WholeProfile;
  /** The JSON text of the whole, in pieces. */
  text(): Iterable<string>;
}

export function cpuProfileMerger(): CpuProfileMerger {
  const tree = mergedTree();
  const samples = intColumn();
  const times = floatColumn();
  let startTime = Number.NaN;
  let endTime = Number.NaN;
  const deltaAt = (at: number): number => times.at(at) - (at === 0 ? startTime : times.at(at - 1));

  return {
    add(part) {
      if (part.nodes.length === 0) return;
      const rows = tree.merge(part.nodes);
      const from = Number.isNaN(endTime) ? Number.NEGATIVE_INFINITY : endTime;
      if (Number.isNaN(startTime)) startTime = part.startTime;
      let time = part.startTime;
      for (const [at, id] of (part.samples ?? []).entries()) {
        time += part.timeDeltas?.[at] ?? 0;
        const row = rows.get(id);
        if (row === undefined) continue;
        if (time < from) {
          tree.dropHit(row); // the part before has this moment
          continue;
        }
        samples.push(row);
        times.push(time);
      }
      endTime = Math.max(part.endTime, Number.isNaN(endTime) ? part.endTime : endTime);
    },
    profile() {
      return {
        nodes: Array.from({ length: tree.size() }, (_, row) => tree.nodeAt(row)),
        startTime,
        endTime,
        samples: Array.from(samples.values, (row) => row + 1),
        timeDeltas: Array.from(times.values, (_, at) => deltaAt(at)),
      };
    },
    *text() {
      yield '{"nodes":[';
      for (let row = 0; row < tree.size(); row++) yield `${row === 0 ? '' : ','}${JSON.stringify(tree.nodeAt(row))}`;
      yield `],"startTime":${startTime},"endTime":${endTime},"samples":[`;
      yield* numbers(samples.length, (at) => samples.at(at) + 1);
      yield '],"timeDeltas":[';
      yield* numbers(samples.length, deltaAt);
      yield ']}';
    },
  };
}

interface MergedTree {
  size(): number;
  /** Adds the nodes of a part; the row of each of its ids. */
  merge(nodes: readonly RawNode[]): Map<number, number>;
  /** Takes one sample from a node. Which line it was is not known. */
  dropHit(row: number): void;
  nodeAt(row: number): RawNode;
}

function mergedTree(): MergedTree {
  /** Nodes: the parent's row and 1, and the frame. */
  const pairs = new PairIndex();
  const frames = frameTable();
  const ticks = lineTicks();
  const hits = intColumn();
  const firstChild = intColumn();
  const sibling = intColumn();
  const deopts = new Map<number, string>();

  const node = (parent: number, frame: number): number => {
    const row = pairs.intern(parent + 1, frame);
    if (row < hits.length) return row;
    hits.push(0);
    firstChild.push(-1);
    sibling.push(-1);
    ticks.addNode();
    if (parent >= 0) {
      sibling.set(row, firstChild.at(parent));
      firstChild.set(parent, row);
    }
    return row;
  };

  return {
    size: () => pairs.length,
    merge(nodes) {
      const byId = new Map(nodes.map((one) => [one.id, one]));
      const rows = new Map<number, number>();
      const stack: [RawNode, number][] = [[nodes[0] as RawNode, -1]];
      for (let next = stack.pop(); next; next = stack.pop()) {
        const [one, parent] = next;
        if (rows.has(one.id)) continue; // no tree: each is taken once
        const row = node(parent, frames.rowOf(one.callFrame));
        rows.set(one.id, row);
        hits.set(row, hits.at(row) + (one.hitCount ?? 0));
        if (one.deoptReason) deopts.set(row, one.deoptReason);
        for (const tick of one.positionTicks ?? []) ticks.add(row, tick.line, tick.ticks);
        for (const id of one.children ?? []) {
          const child = byId.get(id);
          if (child) stack.push([child, row]);
        }
      }
      return rows;
    },
    dropHit(row) {
      hits.set(row, Math.max(0, hits.at(row) - 1));
      ticks.drop(row);
    },
    nodeAt(row) {
      const children: number[] = [];
      for (let at = firstChild.at(row); at >= 0; at = sibling.at(at)) children.push(at + 1);
      const positionTicks = ticks.of(row);
      const deoptReason = deopts.get(row);
      return {
        id: row + 1,
        callFrame: frames.at(pairs.second.at(row)),
        hitCount: hits.at(row),
        ...(children.length > 0 ? { children: children.reverse() } : {}),
        ...(deoptReason === undefined ? {} : { deoptReason }),
        ...(positionTicks.length > 0 ? { positionTicks } : {}),
      };
    },
  };
}

/** Each function once. */
function frameTable(): { rowOf(frame: RawCallFrame): number; at(row: number): RawCallFrame } {
  const frames: RawCallFrame[] = [];
  const frameOf = new Map<string, number>();
  return {
    rowOf({ functionName, scriptId, url, lineNumber, columnNumber }) {
      const key = `${scriptId} ${lineNumber} ${columnNumber} ${functionName}\n${url}`;
      let row = frameOf.get(key);
      if (row === undefined) {
        row = frames.length;
        frames.push({ functionName, scriptId, url, lineNumber, columnNumber });
        frameOf.set(key, row);
      }
      return row;
    },
    at: (row) => frames[row] as RawCallFrame,
  };
}

interface LineTicks {
  addNode(): void;
  add(node: number, line: number, ticks: number): void;
  /** Takes one tick of the line that has most. */
  drop(node: number): void;
  of(node: number): { line: number; ticks: number }[];
}

/** Ticks of each node by line: lists that are chained through columns. */
function lineTicks(): LineTicks {
  const head = intColumn();
  const lines = intColumn();
  const counts = intColumn();
  const next = intColumn();
  return {
    addNode: () => head.push(-1),
    add(node, line, ticks) {
      for (let at = head.at(node); at >= 0; at = next.at(at)) {
        if (lines.at(at) === line) return counts.set(at, counts.at(at) + ticks);
      }
      lines.push(line);
      counts.push(ticks);
      next.push(head.at(node));
      head.set(node, lines.length - 1);
    },
    drop(node) {
      let most = -1;
      for (let at = head.at(node); at >= 0; at = next.at(at)) if (most < 0 || counts.at(at) > counts.at(most)) most = at;
      if (most >= 0 && counts.at(most) > 0) counts.set(most, counts.at(most) - 1);
    },
    of(node) {
      const all: { line: number; ticks: number }[] = [];
      for (let at = head.at(node); at >= 0; at = next.at(at)) if (counts.at(at) > 0) all.push({ line: lines.at(at), ticks: counts.at(at) });
      return all.reverse();
    },
  };
}

const BATCH = 16_384;

function* numbers(length: number, at: (row: number) => number): Iterable<string> {
  for (let from = 0; from < length; from += BATCH) {
    const batch: number[] = [];
    for (let row = from; row < Math.min(from + BATCH, length); row++) batch.push(at(row));
    yield (from === 0 ? '' : ',') + batch.join();
  }
}
