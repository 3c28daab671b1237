import type { HeapViewKind } from '../../src/protocol/heap-webview';
import { el, setText } from '../ui/dom';
import type { HeapStore } from './store';
import type { Ask } from './view';

export interface FilterBox {
  readonly element: HTMLElement;
  update(): void;
  focus(): void;
}

/** The field that filters lists by name, and goes to an object by its id. */
export function filterBox(store: HeapStore, ask: Ask, filtered: ReadonlySet<HeapViewKind>, onLeave: () => void): FilterBox {
  const input = el('input', {
    type: 'search',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: 'Filter by name, or @id',
    'aria-label': 'Filter by name, or at sign and id',
  });
  const status = el('output', { class: 'search-status', 'aria-live': 'polite' });
  const box = el('div', { class: 'search' }, input, status);
  let debounce: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string): void => {
    setText(status, text);
    box.classList.toggle('none', text !== '');
  };
  const apply = (): void => {
    clearTimeout(debounce);
    const text = input.value;
    if (text.startsWith('@')) return;
    if (text !== '' && !filtered.has(store.state.view)) store.set({ view: 'classes', filter: text });
    else store.set({ filter: text });
  };
  const goToId = (id: number): void => {
    ask('find', { id }).then(
      (found) => {
        if (!found) return say(`no object @${id}`);
        say('');
        store.set({ selected: found.node, hasPanel: true });
        onLeave();
      },
      (error: Error) => say(error.message),
    );
  };
  input.addEventListener('input', () => {
    clearTimeout(debounce);
    say('');
    debounce = setTimeout(apply, 120);
  });
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const id = /^@(\d{1,15})$/.exec(input.value.trim());
    if (event.key === 'Enter' && id) return goToId(Number(id[1]));
    if (event.key === 'Escape') {
      input.value = '';
      say('');
    }
    if (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    apply();
    onLeave();
  });
  return {
    element: box,
    update() {
      if (document.activeElement !== input && !input.value.startsWith('@')) input.value = store.state.filter;
      box.classList.toggle('other', !filtered.has(store.state.view));
    },
    focus() {
      input.focus();
      input.select();
    },
  };
}
