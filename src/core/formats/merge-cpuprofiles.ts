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
  const frames: RawCallFrame[] = [];
  const frameOf = new Map<string, number>();
  /** Nodes: the parent's row and 1, and the frame. */
  const pairs = new PairIndex();
  const hits = intColumn();
  const firstChild = intColumn();
  const sibling = intColumn();
  const deopts = new Map<number, string>();
  /** Per node: line, ticks, the next of its rows. */
  const tickHead = intColumn();
  const tickLine = intColumn();
  const tickCount = intColumn();
  const tickNext = intColumn();
  const samples = intColumn();
  const times = floatColumn();
  let startTime = Number.NaN;
  let endTime = Number.NaN;

  const node = (parent: number, frame: number): number => {
    const row = pairs.intern(parent + 1, frame);
    if (row < hits.length) return row;
    hits.push(0);
    firstChild.push(-1);
    sibling.push(-1);
    tickHead.push(-1);
    if (parent >= 0) {
      sibling.set(row, firstChild.at(parent));
      firstChild.set(parent, row);
    }
    return row;
  };
  const frameRow = (frame: RawCallFrame): number => {
    const { functionName, scriptId, url, lineNumber, columnNumber } = frame;
    const key = `${scriptId} ${lineNumber} ${columnNumber} ${functionName}\n${url}`;
    let row = frameOf.get(key);
    if (row === undefined) {
      row = frames.length;
      frames.push({ functionName, scriptId, url, lineNumber, columnNumber });
      frameOf.set(key, row);
    }
    return row;
  };
  const addTicks = (row: number, line: number, ticks: number): void => {
    for (let at = tickHead.at(row); at >= 0; at = tickNext.at(at)) {
      if (tickLine.at(at) === line) return tickCount.set(at, tickCount.at(at) + ticks);
    }
    tickLine.push(line);
    tickCount.push(ticks);
    tickNext.push(tickHead.at(row));
    tickHead.set(row, tickLine.length - 1);
  };
  /** Which line it was is not known: one of the line that has most. */
  const dropTick = (row: number): void => {
    let most = -1;
    for (let at = tickHead.at(row); at >= 0; at = tickNext.at(at)) if (most < 0 || tickCount.at(at) > tickCount.at(most)) most = at;
    if (most >= 0 && tickCount.at(most) > 0) tickCount.set(most, tickCount.at(most) - 1);
  };
  const mergeNodes = (nodes: readonly RawNode[]): Map<number, number> => {
    const byId = new Map(nodes.map((one) => [one.id, one]));
    const rows = new Map<number, number>();
    const root = nodes[0] as RawNode;
    const stack: [RawNode, number][] = [[root, -1]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [one, parent] = next;
      if (rows.has(one.id)) continue; // no tree: each is taken once
      const row = node(parent, frameRow(one.callFrame));
      rows.set(one.id, row);
      hits.set(row, hits.at(row) + (one.hitCount ?? 0));
      if (one.deoptReason) deopts.set(row, one.deoptReason);
      for (const { line, ticks } of one.positionTicks ?? []) addTicks(row, line, ticks);
      for (const id of one.children ?? []) {
        const child = byId.get(id);
        if (child) stack.push([child, row]);
      }
    }
    return rows;
  };

  const deltaAt = (at: number): number => times.at(at) - (at === 0 ? startTime : times.at(at - 1));
  const nodeAt = (row: number): RawNode => {
    const children: number[] = [];
    for (let at = firstChild.at(row); at >= 0; at = sibling.at(at)) children.push(at + 1);
    const positionTicks: { line: number; ticks: number }[] = [];
    for (let at = tickHead.at(row); at >= 0; at = tickNext.at(at))
      if (tickCount.at(at) > 0) positionTicks.push({ line: tickLine.at(at), ticks: tickCount.at(at) });
    const deoptReason = deopts.get(row);
    return {
      id: row + 1,
      callFrame: frames[pairs.second.at(row)] as RawCallFrame,
      hitCount: hits.at(row),
      ...(children.length > 0 ? { children: children.reverse() } : {}),
      ...(deoptReason === undefined ? {} : { deoptReason }),
      ...(positionTicks.length > 0 ? { positionTicks: positionTicks.reverse() } : {}),
    };
  };

  return {
    add(part) {
      if (part.nodes.length === 0) return;
      const rows = mergeNodes(part.nodes);
      const from = Number.isNaN(endTime) ? Number.NEGATIVE_INFINITY : endTime;
      if (Number.isNaN(startTime)) startTime = part.startTime;
      let time = part.startTime;
      for (const [at, id] of (part.samples ?? []).entries()) {
        time += part.timeDeltas?.[at] ?? 0;
        const row = rows.get(id);
        if (row === undefined) continue;
        if (time < from) {
          // The part before has this moment.
          hits.set(row, Math.max(0, hits.at(row) - 1));
          dropTick(row);
          continue;
        }
        samples.push(row);
        times.push(time);
      }
      endTime = Math.max(part.endTime, Number.isNaN(endTime) ? part.endTime : endTime);
    },
    profile() {
      return {
        nodes: Array.from({ length: pairs.length }, (_, row) => nodeAt(row)),
        startTime,
        endTime,
        samples: Array.from(samples.values, (row) => row + 1),
        timeDeltas: Array.from(times.values, (_, at) => deltaAt(at)),
      };
    },
    *text() {
      yield '{"nodes":[';
      for (let row = 0; row < pairs.length; row++) yield `${row === 0 ? '' : ','}${JSON.stringify(nodeAt(row))}`;
      yield `],"startTime":${startTime},"endTime":${endTime},"samples":[`;
      yield* numbers(samples.length, (at) => samples.at(at) + 1);
      yield '],"timeDeltas":[';
      yield* numbers(samples.length, deltaAt);
      yield ']}';
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
