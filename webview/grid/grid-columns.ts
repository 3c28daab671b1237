import type { ColumnWidths } from '../../src/protocol/column-widths';
import { columnHeads } from '../ui/column-heads';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Pixels at first; the first column takes what is left. */
  readonly width: number;
  /** Columns with a higher number go first where there is no room. */
  readonly rank: number;
  readonly isSortable: boolean;
  /** What is shown; the first column may be made of elements. */
  cell(row: Row): string | readonly (Node | string)[];
  /** 0 to 1: how far the cell is filled. */
  part?(row: Row): number;
}

export interface GridSort {
  readonly sortBy: string;
  readonly isRising: boolean;
}

export interface GridColumns<Row> {
  readonly head: HTMLElement;
  /** Those that there is room for; the first is always there. */
  readonly shown: readonly Column<Row>[];
  /** By what the rows are sorted from now on. */
  sorted(sort: GridSort | undefined): void;
  /** Takes up the room and the widths as they are now. Gives the template of a row's columns. */
  fit(room: number): string;
}

/** What the first column needs at least. */
const NAME_WIDTH = 150;

/** The columns of a grid: as many as leave the first one its room, as wide as they were drawn. */
export function gridColumns<Row>(
  columns: readonly Column<Row>[],
  options: { widths(): ColumnWidths; onWidths(widths: ColumnWidths, isOver: boolean): void; onSort(column: string): void },
): GridColumns<Row> {
  const heads = columnHeads({ edge: 'left', ...options });
  let shown = columns;
  let sort: GridSort | undefined;
  const widthOf = ({ key, width }: Column<Row>): number => options.widths()[key] ?? width;
  const showHeads = (): void =>
    heads.show(
      shown.map(({ key, title, isSortable }, at) => ({ key, title, isSortable, isNumber: at > 0, isResizable: at > 0 })),
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
    fit(room) {
      const [name, ...others] = columns;
      if (!name) return '';
      const kept = new Set(others);
      let used = others.reduce((sum, column) => sum + widthOf(column), 0);
      for (const column of [...others].sort((a, b) => b.rank - a.rank)) {
        if (used + NAME_WIDTH <= room || kept.size === 1) break;
        kept.delete(column);
        used -= widthOf(column);
      }
      const next = [name, ...others.filter((column) => kept.has(column))];
      const isSame = next.length === shown.length && next.every((column, at) => column === shown[at]);
      shown = next;
      if (!isSame || heads.element.childElementCount === 0) showHeads();
      const tracks = next.slice(1).map((column) => `${widthOf(column)}px`);
      return `minmax(0, 1fr) ${tracks.join(' ')}`;
    },
  };
}
