import { type FromHeapWebview, type HeapViewKind, heapViews } from '../../src/protocol/heap-webview';
import { type HeapBase, heapKinds } from '../../src/shared/heap-query';
import { themeOf } from '../chart/colours';
import { button, el, setText } from '../ui/dom';
import { keySheet } from '../ui/key-sheet';
import { type MenuItem, openMenu } from '../ui/menu';
import { lacksFocus } from '../ui/page';
import { dispatchKeys } from '../ui/page-keys';
import { tooltip } from '../ui/tooltip';
import { viewTabs } from '../ui/view-tabs';
import { filterBox } from './filter-box';
import { heapHeader } from './heap-header';
import { icicleView } from './icicle-view';
import { heapKeys, heapMouse } from './keys';
import { swatch } from './kind-colours';
import { listView } from './list-view';
import { sidePanel } from './object-panel';
import { statisticsView } from './statistics-view';
import type { HeapChange, HeapStore } from './store';
import type { Ask, HeapContext, HeapPart } from './view';

export interface HeapView {
  readonly element: HTMLElement;
  /** Draws for the first time; the element must be on the page, or the canvas has no size. */
  start(): void;
  takeFocus(): void;
  reveal(node: number): void;
  showBanner(message: string): void;
  /** A comparison is being made; undefined hides it. */
  showComparing(doing: string | undefined, share: number | undefined): void;
  setBase(base: HeapBase): void;
  focusFilter(): void;
  themeChanged(): void;
}

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

/** A heap snapshot's editor: header, toolbar, the view that is chosen, inspector and status line over one store. */
export function heapView(store: HeapStore, ask: Ask, tell: (message: FromHeapWebview) => void): HeapView {
  const made = new Map<string, HeapPart>();
  const tip = tooltip();
  const statusParts = el('div', { class: 'status-parts' });
  const banner = el('p', { class: 'banner', role: 'alert', hidden: '' });
  const comparing = el('div', { class: 'comparing', role: 'status', hidden: '' });
  const stage = el('div', { class: 'stage' });
  const keys = keySheet(heapKeys, heapMouse);
  /** What the next comparison is for. */
  let purpose: 'comparison' | 'since' | 'restore' = 'comparison';

  const context: HeapContext = {
    store,
    ask,
    theme: () => themeOf(document.body),
    select: (node) => store.set({ selected: node }),
    showRetainers: (node) => store.set({ selected: node, view: 'retainers' }),
    showDominator: (node) => store.set({ selected: node, view: 'dominators', isIcicle: false }),
    openSource: (node) => tell({ kind: 'openSource', node }),
    openObjectMenu,
    compare() {
      purpose = store.state.view === 'classes' ? 'since' : 'comparison';
      tell({ kind: 'compare', base: undefined });
    },
    tooltip: tip,
    showStatus(parts) {
      statusParts.replaceChildren(...parts.map((part, at) => el('span', at === 0 ? { class: 'strong' } : {}, part)));
    },
    copy: (text, what) => tell({ kind: 'copy', text, what }),
  };

  const panel = sidePanel(store, ask, {
    onSelect: context.select,
    onOpenSource: context.openSource,
    onRetainers: context.showRetainers,
    onDominator: context.showDominator,
    onClose: togglePanel,
  });
  const tabs = viewTabs(heapViews, names, (view) => store.set({ view }));
  const filter = filterBox(store, ask, filtered, () => current().focus());
  const look = button('What is listed', () => openLook(), { class: 'tool', 'aria-haspopup': 'menu' }, 'View ▾');
  const panelButton = button('Show or hide the panel (0)', togglePanel, { class: 'tool' }, 'Panel');
  const forms = el(
    'div',
    { class: 'segments forms', role: 'group', 'aria-label': 'Dominators as' },
    ...[false, true].map((isIcicle) =>
      button(isIcicle ? 'As boxes' : 'As a tree', () => store.set({ isIcicle }), { 'data-icicle': String(isIcicle) }, isIcicle ? 'Icicle' : 'Tree'),
    ),
  );
  const toolbar = el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Heap snapshot' }, tabs.element, forms, filter.element, look, panelButton);
  const element = el(
    'div',
    { class: 'profile heap' },
    heapHeader(store.overview),
    banner,
    toolbar,
    comparing,
    el('div', { class: 'body' }, stage, panel.element),
    el(
      'footer',
      {},
      statusParts,
      button('Keys (?)', () => keys.open(), { class: 'keys-hint' }, '? keys'),
    ),
    tip.element,
  );

  function current(): HeapPart {
    const { view, isIcicle } = store.state;
    const name = view === 'dominators' && isIcicle ? 'icicle' : view;
    let found = made.get(name);
    if (!found) {
      found = name === 'icicle' ? icicleView(context) : view === 'statistics' ? statisticsView(context) : listView(context, view);
      made.set(name, found);
    }
    return found;
  }

  function showView(): void {
    const view = current();
    const { state } = store;
    // What had the focus goes away with its view; keys have to go on working.
    const hadFocus = stage.contains(document.activeElement) || (state.view !== 'dominators' && forms.contains(document.activeElement));
    if (stage.firstElementChild !== view.element) stage.replaceChildren(view.element);
    tabs.choose(state.view);
    forms.hidden = state.view !== 'dominators';
    for (const form of forms.querySelectorAll('button')) form.setAttribute('aria-pressed', String(form.dataset.icicle === String(state.isIcicle)));
    element.dataset.view = state.view;
    filter.update();
    view.update(undefined);
    if (hadFocus && document.hasFocus()) view.focus();
  }

  function openLook(): void {
    const { hasInternal } = store;
    const items: (MenuItem | 'line')[] = [
      { label: 'References of code only', isChecked: !hasInternal, act: () => tell({ kind: 'setInternal', isShown: false }) },
      { label: 'Weak and internal references too', isChecked: hasInternal, act: () => tell({ kind: 'setInternal', isShown: true }) },
      'line',
      { label: 'Compare with another snapshot…', act: context.compare },
      { label: 'Close every row', act: () => closeRows() },
    ];
    const { left, bottom } = look.getBoundingClientRect();
    openMenu(items, left, bottom + 2, 'What is listed');
  }

  function closeRows(): void {
    const { view, open } = store.state;
    made.delete(view);
    store.set({ open: { ...open, [view]: [] } });
    showView();
  }

  function openObjectMenu(node: number, hasPlace: boolean, x: number, y: number): void {
    tip.hide();
    const { object } = store;
    openMenu(
      [
        { label: 'What refers to it', act: () => context.showRetainers(node) },
        { label: 'In the dominator tree', act: () => context.showDominator(node) },
        { label: 'As the whole icicle', act: () => store.set({ view: 'dominators', isIcicle: true, icicleRoot: node }) },
        ...(hasPlace ? [{ label: 'Go to source', key: 'Ctrl+Enter', act: () => context.openSource(node) }] : []),
        'line',
        { label: 'Copy its id', act: () => object?.node === node && context.copy(`@${object.id}`, 'Id copied') },
      ],
      x,
      y,
      'Object',
    );
  }

  function showPanel(): void {
    panelButton.setAttribute('aria-pressed', String(store.state.hasPanel));
    panel.update();
  }

  function togglePanel(): void {
    store.set({ hasPanel: !store.state.hasPanel });
  }

  const commands: Readonly<Record<string, () => void>> = {
    ...tabs.commands,
    '0': togglePanel,
    '/': () => filter.focus(),
    '?': () => keys.open(),
    Escape: () => store.set({ filter: '' }),
  };
  dispatchKeys(element, {
    find: () => filter.focus(),
    first(event) {
      if (tabs.onKey(event)) return true;
      tip.hide();
      return false;
    },
    commands: {},
    // The panel scrolls by these keys.
    view: (event) => !(panel.element.contains(event.target as Node) && /^(?:Arrow|Page|Home|End)/.test(event.key)) && current().onKey(event),
    fallback: commands,
    type: () => filter.focus(),
  });

  store.subscribe((changed: ReadonlySet<HeapChange>) => {
    if (changed.has('selected') || changed.has('hasInternal')) panel.wantObject();
    if (changed.has('view') || changed.has('isIcicle')) showView();
    else current().update(changed);
    if (changed.has('filter')) filter.update();
    if (['selected', 'object', 'hasPanel', 'view'].some((key) => changed.has(key as HeapChange))) showPanel();
    // What had the focus may have been replaced by its own click; keys are heard inside of the page's element only.
    if (lacksFocus()) current().focus();
  });

  /** One set of colours for dots, bar and icicle. */
  function setColours(): void {
    for (const kind of heapKinds) element.style.setProperty(`--kind-${kind}`, swatch(context.theme(), kind));
  }
  setColours();

  return {
    element,
    start() {
      showView();
      showPanel();
      panel.wantObject();
      if (store.state.base !== undefined) {
        purpose = 'restore';
        tell({ kind: 'compare', base: store.state.base });
      }
      requestAnimationFrame(() => tell({ kind: 'shown', milliseconds: performance.now() }));
    },
    takeFocus() {
      if (lacksFocus()) current().focus();
    },
    reveal: (node) => store.set({ selected: node, hasPanel: true }),
    showBanner(message) {
      setText(banner, message);
      banner.hidden = message === '';
    },
    showComparing(doing, share) {
      comparing.hidden = doing === undefined;
      if (doing === undefined) {
        // Given up, or failed: what was to be restored is not there to compare with.
        purpose = 'comparison';
        return;
      }
      comparing.replaceChildren(
        el('span', {}, doing),
        el('progress', { 'aria-label': doing, ...(share === undefined ? {} : { value: String(share), max: '1' }) }),
        button('Cancel', () => tell({ kind: 'cancel' }), { class: 'link' }, 'Cancel'),
      );
    },
    setBase(base) {
      comparing.hidden = true;
      const { scope } = store.state;
      const after = purpose;
      purpose = 'comparison';
      store.setBase(base);
      store.set({
        base: base.file,
        ...(after === 'comparison' ? { view: 'comparison' } : after === 'since' ? { scope: 'since', view: 'classes' } : { scope }),
      });
    },
    focusFilter: () => filter.focus(),
    themeChanged() {
      setColours();
      current().update(new Set(['theme'] as const));
    },
  };
}
