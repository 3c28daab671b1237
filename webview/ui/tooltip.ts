import { el } from './dom';

export interface TooltipLine {
  readonly text: string;
  readonly style?: 'strong' | 'dim';
}

/** What the pointer is over, beside the pointer. */
export interface Tooltip {
  readonly element: HTMLElement;
  /** `x`, `y`: the pointer, in pixels of the page. */
  show(lines: readonly TooltipLine[], x: number, y: number): void;
  hide(): void;
}

/** Pixels between the pointer and the tooltip, and between the tooltip and the edges of the page. */
const BESIDE = 14;
const BELOW = 18;
const ABOVE = 10;
const EDGE = 8;

export function tooltip(): Tooltip {
  const element = el('div', { class: 'tooltip', role: 'tooltip', hidden: '' });
  return {
    element,
    show(lines, x, y) {
      element.replaceChildren(
        ...lines.map(({ text, style }) => el(style === 'strong' ? 'strong' : 'span', { class: style === 'strong' ? 'code' : style }, text)),
      );
      element.hidden = false;
      placeBeside(element, x, y);
    },
    hide() {
      element.hidden = true;
    },
  };
}

/** Puts a shown element of fixed position to the lower right of a point, or above it where there is no room. */
export function placeBeside(element: HTMLElement, x: number, y: number): void {
  const { offsetWidth, offsetHeight } = element;
  element.style.left = `${Math.max(EDGE, Math.min(x + BESIDE, innerWidth - offsetWidth - EDGE))}px`;
  const below = y + BELOW;
  element.style.top = `${below + offsetHeight > innerHeight - EDGE ? Math.max(EDGE, y - offsetHeight - ABOVE) : below}px`;
}
