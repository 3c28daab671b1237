import { type ScaleLinear, type Selection, scaleLinear, select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import { plural } from '../../src/shared/format';
import type { FindingLevel } from '../../src/shared/reported-finding';
import { AIR, boxPath, cut, drawEdges, drawMarks, isAscii, type MarkedBox, ROW, rastersInSoftware } from './chart-boxes';
import type { DrawBox, Viewport } from './flame-layout';
import type { Palette } from './palette';

const TEXT_PADDING = 5;
/** What a name gives way to the mark of a finding, and the narrowest box that has room for one. */
const MARK_ROOM = 3;
const MARKED = 11;

/** What a chart draws: boxes in rows over an axis of cost or of time. Boxes go by an id of the chart's own. */
export interface Chart {
  /** The axis, in the profile's unit. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Whether row 0 is at the bottom. */
  readonly isFlipped: boolean;
  layout(view: Viewport, draw: DrawBox): void;
  boxAt(view: Viewport, x: number, row: number): HoveredBox | undefined;
  funcOf(id: number): number;
  place(id: number): { readonly left: number; readonly size: number; readonly row: number };
  label(func: number): string;
  /** What stands in a box of several that are merged; by default how many smaller frames they are. */
  merged?(count: number): string;
  /** What stands after the label where there is room. */
  note(id: number, cost: number): string;
}

/** Functions that carry a mark, by its level. */
export type Marks = ReadonlyMap<number, FindingLevel>;

export interface HoveredBox {
  readonly node: number;
  /** More than 1 for a merged box. */
  readonly count: number;
  readonly cost: number;
}

export interface ChartCanvas {
  show(chart: Chart, palette: Palette): void;
  setPalette(palette: Palette): void;
  /** Fills the width with a box; undefined shows everything. */
  zoomTo(id: number | undefined, animate: boolean): void;
  zoomBy(factor: number): void;
  panBy(share: number): void;
  /** Scrolls so that a box's row is in view. */
  scrollToBox(id: number): void;
  highlight(state: { readonly selected: number; readonly func: number; readonly matches: Uint8Array | undefined; readonly marks: Marks }): void;
  repaint(): void;
  boxOf(id: number): { readonly x: number; readonly width: number } | undefined;
  /** The part of the axis that is seen. */
  readonly range: readonly [from: number, to: number];
}

export interface ChartEvents {
  onHover(box: HoveredBox | undefined, x: number, y: number): void;
  onClick(box: HoveredBox | undefined, event: MouseEvent): void;
  onDoubleClick(box: HoveredBox): void;
  onMenu(box: HoveredBox, event: MouseEvent): void;
  /** The range has been changed by hand, so no box fills the width any more. */
  onRangeChange(): void;
}

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
  let selected = -1;
  let selectedFunction = -1;
  let matches: Uint8Array | undefined;
  let marks: Marks = new Map();
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
        events.onRangeChange();
      }
      schedule();
    });
  const selection: Selection<HTMLCanvasElement, unknown, null, undefined> = select(canvas).call(behaviour);

  const range = (): [number, number] => {
    const zoomed = transform.rescaleX(scale);
    return [zoomed.invert(0), zoomed.invert(width)];
  };
  const viewport = (): Viewport => {
    const [from, to] = range();
    const top = Math.max(0, Math.floor(container.scrollTop / ROW));
    const bottom = top + Math.ceil(height / ROW);
    const view = { from, to: Math.max(to, from + 1e-9), width };
    return chart?.isFlipped
      ? { ...view, firstRow: Math.max(0, lines() - 1 - bottom), lastRow: lines() - 1 - top }
      : { ...view, firstRow: top, lastRow: bottom };
  };
  /** Rows that fit or are there, whichever is more: what is flipped grows from the bottom. */
  const lines = (): number => Math.max(chart?.rows ?? 0, Math.floor(height / ROW));
  /** Where a row is, pixels from the top of the graph. */
  const topOf = (row: number): number => (chart?.isFlipped ? lines() - 1 - row : row) * ROW;
  const rowAt = (y: number): number => {
    const line = Math.floor((y + container.scrollTop) / ROW);
    return chart?.isFlipped ? lines() - 1 - line : line;
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
  container.addEventListener('scroll', () => schedule(), { passive: true });

  const schedule = (): void => {
    if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        resize();
        draw();
      });
    }
  };

  const draw = (): void => {
    if (!chart || !palette || width === 0) return;
    const started = performance.now();
    const style = getComputedStyle(document.body);
    const background = style.getPropertyValue('--vscode-editor-background').trim() || '#1e1e1e';
    const foreground = style.getPropertyValue('--vscode-editor-foreground').trim() || '#cccccc';
    const quiet = style.getPropertyValue('--flame-merged').trim() || '#777777';
    const font = `12px ${style.getPropertyValue('--vscode-editor-font-family').trim() || 'monospace'}`;
    const ratio = devicePixelRatio || 1;
    // The page is asked once: there are thousands of boxes.
    const { scrollTop } = container;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = background;
    context.fillRect(0, 0, width, height);
    context.font = font;
    const charWidth = context.measureText('0').width;
    const isMonospace = Math.abs(context.measureText('iW').width - 2 * charWidth) < 0.01;
    const { of: coloursOf } = palette;
    const shown = chart;
    const fills = new Map<string, number[]>();
    const dimFills = new Map<string, number[]>();
    const texts: { x: number; y: number; width: number; func: number; cost: number; node: number }[] = [];
    const merged: number[] = [];
    const axis = range();
    const perPixel = (axis[1] - axis[0]) / width;
    const outlined: number[] = [];
    const marked: MarkedBox[] = [];
    let focusBox: number[] | undefined;
    shown.layout(viewport(), (x, boxWidth, row, node, count, cost) => {
      const y = topOf(row) - scrollTop;
      const w = Math.max(boxWidth - AIR, 0.75);
      if (count > 1) {
        // How much of its width the small ones cover: all of it in a flame graph, maybe little in time.
        merged.push(x, y, w, Math.min(1, Math.max(0.25, cost / (boxWidth * perPixel))));
        if (boxWidth > 110) texts.push({ x, y, width: w, func: -count, cost, node });
        return;
      }
      const func = shown.funcOf(node);
      const isDim = matches !== undefined && !matches[func];
      const target = isDim ? dimFills : fills;
      const { fill } = coloursOf(func);
      let list = target.get(fill);
      if (!list) {
        list = [];
        target.set(fill, list);
      }
      list.push(x, y, w);
      // An outline around a sliver would be all there is to see of it.
      if (func === selectedFunction && w >= 4) outlined.push(x, y, w);
      if (node === selected) focusBox = [x, y, w];
      const level = w >= MARKED ? marks.get(func) : undefined;
      if (level) marked.push({ x, y, level });
      // The mark stands over the beginning of the name.
      const shift = level ? MARK_ROOM : 0;
      if (boxWidth > 22) texts.push({ x: x + shift, y, width: w - shift, func, cost, node });
    });
    const fillBoxes = (groups: Map<string, number[]>, alpha: number): void => {
      context.globalAlpha = alpha;
      for (const [fill, list] of groups) {
        context.fillStyle = fill;
        context.beginPath();
        for (let i = 0; i < list.length; i += 3) boxPath(context, list[i] as number, list[i + 1] as number, list[i + 2] as number);
        context.fill();
      }
    };
    fillBoxes(dimFills, 0.22);
    fillBoxes(fills, 1);
    context.globalAlpha = 1;
    context.fillStyle = quiet;
    for (let i = 0; i < merged.length; i += 4) {
      context.globalAlpha = merged[i + 3] as number;
      context.beginPath();
      boxPath(context, merged[i] as number, merged[i + 1] as number, merged[i + 2] as number);
      context.fill();
    }
    context.globalAlpha = 1;
    if (palette.hasEdges) drawEdges(context, palette, fills, dimFills);

    context.textBaseline = 'middle';
    for (const { x, y, width: boxWidth, func, cost, node } of texts) {
      const room = Math.floor((boxWidth - 2 * TEXT_PADDING) / charWidth);
      if (room < 2) continue;
      const isMerged = func < 0;
      const label = isMerged ? (shown.merged?.(-func) ?? plural(-func, 'smaller frame')) : shown.label(func);
      const isDim = !isMerged && matches !== undefined && !matches[func];
      const { text, dimText } = isMerged ? { text: foreground, dimText: foreground } : coloursOf(func);
      const cutLabel = cut(label, room);
      context.fillStyle = isDim ? foreground : text;
      context.globalAlpha = isDim ? 0.75 : 1;
      context.fillText(cutLabel, x + TEXT_PADDING, y + ROW / 2);
      const share = shown.note(node, cost);
      const used = isMonospace && isAscii(cutLabel) ? cutLabel.length * charWidth : context.measureText(cutLabel).width;
      if (cutLabel === label && used + (share.length + 1) * charWidth < boxWidth - 2 * TEXT_PADDING) {
        context.fillStyle = isDim ? foreground : dimText;
        context.fillText(share, x + TEXT_PADDING + used + charWidth, y + ROW / 2);
      }
    }
    context.globalAlpha = 1;
    context.strokeStyle = foreground;
    context.lineWidth = 1.5;
    context.beginPath();
    for (let i = 0; i < outlined.length; i += 3)
      boxPath(context, (outlined[i] as number) + 0.75, (outlined[i + 1] as number) + 0.75, (outlined[i + 2] as number) - 1.5, ROW - AIR - 1.5);
    context.stroke();
    if (focusBox) {
      const [x, y, w] = focusBox as [number, number, number];
      context.strokeStyle = foreground;
      context.lineWidth = 2.5;
      context.beginPath();
      boxPath(context, x + 1.25, y + 1.25, w - 2.5, ROW - AIR - 2.5);
      context.stroke();
    }
    drawMarks(context, marked, style, background);
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
  canvas.addEventListener('mouseleave', () => events.onHover(undefined, 0, 0));
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
      events.onRangeChange();
    },
    { passive: false },
  );

  const go = (to: ZoomTransform, animate: boolean): void => {
    if (animate && !isCalm.matches && width > 0) selection.transition().duration(220).call(behaviour.transform, to);
    else selection.interrupt().call(behaviour.transform, to);
  };

  return {
    show(next, colours) {
      const isFlipped = chart?.isFlipped === true;
      chart = next;
      palette = colours;
      selected = selectedFunction = -1;
      matches = undefined;
      marks = new Map();
      spacer.style.height = `${next.rows * ROW}px`;
      transform = zoomIdentity;
      // What is measured has to be laid out, which the frame does once for everything that has changed.
      if (width === 0) resize();
      limitZoom();
      schedule();
      if (next.isFlipped) container.scrollTop = container.scrollHeight;
      else if (isFlipped) container.scrollTop = 0;
      selection.interrupt().call(behaviour.transform, zoomIdentity);
    },
    setPalette(colours) {
      palette = colours;
      schedule();
    },
    zoomTo(id, animate) {
      if (!chart || width === 0) return;
      const place = id === undefined ? undefined : chart.place(id);
      if (!place || !(place.size > 0)) return go(zoomIdentity, animate);
      const whole = chart.to - chart.from;
      const k = whole / place.size;
      go(zoomIdentity.translate((-(place.left - chart.from) / whole) * width * k, 0).scale(k), animate);
    },
    zoomBy(factor) {
      selection.call(behaviour.scaleBy, factor, [width / 2, 0]);
      events.onRangeChange();
    },
    panBy(share) {
      selection.call(behaviour.translateBy, (-share * width) / transform.k, 0);
      events.onRangeChange();
    },
    scrollToBox(id) {
      if (!chart) return;
      const y = topOf(chart.place(id).row);
      if (y < container.scrollTop + ROW) container.scrollTop = Math.max(0, y - ROW * 3);
      else if (y + ROW * 2 > container.scrollTop + height) container.scrollTop = y - height + ROW * 5;
    },
    highlight(state) {
      selected = state.selected;
      selectedFunction = state.func;
      matches = state.matches;
      marks = state.marks;
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
