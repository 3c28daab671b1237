import type { HeapViewKind } from '../../src/protocol/heap-webview';
import { formatBytes, formatCount, formatShare } from '../../src/shared/format';
import type { ClassRow, DiffRow, HeapRow, ObjectRow, StringRow } from '../../src/shared/heap-query';
import type { Column } from '../grid/grid-columns';
import { nameCell, signed } from './row-cells';

/** The columns of each list; shares are of `totalSize`, in bytes. */
export function columnsOf(view: HeapViewKind, totalSize: number): readonly Column<HeapRow>[] {
  switch (view) {
    case 'classes':
      return classColumns(totalSize);
    case 'comparison':
      return comparisonColumns();
    case 'strings':
      return stringColumns();
    default:
      return [named('Object', false), distance(false), shallow('Shallow', 92, false), retained(false), share(totalSize)];
  }
}

function classColumns(totalSize: number): readonly Column<HeapRow>[] {
  const count = ofClass((row) => formatCount(row.count));
  return [named('Class', true), distance(true), number('count', 'Count', 84, 2, true, count), shallow('Shallow', 92, true), retained(true), share(totalSize)];
}

function comparisonColumns(): readonly Column<HeapRow>[] {
  const sorted = (key: string, title: string, width: number, rank: number, cell: Cell): Column<HeapRow> => number(key, title, width, rank, true, cell);
  const addedSize: Cell = (row) => (row.kind === 'diff' ? formatBytes(row.addedSize) : row.kind === 'object' ? formatBytes(row.shallow) : '');
  const added = ofDiff((row) => formatCount(row.added));
  const removed = ofDiff((row) => formatCount(row.removed));
  const delta = ofDiff((row) => signed(row.delta, formatCount));
  const removedSize = ofDiff((row) => formatBytes(row.removedSize));
  const sizeDelta = ofDiff((row) => signed(row.sizeDelta, formatBytes));
  return [
    named('Class', true),
    sorted('added', 'New', 76, 3, added),
    sorted('removed', 'Deleted', 76, 4, removed),
    sorted('delta', 'Delta', 76, 2, delta),
    sorted('addedSize', 'New size', 100, 5, addedSize),
    sorted('removedSize', 'Deleted size', 112, 6, removedSize),
    sorted('sizeDelta', 'Size delta', 108, 0, sizeDelta),
  ];
}

function stringColumns(): readonly Column<HeapRow>[] {
  const count = ofString((row) => formatCount(row.count));
  const wasted = ofString((row) => formatBytes(row.wasted));
  return [named('Text', false), number('count', 'Copies', 84, 2, false, count), shallow('Size', 84, false), number('wasted', 'Wasted', 90, 0, false, wasted)];
}

type Cell = (row: HeapRow) => string;

const ofClass =
  (text: (row: ClassRow) => string): Cell =>
  (row) =>
    row.kind === 'class' ? text(row) : '';
const ofDiff =
  (text: (row: DiffRow) => string): Cell =>
  (row) =>
    row.kind === 'diff' ? text(row) : '';
const ofString =
  (text: (row: StringRow) => string): Cell =>
  (row) =>
    row.kind === 'string' ? text(row) : '';
const sized =
  (of: 'shallow' | 'retained'): Cell =>
  (row) =>
    of in row ? formatBytes((row as ClassRow | ObjectRow)[of]) : '';

/** A column of numbers; the higher its rank, the earlier it leaves a narrow list. */
function number(key: string, title: string, width: number, rank: number, isSortable: boolean, cell: Cell): Column<HeapRow> {
  return { key, title, width, rank, isSortable, isNumber: true, className: 'number', isTree: false, cell };
}

const named = (title: string, isSortable: boolean): Column<HeapRow> => ({
  key: 'name',
  title,
  width: 0,
  rank: 0,
  isSortable,
  isNumber: false,
  className: 'name',
  isTree: true,
  cell: nameCell,
});

const distanceText = (steps: number | undefined): string => (steps === undefined ? '–' : formatCount(steps));
const distance = (isSortable: boolean): Column<HeapRow> =>
  number('distance', 'Distance', 92, 5, isSortable, (row) => (row.kind === 'class' || row.kind === 'object' ? distanceText(row.distance) : ''));
const shallow = (title: string, width: number, isSortable: boolean): Column<HeapRow> => number('shallow', title, width, 3, isSortable, sized('shallow'));
const retained = (isSortable: boolean): Column<HeapRow> => number('retained', 'Retained', 102, 0, isSortable, sized('retained'));

function share(totalSize: number): Column<HeapRow> {
  const part = (row: HeapRow): number => (totalSize > 0 && 'retained' in row ? row.retained / totalSize : 0);
  return { ...number('share', 'Share', 78, 4, false, (row) => (totalSize > 0 ? formatShare(part(row)) : '')), part };
}
