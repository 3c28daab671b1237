import { printable, shorten } from '../../../shared/format';
import type { DiffRow, HeapList } from '../../../shared/heap-query';
import type { HeapDiffRow } from '../compare/heap-diff';
import { sortByText, sortRows } from './node-order';

const MAX_TEXT = 160;

/** Places in `rows`, filtered and in the order of the list. */
export function comparisonRows(rows: readonly HeapDiffRow[], list: Extract<HeapList, { kind: 'comparison' }>): Uint32Array {
  const wanted = list.filter.toLowerCase();
  const all = Uint32Array.from(rows.keys()).filter((at) => wanted === '' || (rows[at]?.name ?? '').toLowerCase().includes(wanted));
  if (list.sortBy === 'name') return sortByText(all, (at) => rows[at]?.name ?? '', list.isRising);
  const { sortBy } = list;
  return sortRows(all, (at) => rows[at]?.[sortBy] ?? 0, list.isRising);
}

/** What is shown of a row; zeros where there is none. */
export function comparisonRow(row: HeapDiffRow | undefined): DiffRow {
  const { key = '', name = '', added = 0, removed = 0, delta = 0, addedSize = 0, removedSize = 0, sizeDelta = 0 } = row ?? {};
  return { kind: 'diff', key, name: shorten(printable(name), MAX_TEXT), added, removed, delta, addedSize, removedSize, sizeDelta };
}
