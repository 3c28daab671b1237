import { microseconds } from '../../../shared/brands';
import type { ProfileWarning } from '../../../shared/issue';
import { uintColumn } from '../growable';
import { type SampleCosts, sampleCosts } from '../sample-costs';
import type { ProfileTables, SampleTable } from '../tables';
import { depthFirst } from '../tree-order';
import { linkParents, type Parents } from './link-parents';
import { indexIds } from './node-ids';
import type { RawProfile } from './raw-profile';
import { type TimedSamples, timeSamples } from './time-samples';

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
