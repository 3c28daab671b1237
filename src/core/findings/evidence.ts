import type { FunctionIndex } from '../../shared/brands';
import { isCode } from '../profile/categories';
import { type FunctionCosts, functionsBySelf, type ProfileTotals } from '../profile/function-costs';
import type { ProfileTables } from '../profile/tables';
import { type OwnCode, ownCode } from './blame';
import type { Finding } from './finding';
import type { Thresholds } from './thresholds';

/** What every rule reads: the tables and what is derived from them once. */
export interface Evidence {
  readonly tables: ProfileTables;
  readonly costs: FunctionCosts;
  readonly totals: ProfileTotals;
  readonly thresholds: Thresholds;
  /** Functions that code can be blamed for, by falling self time. */
  readonly bySelf: readonly FunctionIndex[];
  readonly own: OwnCode;
}

/** One heuristic. O(nodes + samples) at most. */
export type Rule = (evidence: Evidence) => Finding[];

export function evidenceOf(tables: ProfileTables, costs: FunctionCosts, totals: ProfileTotals, thresholds: Thresholds): Evidence {
  const bySelf = functionsBySelf(costs).filter((func) => isCode(tables.functions.category[func] as number));
  return { tables, costs, totals, thresholds, bySelf, own: ownCode(tables) };
}
