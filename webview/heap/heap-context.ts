import type { FromHeapWebview } from '../../src/protocol/heap-webview';
import { themeOf } from '../chart/colours';
import { el } from '../ui/dom';
import { openMenu } from '../ui/menu';
import { tooltip } from '../ui/tooltip';
import type { HeapStore } from './store';
import type { Ask, HeapContext } from './view';

/** What the views of a snapshot can do with the page; their status goes into `statusLine`. */
export function heapContext(
  store: HeapStore,
  ask: Ask,
  tell: (message: FromHeapWebview) => void,
  { statusLine, compare }: { readonly statusLine: HTMLElement; compare(): void },
): HeapContext {
  const context: HeapContext = {
    store,
    ask,
    theme: () => themeOf(document.body),
    select: (node) => store.set({ selected: node }),
    showRetainers: (node) => store.set({ selected: node, view: 'retainers' }),
    showDominator: (node) => store.set({ selected: node, view: 'dominators', isIcicle: false }),
    openSource: (node) => tell({ kind: 'openSource', node }),
    openObjectMenu(node, hasPlace, x, y) {
      context.tooltip.hide();
      objectMenu(context, node, hasPlace, x, y);
    },
    compare,
    tooltip: tooltip(),
    showStatus(parts) {
      statusLine.replaceChildren(...parts.map((part, at) => el('span', at === 0 ? { class: 'strong' } : {}, part)));
    },
    copy: (text, what) => tell({ kind: 'copy', text, what }),
  };
  return context;
}

function objectMenu(context: HeapContext, node: number, hasPlace: boolean, x: number, y: number): void {
  const { store } = context;
  const { object } = store;
  openMenu(
    [
      { label: 'What refers to it', act: () => context.showRetainers(node) },
      { label: 'In the dominator tree', act: () => context.showDominator(node) },
      { label: 'As the whole icicle', act: () => store.set({ view: 'dominators', isIcicle: true, icicleRoot: node }) },
      ...(hasPlace ? [{ label: 'Go to source', key: 'Ctrl+Enter', act: () => context.openSource(node) }] : []),
      'line',
      { label: 'Copy its id', act: () => object?.node === node && context.copy(`@${object.id}`, 'Id copied') },
    ],
    x,
    y,
    'Object',
  );
}
