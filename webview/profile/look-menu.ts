import { colourings } from '../../src/protocol/view-state';
import type { FromWebview } from '../../src/protocol/webview';
import { type MenuItem, openMenu } from '../ui/menu';
import type { Store } from './store';

/** The menu of how the views are drawn, below its button. */
export function openLookMenu(anchor: HTMLElement, store: Store, switchMyCode: () => void, tell: (message: FromWebview) => void): void {
  const { state } = store;
  const colours = colourings.map(
    (colouring): MenuItem => ({ label: `Colour by ${colouring}`, isChecked: state.colouring === colouring, act: () => store.set({ colouring }) }),
  );
  const { left, bottom } = anchor.getBoundingClientRect();
  openMenu(
    [
      ...colours,
      'line',
      { label: 'Callers at the top', isChecked: !state.isFlipped, act: () => store.set({ isFlipped: false }) },
      { label: 'Callers at the bottom', isChecked: state.isFlipped, act: () => store.set({ isFlipped: true }) },
      'line',
      { label: 'Widest first', isChecked: !state.isByName, act: () => store.set({ isByName: false, zoom: [] }) },
      { label: 'By name', isChecked: state.isByName, act: () => store.set({ isByName: true, zoom: [] }) },
      'line',
      {
        label: 'Fold long runs of frames',
        isChecked: state.isFolded,
        // Folded again, all of them are.
        act: () => store.set(state.isFolded ? { isFolded: false } : { isFolded: true, unfolded: [] }),
      },
      'line',
      { label: state.isInverted ? 'From the root' : 'Inverted: from the leaves', key: 'I', act: () => invert(store) },
      { label: 'Only my code', key: 'Y', act: switchMyCode },
      'line',
      { label: 'Open in speedscope', act: () => tell({ kind: 'openSpeedscope' }) },
      { label: 'Copy a link to this view', key: 'L', act: () => tell({ kind: 'copyLink', state: store.state }) },
    ],
    left,
    bottom + 2,
    'How it is drawn',
  );
}

/** From the root, or from the leaves. */
export function invert(store: Store): void {
  store.set({ isInverted: !store.state.isInverted, zoom: [], path: [] });
}

/** Whether only frames of the user's own code are shown. */
export const isMyCode = (store: Store): boolean => store.state.transforms.some(({ kind }) => kind === 'only-my-code');

/** Shows frames of the user's own code only, or all of them again. */
export function toggleMyCode(store: Store): void {
  const { transforms } = store.state;
  const without = transforms.filter(({ kind }) => kind !== 'only-my-code');
  if (without.length < transforms.length) store.set({ transforms: without, zoom: [] });
  else store.add({ kind: 'only-my-code' });
}
