import { Category } from '../../profile/categories';
import type { ProfileTables } from '../../profile/tables';

/**
 * The idle part, 0 to 1, of the time from the first sample of some functions to their last one: what waits after
 * they are done, or before they begin, is not their waiting. Undefined where the order of samples is not known.
 * O(nodes + samples).
 */
export function idleWhileRunning({ nodes, samples, functions, endTime }: ProfileTables, owners: readonly number[]): number | undefined {
  if (samples.length === 0) return undefined;
  const rows = new Set(owners);
  const isWithin = new Uint8Array(nodes.length);
  for (let node = 0; node < nodes.length; node++) {
    const parent = nodes.parent[node] as number;
    isWithin[node] = rows.has(nodes.func[node] as number) || (parent >= 0 && isWithin[parent] === 1) ? 1 : 0;
  }
  const counts = (at: number): boolean => isWithin[samples.node[at] as number] === 1;
  let first = 0;
  while (first < samples.length && !counts(first)) first++;
  let last = samples.length - 1;
  while (last >= 0 && !counts(last)) last--;
  if (first > last) return undefined;
  let idle = 0;
  for (let at = first; at <= last; at++) {
    if (functions.category[nodes.func[samples.node[at] as number] as number] !== Category.Idle) continue;
    idle += (at + 1 < samples.length ? (samples.start[at + 1] as number) : endTime) - (samples.start[at] as number);
  }
  const whole = (last + 1 < samples.length ? (samples.start[last + 1] as number) : endTime) - (samples.start[first] as number);
  return whole > 0 ? idle / whole : undefined;
}
