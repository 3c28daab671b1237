import type { FromHeapWebview } from '../../src/protocol/heap-webview';
import { type HeapBase, heapKinds } from '../../src/shared/heap-query';
import { button, el, setText } from '../ui/dom';
import { keySheet } from '../ui/key-sheet';
import { lacksFocus } from '../ui/page';
import { dispatchKeys } from '../ui/page-keys';
import { type ComparisonLine, comparisonLine } from './comparison-line';
import { heapContext } from './heap-context';
import { heapHeader } from './heap-header';
import { type HeapToolbar, heapToolbar } from './heap-toolbar';
import { heapKeys, heapMouse } from './keys';
import { swatch } from './kind-colours';
import { type ObjectPanel, objectPanel } from './object-panel';
import { type Stage, viewStage } from './stage';
import type { HeapChange, HeapStore } from './store';
import type { Ask, HeapContext } from './view';

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

/** The parts of the page, in the order in which they stand. */
interface PageParts {
  readonly element: HTMLElement;
  readonly banner: HTMLElement;
  readonly toolbar: HeapToolbar;
  readonly comparing: ComparisonLine;
  readonly stage: Stage;
  readonly panel: ObjectPanel;
  readonly keys: ReturnType<typeof keySheet>;
}

/** A heap snapshot's editor: header, toolbar, the view that is chosen, inspector and status line over one store. */
export function heapView(store: HeapStore, ask: Ask, tell: (message: FromHeapWebview) => void): HeapView {
  const comparing = comparisonLine(store, tell);
  const statusLine = el('div', { class: 'status-parts' });
  const context = heapContext(store, ask, tell, { statusLine, compare: () => comparing.choose() });
  const stage = viewStage(context);
  const toolbar = heapToolbar(context, { tell, closeRows, onLeave: () => stage.current.focus() });
  const panel = objectPanel(store, ask, {
    onSelect: context.select,
    onOpenSource: context.openSource,
    onRetainers: context.showRetainers,
    onDominator: context.showDominator,
    onClose: toolbar.togglePanel,
  });
  const keys = keySheet(heapKeys, heapMouse);
  const banner = el('p', { class: 'banner', role: 'alert', hidden: '' });
  const status = el(
    'footer',
    {},
    statusLine,
    button('Keys (?)', () => keys.open(), { class: 'keys-hint' }, '? keys'),
  );
  const body = el('div', { class: 'body' }, stage.element, panel.element);
  const element = el(
    'div',
    { class: 'profile heap' },
    heapHeader(store.overview),
    banner,
    toolbar.element,
    comparing.element,
    body,
    status,
    context.tooltip.element,
  );
  const parts: PageParts = { element, banner, toolbar, comparing, stage, panel, keys };

  function closeRows(): void {
    const { view, open } = store.state;
    stage.forget();
    store.set({ open: { ...open, [view]: [] } });
    showView(context, parts);
  }

  bindKeys(context, parts);
  followStore(context, parts);
  setColours(context, element);
  return pageActions(context, parts, tell);
}

function showView({ store }: HeapContext, { element, stage, toolbar }: PageParts): void {
  const { view } = store.state;
  // What had the focus goes away with its view; keys have to go on working.
  const hadFocus = stage.element.contains(document.activeElement) || (view !== 'dominators' && toolbar.forms.contains(document.activeElement));
  stage.show();
  toolbar.showView();
  element.dataset.view = view;
  stage.current.update(undefined);
  if (hadFocus && document.hasFocus()) stage.current.focus();
}

function showPanel({ toolbar, panel }: PageParts): void {
  toolbar.showPanel();
  panel.update();
}

/** One set of colours for dots, bar and icicle. */
function setColours(context: HeapContext, element: HTMLElement): void {
  for (const kind of heapKinds) element.style.setProperty(`--kind-${kind}`, swatch(context.theme(), kind));
}

function bindKeys({ store, tooltip }: HeapContext, { element, toolbar: { tabs, filter, togglePanel }, stage, panel, keys }: PageParts): void {
  dispatchKeys(element, {
    find: () => filter.focus(),
    first(event) {
      if (tabs.onKey(event)) return true;
      tooltip.hide();
      return false;
    },
    commands: {},
    // The panel scrolls by these keys.
    view: (event) => !(panel.element.contains(event.target as Node) && /^(?:Arrow|Page|Home|End)/.test(event.key)) && stage.current.onKey(event),
    fallback: {
      ...tabs.commands,
      '0': togglePanel,
      '/': () => filter.focus(),
      '?': () => keys.open(),
      Escape: () => store.set({ filter: '' }),
    },
    type: () => filter.focus(),
  });
}

/** Draws what a change of the store is seen in. */
function followStore(context: HeapContext, parts: PageParts): void {
  const { stage, panel, toolbar } = parts;
  context.store.subscribe((changed: ReadonlySet<HeapChange>) => {
    if (changed.has('selected') || changed.has('hasInternal')) panel.wantObject();
    if (changed.has('view') || changed.has('isIcicle')) showView(context, parts);
    else stage.current.update(changed);
    if (changed.has('filter')) toolbar.filter.update();
    if (['selected', 'object', 'hasPanel', 'view'].some((key) => changed.has(key as HeapChange))) showPanel(parts);
    // What had the focus may have been replaced by its own click; keys are heard inside of the page's element only.
    if (lacksFocus()) stage.current.focus();
  });
}

function pageActions(context: HeapContext, parts: PageParts, tell: (message: FromHeapWebview) => void): HeapView {
  const { store } = context;
  const { element, banner, comparing, stage, toolbar, panel } = parts;
  return {
    element,
    start() {
      showView(context, parts);
      showPanel(parts);
      panel.wantObject();
      comparing.restore();
      requestAnimationFrame(() => tell({ kind: 'shown', milliseconds: performance.now() }));
    },
    takeFocus() {
      if (lacksFocus()) stage.current.focus();
    },
    reveal: (node) => store.set({ selected: node, hasPanel: true }),
    showBanner(message) {
      setText(banner, message);
      banner.hidden = message === '';
    },
    showComparing: (doing, share) => comparing.show(doing, share),
    setBase: (base) => comparing.setBase(base),
    focusFilter: () => toolbar.filter.focus(),
    themeChanged() {
      setColours(context, element);
      stage.current.update(new Set(['theme'] as const));
    },
  };
}
