import type { Recipe } from '../shared/recipe';

/** What the loop harness is told, through an environment variable; it answers through a binding. */
export type LoopJob = Omit<Extract<Recipe, { kind: 'loop' }>, 'kind' | 'cwd'>;

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

export const loopBinding = '__plateauLoop';
export const loopContinue = '__plateauContinue';
