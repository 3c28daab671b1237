import { el } from '../ui/dom';
import type { Column } from './grid-columns';
import type { GridEntry } from './row-grid';

export interface RowActions {
  choose(): void;
  toggle(): void;
  open(): void;
  menu(x: number, y: number): void;
}

/** One row of a grid, or the placeholder of one that is being read. */
export function gridRow<Row>(
  { row, depth, position, siblings, hasChildren, isOpen }: GridEntry<Row>,
  columns: readonly Column<Row>[],
  at: {
    readonly index: number;
    /** Pixels from the top of the rows. */
    readonly top: number;
    /** Of the focused row alone. */
    readonly id: string | undefined;
    readonly isSelected: boolean;
    readonly className: string;
    /** What a screen reader says; without it, it reads the cells. */
    readonly words: string | undefined;
    readonly hasTwisty: boolean;
  },
  act: RowActions,
): HTMLElement {
  const line = el('div', {
    class: ['row', at.id === undefined ? '' : 'focused', row === undefined ? 'loading' : at.className, at.isSelected ? 'selected' : '']
      .filter(Boolean)
      .join(' '),
    role: 'row',
    id: at.id,
    'aria-rowindex': String(at.index + 2),
    'aria-level': String(depth + 1),
    'aria-posinset': position?.toString(),
    'aria-setsize': siblings?.toString(),
    'aria-expanded': hasChildren ? String(isOpen) : undefined,
    'aria-selected': String(at.isSelected),
    'aria-label': at.words,
  });
  line.style.top = `${at.top}px`;
  for (const column of columns) {
    const mark = column.isTree && at.hasTwisty ? twisty(hasChildren ? (isOpen ? '▾' : '▸') : '', depth, act) : undefined;
    if (row !== undefined) line.append(cell(column, row, mark));
    else line.append(el('div', { class: `cell ${column.className}`, role: 'gridcell' }, mark, column.isTree ? placeholder() : undefined));
  }
  line.addEventListener('click', act.choose);
  line.addEventListener('dblclick', act.open);
  line.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    act.choose();
    act.menu(event.clientX, event.clientY);
  });
  return line;
}

function cell<Row>(column: Column<Row>, row: Row, before: HTMLElement | undefined): HTMLElement {
  const content = column.cell(row);
  const part = column.part?.(row);
  const mark = column.mark?.(row);
  const box = el(
    'div',
    {
      class: ['cell', column.className, part === undefined ? '' : 'part', mark === undefined ? '' : `marked ${mark}`].filter(Boolean).join(' '),
      role: 'gridcell',
      title: column.hint?.(row),
    },
    before,
    ...(typeof content === 'string' ? [content] : content),
  );
  if (part !== undefined) box.style.setProperty('--part', `${Math.min(100, part * 100)}%`);
  return box;
}

const placeholder = (): HTMLElement => el('span', { class: 'placeholder', 'aria-hidden': 'true' });

function twisty(sign: string, depth: number, { toggle }: RowActions): HTMLElement {
  const mark = el('span', { class: 'twisty', 'aria-hidden': 'true' }, sign);
  mark.style.marginLeft = `${Math.min(depth, 40) * 12}px`;
  mark.addEventListener('click', (event) => {
    event.stopPropagation();
    toggle();
  });
  mark.addEventListener('dblclick', (event) => event.stopPropagation());
  return mark;
}
