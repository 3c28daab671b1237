import type { ColumnWidths } from '../../src/protocol/column-widths';
import { el, setText } from '../ui/dom';
import { type Column, fittingColumns, type GridSort } from './grid-columns';
import { type LazyTree, lazyTree, type TreeEntry, type TreeSource } from './lazy-tree';
import { rowGrid } from './row-grid';

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

/** A grid over a lazy tree, whose rows are fetched as they come into sight. */
export function treeGrid<List, Row>(options: GridOptions<List, Row>): TreeGrid<List> {
  let tree: LazyTree<Row> | undefined;
  let wantedPath: string | undefined;

  const columns = fittingColumns(options.columns, {
    widths: () => options.widths(),
    onSort: (column) => options.onSort(column),
    onWidths: (widths) => options.onWidths(widths),
    onDrawing: () => grid.redraw(),
  });
  const grid = rowGrid<Row, TreeEntry<Row>>({
    ...options,
    columns,
    isTree: () => true,
    choosesOnMove: false,
    onToggle: () => options.onOpened(tree?.openPaths ?? []),
  });
  const empty = el('p', { class: 'view-note', hidden: '' });
  const { element, scroller } = grid;
  scroller.after(empty);

  function onChanged(): void {
    if (!tree) return;
    const at = wantedPath === undefined ? -1 : tree.find(wantedPath);
    if (at >= 0) {
      wantedPath = undefined;
      grid.center(at);
    }
    const isEmpty = tree.isLoaded && tree.length === 0;
    options.onCount(tree.isLoaded ? tree.total : undefined, tree.failure);
    empty.hidden = !isEmpty;
    scroller.classList.toggle('nothing', isEmpty);
    if (isEmpty) setText(empty, tree.failure ?? options.nothing);
    grid.redraw();
  }

  return {
    element,
    show(list, openPaths, order) {
      columns.sorted(order);
      // What comes for a list that is not shown any more changes nothing.
      const made: LazyTree<Row> = lazyTree(list, options.source, openPaths, () => made === tree && onChanged());
      tree = made;
      empty.hidden = true;
      scroller.classList.remove('nothing');
      options.onCount(undefined, undefined);
      grid.show(made);
    },
    redraw: () => grid.redraw(),
    reveal(steps) {
      wantedPath = steps.map(({ key }) => key).join('\n');
      tree?.seek(steps);
      onChanged();
    },
    get openPaths() {
      return tree?.openPaths ?? [];
    },
    onKey: (event) => grid.onKey(event),
    focus: () => grid.focus(),
    get length() {
      return tree?.length ?? 0;
    },
  };
}
