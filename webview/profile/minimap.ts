import { type BrushBehavior, brushX, type D3BrushEvent, select } from 'd3';
import { Category } from '../../src/core/profile/categories';
import { activity } from '../../src/core/profile/views/time-order';
import { formatTime } from '../../src/shared/format';
import { boxColours, themeOf } from '../chart/colours';
import { el, setText } from '../ui/dom';
import type { Store } from './store';

/** From the bottom up: what matters most first. Idle is the empty rest, the lane at the foot says GC and idle apart. */
const stacked = [Category.User, Category.Dependency, Category.Node, Category.Native, Category.RegExp, Category.Program] as const;
const LANE = 4;

/** The whole time at a glance, by category; brushing it is the time range that every view keeps to. */
export function minimap(store: Store): { readonly element: HTMLElement; update(): void } {
  const canvas = el('canvas', {});
  const readout = el('output', { class: 'minimap-readout', 'aria-live': 'polite' });
  const overlay = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const element = el(
    'div',
    {
      class: 'minimap',
      role: 'group',
      'aria-label': 'Time range: drag to choose; T in the timeline takes what is seen',
      title: 'Drag to choose a time range; click beside it to clear it',
    },
    canvas,
    overlay,
    readout,
  );
  const { startTime, endTime } = store.base;
  const span = endTime - startTime;
  element.hidden = store.base.samples.length === 0 || !(span > 0);
  let width = 0;
  let isOurs = false;

  const brush: BrushBehavior<unknown> = brushX().on('brush end', ({ selection, sourceEvent, type }: D3BrushEvent<unknown>) => {
    if (isOurs || !sourceEvent) return;
    const [x0, x1] = (selection as [number, number] | null) ?? [0, 0];
    const range = x1 - x0 < 2 ? undefined : { from: startTime + (x0 / width) * span, to: startTime + (x1 / width) * span };
    showReadout(range);
    if (type === 'end') store.set({ range, zoom: [] });
  });
  const layer = select(overlay).append<SVGGElement>('g');

  const showReadout = (range: { from: number; to: number } | undefined): void => {
    setText(readout, range ? `${formatTime(range.from - startTime)} – ${formatTime(range.to - startTime)} · ${formatTime(range.to - range.from)}` : '');
  };

  const draw = (): void => {
    width = element.clientWidth;
    const height = element.clientHeight;
    if (width === 0) return;
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const byCategory = activity(store.base, width, Category.Unknown + 1);
    const perStep = span / width;
    const theme = themeOf(document.body);
    const room = height - LANE - 3;
    const base = new Float64Array(width);
    for (const category of stacked) {
      const { fill, edge } = boxColours(theme, category, 500);
      context.fillStyle = edge ?? fill;
      const column = byCategory[category] as Float64Array;
      for (let x = 0; x < width; x++) {
        const high = ((column[x] as number) / perStep) * room;
        if (high <= 0) continue;
        const foot = room - (base[x] as number);
        context.fillRect(x, foot - high, 1, high);
        base[x] = (base[x] as number) + high;
      }
    }
    for (const category of [Category.Gc, Category.Idle] as const) {
      const colours = boxColours(theme, category, 500);
      context.fillStyle = category === Category.Idle ? 'rgb(128 128 128)' : (colours.edge ?? colours.fill);
      const column = byCategory[category] as Float64Array;
      for (let x = 0; x < width; x++) {
        const part = (column[x] as number) / perStep;
        if (part <= 0) continue;
        context.globalAlpha = (category === Category.Idle ? 0.35 : 1) * Math.max(0.25, Math.min(1, part));
        context.fillRect(x, height - LANE, 1, LANE);
      }
    }
    context.globalAlpha = 1;
    overlay.setAttribute('width', String(width));
    overlay.setAttribute('height', String(height));
    brush.extent([
      [0, 0],
      [width, height],
    ]);
    const { range } = store.state;
    isOurs = true;
    layer.call(brush);
    layer.call(brush.move, range ? [((range.from - startTime) / span) * width, ((range.to - startTime) / span) * width] : null);
    isOurs = false;
    element.classList.toggle('has-range', range !== undefined);
    showReadout(range);
  };
  new ResizeObserver(draw).observe(element);
  return { element, update: draw };
}
