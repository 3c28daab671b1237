import { formatBytes, formatCount, plural } from '../../src/shared/format';
import type { HeapRow, ObjectRow } from '../../src/shared/heap-query';
import { el } from '../ui/dom';

/** A change: with its sign, and 0 without one. */
export const signed = (value: number, format: (size: number) => string): string =>
  value > 0 ? `+${format(value)}` : value < 0 ? `−${format(-value)}` : format(0);

/** The first cell: how the parent leads to the row, what it is, its id. */
export function nameCell(row: HeapRow): readonly (Node | string)[] {
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
