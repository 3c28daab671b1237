import type { FromHeapWebview } from '../../src/protocol/heap-webview';
import type { HeapBase } from '../../src/shared/heap-query';
import { button, el } from '../ui/dom';
import type { HeapStore } from './store';

/** The comparison with another snapshot: asked for, under way (a line with its progress), and there. */
export interface ComparisonLine {
  readonly element: HTMLElement;
  /** Lets somebody choose the other snapshot. */
  choose(): void;
  /** Compares again with the one that the saved state names, if any. */
  restore(): void;
  /** What is being done; undefined hides the line. `share` is from 0 to 1, where it is known. */
  show(doing: string | undefined, share: number | undefined): void;
  setBase(base: HeapBase): void;
}

export function comparisonLine(store: HeapStore, tell: (message: FromHeapWebview) => void): ComparisonLine {
  const element = el('div', { class: 'comparing', role: 'status', hidden: '' });
  /** What the next comparison is for. */
  let purpose: 'comparison' | 'since' | 'restore' = 'comparison';
  return {
    element,
    choose() {
      purpose = store.state.view === 'classes' ? 'since' : 'comparison';
      tell({ kind: 'compare', base: undefined });
    },
    restore() {
      if (store.state.base === undefined) return;
      purpose = 'restore';
      tell({ kind: 'compare', base: store.state.base });
    },
    show(doing, share) {
      element.hidden = doing === undefined;
      if (doing === undefined) {
        // Given up, or failed: what was to be restored is not there to compare with.
        purpose = 'comparison';
        return;
      }
      element.replaceChildren(
        el('span', {}, doing),
        el('progress', { 'aria-label': doing, ...(share === undefined ? {} : { value: String(share), max: '1' }) }),
        button('Cancel', () => tell({ kind: 'cancel' }), { class: 'link' }, 'Cancel'),
      );
    },
    setBase(base) {
      element.hidden = true;
      const { scope } = store.state;
      const after = purpose;
      purpose = 'comparison';
      store.setBase(base);
      store.set({
        base: base.file,
        ...(after === 'comparison' ? { view: 'comparison' } : after === 'since' ? { scope: 'since', view: 'classes' } : { scope }),
      });
    },
  };
}
