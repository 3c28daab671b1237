import '../ui/style/base.css';
import '../ui/style/header.css';
import '../ui/style/toolbar.css';
import '../ui/style/views.css';
import '../grid/grid.css';
import '../ui/style/panel.css';
import './findings.css';
import '../ui/style/overlays.css';
import './threads.css';
import './layout.css';
import './legend.css';
import { withLabels } from '../../src/core/profile/labels';
import { decodeSlab } from '../../src/core/profile/slab';
import { mineExcept } from '../../src/core/profile/views/my-code';
import { initialState, readViewState, type ViewState } from '../../src/protocol/view-state';
import type { FromWebview, SlabSource, ToWebview } from '../../src/protocol/webview';
import { el } from '../ui/dom';
import { failure, watchPage } from '../ui/page';
import { type ProfileView, profileView } from './profile-view';
import { createStore } from './store';
import { warmUp } from './warm-up';

interface SavedState {
  /** The slab that the indices of `view` belong to. */
  readonly slab: string;
  readonly view: ViewState;
}
declare function acquireVsCodeApi(): { postMessage(message: FromWebview): void; getState(): SavedState | undefined; setState(state: SavedState): void };

const vscode = acquireVsCodeApi();
const app = document.getElementById('app') as HTMLElement;
let view: ProfileView | undefined;
let latest = 0;

window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => {
  switch (data.kind) {
    case 'loading':
      if (!view) showLoading(data.progress);
      return;
    case 'slabPart':
      if (data.at === 0) parts = [];
      parts.push(new Uint8Array(data.bytes));
      return;
    case 'profile':
      void show(data);
      return;
    case 'failed':
      return showFailure(data.message);
    case 'reveal':
      view?.reveal(data.func);
      pendingReveal = view ? undefined : data.func;
      return;
    case 'strips':
      return view?.setStrips(data.strips);
    case 'notChosen':
      return view?.showBanner(data.message);
    case 'findings':
      return view?.setFindings(data.findings);
    case 'showFinding':
      view?.revealFinding(data.id);
      pendingFinding = view ? undefined : data.id;
      return;
    case 'lines':
      return view?.showLines(data.lines);
    case 'gone':
      return view?.showBanner(data.message);
    case 'focusSearch':
      return view?.focusSearch();
  }
});

let pendingReveal: number | undefined;
let pendingFinding: string | undefined;

/** A fetch that is never answered must not look like reading for ever. */
const FETCH_MS = 60_000;

async function show({ profile, slab: source, state, notMine, preferences, unfolded }: Extract<ToWebview, { kind: 'profile' }>): Promise<void> {
  const turn = ++latest;
  let bytes: ArrayBuffer;
  try {
    bytes = await bytesOf(source);
  } catch (error) {
    if (turn === latest) showFailure(`The prepared profile could not be loaded (${(error as Error).message}).`);
    return;
  }
  if (turn !== latest) return;
  const tables = decodeSlab(bytes);
  if (!tables.ok) return showFailure(`The prepared profile cannot be used (${tables.error.kind === 'bad-slab' ? tables.error.detail : tables.error.kind}).`);
  const { slab } = profile;
  const before = vscode.getState();
  // Another recording in the same place keeps how it is looked at, but not what of it.
  const { view: kind, colouring, isFlipped, isByName, isFolded, hasPanel, side, search, table, widths } = readViewState(before?.view);
  const slabName = slab.slice(Math.max(slab.lastIndexOf('/'), slab.lastIndexOf('\\')) + 1);
  const isOfLink = state !== undefined && (state as { slab?: unknown } | null)?.slab === slabName;
  const restored = isOfLink ? readViewState(state) : before?.slab === slab ? readViewState(before.view) : undefined;
  const { panelHeight } = preferences;
  const kept = before ? { view: kind, colouring, isFlipped, isByName, isFolded, hasPanel, side, search, table, widths } : {};
  const initial = restored ?? { ...initialState, panelHeight, unfolded, ...kept };
  // A state that a link brought is nowhere else: it has to outlive the page.
  if (isOfLink) vscode.setState({ slab, view: initial });
  const tell = (message: FromWebview): void => {
    if (message.kind === 'state') vscode.setState({ slab, view: message.state });
    else if (message.kind === 'copyLink') vscode.postMessage({ ...message, state: { ...message.state, slab: slabName } });
    else vscode.postMessage(message);
  };
  const base = withLabels(tables.value, new Map(profile.labels));
  view = profileView(createStore(base, profile, initial, mineExcept(base, notMine)), restored !== undefined, preferences, tell);
  // Whoever walks from thread to thread goes on where they are.
  const { keep } = (document.activeElement as HTMLElement | null)?.dataset ?? {};
  app.replaceChildren(view.element);
  view.start();
  if (keep !== undefined && document.hasFocus()) app.querySelector<HTMLElement>(`[data-keep="${keep}"]`)?.focus({ preventScroll: true });
  if (state !== undefined && !isOfLink) view.showBanner('The profile is not the one that the link was made of any more, so it is shown from the start.');
  view.takeFocus();
  if (pendingReveal !== undefined) view.reveal(pendingReveal);
  pendingReveal = undefined;
  if (pendingFinding !== undefined) view.revealFinding(pendingFinding);
  pendingFinding = undefined;
}

/** The parts of a slab that have come, until its profile does. */
let parts: Uint8Array[] = [];

async function bytesOf(source: SlabSource): Promise<ArrayBuffer> {
  if ('sent' in source) {
    const slab = new Uint8Array(source.sent);
    let at = 0;
    for (const part of parts) {
      if (at + part.length > slab.length) break; // of another slab: what is incomplete is refused
      slab.set(part, at);
      at += part.length;
    }
    parts = [];
    return slab.buffer;
  }
  const response = await fetch(source.url, { signal: AbortSignal.timeout(FETCH_MS) });
  if (!response.ok) throw new Error(String(response.status));
  return response.arrayBuffer();
}

function showLoading(progress: number | undefined): void {
  const bar = el('progress', progress === undefined ? {} : { value: String(progress), max: '1' });
  app.replaceChildren(el('div', { class: 'message', role: 'status' }, el('p', {}, 'Reading the profile…'), bar));
}

function showFailure(message: string): void {
  view = undefined;
  app.replaceChildren(failure('This profile cannot be shown', message, () => vscode.postMessage({ kind: 'retry' })));
}

watchPage(() => view);
vscode.postMessage({ kind: 'ready' });
// While the server reads.
warmUp();
