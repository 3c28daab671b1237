import { type ScaleLinear, type Selection, scaleLinear, select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import { frameLabel } from '../src/core/findings/explain';
import { formatShare, plural } from '../src/shared/format';
import { type BoxColours, boxColours, seedOf, type ThemeKind, themeOf } from './colours';
import { layoutFlame, nodeAt, type Viewport } from './flame-layout';
import type { FlameModel } from './flame-model';

export const ROW = 20;
const AIR = 1;
const RADIUS = 3;
const TEXT_PADDING = 5;

export interface HoveredBox {
  readonly node: number;
  /** More than 1 for a merged box. */
  readonly count: number;
  readonly cost: number;
}

export interface FlameCanvas {
  show(model: FlameModel): void;
  /** Fills the width with a node; 0 shows everything. */
  zoomTo(node: number, animate: boolean): void;
  zoomBy(factor: number): void;
  panBy(share: number): void;
  /** Scrolls so that a node's row is in view. */
  scrollToNode(node: number): void;
  highlight(state: { readonly selected: number; readonly func: number; readonly matches: Uint8Array | undefined }): void;
  repaint(): void;
  boxOf(node: number): { readonly x: number; readonly y: number; readonly width: number } | undefined;
  /** Milliseconds that the last frame's drawing took. */
  readonly lastDraw: number;
  readonly boxes: number;
}

export interface FlameCanvasEvents {
  onHover(box: HoveredBox | undefined, x: number, y: number): void;
  onClick(box: HoveredBox | undefined, event: MouseEvent): void;
  onDoubleClick(box: HoveredBox): void;
  /** The range has been changed by hand, so no node fills the width any more. */
  onRangeChange(): void;
}

/** The flame graph on one canvas, with d3's zoom over d3's scale; vertical scrolling is the container's own. */
export function flameCanvas(container: HTMLElement, events: FlameCanvasEvents): FlameCanvas {
  const canvas = document.createElement('canvas');
  const spacer = document.createElement('div');
  canvas.className = 'flame-canvas';
  spacer.className = 'flame-spacer';
  container.append(canvas, spacer);
  const context = canvas.getContext('2d', { willReadFrequently: rastersInSoftware(), alpha: false }) as CanvasRenderingContext2D;
  let model: FlameModel | undefined;
  let width = 0;
  let height = 0;
  let scale: ScaleLinear<number, number> = scaleLinear();
  let transform: ZoomTransform = zoomIdentity;
  let colours = new Map<number, BoxColours>();
  let theme: ThemeKind = themeOf(document.body);
  let selected = -1;
  let selectedFunction = -1;
  let matches: Uint8Array | undefined;
  let hovered = -1;
  let frame = 0;
  let lastDraw = 0;
  let boxes = 0;
  const labels = new Map<number, string>();

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
    const firstRow = Math.max(0, Math.floor(container.scrollTop / ROW));
    return { from, to: Math.max(to, from + 1e-9), width, firstRow, lastRow: firstRow + Math.ceil(height / ROW) };
  };

  const resize = (): void => {
    const ratio = devicePixelRatio || 1;
    const oldWidth = width;
    width = container.clientWidth;
    height = container.clientHeight;
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    if (model) {
      scale = scaleLinear().domain([0, model.width]).range([0, width]);
      behaviour.extent([
        [0, 0],
        [width, height],
      ]);
      behaviour.translateExtent([
        [0, Number.NEGATIVE_INFINITY],
        [width, Number.POSITIVE_INFINITY],
      ]);
      behaviour.scaleExtent([1, Math.max(1, (model.width * width) / 1000)]);
      if (oldWidth > 0 && width > 0 && oldWidth !== width) {
        selection.call(behaviour.transform, zoomIdentity.translate((transform.x * width) / oldWidth, 0).scale(transform.k));
      }
    }
    draw();
  };
  new ResizeObserver(resize).observe(container);
  container.addEventListener('scroll', () => schedule(), { passive: true });

  const schedule = (): void => {
    if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        draw();
      });
    }
  };

  const coloursOf = (func: number): BoxColours => {
    let found = colours.get(func);
    if (!found && model) {
      const { functions, strings } = model.tables;
      const seed = seedOf(strings.at(functions.name[func] as number) + strings.at(functions.url[func] as number));
      found = boxColours(theme, functions.category[func] as number, seed);
      colours.set(func, found);
    }
    return found as BoxColours;
  };
  const labelOf = (func: number): string => {
    let label = labels.get(func);
    if (label === undefined && model) {
      label = frameLabel(model.tables, func as never);
      labels.set(func, label);
    }
    return label ?? '';
  };

  const draw = (): void => {
    if (!model || width === 0) return;
    const started = performance.now();
    const style = getComputedStyle(document.body);
    const background = style.getPropertyValue('--vscode-editor-background').trim() || '#1e1e1e';
    const foreground = style.getPropertyValue('--vscode-editor-foreground').trim() || '#cccccc';
    const quiet = style.getPropertyValue('--flame-merged').trim() || '#777777';
    const font = `12px ${style.getPropertyValue('--vscode-editor-font-family').trim() || 'monospace'}`;
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = background;
    context.fillRect(0, 0, width, height);
    context.font = font;
    const charWidth = context.measureText('0').width;
    const top = container.scrollTop;
    const { tables } = model;
    const fills = new Map<string, number[]>();
    const dimFills = new Map<string, number[]>();
    const texts: { x: number; y: number; width: number; func: number; cost: number; node: number }[] = [];
    const merged: number[] = [];
    const outlined: number[] = [];
    let focusBox: number[] | undefined;
    boxes = 0;
    layoutFlame(model, viewport(), (x, boxWidth, row, node, count, cost) => {
      boxes++;
      const y = row * ROW - top;
      const w = Math.max(boxWidth - AIR, 0.75);
      if (count > 1) {
        merged.push(x, y, w);
        if (boxWidth > 110) texts.push({ x, y, width: w, func: -count, cost, node });
        return;
      }
      const func = tables.nodes.func[node] as number;
      const isDim = matches !== undefined && !matches[func];
      const target = isDim ? dimFills : fills;
      const { fill } = coloursOf(func);
      let list = target.get(fill);
      if (!list) {
        list = [];
        target.set(fill, list);
      }
      list.push(x, y, w);
      if (func === selectedFunction) outlined.push(x, y, w);
      if (node === selected) focusBox = [x, y, w];
      if (boxWidth > 22) texts.push({ x, y, width: w, func, cost, node });
    });
    const fillBoxes = (groups: Map<string, number[]>, alpha: number): void => {
      context.globalAlpha = alpha;
      for (const [fill, list] of groups) {
        context.fillStyle = fill;
        context.beginPath();
        for (let i = 0; i < list.length; i += 3) boxPath(list[i] as number, list[i + 1] as number, list[i + 2] as number);
        context.fill();
      }
    };
    fillBoxes(dimFills, 0.22);
    fillBoxes(fills, 1);
    context.globalAlpha = 1;
    context.fillStyle = quiet;
    context.beginPath();
    for (let i = 0; i < merged.length; i += 3) boxPath(merged[i] as number, merged[i + 1] as number, merged[i + 2] as number);
    context.fill();
    if (theme.startsWith('hc')) drawEdges(fills, dimFills);

    context.textBaseline = 'middle';
    for (const { x, y, width: boxWidth, func, cost } of texts) {
      const room = Math.floor((boxWidth - 2 * TEXT_PADDING) / charWidth);
      if (room < 2) continue;
      const isMerged = func < 0;
      const label = isMerged ? plural(-func, 'smaller frame') : labelOf(func);
      const isDim = !isMerged && matches !== undefined && !matches[func];
      const { text, dimText } = isMerged ? { text: foreground, dimText: foreground } : coloursOf(func);
      const shown = cut(label, room);
      context.fillStyle = isDim ? foreground : text;
      context.globalAlpha = isDim ? 0.75 : 1;
      context.fillText(shown, x + TEXT_PADDING, y + ROW / 2);
      const share = formatShare(model.width > 0 ? cost / model.width : 0);
      const used = context.measureText(shown).width;
      if (shown === label && used + (share.length + 1) * charWidth < boxWidth - 2 * TEXT_PADDING) {
        context.fillStyle = isDim ? foreground : dimText;
        context.fillText(share, x + TEXT_PADDING + used + charWidth, y + ROW / 2);
      }
    }
    context.globalAlpha = 1;
    context.strokeStyle = foreground;
    context.lineWidth = 1.5;
    context.beginPath();
    for (let i = 0; i < outlined.length; i += 3)
      boxPath((outlined[i] as number) + 0.75, (outlined[i + 1] as number) + 0.75, (outlined[i + 2] as number) - 1.5, ROW - AIR - 1.5);
    context.stroke();
    if (focusBox) {
      const [x, y, w] = focusBox as [number, number, number];
      context.strokeStyle = foreground;
      context.lineWidth = 2.5;
      context.beginPath();
      boxPath(x + 1.25, y + 1.25, w - 2.5, ROW - AIR - 2.5);
      context.stroke();
    }
    lastDraw = performance.now() - started;
  };

  const boxPath = (x: number, y: number, w: number, h: number = ROW - AIR): void => {
    const radius = Math.min(RADIUS, w / 4);
    if (w <= 0) context.rect(x, y, 0.5, h);
    else if (radius < 0.75) context.rect(x, y, w, h);
    else context.roundRect(x, y, w, h, radius);
  };

  /** High contrast: an edge in the category's colour around every box. */
  const drawEdges = (...groups: Map<string, number[]>[]): void => {
    const edges = new Map([...colours.values()].map(({ fill, edge }) => [fill, edge]));
    context.lineWidth = 1;
    for (const group of groups) {
      for (const [fill, list] of group) {
        context.strokeStyle = edges.get(fill) ?? fill;
        context.beginPath();
        for (let i = 0; i < list.length; i += 3) boxPath((list[i] as number) + 0.5, (list[i + 1] as number) + 0.5, (list[i + 2] as number) - 1, ROW - AIR - 1);
        context.stroke();
      }
    }
  };

  const boxUnder = (event: MouseEvent): HoveredBox | undefined => {
    if (!model) return undefined;
    const bounds = canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - bounds.top + container.scrollTop) / ROW);
    return nodeAt(model, viewport(), event.clientX - bounds.left, row);
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
    show(next) {
      model = next;
      colours = new Map();
      labels.clear();
      selected = selectedFunction = -1;
      matches = undefined;
      spacer.style.height = `${(next.maxDepth + 1) * ROW}px`;
      transform = zoomIdentity;
      resize();
      selection.call(behaviour.transform, zoomIdentity);
    },
    zoomTo(node, animate) {
      if (!model || width === 0) return;
      const size = model.span[node] as number;
      if (node <= 0 || !(size > 0)) return go(zoomIdentity, animate);
      const k = model.width / size;
      go(zoomIdentity.translate((-(model.left[node] as number) / model.width) * width * k, 0).scale(k), animate);
    },
    zoomBy(factor) {
      selection.call(behaviour.scaleBy, factor, [width / 2, 0]);
      events.onRangeChange();
    },
    panBy(share) {
      selection.call(behaviour.translateBy, (-share * width) / transform.k, 0);
      events.onRangeChange();
    },
    scrollToNode(node) {
      if (!model) return;
      const y = (model.tables.nodes.depth[node] as number) * ROW;
      if (y < container.scrollTop + ROW) container.scrollTop = Math.max(0, y - ROW * 3);
      else if (y + ROW * 2 > container.scrollTop + height) container.scrollTop = y - height + ROW * 5;
    },
    highlight(state) {
      selected = state.selected;
      selectedFunction = state.func;
      matches = state.matches;
      schedule();
    },
    repaint() {
      theme = themeOf(document.body);
      colours = new Map();
      resize();
    },
    boxOf(node) {
      if (!model) return undefined;
      const [from, to] = range();
      const perMicro = width / (to - from);
      return {
        x: ((model.left[node] as number) - from) * perMicro,
        y: (model.tables.nodes.depth[node] as number) * ROW - container.scrollTop,
        width: (model.span[node] as number) * perMicro,
      };
    },
    get lastDraw() {
      return lastDraw;
    },
    get boxes() {
      return boxes;
    },
  };
}

/** Cut to `room` characters of a monospace font; wide characters are measured by counting them double. */
function cut(label: string, room: number): string {
  let used = 0;
  let out = '';
  for (const char of label) {
    used += (char.codePointAt(0) as number) > 0x2e80 ? 2 : 1;
    if (used > room) return `${out.slice(0, Math.max(1, out.length - 1))}…`;
    out += char;
  }
  return out;
}

/**
 * Without a graphics processor the browser rasters a canvas through a software GPU,
 * four times slower than on the processor; `willReadFrequently` keeps it there.
 */
function rastersInSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl');
  if (!gl) return false;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(renderer);
}
