import { el } from '../ui/dom';
import { icicleView } from './icicle-view';
import { listView } from './list-view';
import { statisticsView } from './statistics-view';
import type { HeapContext, HeapPart } from './view';

/** The place of the view that the state names. A view is made when it is first looked at, and kept. */
export interface Stage {
  readonly element: HTMLElement;
  readonly current: HeapPart;
  /** Puts the current view on the page. */
  show(): void;
  /** Makes the current view again when it is next asked for. */
  forget(): void;
}

export function viewStage(context: HeapContext): Stage {
  const { store } = context;
  const element = el('div', { class: 'stage' });
  const made = new Map<string, HeapPart>();
  const current = (): HeapPart => {
    const { view, isIcicle } = store.state;
    const name = view === 'dominators' && isIcicle ? 'icicle' : view;
    let found = made.get(name);
    if (!found) {
      found = name === 'icicle' ? icicleView(context) : view === 'statistics' ? statisticsView(context) : listView(context, view);
      made.set(name, found);
    }
    return found;
  };
  return {
    element,
    get current() {
      return current();
    },
    show() {
      const view = current();
      if (element.firstElementChild !== view.element) element.replaceChildren(view.element);
    },
    forget: () => void made.delete(store.state.view),
  };
}
