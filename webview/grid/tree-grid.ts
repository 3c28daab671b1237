import type { ColumnWidths } from '../../src/protocol/column-widths';
import { el, setText } from '../ui/dom';
import { type Column, type GridSort, gridColumns } from './grid-columns';
import { gridRow } from './grid-row';
import { type LazyTree, lazyTree, type TreeEntry, type TreeSource } from './lazy-tree';
import { scrollScale } from './scroll-scale';

export const ROW_HEIGHT = 22;
/** Rows beyond the edges that exist, so that a scrolled page is not empty before it is drawn. */
const SPARE = 8;

export interface GridOptions<List, Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly source: TreeSource<List, Row>;
  /** What a screen reader says of a row. */
  describe(row: Row, entry: TreeEntry<Row>): string;
  isSelected(row: Row): boolean;
  rowClass?(row: Row): string;
  onSelect(row: Row, entry: TreeEntry<Row>): void;
  /** Double click, or Ctrl+Enter. */
  onOpen(row: Row): void;
  onMenu(row: Row, entry: TreeEntry<Row>, x: number, y: number): void;
  onSort(column: string): void;
  /** Widths that columns were drawn to, for all lists. */
  widths(): ColumnWidths;
  onWidths(widths: ColumnWidths): void;
  onOpened(paths: readonly string[]): void;
  /** What is said where there is no row. */
  readonly nothing: string;
  /** The number of outermost rows is known, or is another; a message where there are none. */
  onCount(count: number | undefined, failure: string | undefined): void;
}

export interface TreeGrid<List> {
  readonly element: HTMLElement;
  show(list: List, openPaths: readonly string[], sort: GridSort | undefined): void;
  /** Draws again what is in sight. */
  redraw(): void;
  /** Opens the rows on the way to one, and puts the focus on it once it is loaded. */
  reveal(steps: readonly { readonly key: string; readonly at: number }[]): void;
  readonly openPaths: readonly string[];
  onKey(event: KeyboardEvent): boolean;
  focus(): void;
  readonly length: number;
}

let grids = 0;

/** Rows of a lazy tree as an ARIA treegrid; only those in sight exist. */
export function treeGrid<List, Row>(options: GridOptions<List, Row>): TreeGrid<List> {
  const id = `grid-${++grids}`;
  const scale = scrollScale();
  let tree: LazyTree<Row> | undefined;
  let focused = 0;
  let frame = 0;
  /** Widths that are being drawn. */
  let drawn: ColumnWidths | undefined;
  let wantedPath: string | undefined;
  /** The focused row was not there when the focus came to it. */
  let owesWords = false;

  const columns = gridColumns(options.columns, {
    widths: () => drawn ?? options.widths(),
    onSort: (column) => options.onSort(column),
    onWidths(widths, isOver) {
      drawn = isOver ? undefined : widths;
      if (isOver) options.onWidths(widths);
      fitColumns();
      schedule();
    },
  });
  const { head } = columns;
  const body = el('div', { class: 'table-rows', role: 'presentation' });
  const words = el('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  const empty = el('p', { class: 'view-note', hidden: '' });
  const scroller = el(
    'div',
    { class: 'table-body', role: 'treegrid', tabindex: '0', 'aria-label': `${options.label}: arrow keys move and open, Enter selects`, 'aria-rowcount': '0' },
    head,
    body,
  );
  const element = el('div', { class: 'grid' }, scroller, empty, words);

  const viewHeight = (): number => Math.max(ROW_HEIGHT, scroller.clientHeight - head.offsetHeight);
  const schedule = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      render();
    });
  };

  function measure(): void {
    scale.resize((tree?.length ?? 0) * ROW_HEIGHT, viewHeight());
    body.style.height = `${scale.height}px`;
  }

  function render(): void {
    if (!tree || scroller.clientHeight === 0) return;
    measure();
    const first = Math.max(0, Math.floor(scale.top / ROW_HEIGHT) - SPARE);
    const last = Math.min(tree.length, Math.ceil((scale.top + viewHeight()) / ROW_HEIGHT) + SPARE);
    tree.want(first, last);
    // Where the page is scrolled to is where the first row in sight has to stand, whatever its number says.
    const shift = scroller.scrollTop - scale.top;
    const rows: HTMLElement[] = [];
    for (let index = first; index < last; index++) {
      const entry = tree.at(index);
      if (entry) rows.push(renderRow(entry, index, index * ROW_HEIGHT + shift));
    }
    body.replaceChildren(...rows);
    scroller.setAttribute('aria-rowcount', String(tree.length + 1));
    scroller.setAttribute('aria-busy', String(!tree.isLoaded));
    if (tree.length > 0) scroller.setAttribute('aria-activedescendant', `${id}-row`);
    else scroller.removeAttribute('aria-activedescendant');
    const entry = tree.at(focused);
    if (owesWords && entry?.row !== undefined) {
      setText(words, options.describe(entry.row, entry));
      owesWords = false;
    }
  }

  function renderRow(entry: TreeEntry<Row>, index: number, top: number): HTMLElement {
    const { row } = entry;
    const at = {
      index,
      top,
      id: index === focused ? `${id}-row` : undefined,
      isSelected: row !== undefined && options.isSelected(row),
      className: row === undefined ? '' : (options.rowClass?.(row) ?? ''),
      words: row === undefined ? 'Loading' : options.describe(row, entry),
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
    const entry = tree?.at(index);
    if (!entry?.hasChildren) return;
    if (entry.isOpen) tree?.close(index);
    else tree?.open(index);
    options.onOpened(tree?.openPaths ?? []);
  }

  const fitColumns = (): void => scroller.style.setProperty('--columns', columns.fit(scroller.clientWidth));

  function goTo(top: number): void {
    const at = scale.go(top);
    scroller.scrollTop = at;
    render();
  }

  /** Moves the focus to a row, and brings it into sight. */
  function moveTo(index: number): void {
    if (!tree || tree.length === 0) return;
    focused = Math.max(0, Math.min(tree.length - 1, index));
    const top = focused * ROW_HEIGHT;
    const room = viewHeight() - ROW_HEIGHT;
    if (top < scale.top) goTo(top);
    else if (top > scale.top + room) goTo(top - room);
    else render();
    owesWords = tree.at(focused)?.row === undefined;
  }

  function choose(index: number): void {
    moveTo(index);
    scroller.focus({ preventScroll: true });
    const entry = tree?.at(focused);
    if (entry?.row !== undefined) options.onSelect(entry.row, entry);
    render();
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
    fitColumns();
    measure();
    schedule();
  }).observe(scroller);

  const page = (): number => Math.max(1, Math.floor(viewHeight() / ROW_HEIGHT) - 1);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveTo(focused + 1),
    ArrowUp: () => moveTo(focused - 1),
    PageDown: () => moveTo(focused + page()),
    PageUp: () => moveTo(focused - page()),
    Home: () => moveTo(0),
    End: () => moveTo((tree?.length ?? 1) - 1),
    ArrowRight: () => {
      const entry = tree?.at(focused);
      if (entry?.isOpen) moveTo(focused + 1);
      else toggle(focused);
    },
    ArrowLeft: () => {
      if (tree?.at(focused)?.isOpen) return toggle(focused);
      const up = tree?.parentOf(focused) ?? -1;
      if (up >= 0) moveTo(up);
    },
    Enter: () => choose(focused),
    ' ': () => choose(focused),
  };

  function onChanged(): void {
    if (!tree) return;
    if (wantedPath !== undefined) {
      const at = tree.find(wantedPath);
      if (at >= 0) {
        wantedPath = undefined;
        measure();
        goTo(at * ROW_HEIGHT - viewHeight() / 2);
        moveTo(at);
      }
    }
    focused = Math.max(0, Math.min(focused, tree.length - 1));
    const isEmpty = tree.isLoaded && tree.length === 0;
    options.onCount(tree.isLoaded ? tree.total : undefined, tree.failure);
    empty.hidden = !isEmpty;
    scroller.classList.toggle('nothing', isEmpty);
    if (isEmpty) setText(empty, tree.failure ?? options.nothing);
    render();
  }

  return {
    element,
    show(list, openPaths, order) {
      focused = 0;
      fitColumns();
      columns.sorted(order);
      scale.go(0);
      scroller.scrollTop = 0;
      // What comes for a list that is not shown any more changes nothing.
      const made: LazyTree<Row> = lazyTree(list, options.source, openPaths, () => made === tree && onChanged());
      tree = made;
      empty.hidden = true;
      scroller.classList.remove('nothing');
      options.onCount(undefined, undefined);
      body.replaceChildren();
      render();
    },
    redraw() {
      fitColumns();
      render();
    },
    reveal(steps) {
      wantedPath = steps.map(({ key }) => key).join('\n');
      tree?.seek(steps);
      onChanged();
    },
    get openPaths() {
      return tree?.openPaths ?? [];
    },
    onKey(event) {
      const act = keys[event.key];
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        const row = tree?.at(focused)?.row;
        if (row !== undefined) options.onOpen(row);
        return true;
      }
      if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
        const entry = tree?.at(focused);
        const bounds = scroller.getBoundingClientRect();
        const y = bounds.top + head.offsetHeight + (focused + 1) * ROW_HEIGHT - scale.top;
        if (entry?.row !== undefined) options.onMenu(entry.row, entry, bounds.left + 40, y);
        return true;
      }
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return false;
      act();
      return true;
    },
    focus: () => scroller.focus({ preventScroll: true }),
    get length() {
      return tree?.length ?? 0;
    },
  };
}
