import { extent, line, scaleLinear } from 'd3';
import { formatBytes } from '../../src/shared/format';
import { setText } from '../ui/dom';

/** Bytes; `at` in milliseconds from the start. */
export interface Sample {
  readonly at: number;
  readonly heapUsed: number;
  readonly rss: number | undefined;
}

export interface HuntChart {
  readonly element: HTMLElement;
  add(sample: Sample): void;
  /** A snapshot is taken now. */
  mark(): void;
  clear(): void;
  draw(): void;
}

const NS = 'http://www.w3.org/2000/svg';
/** Above the lines, for the names of the marks. */
const TOP = 18;
/** At the right, for what the lines are called and their last values. */
const NAMES = 104;
/** At the left, for the ends of the scales. */
const SCALES = 62;
/** Each has a scale of its own: a heap that grows by a tenth would be a flat line below the memory of its process. */
const bands = [
  { key: 'heap', name: 'heap', top: TOP + 6, height: 84 },
  { key: 'rss', name: 'RSS', top: TOP + 124, height: 40 },
] as const;
const HEIGHT = TOP + 172;
/** The least that a scale spans, as a share of its end. */
const LEAST_SPAN = 0.02;

function svg(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): SVGElement {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) setText(element, text);
  return element;
}

/** Heap in use and memory of the process over time, with a mark at each snapshot. */
export function huntChart(element: HTMLElement): HuntChart {
  let samples: Sample[] = [];
  let marks: number[] = [];

  function draw(): void {
    const [first] = samples;
    const last = samples.at(-1);
    if (samples.length < 2 || !first || !last) return element.replaceChildren();
    const width = Math.max(260, element.clientWidth);
    const right = width - NAMES;
    const x = scaleLinear([first.at, last.at], [SCALES, right]);
    const picture = svg('svg', {
      width,
      height: HEIGHT,
      role: 'img',
      'aria-label': `Heap in use ${formatBytes(last.heapUsed)}${last.rss === undefined ? '' : `, memory of the process ${formatBytes(last.rss)}`}`,
    });
    for (const [i, at] of marks.entries()) {
      const place = Math.max(SCALES, x(at));
      picture.append(
        svg('line', { class: 'mark', x1: place, x2: place, y1: TOP, y2: HEIGHT - 8 }),
        svg('text', { class: 'scale', x: place, y: TOP - 6, 'text-anchor': 'middle' }, i === 0 ? 'snapshot 1' : String(i + 1)),
      );
    }
    for (const { key, name, top, height } of bands) {
      const rows = samples.flatMap(({ at, heapUsed, rss }) => {
        const value = key === 'heap' ? heapUsed : rss;
        return value === undefined ? [] : [{ at, value }];
      });
      const [low, high] = extent(rows, ({ value }) => value);
      const end = rows.at(-1);
      if (low === undefined || !end) continue;
      // What hardly moves must not look as if it did.
      const room = Math.max(high - low, high * LEAST_SPAN);
      const y = scaleLinear([high - room, high], [top + height, top]);
      const path = line<{ at: number; value: number }>(
        (row) => x(row.at),
        (row) => y(row.value),
      )(rows);
      picture.append(
        svg('line', { class: 'axis', x1: SCALES, x2: right, y1: top + height, y2: top + height }),
        svg('text', { class: 'scale', x: SCALES - 8, y: top + 4, 'text-anchor': 'end' }, formatBytes(high)),
        svg('text', { class: 'scale', x: SCALES - 8, y: top + height + 4, 'text-anchor': 'end' }, formatBytes(Math.max(0, high - room))),
        svg('path', { class: key, d: path ?? '', fill: 'none' }),
        svg('text', { class: key, x: right + 8, y: y(end.value) + 4 }, `${name} ${formatBytes(end.value)}`),
      );
    }
    element.replaceChildren(picture);
  }

  return {
    element,
    add(sample) {
      samples.push(sample);
      draw();
    },
    mark: () => void marks.push(samples.at(-1)?.at ?? 0),
    clear() {
      samples = [];
      marks = [];
      draw();
    },
    draw,
  };
}
