import '../ui/style/base.css';
import '../ui/style/header.css';
import '../ui/style/toolbar.css';
import '../ui/style/views.css';
import '../grid/grid.css';
import '../ui/style/panel.css';
import '../ui/style/overlays.css';
import './narrow.css';
import './heap.css';
import { type FromHeapWebview, type HeapState, initialHeapState, readHeapState, type ToHeapWebview } from '../../src/protocol/heap-webview';
import type { HeapAnswer, HeapQueries, HeapQueryName } from '../../src/shared/heap-query';
import { button, el, setText } from '../ui/dom';
import { failure, watchPage } from '../ui/page';
import { type HeapView, heapView } from './heap-view';
import { type HeapStore, heapStore } from './store';

interface SavedState {
  /** What the rows of `view` belong to. */
  readonly file: string;
  readonly fileBytes: number;
  readonly nodes: number;
  readonly view: HeapState;
}
declare function acquireVsCodeApi(): { postMessage(message: FromHeapWebview): void; getState(): SavedState | undefined; setState(state: SavedState): void };

const vscode = acquireVsCodeApi();
const app = document.getElementById('app') as HTMLElement;
let view: HeapView | undefined;
let store: HeapStore | undefined;

/** Questions that wait for an answer. */
const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
let lastToken = 0;

function ask<K extends HeapQueryName>(name: K, query: HeapQueries[K][0]): Promise<HeapAnswer<K>> {
  const token = ++lastToken;
  return new Promise<HeapAnswer<K>>((resolve, reject) => {
    waiting.set(token, { resolve: resolve as (answer: never) => void, reject });
    vscode.postMessage({ kind: 'query', token, name, query });
  });
}

function settle(token: number, act: (question: { resolve(answer: never): void; reject(error: Error): void }) => void): void {
  const question = waiting.get(token);
  waiting.delete(token);
  if (question) act(question);
}

window.addEventListener('message', ({ data }: MessageEvent<ToHeapWebview>) => {
  switch (data.kind) {
    case 'loading':
      return showLoading(data.doing, data.share);
    case 'opened':
      return show(data);
    case 'failed':
      return showFailure(data.message);
    case 'answer':
      return settle(data.token, ({ resolve }) => resolve(data.answer as never));
    case 'slab':
      return settle(data.token, ({ resolve }) => resolve(data.icicle as never));
    case 'refused':
      return settle(data.token, ({ reject }) => reject(new Error(data.message)));
    case 'comparing':
      return view?.showComparing(data.doing, data.share);
    case 'base':
      return view?.setBase(data.base);
    case 'notCompared':
      view?.showComparing(undefined, undefined);
      if (data.message !== undefined) view?.showBanner(data.message);
      return;
    case 'internal':
      return store?.setInternal(data.isShown);
    case 'reveal':
      return view?.reveal(data.node);
    case 'gone':
      return view?.showBanner(data.message);
    case 'focusFilter':
      return view?.focusFilter();
  }
});

function show({ overview, settings, node }: Extract<ToHeapWebview, { kind: 'opened' }>): void {
  const { file, fileBytes, nodes } = overview;
  const before = vscode.getState();
  const isSame = before?.file === file && before.fileBytes === fileBytes && before.nodes === nodes;
  const restored = readHeapState(before?.view);
  // Another snapshot in the same place keeps how it is looked at, but not what of it.
  const initial = before === undefined ? initialHeapState : isSame ? restored : { ...restored, selected: undefined, icicleRoot: 0, open: {} };
  const made = heapStore(overview, node === undefined ? initial : { ...initial, selected: node, hasPanel: true }, settings.hasInternal);
  store = made;
  made.subscribe(() => vscode.setState({ file, fileBytes, nodes, view: made.state }));
  for (const dialog of document.querySelectorAll('dialog')) dialog.remove();
  view = heapView(made, ask, (message) => vscode.postMessage(message));
  app.replaceChildren(view.element);
  view.start();
  view.takeFocus();
}

function showLoading(doing: string, share: number | undefined): void {
  // The bar and its button stay what they are while only the figure moves: a focused button keeps the focus.
  const bar = app.querySelector('.message.loading progress');
  if (bar) {
    const text = app.querySelector('.message.loading p');
    if (text && text.textContent !== doing) setText(text, doing);
    if (share === undefined) bar.removeAttribute('value');
    else bar.setAttribute('value', String(share));
    return;
  }
  view = undefined;
  app.replaceChildren(
    el(
      'div',
      { class: 'message loading', role: 'status' },
      el('p', {}, doing),
      el('progress', { 'aria-label': 'Progress', max: '1', ...(share === undefined ? {} : { value: String(share) }) }),
      button('Cancel', () => vscode.postMessage({ kind: 'cancel' }), { class: 'again' }, 'Cancel'),
    ),
  );
}

function showFailure(message: string): void {
  view = undefined;
  app.replaceChildren(failure('This heap snapshot cannot be shown', message, () => vscode.postMessage({ kind: 'retry' })));
}

watchPage(() => view);
vscode.postMessage({ kind: 'ready' });
