import { baseName, frameLabel } from '../src/core/findings/explain';
import { functionAt, pathTo } from '../src/core/profile/tables';
import type { FindingDto, FunctionLinesDto, OpenedProfileDto } from '../src/protocol/lsp';
import type { FromWebview, ViewState } from '../src/protocol/webview';
import { type FunctionIndex, functionIndex, nodeIndex } from '../src/shared/brands';
import { formatShare, formatTime, plural } from '../src/shared/format';
import { ariaTree, children, sibling } from './aria-tree';
import { button, el } from './dom';
import { flameCanvas, type HoveredBox, ROW } from './flame-canvas';
import { type FlameModel, type SearchResult, widestNode } from './flame-model';
import { renderHeader } from './header';
import { keySheet } from './key-sheet';
import { renderPanel } from './panel';
import { searchBox } from './search-box';

export interface ProfileView {
  readonly element: HTMLElement;
  /** Draws for the first time; the element must be on the page, or the canvas has no size. */
  start(): void;
  /** Puts the focus on the flame graph, unless something here has it already. */
  takeFocus(): void;
  reveal(func: number): void;
  showLines(lines: FunctionLinesDto): void;
  showBanner(message: string): void;
  focusSearch(): void;
  themeChanged(): void;
  readonly lastDraw: number;
}

/** The profile editor: header, toolbar, flame graph, panel and status line over one model. */
export function profileView(
  model: FlameModel,
  profile: OpenedProfileDto,
  saved: ViewState | undefined,
  tell: (message: FromWebview) => void,
  save: (state: ViewState) => void,
): ProfileView {
  const { tables } = model;
  let zoomed = 0;
  let selected = 0;
  let hasPanel = saved?.hasPanel ?? true;
  let found: SearchResult | undefined;
  let lines: FunctionLinesDto | undefined;

  const container = el('div', { class: 'flame' });
  const tree = ariaTree();
  const tooltip = el('div', { class: 'tooltip', role: 'tooltip', hidden: '' });
  const breadcrumb = el('nav', { class: 'breadcrumb', 'aria-label': 'Zoomed frames' });
  const side = el('aside', { class: 'panel' });
  const status = el('footer', {});
  const banner = el('p', { class: 'banner', role: 'alert', hidden: '' });
  const keys = keySheet();
  const canvas = flameCanvas(container, {
    onHover: showTooltip,
    onClick(box, event) {
      tree.element.focus({ preventScroll: true });
      if (!box) return;
      if (box.count > 1) return zoomTo(tables.nodes.parent[box.node] as number);
      select(box.node);
      if (event.detail === 1) zoomTo(box.node);
    },
    onDoubleClick: ({ node, count }) => count === 1 && openSource(functionIndex(tables.nodes.func[node] as number)),
    onRangeChange: hideTooltip,
  });
  const search = searchBox(
    (result) => {
      found = result;
      highlight();
      persist();
    },
    (event) => {
      if (event.key === 'Enter') {
        event.preventDefault();
        nextMatch(event.shiftKey ? -1 : 1);
      }
      if (event.key === 'Escape') {
        search.text = '';
        search.run(model);
        tree.element.focus();
      }
    },
  );
  const toolbar = el(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Flame graph' },
    breadcrumb,
    search.element,
    button('Show or hide the panel (P)', togglePanel, { class: 'tool', 'aria-pressed': String(hasPanel) }, 'Panel'),
  );
  const element = el(
    'div',
    { class: 'profile' },
    renderHeader(profile, { onFinding: showFinding, onProfileAgain: () => tell({ kind: 'profileAgain' }) }),
    banner,
    toolbar,
    el('div', { class: 'body' }, el('div', { class: 'graph' }, container, tree.element), side),
    status,
    tooltip,
  );

  element.style.setProperty('--graph-height', `${(model.maxDepth + 1) * ROW}px`);

  function nodeFunction(node: number): FunctionIndex {
    return functionIndex(tables.nodes.func[node] as number);
  }

  function select(node: number): void {
    const before = nodeFunction(selected);
    selected = node;
    const func = nodeFunction(node);
    if (func !== before || !lines || lines.func !== func) {
      lines = undefined;
      tell({ kind: 'wantLines', func });
      tell({ kind: 'selected', func });
    }
    tree.focusNode(model, node);
    canvas.scrollToNode(node);
    highlight();
    showPanel();
    showStatus(node);
    persist();
  }

  function zoomTo(node: number, animate = true): void {
    zoomed = Math.max(0, node);
    canvas.zoomTo(zoomed, animate);
    showBreadcrumb();
    persist();
  }

  /** A function's widest frame, with its callers above and its callees below. */
  function focusFunction(func: number, animate: boolean): void {
    const node = widestNode(model, func);
    if (node < 0) return;
    if (!hasPanel) togglePanel();
    select(node);
    zoomTo(node, animate);
  }

  function highlight(): void {
    canvas.highlight({ selected: selected > 0 ? selected : -1, func: selected > 0 ? nodeFunction(selected) : -1, matches: found?.matches });
  }

  function togglePanel(): void {
    hasPanel = !hasPanel;
    toolbar.querySelector('.tool')?.setAttribute('aria-pressed', String(hasPanel));
    showPanel();
    persist();
  }

  function showPanel(): void {
    side.hidden = !hasPanel;
    side.classList.toggle('empty', selected === 0);
    if (!hasPanel) return;
    if (selected === 0) {
      side.replaceChildren(
        el('p', { class: 'hint' }, 'Select a frame to see its lines, callers and callees.'),
        el('p', { class: 'hint' }, 'Arrow keys move, Enter zooms, ? lists all keys.'),
      );
      return;
    }
    const scroll = side.scrollTop;
    side.replaceChildren(
      renderPanel(model, profile, nodeFunction(selected), lines, {
        onSelect: (func) => focusFunction(func, true),
        onOpenSource: openSource,
        onClose: togglePanel,
      }),
    );
    side.scrollTop = scroll;
  }

  function showBreadcrumb(): void {
    const path = zoomed === 0 ? [] : pathTo(tables.nodes, nodeIndex(zoomed)).slice(1);
    const crumb = (node: number): HTMLElement =>
      button(
        `Zoom to ${frameLabel(tables, nodeFunction(node))}`,
        () => zoomTo(node),
        { class: 'crumb code', ...(node === zoomed ? { 'aria-current': 'true' } : {}) },
        frameLabel(tables, nodeFunction(node)),
      );
    const shown = path.length > 5 ? [...path.slice(0, 1), undefined, ...path.slice(-3)] : path;
    breadcrumb.classList.toggle('home', zoomed === 0);
    breadcrumb.replaceChildren(
      button('Show everything (Home)', () => zoomTo(0), { class: 'crumb', ...(zoomed === 0 ? { 'aria-current': 'true' } : {}) }, 'All'),
      ...shown.flatMap((node) => [
        el('span', { class: 'dim', 'aria-hidden': 'true' }, '›'),
        node === undefined ? el('span', { class: 'dim', title: plural(path.length - 4, 'more frame') }, `… ${path.length - 4}`) : crumb(node),
      ]),
    );
  }

  function describe(node: number): { name: string; where: string; self: string; total: string } {
    const func = nodeFunction(node);
    const view = functionAt(tables, func);
    const share = (micros: number): string => formatShare(model.width > 0 ? micros / model.width : 0);
    const self = tables.nodes.self[node] as number;
    const total = model.span[node] as number;
    return {
      name: frameLabel(tables, func),
      where: view.url === '' ? '' : `${baseName(view.url)}:${view.line + 1}`,
      self: `${formatTime(self)} · ${share(self)}`,
      total: `${formatTime(total)} · ${share(total)}`,
    };
  }

  function showStatus(node: number): void {
    const { name, self, total } = describe(node);
    const hits = tables.nodes.hits[node] as number;
    status.replaceChildren(
      el('span', { class: 'code strong' }, name),
      el('span', {}, `self ${self}`),
      el('span', {}, `total ${total}`),
      el('span', {}, plural(hits, 'sample')),
      el('span', { class: 'spring' }),
      button('Keys (?)', () => keys.open(), { class: 'keys-hint' }, '? keys'),
    );
  }

  function showTooltip(box: HoveredBox | undefined, x: number, y: number): void {
    if (!box) return hideTooltip();
    if (box.count > 1) {
      tooltip.replaceChildren(el('strong', {}, plural(box.count, 'smaller frame')), el('span', {}, `${formatTime(box.cost)} together. Select to zoom in.`));
    } else {
      const { name, where, self, total } = describe(box.node);
      tooltip.replaceChildren(
        el('strong', { class: 'code' }, name),
        ...(where ? [el('span', { class: 'dim' }, where)] : []),
        el('span', {}, `total ${total}`),
        el('span', {}, `self ${self}`),
      );
    }
    tooltip.hidden = false;
    const { offsetWidth, offsetHeight } = tooltip;
    tooltip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - offsetWidth - 8))}px`;
    tooltip.style.top = `${y + 18 + offsetHeight > innerHeight ? y - offsetHeight - 10 : y + 18}px`;
  }

  function hideTooltip(): void {
    tooltip.hidden = true;
  }

  function openSource(func: FunctionIndex, line?: number): void {
    tell({ kind: 'openSource', func, line, beside: true });
  }

  function showFinding(finding: FindingDto): void {
    if (finding.func !== undefined) focusFunction(finding.func, true);
  }

  function nextMatch(step: 1 | -1): void {
    if (!found || found.functions === 0) return;
    const { nodes } = tables;
    for (let node = selected + step, tries = 0; tries < nodes.length; node += step, tries++) {
      const at = (node + nodes.length) % nodes.length;
      if (found.matches[nodes.func[at] as number] && (model.span[at] as number) > 0) {
        select(at);
        const box = canvas.boxOf(at);
        if (!box || box.width < 24 || box.x < 0 || box.x + box.width > container.clientWidth) zoomTo(nodes.parent[at] as number);
        return;
      }
      node = at;
    }
  }

  function move(node: number): void {
    if (node < 0) return;
    select(node);
    const box = canvas.boxOf(node);
    if (box && (box.width < 3 || box.x + box.width <= 0 || box.x >= container.clientWidth)) zoomTo(tables.nodes.parent[node] as number);
  }

  const commands: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(children(model, selected)[0] ?? selected),
    ArrowUp: () => move(tables.nodes.parent[selected] as number),
    ArrowLeft: () => move(sibling(model, selected, -1)),
    ArrowRight: () => move(sibling(model, selected, 1)),
    Enter: () => zoomTo(selected),
    ' ': () => zoomTo(selected),
    Escape: () => zoomTo(tables.nodes.parent[zoomed] as number),
    Backspace: () => zoomTo(tables.nodes.parent[zoomed] as number),
    Home: () => zoomTo(0),
    '+': () => canvas.zoomBy(1.5),
    '=': () => canvas.zoomBy(1.5),
    '-': () => canvas.zoomBy(1 / 1.5),
    a: () => canvas.panBy(-0.2),
    d: () => canvas.panBy(0.2),
    f: () => focusFunction(nodeFunction(selected), true),
    o: () => openSource(nodeFunction(selected)),
    '/': () => search.focus(),
    n: () => nextMatch(1),
    N: () => nextMatch(-1),
    p: togglePanel,
    r: () => profile.canRepeat && tell({ kind: 'profileAgain' }),
    c: () => {
      const { name, where, self, total } = describe(selected);
      tell({ kind: 'copy', text: [name, where, `self ${self}`, `total ${total}`].filter(Boolean).join('\t') });
    },
    '?': () => keys.open(),
  };
  element.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
      event.preventDefault();
      search.focus();
      return;
    }
    const isControl = target.closest('input, dialog') !== null || (target.closest('button') !== null && (event.key === 'Enter' || event.key === ' '));
    if (isControl || event.ctrlKey || event.metaKey || event.altKey) return;
    const command = commands[event.key] ?? commands[event.key.toLowerCase()];
    if (!command) return;
    event.preventDefault();
    hideTooltip();
    command();
  });

  function persist(): void {
    save({ zoom: zoomed, selected: selected || undefined, search: search.text, hasPanel });
  }

  showPanel();
  showBreadcrumb();
  showStatus(0);
  tree.focusNode(model, 0);
  return {
    element,
    takeFocus() {
      if (document.activeElement === document.body || document.activeElement === null) tree.element.focus({ preventScroll: true });
    },
    start() {
      canvas.show(model);
      const before = saved;
      if (before?.search) {
        search.text = before.search;
      }
      search.run(model);
      if (before?.selected !== undefined && before.selected < tables.nodes.length) select(before.selected);
      else if (profile.focus !== undefined && !before) focusFunction(profile.focus, false);
      if (before && before.zoom < tables.nodes.length) zoomTo(before.zoom, false);
      // With the next frame it is on the screen.
      requestAnimationFrame(() => tell({ kind: 'shown', nodes: tables.nodes.length, milliseconds: performance.now() }));
    },
    reveal: (func) => focusFunction(func, false),
    showLines(next) {
      if (next.func !== nodeFunction(selected)) return;
      lines = next;
      showPanel();
    },
    showBanner(message) {
      banner.textContent = message;
      banner.hidden = message === '';
    },
    focusSearch: () => search.focus(),
    themeChanged: () => canvas.repaint(),
    get lastDraw() {
      return canvas.lastDraw;
    },
  };
}
