import { el } from '../ui/dom';
import { scrollScale } from './scroll-scale';

/** Height of a row, pixels. */
export const ROW_HEIGHT = 22;
/** Rows beyond the edges that exist, so that a scrolled page is not empty before it is drawn. */
const SPARE = 8;

/** The elements of a grid. */
export interface GridFrame {
  readonly element: HTMLElement;
  readonly scroller: HTMLElement;
  readonly head: HTMLElement;
  readonly body: HTMLElement;
  /** What is said of a row that came after the focus did. */
  readonly words: HTMLElement;
}

export function gridFrame(label: string, head: HTMLElement): GridFrame {
  const body = el('div', { class: 'table-rows', role: 'presentation' });
  const words = el('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  const scroller = el(
    'div',
    { class: 'table-body', role: 'treegrid', tabindex: '0', 'aria-label': `${label}: arrow keys move and open, Enter selects`, 'aria-rowcount': '0' },
    head,
    body,
  );
  return { element: el('div', { class: 'grid' }, scroller, words), scroller, head, body, words };
}

/** Which rows of a grid are in sight. Rows go by their index, places are pixels from the top of all rows. */
export interface RowWindow {
  /** Rows that a page is. */
  readonly page: number;
  /** The first row that has to exist. */
  readonly first: number;
  /** The end of those that have to exist; not clamped to the rows that there are. */
  readonly last: number;
  /** What a row's place is moved by on the page: where it is scrolled to is where the first row in sight has to be, whatever its number says. */
  readonly shift: number;
  /** Takes the number of rows and the height of the view. */
  measure(rows: number): void;
  /** Scrolls to a place. */
  goTo(top: number): void;
  /** Scrolls no further than a row needs to be in sight. */
  reveal(index: number): void;
  center(index: number): void;
  /** The lower edge of a row, pixels of the screen. */
  bottomOf(index: number): number;
}

/** `onScroll` is called at most once a frame, and after a change of size, before which comes `onResize`. */
export function rowWindow({ scroller, head, body }: GridFrame, { onScroll, onResize }: { onScroll(): void; onResize(): void }): RowWindow {
  const scale = scrollScale();
  let frame = 0;
  const viewHeight = (): number => Math.max(ROW_HEIGHT, scroller.clientHeight - head.offsetHeight);
  const schedule = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      onScroll();
    });
  };
  const goTo = (top: number): void => {
    scroller.scrollTop = scale.go(top);
  };

  scroller.addEventListener(
    'scroll',
    () => {
      const at = scale.scrolled(scroller.scrollTop);
      if (Math.abs(at - scroller.scrollTop) >= 1) scroller.scrollTop = at;
      schedule();
    },
    { passive: true },
  );
  new ResizeObserver(() => {
    onResize();
    schedule();
  }).observe(scroller);

  return {
    get page() {
      return Math.max(1, Math.floor(viewHeight() / ROW_HEIGHT) - 1);
    },
    get first() {
      return Math.max(0, Math.floor(scale.top / ROW_HEIGHT) - SPARE);
    },
    get last() {
      return Math.ceil((scale.top + viewHeight()) / ROW_HEIGHT) + SPARE;
    },
    get shift() {
      return scroller.scrollTop - scale.top;
    },
    measure(rows) {
      scale.resize(rows * ROW_HEIGHT, viewHeight());
      body.style.height = `${scale.height}px`;
    },
    goTo,
    reveal(index) {
      const top = index * ROW_HEIGHT;
      const room = viewHeight() - ROW_HEIGHT;
      if (top < scale.top) goTo(top);
      else if (top > scale.top + room) goTo(top - room);
    },
    center: (index) => goTo(index * ROW_HEIGHT - viewHeight() / 2),
    bottomOf: (index) => scroller.getBoundingClientRect().top + head.offsetHeight + (index + 1) * ROW_HEIGHT - scale.top,
  };
}
