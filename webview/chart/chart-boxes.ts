import type { FindingLevel } from '../../src/shared/reported-finding';
import type { Palette } from './palette';

/** Height of a row of boxes, and what of it is left free. */
export const ROW = 20;
export const AIR = 1;
const RADIUS = 3;
/** Side of the mark of a finding. */
const MARK = 9;

/** A box that carries the mark of a finding: its upper left corner. */
export interface MarkedBox {
  readonly x: number;
  readonly y: number;
  readonly level: FindingLevel;
}

/** A box with round corners; one too narrow for them is square. */
export function boxPath(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number = ROW - AIR): void {
  const radius = Math.min(RADIUS, w / 4);
  if (w <= 0) context.rect(x, y, 0.5, h);
  else if (radius < 0.75) context.rect(x, y, w, h);
  else context.roundRect(x, y, w, h, radius);
}

/** High contrast: an edge in the category's colour around every box. */
export function drawEdges(context: CanvasRenderingContext2D, { edges }: Palette, ...groups: Map<string, number[]>[]): void {
  context.lineWidth = 1;
  for (const group of groups) {
    for (const [fill, list] of group) {
      context.strokeStyle = edges.get(fill) ?? fill;
      context.beginPath();
      for (let i = 0; i < list.length; i += 3)
        boxPath(context, (list[i] as number) + 0.5, (list[i + 1] as number) + 0.5, (list[i + 2] as number) - 1, ROW - AIR - 1);
      context.stroke();
    }
  }
}

/** A flag in the upper left corner of boxes that a finding is about, parted from the box by a line of the ground, so that every theme shows it. */
export function drawMarks(context: CanvasRenderingContext2D, marked: readonly MarkedBox[], style: CSSStyleDeclaration, background: string): void {
  context.lineWidth = 1.5;
  context.strokeStyle = background;
  for (const { x, y, level } of marked) {
    context.fillStyle = style.getPropertyValue(`--mark-${level}`).trim() || '#ffffff';
    context.beginPath();
    context.moveTo(x, y + MARK);
    context.lineTo(x, y + RADIUS);
    context.arcTo(x, y, x + RADIUS, y, RADIUS);
    context.lineTo(x + MARK, y);
    context.closePath();
    context.fill();
    context.beginPath();
    context.moveTo(x, y + MARK);
    context.lineTo(x + MARK, y);
    context.stroke();
  }
}

export const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false;
  return true;
};

/** Cut to `room` characters of a monospace font; wide characters are measured by counting them double. */
export function cut(label: string, room: number): string {
  if (isAscii(label)) return label.length <= room ? label : `${label.slice(0, Math.max(1, room - 1))}…`;
  let used = 0;
  let out = '';
  for (const char of label) {
    used += (char.codePointAt(0) as number) > 0x2e80 ? 2 : 1;
    if (used > room) return `${out.slice(0, Math.max(1, out.length - 1))}…`;
    out += char;
  }
  return out;
}

let isSoftware: boolean | undefined;

/**
 * Without a graphics processor the browser rasters a canvas through a software GPU,
 * four times slower than on the processor; `willReadFrequently` keeps it there. Asked
 * once a page: to find out takes some milliseconds.
 */
export function rastersInSoftware(): boolean {
  isSoftware ??= /swiftshader|llvmpipe|software/i.test(rendererName());
  return isSoftware;
}

function rendererName(): string {
  const gl = document.createElement('canvas').getContext('webgl');
  if (!gl) return '';
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return renderer;
}
