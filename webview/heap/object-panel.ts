import type { HeapRows } from '../../src/shared/heap-query';
import { el } from '../ui/dom';
import { type InspectorActions, LISTED_FIELDS, renderInspector } from './inspector';
import type { HeapStore } from './store';
import type { Ask } from './view';

export interface ObjectPanel {
  readonly element: HTMLElement;
  update(): void;
  /** Asks for the selected object. */
  wantObject(): void;
}

/** The panel that belongs to the selected object: asks for what it shows. */
export function objectPanel(store: HeapStore, ask: Ask, actions: InspectorActions): ObjectPanel {
  const content = el('div', { class: 'side-content' });
  const side = el('aside', { class: 'panel', 'aria-label': 'Object' }, content);
  let fields: { readonly of: number; readonly rows: HeapRows } | undefined;
  function showPanel(): void {
    const { hasPanel, selected } = store.state;
    side.hidden = !hasPanel || store.state.view === 'statistics';
    const { object } = store;
    side.classList.toggle('empty', selected === undefined);
    if (side.hidden) return;
    if (selected === undefined || !object || object.node !== selected) {
      // What was shown stays until the next is there: a panel that blinks is hard to read.
      if (selected !== undefined && content.childElementCount > 0 && !content.querySelector('.hint')) return;
      content.replaceChildren(
        el('p', { class: 'hint' }, 'Select an object to see what keeps it alive, its fields and where it comes from.'),
        el('p', { class: 'hint' }, 'Arrow keys move and open, Enter selects, letters filter, ? lists all keys.'),
      );
      return;
    }
    const isSame = side.dataset.node === String(selected);
    const scroll = isSame ? content.scrollTop : 0;
    side.dataset.node = String(selected);
    content.replaceChildren(renderInspector(object, fields?.of === selected ? fields.rows : undefined, store.overview.totalSize, actions));
    content.scrollTop = scroll;
  }

  function wantObject(): void {
    const { selected } = store.state;
    const { hasInternal } = store;
    if (selected === undefined) return store.setObject(undefined);
    const isCurrent = (): boolean => store.state.selected === selected && store.hasInternal === hasInternal;
    ask('object', { node: selected, hasInternal }).then(
      (object) => isCurrent() && store.setObject(object),
      // Of another snapshot, or the file has changed: nothing is selected then.
      () => isCurrent() && store.set({ selected: undefined }),
    );
    ask('rows', { list: { kind: 'fields', node: selected, hasInternal }, from: 0, to: LISTED_FIELDS }).then(
      (rows) => {
        if (!isCurrent()) return;
        fields = { of: selected, rows };
        showPanel();
      },
      () => {}, // told with the object
    );
  }

  return { element: side, update: showPanel, wantObject };
}
