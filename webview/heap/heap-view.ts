import { type HeapBase, type HeapOverview, type HeapRows, heapKinds } from '../../src/core/heap/heap-query';
import { type FromHeapWebview, type HeapViewKind, heapViews } from '../../src/protocol/heap-webview';
import { formatBytes, formatCount } from '../../src/shared/format';
import { themeOf } from '../colours';
import { button, el } from '../dom';
import { keySheet } from '../key-sheet';
import { type MenuItem, openMenu } from '../menu';
import { icicleView } from './icicle-view';
import { LISTED_FIELDS, renderInspector } from './inspector';
import { heapKeys, heapMouse } from './keys';
import { swatch } from './kind-colours';
import { listView } from './list-view';
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
  const tooltip = el('div', { class: 'tooltip', role: 'tooltip', hidden: '' });
  const side = el('aside', { class: 'panel', 'aria-label': 'Object' });
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
    showTooltip,
    showStatus(parts) {
      statusParts.replaceChildren(...parts.map((part, at) => el('span', at === 0 ? { class: 'strong' } : {}, part)));
    },
    copy: (text, what) => tell({ kind: 'copy', text, what }),
  };

  const tabs = el(
    'div',
    { class: 'segments views', role: 'tablist', 'aria-label': 'Views' },
    ...heapViews.map((view, at) => button(`${names[view]} (${at + 1})`, () => store.set({ view }), { role: 'tab', 'data-view': view }, names[view])),
  );
  const filter = filterBox();
  const look = button('What is listed', () => openLook(), { class: 'tool', 'aria-haspopup': 'menu' }, 'View ▾');
  const panelButton = button('Show or hide the panel (0)', togglePanel, { class: 'tool' }, 'Panel');
  const forms = el(
    'div',
    { class: 'segments forms', role: 'group', 'aria-label': 'Dominators as' },
    ...[false, true].map((isIcicle) =>
      button(isIcicle ? 'As boxes' : 'As a tree', () => store.set({ isIcicle }), { 'data-icicle': String(isIcicle) }, isIcicle ? 'Icicle' : 'Tree'),
    ),
  );
  const toolbar = el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Heap snapshot' }, tabs, forms, filter.element, look, panelButton);
  const element = el(
    'div',
    { class: 'profile heap' },
    header(store.overview),
    banner,
    toolbar,
    comparing,
    el('div', { class: 'body' }, stage, side),
    el(
      'footer',
      {},
      statusParts,
      button('Keys (?)', () => keys.open(), { class: 'keys-hint' }, '? keys'),
    ),
    tooltip,
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
    const hadFocus = stage.contains(document.activeElement);
    if (stage.firstElementChild !== view.element) stage.replaceChildren(view.element);
    for (const tab of tabs.querySelectorAll('button')) {
      const isChosen = tab.dataset.view === state.view;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      if (isChosen) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    forms.hidden = state.view !== 'dominators';
    for (const form of forms.querySelectorAll('button')) form.setAttribute('aria-pressed', String(form.dataset.icicle === String(state.isIcicle)));
    element.dataset.view = state.view;
    filter.update();
    view.update(undefined);
    if (hadFocus) view.focus();
  }

  function filterBox(): { readonly element: HTMLElement; update(): void; focus(): void } {
    const input = el('input', {
      type: 'search',
      spellcheck: 'false',
      autocomplete: 'off',
      placeholder: 'Filter by name, or @id',
      'aria-label': 'Filter by name, or at sign and id',
    });
    const status = el('output', { class: 'search-status', 'aria-live': 'polite' });
    const box = el('div', { class: 'search' }, input, status);
    let debounce: ReturnType<typeof setTimeout> | undefined;
    const say = (text: string): void => {
      status.textContent = text;
      box.classList.toggle('none', text !== '');
    };
    const apply = (): void => {
      clearTimeout(debounce);
      const text = input.value;
      if (text.startsWith('@')) return;
      if (text !== '' && !filtered.has(store.state.view)) store.set({ view: 'classes', filter: text });
      else store.set({ filter: text });
    };
    const goToId = (id: number): void => {
      ask('find', { id }).then(
        (found) => {
          if (!found) return say(`no object @${id}`);
          say('');
          store.set({ selected: found.node, hasPanel: true });
          current().focus();
        },
        (error: Error) => say(error.message),
      );
    };
    input.addEventListener('input', () => {
      clearTimeout(debounce);
      say('');
      debounce = setTimeout(apply, 120);
    });
    input.addEventListener('keydown', (event) => {
      event.stopPropagation();
      const id = /^@(\d{1,15})$/.exec(input.value.trim());
      if (event.key === 'Enter' && id) return goToId(Number(id[1]));
      if (event.key === 'Escape') {
        input.value = '';
        say('');
      }
      if (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== 'ArrowDown') return;
      event.preventDefault();
      apply();
      current().focus();
    });
    return {
      element: box,
      update() {
        if (document.activeElement !== input && !input.value.startsWith('@')) input.value = store.state.filter;
        box.classList.toggle('other', !filtered.has(store.state.view));
      },
      focus() {
        input.focus();
        input.select();
      },
    };
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
    showTooltip(undefined, 0, 0);
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

  function togglePanel(): void {
    store.set({ hasPanel: !store.state.hasPanel });
  }

  let fields: { readonly of: number; readonly rows: HeapRows } | undefined;
  function showPanel(): void {
    const { hasPanel, selected } = store.state;
    panelButton.setAttribute('aria-pressed', String(hasPanel));
    side.hidden = !hasPanel || store.state.view === 'statistics';
    const { object } = store;
    side.classList.toggle('empty', selected === undefined);
    if (side.hidden) return;
    if (selected === undefined || !object || object.node !== selected) {
      // What was shown stays until the next is there: a panel that blinks is hard to read.
      if (selected !== undefined && side.childElementCount > 0 && !side.querySelector('.hint')) return;
      side.replaceChildren(
        el('p', { class: 'hint' }, 'Select an object to see what keeps it alive, its fields and where it comes from.'),
        el('p', { class: 'hint' }, 'Arrow keys move and open, Enter selects, letters filter, ? lists all keys.'),
      );
      return;
    }
    const isSame = side.dataset.node === String(selected);
    const scroll = isSame ? side.scrollTop : 0;
    side.dataset.node = String(selected);
    side.replaceChildren(
      renderInspector(object, fields?.of === selected ? fields.rows : undefined, store.overview.totalSize, {
        onSelect: context.select,
        onOpenSource: context.openSource,
        onRetainers: context.showRetainers,
        onDominator: context.showDominator,
        onClose: togglePanel,
      }),
    );
    side.scrollTop = scroll;
  }

  function wantObject(): void {
    const { selected } = store.state;
    const { hasInternal } = store;
    if (selected === undefined) return store.setObject(undefined);
    const isCurrent = (): boolean => store.state.selected === selected && store.hasInternal === hasInternal;
    ask('object', { node: selected, hasInternal }).then(
      (object) => isCurrent() && store.setObject(object),
      // Of another snapshot, or the file has changed: nothing is selected then.
      () => isCurrent() && store.set({ selected: undefined }),
    );
    ask('rows', { list: { kind: 'fields', node: selected, hasInternal }, from: 0, to: LISTED_FIELDS }).then(
      (rows) => {
        if (!isCurrent()) return;
        fields = { of: selected, rows };
        showPanel();
      },
      () => {}, // told with the object
    );
  }

  function showTooltip(lines: readonly { readonly text: string; readonly style?: 'strong' | 'dim' }[] | undefined, x: number, y: number): void {
    tooltip.hidden = !lines;
    if (!lines) return;
    tooltip.replaceChildren(
      ...lines.map(({ text, style }) => el(style === 'strong' ? 'strong' : 'span', { class: style === 'strong' ? 'code' : style }, text)),
    );
    const { offsetWidth, offsetHeight } = tooltip;
    tooltip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - offsetWidth - 8))}px`;
    tooltip.style.top = `${y + 18 + offsetHeight > innerHeight ? y - offsetHeight - 10 : y + 18}px`;
  }

  const commands: Readonly<Record<string, () => void>> = {
    ...Object.fromEntries(heapViews.map((view, at) => [String(at + 1), () => store.set({ view })])),
    '0': togglePanel,
    '/': () => filter.focus(),
    '?': () => keys.open(),
    Escape: () => store.set({ filter: '' }),
  };
  element.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
      event.preventDefault();
      filter.focus();
      return;
    }
    const isControl =
      target.closest('input, dialog, .menu') !== null || (target.closest('button, summary') !== null && (event.key === 'Enter' || event.key === ' '));
    if (isControl) return;
    if (tabs.contains(target) && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      const at = heapViews.indexOf(store.state.view) + (event.key === 'ArrowRight' ? 1 : -1);
      store.set({ view: heapViews[(at + heapViews.length) % heapViews.length] as HeapViewKind });
      (tabs.querySelector('[aria-selected="true"]') as HTMLElement | null)?.focus();
      event.preventDefault();
      return;
    }
    if (side.contains(target) && /^(?:Arrow|Page|Home|End)/.test(event.key)) return;
    showTooltip(undefined, 0, 0);
    if (current().onKey(event)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const command = commands[event.key];
    if (command) {
      command();
      event.preventDefault();
    } else if (event.key.length === 1 && event.key !== ' ') {
      // The letter itself goes into the field, which has the focus when it is typed.
      filter.focus();
    }
  });

  store.subscribe((changed: ReadonlySet<HeapChange>) => {
    if (changed.has('selected') || changed.has('hasInternal')) wantObject();
    if (changed.has('view') || changed.has('isIcicle')) showView();
    else current().update(changed);
    if (changed.has('filter')) filter.update();
    if (['selected', 'object', 'hasPanel', 'view'].some((key) => changed.has(key as HeapChange))) showPanel();
    // What had the focus may have been replaced by its own click; keys are heard inside of the page's element only.
    if (document.hasFocus() && document.activeElement === document.body) current().focus();
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
      wantObject();
      if (store.state.base !== undefined) {
        purpose = 'restore';
        tell({ kind: 'compare', base: store.state.base });
      }
      requestAnimationFrame(() => tell({ kind: 'shown', milliseconds: performance.now() }));
    },
    takeFocus() {
      if (document.activeElement === document.body || document.activeElement === null) current().focus();
    },
    reveal: (node) => store.set({ selected: node, hasPanel: true }),
    showBanner(message) {
      banner.textContent = message;
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

function header(overview: HeapOverview): HTMLElement {
  const figure = (value: string, label: string, isOdd = false): HTMLElement =>
    el('div', isOdd ? { class: 'odd' } : {}, el('dd', {}, value), el('dt', {}, label));
  const { title, subtitle, totalSize, nodes, classes, detached, warnings } = overview;
  return el(
    'header',
    {},
    el(
      'div',
      { class: 'top' },
      el('div', { class: 'title' }, el('h1', { title }, title), el('p', { class: 'subtitle', title: subtitle }, subtitle)),
      el(
        'dl',
        { class: 'figures' },
        figure(formatBytes(totalSize), 'total'),
        figure(formatCount(nodes), 'objects'),
        figure(formatCount(classes), 'classes'),
        ...(detached > 0 ? [figure(formatCount(detached), 'detached nodes', true)] : []),
      ),
    ),
    ...(warnings.length > 0 ? [el('ul', { class: 'notes' }, ...warnings.map((warning) => el('li', {}, warning)))] : []),
  );
}
