import type { FunctionIndex } from '../../shared/brands';
import { functionIndex } from '../../shared/brands';
import { isCode } from '../profile/categories';
import type { FunctionCosts, ProfileTotals } from '../profile/costs/function-costs';
import type { ProfileTables } from '../profile/tables';
import { interval, reaches } from '../statistics/share-interval';

/** What of a profile is compared with a later one: self cost and samples by function, in the profile's unit. */
export interface SelfShares {
  readonly byFunction: ReadonlyMap<string, { readonly cost: number; readonly func: FunctionIndex }>;
  readonly active: number;
  /** The effective number, of active ones. */
  readonly samples: number;
}

/** A function that has a larger share of active time than in the recording before. */
export interface Wider {
  readonly func: FunctionIndex;
  /** Self cost now and then, in the profiles' unit. */
  readonly cost: number;
  readonly costBefore: number;
  /** Shares of active time, 0 to 1. */
  readonly share: number;
  readonly shareBefore: number;
}

/**
 * Self costs by name and file, whatever line a function stands on: edits move lines.
 * Functions of one name in one file are one; those without a name have no identity
 * that would outlast an edit, and are left out.
 */
export function selfShares({ functions, strings }: ProfileTables, costs: FunctionCosts, totals: ProfileTotals): SelfShares {
  const byFunction = new Map<string, { cost: number; func: FunctionIndex }>();
  for (let func = 0; func < functions.length; func++) {
    const cost = costs.self[func] as number;
    const name = strings.at(functions.name[func] as number);
    if (!(cost > 0) || name === '' || !isCode(functions.category[func] as number)) continue;
    const key = `${name}\0${strings.at(functions.url[func] as number)}`;
    const known = byFunction.get(key);
    if (!known) byFunction.set(key, { cost, func: functionIndex(func) });
    else {
      if (cost > (costs.self[known.func] as number)) known.func = functionIndex(func);
      known.cost += cost;
    }
  }
  return { byFunction, active: totals.active, samples: totals.effectiveSamples };
}

/** A cost that has not grown by this much is the same: then only the rest has become smaller. */
const GROWN = 1.1;

/**
 * Functions whose self share has grown by `threshold` or more, whose 95 % intervals
 * then and now do not overlap, and which cost more than before also absolutely. By
 * falling growth.
 */
export function widerFunctions(now: SelfShares, before: SelfShares, threshold: number): Wider[] {
  if (!(now.active > 0) || !(before.active > 0)) return [];
  const found: Wider[] = [];
  for (const [key, { cost, func }] of now.byFunction) {
    const share = cost / now.active;
    const costBefore = before.byFunction.get(key)?.cost ?? 0;
    const shareBefore = costBefore / before.active;
    if (share - shareBefore < threshold || !reaches(share, threshold, now.samples) || cost < costBefore * GROWN) continue;
    if (interval(share, now.samples).low <= interval(shareBefore, before.samples).high) continue;
    found.push({ func, cost, costBefore, share, shareBefore });
  }
  return found.sort((a, b) => b.share - b.shareBefore - (a.share - a.shareBefore));
}
