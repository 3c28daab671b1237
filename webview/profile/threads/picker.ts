import type { ChoiceDto } from '../../../src/protocol/threads';
import { formatTime } from '../../../src/shared/format';
import { button, el, setText } from '../../ui/dom';
import type { Store } from '../store';
import { type StripPicture, stripPicture } from './strip';
import { fitsFilter, rowsByCpu, spokenText, whereText } from './thread-words';

export type Choice = number | 'merge';

/** A button that says which of the file's profiles is shown, and opens the list of them. */
export interface ProfilePicker {
  readonly element: HTMLElement;
  open(): void;
  /** More strips have come. */
  update(): void;
}

export function profilePicker(store: Store, onChoose: (choice: Choice) => void): ProfilePicker {
  const { choices, selected, threads } = store.profile;
  const strip = stripPicture();
  const shown = selected === 'merge' ? undefined : choices[selected];
  const name = shown === undefined ? 'All together' : (shown.thread?.name ?? shown.name);
  const face = button(
    threads ? 'Choose a thread (G)' : 'Choose one of the profiles in this file (G)',
    () => open(),
    { class: 'choice', 'aria-haspopup': 'listbox', 'aria-expanded': 'false', 'data-keep': 'picker', 'aria-label': `Shown: ${name}. Choose another` },
    el('span', { class: 'choice-name' }, name),
    el('span', { class: 'choice-detail' }, shown ? detailOf(shown) : ''),
    ...(shown?.thread ? [strip.element] : []),
    el('span', { class: 'choice-arrow', 'aria-hidden': 'true' }, '▾'),
  );
  const update = (): void => {
    if (selected !== 'merge') strip.show(store.strips.get(selected));
    list?.update();
  };
  let list: { update(): void } | undefined;
  const open = (): void => {
    if (list) return;
    face.setAttribute('aria-expanded', 'true');
    list = openList(store, face, (choice) => {
      list = undefined;
      face.setAttribute('aria-expanded', 'false');
      if (choice !== undefined && choice !== selected) onChoose(choice);
    });
  };
  face.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    event.stopPropagation();
    open();
  });
  update();
  return { element: el('div', { class: 'choosing' }, face), open, update };
}

function detailOf({ detail, thread }: ChoiceDto): string {
  return thread ? [whereText(thread), formatTime(thread.cpu)].filter(Boolean).join(' · ') : detail;
}

interface Option {
  readonly choice: Choice;
  readonly element: HTMLElement;
  readonly strip: StripPicture | undefined;
}

/** The list under its button, with a box to filter it. `done` gets what was chosen, or nothing. */
function openList(store: Store, face: HTMLElement, done: (choice: Choice | undefined) => void): { update(): void } {
  const { choices, selected, threads } = store.profile;
  const options = [optionOf(store, 'merge'), ...(threads ? rowsByCpu(choices) : choices.map((_, row) => row)).map((row) => optionOf(store, row))];
  const box = el('input', {
    type: 'text',
    class: 'picker-filter',
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': 'picker-list',
    'aria-autocomplete': 'list',
    'aria-label': threads ? 'Filter threads by name, process or number' : 'Filter profiles by name',
    placeholder: 'Type to filter',
    spellcheck: 'false',
  });
  const list = el('div', { class: 'picker-list', role: 'listbox', id: 'picker-list', 'aria-label': threads ? 'Threads' : 'Profiles of this file' });
  const head =
    threads && el('div', { class: 'picker-row picker-head', 'aria-hidden': 'true' }, ...headings.map(([text, kind]) => el('span', { class: kind }, text)));
  const none = el('p', { class: 'picker-none', role: 'status', hidden: '' });
  const panel = el('div', { class: threads ? 'picker of-threads' : 'picker' }, box, head, list, none);
  let seen = options;
  let active = 0;

  const show = (): void => {
    for (const [at, { element }] of seen.entries()) element.classList.toggle('active', at === active);
    const one = seen[active]?.element;
    if (one) {
      box.setAttribute('aria-activedescendant', one.id);
      one.scrollIntoView({ block: 'nearest' });
    } else box.removeAttribute('aria-activedescendant');
  };
  const filter = (): void => {
    const text = box.value.trim();
    seen = options.filter(
      ({ choice }) => text === '' || (choice === 'merge' ? 'all together'.includes(text.toLowerCase()) : fitsFilter(choices[choice] as ChoiceDto, text)),
    );
    list.replaceChildren(...seen.map(({ element }) => element));
    none.hidden = seen.length > 0;
    setText(none, `None of ${choices.length} has "${text}" in it.`);
    active =
      text === ''
        ? Math.max(
            0,
            seen.findIndex(({ choice }) => choice === selected),
          )
        : 0;
    show();
  };
  const close = (choice?: Choice): void => {
    removeEventListener('pointerdown', outside, true);
    removeEventListener('blur', leave);
    removeEventListener('resize', leave);
    panel.remove();
    face.focus({ preventScroll: true });
    done(choice);
  };
  const leave = (): void => close();
  const outside = (event: Event): void => {
    if (!panel.contains(event.target as Node)) close();
  };
  const PAGE = 10;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go((active + 1) % Math.max(1, seen.length)),
    ArrowUp: () => go((active - 1 + seen.length) % Math.max(1, seen.length)),
    PageDown: () => go(Math.min(seen.length - 1, active + PAGE)),
    PageUp: () => go(Math.max(0, active - PAGE)),
    Home: () => go(0),
    End: () => go(seen.length - 1),
    Enter: () => seen[active] && close(seen[active]?.choice),
    Escape: () => close(),
    Tab: () => close(),
  };
  const go = (to: number): void => {
    active = Math.max(0, to);
    show();
  };
  panel.addEventListener('keydown', (event) => {
    event.stopPropagation();
    // In the text these two are for its ends.
    const act = box.value !== '' && (event.key === 'Home' || event.key === 'End') ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  box.addEventListener('input', filter);
  for (const { element, choice } of options) element.addEventListener('click', () => close(choice));
  document.body.append(panel);
  list.replaceChildren(...options.map(({ element }) => element));
  place(panel, face);
  box.focus();
  // What is shown may be far down: it comes into sight once the list has its height.
  filter();
  addEventListener('pointerdown', outside, true);
  addEventListener('blur', leave);
  addEventListener('resize', leave);
  return {
    update() {
      for (const { choice, strip } of options) if (typeof choice === 'number') strip?.show(store.strips.get(choice));
    },
  };
}

const headings = [
  ['process', 'number'],
  ['thread', 'number'],
  ['name', 'name'],
  ['CPU', 'number'],
  ['waiting', 'number'],
  ['activity', 'activity'],
] as const;

function optionOf(store: Store, choice: Choice): Option {
  const { choices, selected } = store.profile;
  const of = choice === 'merge' ? undefined : choices[choice];
  const thread = of?.thread;
  const strip = thread && stripPicture();
  strip?.show(store.strips.get(choice as number));
  const number = (text: string): HTMLElement => el('span', { class: 'number' }, text);
  const cells = thread
    ? [
        number(thread.process === undefined ? '' : String(thread.process)),
        number(thread.thread === undefined ? '' : thread.thread === 0 ? 'main' : String(thread.thread)),
        el('span', { class: 'name' }, thread.name),
        number(thread.isMissing ? 'missing' : formatTime(thread.cpu)),
        number(thread.waiting > 0 ? formatTime(thread.waiting) : ''),
        el('span', { class: 'activity' }, strip?.element),
      ]
    : [el('span', { class: 'name' }, of?.name ?? 'All together'), el('span', { class: 'detail' }, of?.detail ?? '')];
  const label = of ? spokenText(of) : `All ${choices.length} together`;
  const element = el(
    'div',
    {
      class: `picker-row${thread ? '' : ' is-plain'}${thread?.isMissing ? ' is-missing' : ''}`,
      role: 'option',
      id: `picker-${choice}`,
      'aria-selected': String(choice === selected),
      'aria-label': label,
      title: label,
    },
    ...cells,
  );
  return { choice, element, strip };
}

/** Below the button, as high as there is room. */
function place(panel: HTMLElement, face: HTMLElement): void {
  const { left, bottom, right } = face.getBoundingClientRect();
  panel.style.maxHeight = `${Math.max(120, innerHeight - bottom - 12)}px`;
  const width = panel.offsetWidth;
  panel.style.left = `${Math.max(6, Math.min(left, innerWidth - width - 6, right))}px`;
  panel.style.top = `${bottom + 2}px`;
}
