/** What the extension and a heap snapshot's webview say to each other, and what the page remembers. */
import * as v from 'valibot';
import {
  type ClassColumn,
  classColumns,
  type DiffColumn,
  diffColumns,
  type HeapBase,
  type HeapIcicle,
  type HeapOverview,
  type HeapQueryName,
} from '../shared/heap-query';
import { fittingOf, whole } from '../shared/schemas/base';
import { fitting } from '../shared/schemas/read-json';
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

const scopes = ['all', 'detached', 'since'] as const;

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

const MOST_FILTER = 1000;

const filter = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, MOST_FILTER)),
);
const keys = fittingOf(v.pipe(v.string(), v.maxLength(MAX_KEY)));

/** Of any value its fields. */
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => fitting(value, v.looseObject({})) ?? {};

function readSort<const T extends readonly string[]>(value: unknown, columns: T, instead: { readonly sortBy: T[number]; readonly isRising: boolean }) {
  const { sortBy, isRising } = fieldsOf(value);
  return { sortBy: fitting(sortBy, v.picklist(columns)) ?? instead.sortBy, isRising: fitting(isRising, v.boolean()) ?? instead.isRising };
}

/** A state from outside (another version's page): what fits is taken, the rest is as at the start. */
export function readHeapState(given: unknown): HeapState {
  const from: { readonly [K in keyof HeapState]?: unknown } = fieldsOf(given);
  const opened = fieldsOf(from.open);
  return {
    view: fitting(from.view, v.picklist(heapViews)) ?? initialHeapState.view,
    filter: fitting(from.filter, filter) ?? '',
    scope: fitting(from.scope, v.picklist(scopes)) ?? initialHeapState.scope,
    base: fitting(from.base, v.string()),
    selected: fitting(from.selected, whole),
    open: Object.fromEntries(heapViews.map((view) => [view, (fitting(opened[view], keys) ?? []).slice(-MAX_OPEN)])),
    classSort: readSort(from.classSort, classColumns, initialHeapState.classSort),
    diffSort: readSort(from.diffSort, diffColumns, initialHeapState.diffSort),
    isIcicle: fitting(from.isIcicle, v.boolean()) ?? initialHeapState.isIcicle,
    icicleRoot: fitting(from.icicleRoot, whole) ?? initialHeapState.icicleRoot,
    hasPanel: fitting(from.hasPanel, v.boolean()) ?? initialHeapState.hasPanel,
    widths: readWidths(from.widths),
  };
}
