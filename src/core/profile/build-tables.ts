import { microseconds } from '../../shared/brands';
import type { ProfileWarning } from '../../shared/issue';
import { uintColumn } from './growable';
import type { RawProfile } from './raw-profile';
import { type SampleCosts, sampleCosts } from './sample-costs';
import type { ProfileTables, SampleTable } from './tables';
import { depthFirst } from './tree-order';

export interface BuiltProfile {
  readonly tables: ProfileTables;
  readonly warnings: readonly ProfileWarning[];
}

/**
 * Makes the tables from what a file says, repairing what does not fit: every
 * repair is a warning, no cost is dropped. O(nodes log siblings + samples), and
 * O(samples log samples) only where time stamps are out of order.
 *
 * Uses `raw` up: what has been read of it is given back on the way, which is half of
 * the memory that a large profile would take otherwise.
 *
 * Returns undefined for a profile without any node.
 */
export function buildTables(raw: RawProfile): BuiltProfile | undefined {
  if (raw.ids.length === 0) return undefined;
  const warnings: ProfileWarning[] = [];
  const rowOfId = indexIds(raw, warnings);
  release(raw.ids);
  const timed = timeSamples(raw, rowOfId, warnings);
  release(raw.sampleIds, raw.timeDeltas, raw.timestamps);
  const parents = linkParents(raw, rowOfId, timed.hasUnknown, warnings);
  release(raw.childIds, raw.firstChild, raw.parentId);
  const costs = costRows(raw, timed, parents.count, warnings);
  release(raw.weight, raw.hitCount);
  const { nodes, positionOf } = makeNodes(raw, parents, costs);
  release(raw.func, raw.deopt);
  const samples = makeSamples(timed, positionOf);
  const lines = makeLines(raw, positionOf);

  const before = raw.strings.finish();
  const classes = raw.functions.classify((index) => before.at(index), raw.origin);
  const functions = {
    length: raw.functions.name.length,
    name: raw.functions.name.take(),
    url: raw.functions.url.take(),
    line: raw.functions.line.take(),
    column: raw.functions.column.take(),
    ...classes,
  };
  return {
    tables: {
      strings: raw.strings.finish(),
      functions,
      nodes,
      samples,
      lines,
      startTime: microseconds(timed.startTime),
      endTime: microseconds(timed.endTime),
      unit: raw.unit,
    },
    warnings,
  };
}

function release(...columns: readonly { release(): void }[]): void {
  for (const column of columns) column.release();
}

type RowOfId = (id: number) => number;

/** Ids are 1..n in real files, so a plain array serves; anything else goes through a Map. */
function indexIds(raw: RawProfile, warnings: ProfileWarning[]): RowOfId {
  const ids = raw.ids.values;
  const count = ids.length;
  let largest = 0;
  let dense = true;
  for (let row = 0; row < count; row++) {
    const id = ids[row] as number;
    if (!(Number.isInteger(id) && id >= 0)) dense = false;
    else if (id > largest) largest = id;
  }
  let duplicates = 0;
  let firstDuplicate = 0;
  const duplicate = (id: number): void => {
    if (duplicates++ === 0) firstDuplicate = id;
  };
  let rowOfId: RowOfId;
  if (dense && largest <= count * 4 + 1024) {
    const rows = new Int32Array(largest + 1).fill(-1);
    for (let row = 0; row < count; row++) {
      const id = ids[row] as number;
      if ((rows[id] as number) >= 0) duplicate(id);
      else rows[id] = row;
    }
    rowOfId = (id) => rows[id] ?? -1;
  } else {
    const rows = new Map<number, number>();
    for (let row = 0; row < count; row++) {
      const id = ids[row] as number;
      if (Number.isNaN(id)) continue; // no id: nothing can mean this node
      if (rows.has(id)) duplicate(id);
      else rows.set(id, row);
    }
    rowOfId = (id) => rows.get(id) ?? -1;
  }
  if (duplicates > 0) warnings.push({ kind: 'duplicate-ids', count: duplicates, first: firstDuplicate });
  return rowOfId;
}

interface TimedSamples {
  /** Row of each sample's node in file order, -1 for unknown ids; in time order. */
  readonly row: Int32Array;
  readonly start: Float64Array;
  readonly startTime: number;
  readonly endTime: number;
  readonly hasUnknown: boolean;
}

function timeSamples(raw: RawProfile, rowOfId: RowOfId, warnings: ProfileWarning[]): TimedSamples {
  const ids = raw.sampleIds.values;
  const timeDeltas = raw.timeDeltas.values;
  const timestamps = raw.timestamps.values;
  const count = ids.length;
  const row = new Int32Array(count);
  let unknown = 0;
  for (let i = 0; i < count; i++) {
    row[i] = rowOfId(ids[i] as number);
    if ((row[i] as number) < 0) unknown++;
  }
  if (unknown > 0) warnings.push({ kind: 'unknown-sample-nodes', count: unknown });
  // Counts alone, as v8-profiler writes them where samples were not asked for, are a record too.
  if (count === 0 && raw.weight.length === 0 && raw.hitCount.values.every((hits) => hits === 0)) warnings.push({ kind: 'no-samples' });
  if (count === 1) warnings.push({ kind: 'single-sample' });

  let startTime = raw.startTime;
  let endTime = raw.endTime;
  let start = new Float64Array(count);
  const deltas = timeDeltas.length;
  const stamps = timestamps.length;
  const known = Math.min(count, deltas > 0 ? deltas : stamps);
  if (deltas === 0) start.set(timestamps.subarray(0, known));
  else {
    let sum = 0;
    for (let i = 0; i < known; i++) {
      sum += timeDeltas[i] as number;
      start[i] = sum;
    }
    // Without a start, the end says where on the clock the samples lie.
    if (Number.isNaN(startTime)) startTime = Number.isNaN(endTime) ? 0 : endTime - sum;
    for (let i = 0; i < known; i++) start[i] = startTime + (start[i] as number);
    if (deltas > count) warnings.push({ kind: 'surplus-time-deltas', count: deltas - count });
  }
  if (Number.isNaN(startTime)) startTime = known > 0 ? (start[0] as number) : Number.isNaN(endTime) ? 0 : endTime;
  if (known > 0) {
    if (known < count) warnings.push({ kind: 'missing-time-deltas', count: count - known });
    spread(start, known, start[known - 1] as number, endTime, 1);
  } else if (count > 0) {
    // Nothing says when: even steps over what duration is known, else a millisecond each.
    if (!(startTime < endTime)) endTime = startTime + count * 1000;
    spread(start, 0, startTime, endTime, 0);
    warnings.push({ kind: 'no-timestamps' });
  }

  let sortedRow = row;
  let backwards = 0;
  for (let i = 1; i < count; i++) if ((start[i] as number) < (start[i - 1] as number)) backwards++;
  if (backwards > 0) {
    warnings.push({ kind: 'unsorted-samples', count: backwards });
    const unsorted = start;
    const order = inOrder(unsorted);
    start = new Float64Array(count);
    sortedRow = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      start[i] = unsorted[order[i] as number] as number;
      sortedRow[i] = row[order[i] as number] as number;
    }
  }
  const last = count > 0 ? (start[count - 1] as number) : startTime;
  if (Number.isNaN(endTime)) endTime = last;
  if (endTime < last) {
    warnings.push({ kind: 'end-before-last-sample' });
    endTime = last;
  }
  return { row: sortedRow, start, startTime, endTime, hasUnknown: unknown > 0 };
}

/**
 * The indices by rising value, equal ones by index. V8 writes a few samples out of
 * order: those are sorted and merged into the rest. O(n + k log k) for k of them.
 */
function inOrder(values: Float64Array): Uint32Array {
  const count = values.length;
  const order = new Uint32Array(count);
  let late = 0;
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    if ((values[i] as number) < latest) late++;
    else latest = values[i] as number;
  }
  const rest = new Uint32Array(count - late);
  const strays = new Uint32Array(late);
  latest = Number.NEGATIVE_INFINITY;
  for (let i = 0, r = 0, s = 0; i < count; i++) {
    if ((values[i] as number) < latest) strays[s++] = i;
    else {
      latest = values[i] as number;
      rest[r++] = i;
    }
  }
  strays.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  for (let i = 0, r = 0, s = 0; i < count; i++) {
    const a = rest[r] as number;
    const b = strays[s] as number;
    const isRest = s === late || (r < rest.length && ((values[a] as number) < (values[b] as number) || (values[a] === values[b] && a < b)));
    order[i] = isRest ? a : b;
    if (isRest) r++;
    else s++;
  }
  return order;
}

/** Gives the samples from `first` on even steps from `from` to `to`; the first of them stands `lead` steps after `from`. */
function spread(start: Float64Array, first: number, from: number, to: number, lead: number): void {
  const count = start.length - first;
  const step = to > from ? (to - from) / (count + lead) : 0;
  for (let i = 0; i < count; i++) start[first + i] = from + (i + lead) * step;
}

interface Parents {
  /** Rows of the file, and up to two added ones: a root over several, and a place for unknown samples. */
  readonly count: number;
  /** Row of the parent; -1 for the one root. */
  readonly parent: Int32Array;
  readonly root: number;
  /** Row of the node that takes samples of unknown ids; -1 where there are none. */
  readonly unknownRow: number;
  /** Function rows of the added nodes, by row − raw.ids.length. */
  readonly added: readonly number[];
}

function linkParents(raw: RawProfile, rowOfId: RowOfId, needsUnknown: boolean, warnings: ProfileWarning[]): Parents {
  const fileCount = raw.ids.length;
  const firstChild = raw.firstChild.values;
  const childIds = raw.childIds.values;
  const parentIds = raw.parentId.values;
  const parent = new Int32Array(fileCount + 2).fill(-1);
  const several = new Set<number>();
  let unknownChildren = 0;
  let selfEdges = 0;
  const link = (child: number, to: number): void => {
    if (child === to) selfEdges++;
    else if ((parent[child] as number) >= 0) {
      if (parent[child] !== to) several.add(child);
    } else parent[child] = to;
  };
  for (let row = 0; row < fileCount; row++) {
    const end = row + 1 < fileCount ? (firstChild[row + 1] as number) : childIds.length;
    for (let at = firstChild[row] as number; at < end; at++) {
      const child = rowOfId(childIds[at] as number);
      if (child < 0) unknownChildren++;
      else link(child, row);
    }
    if (row >= parentIds.length) continue;
    const parentId = parentIds[row] as number;
    if (!Number.isNaN(parentId)) {
      const to = rowOfId(parentId);
      if (to >= 0) link(row, to);
    }
  }

  const added: number[] = [];
  const add = (name: string): number => {
    added.push(raw.functions.internText(name, '', -1, -1));
    return fileCount + added.length - 1;
  };
  const roots: number[] = [];
  for (let row = 0; row < fileCount; row++) if ((parent[row] as number) < 0) roots.push(row);

  const rootName = raw.strings.intern('(root)');
  let root = roots.find((row) => raw.functions.name.at(raw.func.at(row)) === rootName) ?? -1;
  if (root < 0) root = add('(root)'); // a function's own cost is no root's
  let orphans = 0;
  for (const row of roots) {
    if (row === root) continue;
    parent[row] = root;
    orphans++;
  }
  if (root >= fileCount) orphans = Math.max(0, orphans - 1);

  const cycles = breakCycles(parent, fileCount, root) + selfEdges;
  const unknownRow = needsUnknown ? add('(unknown node)') : -1;
  if (unknownRow >= 0) parent[unknownRow] = root;

  if (unknownChildren > 0) warnings.push({ kind: 'unknown-children', count: unknownChildren });
  if (several.size > 0) warnings.push({ kind: 'several-parents', count: several.size });
  if (cycles > 0) warnings.push({ kind: 'cycles', count: cycles });
  if (orphans > 0) warnings.push({ kind: 'orphans', count: orphans });
  return { count: fileCount + added.length, parent, root, unknownRow, added };
}

/** Hangs one node of each parent cycle on the root. Every row is walked once: O(n). */
function breakCycles(parent: Int32Array, count: number, root: number): number {
  const state = new Uint8Array(count + 2);
  state[root] = 2;
  let cycles = 0;
  for (let row = 0; row < count; row++) {
    let at = row;
    while (at >= 0 && state[at] === 0) {
      state[at] = 1;
      at = parent[at] as number;
    }
    const isCycle = at >= 0 && state[at] === 1;
    for (let done = row; done >= 0 && state[done] === 1; done = parent[done] as number) state[done] = 2;
    if (isCycle) {
      parent[at] = root;
      cycles++;
    }
  }
  return cycles;
}

function costRows(raw: RawProfile, timed: TimedSamples, count: number, warnings: ProfileWarning[]): SampleCosts {
  if (timed.row.length > 0) return sampleCosts(timed.row, timed.start, timed.endTime, count, count - 1);
  const self = new Float64Array(count);
  const hits = new Uint32Array(count);
  const hitCounts = raw.hitCount.values;
  if (raw.weight.length > 0) {
    self.set(raw.weight.values);
    hits.set(hitCounts);
    return { self, hits };
  }
  // No samples: hit counts share out whatever duration is known.
  let sum = 0;
  for (let row = 0; row < raw.ids.length; row++) {
    hits[row] = hitCounts[row] as number;
    sum += hits[row] as number;
  }
  const duration = timed.endTime - timed.startTime;
  const each = duration > 0 && sum > 0 ? duration / sum : 1000;
  if (sum > 0) warnings.push({ kind: 'no-timestamps' });
  for (let row = 0; row < count; row++) self[row] = (hits[row] as number) * each;
  return { self, hits };
}

function makeNodes(raw: RawProfile, parents: Parents, costs: SampleCosts): ReturnType<typeof depthFirst> {
  const fileCount = raw.ids.length;
  for (const func of parents.added) raw.func.push(func);
  const deopt = raw.deopt.values;
  const hasReasons = deopt.some((reason) => reason !== 0);
  return depthFirst(parents, {
    self: costs.self,
    hits: costs.hits,
    func: raw.func.take(),
    deopt: hasReasons ? (row) => (row < fileCount ? (deopt[row] as number) : 0) : undefined,
  });
}

function makeSamples(timed: TimedSamples, positionOf: Int32Array): SampleTable {
  const length = timed.row.length;
  const unknown = positionOf.length - 1;
  const node = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const row = timed.row[i] as number;
    node[i] = positionOf[row < 0 ? unknown : row] as number;
  }
  return { length, node, start: timed.start };
}

function makeLines(raw: RawProfile, positionOf: Int32Array): ProfileTables['lines'] {
  const node = uintColumn();
  const line = uintColumn();
  const ticks = uintColumn();
  const [tickNode, tickLine, tickCount] = [raw.tickNode.values, raw.tickLine.values, raw.tickCount.values];
  for (let i = 0; i < tickNode.length; i++) {
    if (tickLine[i] === 0 || tickCount[i] === 0) continue;
    node.push(positionOf[tickNode[i] as number] as number);
    line.push(tickLine[i] as number);
    ticks.push(tickCount[i] as number);
  }
  return { length: node.length, node: node.take(), line: line.take(), ticks: ticks.take() };
}
