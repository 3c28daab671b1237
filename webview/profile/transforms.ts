import { baseName, frameLabel } from '../../src/core/findings/explain';
import { type Category, categoryNames } from '../../src/core/profile/categories';
import { functionAt } from '../../src/core/profile/tables';
import type { Transform } from '../../src/core/profile/views/transform';
import { functionIndex } from '../../src/shared/brands';
import { formatCost, formatShare, formatTime } from '../../src/shared/format';
import { button, el } from '../ui/dom';
import type { MenuItem } from '../ui/menu';
import type { Store } from './store';

/** A transform in a few words. Rows that a collapse added are named by what was collapsed. */
function transformText(store: Store, transform: Transform): string {
  const { strings } = store.base;
  const name = (func: number | undefined): string => (func === undefined ? '(root)' : frameLabel(store.shown.tables, functionIndex(func)));
  switch (transform.kind) {
    case 'focus-function':
      return `focus: ${name(transform.func)}`;
    case 'focus-node':
      return `subtree: ${name(transform.path.at(-1))}`;
    case 'focus-category':
      return `only ${categoryNames[transform.category]}`;
    case 'merge-function':
      return `hidden: ${name(transform.func)}`;
    case 'merge-node':
      return `hidden frame: ${name(transform.path.at(-1))}`;
    case 'drop-function':
      return `without: ${name(transform.func)}`;
    case 'collapse-recursion':
      return `recursion: ${name(transform.func)}`;
    case 'collapse-package':
      return `package: ${strings.at(transform.package)}`;
    case 'collapse-file':
      return `file: ${baseName(strings.at(transform.url))}`;
    case 'only-my-code':
      return 'only my code';
  }
}

/** What can be done with a function, and with one frame of it where `path` says which. */
export function functionMenu(
  store: Store,
  func: number,
  path: readonly number[] | undefined,
  actions: { openSource(): void; copyName(): void },
): (MenuItem | 'line')[] {
  const view = functionAt(store.shown.tables, functionIndex(func));
  const { functions } = store.shown.tables;
  const add = (label: string, transform: Transform, key?: string): MenuItem => ({ label, ...(key ? { key } : {}), act: () => store.add(transform) });
  const hasFrame = path !== undefined && path.length > 0 && !store.state.isInverted;
  return [
    add('Focus on function', { kind: 'focus-function', func }, 'Shift+F'),
    ...(hasFrame ? [add('Focus on this subtree', { kind: 'focus-node', path })] : []),
    add(`Focus on ${categoryNames[view.category]}`, { kind: 'focus-category', category: view.category as Category }),
    'line',
    add('Hide function (its cost goes to its callers)', { kind: 'merge-function', func }, 'H'),
    ...(hasFrame ? [add('Hide this frame only', { kind: 'merge-node', path })] : []),
    add('Drop all samples with function', { kind: 'drop-function', func }, 'X'),
    'line',
    add('Collapse recursion', { kind: 'collapse-recursion', func }),
    ...(functions.package[func] !== 0
      ? [add(`Collapse package ${view.package}`, { kind: 'collapse-package', package: functions.package[func] as number })]
      : []),
    ...(view.url !== '' ? [add(`Collapse file ${baseName(view.url)}`, { kind: 'collapse-file', url: functions.url[func] as number })] : []),
    'line',
    { label: 'Open source', key: 'O', act: actions.openSource },
    { label: 'Callers and callees', key: '3', act: () => store.set({ selected: func, view: 'sandwich' }) },
    { label: 'Copy name', act: actions.copyName },
  ];
}

/** What is applied, each with a button that takes it away, and what is seen of the whole. */
export function transformChips(store: Store): { readonly element: HTMLElement; update(): void } {
  const element = el('div', { class: 'chips', role: 'group', 'aria-label': 'What is applied' });
  const chip = (text: string, remove: () => void): HTMLElement =>
    el(
      'span',
      { class: 'chip' },
      el('span', { class: 'chip-text', title: text }, text),
      button(`Take away: ${text}`, remove, { class: 'chip-close', 'aria-label': `Take away: ${text}` }, '×'),
    );
  return {
    element,
    update() {
      const { range, transforms, isInverted } = store.state;
      const { startTime, unit } = store.base;
      const chips: HTMLElement[] = [];
      if (range)
        chips.push(chip(`${formatTime(range.from - startTime)} – ${formatTime(range.to - startTime)}`, () => store.set({ range: undefined, zoom: [] })));
      for (const [at, transform] of transforms.entries()) {
        chips.push(chip(transformText(store, transform), () => store.remove(at)));
      }
      if (isInverted) chips.push(chip('inverted', () => store.set({ isInverted: false, zoom: [] })));
      element.hidden = chips.length === 0;
      if (chips.length === 0) return element.replaceChildren();
      const whole = store.profile.totals.active;
      const { width } = store.model;
      element.replaceChildren(
        ...chips,
        el(
          'span',
          { class: 'shown', 'aria-live': 'polite' },
          `shows ${formatCost(width, unit)} of ${formatCost(whole, unit)} · ${formatShare(whole > 0 ? width / whole : 0)}`,
        ),
        button('Undo the last change (U)', () => store.undo(), { class: 'link', ...(store.canUndo ? {} : { disabled: '' }) }, 'Undo'),
        ...(chips.length > 1
          ? [button('Take everything away', () => store.set({ range: undefined, transforms: [], isInverted: false, zoom: [] }), { class: 'link' }, 'Clear')]
          : []),
      );
    },
  };
}
