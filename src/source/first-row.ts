import type { FunctionLineCost } from '../core/profile/costs/line-costs';

/** The first row of a function, or of the next one that has any, in rows by rising function. */
export function firstRow(rows: readonly FunctionLineCost[], func: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as FunctionLineCost).func < func) low = middle + 1;
    else high = middle;
  }
  return low;
}
