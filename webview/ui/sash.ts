import { el } from './dom';

/** Pixels that an arrow key moves a sash by. */
const STEP = 16;

/**
 * The line between a view and the panel below it, which moves by drag and by arrow keys; a double
 * click, or Home, gives the first height back. Sizes are the panel's height, in pixels; it does not
 * limit them, the page's styles do.
 */
export function sash(label: string, heightOf: () => number, onHeight: (height: number | undefined, isOver: boolean) => void): HTMLElement {
  const element = el('div', {
    class: 'sash',
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'horizontal',
    'aria-label': `${label}: arrow keys move it, Home gives the first height back`,
  });
  element.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    const height = heightOf();
    const from = event.clientY;
    const move = (next: PointerEvent): void => onHeight(height + from - next.clientY, false);
    element.addEventListener('pointermove', move);
    element.addEventListener(
      'pointerup',
      () => {
        element.removeEventListener('pointermove', move);
        // What the page's styles did not allow is not remembered.
        onHeight(heightOf(), true);
      },
      { once: true },
    );
  });
  element.addEventListener('dblclick', () => onHeight(undefined, true));
  element.addEventListener('keydown', (event) => {
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (step === undefined && event.key !== 'Home') return;
    event.preventDefault();
    event.stopPropagation();
    onHeight(step === undefined ? undefined : heightOf() + step, true);
  });
  return element;
}
