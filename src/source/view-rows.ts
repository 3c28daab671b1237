import { type FunctionLineCost, lineCosts } from '../core/profile/costs/line-costs';
import type { ProfileTables } from '../core/profile/tables';
import { once } from '../shared/lazy';

/** What lines cost as they ran, by rising function. */
export interface CostRows {
  all(): readonly FunctionLineCost[];
  /** The first row of a function, or of the next one that has any. */
  first(func: number): number;
}

export function costRows(tables: ProfileTables): CostRows {
  const all = once(() => lineCosts(tables));
  return {
    all,
    first(func) {
      const rows = all();
      let low = 0;
      let high = rows.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((rows[middle] as FunctionLineCost).func < func) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
