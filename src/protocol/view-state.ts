/** What a profile editor shows, beyond the profile: saved with the page, copied in links, sent by the extension. */
import type { TimeRange, Transform } from '../core/profile/transform';
import { type ColumnWidths, readWidths } from './column-widths';

export const views = ['flame', 'timeline', 'sandwich', 'table', 'source'] as const;
export type ViewKind = (typeof views)[number];

export const colourings = ['function', 'category', 'package', 'file', 'heat'] as const;
export type Colouring = (typeof colourings)[number];

export const tableKinds = ['functions', 'top-down', 'bottom-up'] as const;
export type TableKind = (typeof tableKinds)[number];

export const tableColumns = ['self', 'selfShare', 'total', 'totalShare', 'samples', 'name', 'file', 'category'] as const;
export type TableColumn = (typeof tableColumns)[number];

export const sides = ['function', 'findings'] as const;
/** What the panel at the side shows. */
export type SideKind = (typeof sides)[number];

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
  readonly isFlipped: boolean;
  readonly isByName: boolean;
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
  isFlipped: false,
  isByName: false,
  colouring: 'function',
  table: 'functions',
  sortBy: 'self',
  isRising: false,
  widths: {},
};

/** A state from outside (a link, an older version): what fits is taken, the rest is as at the start. */
export function readViewState(given: unknown): ViewState {
  const from = (typeof given === 'object' && given !== null ? given : {}) as { [K in keyof ViewState]?: unknown };
  const oneOf = <T extends string>(value: unknown, all: readonly T[], fallback: T): T => (all.includes(value as T) ? (value as T) : fallback);
  const flag = (value: unknown, fallback: boolean): boolean => (typeof value === 'boolean' ? value : fallback);
  const rows = (value: unknown): number[] => (Array.isArray(value) && value.length < 100_000 && value.every(isRow) ? value : []);
  const range = from.range as TimeRange | undefined;
  return {
    view: oneOf(from.view, views, initialState.view),
    transforms: Array.isArray(from.transforms) ? from.transforms.filter(isTransform).slice(0, 100) : [],
    range: Number.isFinite(range?.from) && Number.isFinite(range?.to) && (range as TimeRange).from < (range as TimeRange).to ? range : undefined,
    isInverted: flag(from.isInverted, false),
    selected: isRow(from.selected) ? from.selected : undefined,
    path: rows(from.path),
    zoom: rows(from.zoom),
    search: typeof from.search === 'string' ? from.search.slice(0, 1000) : '',
    hasPanel: flag(from.hasPanel, true),
    side: oneOf(from.side, sides, initialState.side),
    isFlipped: flag(from.isFlipped, false),
    isByName: flag(from.isByName, false),
    colouring: oneOf(from.colouring, colourings, initialState.colouring),
    table: oneOf(from.table, tableKinds, initialState.table),
    sortBy: oneOf(from.sortBy, tableColumns, initialState.sortBy),
    isRising: flag(from.isRising, false),
    widths: readWidths(from.widths),
  };
}

const isRow = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function isTransform(value: unknown): value is Transform {
  const given = value as { kind?: unknown; func?: unknown; path?: unknown; category?: unknown; package?: unknown; url?: unknown } | null;
  switch (given?.kind) {
    case 'focus-function':
    case 'merge-function':
    case 'drop-function':
    case 'collapse-recursion':
      return isRow(given.func);
    case 'focus-node':
    case 'merge-node':
      return Array.isArray(given.path) && given.path.every(isRow);
    case 'focus-category':
      return isRow(given.category);
    case 'collapse-package':
      return isRow(given.package);
    case 'collapse-file':
      return isRow(given.url);
    case 'only-my-code':
      return true;
    default:
      return false;
  }
}
