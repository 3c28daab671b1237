import { setText } from '../ui/dom';
import { isMenuKey } from '../ui/page-keys';
import type { GridColumns } from './grid-columns';
import { gridRow } from './grid-row';
import { type GridFrame, gridFrame, ROW_HEIGHT, type RowWindow, rowWindow } from './row-window';

/** One visible row; `row` is undefined until it is there. */
export interface GridEntry<Row> {
  readonly row: Row | undefined;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
  /** From 1, among its siblings, where that is known. */
  readonly position?: number;
  readonly siblings?: number;
}

/** The rows that can be scrolled to: a list, or those of a tree that are open. */
export interface GridRows<Row, Entry extends GridEntry<Row> = GridEntry<Row>> {
  readonly length: number;
  readonly isLoaded: boolean;
  at(index: number): Entry | undefined;
  /** Fetches what is missing of a range; a later call replaces it. */
  want(from: number, to: number): void;
  open(index: number): void;
  close(index: number): void;
  /** Index of the row that the row is below of; -1 for none. */
  parentOf(index: number): number;
}

export interface RowGridOptions<Row, Entry extends GridEntry<Row>> {
  readonly label: string;
  readonly columns: GridColumns<Row>;
  /** What a screen reader says of a row; without it, it reads the cells. */
  describe?(row: Row, entry: Entry): string;
  isSelected(row: Row): boolean;
  rowClass?(row: Row): string;
  /** Whether rows have a mark that opens them. */
  isTree(): boolean;
  /** Whether the row that the focus moves to is chosen, too. */
  readonly choosesOnMove: boolean;
  onSelect(row: Row, entry: Entry): void;
  /** Double click, or Ctrl+Enter. */
  onOpen(row: Row): void;
  onMenu(row: Row, entry: Entry, x: number, y: number): void;
  onToggle(): void;
}

export interface RowGrid<Row, Entry extends GridEntry<Row>> {
  readonly element: HTMLElement;
  readonly scroller: HTMLElement;
  /** Index of the row that the keys act on. */
  readonly focused: number;
  /** Shows other rows, from the first on. */
  show(rows: GridRows<Row, Entry>): void;
  /** The rows have changed, or how they look; draws what is in sight. */
  redraw(): void;
  /** Moves the focus to a row, and brings it into sight. */
  moveTo(index: number): void;
  /** Moves the focus to a row in the middle of the view. */
  center(index: number): void;
  openMenu(): void;
  onKey(event: KeyboardEvent): boolean;
  focus(): void;
}

interface GridState<Row, Entry extends GridEntry<Row>> {
  /** Id of the focused row's element. */
  readonly rowId: string;
  readonly options: RowGridOptions<Row, Entry>;
  readonly frame: GridFrame;
  readonly window: RowWindow;
  rows: GridRows<Row, Entry> | undefined;
  focused: number;
  /** The focused row was not there when the focus came to it. */
  owesWords: boolean;
}

let grids = 0;

/** Rows as an ARIA treegrid; only those in sight exist, so that a million cost what is seen. */
export function rowGrid<Row, Entry extends GridEntry<Row>>(options: RowGridOptions<Row, Entry>): RowGrid<Row, Entry> {
  const { columns } = options;
  const frame = gridFrame(options.label, columns.head);
  const { element, scroller, body } = frame;
  const window = rowWindow(frame, {
    onScroll: () => render(grid),
    onResize() {
      columns.fit(scroller);
      window.measure(lengthOf(grid));
    },
  });
  const grid: GridState<Row, Entry> = { rowId: `grid-${++grids}-row`, options, frame, window, rows: undefined, focused: 0, owesWords: false };
  const keys = gridKeys(grid);
  return {
    element,
    scroller,
    get focused() {
      return grid.focused;
    },
    show(next) {
      grid.focused = 0;
      grid.rows = next;
      columns.fit(scroller);
      window.goTo(0);
      body.replaceChildren();
      render(grid);
    },
    redraw() {
      grid.focused = nearestRow(grid, grid.focused);
      columns.fit(scroller);
      render(grid);
    },
    moveTo: (index) => moveTo(grid, index),
    center(index) {
      window.measure(lengthOf(grid));
      window.center(index);
      moveTo(grid, index);
    },
    openMenu: () => openMenu(grid),
    onKey(event) {
      const isShortcut = event.ctrlKey || event.metaKey;
      if (event.key === 'Enter' && isShortcut) {
        const row = focusedEntry(grid)?.row;
        if (row !== undefined) options.onOpen(row);
        return true;
      }
      const act = isMenuKey(event) ? () => openMenu(grid) : isShortcut || event.altKey ? undefined : keys[event.key];
      act?.();
      return act !== undefined;
    },
    focus: () => scroller.focus({ preventScroll: true }),
  };
}

const lengthOf = <Row, Entry extends GridEntry<Row>>({ rows }: GridState<Row, Entry>): number => rows?.length ?? 0;

const focusedEntry = <Row, Entry extends GridEntry<Row>>({ rows, focused }: GridState<Row, Entry>): Entry | undefined => rows?.at(focused);

function nearestRow<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>, index: number): number {
  return Math.max(0, Math.min(lengthOf(grid) - 1, index));
}

// Drawing.

function render<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>): void {
  const { rows, window, rowId, frame } = grid;
  const { scroller, body } = frame;
  if (!rows || scroller.clientHeight === 0) return;
  window.measure(rows.length);
  const { first, shift } = window;
  const last = Math.min(rows.length, window.last);
  rows.want(first, last);
  const shown: HTMLElement[] = [];
  for (let index = first; index < last; index++) {
    const entry = rows.at(index);
    if (entry) shown.push(renderRow(grid, entry, index, index * ROW_HEIGHT + shift));
  }
  body.replaceChildren(...shown);
  scroller.setAttribute('aria-rowcount', String(rows.length + 1));
  scroller.setAttribute('aria-busy', String(!rows.isLoaded));
  if (rows.length > 0) scroller.setAttribute('aria-activedescendant', rowId);
  else scroller.removeAttribute('aria-activedescendant');
  sayFocused(grid);
}

/** Says the focused row where the focus came to it before it was there. */
function sayFocused<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>): void {
  const entry = grid.owesWords ? focusedEntry(grid) : undefined;
  if (entry?.row === undefined) return;
  grid.owesWords = false;
  if (grid.options.describe) setText(grid.frame.words, grid.options.describe(entry.row, entry));
}

function renderRow<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>, entry: Entry, index: number, top: number): HTMLElement {
  const { options, rowId, focused } = grid;
  const { row } = entry;
  const at = {
    index,
    top,
    id: index === focused ? rowId : undefined,
    isSelected: row !== undefined && options.isSelected(row),
    className: row === undefined ? '' : (options.rowClass?.(row) ?? ''),
    words: row === undefined ? 'Loading' : options.describe?.(row, entry),
    hasTwisty: options.isTree(),
  };
  return gridRow(entry, options.columns.shown, at, {
    choose: () => choose(grid, index),
    open: () => row !== undefined && options.onOpen(row),
    menu: (x, y) => row !== undefined && options.onMenu(row, entry, x, y),
    toggle() {
      moveTo(grid, index);
      toggle(grid, index);
    },
  });
}

// What keys and the pointer do.

function toggle<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>, index: number): void {
  const { rows, options } = grid;
  const entry = rows?.at(index);
  if (!entry?.hasChildren) return;
  if (entry.isOpen) rows?.close(index);
  else rows?.open(index);
  options.onToggle();
  render(grid);
}

function moveTo<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>, index: number): void {
  if (lengthOf(grid) === 0) return;
  grid.focused = nearestRow(grid, index);
  grid.window.reveal(grid.focused);
  render(grid);
  grid.owesWords = focusedEntry(grid)?.row === undefined;
}

function choose<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>, index: number): void {
  moveTo(grid, index);
  grid.frame.scroller.focus({ preventScroll: true });
  const entry = focusedEntry(grid);
  if (entry?.row !== undefined) grid.options.onSelect(entry.row, entry);
  render(grid);
}

function openMenu<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>): void {
  const entry = focusedEntry(grid);
  const x = grid.frame.scroller.getBoundingClientRect().left + 40;
  if (entry?.row !== undefined) grid.options.onMenu(entry.row, entry, x, grid.window.bottomOf(grid.focused));
}

function gridKeys<Row, Entry extends GridEntry<Row>>(grid: GridState<Row, Entry>): Readonly<Record<string, () => void>> {
  const { window } = grid;
  const walk = (index: number): void => (grid.options.choosesOnMove ? choose(grid, index) : moveTo(grid, index));
  const act = (): void => choose(grid, grid.focused);
  return {
    ArrowDown: () => walk(grid.focused + 1),
    ArrowUp: () => walk(grid.focused - 1),
    PageDown: () => walk(grid.focused + window.page),
    PageUp: () => walk(grid.focused - window.page),
    Home: () => walk(0),
    End: () => walk(lengthOf(grid) - 1),
    ArrowRight: () => {
      if (focusedEntry(grid)?.isOpen) walk(grid.focused + 1);
      else toggle(grid, grid.focused);
    },
    ArrowLeft: () => {
      if (focusedEntry(grid)?.isOpen) return toggle(grid, grid.focused);
      const up = grid.rows?.parentOf(grid.focused) ?? -1;
      if (up >= 0) walk(up);
    },
    Enter: act,
    ' ': act,
  };
}
