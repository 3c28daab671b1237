import { type FunctionIndex, functionIndex } from '../../shared/brands';
import type { FindingLevel } from '../../shared/reported-finding';
import { isCode } from '../profile/categories';
import { squaredCosts } from '../profile/costs/effective-samples';
import { type FunctionCosts, functionsBySelf, type ProfileTotals } from '../profile/costs/function-costs';
import type { ProfileTables } from '../profile/tables';
import type { ShownThreads } from '../profile/views/threads';
import { reaches } from '../statistics/share-interval';
import { type OwnCode, ownCode } from './blame';
import type { Finding } from './finding';
import { type Recursion, recursionOf } from './recursion';
import { computingElsewhere, type Elsewhere } from './thread-activity';
import type { Thresholds } from './thresholds';

/** One line of a function with what it costs by itself and, where the source is known, its text. */
export interface HotLine {
  /** 1-based, in the source. */
  readonly line: number;
  /** In the profile's unit. */
  readonly self: number;
  readonly ticks: number;
  readonly text: string;
}

/** Reads the hot lines of a function from its source; none where that has changed or is not there. */
export type LinesOf = (func: FunctionIndex) => readonly HotLine[];

/** What every rule reads: the tables and what is derived from them once. */
export interface Evidence {
  readonly tables: ProfileTables;
  readonly costs: FunctionCosts;
  readonly totals: ProfileTotals;
  /** By call node the squared costs of its samples. */
  readonly squares: Float64Array;
  readonly thresholds: Thresholds;
  /** Functions that code can be blamed for, by falling self time. */
  readonly bySelf: readonly FunctionIndex[];
  readonly own: OwnCode;
  readonly recursion: Recursion;
  readonly linesOf: LinesOf;
  /** In microseconds: idle, and what the thread was blocked where others computed meanwhile. */
  readonly waited: number;
  /** Whether it is of one worker thread of Node.js. */
  readonly isWorker: boolean;
  /** What other threads of the recording did meanwhile, where that is worth a word. */
  readonly elsewhere: Elsewhere | undefined;
}

/** One heuristic. O(nodes + samples) at most. */
export type Rule = (evidence: Evidence) => Finding[];

export function evidenceOf(
  tables: ProfileTables,
  costs: FunctionCosts,
  totals: ProfileTotals,
  thresholds: Thresholds,
  linesOf: LinesOf,
  threads?: ShownThreads,
): Evidence {
  const bySelf = functionsBySelf(costs).filter((func) => isCode(tables.functions.category[func] as number) && !isPlateaus(tables, func));
  const { waited, elsewhere } = waitingOf(totals, threads);
  const squares = squaredCosts(tables);
  const [only, ...others] = threads?.shown ?? [];
  const isWorker = only !== undefined && others.length === 0 && (threads?.all[only]?.thread ?? 0) > 0;
  const recursion = recursionOf(tables, squares);
  return { tables, costs, totals, squares, thresholds, bySelf, own: ownCode(tables), recursion, linesOf, waited, elsewhere, isWorker };
}

/** How long the shown thread waited, and who computed meanwhile. A block counts as waiting only where it is known for what. */
export function waitingOf({ idle, active }: ProfileTotals, threads: ShownThreads | undefined): Pick<Evidence, 'waited' | 'elsewhere'> {
  const [only] = threads?.shown ?? [];
  const blocked = threads && only !== undefined && threads.shown.length === 1 ? Math.min(active, threads.all[only]?.waiting ?? 0) : 0;
  const elsewhere = threads && computingElsewhere(threads, idle + blocked);
  return { waited: elsewhere ? idle + blocked : idle, elsewhere };
}

/** The frame that stands for what Plateau itself ran in the target. */
const isPlateaus = ({ functions, strings }: ProfileTables, func: number): boolean => strings.at(functions.url[func] as number) === 'node:plateau';

/** Whether the program mostly waited while it was recorded. */
export function isMostlyIdle({ tables, thresholds, totals, waited }: Pick<Evidence, 'tables' | 'thresholds' | 'totals' | 'waited'>): boolean {
  const recorded = totals.active + totals.idle;
  const isKnown = tables.unit === 'microseconds' && recorded > 0 && totals.samples >= thresholds.minSamples;
  return isKnown && reaches(waited / recorded, thresholds.idle, totals.samples);
}

/**
 * Whether a share that rests on `samples` of the active ones is to be spoken of: as `reaches`, and half of the
 * threshold in samples as well. One long gap, such as a program's end, is no evidence of what ran in it. Stacks
 * without an order of time are merged: their number says nothing.
 */
export function isSupported({ tables, totals }: Pick<Evidence, 'tables' | 'totals'>, share: number, samples: number, threshold: number): boolean {
  if (!reaches(share, threshold, totals.effectiveSamples)) return false;
  return tables.samples.length === 0 || samples >= (threshold / 2) * totals.activeSamples;
}

/** How loud a self share is: the steps of a plateau. Where the program mostly waits, nothing that computes is the bottleneck. */
export function levelOf(evidence: Evidence, share: number): FindingLevel {
  const { thresholds, totals } = evidence;
  if (reaches(share, thresholds.bottleneck, totals.effectiveSamples) && !isMostlyIdle(evidence)) return 'error';
  return reaches(share, thresholds.plateau, totals.effectiveSamples) ? 'warning' : 'info';
}

/** The row with the largest value above zero; undefined where there is none. */
export function largestRow(values: ArrayLike<number>): FunctionIndex | undefined {
  let best = -1;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > (best < 0 ? 0 : (values[best] as number))) best = i;
  return best < 0 ? undefined : functionIndex(best);
}
