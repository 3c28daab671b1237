import type { Preferences } from '../../src/protocol/view-state';
import type { FromWebview } from '../../src/protocol/webview';
import { isMyCode } from './look-menu';
import type { Store } from './store';

/** Tells what is to be remembered whenever it changes: for all profiles the panel's height and whether only the user's code is shown, for this one what is unfolded. */
export function rememberPreferences(store: Store, before: Preferences, tell: (message: FromWebview) => void): void {
  let remembered = before;
  store.subscribe((changed) => {
    if (changed.has('unfolded')) tell({ kind: 'unfolded', unfolded: store.state.unfolded });
    if (!changed.has('panelHeight') && !changed.has('transforms')) return;
    const next = { panelHeight: store.state.panelHeight, isMyCode: isMyCode(store) };
    if (next.panelHeight === remembered.panelHeight && next.isMyCode === remembered.isMyCode) return;
    remembered = next;
    tell({ kind: 'preferences', preferences: next });
  });
}
