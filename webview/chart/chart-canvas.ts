import { type ScaleLinear, type Selection, scaleLinear, select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import { type Chart, type Highlight, type HoveredBox, noHighlight } from './chart';
import { ROW, rastersInSoftware } from './chart-boxes';
import { paintChart } from './chart-paint';
import type { Viewport } from './flame-layout';
import type { Palette } from './palette';

export interface ChartCanvas {
  show(chart: Chart, palette: Palette): void;
  /** The same boxes in other rows: what is seen of the axis stays, and the part of the rows. */
  rearrange(chart: Chart): void;
  setPalette(palette: Palette): void;
  /** Fills the width with a box; undefined shows everything. */
  zoomTo(id: number | undefined, animate: boolean): void;
  zoomBy(factor: number): void;
  panBy(share: number): void;
  /** Scrolls so that a box's row is in view. */
  scrollToBox(id: number): void;
  highlight(next: Highlight): void;
  repaint(): void;
  boxOf(id: number): { readonly x: number; readonly width: number } | undefined;
  /** The part of the axis that is seen. */
  readonly range: readonly [from: number, to: number];
}

export interface ChartEvents {
  /** Undefined as soon as the box is not under the pointer any more, whatever has moved. */
  onHover(box: HoveredBox | undefined, x: number, y: number): void;
  onClick(box: HoveredBox | undefined, event: MouseEvent): void;
  onDoubleClick(box: HoveredBox): void;
  onMenu(box: HoveredBox, event: MouseEvent): void;
  /** The range has been changed by hand, so no box fills the width any more. */
  onRangeChange?(): void;
}

/** Rows that stay in sight above the box that fills the width. */
const ANCESTORS = 2;

/** One canvas, with d3's zoom over d3's scale; vertical scrolling is the container's own. */
export function chartCanvas(container: HTMLElement, events: ChartEvents): ChartCanvas {
  const canvas = document.createElement('canvas');
  const spacer = document.createElement('div');
  canvas.className = 'flame-canvas';
  spacer.className = 'flame-spacer';
  container.append(canvas, spacer);
  const context = canvas.getContext('2d', { willReadFrequently: rastersInSoftware(), alpha: false }) as CanvasRenderingContext2D;
  let chart: Chart | undefined;
  let palette: Palette | undefined;
  let width = 0;
  let height = 0;
  let scale: ScaleLinear<number, number> = scaleLinear();
  let transform: ZoomTransform = zoomIdentity;
  let highlight = noHighlight;
  let hovered = -1;
  let frame = 0;

  const isCalm = matchMedia('(prefers-reduced-motion: reduce)');
  const behaviour: ZoomBehavior<HTMLCanvasElement, unknown> = zoom<HTMLCanvasElement, unknown>()
    .filter((event: MouseEvent & WheelEvent) => {
      if (event.type === 'dblclick') return false;
      if (event.type !== 'wheel') return !event.button && !event.ctrlKey;
      // A plain wheel scrolls where there is something to scroll to; with Ctrl or a pinch it zooms.
      return (
        event.ctrlKey || event.metaKey || (Math.abs(event.deltaY) >= Math.abs(event.deltaX) && !event.shiftKey && spacer.offsetHeight <= container.clientHeight)
      );
    })
    .wheelDelta((event) => -event.deltaY * (event.deltaMode === 1 ? 0.05 : event.deltaMode ? 1 : 0.002) * (event.ctrlKey ? 4 : 1))
    .on('zoom', ({ transform: next, sourceEvent }: { transform: ZoomTransform; sourceEvent: MouseEvent | null }) => {
      transform = next;
      if (sourceEvent) {
        if (sourceEvent.type === 'mousemove') container.scrollTop -= sourceEvent.movementY;
        events.onRangeChange?.();
      }
      move();
    });
  const selection: Selection<HTMLCanvasElement, unknown, null, undefined> = select(canvas).call(behaviour);

  const range = (): [number, number] => {
    const zoomed = transform.rescaleX(scale);
    return [zoomed.invert(0), zoomed.invert(width)];
  };
  const viewport = (): Viewport => {
    const [from, to] = range();
    const { scrollTop } = container;
    const above = chart?.isFlipped ? foot() - scrollTop - height : scrollTop;
    return {
      from,
      to: Math.max(to, from + 1e-9),
      width,
      firstRow: Math.max(0, Math.floor(above / ROW)),
      lastRow: Math.max(0, Math.ceil((above + height) / ROW)),
    };
  };
  /** The lower edge of what is flipped, which grows from the bottom, pixels from the top of the graph. */
  const foot = (): number => Math.max((chart?.rows ?? 0) * ROW, height);
  /** Where a row is, pixels from the top of the graph. */
  const topOf = (row: number): number => (chart?.isFlipped ? foot() - (row + 1) * ROW : row * ROW);
  const rowAt = (y: number): number => {
    const at = y + container.scrollTop;
    return Math.floor((chart?.isFlipped ? foot() - at : at) / ROW);
  };

  /** Fits the canvas to its container; true if it was another size before, and is empty now. */
  const resize = (): boolean => {
    // Out of sight: what was there stays, or zooms and scrolls would be worked out for a canvas without a size.
    const { clientWidth, clientHeight } = container;
    if (clientWidth === 0) return false;
    const ratio = devicePixelRatio || 1;
    const pixelsWide = Math.max(1, Math.round(clientWidth * ratio));
    const pixelsHigh = Math.max(1, Math.round(clientHeight * ratio));
    if (clientWidth === width && clientHeight === height && canvas.width === pixelsWide && canvas.height === pixelsHigh) return false;
    const oldWidth = width;
    width = clientWidth;
    height = clientHeight;
    canvas.width = pixelsWide;
    canvas.height = pixelsHigh;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    limitZoom();
    leave();
    if (chart && oldWidth > 0 && oldWidth !== width) {
      selection.call(behaviour.transform, zoomIdentity.translate((transform.x * width) / oldWidth, 0).scale(transform.k));
    }
    return true;
  };
  /** The axis of this chart on this canvas, and how far it can be zoomed. */
  const limitZoom = (): void => {
    if (!chart) return;
    scale = scaleLinear().domain([chart.from, chart.to]).range([0, width]);
    behaviour.extent([
      [0, 0],
      [width, height],
    ]);
    behaviour.translateExtent([
      [0, Number.NEGATIVE_INFINITY],
      [width, Number.POSITIVE_INFINITY],
    ]);
    behaviour.scaleExtent([1, Math.max(1, (chart.to - chart.from) * width)]);
  };
  // Before the frame is painted: an empty canvas would flash.
  new ResizeObserver(() => resize() && draw()).observe(container);
  container.addEventListener('scroll', () => move(), { passive: true });

  const schedule = (): void => {
    if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        resize();
        draw();
      });
    }
  };

  /** Boxes are elsewhere from now on, so the pointer is over none that it knows of. */
  const move = (): void => {
    leave();
    schedule();
  };
  const leave = (): void => events.onHover(undefined, 0, 0);

  const draw = (): void => {
    if (!chart || !palette || width === 0) return;
    const started = performance.now();
    const [from, to] = range();
    // The page is asked once: there are thousands of boxes.
    const { scrollTop } = container;
    paintChart(context, chart, palette, {
      width,
      height,
      view: viewport(),
      perPixel: (to - from) / width,
      topOf: (row) => topOf(row) - scrollTop,
      highlight,
    });
    canvas.dataset.draw = (performance.now() - started).toFixed(2); // for the benchmarks
  };

  const boxUnder = (event: MouseEvent): HoveredBox | undefined => {
    const bounds = canvas.getBoundingClientRect();
    return chart?.boxAt(viewport(), event.clientX - bounds.left, rowAt(event.clientY - bounds.top));
  };
  canvas.addEventListener('mousemove', (event) => {
    const box = boxUnder(event);
    hovered = box?.node ?? -1;
    canvas.style.cursor = hovered >= 0 ? 'pointer' : '';
    events.onHover(box, event.clientX, event.clientY);
  });
  canvas.addEventListener('mouseleave', leave);
  // The pointer may go to another page, or another page come over this one, without a last movement here.
  document.documentElement.addEventListener('mouseleave', leave);
  addEventListener('blur', leave);
  canvas.addEventListener('click', (event) => {
    if (!event.defaultPrevented) events.onClick(boxUnder(event), event);
  });
  canvas.addEventListener('dblclick', (event) => {
    const box = boxUnder(event);
    if (box) events.onDoubleClick(box);
  });
  canvas.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    const box = boxUnder(event);
    if (box) events.onMenu(box, event);
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!isSideways || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      selection.call(behaviour.translateBy, -(event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) / transform.k, 0);
      events.onRangeChange?.();
    },
    { passive: false },
  );

  /** Scrolls so that few rows are above a row, below those that are drawn there is room for it. */
  const showAncestors = (row: number): void => {
    if (!chart || chart.isFlipped) return;
    const top = Math.max(0, row - ANCESTORS) * ROW;
    spacer.style.height = `${Math.max(chart.rows * ROW, top > 0 ? top + height : 0)}px`;
    container.scrollTop = top;
  };
  const go = (to: ZoomTransform, animate: boolean): void => {
    if (animate && !isCalm.matches && width > 0) selection.transition().duration(220).call(behaviour.transform, to);
    else selection.interrupt().call(behaviour.transform, to);
  };

  return {
    show(next, colours) {
      const isFlipped = chart?.isFlipped === true;
      chart = next;
      palette = colours;
      highlight = noHighlight;
      spacer.style.height = `${next.rows * ROW}px`;
      transform = zoomIdentity;
      // What is measured has to be laid out, which the frame does once for everything that has changed.
      if (width === 0) resize();
      limitZoom();
      move();
      if (next.isFlipped) container.scrollTop = container.scrollHeight;
      else if (isFlipped) container.scrollTop = 0;
      selection.interrupt().call(behaviour.transform, zoomIdentity);
    },
    rearrange(next) {
      const fromBottom = container.scrollHeight - container.scrollTop;
      chart = next;
      // The root's side stays where it is, also where a zoom has scrolled below the last row.
      const { scrollTop } = container;
      spacer.style.height = `${Math.max(next.rows * ROW, !next.isFlipped && scrollTop > 0 ? scrollTop + height : 0)}px`;
      if (next.isFlipped) container.scrollTop = container.scrollHeight - fromBottom;
      move();
    },
    setPalette(colours) {
      palette = colours;
      schedule();
    },
    zoomTo(id, animate) {
      if (!chart || width === 0) return;
      const place = id === undefined ? undefined : chart.place(id);
      const isWhole = !place || !(place.size > 0);
      showAncestors(isWhole ? 0 : place.row);
      if (isWhole) return go(zoomIdentity, animate);
      const whole = chart.to - chart.from;
      const k = whole / place.size;
      go(zoomIdentity.translate((-(place.left - chart.from) / whole) * width * k, 0).scale(k), animate);
    },
    zoomBy(factor) {
      selection.call(behaviour.scaleBy, factor, [width / 2, 0]);
      events.onRangeChange?.();
    },
    panBy(share) {
      selection.call(behaviour.translateBy, (-share * width) / transform.k, 0);
      events.onRangeChange?.();
    },
    scrollToBox(id) {
      if (!chart) return;
      const y = topOf(chart.place(id).row);
      // What is in sight stays where it is: a second click has to meet the same box.
      if (y < container.scrollTop) container.scrollTop = Math.max(0, y - ROW * 3);
      else if (y + ROW > container.scrollTop + height) container.scrollTop = y - height + ROW * 5;
    },
    highlight(next) {
      highlight = next;
      schedule();
    },
    repaint() {
      resize();
      schedule();
    },
    boxOf(id) {
      if (!chart) return undefined;
      const [from, to] = range();
      const perUnit = width / (to - from);
      const { left, size } = chart.place(id);
      return { x: (left - from) * perUnit, width: size * perUnit };
    },
    get range() {
      return range();
    },
  };
}
