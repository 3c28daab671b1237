import type { Preferences } from '../../src/protocol/view-state';
import type { FromWebview } from '../../src/protocol/webview';
import { isMyCode } from './look-menu';
import type { Store } from './store';

/** Tells the height of the panel, and whether only the user's code is shown, whenever they change: they are for all profiles. */
export function rememberPreferences(store: Store, before: Preferences, tell: (message: FromWebview) => void): void {
  let remembered = before;
  store.subscribe((changed) => {
    if (!changed.has('panelHeight') && !changed.has('transforms')) return;
    const next = { panelHeight: store.state.panelHeight, isMyCode: isMyCode(store) };
    if (next.panelHeight === remembered.panelHeight && next.isMyCode === remembered.isMyCode) return;
    remembered = next;
    tell({ kind: 'preferences', preferences: next });
  });
}
