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

/** Adds a cost to those of its line. */
export function addLine(lines: Map<number, { self: number; ticks: number }>, line: number, cost: { self: number; ticks: number }): void {
  const row = lines.get(line);
  if (row) {
    row.self += cost.self;
    row.ticks += cost.ticks;
  } else lines.set(line, { self: cost.self, ticks: cost.ticks });
}
