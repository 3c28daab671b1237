/** What the extension and a heap snapshot's webview say to each other, and what the page remembers. */
import {
  type ClassColumn,
  classColumns,
  type DiffColumn,
  diffColumns,
  type HeapBase,
  type HeapIcicle,
  type HeapOverview,
  type HeapQueryName,
} from '../core/heap/heap-query';
import { type ColumnWidths, readWidths } from './column-widths';

export type ToHeapWebview =
  | { readonly kind: 'loading'; readonly doing: string; readonly share: number | undefined }
  | { readonly kind: 'opened'; readonly overview: HeapOverview; readonly settings: HeapSettings; readonly node?: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'answer'; readonly token: number; readonly answer: unknown }
  | { readonly kind: 'refused'; readonly token: number; readonly message: string }
  | { readonly kind: 'slab'; readonly token: number; readonly icicle: HeapIcicle }
  /** A comparison is being made, was made, or failed. */
  | { readonly kind: 'comparing'; readonly doing: string; readonly share: number | undefined }
  | { readonly kind: 'base'; readonly base: HeapBase }
  | { readonly kind: 'notCompared'; readonly message: string | undefined }
  | { readonly kind: 'internal'; readonly isShown: boolean }
  | { readonly kind: 'reveal'; readonly node: number }
  | { readonly kind: 'gone'; readonly message: string }
  | { readonly kind: 'focusFilter' };

export type FromHeapWebview =
  | { readonly kind: 'ready' }
  | { readonly kind: 'shown'; readonly milliseconds: number }
  | { readonly kind: 'query'; readonly token: number; readonly name: HeapQueryName; readonly query: unknown }
  | { readonly kind: 'compare'; readonly base?: string | undefined }
  | { readonly kind: 'openSource'; readonly node: number }
  | { readonly kind: 'setInternal'; readonly isShown: boolean }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'copy'; readonly text: string; readonly what: string };

export interface HeapSettings {
  /** Whether weak and V8-internal references are listed. */
  readonly hasInternal: boolean;
}

export const heapViews = ['classes', 'comparison', 'dominators', 'retainers', 'statistics', 'strings', 'detached'] as const;
export type HeapViewKind = (typeof heapViews)[number];

export const scopes = ['all', 'detached', 'since'] as const;

export interface HeapState {
  readonly view: HeapViewKind;
  readonly filter: string;
  readonly scope: (typeof scopes)[number];
  /** The file to compare with. */
  readonly base: string | undefined;
  /** The selected object. */
  readonly selected: number | undefined;
  /** Rows that are open, by view: keys from the outermost to the row, joined by line feeds. */
  readonly open: Readonly<Partial<Record<HeapViewKind, readonly string[]>>>;
  readonly classSort: { readonly sortBy: ClassColumn; readonly isRising: boolean };
  readonly diffSort: { readonly sortBy: DiffColumn; readonly isRising: boolean };
  readonly isIcicle: boolean;
  /** The object that fills the icicle; 0 is the root. */
  readonly icicleRoot: number;
  readonly hasPanel: boolean;
  /** Columns that were drawn wider or narrower, in all lists. */
  readonly widths: ColumnWidths;
}

export const initialHeapState: HeapState = {
  view: 'classes',
  filter: '',
  scope: 'all',
  base: undefined,
  selected: undefined,
  open: {},
  classSort: { sortBy: 'retained', isRising: false },
  diffSort: { sortBy: 'sizeDelta', isRising: false },
  isIcicle: false,
  icicleRoot: 0,
  hasPanel: true,
  widths: {},
};

/** Open rows are kept up to so many a view, and this long. */
const MAX_OPEN = 2000;
const MAX_KEY = 20_000;

/** A state from outside (another version's page): what fits is taken, the rest is as at the start. */
export function readHeapState(given: unknown): HeapState {
  const from = (typeof given === 'object' && given !== null ? given : {}) as { [K in keyof HeapState]?: unknown };
  const oneOf = <T extends string>(value: unknown, all: readonly T[], fallback: T): T => (all.includes(value as T) ? (value as T) : fallback);
  const flag = (value: unknown, fallback: boolean): boolean => (typeof value === 'boolean' ? value : fallback);
  const isNode = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
  const sort = <T extends string>(value: unknown, all: readonly T[], fallback: { readonly sortBy: T; readonly isRising: boolean }) => {
    const { sortBy, isRising } = (typeof value === 'object' && value !== null ? value : {}) as { sortBy?: unknown; isRising?: unknown };
    return { sortBy: oneOf(sortBy, all, fallback.sortBy), isRising: flag(isRising, fallback.isRising) };
  };
  const opened = (typeof from.open === 'object' && from.open !== null ? from.open : {}) as Partial<Record<HeapViewKind, unknown>>;
  const keys = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((key): key is string => typeof key === 'string' && key.length <= MAX_KEY).slice(-MAX_OPEN) : [];
  return {
    view: oneOf(from.view, heapViews, initialHeapState.view),
    filter: typeof from.filter === 'string' ? from.filter.slice(0, 1000) : '',
    scope: oneOf(from.scope, scopes, 'all'),
    base: typeof from.base === 'string' ? from.base : undefined,
    selected: isNode(from.selected) ? from.selected : undefined,
    open: Object.fromEntries(heapViews.map((view) => [view, keys(opened[view])])),
    classSort: sort(from.classSort, classColumns, initialHeapState.classSort),
    diffSort: sort(from.diffSort, diffColumns, initialHeapState.diffSort),
    isIcicle: flag(from.isIcicle, false),
    icicleRoot: isNode(from.icicleRoot) ? from.icicleRoot : 0,
    hasPanel: flag(from.hasPanel, true),
    widths: readWidths(from.widths),
  };
}
