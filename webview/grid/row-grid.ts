import { el, setText } from '../ui/dom';
import { isMenuKey } from '../ui/page-keys';
import type { GridColumns } from './grid-columns';
import { gridRow } from './grid-row';
import { scrollScale } from './scroll-scale';

/** Height of a row, pixels. */
const ROW_HEIGHT = 22;
/** Rows beyond the edges that exist, so that a scrolled page is not empty before it is drawn. */
const SPARE = 8;

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

let grids = 0;

/** Rows as an ARIA treegrid; only those in sight exist, so that a million cost what is seen. */
export function rowGrid<Row, Entry extends GridEntry<Row>>(options: RowGridOptions<Row, Entry>): RowGrid<Row, Entry> {
  const id = `grid-${++grids}`;
  const { columns } = options;
  const scale = scrollScale();
  let rows: GridRows<Row, Entry> | undefined;
  let focused = 0;
  let frame = 0;
  /** The focused row was not there when the focus came to it. */
  let owesWords = false;

  const { head } = columns;
  const body = el('div', { class: 'table-rows', role: 'presentation' });
  const words = el('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  const scroller = el(
    'div',
    { class: 'table-body', role: 'treegrid', tabindex: '0', 'aria-label': `${options.label}: arrow keys move and open, Enter selects`, 'aria-rowcount': '0' },
    head,
    body,
  );
  const element = el('div', { class: 'grid' }, scroller, words);

  const viewHeight = (): number => Math.max(ROW_HEIGHT, scroller.clientHeight - head.offsetHeight);
  const length = (): number => rows?.length ?? 0;
  const schedule = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      render();
    });
  };

  function measure(): void {
    scale.resize(length() * ROW_HEIGHT, viewHeight());
    body.style.height = `${scale.height}px`;
  }

  function render(): void {
    if (!rows || scroller.clientHeight === 0) return;
    measure();
    const first = Math.max(0, Math.floor(scale.top / ROW_HEIGHT) - SPARE);
    const last = Math.min(length(), Math.ceil((scale.top + viewHeight()) / ROW_HEIGHT) + SPARE);
    rows.want(first, last);
    // Where the page is scrolled to is where the first row in sight has to be, whatever its number says.
    const shift = scroller.scrollTop - scale.top;
    const shown: HTMLElement[] = [];
    for (let index = first; index < last; index++) {
      const entry = rows.at(index);
      if (entry) shown.push(renderRow(entry, index, index * ROW_HEIGHT + shift));
    }
    body.replaceChildren(...shown);
    scroller.setAttribute('aria-rowcount', String(length() + 1));
    scroller.setAttribute('aria-busy', String(!rows.isLoaded));
    if (length() > 0) scroller.setAttribute('aria-activedescendant', `${id}-row`);
    else scroller.removeAttribute('aria-activedescendant');
    sayFocused(rows.at(focused));
  }

  function sayFocused(entry: Entry | undefined): void {
    if (!owesWords || entry?.row === undefined) return;
    owesWords = false;
    if (options.describe) setText(words, options.describe(entry.row, entry));
  }

  function renderRow(entry: Entry, index: number, top: number): HTMLElement {
    const { row } = entry;
    const at = {
      index,
      top,
      id: index === focused ? `${id}-row` : undefined,
      isSelected: row !== undefined && options.isSelected(row),
      className: row === undefined ? '' : (options.rowClass?.(row) ?? ''),
      words: row === undefined ? 'Loading' : options.describe?.(row, entry),
      hasTwisty: options.isTree(),
    };
    return gridRow(entry, columns.shown, at, {
      choose: () => choose(index),
      open: () => row !== undefined && options.onOpen(row),
      menu: (x, y) => row !== undefined && options.onMenu(row, entry, x, y),
      toggle() {
        moveTo(index);
        toggle(index);
      },
    });
  }

  function toggle(index: number): void {
    const entry = rows?.at(index);
    if (!entry?.hasChildren) return;
    if (entry.isOpen) rows?.close(index);
    else rows?.open(index);
    options.onToggle();
    render();
  }

  function goTo(top: number): void {
    scroller.scrollTop = scale.go(top);
    render();
  }

  function moveTo(index: number): void {
    if (length() === 0) return;
    focused = Math.max(0, Math.min(length() - 1, index));
    const top = focused * ROW_HEIGHT;
    const room = viewHeight() - ROW_HEIGHT;
    if (top < scale.top) goTo(top);
    else if (top > scale.top + room) goTo(top - room);
    else render();
    owesWords = rows?.at(focused)?.row === undefined;
  }

  function choose(index: number): void {
    moveTo(index);
    scroller.focus({ preventScroll: true });
    const entry = rows?.at(focused);
    if (entry?.row !== undefined) options.onSelect(entry.row, entry);
    render();
  }

  function openMenu(): void {
    const entry = rows?.at(focused);
    const bounds = scroller.getBoundingClientRect();
    const y = bounds.top + head.offsetHeight + (focused + 1) * ROW_HEIGHT - scale.top;
    if (entry?.row !== undefined) options.onMenu(entry.row, entry, bounds.left + 40, y);
  }

  scroller.addEventListener(
    'scroll',
    () => {
      const at = scale.scrolled(scroller.scrollTop);
      if (Math.abs(at - scroller.scrollTop) >= 1) scroller.scrollTop = at;
      schedule();
    },
    { passive: true },
  );
  new ResizeObserver(() => {
    columns.fit(scroller);
    measure();
    schedule();
  }).observe(scroller);

  const walk = options.choosesOnMove ? choose : moveTo;
  const page = (): number => Math.max(1, Math.floor(viewHeight() / ROW_HEIGHT) - 1);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => walk(focused + 1),
    ArrowUp: () => walk(focused - 1),
    PageDown: () => walk(focused + page()),
    PageUp: () => walk(focused - page()),
    Home: () => walk(0),
    End: () => walk(length() - 1),
    ArrowRight: () => {
      if (rows?.at(focused)?.isOpen) walk(focused + 1);
      else toggle(focused);
    },
    ArrowLeft: () => {
      if (rows?.at(focused)?.isOpen) return toggle(focused);
      const up = rows?.parentOf(focused) ?? -1;
      if (up >= 0) walk(up);
    },
    Enter: () => choose(focused),
    ' ': () => choose(focused),
  };

  return {
    element,
    scroller,
    get focused() {
      return focused;
    },
    show(next) {
      focused = 0;
      rows = next;
      columns.fit(scroller);
      scroller.scrollTop = scale.go(0);
      body.replaceChildren();
      render();
    },
    redraw() {
      focused = Math.max(0, Math.min(focused, length() - 1));
      columns.fit(scroller);
      render();
    },
    moveTo,
    center(index) {
      measure();
      goTo(index * ROW_HEIGHT - viewHeight() / 2);
      moveTo(index);
    },
    openMenu,
    onKey(event) {
      const isShortcut = event.ctrlKey || event.metaKey;
      const row = rows?.at(focused)?.row;
      if (event.key === 'Enter' && isShortcut) {
        if (row !== undefined) options.onOpen(row);
        return true;
      }
      if (isMenuKey(event)) openMenu();
      else {
        const act = isShortcut || event.altKey ? undefined : keys[event.key];
        if (!act) return false;
        act();
      }
      return true;
    },
    focus: () => scroller.focus({ preventScroll: true }),
  };
}
