import { type ColumnWidths, LEAST_WIDTH, MOST_WIDTH } from '../../src/protocol/column-widths';
import { button, el } from './dom';

export interface ColumnHead {
  readonly key: string;
  readonly title: string;
  readonly isNumber: boolean;
  readonly isSortable: boolean;
  /** False for a column that takes what the others leave. */
  readonly isResizable: boolean;
}

export interface ColumnHeadsOptions {
  /** The side that a column is drawn by: the one that moves. */
  readonly edge: 'left' | 'right';
  widths(): ColumnWidths;
  onSort(column: string): void;
  /** `isOver` is false while it is still being drawn. */
  onWidths(widths: ColumnWidths, isOver: boolean): void;
}

interface Sort {
  readonly sortBy: string;
  readonly isRising: boolean;
}

export interface ColumnHeads {
  readonly element: HTMLElement;
  show(heads: readonly ColumnHead[], sort: Sort | undefined): void;
}

/** Pixels that a key moves an edge by. */
const STEP = 8;

/**
 * The head of a table. Its columns sort, and are as wide as somebody draws them. By keyboard it is one
 * stop before the rows: ← → walk, Enter sorts, Shift+← → draw, Delete gives the first width back.
 */
export function columnHeads(options: ColumnHeadsOptions): ColumnHeads {
  const element = el('div', { class: 'table-head', role: 'row' });
  let shown: readonly ColumnHead[] = [];
  let current = 0;

  const cellOf = (at: number): HTMLElement => element.children[at] as HTMLElement;
  const stop = (at: number): HTMLElement => cellOf(at).firstElementChild as HTMLElement;

  function walk(to: number): void {
    if (to < 0 || to >= shown.length) return;
    stop(current).tabIndex = -1;
    current = to;
    stop(current).tabIndex = 0;
    stop(current).focus();
  }

  element.addEventListener('keydown', (event) => {
    const at = Array.from(element.children).findIndex((cell) => cell.contains(event.target as Node));
    const head = shown[at];
    if (!head || event.ctrlKey || event.metaKey || event.altKey) return;
    const sign = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (sign !== undefined && event.shiftKey) {
      if (head.isResizable) resize(options, head.key, cellOf(at).getBoundingClientRect().width + sign * STEP, true);
    } else if (sign !== undefined) walk(at + sign);
    else if (event.key === 'Delete' && head.isResizable) resize(options, head.key, undefined, true);
    else if (event.key !== ' ' && event.key !== 'Enter') return;
    else return event.stopPropagation(); // the button's own
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    show(heads, sort) {
      const hadFocus = element.contains(document.activeElement);
      const key = shown[current]?.key;
      shown = heads;
      const same = heads.findIndex((head) => head.key === key);
      current = Math.max(0, same);
      element.replaceChildren(...heads.map((head, at) => headCell(options, head, sort, at === current)));
      if (hadFocus && document.hasFocus() && heads.length > 0) stop(current).focus();
    },
  };
}

/** Gives a column another width; undefined gives its first one back. */
function resize({ widths, onWidths }: ColumnHeadsOptions, key: string, width: number | undefined, isOver: boolean): void {
  const { [key]: _, ...others } = widths();
  onWidths(width === undefined ? others : { ...others, [key]: Math.round(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width))) }, isOver);
}

function headCell(options: ColumnHeadsOptions, head: ColumnHead, sort: Sort | undefined, isStop: boolean): HTMLElement {
  const { key, title, isNumber, isSortable, isResizable } = head;
  const isSorted = key === sort?.sortBy;
  const arrow = isSorted ? (sort?.isRising ? ' ↑' : ' ↓') : '';
  const tabindex = isStop ? '0' : '-1';
  return el(
    'div',
    {
      class: isNumber ? 'cell number' : 'cell',
      role: 'columnheader',
      'data-column': key,
      'aria-sort': isSortable ? (isSorted ? (sort?.isRising ? 'ascending' : 'descending') : 'none') : undefined,
    },
    isSortable
      ? button(`Sort by ${title.toLowerCase()}`, () => options.onSort(key), { class: 'column-title', tabindex }, `${title}${arrow}`)
      : el('span', { class: 'column-title plain', tabindex }, title),
    isResizable ? grip(options, key) : undefined,
  );
}

/** The edge that a column is drawn by. */
function grip(options: ColumnHeadsOptions, key: string): HTMLElement {
  const handle = el('span', { class: `grip ${options.edge}`, 'aria-hidden': 'true' });
  handle.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const start = handle.parentElement?.getBoundingClientRect().width ?? LEAST_WIDTH;
    const from = event.clientX;
    const widthAt = (x: number): number => start + (options.edge === 'right' ? x - from : from - x);
    const move = (next: PointerEvent): void => resize(options, key, widthAt(next.clientX), false);
    handle.addEventListener('pointermove', move);
    handle.addEventListener(
      'pointerup',
      (last) => {
        handle.removeEventListener('pointermove', move);
        if (last.clientX !== from) resize(options, key, widthAt(last.clientX), true);
      },
      { once: true },
    );
  });
  handle.addEventListener('dblclick', () => resize(options, key, undefined, true));
  return handle;
}
