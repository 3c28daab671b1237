import { button, el } from '../dom';
import { type LazyTree, lazyTree, type TreeEntry, type TreeSource } from './lazy-tree';
import { scrollScale } from './scroll-scale';

export const ROW_HEIGHT = 22;
/** Rows beyond the edges that exist, so that a scrolled page is not empty before it is drawn. */
const SPARE = 8;
const NAME_WIDTH = 150;

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Pixels; the first column takes what is left. */
  readonly width: number;
  /** Columns with a higher number go first where there is no room. */
  readonly rank: number;
  readonly isSortable: boolean;
  /** What is shown; the first column may be made of elements. */
  cell(row: Row): string | readonly (Node | string)[];
  /** 0 to 1: how far the cell is filled. */
  part?(row: Row): number;
}

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
  onOpened(paths: readonly string[]): void;
  /** What is said where there is no row. */
  readonly nothing: string;
  /** The number of outermost rows is known, or is another; a message where there are none. */
  onCount(count: number | undefined, failure: string | undefined): void;
}

export interface TreeGrid<List> {
  readonly element: HTMLElement;
  show(list: List, openPaths: readonly string[], sort: { readonly sortBy: string; readonly isRising: boolean } | undefined): void;
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
  let sort: { readonly sortBy: string; readonly isRising: boolean } | undefined;
  let shownColumns: readonly Column<Row>[] = options.columns;
  let wantedPath: string | undefined;
  /** The focused row was not there when the focus came to it. */
  let owesWords = false;

  const head = el('div', { class: 'table-head', role: 'row' });
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
      words.textContent = options.describe(entry.row, entry);
      owesWords = false;
    }
  }

  function renderRow(entry: TreeEntry<Row>, index: number, top: number): HTMLElement {
    const { row, depth } = entry;
    const isFocused = index === focused;
    const line = el('div', {
      class: `row${isFocused ? ' focused' : ''}${row === undefined ? ' loading' : ` ${options.rowClass?.(row) ?? ''}`}${row !== undefined && options.isSelected(row) ? ' selected' : ''}`,
      role: 'row',
      id: isFocused ? `${id}-row` : undefined,
      'aria-rowindex': String(index + 2),
      'aria-level': String(depth + 1),
      'aria-posinset': String(entry.position),
      'aria-setsize': String(entry.siblings),
      'aria-expanded': entry.hasChildren ? String(entry.isOpen) : undefined,
      'aria-selected': String(row !== undefined && options.isSelected(row)),
      'aria-label': row === undefined ? 'Loading' : options.describe(row, entry),
    });
    line.style.top = `${top}px`;
    for (const [i, column] of shownColumns.entries()) {
      const box = el('div', { class: i === 0 ? 'cell name' : 'cell number', role: 'gridcell' });
      if (i === 0) box.append(twisty(entry, index));
      if (row !== undefined) {
        const content = column.cell(row);
        if (typeof content === 'string') box.append(content);
        else box.append(...content);
        const part = column.part?.(row);
        if (part !== undefined) {
          box.classList.add('part');
          box.style.setProperty('--part', `${Math.min(100, part * 100)}%`);
        }
      } else if (i === 0) box.append(el('span', { class: 'placeholder', 'aria-hidden': 'true' }));
      line.append(box);
    }
    line.addEventListener('click', () => choose(index));
    line.addEventListener('dblclick', () => row !== undefined && options.onOpen(row));
    line.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      choose(index);
      if (row !== undefined) options.onMenu(row, entry, event.clientX, event.clientY);
    });
    return line;
  }

  function twisty(entry: TreeEntry<Row>, index: number): HTMLElement {
    const mark = el('span', { class: 'twisty', 'aria-hidden': 'true' }, entry.hasChildren ? (entry.isOpen ? '▾' : '▸') : '');
    mark.style.marginLeft = `${Math.min(entry.depth, 40) * 12}px`;
    mark.addEventListener('click', (event) => {
      event.stopPropagation();
      moveTo(index);
      toggle(index);
    });
    mark.addEventListener('dblclick', (event) => event.stopPropagation());
    return mark;
  }

  function toggle(index: number): void {
    const entry = tree?.at(index);
    if (!entry?.hasChildren) return;
    if (entry.isOpen) tree?.close(index);
    else tree?.open(index);
    options.onOpened(tree?.openPaths ?? []);
  }

  function renderHead(): void {
    head.style.setProperty('--columns', '');
    head.replaceChildren(
      ...shownColumns.map((column, i) => {
        const isSorted = column.key === sort?.sortBy;
        const arrow = isSorted ? (sort?.isRising ? ' ↑' : ' ↓') : '';
        return el(
          'div',
          {
            class: i === 0 ? 'cell' : 'cell number',
            role: 'columnheader',
            'aria-sort': column.isSortable ? (isSorted ? (sort?.isRising ? 'ascending' : 'descending') : 'none') : undefined,
          },
          column.isSortable
            ? button(
                `Sort by ${column.title.toLowerCase()}`,
                () => options.onSort(column.key),
                { class: 'column-title', tabindex: '-1' },
                `${column.title}${arrow}`,
              )
            : el('span', { class: 'column-title plain' }, column.title),
        );
      }),
    );
  }

  /** As many columns as leave the first one its room. */
  function fitColumns(): void {
    const [name, ...others] = options.columns;
    if (!name) return;
    const kept = new Set(others);
    let used = others.reduce((sum, { width }) => sum + width, 0);
    for (const column of [...others].sort((a, b) => b.rank - a.rank)) {
      if (used + NAME_WIDTH <= scroller.clientWidth || kept.size === 1) break;
      kept.delete(column);
      used -= column.width;
    }
    const next = [name, ...others.filter((column) => kept.has(column))];
    const isSame = next.length === shownColumns.length && next.every((column, i) => column === shownColumns[i]);
    shownColumns = next;
    scroller.style.setProperty(
      '--columns',
      `minmax(0, 1fr) ${next
        .slice(1)
        .map(({ width }) => `${width}px`)
        .join(' ')}`,
    );
    if (!isSame || head.childElementCount === 0) renderHead();
  }

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
    if (isEmpty) empty.textContent = tree.failure ?? options.nothing;
    render();
  }

  return {
    element,
    show(list, openPaths, order) {
      sort = order;
      focused = 0;
      fitColumns();
      renderHead();
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
    redraw: () => render(),
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
