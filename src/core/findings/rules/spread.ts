import { formatShare } from '../../../shared/format';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { interval } from '../../statistics/share-interval';
import type { Rule } from '../evidence';
import { frameLabel, wholeOf } from '../explain';

/** Fewer functions than these can have no spread. */
const TOP = 20;

/**
 * Nothing stands out: the cost lies in the structure, not in a function. No function is
 * above the threshold, nor can be with 95 % confidence above twice of it, and the top
 * twenty have under half.
 */
export const spread: Rule = ({ tables, costs, totals, thresholds, bySelf }) => {
  const [largest] = bySelf;
  if (largest === undefined || bySelf.length < TOP) return [];
  const largestShare = (costs.self[largest] as number) / totals.active;
  const top = bySelf.slice(0, TOP);
  const sum = (column: ArrayLike<number>): number => top.reduce((so, func) => so + (column[func] as number), 0);
  const cost = sum(costs.self);
  const share = cost / totals.active;
  if (largestShare > thresholds.spread || share >= 0.5) return [];
  if (interval(largestShare, totals.effectiveSamples).high > thresholds.spread * 2) return [];
  return [
    {
      rule: 'spread',
      level: 'info',
      share,
      cost,
      samples: sum(costs.hits),
      effective: effectiveSamples(cost, sum(costs.squares)),
      functions: [],
      blame: undefined,
      title: 'An even spread',
      summary: `No function dominates: the largest, ${frameLabel(tables, largest)}, has ${formatShare(largestShare)} of ${wholeOf(tables)}, and the top twenty together ${formatShare(share)}.`,
      advice: 'Look at the architecture: how often the work is done, what could be skipped, cached or batched, not at single functions.',
    },
  ];
};
