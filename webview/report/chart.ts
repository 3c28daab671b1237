import { select, timerFlush } from 'd3';
import flamegraph, { type Tip } from 'd3-flame-graph';
import { formatShare, plural } from '../../src/shared/format';
import type { ReportData } from '../../src/shared/report-data';
import { el, setText } from '../ui/dom';
import { type Frame, frameName, frameTree, rowCosts } from './frames';
import { toneOf } from './palette';

export interface Chart {
  /** Dims everything but these functions; undefined shows all alike. */
  mark(functions: ReadonlySet<number> | undefined): void;
  reset(): void;
  readonly isZoomed: boolean;
}

/** How the picture is drawn, in its own pixels. */
interface Size {
  readonly width: number;
  /** So many rows from the top are shown, each so high. */
  readonly rows: number;
  readonly row: number;
}

const ROW = 19;
/** A sheet of paper, A4 or Letter, with what stands above the graph: scaled to its width, labels are still read. */
const PAGE = { width: 900, height: 1040 };
/** Where there are more rows than a page holds, the deepest in which less than this share is left are not worth paper. */
const WORTH_PRINTING = 0.01;
/** Above this many boxes, animation stutters. */
const MAX_ANIMATED = 800;

export function drawChart(element: HTMLElement, data: ReportData, totals: readonly number[], onZoom: () => void, tip: Tip<Frame>): Chart {
  const { boxes, functions } = data;
  const costs = rowCosts(data, totals);
  const isCalm = boxes.parent.length > MAX_ANIMATED || matchMedia('(prefers-reduced-motion: reduce)').matches;
  const duration = isCalm ? 0 : 250;
  const fill = (box: number): string => {
    const func = boxes.func[box] as number;
    return func < 0 ? 'var(--merged)' : toneOf(functions.category[func] as number, functions.name[func] as string);
  };
  let marked: ReadonlySet<number> | undefined;
  let isZoomed = false;
  const onScreen = (): Size => ({ width: Math.max(320, element.clientWidth), rows: costs.length, row: ROW });
  const onPaper = (): Size => {
    const isShort = costs.length * ROW <= PAGE.height;
    const rows = isZoomed || isShort ? costs.length : costs.findLastIndex((cost) => cost >= data.active * WORTH_PRINTING) + 1;
    return { width: PAGE.width, rows, row: Math.min(ROW, PAGE.height / rows) };
  };
  let size = onScreen();
  const note = el('p', { class: 'print-note dim' });

  /** What d3-flame-graph knows nothing of; it sets classes anew with every update. */
  const paint = (): void => {
    const svg = element.querySelector('svg');
    svg?.setAttribute('height', String(size.rows * size.row));
    // Paper scales the picture as a whole.
    svg?.setAttribute('viewBox', `0 0 ${size.width} ${size.rows * size.row}`);
    for (const group of element.querySelectorAll<SVGGElement>('g.frame')) {
      const func = boxes.func[(select(group).datum() as { data: Frame }).data.box] as number;
      if (marked) group.setAttribute('data-match', marked.has(func) ? 'yes' : 'no');
      else group.removeAttribute('data-match');
    }
  };
  const chart = flamegraph<Frame>()
    .width(size.width)
    .height(size.rows * size.row)
    .cellHeight(size.row)
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

  element.after(note);
  const resize = (wanted: Size): void => {
    if (wanted.width === size.width && wanted.row === size.row && wanted.rows === size.rows) return;
    size = wanted;
    element.style.setProperty('--row', `${size.row}px`);
    // A size is no step that the eye should follow.
    chart.transitionDuration(0).width(size.width).cellHeight(size.row).update();
    chart.transitionDuration(duration);
    paint();
  };
  // A page that is printed or hidden has another width, or none.
  new ResizeObserver(() => {
    if (element.clientWidth > 0 && !matchMedia('print').matches) resize(onScreen());
  }).observe(element);
  addEventListener('beforeprint', () => {
    resize(onPaper());
    const left = costs.length - size.rows;
    setText(
      note,
      left === 0
        ? ''
        : `${plural(left, 'deeper row')}, with less than ${formatShare(WORTH_PRINTING)} of ${data.whole} in each, ${left === 1 ? 'is' : 'are'} not printed.`,
    );
    // The picture is taken now: what transitions would do in the next frames is done at once.
    for (let frame = 0; frame < 4; frame++) timerFlush();
  });
  addEventListener('afterprint', () => resize(onScreen()));

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
