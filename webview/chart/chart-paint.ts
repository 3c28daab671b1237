import { plural } from '../../src/shared/format';
import type { FindingLevel } from '../../src/shared/reported-finding';
import type { Chart, Highlight, Marks } from './chart';
import { AIR, boxPath, cut, drawEdges, drawMarks, isAscii, type MarkedBox, ROW } from './chart-boxes';
import type { Viewport } from './flame-layout';
import type { Palette } from './palette';

const TEXT_PADDING = 5;
/** What a name gives way to the mark of a finding, and the narrowest box that has room for one. */
const MARK_ROOM = 3;
const MARKED = 11;
/** The narrowest boxes with a name, and with the number of frames that are merged in them. */
const NAMED = 22;
const COUNTED = 110;
/** Pixels above the foot of a box of folded frames at which it is cut. */
const LAYERS = [2, 4];
/** An outline around a sliver would be all there is to see of it. */
const OUTLINED = 4;

/** Where a chart is painted. */
export interface Surface {
  /** Pixels of the page. */
  readonly width: number;
  readonly height: number;
  readonly view: Viewport;
  /** Cost or time of one pixel. */
  readonly perPixel: number;
  /** Pixels from the canvas's top edge to a row's. */
  topOf(row: number): number;
  readonly highlight: Highlight;
}

interface Ink {
  readonly background: string;
  readonly foreground: string;
  readonly merged: string;
  readonly style: CSSStyleDeclaration;
  readonly charWidth: number;
  readonly isMonospace: boolean;
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** A function, or the negative number of merged frames. */
  readonly func: number;
  readonly cost: number;
  readonly node: number;
  readonly isDim: boolean;
  /** What stands for frames that are folded. */
  readonly trunk: string | undefined;
}

/** Boxes by what is done with them; lists of numbers hold x, y, width, and merged ones their opacity. */
interface Boxes {
  readonly fills: Map<string, number[]>;
  readonly dimFills: Map<string, number[]>;
  readonly merged: number[];
  readonly outlined: number[];
  readonly marked: MarkedBox[];
  /** Boxes that stand for several rows. */
  readonly folded: number[];
  readonly labels: Label[];
  focused: readonly [x: number, y: number, width: number] | undefined;
}

/** Paints what of a chart is in sight, by colour, so that thousands of boxes are few calls. */
export function paintChart(context: CanvasRenderingContext2D, chart: Chart, palette: Palette, surface: Surface): void {
  const ink = prepare(context, surface);
  const boxes = collect(chart, palette, surface);
  fillGroups(context, boxes.dimFills, 0.22);
  fillGroups(context, boxes.fills, 1);
  fillMerged(context, boxes.merged, ink);
  if (palette.hasEdges) drawEdges(context, palette, boxes.fills, boxes.dimFills);
  drawLayers(context, boxes.folded, ink);
  for (const label of boxes.labels) paintLabel(context, chart, palette, label, ink);
  context.globalAlpha = 1;
  paintOutlines(context, boxes, ink);
  drawMarks(context, boxes.marked, ink.style, ink.background);
}

function prepare(context: CanvasRenderingContext2D, { width, height }: Surface): Ink {
  const style = getComputedStyle(document.body);
  const colour = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const background = colour('--vscode-editor-background', '#1e1e1e');
  const ratio = devicePixelRatio || 1;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  context.font = `12px ${colour('--vscode-editor-font-family', 'monospace')}`;
  context.textBaseline = 'middle';
  const charWidth = context.measureText('0').width;
  const isMonospace = Math.abs(context.measureText('iW').width - 2 * charWidth) < 0.01;
  return {
    background,
    foreground: colour('--vscode-editor-foreground', '#cccccc'),
    merged: colour('--flame-merged', '#777777'),
    style,
    charWidth,
    isMonospace,
  };
}

function collect(chart: Chart, { of: coloursOf }: Palette, { view, perPixel, topOf, highlight }: Surface): Boxes {
  const { matches, marks, trunks, selected, func: selectedFunction } = highlight;
  const boxes: Boxes = { fills: new Map(), dimFills: new Map(), merged: [], outlined: [], marked: [], folded: [], labels: [], focused: undefined };
  chart.layout(view, (x, boxWidth, row, node, count, cost) => {
    const y = topOf(row);
    const width = Math.max(boxWidth - AIR, 0.75);
    if (count > 1) {
      // How much of its width the small ones cover: all of it in a flame graph, maybe little in time.
      boxes.merged.push(x, y, width, Math.min(1, Math.max(0.25, cost / (boxWidth * perPixel))));
      if (boxWidth > COUNTED) boxes.labels.push({ x, y, width, func: -count, cost, node, isDim: false, trunk: undefined });
      return;
    }
    const func = chart.funcOf(node);
    const trunk = chart.trunk?.(node);
    const isDim = matches !== undefined && !(trunk ? trunks?.has(node) : matches[func]);
    const target = isDim ? boxes.dimFills : boxes.fills;
    const { fill } = coloursOf(func);
    let list = target.get(fill);
    if (!list) {
      list = [];
      target.set(fill, list);
    }
    list.push(x, y, width);
    if (trunk && width >= OUTLINED) boxes.folded.push(x, y, width);
    if (func === selectedFunction && !trunk && width >= OUTLINED) boxes.outlined.push(x, y, width);
    if (node === selected) boxes.focused = [x, y, width];
    const level = width >= MARKED ? (trunk ? loudest(marks, trunk.funcs) : marks.get(func)) : undefined;
    if (level) boxes.marked.push({ x, y, level });
    // The mark stands over the beginning of the name.
    const shift = level ? MARK_ROOM : 0;
    if (boxWidth > NAMED) boxes.labels.push({ x: x + shift, y, width: width - shift, func, cost, node, isDim, trunk: trunk?.label });
  });
  return boxes;
}

/** The mark of folded frames: that of the loudest of them. */
function loudest(marks: Marks, funcs: readonly number[]): FindingLevel | undefined {
  if (marks.size === 0) return undefined;
  const levels = funcs.map((func) => marks.get(func));
  return (['error', 'warning', 'info'] as const).find((level) => levels.includes(level));
}

function fillGroups(context: CanvasRenderingContext2D, groups: ReadonlyMap<string, readonly number[]>, alpha: number): void {
  context.globalAlpha = alpha;
  for (const [fill, list] of groups) {
    context.fillStyle = fill;
    context.beginPath();
    for (let i = 0; i < list.length; i += 3) boxPath(context, list[i] as number, list[i + 1] as number, list[i + 2] as number);
    context.fill();
  }
  context.globalAlpha = 1;
}

function fillMerged(context: CanvasRenderingContext2D, list: readonly number[], { merged }: Ink): void {
  context.fillStyle = merged;
  for (let i = 0; i < list.length; i += 4) {
    context.globalAlpha = list[i + 3] as number;
    context.beginPath();
    boxPath(context, list[i] as number, list[i + 1] as number, list[i + 2] as number);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Lines of the ground near the foot of boxes that stand for several rows: a stack seen from the side. */
function drawLayers(context: CanvasRenderingContext2D, list: readonly number[], { background }: Ink): void {
  context.fillStyle = background;
  for (let i = 0; i < list.length; i += 3)
    for (const up of LAYERS) context.fillRect(list[i] as number, (list[i + 1] as number) + ROW - AIR - up, list[i + 2] as number, 1);
}

function paintLabel(
  context: CanvasRenderingContext2D,
  chart: Chart,
  { of: coloursOf }: Palette,
  { x, y, width, func, cost, node, isDim, trunk }: Label,
  { foreground, charWidth, isMonospace }: Ink,
): void {
  const room = Math.floor((width - 2 * TEXT_PADDING) / charWidth);
  if (room < 2) return;
  const isMerged = func < 0;
  const label = isMerged ? (chart.merged?.(-func) ?? plural(-func, 'smaller frame')) : (trunk ?? chart.label(func));
  const { text, dimText } = isMerged ? { text: foreground, dimText: foreground } : coloursOf(func);
  const cutLabel = cut(label, room);
  context.fillStyle = isDim ? foreground : text;
  context.globalAlpha = isDim ? 0.75 : 1;
  context.fillText(cutLabel, x + TEXT_PADDING, y + ROW / 2);
  const note = chart.note(node, cost);
  const used = isMonospace && isAscii(cutLabel) ? cutLabel.length * charWidth : context.measureText(cutLabel).width;
  if (cutLabel !== label || used + (note.length + 1) * charWidth >= width - 2 * TEXT_PADDING) return;
  context.fillStyle = isDim ? foreground : dimText;
  context.fillText(note, x + TEXT_PADDING + used + charWidth, y + ROW / 2);
}

/** The boxes of the selected function, and the box that is selected. */
function paintOutlines(context: CanvasRenderingContext2D, { outlined, focused }: Boxes, { foreground }: Ink): void {
  context.strokeStyle = foreground;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i < outlined.length; i += 3) outline(context, outlined[i] as number, outlined[i + 1] as number, outlined[i + 2] as number, 1.5);
  context.stroke();
  if (!focused) return;
  context.lineWidth = 2.5;
  context.beginPath();
  outline(context, ...focused, 2.5);
  context.stroke();
}

/** An outline that is drawn inside of its box. */
function outline(context: CanvasRenderingContext2D, x: number, y: number, width: number, line: number): void {
  boxPath(context, x + line / 2, y + line / 2, width - line, ROW - AIR - line);
}
