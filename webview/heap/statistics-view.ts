import { formatBytes, formatShare, plural } from '../../src/shared/format';
import type { HeapStatisticsDto } from '../../src/shared/heap-query';
import { button, el } from '../ui/dom';
import { swatch } from './kind-colours';
import type { HeapContext, HeapPart } from './view';

/** What the memory is, as one bar with its legend. */
export function statisticsView(context: HeapContext): HeapPart {
  const { store } = context;
  const content = el('div', { class: 'statistics', tabindex: '0', role: 'region', 'aria-label': 'What the memory is' });
  const element = el('div', { class: 'view statistics-view' }, content);
  let statistics: HeapStatisticsDto | undefined;
  let isAsked = false;

  function ask(): void {
    if (isAsked) return;
    isAsked = true;
    context.ask('statistics', {}).then(
      (answer) => {
        statistics = answer;
        render();
      },
      (error: Error) => {
        isAsked = false;
        content.replaceChildren(el('p', { class: 'view-note' }, error.message));
      },
    );
  }

  function render(): void {
    if (!statistics) return;
    const { parts, total } = statistics;
    const theme = context.theme();
    const share = (size: number): number => (total > 0 ? size / total : 0);
    const bar = el('div', { class: 'stack', role: 'img', 'aria-label': parts.map(({ name, size }) => `${name} ${formatShare(share(size))}`).join(', ') });
    for (const { name, size, is } of parts) {
      if (size <= 0) continue;
      const piece = el('div', { class: 'piece', title: `${name}: ${formatBytes(size)} · ${formatShare(share(size))}` });
      piece.style.flexGrow = String(share(size));
      piece.style.background = swatch(theme, is);
      bar.append(piece);
    }
    const legend = el('table', { class: 'legend' });
    legend.append(
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          el('th', { scope: 'col' }, 'What'),
          el('th', { scope: 'col', class: 'number' }, 'Size'),
          el('th', { scope: 'col', class: 'number' }, 'Share'),
        ),
      ),
      el(
        'tbody',
        {},
        ...parts.map(({ name, size, is, about }) => {
          const dot = el('span', { class: 'kind-dot', 'aria-hidden': 'true' });
          dot.style.background = swatch(theme, is);
          return el(
            'tr',
            {},
            el('th', { scope: 'row' }, dot, el('span', {}, name), el('span', { class: 'dim about' }, about)),
            el('td', { class: 'number' }, formatBytes(size)),
            el('td', { class: 'number' }, formatShare(share(size))),
          );
        }),
      ),
      el('tfoot', {}, el('tr', {}, el('th', { scope: 'row' }, 'Total'), el('td', { class: 'number' }, formatBytes(total)), el('td', { class: 'number' }, ''))),
    );
    content.replaceChildren(bar, legend, el('ul', { class: 'remarks' }, ...remarks(statistics)));
  }

  function remarks({ duplicates }: HeapStatisticsDto): HTMLElement[] {
    const { detached } = store.overview;
    const found: HTMLElement[] = [];
    if (duplicates.wasted > 0)
      found.push(
        el(
          'li',
          {},
          button('Show strings of equal text', () => store.set({ view: 'strings' }), { class: 'link' }, plural(duplicates.count, 'string')),
          ` repeat a text that is there already: ${formatBytes(duplicates.wasted)}.`,
        ),
      );
    if (detached > 0)
      found.push(
        el(
          'li',
          {},
          button('Show detached nodes', () => store.set({ view: 'detached' }), { class: 'link' }, plural(detached, 'DOM node')),
          detached === 1 ? ' is in no document any more, but still kept.' : ' are in no document any more, but still kept.',
        ),
      );
    return found;
  }

  return {
    element,
    update(changed) {
      ask();
      if (changed === undefined || changed.has('theme')) render();
      context.showStatus([]);
    },
    onKey: () => false,
    focus: () => content.focus({ preventScroll: true }),
  };
}
