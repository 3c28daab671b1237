import { type FromHeapWebview, type HeapViewKind, heapViews } from '../../src/protocol/heap-webview';
import { button, el } from '../ui/dom';
import { openMenu } from '../ui/menu';
import { type ViewTabs, viewTabs } from '../ui/view-tabs';
import { type FilterBox, filterBox } from './filter-box';
import type { HeapContext } from './view';

const names: Readonly<Record<HeapViewKind, string>> = {
  classes: 'Classes',
  comparison: 'Comparison',
  dominators: 'Dominators',
  retainers: 'Retainers',
  statistics: 'Statistics',
  strings: 'Strings',
  detached: 'Detached',
};
/** Views whose rows the filter chooses from. */
const filtered: ReadonlySet<HeapViewKind> = new Set(['classes', 'comparison', 'strings', 'detached']);

export interface HeapToolbar {
  readonly element: HTMLElement;
  readonly tabs: ViewTabs;
  readonly filter: FilterBox;
  /** The buttons that are there for the tree of dominators only. */
  readonly forms: HTMLElement;
  showView(): void;
  showPanel(): void;
  togglePanel(): void;
}

export interface HeapToolbarActions {
  tell(message: FromHeapWebview): void;
  /** Closes every row of the view in sight. */
  closeRows(): void;
  /** The focus leaves the filter for the view. */
  onLeave(): void;
}

export function heapToolbar(context: HeapContext, { tell, closeRows, onLeave }: HeapToolbarActions): HeapToolbar {
  const { store } = context;
  const togglePanel = (): void => store.set({ hasPanel: !store.state.hasPanel });
  const tabs = viewTabs(heapViews, names, (view) => store.set({ view }));
  const forms = dominatorForms(context);
  const filter = filterBox(store, context.ask, filtered, onLeave);
  const look = button('What is listed', () => openLook(context, look, tell, closeRows), { class: 'tool', 'aria-haspopup': 'menu' }, 'View ▾');
  const panel = button('Show or hide the panel (0)', togglePanel, { class: 'tool' }, 'Panel');
  return {
    element: el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Heap snapshot' }, tabs.element, forms, filter.element, look, panel),
    tabs,
    filter,
    forms,
    showView() {
      const { view, isIcicle } = store.state;
      tabs.choose(view);
      forms.hidden = view !== 'dominators';
      for (const form of forms.querySelectorAll('button')) form.setAttribute('aria-pressed', String(form.dataset.icicle === String(isIcicle)));
      filter.update();
    },
    showPanel: () => panel.setAttribute('aria-pressed', String(store.state.hasPanel)),
    togglePanel,
  };
}

function dominatorForms({ store }: HeapContext): HTMLElement {
  return el(
    'div',
    { class: 'segments forms', role: 'group', 'aria-label': 'Dominators as' },
    ...[false, true].map((isIcicle) =>
      button(isIcicle ? 'As boxes' : 'As a tree', () => store.set({ isIcicle }), { 'data-icicle': String(isIcicle) }, isIcicle ? 'Icicle' : 'Tree'),
    ),
  );
}

function openLook({ store, compare }: HeapContext, below: HTMLElement, tell: HeapToolbarActions['tell'], closeRows: () => void): void {
  const { hasInternal } = store;
  const { left, bottom } = below.getBoundingClientRect();
  openMenu(
    [
      { label: 'References of code only', isChecked: !hasInternal, act: () => tell({ kind: 'setInternal', isShown: false }) },
      { label: 'Weak and internal references too', isChecked: hasInternal, act: () => tell({ kind: 'setInternal', isShown: true }) },
      'line',
      { label: 'Compare with another snapshot…', act: compare },
      { label: 'Close every row', act: closeRows },
    ],
    left,
    bottom + 2,
    'What is listed',
  );
}
