import { baseName } from '../../src/core/findings/explain';
import type { HeapViewKind } from '../../src/protocol/heap-webview';
import { formatBytes, formatCount, formatShare, plural } from '../../src/shared/format';
import type { HeapList, HeapRow, HeapScope } from '../../src/shared/heap-query';
import { treeGrid } from '../grid/tree-grid';
import { button, el, setText } from '../ui/dom';
import { columnsOf, describeRow, keyOfRow } from './row-cells';
import type { HeapChange } from './store';
import type { HeapContext, HeapPart } from './view';

type ListKind = Exclude<HeapViewKind, 'statistics'>;

const labels: Readonly<Record<ListKind, string>> = {
  classes: 'Classes',
  comparison: 'Comparison by class',
  dominators: 'Dominators',
  retainers: 'Retainers',
  strings: 'Strings of equal text',
  detached: 'Detached nodes',
};

const nouns: Readonly<Record<ListKind, string>> = {
  classes: 'class',
  comparison: 'class',
  dominators: 'object',
  retainers: 'retainer',
  strings: 'text',
  detached: 'node',
};
const pluralOf = (count: number, noun: string): string =>
  noun === 'class' ? `${formatCount(count)} ${count === 1 ? 'class' : 'classes'}` : plural(count, noun);

const nothing: Readonly<Record<ListKind, string>> = {
  classes: 'No class fits.',
  comparison: 'No class fits: nothing of what is asked for was added or removed.',
  dominators: 'The snapshot holds nothing.',
  retainers: 'Nothing refers to it. It lives by weak references alone, or is a root.',
  strings: 'No text is in memory more than once.',
  detached: 'No DOM node is kept that is in no document any more.',
};

/** What each list depends on. */
const inputs: Readonly<Record<ListKind, readonly HeapChange[]>> = {
  classes: ['filter', 'scope', 'baseRead', 'classSort', 'hasInternal'],
  comparison: ['filter', 'baseRead', 'diffSort', 'hasInternal'],
  dominators: [],
  retainers: ['selected', 'hasInternal'],
  strings: ['filter', 'hasInternal'],
  detached: ['filter', 'hasInternal'],
};

/** A list of classes, objects or strings whose rows open into what is below them. */
export function listView(context: HeapContext, kind: ListKind): HeapPart {
  const { store } = context;
  const bar = el('div', { class: 'view-bar' });
  const count = el('span', { class: 'dim row-count', role: 'status' });
  const note = el('div', { class: 'view-note list-note', hidden: '' });
  const grid = treeGrid<HeapList, HeapRow>({
    label: labels[kind],
    columns: columnsOf(kind, store.overview.totalSize),
    source: {
      load: (list, from, to) => context.ask('rows', { list, from, to }),
      keyOf: keyOfRow,
      childrenOf,
    },
    describe: describeRow,
    nothing: nothing[kind],
    isSelected: (row) => row.kind === 'object' && row.node === store.state.selected,
    rowClass: (row) => (row.kind === 'object' && row.edge?.kind === 'weak' ? 'weak' : ''),
    onSelect(row, entry) {
      if (row.kind === 'object') {
        // What is chosen in a tree must not take the tree away from under the cursor, or open it elsewhere.
        pinned = root();
        ownSelection = revealed = row.node;
        context.select(row.node);
      } else if (!entry.isOpen) grid.onKey(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
      showStatus(row);
    },
    onOpen: (row) => row.kind === 'object' && (row.hasPlace ? context.openSource(row.node) : context.showRetainers(row.node)),
    onMenu: (row, _, x, y) => row.kind === 'object' && context.openObjectMenu(row.node, row.hasPlace, x, y),
    onSort: sortBy,
    widths: () => store.state.widths,
    onWidths: (widths) => store.set({ widths }),
    onOpened: (paths) => store.set({ open: { ...store.state.open, [kind]: paths } }),
    onCount(rows, failure) {
      setText(count, failure !== undefined ? '' : rows === undefined ? 'Reading…' : pluralOf(rows, nouns[kind]));
      if (failure === undefined) return;
      note.hidden = false;
      note.replaceChildren(failure);
    },
  });
  const element = el('div', { class: `view heap-list is-${kind}` }, bar, note, grid.element);
  /** The object whose retainers are shown. */
  let pinned: number | undefined;
  let ownSelection: number | undefined;
  let rootLabel = '';
  /** The object that the tree of dominators was opened at. */
  let revealed: number | undefined;
  let shown: string | undefined;

  const root = (): number | undefined => pinned ?? store.state.selected;

  /** What opens below a row. */
  function childrenOf(row: HeapRow): HeapList | undefined {
    const { hasInternal } = store;
    switch (row.kind) {
      case 'class':
        return { kind: 'objects', key: row.key, scope: scope(), sortBy: objectSort(store.state.classSort.sortBy), isRising: store.state.classSort.isRising };
      case 'diff':
        return row.added === 0 || store.base === undefined
          ? undefined
          : { kind: 'changed', base: store.base.file, key: row.key, sortBy: 'retained', isRising: false };
      case 'string':
        return { kind: 'copies', text: row.text };
      case 'object':
        if (kind === 'dominators') return row.hasChildren ? { kind: 'dominated', node: row.node } : undefined;
        if (kind === 'retainers') return row.hasChildren ? { kind: 'retainers', node: row.node, hasInternal } : undefined;
        return row.hasChildren ? { kind: 'fields', node: row.node, hasInternal } : undefined;
    }
  }

  function scope(): HeapScope {
    const { state, base } = store;
    if (state.scope === 'since' && base) return { kind: 'since', file: base.file };
    return state.scope === 'detached' ? { kind: 'detached' } : { kind: 'all' };
  }

  function list(): HeapList | undefined {
    const { state, base, hasInternal } = store;
    switch (kind) {
      case 'classes':
        return { kind: 'classes', filter: state.filter, scope: scope(), ...state.classSort };
      case 'comparison':
        return base && { kind: 'comparison', base: base.file, filter: state.filter, ...state.diffSort };
      case 'dominators':
        return { kind: 'dominated', node: 0 };
      case 'retainers': {
        const node = root();
        return node === undefined ? undefined : { kind: 'retainers', node, hasInternal };
      }
      case 'strings':
        return { kind: 'strings', filter: state.filter };
      case 'detached':
        return { kind: 'detached', filter: state.filter };
    }
  }

  function sortBy(key: string): void {
    const flip = <T extends string>(current: { readonly sortBy: T; readonly isRising: boolean }) => ({
      sortBy: key as T,
      isRising: current.sortBy === key ? !current.isRising : key === 'name' || key === 'distance',
    });
    if (kind === 'classes') store.set({ classSort: flip(store.state.classSort) });
    if (kind === 'comparison') store.set({ diffSort: flip(store.state.diffSort) });
  }

  function showStatus(row: HeapRow | undefined): void {
    if (row === undefined) return context.showStatus([]);
    if (row.kind === 'object') {
      const share = formatShare(row.retained / Math.max(1, store.overview.totalSize));
      return context.showStatus([`${row.label} @${row.id}`, `retained ${formatBytes(row.retained)} · ${share}`, `shallow ${formatBytes(row.shallow)}`]);
    }
    const [name, ...rest] = describeRow(row).split(', ');
    context.showStatus([name ?? '', ...rest]);
  }

  function renderBar(): void {
    const parts: (Node | string)[] = [];
    if (kind === 'classes') parts.push(scopeButtons());
    if (kind === 'comparison' && store.base) {
      const { title, addedSize, removedSize } = store.base;
      parts.push(
        el('span', {}, 'Since ', el('span', { class: 'code' }, title)),
        el('span', { class: 'dim code' }, `+${formatBytes(addedSize)} −${formatBytes(removedSize)}`),
        button('Compare with another snapshot', () => context.compare(), { class: 'link' }, 'Another…'),
      );
    }
    const { object } = store;
    if (object && object.node === root()) rootLabel = `${object.label} @${object.id}`;
    if (kind === 'retainers' && root() !== undefined) parts.push(el('span', {}, 'What refers to ', el('span', { class: 'code' }, rootLabel)));
    bar.hidden = list() === undefined;
    bar.replaceChildren(...parts, el('span', { class: 'spring' }), count);
  }

  function scopeButtons(): HTMLElement {
    const { state, base } = store;
    const choice = (value: typeof state.scope, label: string, title: string, isEnabled = true): HTMLElement =>
      button(
        title,
        () => (isEnabled ? store.set({ scope: value }) : context.compare()),
        { 'aria-pressed': String(state.scope === value), class: 'choice-button' },
        label,
      );
    return el(
      'div',
      { class: 'segments scope', role: 'group', 'aria-label': 'Which objects' },
      choice('all', 'All objects', 'Every object of the snapshot'),
      choice('detached', 'Detached', 'DOM nodes that are in no document any more'),
      choice(
        'since',
        base ? `Allocated since ${baseName(base.title)}` : 'Allocated between…',
        base ? 'Objects that the other snapshot does not have yet' : 'Choose an earlier snapshot of the same process',
        base !== undefined,
      ),
    );
  }

  function explainNothing(): void {
    const messages: Partial<Record<ListKind, readonly (Node | string)[]>> = {
      comparison: [
        el('p', {}, 'What was added and removed since another snapshot of the same process.'),
        button('Choose a snapshot to compare with', () => context.compare(), { class: 'primary' }, 'Compare with…'),
      ],
      retainers: ['Select an object in another list, and what refers to it is shown here.'],
    };
    note.hidden = false;
    note.replaceChildren(...(messages[kind] ?? []));
  }

  function show(): void {
    const next = list();
    const key = JSON.stringify([next, store.hasInternal]);
    renderBar();
    if (key === shown) return grid.redraw();
    shown = key;
    note.hidden = true;
    grid.element.hidden = next === undefined;
    if (!next) return explainNothing();
    if (kind === 'comparison' && store.base?.warning !== undefined) {
      note.hidden = false;
      note.replaceChildren(store.base.warning);
    }
    const sort = kind === 'classes' ? store.state.classSort : kind === 'comparison' ? store.state.diffSort : undefined;
    grid.show(next, store.state.open[kind] ?? [], sort);
  }

  return {
    element,
    update(changed) {
      if (changed === undefined || (changed.has('selected') && store.state.selected !== ownSelection)) pinned = undefined;
      if (changed === undefined || inputs[kind].some((input) => changed.has(input))) show();
      else grid.redraw();
      if (changed?.has('object') || changed === undefined) renderBar();
      if (changed === undefined || changed.has('object')) revealSelected();
    },
    onKey: (event) => grid.onKey(event),
    focus: () => grid.focus(),
  };

  /** Opens the tree of dominators down to the selected object. */
  function revealSelected(): void {
    const { object, state } = store;
    if (kind !== 'dominators' || !object || object.node !== state.selected || object.dominators.length === 0 || revealed === object.node) return;
    revealed = object.node;
    grid.reveal(object.dominators.map(({ id, at }) => ({ key: `@${id}`, at })));
    store.set({ open: { ...state.open, dominators: grid.openPaths } });
  }
}

function objectSort(column: string): 'id' | 'distance' | 'shallow' | 'retained' {
  return column === 'distance' || column === 'shallow' ? column : column === 'name' ? 'id' : 'retained';
}
