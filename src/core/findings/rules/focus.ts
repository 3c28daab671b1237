import type { FunctionIndex } from '../../../shared/brands';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { reaches } from '../../statistics/share-interval';
import type { Rule } from '../evidence';
import { evidenceText, frameLabel } from '../explain';

/** Three functions hold nearly everything: work on them will show. */
export const focus: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, bySelf } = evidence;
  const top = bySelf.slice(0, 3);
  const sum = (column: ArrayLike<number>): number => top.reduce((so, func) => so + (column[func] as number), 0);
  const cost = sum(costs.self);
  const share = cost / totals.active;
  // One function that reaches it alone is a plateau that says the same.
  const largest = top[0] === undefined ? 0 : (costs.self[top[0]] as number) / totals.active;
  if (top.length < 3 || largest >= thresholds.focus || !reaches(share, thresholds.focus, totals.effectiveSamples)) return [];
  const samples = sum(costs.hits);
  const name = (func: FunctionIndex): string => frameLabel(tables, func);
  const large = top.filter((func) => (costs.self[func] as number) / totals.active >= 0.05);
  const names = (large.length > 0 ? large : top).map(name);
  return [
    {
      rule: 'focus',
      level: 'info',
      share,
      cost,
      samples,
      effective: effectiveSamples(cost, sum(costs.squares)),
      functions: top,
      blame: undefined,
      title: 'Focused work will pay',
      summary: `The top three functions hold ${evidenceText(evidence, cost, samples)}: ${names.join(', ')}${names.length < top.length ? ' nearly all of it' : ''}.`,
      advice: `Work there and leave the rest: nothing else can change ${tables.unit === 'microseconds' ? 'the run time' : tables.unit === 'bytes' ? 'what is allocated' : 'the sum'} much.`,
    },
  ];
};
