import type { HeapViewKind } from '../../src/protocol/heap-webview';
import { formatBytes, formatCount, formatShare, plural } from '../../src/shared/format';
import type { ClassRow, DiffRow, HeapRow, ObjectRow, StringRow } from '../../src/shared/heap-query';
import type { Column } from '../grid/grid-columns';
import { el } from '../ui/dom';

const signed = (value: number, format: (size: number) => string): string => (value > 0 ? `+${format(value)}` : value < 0 ? `−${format(-value)}` : format(0));
const distanceText = (distance: number | undefined): string => (distance === undefined ? '–' : formatCount(distance));

/** The first cell: how the parent leads to the row, what it is, its id. */
function nameCell(row: HeapRow): readonly (Node | string)[] {
  if (row.kind === 'object') return objectName(row);
  const label = row.kind === 'string' ? quoted(row.label) : row.name;
  const dot = row.kind === 'class' ? [el('span', { class: `kind-dot is-${row.is}`, 'aria-hidden': 'true' })] : [];
  return [...dot, el('span', { class: 'code', title: label }, label)];
}

const quoted = (text: string): string => `"${text}"`;

function objectName({ edge, label, id, is, isDetached }: ObjectRow): readonly (Node | string)[] {
  return [
    ...(edge ? [el('span', { class: `code edge is-${edge.kind}`, title: `${edge.kind}: ${edge.name}` }, edge.name), el('span', { class: 'dim' }, ' :: ')] : []),
    el('span', { class: `code label is-${is}`, title: label }, label),
    el('span', { class: 'code id' }, `@${id}`),
    ...(isDetached ? [el('span', { class: 'tag' }, 'detached')] : []),
  ];
}

/** What a screen reader says of a row. */
export function describeRow(row: HeapRow): string {
  switch (row.kind) {
    case 'class':
      return `${row.name}, ${plural(row.count, 'object')}, retained ${formatBytes(row.retained)}, shallow ${formatBytes(row.shallow)}`;
    case 'diff':
      return `${row.name}, ${formatCount(row.added)} added, ${formatCount(row.removed)} removed, size ${signed(row.sizeDelta, formatBytes)}`;
    case 'string':
      return `${quoted(row.label)}, ${formatCount(row.count)} times, ${formatBytes(row.wasted)} wasted`;
    case 'object': {
      const edge = row.edge ? `${row.edge.kind === 'weak' || row.edge.kind === 'internal' ? `${row.edge.kind} ` : ''}${row.edge.name}: ` : '';
      return `${edge}${row.label} @${row.id}${row.isDetached ? ', detached' : ''}, retained ${formatBytes(row.retained)}, shallow ${formatBytes(row.shallow)}`;
    }
  }
}

export const keyOfRow = (row: HeapRow): string => {
  switch (row.kind) {
    case 'class':
    case 'diff':
      return row.key.replace(/\n/g, '␊');
    case 'string':
      return `s${row.text}`;
    case 'object':
      return row.edge ? `${row.edge.name.slice(0, 100).replace(/\n/g, '␊')}@${row.id}` : `@${row.id}`;
  }
};

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

const column = (key: string, title: string, width: number, rank: number, isSortable: boolean, cell: Cell): Column<HeapRow> => ({
  key,
  title,
  width,
  rank,
  isSortable,
  isNumber: true,
  className: 'number',
  isTree: false,
  cell,
});

/** The columns of each list. */
export function columnsOf(view: HeapViewKind, totalSize: number): readonly Column<HeapRow>[] {
  const retainedOf = (row: HeapRow): number => ('retained' in row ? row.retained : 0);
  const name = (title: string, isSortable: boolean): Column<HeapRow> => ({
    ...column('name', title, 0, 0, isSortable, () => ''),
    cell: nameCell,
    isNumber: false,
    className: 'name',
    isTree: true,
  });
  const distance = (isSortable: boolean) =>
    column('distance', 'Distance', 92, 5, isSortable, (row) => (row.kind === 'class' || row.kind === 'object' ? distanceText(row.distance) : ''));
  const shallow = (isSortable: boolean) => column('shallow', 'Shallow', 92, 3, isSortable, sized('shallow'));
  const retained = (isSortable: boolean) => column('retained', 'Retained', 102, 0, isSortable, sized('retained'));
  const share: Column<HeapRow> = {
    ...column('share', 'Share', 78, 4, false, (row) => (totalSize > 0 ? formatShare(retainedOf(row) / totalSize) : '')),
    part: (row) => (totalSize > 0 ? retainedOf(row) / totalSize : 0),
  };
  switch (view) {
    case 'classes':
      return [
        name('Class', true),
        distance(true),
        column(
          'count',
          'Count',
          84,
          2,
          true,
          ofClass(({ count }) => formatCount(count)),
        ),
        shallow(true),
        retained(true),
        share,
      ];
    case 'comparison':
      return [
        name('Class', true),
        column(
          'added',
          'New',
          76,
          3,
          true,
          ofDiff(({ added }) => formatCount(added)),
        ),
        column(
          'removed',
          'Deleted',
          76,
          4,
          true,
          ofDiff(({ removed }) => formatCount(removed)),
        ),
        column(
          'delta',
          'Delta',
          76,
          2,
          true,
          ofDiff(({ delta }) => signed(delta, formatCount)),
        ),
        column('addedSize', 'New size', 100, 5, true, (row) =>
          row.kind === 'diff' ? formatBytes(row.addedSize) : row.kind === 'object' ? formatBytes(row.shallow) : '',
        ),
        column(
          'removedSize',
          'Deleted size',
          112,
          6,
          true,
          ofDiff(({ removedSize }) => formatBytes(removedSize)),
        ),
        column(
          'sizeDelta',
          'Size delta',
          108,
          0,
          true,
          ofDiff(({ sizeDelta }) => signed(sizeDelta, formatBytes)),
        ),
      ];
    case 'strings':
      return [
        name('Text', false),
        column(
          'count',
          'Copies',
          84,
          2,
          false,
          ofString(({ count }) => formatCount(count)),
        ),
        column('shallow', 'Size', 84, 3, false, sized('shallow')),
        column(
          'wasted',
          'Wasted',
          90,
          0,
          false,
          ofString(({ wasted }) => formatBytes(wasted)),
        ),
      ];
    default:
      return [name('Object', false), distance(false), shallow(false), retained(false), share];
  }
}
