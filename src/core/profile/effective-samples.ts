import type { ProfileTables } from './tables';

/**
 * How many samples of equal weight say as much as these: (Σw)² / Σw². A sample of 400 ms
 * among a hundred of 1 ms is no hundred samples, but 1.6. Source: L. Kish, Survey
 * Sampling (1965), on the effective size of a weighted sample. 0 for none.
 */
export const effectiveSamples = (sum: number, squares: number): number => (squares > 0 ? (sum * sum) / squares : 0);

/**
 * By call node the sum of its samples' squared costs, of which `effectiveSamples` is made. Where there are no
 * samples, those that a node has hits for count alike. O(nodes + samples).
 */
export function squaredCosts({ nodes, samples, endTime }: ProfileTables): Float64Array {
  const squares = new Float64Array(nodes.length);
  if (samples.length === 0) {
    for (let node = 0; node < nodes.length; node++) squares[node] = (nodes.self[node] as number) ** 2 / Math.max(1, nodes.hits[node] as number);
    return squares;
  }
  for (let i = 0; i < samples.length; i++) {
    const node = samples.node[i] as number;
    const next = i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime;
    squares[node] = (squares[node] as number) + (next - (samples.start[i] as number)) ** 2;
  }
  return squares;
}
