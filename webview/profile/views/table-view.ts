import { frameLabel } from '../../../src/core/findings/explain';
import { type FlameModel, flameModel } from '../../../src/core/profile/flame-model';
import { invertTree } from '../../../src/core/profile/invert';
import { categoryText, compareRows, flatRows, type TableRow, treeRows } from '../../../src/core/profile/table-rows';
import { functionAt } from '../../../src/core/profile/tables';
import { pathOfNode, type Transformed } from '../../../src/core/profile/transform';
import type { ColumnWidths } from '../../../src/protocol/column-widths';
import { type TableColumn, type TableKind, tableColumns, tableKinds } from '../../../src/protocol/view-state';
import { functionIndex } from '../../../src/shared/brands';
import { formatCost, formatCount, formatShare } from '../../../src/shared/format';
import { columnHeads } from '../../ui/column-heads';
import { button, el, setText } from '../../ui/dom';
import { findingLines } from '../finding-words';
import type { View, ViewContext } from './view';

const ROW_HEIGHT = 22;
const titles: Readonly<Record<TableColumn, string>> = {
  self: 'Self',
  selfShare: 'Self %',
  total: 'Total',
  totalShare: 'Total %',
  samples: 'Samples',
  name: 'Function',
  file: 'File',
  category: 'Category',
};
const kinds: Readonly<Record<TableKind, string>> = { functions: 'Functions', 'top-down': 'Top down', 'bottom-up': 'Bottom up' };
const isText = (column: TableColumn): boolean => column === 'name' || column === 'file' || column === 'category';
const initialWidths: Readonly<Record<TableColumn, number>> = {
  self: 78,
  selfShare: 66,
  total: 78,
  totalShare: 74,
  samples: 78,
  name: 250,
  file: 220,
  category: 136,
};
/** Texts take what room there is, up to here; then a line is too long to follow. */
const roomiest: Readonly<Partial<Record<TableColumn, number>>> = { name: 560, file: 480 };
/** Below this width the names come first, and what does not fit is scrolled to. */
const NARROW = 460;
const narrowColumns: readonly TableColumn[] = ['name', 'selfShare', 'totalShare', 'self', 'total', 'samples', 'file', 'category'];
const NARROW_NAME = 142;
/** Rows copied at most: a clipboard is no file format. */
const MAX_COPIED = 20_000;

/** The end of a path, which is what tells files apart: the file and its folder. */
const lastSegments = (url: string): string => url.replace(/^file:\/\//, '').replace(/^.*?([^\\/]+[\\/][^\\/]+)$/, '$1');

/** Functions as a list, or the tree from its root or from its leaves. Only the rows in sight exist. */
export function tableView(context: ViewContext): View {
  const { store } = context;
  /** Widths that are being drawn. */
  let drawnWidths: ColumnWidths | undefined;
  const setWidths = (): ColumnWidths => drawnWidths ?? store.state.widths;
  let isNarrow = false;
  const open: Record<TableKind, Set<number>> = { functions: new Set(), 'top-down': new Set(), 'bottom-up': new Set() };
  let rows: TableRow[] = [];
  let model: FlameModel = store.model;
  let drawn: Transformed | undefined;
  let inverted: { of: Transformed; model: FlameModel } | undefined;
  let focused = 0;

  const heads = columnHeads({
    edge: 'right',
    widths: setWidths,
    onSort: (key) => {
      const column = key as TableColumn;
      store.set({ sortBy: column, isRising: column === store.state.sortBy ? !store.state.isRising : isText(column) });
    },
    onWidths(widths, isOver) {
      drawnWidths = isOver ? undefined : widths;
      if (isOver) store.set({ widths });
      setTemplate();
    },
  });
  const head = heads.element;
  const body = el('div', { class: 'table-rows', role: 'rowgroup' });
  const scroller = el(
    'div',
    { class: 'table-body', role: 'treegrid', tabindex: '0', 'aria-label': 'Functions: arrow keys move and open, Enter selects', 'aria-rowcount': '0' },
    head,
    body,
  );
  const tabs = el(
    'div',
    { class: 'segments', role: 'tablist', 'aria-label': 'Rows' },
    ...tableKinds.map((kind) => button(kinds[kind], () => store.set({ table: kind }), { role: 'tab', 'data-kind': kind }, kinds[kind])),
  );
  const count = el('span', { class: 'dim' });
  const copies = el(
    'span',
    { class: 'copies' },
    'Copy as ',
    button('Copy the rows as text', () => copyRows('text'), { class: 'link' }, 'text'),
    ' ',
    button('Copy the rows as CSV', () => copyRows('csv'), { class: 'link' }, 'CSV'),
    ' ',
    button('Copy the rows as Markdown', () => copyRows('markdown'), { class: 'link' }, 'Markdown'),
  );
  const element = el('div', { class: 'view table-view' }, el('div', { class: 'view-bar' }, tabs, count, el('span', { class: 'spring' }), copies), scroller);

  const share = (cost: number): number => (store.model.width > 0 ? cost / store.model.width : 0);
  const cell = (row: TableRow, column: TableColumn): string => {
    const { functions, strings, unit } = model.tables;
    const view = functionAt(model.tables, functionIndex(row.func));
    switch (column) {
      case 'self':
        return formatCost(row.self, unit);
      case 'selfShare':
        return formatShare(share(row.self));
      case 'total':
        return formatCost(row.total, unit);
      case 'totalShare':
        return formatShare(share(row.total));
      case 'samples':
        return formatCount(row.samples);
      case 'name':
        return frameLabel(model.tables, functionIndex(row.func));
      case 'file':
        return view.url === '' ? '' : `${lastSegments(view.url)}${view.line >= 0 ? `:${view.line + 1}` : ''}`;
      case 'category':
        return categoryText(functions, strings, row.func);
    }
  };

  const columns = (): readonly TableColumn[] => (isNarrow ? narrowColumns : tableColumns);
  const widthOf = (column: TableColumn): number => setWidths()[column] ?? (isNarrow && column === 'name' ? NARROW_NAME : initialWidths[column]);
  const setTemplate = (): void => {
    const track = (column: TableColumn): string => {
      const most = isNarrow || column in setWidths() ? undefined : roomiest[column];
      return most === undefined ? `${widthOf(column)}px` : `minmax(${widthOf(column)}px, ${most}px)`;
    };
    scroller.style.setProperty('--columns', columns().map(track).join(' '));
    scroller.style.setProperty('--least', `${columns().reduce((sum, column) => sum + widthOf(column), 0)}px`);
  };
  new ResizeObserver(() => {
    const now = scroller.clientWidth > 0 && scroller.clientWidth < NARROW;
    if (now === isNarrow) return;
    isNarrow = now;
    renderHead();
    renderRows();
  }).observe(scroller);

  function renderHead(): void {
    heads.show(
      columns().map((key) => ({ key, title: titles[key], isNumber: !isText(key), isSortable: true, isResizable: true })),
      store.state,
    );
    setTemplate();
  }

  function renderRows(): void {
    const first = Math.max(0, Math.floor((scroller.scrollTop - ROW_HEIGHT) / ROW_HEIGHT) - 4);
    const last = Math.min(rows.length, first + Math.ceil(scroller.clientHeight / ROW_HEIGHT) + 10);
    body.style.height = `${rows.length * ROW_HEIGHT}px`;
    const matches = store.found?.matches;
    const shown: HTMLElement[] = [];
    for (let at = first; at < last; at++) {
      const row = rows[at] as TableRow;
      const isFocused = at === focused;
      const line = el('div', {
        class: `row${isFocused ? ' focused' : ''}${matches && !matches[row.func] ? ' other' : ''}${row.func === store.state.selected ? ' selected' : ''}`,
        role: 'row',
        id: isFocused ? 'focused-row' : undefined,
        'aria-rowindex': String(at + 1),
        'aria-level': String(row.depth + 1),
        'aria-expanded': row.hasChildren ? String(row.isOpen) : undefined,
        'aria-selected': String(row.func === store.state.selected),
      });
      line.style.top = `${at * ROW_HEIGHT}px`;
      for (const column of columns()) {
        const text = cell(row, column);
        const box = el('div', {
          class: `cell${isText(column) ? '' : ' number'}${column === 'name' ? ' code' : ''}`,
          role: 'gridcell',
          title:
            column === 'name'
              ? [text, ...findingLines(store, row.func).map((one) => one.text)].join('\n')
              : column === 'file'
                ? functionAt(model.tables, functionIndex(row.func)).url
                : isText(column)
                  ? text
                  : undefined,
        });
        const level = column === 'name' ? store.marks.get(row.func) : undefined;
        if (level) box.classList.add('marked', level);
        if (column === 'name' && store.state.table !== 'functions') {
          const indent = el('span', { class: 'twisty', 'aria-hidden': 'true' }, row.hasChildren ? (row.isOpen ? '▾' : '▸') : '');
          indent.style.marginLeft = `${Math.min(row.depth, 60) * 12}px`;
          indent.addEventListener('click', (event) => {
            event.stopPropagation();
            focused = at;
            toggle(row);
          });
          box.append(indent);
        }
        if (column === 'selfShare' || column === 'totalShare')
          box.style.setProperty('--part', `${Math.min(100, share(column === 'selfShare' ? row.self : row.total) * 100)}%`);
        if (column === 'selfShare' || column === 'totalShare') box.classList.add('part');
        box.append(text);
        line.append(box);
      }
      line.addEventListener('click', () => choose(at));
      line.addEventListener('dblclick', () => context.openSource(row.func));
      line.addEventListener('contextmenu', (event) => {
        event.preventDefault();
        choose(at);
        context.openMenu(row.func, pathOf(row), event.clientX, event.clientY);
      });
      shown.push(line);
    }
    body.replaceChildren(...shown);
    scroller.setAttribute('aria-rowcount', String(rows.length));
    if (rows.length > 0) scroller.setAttribute('aria-activedescendant', 'focused-row');
  }

  const pathOf = (row: TableRow): number[] | undefined => (row.node > 0 && store.state.table === 'top-down' ? pathOfNode(model.tables, row.node) : undefined);

  function choose(at: number): void {
    focused = Math.max(0, Math.min(rows.length - 1, at));
    const row = rows[focused];
    if (!row) return;
    const top = focused * ROW_HEIGHT;
    const room = scroller.clientHeight - ROW_HEIGHT;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW_HEIGHT > scroller.scrollTop + room) scroller.scrollTop = top + ROW_HEIGHT - room;
    scroller.focus({ preventScroll: true });
    context.select(row.func, pathOf(row));
    showState();
    renderRows();
  }

  function toggle(row: TableRow, to = !row.isOpen): void {
    const set = open[store.state.table];
    if (to) set.add(row.node);
    else set.delete(row.node);
    build();
    renderRows();
  }

  function showState(): void {
    const row = rows[focused];
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
    focused = Math.min(focused, Math.max(0, rows.length - 1));
    setText(count, `${formatCount(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`);
    for (const tab of tabs.querySelectorAll('button')) tab.setAttribute('aria-selected', String(tab.dataset.kind === table));
  }

  function copyRows(format: 'text' | 'csv' | 'markdown'): void {
    const lines = rows.slice(0, MAX_COPIED).map((row) => tableColumns.map((column) => (column === 'name' ? '  '.repeat(row.depth) : '') + cell(row, column)));
    const header = tableColumns.map((column) => titles[column]);
    const quote = (text: string): string => (/[",\n\r]/.test(text) || /^[=+\-@\t]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
    const inCell = (text: string): string =>
      text
        .replace(/[\\|`*_<>[\]]/g, '\\$&')
        .replace(/[\r\n]+/g, ' ')
        .replace(/^ +/, (spaces) => '&nbsp;'.repeat(spaces.length));
    const text =
      format === 'text'
        ? [header, ...lines].map((line) => line.join('\t')).join('\n')
        : format === 'csv'
          ? [header, ...lines].map((line) => line.map(quote).join(',')).join('\r\n')
          : [header, tableColumns.map((column) => (isText(column) ? ':--' : '--:')), ...lines.map((line) => line.map(inCell))]
              .map((line) => `| ${line.join(' | ')} |`)
              .join('\n');
    context.copy(`${text}\n`, rows.length > MAX_COPIED ? `The first ${formatCount(MAX_COPIED)} rows copied` : `${formatCount(rows.length)} rows copied`);
  }

  scroller.addEventListener('scroll', () => requestAnimationFrame(renderRows), { passive: true });
  new ResizeObserver(() => renderRows()).observe(scroller);

  const page = (): number => Math.max(1, Math.floor(scroller.clientHeight / ROW_HEIGHT) - 2);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => choose(focused + 1),
    ArrowUp: () => choose(focused - 1),
    PageDown: () => choose(focused + page()),
    PageUp: () => choose(focused - page()),
    Home: () => choose(0),
    End: () => choose(rows.length - 1),
    ArrowRight: () => {
      const row = rows[focused];
      if (row?.hasChildren && !row.isOpen) toggle(row, true);
      else if (row?.isOpen) choose(focused + 1);
    },
    ArrowLeft: () => {
      const row = rows[focused];
      if (row?.isOpen) return toggle(row, false);
      let up = focused;
      while (up > 0 && (rows[up] as TableRow).depth >= (row?.depth ?? 0)) up--;
      if (row && row.depth > 0) choose(up);
    },
    Enter: () => choose(focused),
    ' ': () => choose(focused),
    m: () => {
      const row = rows[focused];
      const bounds = scroller.getBoundingClientRect();
      if (row) context.openMenu(row.func, pathOf(row), bounds.left + 60, bounds.top + (focused + 2) * ROW_HEIGHT - scroller.scrollTop);
    },
    c: () => copyRows('text'),
  };

  return {
    element,
    update(changed) {
      if (changed === undefined || store.shown !== drawn || changed.has('table') || changed.has('sortBy') || changed.has('isRising')) {
        if (store.shown !== drawn) for (const set of Object.values(open)) set.clear();
        drawn = store.shown;
        build();
        renderHead();
        const at = rows.findIndex(({ func }) => func === store.state.selected);
        if (changed === undefined && at >= 0) {
          focused = at;
          scroller.scrollTop = Math.max(0, at * ROW_HEIGHT - scroller.clientHeight / 2);
        }
      }
      renderRows();
      showState();
    },
    onKey(event) {
      const act = keys[event.key] ?? keys[event.key.toLowerCase()];
      if (!act) return false;
      act();
      return true;
    },
    focus: () => scroller.focus({ preventScroll: true }),
  };
}
