import { type FunctionCosts, functionCosts, profileTotals } from '../profile/function-costs';
import type { ProfileTables } from '../profile/tables';
import { evidenceOf, type Rule } from './evidence';
import type { Finding } from './finding';
import { focus } from './rules/focus';
import { gc } from './rules/gc';
import { plateau } from './rules/plateau';
import { spread } from './rules/spread';
import type { Thresholds } from './thresholds';

const rules: readonly Rule[] = [plateau, focus, spread, gc];

/** All findings of a profile, loudest first. Silent on too few samples. */
export function findInProfile(tables: ProfileTables, thresholds: Thresholds, costs: FunctionCosts = functionCosts(tables)): Finding[] {
  const totals = profileTotals(tables, costs);
  if (totals.activeSamples < thresholds.minSamples || totals.active <= 0) return [];
  const evidence = evidenceOf(tables, costs, totals, thresholds);
  const rank = { error: 0, warning: 1, info: 2 };
  return rules.flatMap((rule) => rule(evidence)).sort((a, b) => rank[a.level] - rank[b.level] || b.share - a.share);
}
