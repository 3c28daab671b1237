import { el } from '../ui/dom';
import type { Column } from './grid-columns';
import type { TreeEntry } from './lazy-tree';

export interface RowActions {
  choose(): void;
  toggle(): void;
  open(): void;
  menu(x: number, y: number): void;
}

/** One row of a grid, or the placeholder of one that is being read. */
export function gridRow<Row>(
  { row, depth, position, siblings, hasChildren, isOpen }: TreeEntry<Row>,
  columns: readonly Column<Row>[],
  at: {
    readonly index: number;
    /** Pixels from the top of the rows. */
    readonly top: number;
    /** Of the focused row alone. */
    readonly id: string | undefined;
    readonly isSelected: boolean;
    readonly className: string;
    readonly words: string;
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
    'aria-posinset': String(position),
    'aria-setsize': String(siblings),
    'aria-expanded': hasChildren ? String(isOpen) : undefined,
    'aria-selected': String(at.isSelected),
    'aria-label': at.words,
  });
  line.style.top = `${at.top}px`;
  for (const [i, column] of columns.entries()) {
    const box = el('div', { class: i === 0 ? 'cell name' : 'cell number', role: 'gridcell' });
    if (i === 0) box.append(twisty(hasChildren ? (isOpen ? '▾' : '▸') : '', depth, act));
    if (row !== undefined) fill(box, column, row);
    else if (i === 0) box.append(el('span', { class: 'placeholder', 'aria-hidden': 'true' }));
    line.append(box);
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

function fill<Row>(box: HTMLElement, column: Column<Row>, row: Row): void {
  const content = column.cell(row);
  if (typeof content === 'string') box.append(content);
  else box.append(...content);
  const part = column.part?.(row);
  if (part === undefined) return;
  box.classList.add('part');
  box.style.setProperty('--part', `${Math.min(100, part * 100)}%`);
}

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
