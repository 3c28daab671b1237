import { button, el } from './dom';

/** What a page shows, as far as VS Code moves the focus and changes the theme. */
interface Shown {
  takeFocus(): void;
  themeChanged(): void;
}

/** Tells what is shown when the page gets the focus, and when the theme is another. */
export function watchPage(shown: () => Shown | undefined): void {
  // Whoever comes here by keyboard, without a click, finds the keys at work.
  window.addEventListener('focus', () => shown()?.takeFocus());
  new MutationObserver(() => shown()?.themeChanged()).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}

/** Why nothing can be shown, in place of it. */
export function failure(title: string, message: string, retry: () => void): HTMLElement {
  return el('div', { class: 'message', role: 'alert' }, el('h1', {}, title), el('p', {}, message), button('Try again', retry, { class: 'primary' }));
}

/**
 * Whether nothing of this page has the focus though the page has it. A page that does not have it
 * takes it from nobody: what it would take it from is a list or a text that somebody types into.
 */
export function lacksFocus(): boolean {
  return document.hasFocus() && (document.activeElement === document.body || document.activeElement === null);
}
