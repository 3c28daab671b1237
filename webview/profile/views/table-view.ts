import { type FlameModel, flameModel } from '../../../src/core/profile/views/flame-model';
import { invertTree } from '../../../src/core/profile/views/invert';
import { compareRows, flatRows, type TableRow, treeRows } from '../../../src/core/profile/views/table-rows';
import { pathOfNode, type Transformed } from '../../../src/core/profile/views/transform';
import { type TableColumn, type TableKind, tableColumns, tableKinds } from '../../../src/protocol/view-state';
import { formatCount, plural } from '../../../src/shared/format';
import { type GridEntry, type GridRows, rowGrid } from '../../grid/row-grid';
import { button, el, setText } from '../../ui/dom';
import { type RowFormat, rowFormats, rowsText } from './rows-text';
import { cellText, columnTitles, isText, profileColumns } from './table-columns';
import type { View, ViewContext } from './view';

const kinds: Readonly<Record<TableKind, string>> = { functions: 'Functions', 'top-down': 'Top down', 'bottom-up': 'Bottom up' };
/** Rows copied at most: a clipboard is no file format. */
const MAX_COPIED = 20_000;

/** Functions as a list, or the tree from its root or from its leaves. */
export function tableView(context: ViewContext): View {
  const { store } = context;
  const open: Record<TableKind, Set<number>> = { functions: new Set(), 'top-down': new Set(), 'bottom-up': new Set() };
  let rows: readonly TableRow[] = [];
  let model: FlameModel = store.model;
  let drawn: Transformed | undefined;
  let inverted: { of: Transformed; model: FlameModel } | undefined;

  const columns = profileColumns(store, () => model, {
    widths: () => store.state.widths,
    onSort(key) {
      const column = key as TableColumn;
      store.set({ sortBy: column, isRising: column === store.state.sortBy ? !store.state.isRising : isText(column) });
    },
    onWidths: (widths) => store.set({ widths }),
    onDrawing: () => grid.redraw(),
  });
  const grid = rowGrid<TableRow, GridEntry<TableRow>>({
    label: 'Functions',
    columns,
    isSelected: ({ func }) => func === store.state.selected,
    rowClass: ({ func }) => (store.found && !store.found.matches[func] ? 'other' : ''),
    isTree: () => store.state.table !== 'functions',
    choosesOnMove: true,
    onSelect(row) {
      context.select(row.func, pathOf(row));
      showState();
    },
    onOpen: ({ func }) => context.openSource(func),
    onMenu: (row, _, x, y) => context.openMenu(row.func, pathOf(row), x, y),
    onToggle: () => {},
  });
  grid.element.classList.add('wide');
  const gridRows: GridRows<TableRow> = {
    get length() {
      return rows.length;
    },
    isLoaded: true,
    at(index) {
      const row = rows[index];
      return row && { row, depth: row.depth, hasChildren: row.hasChildren, isOpen: row.isOpen };
    },
    want() {},
    open: (index) => toggle(index, true),
    close: (index) => toggle(index, false),
    parentOf(index) {
      const depth = rows[index]?.depth ?? 0;
      for (let up = index - 1; up >= 0; up--) if ((rows[up] as TableRow).depth < depth) return up;
      return -1;
    },
  };
  const tabs = el(
    'div',
    { class: 'segments', role: 'tablist', 'aria-label': 'Rows' },
    ...tableKinds.map((kind) => button(kinds[kind], () => store.set({ table: kind }), { role: 'tab', 'data-kind': kind }, kinds[kind])),
  );
  const count = el('span', { class: 'dim' });
  const copies = el(
    'span',
    { class: 'copies' },
    'Copy as',
    ...rowFormats.flatMap((format) => [' ', button(`Copy the rows as ${format}`, () => copyRows(format), { class: 'link' }, format)]),
  );
  const element = el('div', { class: 'view table-view' }, el('div', { class: 'view-bar' }, tabs, count, el('span', { class: 'spring' }), copies), grid.element);

  const cell = (row: TableRow, column: TableColumn): string => cellText(model, store.model, row, column);
  const pathOf = (row: TableRow): number[] | undefined => (row.node > 0 && store.state.table === 'top-down' ? pathOfNode(model.tables, row.node) : undefined);

  function toggle(index: number, isOpen: boolean): void {
    const { node } = rows[index] as TableRow;
    if (isOpen) open[store.state.table].add(node);
    else open[store.state.table].delete(node);
    build();
  }

  function showState(): void {
    const row = rows[grid.focused];
    context.showStatus(
      row ? [cell(row, 'name'), `self ${cell(row, 'self')} · ${cell(row, 'selfShare')}`, `total ${cell(row, 'total')} · ${cell(row, 'totalShare')}`] : [],
    );
  }

  function build(): void {
    const { table, sortBy, isRising } = store.state;
    if (table === 'bottom-up') {
      if (inverted?.of !== store.shown) inverted = { of: store.shown, model: flameModel(invertTree(store.shown.tables).tables) };
      model = inverted.model;
    } else model = store.model;
    const compare = compareRows(model, sortBy, isRising);
    rows = table === 'functions' ? flatRows(model, compare) : treeRows(model, open[table], compare, table === 'bottom-up');
    setText(count, plural(rows.length, 'row'));
    for (const tab of tabs.querySelectorAll('button')) tab.setAttribute('aria-selected', String(tab.dataset.kind === table));
  }

  function copyRows(format: RowFormat): void {
    const copied = rows.slice(0, MAX_COPIED).map((row) => tableColumns.map((column) => (column === 'name' ? '  '.repeat(row.depth) : '') + cell(row, column)));
    const text = rowsText({ titles: tableColumns.map((column) => columnTitles[column]), isText: tableColumns.map(isText), rows: copied }, format);
    context.copy(text, rows.length > MAX_COPIED ? `The first ${formatCount(MAX_COPIED)} rows copied` : `${plural(rows.length, 'row')} copied`);
  }

  const keys: Readonly<Record<string, () => void>> = { m: () => grid.openMenu(), c: () => copyRows('text') };

  return {
    element,
    update(changed) {
      const isRebuilt = changed === undefined || store.shown !== drawn || changed.has('table') || changed.has('sortBy') || changed.has('isRising');
      if (isRebuilt) {
        if (store.shown !== drawn) for (const set of Object.values(open)) set.clear();
        drawn = store.shown;
        build();
        columns.sorted(store.state);
        if (changed === undefined) grid.show(gridRows);
        const at = rows.findIndex(({ func }) => func === store.state.selected);
        if (changed === undefined && at >= 0) grid.center(at);
      }
      grid.redraw();
      showState();
    },
    onKey(event) {
      if (grid.onKey(event)) return true;
      const act = keys[event.key.toLowerCase()];
      act?.();
      return act !== undefined;
    },
    focus: () => grid.focus(),
  };
}
