import type { Palette } from '../../chart/palette';
import type { MenuItem } from '../../ui/menu';
import type { Tooltip } from '../../ui/tooltip';
import type { Changed, Store } from '../store';

/** One way of looking at the store. Only the one that is seen is updated. */
export interface View {
  readonly element: HTMLElement;
  /** Draws anew what has changed; `undefined`: everything, as when it comes into sight. */
  update(changed: ReadonlySet<Changed | 'palette'> | undefined): void;
  /** True where the key was the view's. */
  onKey(event: KeyboardEvent): boolean;
  focus(): void;
  /** Of what the search finds here, how many there are and which of them is selected, from 1; 0 for none. */
  matches?(): { readonly at: number; readonly count: number };
}

export interface ViewContext {
  readonly store: Store;
  palette(): Palette;
  /** Selects a function, and a frame of it where one is meant. */
  select(func: number, path?: readonly number[]): void;
  openSource(func: number, line?: number): void;
  /** What can be done with a function, at a place of the page; `first` stands above it. */
  openMenu(func: number, path: readonly number[] | undefined, x: number, y: number, first?: readonly (MenuItem | 'line')[]): void;
  readonly tooltip: Tooltip;
  showStatus(parts: readonly string[]): void;
  copy(text: string, what: string): void;
  /** Shows another of the file's profiles. */
  chooseProfile(row: number): void;
}
