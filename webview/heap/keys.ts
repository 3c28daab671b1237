import type { KeyGroups } from '../ui/key-sheet';

export const heapKeys: KeyGroups = [
  [
    'Everywhere',
    [
      ['1 2 3 4 5 6 7', 'classes, comparison, dominators, retainers, statistics, strings, detached'],
      ['/', 'filter (Ctrl+F too; so does typing a name)'],
      ['Esc', 'clear the filter'],
      ['0', 'show or hide the panel'],
    ],
  ],
  [
    'Lists',
    [
      ['↑ ↓', 'walk (with Page Up, Page Down, Home, End)'],
      ['→ ←', 'open and close; to the first child, to the parent'],
      ['Enter', 'select: what keeps it alive is in the panel'],
      ['Ctrl+Enter', 'go to its source, or to what refers to it'],
      ['Shift+F10', 'what can be done with it'],
      ['Tab, ← →', 'to the columns and among them: Enter sorts, Shift+← → draw one narrower or wider, Delete as at first'],
    ],
  ],
  [
    'Icicle',
    [
      ['↑ ↓ ← →', 'walk from box to box'],
      ['Enter', 'zoom to the box'],
      ['Esc Backspace', 'zoom out'],
      ['Home', 'show everything'],
      ['+ −', 'zoom in and out'],
    ],
  ],
];

export const heapMouse =
  'Mouse: click selects, a click on ▸ opens, double-click goes to the source, right-click lists what can be done. @ and a number in the filter goes to the object with that id.';
