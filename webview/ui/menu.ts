import { button, el } from './dom';

export interface MenuItem {
  readonly label: string;
  /** The key that does the same. */
  readonly key?: string;
  readonly isChecked?: boolean;
  act(): void;
}

/** Opens a list of choices at a place of the page. Arrow keys walk, Enter chooses, Escape closes and gives the focus back. */
export function openMenu(items: readonly (MenuItem | 'line')[], x: number, y: number, label: string): void {
  document.querySelector('.menu')?.remove();
  const before = document.activeElement as HTMLElement | null;
  const menu = el('div', { class: 'menu', role: 'menu', 'aria-label': label, tabindex: '-1' });
  const close = (): void => {
    removeEventListener('pointerdown', outside, true);
    removeEventListener('blur', close);
    menu.remove();
    before?.focus({ preventScroll: true });
  };
  const outside = (event: Event): void => {
    if (!menu.contains(event.target as Node)) close();
  };
  for (const item of items) {
    if (item === 'line') menu.append(el('hr', {}));
    else
      menu.append(
        button(
          item.label,
          () => {
            close();
            item.act();
          },
          {
            role: item.isChecked === undefined ? 'menuitem' : 'menuitemradio',
            'aria-checked': item.isChecked === undefined ? undefined : String(item.isChecked),
            tabindex: '-1',
            title: '',
          },
          el('span', { class: 'check', 'aria-hidden': 'true' }, item.isChecked ? '✓' : ''),
          el('span', {}, item.label),
          el('span', { class: 'menu-key' }, item.key ?? ''),
        ),
      );
  }
  document.body.append(menu);
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 6))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 6))}px`;
  const buttons = [...menu.querySelectorAll('button')];
  const go = (step: number): void => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  menu.addEventListener('keydown', (event) => {
    const acts: Record<string, () => void> = {
      ArrowDown: () => go(1),
      ArrowUp: () => go(-1),
      Escape: close,
      Tab: close,
      Home: () => buttons[0]?.focus(),
      End: () => buttons.at(-1)?.focus(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  addEventListener('pointerdown', outside, true);
  addEventListener('blur', close);
  buttons[0]?.focus();
}
