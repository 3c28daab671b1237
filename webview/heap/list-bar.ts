import { baseName } from '../../src/core/findings/explain';
import { formatBytes } from '../../src/shared/format';
import type { HeapBase } from '../../src/shared/heap-query';
import { button, el, setText } from '../ui/dom';
import type { ListKind } from './list-queries';
import { countWords } from './list-words';
import type { HeapContext } from './view';

/** The line above a list: what it is of, which objects are listed, how many rows there are. */
export interface ListBar {
  readonly element: HTMLElement;
  /** `root` is the object whose retainers are listed. */
  update(root: number | undefined, isShown: boolean): void;
  /** The number of outermost rows; undefined while they are read. */
  setCount(rows: number | undefined, hasFailed: boolean): void;
}

export function listBar(context: HeapContext, kind: ListKind): ListBar {
  const { store } = context;
  const element = el('div', { class: 'view-bar' });
  const count = el('span', { class: 'dim row-count', role: 'status' });
  let rootLabel = '';

  function parts(root: number | undefined): readonly (Node | string)[] {
    const { object, base } = store;
    if (object && object.node === root) rootLabel = `${object.label} @${object.id}`;
    if (kind === 'classes') return [scopeButtons(context)];
    if (kind === 'comparison' && base) return baseWords(context, base);
    if (kind === 'retainers' && root !== undefined) return [el('span', {}, 'What refers to ', el('span', { class: 'code' }, rootLabel))];
    return [];
  }

  return {
    element,
    update(root, isShown) {
      element.hidden = !isShown;
      element.replaceChildren(...parts(root), el('span', { class: 'spring' }), count);
    },
    setCount: (rows, hasFailed) => setText(count, hasFailed ? '' : rows === undefined ? 'Reading…' : countWords(kind, rows)),
  };
}

function baseWords(context: HeapContext, { title, addedSize, removedSize }: HeapBase): readonly Node[] {
  return [
    el('span', {}, 'Since ', el('span', { class: 'code' }, title)),
    el('span', { class: 'dim code' }, `+${formatBytes(addedSize)} −${formatBytes(removedSize)}`),
    button('Compare with another snapshot', () => context.compare(), { class: 'link' }, 'Another…'),
  ];
}

function scopeButtons(context: HeapContext): HTMLElement {
  const { store } = context;
  const { state, base } = store;
  const choice = (value: typeof state.scope, label: string, title: string, isEnabled = true): HTMLElement =>
    button(
      title,
      () => (isEnabled ? store.set({ scope: value }) : context.compare()),
      { 'aria-pressed': String(state.scope === value), class: 'choice-button' },
      label,
    );
  return el(
    'div',
    { class: 'segments scope', role: 'group', 'aria-label': 'Which objects' },
    choice('all', 'All objects', 'Every object of the snapshot'),
    choice('detached', 'Detached', 'DOM nodes that are in no document any more'),
    choice(
      'since',
      base ? `Allocated since ${baseName(base.title)}` : 'Allocated between…',
      base ? 'Objects that the other snapshot does not have yet' : 'Choose an earlier snapshot of the same process',
      base !== undefined,
    ),
  );
}
