import { button, el } from './dom';

export type KeyGroups = readonly (readonly [string, readonly (readonly [string, string])[]])[];

const profileKeys: KeyGroups = [
  [
    'Everywhere',
    [
      ['1 2 3 4 5', 'flame, timeline, callers, table, source'],
      ['/', 'search (Ctrl+F too)'],
      ['N Shift+N', 'next and previous match'],
      ['O', 'open the source'],
      ['M', 'what can be done with the function'],
      ['Shift+F', 'focus on the function'],
      ['H X', 'hide it, drop its samples'],
      ['I', 'inverted: from the leaves'],
      ['Y', 'only my code'],
      ['U', 'undo'],
      ['P', 'show or hide the panel'],
      ['F', 'the list of findings'],
      ['G', 'choose the thread, or another profile of the file'],
      ['L', 'copy a link to this view'],
      ['R', 'profile again'],
      ['C', 'copy as text'],
    ],
  ],
  [
    'Flame and timeline',
    [
      ['↑ ↓ ← →', 'walk from frame to frame'],
      ['Enter', 'zoom to the frame, show folded frames'],
      ['Z', 'fold a long run of frames, or show it'],
      ['Esc Backspace', 'zoom out'],
      ['Home', 'show everything'],
      ['W S', 'zoom in and out'],
      ['A D', 'pan left and right'],
      ['B', 'to the widest frame of the function'],
      ['T', 'in the timeline: keep to the time that is seen'],
    ],
  ],
  [
    'Findings',
    [
      ['↑ ↓', 'walk'],
      ['Enter', 'show it in the graph'],
      ['G', 'go to the line'],
      ['E F', 'explain, fix'],
      ['D I O', 'done, ignored, open again'],
      ['U', 'undo'],
      ['Esc', 'back to the view'],
    ],
  ],
  [
    'Table',
    [
      ['↑ ↓', 'walk'],
      ['← →', 'close and open'],
    ],
  ],
];

const profileMouse = 'Mouse: click selects, double-click zooms, Ctrl+click opens the source, right-click lists what can be done, Ctrl+wheel zooms, drag pans.';

/** The list of keys, as a modal dialog. */
export function keySheet(keys = profileKeys, mouse = profileMouse): { open(): void } {
  const dialog = el('dialog', { class: 'keys', 'aria-label': 'Keys' });
  dialog.append(
    el('h2', {}, 'Keys'),
    el(
      'div',
      { class: 'key-groups' },
      ...keys.map(([title, rows]) =>
        el(
          'section',
          {},
          el('h3', {}, title),
          el('dl', {}, ...rows.flatMap(([key, what]) => [el('dt', {}, ...key.split(' ').flatMap((one) => [el('kbd', {}, one), ' '])), el('dd', {}, what)])),
        ),
      ),
    ),
    el('p', { class: 'dim' }, mouse),
    button('Close', () => dialog.close(), {}, 'Close'),
  );
  document.body.append(dialog);
  return { open: () => dialog.showModal() };
}
