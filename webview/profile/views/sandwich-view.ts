import { frameLabel } from '../../../src/core/findings/explain';
import { type FlameModel, flameModel } from '../../../src/core/profile/views/flame-model';
import { callersOf } from '../../../src/core/profile/views/invert';
import { rebuildTree } from '../../../src/core/profile/views/rebuild-tree';
import type { Transformed } from '../../../src/core/profile/views/transform';
import { functionIndex } from '../../../src/shared/brands';
import { formatCost, formatShare, plural } from '../../../src/shared/format';
import { type ChartCanvas, chartCanvas } from '../../chart/chart-canvas';
import { flameChart } from '../../chart/charts';
import { el } from '../../ui/dom';
import type { View, ViewContext } from './view';

/** Who calls the selected function, above it; what it calls, below it. Selecting a frame moves there. */
export function sandwichView(context: ViewContext): View {
  const { store } = context;
  const title = el('h2', { class: 'sandwich-title code' });
  const hint = el('p', { class: 'view-note' }, 'Select a function in another view to see its callers and callees here.');
  const above = half('Callers', () => callers);
  const below = half('Callees', () => callees);
  const middle = el('div', { class: 'sandwich-middle' }, title);
  const element = el(
    'div',
    { class: 'view sandwich-view', tabindex: '0', role: 'group', 'aria-label': 'Callers and callees: the panel lists them too' },
    hint,
    above.element,
    middle,
    below.element,
  );
  let callers: FlameModel | undefined;
  let callees: FlameModel | undefined;
  let drawn: { of: Transformed; func: number } | undefined;

  function half(name: string, model: () => FlameModel | undefined): { element: HTMLElement; canvas: ChartCanvas } {
    const container = el('div', { class: 'flame' });
    const box = el('div', { class: 'sandwich-half' }, el('h3', {}, name), el('div', { class: 'graph' }, container));
    const canvas = chartCanvas(container, {
      onHover(hovered, x, y) {
        const of = model();
        if (!hovered || !of) return context.tooltip.hide();
        const { unit } = of.tables;
        const share = formatShare(of.width > 0 ? hovered.cost / of.width : 0);
        if (hovered.count > 1)
          return context.tooltip.show(
            [{ text: plural(hovered.count, 'smaller frame'), style: 'strong' }, { text: `${formatCost(hovered.cost, unit)} together` }],
            x,
            y,
          );
        const func = functionIndex(of.tables.nodes.func[hovered.node] as number);
        context.tooltip.show(
          [{ text: frameLabel(of.tables, func), style: 'strong' }, { text: `${formatCost(hovered.cost, unit)} · ${share} of the selected function` }],
          x,
          y,
        );
      },
      onClick(hovered, event) {
        const of = model();
        if (!hovered || !of || hovered.count > 1) return;
        const func = of.tables.nodes.func[hovered.node] as number;
        if (event.ctrlKey || event.metaKey) context.openSource(func);
        else if (hovered.node > 0) context.select(func);
      },
      // A click has put another function into the middle.
      onDoubleClick: () => {},
      onMenu({ node, count }, event) {
        const of = model();
        if (of && count === 1) context.openMenu(of.tables.nodes.func[node] as number, undefined, event.clientX, event.clientY);
      },
    });
    return { element: box, canvas };
  }

  function show(func: number): void {
    const { shown } = store;
    const { nodes } = shown.tables;
    callers = flameModel(callersOf(shown.tables, func).tables);
    callees = flameModel(
      rebuildTree(shown.tables, (node, up) => (up > 0 ? { kind: 'keep' } : nodes.func[node] === func ? { kind: 'restart' } : { kind: 'drop' })).tables,
    );
    // The root and the function itself are the title between the two.
    above.canvas.show(flameChart(callers, true, 2), context.palette());
    below.canvas.show(flameChart(callees, false, 2), context.palette());
    const total = store.model.costs.total[func] as number;
    const name = frameLabel(shown.tables, functionIndex(func));
    const { unit } = shown.tables;
    const self = store.model.costs.self[func] as number;
    const share = (cost: number): string => formatShare(store.model.width > 0 ? cost / store.model.width : 0);
    title.replaceChildren(
      name,
      el('span', { class: 'dim' }, `  self ${formatCost(self, unit)} · ${share(self)}   total ${formatCost(total, unit)} · ${share(total)}`),
    );
    context.showStatus([name, `self ${formatCost(self, unit)} · ${share(self)}`, `total ${formatCost(total, unit)} · ${share(total)}`]);
  }

  return {
    element,
    update(changed) {
      const func = store.state.selected;
      const isThere = func !== undefined && (store.model.costs.total[func] ?? 0) > 0;
      hint.hidden = isThere;
      for (const part of [above.element, middle, below.element]) part.hidden = !isThere;
      if (!isThere || func === undefined) {
        drawn = undefined;
        return;
      }
      if (drawn?.of !== store.shown || drawn.func !== func) {
        drawn = { of: store.shown, func };
        show(func);
      } else if (changed === undefined || changed.has('palette')) {
        for (const { canvas } of [above, below]) {
          canvas.setPalette(context.palette());
          canvas.repaint();
        }
      }
      for (const { canvas } of [above, below]) canvas.highlight({ selected: -1, func, matches: store.found?.matches, marks: store.marks });
    },
    onKey(event) {
      const step = event.key === '+' || event.key === '=' ? 1.5 : event.key === '-' ? 1 / 1.5 : undefined;
      if (step) for (const { canvas } of [above, below]) canvas.zoomBy(step);
      if (event.key === 'Home' || event.key === 'Escape') for (const { canvas } of [above, below]) canvas.zoomTo(undefined, true);
      const neighbours = { ArrowUp: callers, ArrowDown: callees }[event.key];
      if (neighbours) {
        // The widest caller or callee: node 1 is the function itself, node 2 its first child.
        const next = neighbours.tables.nodes.func[2];
        if (next !== undefined) context.select(next);
        return true;
      }
      if (event.key.toLowerCase() === 'm' && store.state.selected !== undefined) {
        const bounds = middle.getBoundingClientRect();
        context.openMenu(store.state.selected, undefined, bounds.left + 20, bounds.bottom);
        return true;
      }
      return step !== undefined || event.key === 'Home' || event.key === 'Escape';
    },
    focus: () => element.focus({ preventScroll: true }),
  };
}
