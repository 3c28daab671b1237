/**
 * A scrollbar over more rows than a page can be high. Browsers stop at about 33
 * million pixels, at 400 % zoom at a quarter of that. Beyond `MAX_HEIGHT` the page
 * is shorter than its rows: dragging the bar is scaled, while the wheel and keys
 * still move by what they say.
 */
export const MAX_HEIGHT = 8_000_000;

export interface ScrollScale {
  /** Height of the page's body, pixels. */
  readonly height: number;
  /** Where the rows are scrolled to, pixels of rows; may be fractional. */
  readonly top: number;
  /** New number of rows or height of the view; the top stays where it can. */
  resize(rowsHeight: number, viewHeight: number): void;
  /** The page was scrolled, by a hand or by `scrollTop` being set. Gives where the page should be. */
  scrolled(scrollTop: number): number;
  /** Goes to a top. Gives where the page should be. */
  go(top: number): number;
}

export function scrollScale(): ScrollScale {
  let rows = 0;
  let view = 0;
  let top = 0;
  let at = 0;
  const body = (): number => Math.min(rows, MAX_HEIGHT);
  const maxTop = (): number => Math.max(0, rows - view);
  const maxScroll = (): number => Math.max(0, body() - view);
  const isScaled = (): boolean => rows > MAX_HEIGHT;
  const place = (): number => {
    at = isScaled() && maxTop() > 0 ? (top / maxTop()) * maxScroll() : top;
    return at;
  };
  const clamp = (value: number): number => Math.min(maxTop(), Math.max(0, value));
  return {
    get height() {
      return body();
    },
    get top() {
      return top;
    },
    resize(rowsHeight, viewHeight) {
      rows = rowsHeight;
      view = viewHeight;
      top = clamp(top);
      place();
    },
    scrolled(scrollTop) {
      if (!isScaled()) {
        top = clamp(scrollTop);
        at = scrollTop;
        return scrollTop;
      }
      // Browsers round what is set to device pixels: that is no movement.
      const moved = scrollTop - at;
      if (Math.abs(moved) < 1) return at;
      const isAtEnd = scrollTop <= 0 || scrollTop >= maxScroll() - 1;
      // A small step is a wheel or a finger and means its pixels; a long one is the bar and means its place.
      top = Math.abs(moved) <= view && !isAtEnd ? clamp(top + moved) : clamp((scrollTop / maxScroll()) * maxTop());
      return place();
    },
    go(to) {
      top = clamp(to);
      return place();
    },
  };
}
