import { decodeSlab } from '../../src/core/profile/slab';
import { functionAt, pathTo } from '../../src/core/profile/tables';
import { type FlameModel, flameModel } from '../../src/core/profile/views/flame-model';
import { functionIndex, nodeIndex } from '../../src/shared/brands';
import { formatBytes, formatCount, formatShare } from '../../src/shared/format';
import { type HeapIcicle, type HeapKind, heapKinds } from '../../src/shared/heap-query';
import type { HoveredBox } from '../chart/chart';
import { chartCanvas } from '../chart/chart-canvas';
import { flameChart } from '../chart/charts';
import type { BoxColours, ThemeKind } from '../chart/colours';
import type { Palette } from '../chart/palette';
import { ariaTree, children, sibling } from '../ui/aria-tree';
import { button, el, setText } from '../ui/dom';
import { kindColours } from './kind-colours';
import type { HeapContext, HeapPart } from './view';

interface Drawn {
  readonly root: number;
  readonly model: FlameModel;
  readonly icicle: HeapIcicle;
}

const mergedLabel = (count: number): string => `${formatCount(count)} smaller`;

/** The tree of dominators as boxes as wide as what they retain. */
export function icicleView(context: HeapContext): HeapPart {
  const { store } = context;
  const container = el('div', { class: 'flame' });
  const tree = ariaTree('Retained size', describe, '');
  const breadcrumb = el('nav', { class: 'breadcrumb', 'aria-label': 'Zoomed objects' });
  const note = el('p', { class: 'view-note', hidden: '' });
  const element = el('div', { class: 'view flame-view' }, breadcrumb, note, el('div', { class: 'graph' }, container, tree.element));
  let drawn: Drawn | undefined;
  let asked: number | undefined;
  let selected = 0;
  let zoomed = 0;

  const canvas = chartCanvas(container, {
    onHover: (box, x, y) => (box ? context.tooltip.show(tooltipOf(box), x, y) : context.tooltip.hide()),
    onClick(box, event) {
      tree.element.focus({ preventScroll: true });
      if (!box || !drawn) return;
      if (box.count > 1) return zoomTo(drawn.model.tables.nodes.parent[box.node] as number);
      choose(box.node);
      if (event.detail === 1) zoomTo(box.node);
    },
    onDoubleClick: ({ node, count }) => count === 1 && objectOf(node) !== undefined && context.openSource(objectOf(node) as number),
    onMenu({ node, count }, event) {
      const object = objectOf(node);
      if (count > 1 || object === undefined) return;
      choose(node);
      context.openObjectMenu(object, false, event.clientX, event.clientY);
    },
    onRangeChange: () => context.tooltip.hide(),
  });

  function objectOf(frame: number): number | undefined {
    const node = drawn?.icicle.nodes[frame];
    return node === undefined || node < 0 ? undefined : node;
  }

  function figures(model: FlameModel, frame: number): { readonly name: string; readonly retained: string; readonly shallow: string } {
    const { tables } = model;
    const share = (size: number): string => formatShare(size / Math.max(1, store.overview.totalSize));
    const retained = model.span[frame] as number;
    const shallow = tables.nodes.self[frame] as number;
    return {
      name: functionAt(tables, functionIndex(tables.nodes.func[frame] as number)).name,
      retained: `retained ${formatBytes(retained)} · ${share(retained)}`,
      shallow: `shallow ${formatBytes(shallow)} · ${share(shallow)}`,
    };
  }

  function describe(model: FlameModel, frame: number): string {
    const { name, retained, shallow } = figures(model, frame);
    return `${name}, ${retained}, ${shallow}, ${formatCount(children(model, frame).length)} below`;
  }

  function tooltipOf(box: HoveredBox): { text: string; style?: 'strong' | 'dim' }[] {
    if (!drawn) return [];
    if (box.count > 1) return [{ text: mergedLabel(box.count), style: 'strong' }, { text: `${formatBytes(box.cost)} together. Select to zoom in.` }];
    const { name, retained, shallow } = figures(drawn.model, box.node);
    const isRest = objectOf(box.node) === undefined;
    return [
      { text: name, style: 'strong' },
      { text: retained },
      ...(isRest ? [{ text: 'Enter or a click shows them by themselves.', style: 'dim' } as const] : [{ text: shallow }]),
    ];
  }

  function choose(frame: number): void {
    selected = frame;
    const object = objectOf(frame);
    if (object !== undefined) context.select(object);
    showFrame();
  }

  function showFrame(): void {
    if (!drawn) return;
    tree.focusNode(drawn.model, selected);
    canvas.highlight({ selected: selected > 0 ? selected : -1, func: -1, matches: undefined, marks: new Map() });
    const { name, retained, shallow } = figures(drawn.model, selected);
    context.showStatus([name, retained, shallow]);
  }

  function zoomTo(frame: number): void {
    if (!drawn) return;
    const node = Math.max(0, frame);
    // What is merged is drawn by itself below its dominator, as the whole.
    if (objectOf(node) === undefined) {
      const up = objectOf(drawn.model.tables.nodes.parent[node] as number);
      if (up !== undefined && up !== drawn.root) store.set({ icicleRoot: up });
      return;
    }
    zoomed = node;
    canvas.zoomTo(zoomed === 0 ? undefined : zoomed, true);
    showBreadcrumb();
  }

  function showBreadcrumb(): void {
    if (!drawn) return;
    const { tables } = drawn.model;
    const path = zoomed === 0 ? [] : pathTo(tables.nodes, nodeIndex(zoomed)).slice(1);
    const shown = path.length > 5 ? [...path.slice(0, 1), undefined, ...path.slice(-3)] : path;
    const crumb = (frame: number): HTMLElement => {
      const { name } = functionAt(tables, functionIndex(tables.nodes.func[frame] as number));
      return button(`Zoom to ${name}`, () => zoomTo(frame), { class: 'crumb code', ...(frame === zoomed ? { 'aria-current': 'true' } : {}) }, name);
    };
    breadcrumb.hidden = zoomed === 0 && drawn.root === 0;
    breadcrumb.replaceChildren(
      button('Show the whole snapshot', () => (drawn?.root === 0 ? zoomTo(0) : store.set({ icicleRoot: 0 })), { class: 'crumb' }, 'All'),
      ...(drawn.root === 0 ? [] : [el('span', { class: 'dim', 'aria-hidden': 'true' }, '›'), crumb(0)]),
      ...shown.flatMap((frame) => [
        el('span', { class: 'dim', 'aria-hidden': 'true' }, '›'),
        frame === undefined ? el('span', { class: 'dim' }, `… ${path.length - 4}`) : crumb(frame),
      ]),
    );
  }

  function move(frame: number): void {
    if (frame < 0 || !drawn) return;
    choose(frame);
    canvas.scrollToBox(frame);
    const box = canvas.boxOf(frame);
    if (box && (box.width < 3 || box.x + box.width <= 0 || box.x >= container.clientWidth)) zoomTo(drawn.model.tables.nodes.parent[frame] as number);
  }

  const up = (frame: number): number => (drawn?.model.tables.nodes.parent[frame] as number | undefined) ?? -1;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => drawn && move(children(drawn.model, selected)[0] ?? selected),
    ArrowUp: () => move(up(selected)),
    ArrowLeft: () => drawn && move(sibling(drawn.model, selected, -1)),
    ArrowRight: () => drawn && move(sibling(drawn.model, selected, 1)),
    Enter: () => zoomTo(selected),
    ' ': () => zoomTo(selected),
    Escape: () => (zoomed === 0 && drawn?.root !== 0 ? store.set({ icicleRoot: 0 }) : zoomTo(up(zoomed))),
    Backspace: () => zoomTo(up(zoomed)),
    Home: () => zoomTo(0),
    '+': () => canvas.zoomBy(1.5),
    '=': () => canvas.zoomBy(1.5),
    '-': () => canvas.zoomBy(1 / 1.5),
  };

  function ask(): void {
    const { icicleRoot } = store.state;
    if (asked === icicleRoot) return;
    asked = icicleRoot;
    note.hidden = false;
    note.textContent = 'Drawing…';
    context.ask('icicle', { node: icicleRoot }).then(
      (answer) => asked === icicleRoot && draw(icicleRoot, answer),
      (error: Error) => {
        asked = undefined;
        setText(note, error.message);
      },
    );
  }

  function draw(root: number, icicle: HeapIcicle): void {
    const tables = decodeSlab(icicle.slab);
    note.hidden = tables.ok;
    if (!tables.ok) {
      note.textContent = 'The picture cannot be drawn from what was prepared. Open the snapshot again.';
      return;
    }
    drawn = { root, icicle, model: flameModel(tables.value) };
    selected = zoomed = 0;
    canvas.show({ ...flameChart(drawn.model, false), merged: mergedLabel }, palette(context.theme(), drawn.model));
    const at = icicle.nodes.indexOf(store.state.selected ?? -1);
    if (at > 0) selected = at;
    showBreadcrumb();
    showFrame();
    if (selected > 0) canvas.scrollToBox(selected);
  }

  return {
    element,
    update(changed) {
      if (changed === undefined || changed.has('icicleRoot')) ask();
      if (drawn && (changed === undefined || changed.has('theme'))) {
        canvas.setPalette(palette(context.theme(), drawn.model));
        canvas.repaint();
      }
      if (drawn && changed?.has('selected')) {
        const at = drawn.icicle.nodes.indexOf(store.state.selected ?? -1);
        if (at >= 0 && at !== selected) {
          selected = at;
          showFrame();
        }
      }
    },
    onKey(event) {
      const act = keys[event.key];
      if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
        const object = objectOf(selected);
        const bounds = container.getBoundingClientRect();
        if (object !== undefined) context.openObjectMenu(object, false, bounds.left + Math.max(8, canvas.boxOf(selected)?.x ?? 8), bounds.top + 40);
        return true;
      }
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return false;
      act();
      return true;
    },
    focus: () => tree.element.focus({ preventScroll: true }),
  };
}

/** A frame's kind stands in its function's column, which objects have no other use for. */
function palette(theme: ThemeKind, { tables }: FlameModel): Palette {
  const known = new Map<number, BoxColours>();
  const edges = new Map<string, string | undefined>();
  return {
    of(func) {
      let colours = known.get(func);
      if (!colours) {
        const { name, column } = functionAt(tables, functionIndex(func));
        const kind: HeapKind = heapKinds[column] ?? 'other';
        colours = kindColours(theme, kind, name);
        known.set(func, colours);
        edges.set(colours.fill, colours.edge);
      }
      return colours;
    },
    hasEdges: theme.startsWith('hc'),
    edges,
  };
}
