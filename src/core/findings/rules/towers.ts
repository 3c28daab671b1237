import { functionIndex } from '../../../shared/brands';
import { formatShare, plural } from '../../../shared/format';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import type { ProfileTables } from '../../profile/tables';
import { reaches } from '../../statistics/share-interval';
import { blameFor } from '../blame';
import type { Evidence, Rule } from '../evidence';
import { evidenceText, frameLabel, reachedText } from '../explain';
import { marked } from '../finding';
import { sumsBelow, totalHits } from '../recursion';

/** A tower: a callee with at most this part of what the caller holds. */
const NARROW = 0.05;
const MANY = 20;
/** The part that the towers must hold together. */
const MOST = 0.6;
/** How often a callee must have been entered anew on average: phases that follow each other are entered once. */
const ENTRIES = 3;
/** Calls that are looked at, the widest first. */
const CANDIDATES = 5;

interface Caller {
  readonly node: number;
  /** Its narrow callees, and what they hold together. */
  readonly count: number;
  readonly held: number;
}

/**
 * Many narrow towers on one box: a call that holds much of the time while at least
 * twenty different callees have at most 5 % of it each, together 60 % or more, and are
 * entered again and again (in the order of the samples, three times each on average).
 *
 *   [ render                                    ]     one caller, wide
 *   [a][b][c][d][e][f][g][h] …                        no callee to speak of
 *
 * Of several such calls, nested or not, the widest speaks. Passes over nodes and samples.
 */
export const towers: Rule = (evidence) => {
  const { tables, own, totals } = evidence;
  const { nodes } = tables;
  const found = wideCallers(evidence).find((caller) => entries(tables, caller.node) >= ENTRIES * caller.count);
  if (!found) return [];
  const { node, count, held } = found;
  const func = functionIndex(nodes.func[node] as number);
  const cost = nodes.total[node] as number;
  const samples = totalHits(nodes)[node] as number;
  const blame = blameFor(tables, own, (at) => (at === node ? cost : 0));
  return [
    {
      rule: 'thin-towers',
      level: 'info',
      share: cost / totals.active,
      cost,
      samples,
      effective: effectiveSamples(cost, sumsBelow(nodes, evidence.squares)[node] as number),
      functions: marked(func, blame),
      blame,
      title: `Many small calls from ${frameLabel(tables, func)}`,
      summary: `One call of it holds ${evidenceText(evidence, cost, samples)}, and ${plural(count, 'different callee')} share ${formatShare(held / cost)} of that, none with more than ${formatShare(NARROW)}.${reachedText(evidence, blame, cost)}`,
      advice: 'No callee is worth the work alone: make fewer calls, do them in batches, or keep what they give.',
    },
  ];
};

function wideCallers({ tables, totals, thresholds }: Evidence): Caller[] {
  const { nodes, functions } = tables;
  const count = new Uint32Array(nodes.length);
  const held = new Float64Array(nodes.length);
  for (let node = 1; node < nodes.length; node++) {
    const parent = nodes.parent[node] as number;
    const total = nodes.total[node] as number;
    if (!(total > 0) || total > NARROW * (nodes.total[parent] as number)) continue;
    count[parent] = (count[parent] as number) + 1;
    held[parent] = (held[parent] as number) + total;
  }
  const found: Caller[] = [];
  for (let node = 1; node < nodes.length; node++) {
    if ((count[node] as number) < MANY) continue;
    const category = functions.category[nodes.func[node] as number] as number;
    if (category !== Category.User && category !== Category.Dependency) continue;
    const total = nodes.total[node] as number;
    if ((held[node] as number) < MOST * total || !reaches(total / totals.active, thresholds.towers, totals.effectiveSamples)) continue;
    found.push({ node, count: count[node] as number, held: held[node] as number });
  }
  return found.sort((a, b) => (nodes.total[b.node] as number) - (nodes.total[a.node] as number)).slice(0, CANDIDATES);
}

/** How often the samples go over to another callee of a call. O(subtree + samples). */
function entries({ nodes, samples }: ProfileTables, caller: number): number {
  const end = nodes.subtreeEnd[caller] as number;
  const callee = new Uint32Array(end - caller);
  for (let node = caller + 1; node < end; node++) {
    const parent = nodes.parent[node] as number;
    callee[node - caller] = parent === caller ? node : (callee[parent - caller] as number);
  }
  let count = 0;
  let last = -1;
  for (let i = 0; i < samples.length; i++) {
    const node = samples.node[i] as number;
    if (node < caller || node >= end) continue;
    const at = callee[node - caller] as number;
    if (at !== last && at > 0) count++;
    last = at;
  }
  return count;
}
