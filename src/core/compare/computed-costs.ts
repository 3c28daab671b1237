import { samplingClock } from '../profile/costs/sampling-gaps';
import type { ProfileTables } from '../profile/tables';

/** A sample costs at most so many usual intervals: a sampler's own jitter is less. */
const MOST_INTERVALS = 3;

/**
 * The same profile without the time in which the thread had no CPU. A sampler is heard by a
 * thread that runs; on a busy machine others run for 4 to 20 ms meanwhile, which the clock counts
 * for whatever function stood there. So a sample costs three usual intervals at most. What was
 * sampled by no clock is left as it is. O(samples + nodes).
 */
export function computedCosts(tables: ProfileTables): ProfileTables {
  const clock = samplingClock(tables);
  if (!clock) return tables;
  const { nodes, samples, endTime } = tables;
  const most = MOST_INTERVALS * clock.interval;
  const whole = new Float64Array(nodes.length);
  const computed = new Float64Array(nodes.length);
  for (let i = 0; i < samples.length; i++) {
    const node = samples.node[i] as number;
    const cost = (i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime) - (samples.start[i] as number);
    whole[node] = (whole[node] as number) + cost;
    computed[node] = (computed[node] as number) + Math.min(cost, most);
  }
  // By shares: a node's own cost need not be that of its samples to the last bit.
  const self = nodes.self.map((cost, node) => ((whole[node] as number) > 0 ? (cost * (computed[node] as number)) / (whole[node] as number) : cost));
  const total = self.slice();
  for (let node = nodes.length - 1; node > 0; node--) {
    const up = nodes.parent[node] as number;
    total[up] = (total[up] as number) + (total[node] as number);
  }
  return { ...tables, nodes: { ...nodes, self, total } };
}
