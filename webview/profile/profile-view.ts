import { functionAt } from '../../src/core/profile/tables';
import { widestNode } from '../../src/core/profile/views/flame-model';
import { pathOfNode } from '../../src/core/profile/views/transform';
import type { FindingDto } from '../../src/protocol/findings';
import type { FunctionLinesDto } from '../../src/protocol/lsp';
import type { StripsDto } from '../../src/protocol/threads';
import { type Preferences, type SideKind, type ViewKind, views } from '../../src/protocol/view-state';
import type { FromWebview } from '../../src/protocol/webview';
import { functionIndex } from '../../src/shared/brands';
import { themeOf } from '../chart/colours';
import { createPalette, type Palette } from '../chart/palette';
import { button, el, setText } from '../ui/dom';
import { keySheet } from '../ui/key-sheet';
import { openMenu } from '../ui/menu';
import { lacksFocus } from '../ui/page';
import { dispatchKeys, isMenuKey } from '../ui/page-keys';
import { sash } from '../ui/sash';
import { tooltip } from '../ui/tooltip';
import { viewTabs } from '../ui/view-tabs';
import { type HeaderActions, profileHeader } from './header';
import { colourLegend } from './legend';
import { invert, isMyCode, openLookMenu, toggleMyCode } from './look-menu';
import { minimap } from './minimap';
import { rememberPreferences } from './preferences';
import { searchBox } from './search-box';
import { sidePanel } from './side-panel';
import type { Changed, Store } from './store';
import { functionMenu, transformChips } from './transforms';
import { flameView } from './views/flame-view';
import { sandwichView } from './views/sandwich-view';
import { sourceView } from './views/source-view';
import { tableView } from './views/table-view';
import { timelineView } from './views/timeline-view';
import type { View, ViewContext } from './views/view';

export interface ProfileView {
  readonly element: HTMLElement;
  /** Draws for the first time; the element must be on the page, or the canvas has no size. */
  start(): void;
  /** Puts the focus on the view, unless something here has it already. */
  takeFocus(): void;
  reveal(func: number): void;
  showLines(lines: FunctionLinesDto): void;
  showBanner(message: string): void;
  focusSearch(): void;
  setFindings(findings: readonly FindingDto[]): void;
  setStrips(strips: StripsDto['strips']): void;
  /** Shows a finding's boxes, and unfolds it in the list. */
  revealFinding(id: string): void;
  themeChanged(): void;
}

const names: Readonly<Record<ViewKind, string>> = { flame: 'Flame', timeline: 'Timeline', sandwich: 'Callers', table: 'Table', source: 'Source' };
const makers: Readonly<Record<ViewKind, (context: ViewContext) => View>> = {
  flame: flameView,
  timeline: timelineView,
  sandwich: sandwichView,
  table: tableView,
  source: sourceView,
};

/** What comes from outside is not the page's to remember. */
const told: ReadonlySet<Changed> = new Set(['lines', 'findings', 'strips']);
const panelKeys: readonly Changed[] = ['selected', 'lines', 'findings', 'hasPanel', 'panelHeight', 'side', 'view', 'transforms', 'range'];
/** What changes what the search finds, and which of it is selected. */
const searchKeys: readonly Changed[] = ['search', 'transforms', 'range', 'view', 'path', 'selected', 'isInverted', 'isByName'];
/** From this width on the panel is beside the view, in pixels; `layout.css` has the same number. */
const WIDE = 1000;

/** The profile editor: header, toolbar, the view that is chosen, panel and status line over one store. */
export function profileView(store: Store, isRestored: boolean, preferences: Preferences, tell: (message: FromWebview) => void): ProfileView {
  const { profile, base } = store;
  const made = new Map<ViewKind, View>();
  let palette: { of: unknown; colouring: unknown; theme: unknown; value: Palette } | undefined;
  const tip = tooltip();
  const status = el('footer', {});
  const statusParts = el('div', { class: 'status-parts' });
  const banner = el('p', { class: 'banner', role: 'alert', hidden: '' });
  const stage = el('div', { class: 'stage' });
  const keys = keySheet();
  const overview = minimap(store);
  const chips = transformChips(store);
  const search = searchBox(
    store,
    (key) => {
      current().focus();
      if (key !== 'Escape') current().onKey(new KeyboardEvent('keydown', { key: key === 'Enter' ? 'n' : 'N' }));
    },
    () => current().matches?.(),
  );

  const context: ViewContext = {
    store,
    palette() {
      const theme = themeOf(document.body);
      const { colouring } = store.state;
      if (palette?.of !== store.model || palette.colouring !== colouring || palette.theme !== theme)
        palette = { of: store.model, colouring, theme, value: createPalette(theme, colouring, store.model) };
      return palette.value;
    },
    select(func, path) {
      store.set({ selected: func, path: path ?? [], side: 'function' });
    },
    openSource: (func, line) => tell({ kind: 'openSource', func, line, beside: true }),
    openMenu(func, path, x, y, first = []) {
      tip.hide();
      const name = functionAt(store.shown.tables, functionIndex(func)).name;
      openMenu(
        [...first, ...functionMenu(store, func, path, { openSource: () => context.openSource(func), copyName: () => context.copy(name, 'Name copied') })],
        x,
        y,
        'Function',
      );
    },
    tooltip: tip,
    showStatus(parts) {
      statusParts.replaceChildren(...parts.map((part, at) => el('span', at === 0 ? { class: 'strong' } : {}, part)));
    },
    copy(text, what) {
      tell({ kind: 'copy', text, what });
    },
    chooseProfile: (row) => tell({ kind: 'choose', select: row }),
  };

  const myCode = button('Only my code (Y)', () => switchMyCode(), { class: 'tool my-code', 'aria-pressed': 'false' }, 'My code');
  const tabs = viewTabs(views, names, (view) => store.set({ view }));
  const look = button('How it is drawn', () => openLookMenu(look, store, switchMyCode, tell), { class: 'tool', 'aria-haspopup': 'menu' }, 'View ▾');
  const panelButton = button('Show or hide the panel (P)', togglePanel, { class: 'tool' }, 'Panel');
  const toolbar = el(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Profile' },
    tabs.element,
    tabs.select,
    myCode,
    search.element,
    look,
    panelButton,
  );
  const legends = [colourLegend(store), colourLegend(store)] as const;
  const actions: HeaderActions = {
    onFinding: (finding) => (finding.functions.length > 0 ? showFinding(finding, 'function') : revealFinding(finding.id)),
    onFindings: openFindings,
    onProfileAgain: () => tell({ kind: 'profileAgain' }),
    onChoose: (select) => tell({ kind: 'choose', select }),
  };
  const header = profileHeader(store, actions, legends[1].element);
  const side = sidePanel(store, {
    onSelect: (func) => focusFunction(func),
    onOpenSource: (func, line) => context.openSource(func, line),
    onClose: togglePanel,
    onShow: (finding) => showFinding(finding, 'findings'),
    onAct: (act, { id }) => tell({ kind: 'finding', act, id }),
    onStatus: (findings, status) => tell({ kind: 'setFindingStatus', ids: findings.map(({ id }) => id), status }),
  });
  const divider = sash(
    'Height of the panel',
    () => side.element.offsetHeight,
    (height, isOver) => (isOver ? store.set({ panelHeight: height }) : setPanelHeight(height)),
  );
  const body = el('div', { class: 'body' }, stage, divider, side.element);
  const element = el('div', { class: 'profile' }, header.element, banner, toolbar, overview.element, chips.element, body, status, tip.element);
  status.append(
    statusParts,
    legends[0].element,
    button('Keys (?)', () => keys.open(), { class: 'keys-hint' }, '? keys'),
  );

  function current(): View {
    const { view } = store.state;
    let found = made.get(view);
    if (!found) {
      found = makers[view](context);
      made.set(view, found);
    }
    return found;
  }

  function showView(): void {
    const view = current();
    // What had the focus goes away with its view; keys have to go on working.
    const hadFocus = stage.contains(document.activeElement);
    if (stage.firstElementChild !== view.element) stage.replaceChildren(view.element);
    tabs.choose(store.state.view);
    element.dataset.view = store.state.view;
    view.update(undefined);
    if (hadFocus && document.hasFocus()) view.focus();
  }

  function setPanelHeight(height: number | undefined): void {
    if (height === undefined) body.style.removeProperty('--panel-height');
    else body.style.setProperty('--panel-height', `${height}px`);
  }

  function showBanner(message: string): void {
    setText(banner, message);
    banner.hidden = message === '';
  }

  function togglePanel(): void {
    store.set({ hasPanel: !store.state.hasPanel });
  }

  /** A function's widest frame, with its callers above and its callees below. */
  function focusFunction(func: number, kind: SideKind = 'function'): void {
    const node = widestNode(store.flame, func);
    const path = node < 0 ? [] : pathOfNode(store.flame.tables, node);
    store.set({ selected: func, path, zoom: path, hasPanel: true, side: kind });
  }

  function showFinding({ functions: [func] }: FindingDto, kind: SideKind): void {
    if (func !== undefined) focusFunction(func, kind);
  }

  function openFindings(): void {
    store.set({ hasPanel: true, side: 'findings' });
    side.focusFindings();
  }

  function revealFinding(id: string): void {
    const finding = store.findings.find((one) => one.id === id);
    if (!finding) return;
    showFinding(finding, 'findings');
    openFindings();
    side.selectFinding(id);
  }

  function switchMyCode(): void {
    if (store.hasMyCode || isMyCode(store)) toggleMyCode(store);
    else showBanner('No code of yours ran in this profile, so all of it is shown.');
  }

  function showTransforms(): void {
    chips.update();
    myCode.setAttribute('aria-pressed', String(isMyCode(store)));
  }

  function showPanel(): void {
    panelButton.setAttribute('aria-pressed', String(store.state.hasPanel));
    side.update();
    divider.hidden = side.element.hidden;
    setPanelHeight(store.state.panelHeight);
  }

  const onSelected = (act: (func: number) => void) => (): void => {
    if (store.state.selected !== undefined) act(store.state.selected);
  };
  const commands: Readonly<Record<string, () => void>> = {
    ...tabs.commands,
    '/': () => search.focus(),
    p: togglePanel,
    f: openFindings,
    g: () => header.picker?.open(),
    r: () => profile.canRepeat && tell({ kind: 'profileAgain' }),
    o: onSelected((func) => context.openSource(func)),
    i: () => invert(store),
    y: switchMyCode,
    u: () => store.undo(),
    l: () => tell({ kind: 'copyLink', state: store.state }),
    h: onSelected((func) => store.add({ kind: 'merge-function', func })),
    x: onSelected((func) => store.add({ kind: 'drop-function', func })),
    F: onSelected((func) => store.add({ kind: 'focus-function', func })),
    '?': () => keys.open(),
  };
  dispatchKeys(element, {
    find: () => search.focus(),
    undo: () => store.undo(),
    first(event) {
      if (tabs.onKey(event)) return true;
      tip.hide();
      if (event.key !== 'Escape' || !side.element.contains(event.target as Node)) return false;
      current().focus();
      return true;
    },
    commands,
    view(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      return current().onKey(isMenuKey(event) ? new KeyboardEvent('keydown', { key: 'm' }) : event);
    },
    fallback: commands,
  });

  let linesOf: number | undefined;
  const wantLines = (): void => {
    const { selected, view } = store.state;
    const isWhole = view === 'source';
    if (selected === undefined || selected >= base.functions.length) return;
    if (linesOf === selected && !isWhole) return;
    linesOf = isWhole ? undefined : selected;
    tell({ kind: 'wantLines', func: selected, isWhole });
  };
  rememberPreferences(store, preferences, tell);
  store.subscribe((changed) => {
    if (changed.has('selected') || changed.has('view')) wantLines();
    if (changed.has('view')) showView();
    else current().update(new Set([...changed, ...(changed.has('colouring') ? (['palette'] as const) : [])]));
    if (changed.has('range')) overview.update();
    if (changed.has('transforms') || changed.has('range') || changed.has('isInverted')) showTransforms();
    if (searchKeys.some((key) => changed.has(key))) search.update();
    if (panelKeys.some((key) => changed.has(key))) showPanel();
    if (changed.has('findings')) header.updateFindings();
    if (changed.has('strips')) header.picker?.update();
    if ([...changed].some((key) => !told.has(key))) tell({ kind: 'state', state: store.state });
    // What had the focus may have been replaced by its own click; keys are heard inside of the page's element only.
    if (lacksFocus()) current().focus();
  });

  return {
    element,
    takeFocus() {
      if (lacksFocus()) current().focus();
    },
    start() {
      // What was asked for is shown, whoever wrote it.
      const isOfOthers = profile.focus !== undefined && !store.isMine(profile.focus);
      if (!isRestored && preferences.isMyCode && !isOfOthers) switchMyCode();
      // First the view, so that its canvas has a size when it is told what to show.
      showView();
      if (!isRestored && profile.focus !== undefined) {
        const node = widestNode(store.flame, profile.focus);
        const path = node < 0 ? [] : pathOfNode(store.flame.tables, node);
        // First the picture; the panel is one key away.
        store.set({ selected: profile.focus, path, zoom: path, hasPanel: false });
      } else if (!isRestored && store.findings.length > 0 && innerWidth >= WIDE) store.set({ side: 'findings' });
      showTransforms();
      search.update();
      wantLines();
      showPanel();
      requestAnimationFrame(() => {
        tell({ kind: 'shown', nodes: base.nodes.length, milliseconds: performance.now() });
        // With the next frame it is on the screen; the benchmarks ask when that was.
        requestAnimationFrame(() => performance.mark('plateau-shown'));
      });
    },
    reveal: focusFunction,
    showLines(lines) {
      if (lines.func === store.state.selected) store.setLines(lines);
    },
    showBanner,
    focusSearch: () => search.focus(),
    setFindings: (findings) => store.setFindings(findings),
    setStrips: (strips) => store.addStrips(strips),
    revealFinding,
    themeChanged() {
      palette = undefined;
      for (const legend of legends) legend.update();
      current().update(new Set(['palette'] as const));
      overview.update();
    },
  };
}
