import type { FunctionIndex } from '../../shared/brands';
import type { FindingLevel } from '../../shared/reported-finding';

/** The leaves of the decision tree. */
export type Branch =
  | 'cpu-hot'
  | 'cpu-spread'
  | 'cpu-elsewhere'
  | 'io'
  | 'timers'
  | 'memory-gc'
  | 'memory-growth'
  | 'loop-blocked'
  | 'sequential'
  | 'healthy'
  | 'inconclusive';

export type Area = 'CPU' | 'I/O' | 'memory' | 'concurrency' | 'none';

/** What the one button under a verdict does. */
export type NextStep = 'flame' | 'line' | 'leak' | 'longer' | 'again';

/** What a number is counted in; a share is 0 to 1. */
export type FigureUnit = 'microseconds' | 'share' | 'bytes' | 'count';

/** One measured value, as people read it and as a number. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  /** The number behind the text, of those that are one. */
  readonly amount?: number | undefined;
  readonly unit?: FigureUnit | undefined;
  /** What it was compared with; undefined where it only informs. */
  readonly limit?: string | undefined;
  /** The limit as a number in the same unit. */
  readonly limitAmount?: number | undefined;
  /** Whether it is over that. */
  readonly isOver?: boolean | undefined;
}

/** One question of the tree, with what was measured and the way that was taken. */
export interface Turn {
  readonly id: string;
  readonly question: string;
  readonly figures: readonly Figure[];
  /** Two or more ways; one of them is taken. */
  readonly answers: readonly { readonly label: string; readonly isTaken: boolean }[];
  readonly reason: string;
}

export interface Verdict {
  readonly branch: Branch;
  readonly area: Area;
  /** Undefined where nothing is wrong, or nothing can be said. */
  readonly level?: FindingLevel | undefined;
  readonly title: string;
  readonly summary: string;
  readonly advice: string;
  readonly next: NextStep;
  /** What is blamed: a function of the profile, or an operation site of the measurements by its row. */
  readonly blame?: Blame | undefined;
}

export type Blame =
  | {
      readonly kind: 'function';
      readonly func: FunctionIndex;
      /** Foreign functions through which most of the cost goes, from the call to its end; empty for the function's own lines. */
      readonly through: readonly FunctionIndex[];
    }
  | {
      readonly kind: 'site';
      readonly site: number;
      readonly wantsLoop: boolean;
      /** Of its own frames outside of dependencies, by row. */
      readonly frame?: number | undefined;
      /** Whether the place is the line that awaits, not that which begins it: a helper that sleeps is called from many. */
      readonly wantsAwait?: boolean | undefined;
    }
  /** What allocated the memory that stays: a V8 call frame, by name and place. */
  | { readonly kind: 'frame'; readonly name: string; readonly url: string; readonly line: number; readonly column: number };

export interface Diagnosis {
  readonly turns: readonly Turn[];
  readonly verdict: Verdict;
}
