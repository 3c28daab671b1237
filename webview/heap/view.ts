import type { HeapAnswer, HeapQueries, HeapQueryName } from '../../src/shared/heap-query';
import type { ThemeKind } from '../chart/colours';
import type { Tooltip } from '../ui/tooltip';
import type { HeapChange, HeapStore } from './store';

/** Asks the snapshot's thread; rejects with a sentence for the user. */
export type Ask = <K extends HeapQueryName>(name: K, query: HeapQueries[K][0]) => Promise<HeapAnswer<K>>;

export interface HeapContext {
  readonly store: HeapStore;
  readonly ask: Ask;
  theme(): ThemeKind;
  /** Selects an object; the panel shows it. */
  select(node: number): void;
  /** Selects it and shows what keeps it alive. */
  showRetainers(node: number): void;
  /** Shows it in the tree of dominators. */
  showDominator(node: number): void;
  openSource(node: number): void;
  openObjectMenu(node: number, hasPlace: boolean, x: number, y: number): void;
  /** Chooses another snapshot to compare with. */
  compare(): void;
  readonly tooltip: Tooltip;
  showStatus(parts: readonly string[]): void;
  copy(text: string, what: string): void;
}

export interface HeapPart {
  readonly element: HTMLElement;
  /** Draws anew what has changed; `undefined`: everything, as when it comes into sight. */
  update(changed: ReadonlySet<HeapChange> | undefined): void;
  /** True where the key was the view's. */
  onKey(event: KeyboardEvent): boolean;
  focus(): void;
}
