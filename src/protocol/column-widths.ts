/** Pixels by column; a column that is not in it is as wide as at first. */
export type ColumnWidths = Readonly<Record<string, number>>;

export const LEAST_WIDTH = 40;
export const MOST_WIDTH = 1200;
const MAX_COLUMNS = 50;

/** Widths from outside (a link, another version's page): what fits is taken. */
export function readWidths(given: unknown): ColumnWidths {
  if (typeof given !== 'object' || given === null) return {};
  const fits = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= LEAST_WIDTH && entry[1] <= MOST_WIDTH;
  return Object.fromEntries(Object.entries(given).filter(fits).slice(0, MAX_COLUMNS));
}
