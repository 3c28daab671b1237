import type { Recipe } from '../shared/recipe';

/** What the loop harness is told, through the session's file; its messages go into `loop.jsonl` beside it. */
export interface LoopJob extends Omit<Extract<Recipe, { kind: 'loop' }>, 'kind' | 'cwd'> {
  /** Calls only when it is told to, through `loopCall`, and goes on until it is ended. */
  readonly isDriven?: boolean;
}

/** Calls and nanoseconds of one batch. */
export interface LoopBatch {
  readonly calls: number;
  readonly ns: number;
}

export type LoopMessage =
  | { readonly kind: 'warmed-up' }
  | { readonly kind: 'measured'; readonly batches: readonly LoopBatch[]; readonly isAsync: boolean }
  | { readonly kind: 'failed'; readonly reason: LoopFailure; readonly message: string; readonly exports?: readonly string[] };

export type LoopFailure = 'import' | 'not-exported' | 'not-callable' | 'arguments' | 'construct' | 'threw';

/** A function of the driven harness: calls as often as asked, and settles when that is done. */
export const loopCall = '__plateauCall';
/** Of the driven harness: why it cannot call, as the text of a `LoopMessage`. */
export const loopFailed = '__plateauFailed';
