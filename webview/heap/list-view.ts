import type { HeapList, HeapRow } from '../../src/shared/heap-query';
import { type TreeGrid, treeGrid } from '../grid/tree-grid';
import { button, el } from '../ui/dom';
import { type ListBar, listBar } from './list-bar';
import { columnsOf } from './list-columns';
import { type ListKind, listBelow, listInputs, outermostList, sortedBy, sortOf } from './list-queries';
import { emptyWords, listLabels, statusOf } from './list-words';
import { describeRow, keyOfRow } from './row-cells';
import type { HeapChange, HeapStore } from './store';
import type { HeapContext, HeapPart } from './view';

/** A list of classes, objects or strings whose rows open into what is below them. */
export function listView(context: HeapContext, kind: ListKind): HeapPart {
  const { store } = context;
  const bar = listBar(context, kind);
  const note = listNote();
  const root = listRoot(store);
  const grid = listGrid(context, kind, { bar, note, root });
  let shown: string | undefined;

  function show(): void {
    const next = outermostList(kind, store, root.node);
    const key = JSON.stringify([next, store.hasInternal]);
    bar.update(root.node, next !== undefined);
    if (key === shown) return grid.redraw();
    shown = key;
    note.hide();
    grid.element.hidden = next === undefined;
    if (!next) return note.show(...nothingToList(context, kind));
    if (kind === 'comparison' && store.base?.warning !== undefined) note.show(store.base.warning);
    grid.show(next, store.state.open[kind] ?? [], sortOf(kind, store.state));
  }

  /** Opens the tree of dominators down to the selected object. */
  function revealSelected(): void {
    const { object, state } = store;
    if (kind !== 'dominators' || !object || object.node !== state.selected || object.dominators.length === 0 || root.revealed === object.node) return;
    root.revealed = object.node;
    grid.reveal(object.dominators.map(({ id, at }) => ({ key: `@${id}`, at })));
    store.set({ open: { ...state.open, dominators: grid.openPaths } });
  }

  return {
    element: el('div', { class: `view heap-list is-${kind}` }, bar.element, note.element, grid.element),
    update(changed) {
      root.update(changed);
      if (changed === undefined || listInputs[kind].some((input) => changed.has(input))) show();
      else grid.redraw();
      if (changed !== undefined && !changed.has('object')) return;
      bar.update(root.node, outermostList(kind, store, root.node) !== undefined);
      revealSelected();
    },
    onKey: (event) => grid.onKey(event),
    focus: () => grid.focus(),
  };
}

/**
 * The object that a tree starts from. What is chosen in a tree must not take the tree away from
 * under the cursor, or open it elsewhere.
 */
interface ListRoot {
  readonly node: number | undefined;
  /** The object that the tree of dominators was opened at. */
  revealed: number | undefined;
  /** An object is chosen in the tree itself: the root is the one that it has now. */
  choose(node: number): void;
  update(changed: ReadonlySet<HeapChange> | undefined): void;
}

function listRoot(store: HeapStore): ListRoot {
  let pinned: number | undefined;
  let ownSelection: number | undefined;
  const current = (): number | undefined => pinned ?? store.state.selected;
  return {
    get node() {
      return current();
    },
    revealed: undefined,
    choose(node) {
      pinned = current();
      ownSelection = this.revealed = node;
    },
    update(changed) {
      if (changed === undefined || (changed.has('selected') && store.state.selected !== ownSelection)) pinned = undefined;
    },
  };
}

interface ListNote {
  readonly element: HTMLElement;
  show(...content: readonly (Node | string)[]): void;
  hide(): void;
}

function listNote(): ListNote {
  const element = el('div', { class: 'view-note list-note', hidden: '' });
  return {
    element,
    show(...content) {
      element.hidden = false;
      element.replaceChildren(...content);
    },
    hide() {
      element.hidden = true;
    },
  };
}

interface ListParts {
  readonly bar: ListBar;
  readonly note: ListNote;
  readonly root: ListRoot;
}

function listGrid(context: HeapContext, kind: ListKind, { bar, note, root }: ListParts): TreeGrid<HeapList> {
  const { store } = context;
  const grid = treeGrid<HeapList, HeapRow>({
    label: listLabels[kind],
    columns: columnsOf(kind, store.overview.totalSize),
    source: {
      load: (list, from, to) => context.ask('rows', { list, from, to }),
      keyOf: keyOfRow,
      childrenOf: (row) => listBelow(kind, store, row),
    },
    describe: describeRow,
    nothing: emptyWords[kind],
    isSelected: (row) => row.kind === 'object' && row.node === store.state.selected,
    rowClass: (row) => (row.kind === 'object' && row.edge?.kind === 'weak' ? 'weak' : ''),
    onSelect(row, entry) {
      if (row.kind === 'object') {
        root.choose(row.node);
        context.select(row.node);
      } else if (!entry.isOpen) grid.onKey(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
      context.showStatus(statusOf(row, store.overview.totalSize));
    },
    onOpen: (row) => row.kind === 'object' && (row.hasPlace ? context.openSource(row.node) : context.showRetainers(row.node)),
    onMenu: (row, _, x, y) => row.kind === 'object' && context.openObjectMenu(row.node, row.hasPlace, x, y),
    onSort: (column) => store.set(sortedBy(kind, store.state, column)),
    widths: () => store.state.widths,
    onWidths: (widths) => store.set({ widths }),
    onOpened: (paths) => store.set({ open: { ...store.state.open, [kind]: paths } }),
    onCount(rows, failure) {
      bar.setCount(rows, failure !== undefined);
      if (failure !== undefined) note.show(failure);
    },
  });
  return grid;
}

/** What stands in the place of a list that has nothing to be of. */
function nothingToList(context: HeapContext, kind: ListKind): readonly (Node | string)[] {
  if (kind === 'comparison')
    return [
      el('p', {}, 'What was added and removed since another snapshot of the same process.'),
      button('Choose a snapshot to compare with', () => context.compare(), { class: 'primary' }, 'Compare with…'),
    ];
  return kind === 'retainers' ? ['Select an object in another list, and what refers to it is shown here.'] : [];
}
