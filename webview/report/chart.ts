import { select, timerFlush } from 'd3';
import flamegraph, { type Tip } from 'd3-flame-graph';
import type { ReportData } from '../../src/shared/report-data';
import { type Frame, frameName, frameTree } from './frames';
import { toneOf } from './palette';

export interface Chart {
  /** Dims everything but these functions; undefined shows all alike. */
  mark(functions: ReadonlySet<number> | undefined): void;
  reset(): void;
  readonly isZoomed: boolean;
}

const ROW = 19;
/** Scaled to a page of paper, labels are still read. */
const PRINT_WIDTH = 900;
/** Above this many boxes, animation stutters. */
const MAX_ANIMATED = 800;

export function drawChart(element: HTMLElement, data: ReportData, onZoom: () => void, tip: Tip<Frame>): Chart {
  const { boxes, functions } = data;
  const depths = boxes.parent.map(() => 0);
  for (const [box, parent] of boxes.parent.entries()) if (parent >= 0) depths[box] = (depths[parent] as number) + 1;
  const height = (depths.reduce((most, depth) => Math.max(most, depth), 0) + 1) * ROW;
  const isCalm = boxes.parent.length > MAX_ANIMATED || matchMedia('(prefers-reduced-motion: reduce)').matches;
  const duration = isCalm ? 0 : 250;
  const fill = (box: number): string => {
    const func = boxes.func[box] as number;
    return func < 0 ? 'var(--merged)' : toneOf(functions.category[func] as number, functions.name[func] as string);
  };
  let marked: ReadonlySet<number> | undefined;
  let isZoomed = false;
  const width = (): number => Math.max(320, element.clientWidth);

  /** What d3-flame-graph knows nothing of; it sets classes anew with every update. */
  const paint = (): void => {
    const svg = element.querySelector('svg');
    // Print and zoomed pages scale the picture as a whole.
    svg?.setAttribute('viewBox', `0 0 ${svg.getAttribute('width')} ${height}`);
    for (const group of element.querySelectorAll<SVGGElement>('g.frame')) {
      const func = boxes.func[(select(group).datum() as { data: Frame }).data.box] as number;
      if (marked) group.setAttribute('data-match', marked.has(func) ? 'yes' : 'no');
      else group.removeAttribute('data-match');
    }
  };
  const chart = flamegraph<Frame>()
    .width(width())
    .height(height)
    .cellHeight(ROW)
    .inverted(true)
    .selfValue(true)
    // What a zoom leaves no width has none to be drawn.
    .minFrameSize(0.01)
    .transitionDuration(duration)
    .getName(({ data: { box } }) => frameName(data, box))
    .setLabelHandler(({ data: { box } }) => frameName(data, box))
    .setColorMapper(({ data: { box } }) => fill(box))
    .tooltip(tip)
    .onClick(({ data: { box } }) => {
      isZoomed = box !== 0;
      paint();
      onZoom();
    });
  select(element).datum(frameTree(data)).call(chart);
  const svg = element.querySelector('svg');
  svg?.setAttribute('role', 'img');
  svg?.setAttribute('aria-label', 'Flame graph; the table of functions below says the same in words');
  svg?.querySelector('text.title')?.remove();
  paint();

  let drawn = width();
  const resize = (pixels: number): void => {
    if (pixels === drawn) return;
    drawn = pixels;
    // A size is no step that the eye should follow.
    chart.transitionDuration(0).width(drawn).update();
    chart.transitionDuration(duration);
    paint();
  };
  // A page that is printed or hidden has another width, or none.
  new ResizeObserver(() => {
    if (element.clientWidth > 0 && !matchMedia('print').matches) resize(width());
  }).observe(element);
  addEventListener('beforeprint', () => {
    resize(PRINT_WIDTH);
    // The picture is taken now: what transitions would do in the next frames is done at once.
    for (let frame = 0; frame < 4; frame++) timerFlush();
  });
  addEventListener('afterprint', () => resize(width()));

  return {
    mark(wanted) {
      marked = wanted;
      paint();
    },
    reset() {
      chart.resetZoom();
    },
    get isZoomed() {
      return isZoomed;
    },
  };
}
