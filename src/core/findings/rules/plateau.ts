import type { FunctionIndex } from '../../../shared/brands';
import { printable, shorten } from '../../../shared/format';
import { Category } from '../../profile/categories';
import { functionAt, type ProfileTables } from '../../profile/tables';
import { blameFor } from '../blame';
import type { Rule } from '../evidence';
import { evidenceText, frameLabel, reachedText } from '../explain';
import type { Finding } from '../finding';
import { reaches } from '../interval';

/** One function whose own code takes much of the time: a plateau in the flame graph. */
export const plateau: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, bySelf, own } = evidence;
  const { nodes } = tables;
  const findings: Finding[] = [];
  for (const func of bySelf) {
    const cost = costs.self[func] as number;
    const share = cost / totals.active;
    if (share < thresholds.plateau) break;
    if (!reaches(share, thresholds.plateau, totals.activeSamples)) continue;
    const isBottleneck = reaches(share, thresholds.bottleneck, totals.activeSamples);
    const samples = costs.hits[func] as number;
    const blame = blameFor(tables, own, (node) => (nodes.func[node] === func ? (nodes.self[node] as number) : 0));
    findings.push({
      rule: 'plateau',
      level: isBottleneck ? 'error' : 'warning',
      share,
      cost,
      samples,
      functions: blame && blame.func !== func ? [func, blame.func] : [func],
      blame,
      title: frameLabel(tables, func),
      summary: `${isBottleneck ? 'Almost certainly the bottleneck' : 'A plateau to investigate'}: its own code takes ${evidenceText(evidence, cost, samples)}.${reachedText(evidence, blame, cost)}`,
      advice: adviceFor(tables, func),
    });
  }
  return findings;
};

function adviceFor(tables: ProfileTables, func: FunctionIndex): string {
  const { category, package: pkg } = functionAt(tables, func);
  switch (category) {
    case Category.Dependency:
      return `Call ${shorten(printable(pkg), 60)} less often or with less input; its own code is not yours to change.`;
    case Category.RegExp:
      return 'Simplify the pattern or test the text with something cheaper first; nested quantifiers backtrack.';
    case Category.Native:
    case Category.Node:
      return 'Call it less often: batch, cache, or use the asynchronous form.';
    default:
      return 'Look at its hottest lines first: do less work there, or call it less often.';
  }
}
