import type { ProfileWarning } from '../../../shared/issue';
import type { RowOfId } from './node-ids';
import type { RawProfile } from './raw-profile';

export interface TimedSamples {
  /** Row of each sample's node in file order, -1 for unknown ids; in time order. */
  readonly row: Int32Array;
  readonly start: Float64Array;
  readonly startTime: number;
  readonly endTime: number;
  readonly hasUnknown: boolean;
}

/** When each sample was taken, in microseconds, sorted; what the file leaves open is spread evenly. Every repair is a warning. */
export function timeSamples(raw: RawProfile, rowOfId: RowOfId, warnings: ProfileWarning[]): TimedSamples {
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
