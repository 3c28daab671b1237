import { select, timerFlush } from 'd3';
import flamegraph, { type FlameGraph, type Tip } from 'd3-flame-graph';
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

/** The picture, with what d3-flame-graph does not keep through an update. */
interface Picture {
  readonly element: HTMLElement;
  readonly data: ReportData;
  /** What is in each row of boxes, outermost first. */
  readonly costs: readonly number[];
  size: Size;
  marked: ReadonlySet<number> | undefined;
  isZoomed: boolean;
}

export function drawChart(element: HTMLElement, data: ReportData, totals: readonly number[], onZoom: () => void, tip: Tip<Frame>): Chart {
  const costs = rowCosts(data, totals);
  const picture: Picture = { element, data, costs, size: sizeOnScreen(element, costs), marked: undefined, isZoomed: false };
  const chart = flameGraph(data, picture.size)
    .tooltip(tip)
    .onClick(({ data: { box } }) => {
      picture.isZoomed = box !== 0;
      paint(picture);
      onZoom();
    });
  select(element).datum(frameTree(data)).call(chart);
  const svg = element.querySelector('svg');
  svg?.setAttribute('role', 'img');
  svg?.setAttribute('aria-label', 'Flame graph; the table of functions below says the same in words');
  svg?.querySelector('text.title')?.remove();
  paint(picture);
  followSize(picture, chart);
  return {
    mark(wanted) {
      picture.marked = wanted;
      paint(picture);
    },
    reset() {
      chart.resetZoom();
    },
    get isZoomed() {
      return picture.isZoomed;
    },
  };
}

function sizeOnScreen(element: HTMLElement, costs: readonly number[]): Size {
  return { width: Math.max(320, element.clientWidth), rows: costs.length, row: ROW };
}

function sizeOnPaper(costs: readonly number[], active: number, isZoomed: boolean): Size {
  const isShort = costs.length * ROW <= PAGE.height;
  const rows = isZoomed || isShort ? costs.length : costs.findLastIndex((cost) => cost >= active * WORTH_PRINTING) + 1;
  return { width: PAGE.width, rows, row: Math.min(ROW, PAGE.height / rows) };
}

/** Milliseconds that a zoom takes. */
function durationOf({ boxes }: ReportData): number {
  const isCalm = boxes.parent.length > MAX_ANIMATED || matchMedia('(prefers-reduced-motion: reduce)').matches;
  return isCalm ? 0 : 250;
}

function flameGraph(data: ReportData, { width, rows, row }: Size): FlameGraph<Frame> {
  const { boxes, functions } = data;
  const fill = (box: number): string => {
    const func = boxes.func[box] as number;
    return func < 0 ? 'var(--merged)' : toneOf(functions.category[func] as number, functions.name[func] as string);
  };
  return (
    flamegraph<Frame>()
      .width(width)
      .height(rows * row)
      .cellHeight(row)
      .inverted(true)
      .selfValue(true)
      // What a zoom leaves no width has none to be drawn.
      .minFrameSize(0.01)
      .transitionDuration(durationOf(data))
      .getName(({ data: { box } }) => frameName(data, box))
      .setLabelHandler(({ data: { box } }) => frameName(data, box))
      .setColorMapper(({ data: { box } }) => fill(box))
  );
}

/** What d3-flame-graph knows nothing of; it sets classes anew with every update. */
function paint({ element, data, size, marked }: Picture): void {
  const svg = element.querySelector('svg');
  svg?.setAttribute('height', String(size.rows * size.row));
  // Paper scales the picture as a whole.
  svg?.setAttribute('viewBox', `0 0 ${size.width} ${size.rows * size.row}`);
  for (const group of element.querySelectorAll<SVGGElement>('g.frame')) {
    const func = data.boxes.func[(select(group).datum() as { data: Frame }).data.box] as number;
    if (marked) group.setAttribute('data-match', marked.has(func) ? 'yes' : 'no');
    else group.removeAttribute('data-match');
  }
}

/** Draws the picture for the width of the page, and for paper, where a note says what is left out. */
function followSize(picture: Picture, chart: FlameGraph<Frame>): void {
  const { element, data, costs } = picture;
  const note = el('p', { class: 'print-note dim' });
  element.after(note);
  const duration = durationOf(data);
  const resize = (wanted: Size): void => {
    const { size } = picture;
    if (wanted.width === size.width && wanted.row === size.row && wanted.rows === size.rows) return;
    picture.size = wanted;
    element.style.setProperty('--row', `${wanted.row}px`);
    // A size is no step that the eye should follow.
    chart.transitionDuration(0).width(wanted.width).cellHeight(wanted.row).update();
    chart.transitionDuration(duration);
    paint(picture);
  };
  // A page that is printed or hidden has another width, or none.
  new ResizeObserver(() => {
    if (element.clientWidth > 0 && !matchMedia('print').matches) resize(sizeOnScreen(element, costs));
  }).observe(element);
  addEventListener('beforeprint', () => {
    resize(sizeOnPaper(costs, data.active, picture.isZoomed));
    setText(note, leftOutWords(costs.length - picture.size.rows, data.whole));
    // The picture is taken now: what transitions would do in the next frames is done at once.
    for (let frame = 0; frame < 4; frame++) timerFlush();
  });
  addEventListener('afterprint', () => resize(sizeOnScreen(element, costs)));
}

function leftOutWords(rows: number, whole: string): string {
  if (rows === 0) return '';
  return `${plural(rows, 'deeper row')}, with less than ${formatShare(WORTH_PRINTING)} of ${whole} in each, ${rows === 1 ? 'is' : 'are'} not printed.`;
}
