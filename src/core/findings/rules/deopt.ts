import { functionIndex } from '../../../shared/brands';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { reaches } from '../../statistics/share-interval';
import { blameFor } from '../blame';
import { deoptWords } from '../deopt-reasons';
import type { Rule } from '../evidence';
import { evidenceText, frameLabel, reachedText } from '../explain';
import { type Finding, marked } from '../finding';

/** Hot functions that V8 gave up optimising, with its reason in plain words. */
export const deopt: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, own } = evidence;
  const { nodes, strings } = tables;
  /** By function: V8's reason on its costliest call node, and the time of all nodes that have one. */
  const found = new Map<number, { cost: number; samples: number; squares: number; reason: string; most: number }>();
  for (let node = 0; node < nodes.length; node++) {
    if (nodes.deopt[node] === 0) continue;
    const reason = strings.at(nodes.deopt[node] as number);
    if (reason === '' || reason === 'no reason') continue;
    const func = nodes.func[node] as number;
    const self = nodes.self[node] as number;
    const known = found.get(func) ?? { cost: 0, samples: 0, squares: 0, reason, most: -1 };
    const isMost = self > known.most;
    found.set(func, {
      cost: known.cost + self,
      samples: known.samples + (nodes.hits[node] as number),
      squares: known.squares + (evidence.squares[node] as number),
      reason: isMost ? reason : known.reason,
      most: isMost ? self : known.most,
    });
  }
  const findings: Finding[] = [];
  for (const [at, { cost, samples, squares, reason }] of found) {
    const share = cost / totals.active;
    if (!reaches(share, thresholds.deopt, totals.effectiveSamples)) continue;
    const func = functionIndex(at);
    const { why, advice } = deoptWords(reason);
    const blame = blameFor(tables, own, (node) => (nodes.func[node] === at ? (nodes.self[node] as number) : 0));
    findings.push({
      rule: 'deopt',
      level: share >= thresholds.plateau ? 'warning' : 'info',
      share,
      cost,
      samples,
      effective: effectiveSamples(cost, squares),
      functions: marked(func, blame),
      blame,
      title: `${frameLabel(tables, func)} is not optimised`,
      summary: `${why} Its own code takes ${evidenceText(evidence, cost, samples)}${cost < (costs.self[at] as number) ? ' where that holds' : ''}.${reachedText(evidence, blame, cost)}`,
      advice,
    });
  }
  return findings;
};
