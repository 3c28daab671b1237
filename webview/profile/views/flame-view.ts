import { baseName, frameLabel } from '../../../src/core/findings/explain';
import { functionAt, pathTo } from '../../../src/core/profile/tables';
import { type FlameModel, widestNode } from '../../../src/core/profile/views/flame-model';
import { nodeAtPath, pathOfNode } from '../../../src/core/profile/views/transform';
import { functionIndex, nodeIndex } from '../../../src/shared/brands';
import { formatCost, formatShare, plural } from '../../../src/shared/format';
import type { HoveredBox } from '../../chart/chart';
import { chartCanvas } from '../../chart/chart-canvas';
import { flameChart } from '../../chart/charts';
import type { Rows } from '../../chart/trunks';
import { ariaTree, children, frameWords, sibling } from '../../ui/aria-tree';
import { button, el } from '../../ui/dom';
import { openMenu } from '../../ui/menu';
import type { TooltipLine } from '../../ui/tooltip';
import { findingLines } from '../finding-words';
import { isAlike } from '../function-panel';
import { flameTrunks } from './flame-trunks';
import type { View, ViewContext } from './view';

/** What is told of a frame, in numbers. */
function describeFrame(model: FlameModel, node: number): { name: string; where: string; self: string; total: string; samples: string } {
  const { tables, span, width } = model;
  const func = functionIndex(tables.nodes.func[node] as number);
  const view = functionAt(tables, func);
  const share = (cost: number): string => formatShare(width > 0 ? cost / width : 0);
  const self = tables.nodes.self[node] as number;
  const total = span[node] as number;
  return {
    name: frameLabel(tables, func),
    where: view.url === '' ? '' : `${baseName(view.url)}${view.line >= 0 ? `:${view.line + 1}` : ''}`,
    self: `${formatCost(self, tables.unit)} · ${share(self)}`,
    total: `${formatCost(total, tables.unit)} · ${share(total)}`,
    samples: plural(tables.nodes.hits[node] as number, 'sample'),
  };
}

/** Merged stacks. */
export function flameView(context: ViewContext): View {
  const { store } = context;
  const container = el('div', { class: 'flame' });
  const trunks = flameTrunks(store, () => zoomed, selectNode);
  const tree = ariaTree('Flame graph', (model, node) => {
    const trunk = trunks.folded(node);
    if (!trunk) return frameWords(model, node);
    const { name, total } = trunks.words(node, trunk);
    return `${name} in one row, ${total.replace(' · ', ' total, ')}, Enter shows them`;
  });
  const breadcrumb = el('nav', { class: 'breadcrumb', 'aria-label': 'Zoomed frames' });
  const element = el('div', { class: 'view flame-view' }, breadcrumb, el('div', { class: 'graph' }, container, tree.element));
  let drawn: FlameModel | undefined;
  let rows: Rows | undefined;
  let isFlipped: boolean | undefined;
  /** The frame that was walked to or clicked here: a folded run may be selected as one. */
  let walked = -1;
  let isRevealing = false;
  let selected = 0;
  let zoomed = 0;
  const canvas = chartCanvas(container, {
    onHover: (box, x, y) => (box ? context.tooltip.show(tooltipOf(box), x, y) : context.tooltip.hide()),
    onClick(box, event) {
      tree.element.focus({ preventScroll: true });
      if (!box || box.count > 1) return;
      selectNode(box.node);
      // Its first frame takes its place: the second click of two zooms to it.
      if (trunks.folded(box.node)) trunks.reveal(box.node);
      else if (event.ctrlKey || event.metaKey) context.openSource(store.flame.tables.nodes.func[box.node] as number);
    },
    onDoubleClick: ({ node, count }) => zoomTo(count > 1 ? store.rows.parentOf(node) : node),
    onMenu({ node, count }, event) {
      if (count > 1) return;
      selectNode(node);
      showMenu(node, event.clientX, event.clientY);
    },
  });

  function tooltipOf(box: HoveredBox): TooltipLine[] {
    const { unit } = store.base;
    if (box.count > 1)
      return [{ text: plural(box.count, 'smaller frame'), style: 'strong' }, { text: `${formatCost(box.cost, unit)} together. Double-click to zoom in.` }];
    const trunk = trunks.folded(box.node);
    if (trunk) return trunks.tooltip(box.node, trunk);
    const { name, where, self, total } = describeFrame(store.flame, box.node);
    const all = totalOfAll(box.node);
    const shares = store.state.isInverted
      ? [{ text: `total ${total}` }]
      : all === undefined
        ? [{ text: `total ${total}` }, { text: `self ${self}` }]
        : [{ text: `This path: total ${total}, self ${self}` }, { text: `All calls: total ${all}` }];
    return [
      { text: name, style: 'strong' },
      ...(where ? [{ text: where, style: 'dim' } as const] : []),
      ...shares,
      ...findingLines(store, store.flame.tables.nodes.func[box.node] as number),
    ];
  }

  /** What a frame's function costs wherever it is called, where that is more than this frame. */
  function totalOfAll(node: number): string | undefined {
    const { costs, width, tables } = store.model;
    const total = costs.total[store.flame.tables.nodes.func[node] as number] as number;
    if (store.state.isInverted || node === 0 || isAlike(total, store.flame.span[node] as number)) return undefined;
    return `${formatCost(total, tables.unit)} · ${formatShare(width > 0 ? total / width : 0)}`;
  }

  function showMenu(node: number, x: number, y: number): void {
    const { tables } = store.flame;
    const item = trunks.menuItem(node);
    context.tooltip.hide();
    if (item && trunks.folded(node)) openMenu([item, { label: 'Show all folded frames', act: () => store.set({ isFolded: false }) }], x, y, 'Folded frames');
    else context.openMenu(tables.nodes.func[node] as number, pathOfNode(tables, node), x, y, item && [item, 'line']);
  }

  function selectNode(node: number): void {
    const { tables } = store.flame;
    walked = node;
    context.select(tables.nodes.func[node] as number, pathOfNode(tables, node));
    canvas.scrollToBox(node);
  }

  function zoomTo(node: number): void {
    store.set({ zoom: pathOfNode(store.flame.tables, Math.max(0, node)) });
  }

  /** Where the state's paths lead in what is drawn now; a function without its frame gets its widest. */
  function resolve(): void {
    const { flame, state } = store;
    const { nodes } = flame.tables;
    const at = state.path.length > 0 ? nodeAtPath(flame.tables, state.path) : -1;
    if (state.selected === undefined) selected = 0;
    else if (at > 0 && nodes.func[at] === state.selected) selected = at;
    else selected = Math.max(0, widestNode(flame, state.selected));
    zoomed = Math.max(0, nodeAtPath(flame.tables, state.zoom));
  }

  /** Shows what is selected or fills the width, where a folded run hides it. */
  function revealHidden(): void {
    // What unfolds updates this view again.
    if (isRevealing) return;
    isRevealing = true;
    for (const node of [selected, zoomed]) if (store.rows.hiddenIn(node) >= 0) trunks.reveal(node);
    if (selected !== walked && trunks.folded(selected)) trunks.reveal(selected);
    isRevealing = false;
  }

  function highlight(): void {
    const { found, marks } = store;
    canvas.highlight({
      selected: selected > 0 ? selected : -1,
      func: selected > 0 ? (store.state.selected ?? -1) : -1,
      matches: found?.matches,
      trunks: found && trunks.holding(matchingFrames()),
      marks,
    });
  }

  function showBreadcrumb(): void {
    const { tables } = store.flame;
    const path = zoomed === 0 ? [] : pathTo(tables.nodes, nodeIndex(zoomed)).slice(1);
    const crumb = (node: number): HTMLElement => {
      const label = frameLabel(tables, functionIndex(tables.nodes.func[node] as number));
      return button(`Zoom to ${label}`, () => zoomTo(node), { class: 'crumb code', ...(node === zoomed ? { 'aria-current': 'true' } : {}) }, label);
    };
    const shown = path.length > 5 ? [...path.slice(0, 1), undefined, ...path.slice(-3)] : path;
    breadcrumb.replaceChildren(
      button('Show everything (Home)', () => zoomTo(0), { class: 'crumb', ...(zoomed === 0 ? { 'aria-current': 'true' } : {}) }, 'All'),
      ...shown.flatMap((node) => [
        el('span', { class: 'dim', 'aria-hidden': 'true' }, '›'),
        node === undefined ? el('span', { class: 'dim', title: plural(path.length - 4, 'more frame') }, `… ${path.length - 4}`) : crumb(node),
      ]),
      ...(zoomed === 0 ? [] : [el('span', { class: 'spring' }), button('Show everything (Home)', () => zoomTo(0), { class: 'link reset' }, 'Reset zoom')]),
    );
  }

  function move(node: number): void {
    if (node < 0) return;
    selectNode(node);
    const box = canvas.boxOf(node);
    if (box && (box.width < 3 || box.x + box.width <= 0 || box.x >= container.clientWidth)) zoomTo(up(node));
  }

  let matching: { of: FlameModel; found: unknown; frames: readonly number[] } | undefined;
  /** Frames that the search finds, from the outermost, callers before what they call. */
  function matchingFrames(): readonly number[] {
    const { found, flame } = store;
    if (matching?.of === flame && matching.found === found) return matching.frames;
    const { func } = flame.tables.nodes;
    const frames: number[] = [];
    if (found && found.functions > 0)
      for (let node = 0; node < func.length; node++) if (found.matches[func[node] as number] && (flame.span[node] as number) > 0) frames.push(node);
    matching = { of: flame, found, frames };
    return frames;
  }

  function nextMatch(step: 1 | -1): void {
    const frames = matchingFrames();
    const at = step > 0 ? frames.find((node) => node > selected) : frames.findLast((node) => node < selected);
    const next = at ?? frames.at(step > 0 ? 0 : -1);
    if (next === undefined) return;
    trunks.reveal(next);
    move(next);
  }

  const up = (node: number): number => store.rows.parentOf(node);
  const deeper = (): number => children(store.flame, store.rows.lastOf(selected))[0] ?? selected;
  const enter = (): void => (trunks.folded(selected) ? trunks.reveal(selected) : zoomTo(selected));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(store.state.isFlipped ? up(selected) : deeper()),
    ArrowUp: () => move(store.state.isFlipped ? deeper() : up(selected)),
    ArrowLeft: () => move(sibling(store.flame, selected, -1)),
    ArrowRight: () => move(sibling(store.flame, selected, 1)),
    Enter: enter,
    ' ': enter,
    z: () => void trunks.toggle(selected),
    Escape: () => zoomTo(up(zoomed)),
    Backspace: () => zoomTo(up(zoomed)),
    Home: () => zoomTo(0),
    '+': () => canvas.zoomBy(1.5),
    '=': () => canvas.zoomBy(1.5),
    '-': () => canvas.zoomBy(1 / 1.5),
    w: () => canvas.zoomBy(1.5),
    s: () => canvas.zoomBy(1 / 1.5),
    a: () => canvas.panBy(-0.2),
    d: () => canvas.panBy(0.2),
    b: () => {
      const widest = widestNode(store.flame, store.state.selected ?? -1);
      if (widest < 0) return;
      selectNode(widest);
      zoomTo(widest);
    },
    n: () => nextMatch(1),
    N: () => nextMatch(-1),
    m: () => {
      const box = canvas.boxOf(selected);
      const bounds = container.getBoundingClientRect();
      const x = bounds.left + Math.min(bounds.width - 40, Math.max(8, box?.x ?? 8));
      showMenu(selected, x, bounds.top + 40);
    },
    c: () => {
      const trunk = trunks.folded(selected);
      if (trunk) return context.copy(Object.values(trunks.words(selected, trunk)).join('\t'), 'Frames copied');
      const { name, where, self, total } = describeFrame(store.flame, selected);
      context.copy([name, where, `self ${self}`, `total ${total}`].filter(Boolean).join('\t'), 'Frame copied');
    },
  };

  return {
    element,
    update(changed) {
      const { flame, state } = store;
      const isNew = flame !== drawn || state.isFlipped !== isFlipped;
      const zoomedBefore = zoomed;
      resolve();
      revealHidden();
      const isRearranged = !isNew && store.rows !== rows;
      rows = store.rows;
      if (isNew) {
        drawn = flame;
        isFlipped = state.isFlipped;
        canvas.show(flameChart(flame, state.isFlipped, 0, rows), context.palette());
      } else if (isRearranged) canvas.rearrange(flameChart(flame, state.isFlipped, 0, rows));
      if (!isNew && (changed === undefined || changed.has('palette'))) {
        canvas.setPalette(context.palette());
        canvas.repaint();
      }
      if (isNew || zoomed !== zoomedBefore || changed === undefined || changed.has('zoom')) {
        canvas.zoomTo(zoomed === 0 ? undefined : zoomed, !isNew && changed !== undefined);
        showBreadcrumb();
      }
      if ((isNew || changed === undefined || changed.has('path')) && selected > 0) canvas.scrollToBox(selected);
      const trunk = trunks.folded(selected);
      tree.focusNode(flame, selected, trunk ? [] : findingLines(store, flame.tables.nodes.func[selected] as number), trunk !== undefined);
      highlight();
      if (trunk) {
        const { name, total } = trunks.words(selected, trunk);
        return context.showStatus([name, `total ${total}`, 'Enter shows them']);
      }
      const { name, self, total, samples } = describeFrame(flame, selected);
      const all = totalOfAll(selected);
      const own = all === undefined ? [`self ${self}`, `total ${total}`] : [`This path: self ${self}`, `total ${total}`, `All calls: total ${all}`];
      context.showStatus(state.isInverted ? [name, `total ${total}`] : [name, ...own, samples]);
    },
    onKey(event) {
      const act = keys[event.key] ?? keys[event.key.toLowerCase()];
      if (!act) return false;
      act();
      return true;
    },
    focus: () => tree.element.focus({ preventScroll: true }),
    matches() {
      const frames = matchingFrames();
      return { at: frames.indexOf(selected) + 1, count: frames.length };
    },
  };
}
