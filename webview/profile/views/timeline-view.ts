import { frameLabel } from '../../../src/core/findings/explain';
import { Category } from '../../../src/core/profile/categories';
import { activity, type TimeOrder, timeOrder } from '../../../src/core/profile/views/time-order';
import type { Transformed } from '../../../src/core/profile/views/transform';
import { pathOfNode } from '../../../src/core/profile/views/transform';
import { functionIndex } from '../../../src/shared/brands';
import { formatTime, plural } from '../../../src/shared/format';
import { chartCanvas } from '../../chart/chart-canvas';
import { timeChart } from '../../chart/charts';
import { boxColours, themeOf } from '../../chart/colours';
import { el, setText } from '../../ui/dom';
import { findingLines } from '../finding-words';
import { threadLanes } from '../threads/lanes';
import type { View, ViewContext } from './view';

/** Height of the lane of garbage collection and idle. */
const LANE = 5;

/** Stacks in the order of time. */
export function timelineView(context: ViewContext): View {
  const { store } = context;
  const container = el('div', {
    class: 'flame',
    tabindex: '0',
    role: 'application',
    'aria-label': 'Timeline: arrow keys pan and walk, plus and minus zoom, T selects what is seen',
  });
  const live = el('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const axis = el('div', { class: 'axis', 'aria-hidden': 'true' });
  const lane = el('canvas', { class: 'lane', 'aria-hidden': 'true', title: 'Garbage collection and idle' });
  const notes = el('p', { class: 'view-note', hidden: '' });
  const lanes = threadLanes(store, (row) => context.chooseProfile(row));
  const { threads } = store.profile;
  const element = el(
    'div',
    { class: `view timeline-view${lanes ? ` has-lanes ${lanes.hasProcesses ? 'has-processes' : ''}` : ''}` },
    axis,
    lanes?.element,
    lane,
    notes,
    el('div', { class: 'graph' }, container),
    live,
  );
  let drawn: Transformed | undefined;
  let order: TimeOrder = { levels: [], isCut: false };
  let selected = -1;
  // All threads have one clock: what is seen of one begins where the first of them did.
  const origin = threads?.from ?? store.base.startTime;
  const whole = threads ?? { from: store.base.startTime, to: store.base.endTime };

  const funcAt = (id: number): number => {
    const { level, at } = segment(id);
    return store.shown.tables.nodes.func[level.node[at] as number] as number;
  };
  const segment = (id: number) => {
    const row = order.levels.findLastIndex(({ first }) => first <= id);
    const level = order.levels[row] as TimeOrder['levels'][0];
    return { level, row, at: id - level.first };
  };
  const canvas = chartCanvas(container, {
    onHover(box, x, y) {
      if (!box) return context.tooltip.hide();
      if (box.count > 1)
        return context.tooltip.show([{ text: plural(box.count, 'shorter frame'), style: 'strong' }, { text: `${formatTime(box.cost)} in all` }], x, y);
      const { level, at } = segment(box.node);
      const start = level.start[at] as number;
      context.tooltip.show(
        [
          { text: frameLabel(store.shown.tables, functionIndex(funcAt(box.node))), style: 'strong' },
          { text: formatTime((level.end[at] as number) - start) },
          { text: `at ${formatTime(start - origin)}`, style: 'dim' },
          ...findingLines(store, funcAt(box.node)),
        ],
        x,
        y,
      );
    },
    onClick(box, event) {
      container.focus({ preventScroll: true });
      if (!box || box.count > 1) return;
      choose(box.node);
      if (event.ctrlKey || event.metaKey) context.openSource(funcAt(box.node));
    },
    onDoubleClick({ node, count }) {
      if (count === 1) return canvas.zoomTo(node, true);
      const { level, at } = segment(node);
      zoomToTimes(level.start[at] as number, level.end[at + count - 1] as number);
    },
    onMenu({ node, count }, event) {
      if (count > 1) return;
      choose(node);
      const { level, at } = segment(node);
      context.openMenu(funcAt(node), pathOfNode(store.shown.tables, level.node[at] as number), event.clientX, event.clientY);
    },
    onRangeChange() {
      context.tooltip.hide();
      requestAnimationFrame(showAxis);
    },
  });

  function zoomToTimes(from: number, to: number): void {
    const [seenFrom, seenTo] = canvas.range;
    const factor = (seenTo - seenFrom) / Math.max((to - from) * 1.5, 1);
    const middle = (from + to) / 2;
    canvas.panBy((middle - (seenFrom + seenTo) / 2) / (seenTo - seenFrom));
    canvas.zoomBy(Math.max(1.5, factor));
    showAxis();
  }

  function choose(id: number): void {
    selected = id;
    const { level, row, at } = segment(id);
    const node = level.node[at] as number;
    context.select(store.shown.tables.nodes.func[node] as number, pathOfNode(store.shown.tables, node));
    canvas.scrollToBox(id);
    const start = level.start[at] as number;
    setText(
      live,
      `${frameLabel(store.shown.tables, functionIndex(funcAt(id)))}, ${formatTime((level.end[at] as number) - start)}, at ${formatTime(start - origin)}, level ${row + 1}`,
    );
    showState();
  }

  function showState(): void {
    canvas.highlight({ selected, func: store.state.selected ?? -1, matches: store.found?.matches, marks: store.marks });
    const [from, to] = canvas.range;
    const parts = [`${formatTime(from - origin)} – ${formatTime(to - origin)}`, `${formatTime(to - from)} seen`];
    if (selected >= 0) {
      const { level, at } = segment(selected);
      const start = level.start[at] as number;
      parts.unshift(
        frameLabel(store.shown.tables, functionIndex(funcAt(selected))),
        `${formatTime((level.end[at] as number) - start)} at ${formatTime(start - origin)}`,
      );
    }
    context.showStatus(parts);
  }

  /** Times along the top, at round steps. */
  function showAxis(): void {
    const [from, to] = store.base.samples.length > 0 ? canvas.range : [whole.from, whole.to];
    const width = container.clientWidth;
    if (!(width > 0) || !(to > from)) return;
    const raw = ((to - from) / width) * 110;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = power * (raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
    const ticks: HTMLElement[] = [];
    for (let at = Math.ceil((from - origin) / step) * step; at <= to - origin && ticks.length < 100; at += step) {
      const tick = el('span', { class: 'tick' }, formatTime(at));
      tick.style.left = `${((at + origin - from) / (to - from)) * width}px`;
      ticks.push(tick);
    }
    axis.replaceChildren(...ticks);
    lanes?.seeRange(from, to);
    showLane(from, to, width);
    showState();
  }

  /** Garbage collection and idle in the time that is seen, as dense as they are in each pixel. */
  function showLane(from: number, to: number, width: number): void {
    const ratio = devicePixelRatio || 1;
    lane.width = Math.round(width * ratio);
    lane.height = Math.round(LANE * ratio);
    const context2d = lane.getContext('2d') as CanvasRenderingContext2D;
    context2d.scale(ratio, ratio);
    const steps = Math.max(1, Math.floor(width));
    const byCategory = activity(store.base, steps, Category.Unknown + 1, { from, to });
    const theme = themeOf(document.body);
    const perStep = (to - from) / steps;
    for (const category of [Category.Idle, Category.Gc] as const) {
      const { fill, edge } = boxColours(theme, category, 500);
      context2d.fillStyle = category === Category.Idle ? 'rgb(128 128 128)' : (edge ?? fill);
      const column = byCategory[category] as Float64Array;
      for (let x = 0; x < steps; x++) {
        const part = (column[x] as number) / perStep;
        if (part <= 0) continue;
        context2d.globalAlpha = (category === Category.Idle ? 0.35 : 1) * Math.max(0.25, Math.min(1, part));
        context2d.fillRect(x, 0, 1, LANE);
      }
    }
  }

  function walk(row: number, step: -1 | 0 | 1): void {
    if (order.levels.length === 0) return;
    const current = selected >= 0 ? segment(selected) : undefined;
    const level = order.levels[Math.max(0, Math.min(order.levels.length - 1, row))] as TimeOrder['levels'][0];
    if (level.start.length === 0) return;
    if (!current) return choose(level.first);
    if (current.level === level) return choose(level.first + Math.max(0, Math.min(level.start.length - 1, current.at + step)));
    // To another row: what runs there at the same time, or next.
    const time = current.level.start[current.at] as number;
    let at = 0;
    let high = level.start.length;
    while (at < high) {
      const middle = (at + high) >> 1;
      if ((level.end[middle] as number) > time) high = middle;
      else at = middle + 1;
    }
    choose(level.first + Math.min(at, level.start.length - 1));
  }

  const rowOf = (): number => (selected >= 0 ? segment(selected).row : 0);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => walk(rowOf(), -1),
    ArrowRight: () => walk(rowOf(), 1),
    ArrowUp: () => walk(rowOf() - 1, 0),
    ArrowDown: () => walk(rowOf() + 1, 0),
    Enter: () => selected >= 0 && canvas.zoomTo(selected, true),
    Escape: () => canvas.zoomTo(undefined, true),
    Backspace: () => canvas.zoomTo(undefined, true),
    Home: () => canvas.zoomTo(undefined, true),
    '+': () => canvas.zoomBy(1.5),
    '=': () => canvas.zoomBy(1.5),
    '-': () => canvas.zoomBy(1 / 1.5),
    w: () => canvas.zoomBy(1.5),
    s: () => canvas.zoomBy(1 / 1.5),
    a: () => canvas.panBy(-0.2),
    d: () => canvas.panBy(0.2),
    t: () => store.base.samples.length > 0 && store.set({ range: { from: canvas.range[0], to: canvas.range[1] } }),
    m: () => {
      if (selected < 0) return;
      const { level, at } = segment(selected);
      const bounds = container.getBoundingClientRect();
      context.openMenu(funcAt(selected), pathOfNode(store.shown.tables, level.node[at] as number), bounds.left + 20, bounds.top + 40);
    },
  };

  return {
    element,
    update(changed) {
      if (store.shown !== drawn) {
        drawn = store.shown;
        order = timeOrder(store.base, drawn);
        selected = -1;
        const { range } = store.state;
        canvas.show(timeChart(order, drawn.tables, range?.from ?? whole.from, range?.to ?? whole.to), context.palette());
        const isEmpty = order.levels.length === 0;
        notes.hidden = !isEmpty && !order.isCut;
        setText(
          notes,
          isEmpty
            ? store.base.samples.length === 0
              ? threads
                ? 'Threads together have no order of time. Choose one of the lanes to see when it did what.'
                : 'This profile has no times: it says how much each stack cost, not when. The flame graph and the table show it.'
              : 'Nothing ran in what is shown. Take a transform or the range away.'
            : 'The deepest frames are left out here; the flame graph shows them.',
        );
      } else if (changed === undefined || changed.has('palette')) {
        canvas.setPalette(context.palette());
        canvas.repaint();
      }
      if (changed === undefined || changed.has('strips')) lanes?.update();
      showAxis();
    },
    onKey(event) {
      const act = keys[event.key] ?? keys[event.key.toLowerCase()];
      if (!act) return false;
      act();
      requestAnimationFrame(showAxis);
      return true;
    },
    focus: () => container.focus({ preventScroll: true }),
  };
}
