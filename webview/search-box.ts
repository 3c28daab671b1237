import { formatShare, plural } from '../src/shared/format';
import { el } from './dom';
import { type FlameModel, type SearchResult, search } from './flame-model';

export interface SearchBox {
  readonly element: HTMLElement;
  /** Searches anew, as after a profile was loaded. */
  run(model: FlameModel | undefined): void;
  focus(): void;
  text: string;
}

/** The search field with what it matches. A bad expression is told while it is typed. */
export function searchBox(onResult: (result: SearchResult | undefined) => void, onKey: (event: KeyboardEvent) => void): SearchBox {
  const input = el('input', {
    type: 'search',
    placeholder: 'Search functions, files, /regex/',
    'aria-label': 'Search',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const status = el('output', { class: 'search-status', 'aria-live': 'polite' });
  const element = el('div', { class: 'search' }, input, status);
  let model: FlameModel | undefined;
  const update = (): void => {
    const query = input.value;
    element.classList.remove('bad', 'none');
    status.removeAttribute('title');
    if (!model || query.trim() === '') {
      status.textContent = '';
      onResult(undefined);
      return;
    }
    const result = search(model, query);
    if ('error' in result) {
      element.classList.add('bad');
      status.textContent = 'not a valid expression';
      status.title = result.error;
      onResult(undefined);
      return;
    }
    element.classList.toggle('none', result.functions === 0);
    status.textContent = result.functions === 0 ? 'no match' : `${formatShare(result.share)} · ${result.functions}`;
    status.title =
      result.functions === 0 ? '' : `${formatShare(result.share)} of active time is in stacks with ${plural(result.functions, 'matching function')}`;
    onResult(result);
  };
  input.addEventListener('input', update);
  input.addEventListener('keydown', onKey);
  return {
    element,
    run(next) {
      model = next;
      update();
    },
    focus() {
      input.focus();
      input.select();
    },
    get text() {
      return input.value;
    },
    set text(value) {
      input.value = value;
    },
  };
}
