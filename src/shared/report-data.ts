import type { Unit } from './brands';

/**
 * What the report's script gets, as JSON within the page: the pruned call tree and
 * the functions that it, or the table of functions, names. Columns of equal length.
 */
export interface ReportData {
  readonly unit: Unit;
  /** What shares are shares of, in the profile's unit, and what to call it. */
  readonly active: number;
  readonly whole: string;
  /** Frames deeper than this are merged. */
  readonly depth: number;
  /** By category: its name and what it costs by itself. */
  readonly categories: readonly { readonly category: number; readonly name: string; readonly cost: number }[];
  readonly files: readonly string[];
  readonly functions: {
    readonly name: readonly string[];
    /** Index into `files`, -1 for none. */
    readonly file: readonly number[];
    /** 1-based; 0 for none. */
    readonly line: readonly number[];
    readonly category: readonly number[];
    readonly self: readonly number[];
    /** A function counts once per stack. */
    readonly total: readonly number[];
  };
  readonly boxes: {
    /** Index of an earlier box; -1 for the root. */
    readonly parent: readonly number[];
    /** Index into `functions`; -1 for frames that are merged. */
    readonly func: readonly number[];
    readonly frames: readonly number[];
    readonly self: readonly number[];
  };
}
