import { frameLabel } from '../../../src/core/findings/explain';
import { functionAt } from '../../../src/core/profile/tables';
import type { FlameModel } from '../../../src/core/profile/views/flame-model';
import { categoryText, type TableRow } from '../../../src/core/profile/views/table-rows';
import { type TableColumn, tableColumns } from '../../../src/protocol/view-state';
import { functionIndex } from '../../../src/shared/brands';
import { formatCost, formatCount, formatShare } from '../../../src/shared/format';
import { type Column, type ColumnsOptions, type GridColumns, scrolledColumns } from '../../grid/grid-columns';
import { findingLines } from '../finding-words';
import type { Store } from '../store';

export const columnTitles: Readonly<Record<TableColumn, string>> = {
  self: 'Self',
  selfShare: 'Self %',
  total: 'Total',
  totalShare: 'Total %',
  samples: 'Samples',
  name: 'Function',
  file: 'File',
  category: 'Category',
};
const initialWidths: Readonly<Record<TableColumn, number>> = {
  self: 78,
  selfShare: 66,
  total: 78,
  totalShare: 74,
  samples: 78,
  name: 250,
  file: 220,
  category: 136,
};
/** Texts take what room there is, up to here; then a line is too long to follow. */
const roomiest = { name: 560, file: 480 };
/** Below this width the names come first, and what does not fit is scrolled to. */
const NARROW = 460;
const narrowOrder: readonly TableColumn[] = ['name', 'selfShare', 'totalShare', 'self', 'total', 'samples', 'file', 'category'];
const narrowWidths = { name: 142 };

export const isText = (column: TableColumn): boolean => column === 'name' || column === 'file' || column === 'category';

/** The end of a path, which is what tells files apart: the file and its folder. */
const lastSegments = (url: string): string => url.replace(/^file:\/\//, '').replace(/^.*?([^\\/]+[\\/][^\\/]+)$/, '$1');

/** Share of a cost in what is shown. */
const shareOf = ({ width }: FlameModel, cost: number): number => (width > 0 ? cost / width : 0);

/** What a cell says; shares are of what `whole` shows. */
export function cellText(model: FlameModel, whole: FlameModel, row: TableRow, column: TableColumn): string {
  const { functions, strings, unit } = model.tables;
  switch (column) {
    case 'self':
      return formatCost(row.self, unit);
    case 'selfShare':
      return formatShare(shareOf(whole, row.self));
    case 'total':
      return formatCost(row.total, unit);
    case 'totalShare':
      return formatShare(shareOf(whole, row.total));
    case 'samples':
      return formatCount(row.samples);
    case 'name':
      return frameLabel(model.tables, functionIndex(row.func));
    case 'file': {
      const { url, line } = functionAt(model.tables, functionIndex(row.func));
      return url === '' ? '' : `${lastSegments(url)}${line >= 0 ? `:${line + 1}` : ''}`;
    }
    case 'category':
      return categoryText(functions, strings, row.func);
  }
}

/** The table's columns; `model` is what the rows are of, which is another tree from the leaves. */
export function profileColumns(store: Store, model: () => FlameModel, options: ColumnsOptions): GridColumns<TableRow> {
  const text = (row: TableRow, column: TableColumn): string => cellText(model(), store.model, row, column);
  const hints: Readonly<Partial<Record<TableColumn, (row: TableRow) => string>>> = {
    name: (row) => [text(row, 'name'), ...findingLines(store, row.func).map((one) => one.text)].join('\n'),
    file: (row) => functionAt(model().tables, functionIndex(row.func)).url,
    category: (row) => text(row, 'category'),
  };
  const parts: Readonly<Partial<Record<TableColumn, (row: TableRow) => number>>> = {
    selfShare: (row) => shareOf(store.model, row.self),
    totalShare: (row) => shareOf(store.model, row.total),
  };
  const columns = tableColumns.map(
    (key): Column<TableRow> => ({
      key,
      title: columnTitles[key],
      width: initialWidths[key],
      isSortable: true,
      isNumber: !isText(key),
      className: key === 'name' ? 'code' : isText(key) ? '' : 'number',
      isTree: key === 'name',
      cell: (row) => text(row, key),
      ...(hints[key] ? { hint: hints[key] } : {}),
      ...(parts[key] ? { part: parts[key] } : {}),
      ...(key === 'name' ? { mark: (row) => store.marks.get(row.func) } : {}),
    }),
  );
  return scrolledColumns(columns, { ...options, narrow: NARROW, narrowOrder, narrowWidths, roomiest });
}
