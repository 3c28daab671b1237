import { microseconds } from '../../../shared/brands';
import { sampleCosts } from '../sample-costs';
import type { ProfileTables } from '../tables';

/**
 * The part of a profile that lies between two points in time, on its own clock: the same functions and call nodes, with
 * the costs and samples of that part alone. A sample that goes on over the edge counts for what lies within. Lines have
 * no time and are left out. A profile without samples has no parts, and stays as it is. O(nodes + samples).
 */
export function sliceTime(tables: ProfileTables, from: number, to: number): ProfileTables {
  const { nodes, samples } = tables;
  const endTime = Math.min(to, tables.endTime);
  const startTime = Math.max(from, tables.startTime);
  if (samples.length === 0 || !(startTime < endTime)) return tables;
  let first = 0;
  while (first + 1 < samples.length && (samples.start[first + 1] as number) <= startTime) first++;
  let end = first + 1;
  while (end < samples.length && (samples.start[end] as number) < endTime) end++;
  const node = samples.node.slice(first, end);
  const start = samples.start.slice(first, end);
  start[0] = Math.min(endTime, Math.max(startTime, start[0] as number));
  const { self, hits } = sampleCosts(node, start, endTime, nodes.length);
  const total = self.slice();
  for (let row = nodes.length - 1; row > 0; row--) {
    const parent = nodes.parent[row] as number;
    total[parent] = (total[parent] as number) + (total[row] as number);
  }
  const inlined = nodes.inlined.map((all, row) => (all === 0 ? 0 : Math.round((all * (hits[row] as number)) / (nodes.hits[row] as number))));
  const none = new Uint32Array(0);
  return {
    ...tables,
    nodes: { ...nodes, self, total, hits, inlined },
    samples: { length: node.length, node, start },
    lines: { length: 0, node: none, line: none, ticks: none },
    startTime: microseconds(startTime),
    endTime: microseconds(endTime),
  };
}
