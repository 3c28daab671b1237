import type { FunctionState, Scaling } from './comparison-scale';
import type { Verdict } from './verdict';

/**
 * `compare --json` and `measure --json`; their JSON schema is `schema/comparison.schema.json`.
 * Ratios are after ÷ before, null where there was nothing before. `p` and `verdict` are null where there is one run
 * a side. Lines are 1-based, 0 for none.
 */
export interface ComparisonReport {
  readonly schema: 'plateau/comparison/1';
  readonly kind: 'comparison';
  /** Of costs. */
  readonly unit: ComparisonUnit;
  /** What costs are of: nothing else is scaled. Shares are in percent of active time. */
  readonly scaled: Scaling;
  readonly before: ComparisonSide;
  readonly after: ComparisonSide;
  /** Active cost; of several runs their mean, as everything below. */
  readonly total: Sizes;
  /** The first one decides the verdict. */
  readonly metrics: readonly MetricReport[];
  /** By falling size of the change. */
  readonly functions: readonly FunctionChange[];
  readonly warnings: readonly string[];
  readonly verdict: Verdict | null;
  /** For a pull request. */
  readonly sentence: string;
}

export type ComparisonUnit = 'ms' | 'bytes' | 'count' | 'percent';

export interface ComparisonSide {
  /** What it is called: a file, a version. */
  readonly name: string;
  readonly files: readonly string[];
  readonly runs: number;
  /** Of the active cost, standard deviation ÷ mean; null for one run. */
  readonly noise: number | null;
  readonly commit?: string;
}

export interface Sizes {
  readonly before: number;
  readonly after: number;
  readonly change: number;
  readonly ratio: number | null;
}

/** What the runs say of a figure. */
export interface Certainty {
  readonly ratio: number | null;
  /** The 95 % interval of the ratio; null where it has no end, or there is one run. */
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
  readonly verdict: Verdict | null;
}

export interface MetricReport extends Certainty {
  readonly name: string;
  readonly unit: string;
  /** Of each run. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** By Holm over the metrics besides the first; of that one, as it is. */
  readonly pAdjusted: number | null;
}

export interface FunctionChange extends Sizes, Certainty {
  readonly name: string;
  /** From the folder of the sources where that is known, else as the profile has it; empty for native functions and V8's own entries. */
  readonly url: string;
  readonly line: number;
  /** Inclusive; the sizes beside are of its own cost. */
  readonly total: Sizes;
  /** By Holm over the functions that were tested; null for the others. */
  readonly pAdjusted: number | null;
  readonly state: FunctionState;
  /** What a moved function was before. */
  readonly was?: { readonly name: string; readonly url: string; readonly line: number };
}
