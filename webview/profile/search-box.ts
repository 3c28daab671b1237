import { type BadQuery, parseQuery } from '../../src/core/profile/views/search';
import { formatCount, formatShare, plural } from '../../src/shared/format';
import { button, el, setText } from '../ui/dom';
import type { Store } from './store';

const reasons: Readonly<Record<BadQuery, string>> = {
  regex: 'not a valid expression',
  number: 'needs a number, as in self>5%',
  unit: 'unit: %, µs, ms, s, kB, MB',
  operator: 'use > < >= <=',
  quote: 'a quote is not closed',
};

/** Pixels that the whole hint needs. */
const WHOLE_HINT = 260;

/** The search field with what it matches. A bad query says what is wrong while it is typed. */
export function searchBox(
  store: Store,
  onLeave: (key: 'Enter' | 'Shift+Enter' | 'Escape') => void,
  matches: () => { readonly at: number; readonly count: number } | undefined,
): { readonly element: HTMLElement; update(): void; focus(): void } {
  const input = el('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search: text, regular expression between slashes, fn: file: pkg: self> total>',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const status = el('output', { class: 'search-status', 'aria-live': 'polite' });
  const step = (key: 'Enter' | 'Shift+Enter', label: string, sign: string): HTMLButtonElement =>
    button(label, () => onLeave(key), { class: 'search-step', 'aria-label': label }, sign);
  const steps = el('span', { class: 'search-steps' }, step('Shift+Enter', 'Previous match (Shift+N)', '‹'), step('Enter', 'Next match (N)', '›'));
  const element = el('div', { class: 'search' }, input, status, steps);
  new ResizeObserver(() => {
    input.placeholder = input.clientWidth < WHOLE_HINT ? 'Search' : 'Search: text, /regex/, fn: file: pkg: self>5%';
  }).observe(input);
  input.addEventListener('input', () => store.set({ search: input.value }));
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      onLeave(event.shiftKey ? 'Shift+Enter' : 'Enter');
    }
    if (event.key === 'Escape') {
      store.set({ search: '' });
      onLeave('Escape');
    }
  });
  return {
    element,
    update() {
      const { search } = store.state;
      if (input.value !== search) input.value = search;
      element.classList.remove('bad', 'none');
      status.removeAttribute('title');
      steps.hidden = true;
      if (search.trim() === '') {
        status.textContent = '';
        return;
      }
      const query = parseQuery(search);
      if (query.kind === 'bad') {
        element.classList.add('bad');
        setText(status, reasons[query.reason]);
        status.title = `At “${query.text}”`;
        return;
      }
      const { found, unanswered } = store;
      if (unanswered === 'too-slow') {
        element.classList.add('bad');
        status.textContent = 'takes too long';
        status.title = 'The expression was stopped: it tries too many ways to match. Repetition within repetition, as in (a+)+, does that.';
        return;
      }
      // The old answer stands until the new one is there: it takes a moment only.
      if (!found) return;
      element.classList.toggle('none', found.functions === 0);
      const place = matches();
      steps.hidden = found.functions === 0 || !place;
      const where = place
        ? place.at > 0
          ? `${formatCount(place.at)} of ${formatCount(place.count)}`
          : formatCount(place.count)
        : formatCount(found.functions);
      setText(status, found.functions === 0 ? 'no match' : `${formatShare(found.share)} · ${where}`);
      status.title =
        found.functions === 0 ? '' : `${formatShare(found.share)} of what is shown is in stacks with ${plural(found.functions, 'matching function')}`;
    },
    focus() {
      input.focus();
      input.select();
    },
  };
}
