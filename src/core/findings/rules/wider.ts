import { formatCost, formatShare } from '../../../shared/format';
import { type SelfShares, selfShares, widerFunctions } from '../../compare/wider';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { blameFor } from '../blame';
import type { Evidence } from '../evidence';
import { evidenceText, frameLabel, reachedText } from '../explain';
import { type Finding, marked } from '../finding';

/** More than these are one change with many effects. */
const MOST = 3;

/** Functions that are wider than in the recording before of the same recipe. `when` names that recording. */
export function wider(evidence: Evidence, before: SelfShares, when: string): Finding[] {
  const { tables, costs, totals, thresholds, own } = evidence;
  const { nodes } = tables;
  if (totals.effectiveSamples < thresholds.minSamples || before.samples < thresholds.minSamples) return [];
  return widerFunctions(selfShares(tables, totals), before, thresholds.wider)
    .slice(0, MOST)
    .map(({ func, cost, costBefore, share, shareBefore }): Finding => {
      const samples = costs.hits[func] as number;
      const blame = blameFor(tables, own, (node) => (nodes.func[node] === func ? (nodes.self[node] as number) : 0));
      const then = costBefore > 0 ? `${formatShare(shareBefore)}, ${formatCost(costBefore, tables.unit)},` : 'nothing that was sampled';
      return {
        rule: 'wider-than-before',
        level: 'warning',
        share,
        cost,
        samples,
        effective: effectiveSamples(cost, costs.squares[func] as number),
        functions: marked(func, blame),
        blame,
        title: `${frameLabel(tables, func)} is wider than before`,
        summary: `Its own code takes ${evidenceText(evidence, cost, samples)}. In the recording of ${when} it took ${then} by the same recipe, and the intervals do not overlap.${reachedText(evidence, blame, cost)}`,
        advice: 'Look at what was changed since: in it, in what calls it, and in the data. Record once more to see whether it stays.',
      };
    });
}
