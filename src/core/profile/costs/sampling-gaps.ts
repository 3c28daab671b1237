import { microseconds } from '../../../shared/brands';
import type { ProfileWarning } from '../../../shared/issue';
import type { BuiltProfile } from '../build/build-tables';
import { Category, NOT_SAMPLED } from '../categories';
import { sampleCosts } from '../sample-costs';
import type { ProfileTables, SampleTable } from '../tables';
import { depthFirst } from '../tree-order';

/** Fewer samples say too little of their interval. */
const FEWEST = 30;
/**
 * A gap is longer than so many usual intervals, and than this many microseconds. On two cores with seventeen busy
 * threads one sample in a hundred took 9 to 30 ms and single ones 50 to 90; on a machine at rest none took 5.
 */
const TIMES = 30;
const LEAST = 20_000;
/** The part of the recording below which gaps are not worth a word, and the length from which on one is. */
const WORTH_TELLING = 0.2;
const LONG = 500_000;
/** Where a quarter of the intervals is longer than so many usual ones, the profile was not sampled by a clock. */
const EVEN = 5;
/** Microseconds. A longer gap is no sampler that waits for its turn, but a machine or a process that stood still. */
export const SUSPENDED = 2_000_000;
/** Intervals that are looked at for the usual one. */
const LOOKED_AT = 4096;

/** The usual time between two samples, and from what on it is a gap. Microseconds. */
export interface SamplingClock {
  readonly interval: number;
  readonly limit: number;
}

/**
 * The clock of the sampler, from the times of its samples; undefined for samples that are none of a clock: too few,
 * of uneven length, or each of another node, as in the profile of something that is no record over time.
 */
export function samplingClock({ nodes, samples }: ProfileTables): SamplingClock | undefined {
  const { length, start, node } = samples;
  if (length < FEWEST) return undefined;
  const step = Math.max(1, Math.floor((length - 1) / LOOKED_AT));
  const intervals: number[] = [];
  for (let i = 0; i + 1 < length; i += step) intervals.push((start[i + 1] as number) - (start[i] as number));
  intervals.sort((a, b) => a - b);
  const interval = intervals[intervals.length >> 1] as number;
  if (!(interval > 0) || (intervals[Math.floor(intervals.length * 0.75)] as number) > EVEN * interval) return undefined;
  const seen = new Uint8Array(nodes.length);
  for (let i = 0; i < length; i++) {
    const at = node[i] as number;
    if (seen[at] === 1) return { interval, limit: Math.max(TIMES * interval, LEAST) };
    seen[at] = 1;
  }
  return undefined;
}

/**
 * Takes the time that nobody sampled from whom it would be counted for: a machine that slept, a process that was
 * stopped, a sampler that got no turn. The sample before such a gap costs one usual interval, the rest is a sample of
 * `(not sampled)`, below the root and idle:
 *
 *   |a|a|b                          |c|c|       ->       |a|a|b|(not sampled)            |c|c|
 *
 * An end that is further behind the last sample than all samples together is on another clock: the profile ends one
 * interval behind its last sample. Before or after a native call a gap is that call: the system holds a thread that
 * reads a large file, and its samples, until it is done. O(samples).
 */
export function withGaps({ tables, warnings }: BuiltProfile): BuiltProfile {
  const clock = samplingClock(tables);
  if (!clock) return { tables, warnings };
  const { samples } = tables;
  const last = samples.start[samples.length - 1] as number;
  const rest = tables.endTime - last;
  const isElsewhere = rest > Math.max(SUSPENDED, clock.limit, last - (samples.start[0] as number));
  const ended = isElsewhere ? { ...tables, endTime: microseconds(last + clock.interval) } : tables;
  const gaps = gapsIn(ended, clock.limit);
  if (gaps.length === 0 && !isElsewhere) return { tables, warnings };
  const told: ProfileWarning[] = isElsewhere ? [{ kind: 'end-elsewhere', time: rest }] : [];
  if (gaps.length > 0) {
    const times = gaps.map((at) => endOf(ended, at) - (samples.start[at] as number) - clock.interval);
    const time = times.reduce((sum, one) => sum + one, 0);
    const longest = times.reduce((most, one) => Math.max(most, one), 0);
    const isWorth = longest >= LONG || time >= WORTH_TELLING * (ended.endTime - ended.startTime);
    if (isWorth) told.push({ kind: 'not-sampled', count: gaps.length, time, longest });
  }
  return { tables: split(ended, gaps, clock.interval), warnings: [...warnings, ...told] };
}

const endOf = ({ samples, endTime }: ProfileTables, at: number): number => (at + 1 < samples.length ? (samples.start[at + 1] as number) : endTime);

/** Rows of the samples before a gap. */
function gapsIn(tables: ProfileTables, limit: number): number[] {
  const { samples, nodes, functions } = tables;
  const isNative = (at: number): boolean => {
    const node = samples.node[at];
    return node !== undefined && functions.category[nodes.func[node] as number] === Category.Native;
  };
  const isIdle = (at: number): boolean => functions.category[nodes.func[samples.node[at] as number] as number] === Category.Idle;
  /** A gap already, or idle before and after: that is nobody's time too. */
  const isTold = (at: number, length: number): boolean =>
    isGap(tables, nodes.func[samples.node[at] as number] as number) || (length < SUSPENDED && isIdle(at) && at + 1 < samples.length && isIdle(at + 1));
  const gaps: number[] = [];
  for (let at = 0; at < samples.length; at++) {
    const length = endOf(tables, at) - (samples.start[at] as number);
    if (length > limit && !isNative(at) && !isNative(at + 1) && !isTold(at, length)) gaps.push(at);
  }
  return gaps;
}

/** Whether a function stands for time without samples. */
export const isGap = ({ functions, strings }: ProfileTables, func: number): boolean =>
  functions.category[func] === Category.Idle && functions.url[func] === 0 && strings.at(functions.name[func] as number) === NOT_SAMPLED;

function split(tables: ProfileTables, gaps: readonly number[], interval: number): ProfileTables {
  const { nodes, functions, strings, samples, lines } = tables;
  const at = nodes.length;
  const grown = insertAfter(samples, gaps, at, interval);
  const costs = sampleCosts(grown.node, grown.start, tables.endTime, at + 1);
  const parent = new Int32Array(at + 1);
  parent.set(nodes.parent);
  const func = new Uint32Array(at + 1);
  func.set(nodes.func);
  func[at] = functions.length;
  const rows = { ...costs, func, deopt: (row: number) => nodes.deopt[row] ?? 0, inlined: (row: number) => nodes.inlined[row] ?? 0 };
  const { nodes: moved, positionOf } = depthFirst({ count: at + 1, parent, root: 0 }, rows);
  const to = (column: Uint32Array): Uint32Array => column.map((one) => positionOf[one] as number);
  const more = <T extends Uint32Array | Int32Array | Uint8Array>(column: T, into: T, value: number): T => {
    into.set(column);
    into[column.length] = value;
    return into;
  };
  const length = functions.length + 1;
  return {
    ...tables,
    strings: strings.with([NOT_SAMPLED]),
    functions: {
      length,
      name: more(functions.name, new Uint32Array(length), strings.length),
      url: more(functions.url, new Uint32Array(length), 0),
      line: more(functions.line, new Int32Array(length), -1),
      column: more(functions.column, new Int32Array(length), -1),
      category: more(functions.category, new Uint8Array(length), Category.Idle),
      package: more(functions.package, new Uint32Array(length), 0),
    },
    nodes: moved,
    samples: { ...grown, node: to(grown.node) },
    lines: { ...lines, node: to(lines.node) },
  };
}

function insertAfter({ length, node, start }: SampleTable, rows: readonly number[], gap: number, interval: number): SampleTable {
  const nodes = new Uint32Array(length + rows.length);
  const starts = new Float64Array(length + rows.length);
  let next = 0;
  let into = 0;
  for (let at = 0; at < length; at++) {
    nodes[into] = node[at] as number;
    starts[into++] = start[at] as number;
    if (rows[next] !== at) continue;
    next++;
    nodes[into] = gap;
    starts[into++] = (start[at] as number) + interval;
  }
  return { length: into, node: nodes, start: starts };
}
