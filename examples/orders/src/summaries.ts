import type { Row } from './model.js';

export interface Summary {
  readonly [day: string]: { readonly count: number; readonly total: number };
}

/** Adds up orders by day. */
export function summarize(rows: readonly Row[]): Summary {
  return rows.reduce<Summary>(
    (summary, { day, total }) => ({
      ...summary,
      [day]: { count: (summary[day]?.count ?? 0) + 1, total: (summary[day]?.total ?? 0) + total },
    }),
    {},
  );
}
