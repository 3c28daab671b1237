/** What a profile editor shows, beyond the profile: saved with the page, copied in links, sent by the extension. */
import * as v from 'valibot';
import { Category } from '../core/profile/categories';
import type { TimeRange, Transform } from '../core/profile/views/transform';
import { finite, fittingOf, whole } from '../shared/schemas/base';
import { fitting } from '../shared/schemas/read-json';
import { type ColumnWidths, readWidths } from './column-widths';

export const views = ['flame', 'timeline', 'sandwich', 'table', 'source'] as const;
export type ViewKind = (typeof views)[number];

export const colourings = ['function', 'category', 'package', 'file', 'heat'] as const;
export type Colouring = (typeof colourings)[number];

export const tableKinds = ['functions', 'top-down', 'bottom-up'] as const;
export type TableKind = (typeof tableKinds)[number];

export const tableColumns = ['self', 'selfShare', 'total', 'totalShare', 'samples', 'name', 'file', 'category'] as const;
export type TableColumn = (typeof tableColumns)[number];

const sides = ['function', 'findings'] as const;
/** What the panel at the side shows. */
export type SideKind = (typeof sides)[number];

/** Frames, each as the functions from below the root. */
export type Unfolded = readonly (readonly number[])[];

export interface ViewState {
  readonly view: ViewKind;
  readonly transforms: readonly Transform[];
  readonly range: TimeRange | undefined;
  readonly isInverted: boolean;
  /** The selected function, as a row of the profile's function table. */
  readonly selected: number | undefined;
  /** The selected frame and the one that fills the width: functions from below the root. */
  readonly path: readonly number[];
  readonly zoom: readonly number[];
  readonly search: string;
  readonly hasPanel: boolean;
  readonly side: SideKind;
  /** Pixels, where somebody has drawn the panel below the view higher or lower. */
  readonly panelHeight: number | undefined;
  readonly isFlipped: boolean;
  readonly isByName: boolean;
  /** Whether long runs of frames with one child each are one row. */
  readonly isFolded: boolean;
  /** The first frames of runs that are shown all the same. */
  readonly unfolded: Unfolded;
  readonly colouring: Colouring;
  readonly table: TableKind;
  readonly sortBy: TableColumn;
  readonly isRising: boolean;
  /** Columns of the table that were drawn wider or narrower. */
  readonly widths: ColumnWidths;
}

export const initialState: ViewState = {
  view: 'flame',
  transforms: [],
  range: undefined,
  isInverted: false,
  selected: undefined,
  path: [],
  zoom: [],
  search: '',
  hasPanel: true,
  side: 'function',
  panelHeight: undefined,
  isFlipped: false,
  isByName: false,
  isFolded: true,
  unfolded: [],
  colouring: 'function',
  table: 'functions',
  sortBy: 'self',
  isRising: false,
  widths: {},
};

/** What is remembered for all profiles. */
export interface Preferences {
  /** Pixels; undefined for what the page takes by itself. */
  readonly panelHeight: number | undefined;
  readonly isMyCode: boolean;
}

/** More rows than a path has frames, and than a link can hold. */
const MOST_ROWS = 100_000;
const MOST_TRANSFORMS = 100;
const MOST_SEARCH = 1000;
/** Runs that are remembered as unfolded, and frames in all of their paths together. */
const MOST_UNFOLDED = 100;
const MOST_UNFOLDED_ROWS = 20_000;

const rows = v.pipe(v.array(whole), v.maxLength(MOST_ROWS));
const of = <K extends Transform['kind']>(...kinds: K[]) => v.picklist(kinds);
const transform: v.GenericSchema<unknown, Transform> = v.variant('kind', [
  v.object({ kind: of('focus-function', 'merge-function', 'drop-function', 'collapse-recursion'), func: whole }),
  v.object({ kind: of('focus-node', 'merge-node'), path: rows }),
  v.object({ kind: of('focus-category'), category: v.enum(Category) }),
  v.object({ kind: of('collapse-package'), package: whole }),
  v.object({ kind: of('collapse-file'), url: whole }),
  v.object({ kind: of('only-my-code') }),
]);
const range = v.pipe(
  v.object({ from: finite, to: finite }),
  v.check(({ from, to }) => from < to, 'a range'),
);

const panelHeight = v.pipe(v.number(), v.minValue(0), v.maxValue(10_000));

const search = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, MOST_SEARCH)),
);

const paths = fittingOf(v.pipe(v.array(whole), v.maxLength(MOST_ROWS)));

/** Unfolded runs from outside: as many as fit, the latest first. */
export function readUnfolded(given: unknown): Unfolded {
  const taken: (readonly number[])[] = [];
  let rows = 0;
  for (const path of (fitting(given, paths) ?? []).slice(-MOST_UNFOLDED).reverse()) {
    rows += path.length;
    if (rows <= MOST_UNFOLDED_ROWS) taken.push(path);
  }
  return taken.reverse();
}

/** What was remembered, as far as it fits. */
export function readPreferences(given: unknown): Preferences {
  const from: { readonly [K in keyof Preferences]?: unknown } = fitting(given, v.looseObject({})) ?? {};
  return { panelHeight: fitting(from.panelHeight, panelHeight), isMyCode: fitting(from.isMyCode, v.boolean()) ?? false };
}

/** A state from outside (a link, an older version): what fits is taken, the rest is as at the start. */
export function readViewState(given: unknown): ViewState {
  const from: { readonly [K in keyof ViewState]?: unknown } = fitting(given, v.looseObject({})) ?? {};
  return {
    view: fitting(from.view, v.picklist(views)) ?? initialState.view,
    transforms: (fitting(from.transforms, fittingOf(transform)) ?? []).slice(0, MOST_TRANSFORMS),
    range: fitting(from.range, range),
    isInverted: fitting(from.isInverted, v.boolean()) ?? initialState.isInverted,
    selected: fitting(from.selected, whole),
    path: fitting(from.path, rows) ?? [],
    zoom: fitting(from.zoom, rows) ?? [],
    search: fitting(from.search, search) ?? '',
    hasPanel: fitting(from.hasPanel, v.boolean()) ?? initialState.hasPanel,
    side: fitting(from.side, v.picklist(sides)) ?? initialState.side,
    panelHeight: fitting(from.panelHeight, panelHeight),
    isFlipped: fitting(from.isFlipped, v.boolean()) ?? initialState.isFlipped,
    isByName: fitting(from.isByName, v.boolean()) ?? initialState.isByName,
    isFolded: fitting(from.isFolded, v.boolean()) ?? initialState.isFolded,
    unfolded: readUnfolded(from.unfolded),
    colouring: fitting(from.colouring, v.picklist(colourings)) ?? initialState.colouring,
    table: fitting(from.table, v.picklist(tableKinds)) ?? initialState.table,
    sortBy: fitting(from.sortBy, v.picklist(tableColumns)) ?? initialState.sortBy,
    isRising: fitting(from.isRising, v.boolean()) ?? initialState.isRising,
    widths: readWidths(from.widths),
  };
}
