import type { ProfileTables } from './tables';

/** The tables with names for functions that have none, by their rows. What is computed from names and places stays as it is. */
export function withLabels(tables: ProfileTables, labels: ReadonlyMap<number, string>): ProfileTables {
  const { functions, strings } = tables;
  const label = new Uint32Array(functions.length);
  const rows = new Map<string, number>();
  for (const [func, text] of labels) {
    if (!(func < functions.length) || text === '') continue;
    if (!rows.has(text)) rows.set(text, strings.length + rows.size);
    label[func] = rows.get(text) as number;
  }
  return rows.size === 0 ? tables : { ...tables, strings: strings.with([...rows.keys()]), functions: { ...functions, label } };
}

/** The names that `withLabels` has given, by the functions' rows. */
export function labelsIn({ functions: { label }, strings }: ProfileTables): [func: number, text: string][] {
  const found: [number, string][] = [];
  for (const [func, row] of label?.entries() ?? []) if (row !== 0) found.push([func, strings.at(row)]);
  return found;
}
