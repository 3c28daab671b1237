import type { Tip } from 'd3-flame-graph';
import { formatCost, formatShare, plural } from '../../src/shared/format';
import type { ReportData } from '../../src/shared/report-data';
import { el } from '../ui/dom';
import { placeBeside } from '../ui/tooltip';
import { type Frame, frameName, functionPlace } from './frames';

/** What the box under the pointer is and costs; names are text, never markup. */
export function tip(data: ReportData, totals: readonly number[]): Tip<Frame> {
  const element = el('div', { class: 'tip', role: 'tooltip', hidden: '' });
  const { unit, active, boxes, categories } = data;
  const cost = (value: number): string => `${formatCost(value, unit)}, ${formatShare(active > 0 ? value / active : 0)}`;
  const show = (event: MouseEvent, box: number): void => {
    const func = boxes.func[box] as number;
    const place = func < 0 ? '' : functionPlace(data, func);
    const category = func < 0 ? undefined : categories.find((one) => one.category === data.functions.category[func]);
    const self = boxes.self[box] as number;
    element.replaceChildren(
      el('strong', {}, frameName(data, box)),
      ...(place === '' ? [] : [el('div', { class: 'place' }, place)]),
      el('div', {}, `${cost(totals[box] as number)}${func < 0 ? '' : ' in total'}`),
      ...(func < 0 ? [el('div', { class: 'dim' }, `${plural(boxes.frames[box] as number, 'frame')} too small to be drawn apart`)] : []),
      ...(func < 0 || self <= 0 ? [] : [el('div', {}, `${cost(self)} by itself`)]),
      ...(category && box > 0 ? [el('div', { class: 'dim' }, category.name)] : []),
    );
    element.hidden = false;
    placeBeside(element, event.clientX, event.clientY);
  };
  // What a click brings under the pointer, by scrolling or zooming, waits until the pointer moves.
  let clicked = { x: -1, y: -1 };
  addEventListener(
    'click',
    ({ clientX, clientY }) => {
      clicked = { x: clientX, y: clientY };
    },
    true,
  );
  document.body.append(element);
  const attach = (): void => {};
  return Object.assign(attach, {
    show: (event: MouseEvent, { data: { box } }: { readonly data: Frame }) => {
      if (event.clientX !== clicked.x || event.clientY !== clicked.y) show(event, box);
    },
    hide: () => {
      element.hidden = true;
    },
  });
}
