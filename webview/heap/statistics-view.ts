import { formatBytes, formatShare, plural } from '../../src/shared/format';
import type { HeapStatisticsDto } from '../../src/shared/heap-query';
import type { ThemeKind } from '../chart/colours';
import { button, el } from '../ui/dom';
import { swatch } from './kind-colours';
import type { HeapStore } from './store';
import type { HeapContext, HeapPart } from './view';

/** What the memory is, as one bar with its legend. */
export function statisticsView(context: HeapContext): HeapPart {
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
    const theme = context.theme();
    content.replaceChildren(bar(statistics, theme), legend(statistics, theme), el('ul', { class: 'remarks' }, ...remarks(statistics, context.store)));
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

const shareOf = (size: number, total: number): number => (total > 0 ? size / total : 0);

function bar({ parts, total }: HeapStatisticsDto, theme: ThemeKind): HTMLElement {
  const share = (size: number): string => formatShare(shareOf(size, total));
  const stack = el('div', { class: 'stack', role: 'img', 'aria-label': parts.map(({ name, size }) => `${name} ${share(size)}`).join(', ') });
  for (const { name, size, is } of parts) {
    if (size <= 0) continue;
    const piece = el('div', { class: 'piece', title: `${name}: ${formatBytes(size)} · ${share(size)}` });
    piece.style.flexGrow = String(shareOf(size, total));
    piece.style.background = swatch(theme, is);
    stack.append(piece);
  }
  return stack;
}

function legend({ parts, total }: HeapStatisticsDto, theme: ThemeKind): HTMLElement {
  const number = (text: string): HTMLElement => el('td', { class: 'number' }, text);
  const row = ({ name, size, is, about }: HeapStatisticsDto['parts'][number]): HTMLElement => {
    const dot = el('span', { class: 'kind-dot', 'aria-hidden': 'true' });
    dot.style.background = swatch(theme, is);
    const what = el('th', { scope: 'row' }, dot, el('span', {}, name), el('span', { class: 'dim about' }, about));
    return el('tr', {}, what, number(formatBytes(size)), number(formatShare(shareOf(size, total))));
  };
  const heads = [el('th', { scope: 'col' }, 'What'), el('th', { scope: 'col', class: 'number' }, 'Size'), el('th', { scope: 'col', class: 'number' }, 'Share')];
  return el(
    'table',
    { class: 'legend' },
    el('thead', {}, el('tr', {}, ...heads)),
    el('tbody', {}, ...parts.map(row)),
    el('tfoot', {}, el('tr', {}, el('th', { scope: 'row' }, 'Total'), number(formatBytes(total)), number(''))),
  );
}

/** What of the memory need not be. */
function remarks({ duplicates }: HeapStatisticsDto, store: HeapStore): readonly HTMLElement[] {
  const { detached } = store.overview;
  const found: HTMLElement[] = [];
  if (duplicates.wasted > 0) {
    const strings = button('Show strings of equal text', () => store.set({ view: 'strings' }), { class: 'link' }, plural(duplicates.count, 'string'));
    found.push(el('li', {}, strings, ` repeat a text that is there already: ${formatBytes(duplicates.wasted)}.`));
  }
  if (detached > 0) {
    const nodes = button('Show detached nodes', () => store.set({ view: 'detached' }), { class: 'link' }, plural(detached, 'DOM node'));
    found.push(el('li', {}, nodes, detached === 1 ? ' is in no document any more, but still kept.' : ' are in no document any more, but still kept.'));
  }
  return found;
}
