import { formatShare } from '../../../shared/format';
import type { Rule } from '../evidence';
import { frameLabel, wholeOf } from '../explain';

/** Nothing stands out: the cost lies in the structure, not in a function. */
export const spread: Rule = ({ tables, costs, totals, thresholds, bySelf }) => {
  const [largest] = bySelf;
  if (largest === undefined || bySelf.length < 20) return [];
  const largestShare = (costs.self[largest] as number) / totals.active;
  const top = bySelf.slice(0, 20);
  const sum = (column: ArrayLike<number>): number => top.reduce((so, func) => so + (column[func] as number), 0);
  const cost = sum(costs.self);
  const share = cost / totals.active;
  if (largestShare > thresholds.spread || share >= 0.5) return [];
  return [
    {
      rule: 'spread',
      level: 'info',
      share,
      cost,
      samples: sum(costs.hits),
      functions: [],
      blame: undefined,
      title: 'An even spread',
      summary: `No function stands out: the largest, ${frameLabel(tables, largest)}, has ${formatShare(largestShare)} of ${wholeOf(tables)}, and the top twenty together ${formatShare(share)}.`,
      advice: 'Look at the architecture: how often the work is done, what could be skipped, cached or batched, not at single functions.',
    },
  ];
};
