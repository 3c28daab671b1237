import { type FunctionIndex, functionIndex } from '../../shared/brands';
import { Category, isCode } from '../profile/categories';
import { type FunctionCosts, functionCosts, functionsBySelf, gcByFunction, type ProfileTotals, profileTotals } from '../profile/function-costs';
import type { ProfileTables } from '../profile/tables';
import type { Blame, Finding } from './finding';
import type { Thresholds } from './thresholds';

/** What every rule reads: the tables and what is derived from them once. */
export interface Evidence {
  readonly tables: ProfileTables;
  readonly costs: FunctionCosts;
  readonly totals: ProfileTotals;
  readonly thresholds: Thresholds;
  /** Functions that code can be blamed for, by falling self time. */
  readonly bySelf: readonly FunctionIndex[];
}

type Rule = (evidence: Evidence) => Finding[];

/** All findings of a profile, loudest first. Silent on too few samples. */
export function findInProfile(tables: ProfileTables, thresholds: Thresholds, costs = functionCosts(tables)): Finding[] {
  const totals = profileTotals(tables, costs);
  if (totals.activeSamples < thresholds.minSamples || totals.active <= 0) return [];
  const bySelf = functionsBySelf(costs).filter((func) => isCode(tables.functions.category[func] as number));
  const evidence = { tables, costs, totals, thresholds, bySelf };
  const rank = { error: 0, warning: 1, info: 2 };
  return rules.flatMap((rule) => rule(evidence)).sort((a, b) => rank[a.level] - rank[b.level] || b.share - a.share);
}

/** One function with a wide self time: a plateau in the flame graph. */
const plateau: Rule = ({ tables, costs, totals, thresholds, bySelf }) => {
  const findings: Finding[] = [];
  for (const func of bySelf) {
    const cost = costs.self[func] as number;
    const share = cost / totals.active;
    if (share < thresholds.plateau) break;
    const isOwn = tables.functions.category[func] === Category.User;
    findings.push({
      kind: 'plateau',
      level: share >= thresholds.bottleneck ? 'error' : 'warning',
      func,
      share,
      cost,
      samples: costs.hits[func] as number,
      blame: isOwn ? undefined : nearestOwnCode(tables, (f) => (f === func ? 1 : 0)),
    });
  }
  return findings;
};

/** Three functions hold nearly everything: work on them will show. */
const focus: Rule = ({ costs, totals, thresholds, bySelf }) => {
  const top = bySelf.slice(0, 3);
  const cost = top.reduce((sum, func) => sum + (costs.self[func] as number), 0);
  const share = cost / totals.active;
  if (top.length < 3 || share < thresholds.focus) return [];
  const samples = top.reduce((sum, func) => sum + (costs.hits[func] as number), 0);
  return [{ kind: 'focus', level: 'info', functions: top, shares: top.map((func) => (costs.self[func] as number) / totals.active), share, cost, samples }];
};

/** Nothing stands out: the cost lies in the structure, not in a function. */
const spread: Rule = ({ costs, totals, thresholds, bySelf }) => {
  const largest = bySelf[0];
  if (largest === undefined || bySelf.length < 20) return [];
  const largestShare = (costs.self[largest] as number) / totals.active;
  const top = bySelf.slice(0, 20);
  const cost = top.reduce((sum, func) => sum + (costs.self[func] as number), 0);
  const share = cost / totals.active;
  if (largestShare > thresholds.spread || share >= 0.5) return [];
  const samples = top.reduce((sum, func) => sum + (costs.hits[func] as number), 0);
  return [{ kind: 'spread', level: 'info', largest, largestShare, share, cost, samples }];
};

/** Garbage collection takes a visible part: too much is allocated. */
const gc: Rule = ({ tables, costs, totals, thresholds }) => {
  const share = totals.gc / totals.active;
  if (share < thresholds.gc) return [];
  const after = gcByFunction(tables);
  let func: FunctionIndex | undefined;
  let samples = 0;
  for (let i = 0; i < after.length; i++) {
    if (tables.functions.category[i] === Category.Gc) samples += costs.hits[i] as number;
    if (!isCode(tables.functions.category[i] as number)) continue;
    if ((after[i] as number) > (func === undefined ? 0 : (after[func] as number))) func = functionIndex(i);
  }
  const isOwn = func !== undefined && tables.functions.category[func] === Category.User;
  const blame = func === undefined || isOwn ? undefined : nearestOwnCode(tables, (f) => (f === func ? 1 : 0));
  return [{ kind: 'gc', level: 'warning', func, blame, share, cost: totals.gc, samples }];
};

const rules: readonly Rule[] = [plateau, focus, spread, gc];

/**
 * The function of the user's own code that most of a cost passes through last.
 * `weight` says which functions' self time counts. One pass, parents first.
 */
export function nearestOwnCode(tables: ProfileTables, weight: (func: number) => number): Blame | undefined {
  const { nodes, functions } = tables;
  const nearest = new Int32Array(nodes.length).fill(-1);
  const cost = new Float64Array(functions.length);
  let best = -1;
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const parent = nodes.parent[node] as number;
    nearest[node] = functions.category[func] === Category.User ? func : parent < 0 ? -1 : (nearest[parent] as number);
    const own = nearest[node] as number;
    const counted = weight(func);
    if (counted === 0 || own < 0) continue;
    cost[own] = (cost[own] as number) + (nodes.self[node] as number) * counted;
    if (best < 0 || (cost[own] as number) > (cost[best] as number)) best = own;
  }
  return best >= 0 && (cost[best] as number) > 0 ? { func: functionIndex(best), cost: cost[best] as number } : undefined;
}
