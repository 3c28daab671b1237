import { Category } from '../categories';
import type { ProfileTables } from '../tables';
import { samplingClock } from './sampling-gaps';

/**
 * How many samples of equal weight say as much as these: (Σw)² / Σw². A sample of 400 ms
 * among a hundred of 1 ms is no hundred samples, but 1.6. Source: L. Kish, Survey
 * Sampling (1965), on the effective size of a weighted sample. 0 for none.
 */
export const effectiveSamples = (sum: number, squares: number): number => (squares > 0 ? (sum * sum) / squares : 0);

/**
 * By call node the sum of its samples' squared costs, of which `effectiveSamples` is made. A long sample of a native
 * call that goes on in the next one is as sure as the usual samples that it stands for: the system takes none while
 * it starts a process or reads from a disk. Where there are no samples, those that a node has hits for count alike.
 * O(nodes + samples).
 */
export function squaredCosts(tables: ProfileTables): Float64Array {
  const { nodes, samples, functions, endTime } = tables;
  const squares = new Float64Array(nodes.length);
  if (samples.length === 0) {
    for (let node = 0; node < nodes.length; node++) squares[node] = (nodes.self[node] as number) ** 2 / Math.max(1, nodes.hits[node] as number);
    return squares;
  }
  const usual = samplingClock(tables)?.interval ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    const node = samples.node[i] as number;
    const next = i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime;
    const cost = next - (samples.start[i] as number);
    const goesOn = cost > usual && samples.node[i + 1] === node && functions.category[nodes.func[node] as number] === Category.Native;
    squares[node] = (squares[node] as number) + cost * (goesOn ? usual : cost);
  }
  return squares;
}
