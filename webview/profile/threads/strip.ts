import { STRIP, stripValues } from '../../../src/core/profile/views/threads';

const NS = 'http://www.w3.org/2000/svg';

/** A picture of how busy a thread is, over the time of all threads; the thin line below says when it lives. */
export interface StripPicture {
  readonly element: SVGSVGElement;
  /** `undefined` while it is not known. */
  show(strip: string | undefined): void;
  /** The part of the time that is seen, in steps of the strip. */
  seeRange(from: number, to: number): void;
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Part of the height that a line takes which says that the thread is there. */
const LINE = 0.08;

export function stripPicture(): StripPicture {
  const element = document.createElementNS(NS, 'svg');
  element.setAttribute('class', 'strip');
  element.setAttribute('viewBox', `0 0 ${STRIP} 1`);
  element.setAttribute('preserveAspectRatio', 'none');
  element.setAttribute('aria-hidden', 'true');
  const [lives, works] = ['lives', 'works'].map((name) => {
    const path = document.createElementNS(NS, 'path');
    path.setAttribute('class', name);
    element.append(path);
    return path;
  }) as [SVGPathElement, SVGPathElement];
  return {
    element,
    show(strip) {
      const values = strip === undefined ? [] : stripValues(strip);
      element.classList.toggle('unknown', values.length === 0);
      lives.setAttribute('d', pathOf(values.map((value) => (Number.isNaN(value) ? 0 : LINE))));
      works.setAttribute('d', pathOf(values.map((value) => (Number.isNaN(value) ? 0 : value))));
    },
    seeRange(from, to) {
      element.setAttribute('viewBox', `${rounded(from)} 0 ${Math.max(rounded(to - from), 1e-6)} 1`);
    },
  };
}

/** Columns of these heights, neighbours as one shape: gaps between them would flicker. */
function pathOf(heights: readonly number[]): string {
  let path = '';
  let isOpen = false;
  for (const [x, height] of heights.entries()) {
    if (height <= 0) {
      if (isOpen) path += 'V1Z';
      isOpen = false;
      continue;
    }
    const top = (1 - height).toFixed(3);
    path += isOpen ? `V${top}H${x + 1}` : `M${x} 1V${top}H${x + 1}`;
    isOpen = true;
  }
  return isOpen ? `${path}V1Z` : path;
}
