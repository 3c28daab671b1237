import { formatBytes, formatCount } from '../../src/shared/format';
import type { HeapOverview } from '../../src/shared/heap-query';
import { el } from '../ui/dom';

/** What the snapshot is, and its few figures. */
export function heapHeader(overview: HeapOverview): HTMLElement {
  const figure = (value: string, label: string, isOdd = false): HTMLElement =>
    el('div', isOdd ? { class: 'odd' } : {}, el('dd', {}, value), el('dt', {}, label));
  const { title, subtitle, totalSize, nodes, classes, detached, warnings } = overview;
  return el(
    'header',
    {},
    el(
      'div',
      { class: 'top' },
      el('div', { class: 'title' }, el('h1', { title }, title), el('p', { class: 'subtitle', title: subtitle }, subtitle)),
      el(
        'dl',
        { class: 'figures' },
        figure(formatBytes(totalSize), 'total'),
        figure(formatCount(nodes), 'objects'),
        figure(formatCount(classes), 'classes'),
        ...(detached > 0 ? [figure(formatCount(detached), 'detached nodes', true)] : []),
      ),
    ),
    ...(warnings.length > 0 ? [el('ul', { class: 'notes' }, ...warnings.map((warning) => el('li', {}, warning)))] : []),
  );
}
