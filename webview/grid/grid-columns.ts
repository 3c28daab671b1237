import type { ColumnWidths } from '../../src/protocol/column-widths';
import { type ColumnHeadsOptions, columnHeads } from '../ui/column-heads';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Pixels at first. */
  readonly width: number;
  readonly isSortable: boolean;
  readonly isNumber: boolean;
  /** Classes of its cells. */
  readonly className: string;
  /** Whether its cells have the marks that open rows. */
  readonly isTree: boolean;
  /** What is shown; a name may be made of elements. */
  cell(row: Row): string | readonly (Node | string)[];
  /** 0 to 1: how far the cell is filled. */
  part?(row: Row): number;
  /** What a cell tells under the pointer, where it may be cut or has more to say. */
  hint?(row: Row): string;
  /** The class of the mark that a cell carries. */
  mark?(row: Row): string | undefined;
  /** Columns with a higher number go first where there is no room. */
  readonly rank?: number;
}

export interface GridSort {
  readonly sortBy: string;
  readonly isRising: boolean;
}

export interface GridColumns<Row> {
  readonly head: HTMLElement;
  /** Those that are shown, in their order. */
  readonly shown: readonly Column<Row>[];
  /** By what the rows are sorted from now on. */
  sorted(sort: GridSort | undefined): void;
  /** Takes up the room and the widths as they are now. */
  fit(scroller: HTMLElement): void;
}

export interface ColumnsOptions {
  widths(): ColumnWidths;
  onSort(column: string): void;
  /** Somebody has drawn a column. */
  onWidths(widths: ColumnWidths): void;
  /** Somebody draws one: the grid has to follow. */
  onDrawing(): void;
}

/** What the first column needs at least. */
const NAME_WIDTH = 150;

/** Widths while one is drawn and afterwards, and the head's part of the options. */
function drawnWidths({ widths, onSort, onWidths, onDrawing }: ColumnsOptions): {
  readonly current: () => ColumnWidths;
  readonly heads: Omit<ColumnHeadsOptions, 'edge'>;
} {
  let drawn: ColumnWidths | undefined;
  const current = (): ColumnWidths => drawn ?? widths();
  return {
    current,
    heads: {
      widths: current,
      onSort,
      onWidths(next, isOver) {
        drawn = isOver ? undefined : next;
        if (isOver) onWidths(next);
        onDrawing();
      },
    },
  };
}

/** Columns of which the first takes what is left: as many others as leave it its room, as wide as they were drawn. */
export function fittingColumns<Row>(columns: readonly Column<Row>[], options: ColumnsOptions): GridColumns<Row> {
  const { current, heads: forHeads } = drawnWidths(options);
  const heads = columnHeads({ edge: 'left', ...forHeads });
  let shown = columns;
  let sort: GridSort | undefined;
  const widthOf = ({ key, width }: Column<Row>): number => current()[key] ?? width;
  const showHeads = (): void =>
    heads.show(
      shown.map((column, at) => ({ ...column, isResizable: at > 0 })),
      sort,
    );

  return {
    head: heads.element,
    get shown() {
      return shown;
    },
    sorted(by) {
      sort = by;
      showHeads();
    },
    fit(scroller) {
      const [name, ...others] = columns;
      if (!name) return;
      const kept = new Set(others);
      let used = others.reduce((sum, column) => sum + widthOf(column), 0);
      for (const column of [...others].sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0))) {
        if (used + NAME_WIDTH <= scroller.clientWidth || kept.size === 1) break;
        kept.delete(column);
        used -= widthOf(column);
      }
      const next = [name, ...others.filter((column) => kept.has(column))];
      const isSame = next.length === shown.length && next.every((column, at) => column === shown[at]);
      shown = next;
      if (!isSame || heads.element.childElementCount === 0) showHeads();
      const tracks = next.slice(1).map((column) => `${widthOf(column)}px`);
      scroller.style.setProperty('--columns', `minmax(0, 1fr) ${tracks.join(' ')}`);
    },
  };
}

/**
 * Columns that are all there, and scrolled to where there is no room. In a narrow grid they have
 * another order. `roomiest`: pixels up to which a column takes what room there is.
 */
export function scrolledColumns<Row>(
  columns: readonly Column<Row>[],
  options: ColumnsOptions & {
    /** Keys, and the first width of some, below `narrow` pixels. */
    readonly narrow: number;
    readonly narrowOrder: readonly string[];
    readonly narrowWidths: Readonly<Record<string, number>>;
    readonly roomiest: Readonly<Record<string, number | undefined>>;
  },
): GridColumns<Row> {
  const { current, heads: forHeads } = drawnWidths(options);
  const heads = columnHeads({ edge: 'right', ...forHeads });
  const ofNarrow = options.narrowOrder.flatMap((key) => columns.find((column) => column.key === key) ?? []);
  let isNarrow = false;
  let sort: GridSort | undefined;
  const shown = (): readonly Column<Row>[] => (isNarrow ? ofNarrow : columns);
  const widthOf = ({ key, width }: Column<Row>): number => current()[key] ?? (isNarrow ? options.narrowWidths[key] : undefined) ?? width;
  const showHeads = (): void =>
    heads.show(
      shown().map((column) => ({ ...column, isResizable: true })),
      sort,
    );
  const track = (column: Column<Row>): string => {
    const most = isNarrow || column.key in current() ? undefined : options.roomiest[column.key];
    return most === undefined ? `${widthOf(column)}px` : `minmax(${widthOf(column)}px, ${most}px)`;
  };

  return {
    head: heads.element,
    get shown() {
      return shown();
    },
    sorted(by) {
      sort = by;
      showHeads();
    },
    fit(scroller) {
      const now = scroller.clientWidth > 0 && scroller.clientWidth < options.narrow;
      const isSame = now === isNarrow;
      isNarrow = now;
      if (!isSame || heads.element.childElementCount === 0) showHeads();
      scroller.style.setProperty('--columns', shown().map(track).join(' '));
      scroller.style.setProperty('--least', `${shown().reduce((sum, column) => sum + widthOf(column), 0)}px`);
    },
  };
}
