import { button, el } from './dom';

/** The views of a page as tabs: a click, a digit or the arrow keys choose one. */
export interface ViewTabs {
  readonly element: HTMLElement;
  /** The same as a list that opens, where there is no room for tabs. */
  readonly select: HTMLSelectElement;
  /** Marks the one that is shown. */
  choose(view: string): void;
  /** Digits, as commands of the page. */
  readonly commands: Readonly<Record<string, () => void>>;
  /** True where the key was the tabs' own: an arrow while one of them has the focus. */
  onKey(event: KeyboardEvent): boolean;
}

export function viewTabs<Kind extends string>(kinds: readonly Kind[], names: Readonly<Record<Kind, string>>, onChoose: (view: Kind) => void): ViewTabs {
  const tabs = kinds.map((kind, at) =>
    button(`${names[kind]} (${at + 1})`, () => onChoose(kind), { role: 'tab', 'data-view': kind, 'aria-selected': 'false' }, names[kind]),
  );
  const select = el('select', { class: 'view-select', 'aria-label': 'View' }, ...kinds.map((kind) => el('option', { value: kind }, names[kind])));
  select.addEventListener('change', () => onChoose(select.value as Kind));
  const element = el('div', { class: 'segments views', role: 'tablist', 'aria-label': 'Views' }, ...tabs);
  return {
    element,
    select,
    choose(view) {
      select.value = view;
      for (const tab of tabs) {
        const isChosen = tab.dataset.view === view;
        tab.setAttribute('aria-selected', String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        if (isChosen) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      }
    },
    commands: Object.fromEntries(kinds.map((kind, at) => [String(at + 1), () => onChoose(kind)])),
    onKey({ key, target }) {
      if ((key !== 'ArrowLeft' && key !== 'ArrowRight') || !element.contains(target as Node)) return false;
      const at = tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true') + (key === 'ArrowRight' ? 1 : -1);
      const next = (at + kinds.length) % kinds.length;
      onChoose(kinds[next] as Kind);
      tabs[next]?.focus();
      return true;
    },
  };
}
