import { button, el } from './dom';

const keys: readonly (readonly [string, string])[] = [
  ['↑ ↓', 'to the caller, to the widest callee'],
  ['← →', 'to the wider, the narrower neighbour'],
  ['Enter', 'zoom to the frame'],
  ['Esc Backspace', 'zoom out one step'],
  ['Home', 'show everything'],
  ['+ −', 'zoom in and out'],
  ['A D', 'pan left and right'],
  ['F', 'to the widest frame of the function'],
  ['O', 'open the source'],
  ['/', 'search (Ctrl+F too)'],
  ['N Shift+N', 'next and previous match'],
  ['P', 'show or hide the panel'],
  ['R', 'profile again'],
  ['C', 'copy the frame as text'],
  ['?', 'this sheet'],
];

/** The list of keys, as a modal dialog. */
export function keySheet(): { open(): void } {
  const dialog = el('dialog', { class: 'keys', 'aria-label': 'Keys' });
  dialog.append(
    el('h2', {}, 'Keys'),
    el('dl', {}, ...keys.flatMap(([key, what]) => [el('dt', {}, ...key.split(' ').flatMap((one) => [el('kbd', {}, one), ' '])), el('dd', {}, what)])),
    el('p', { class: 'dim' }, 'Mouse: click selects and zooms, double-click opens the source, Ctrl+wheel zooms, drag pans.'),
    button('Close', () => dialog.close(), {}, 'Close'),
  );
  document.body.append(dialog);
  return { open: () => dialog.showModal() };
}
