import type { ExportPath } from '../shared/recipe';

/** What the loop harness is told, through an environment variable, and what it tells back through a binding. */
export interface LoopJob {
  readonly file: string;
  /** `default`, `name`, or a class and its method. */
  readonly exported: ExportPath;
  /** A list of JavaScript expressions, as typed, without brackets. */
  readonly args: string;
  /** The same for the class's constructor. */
  readonly constructorArgs: string;
  readonly warmupMs: number;
  readonly durationMs: number;
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

export const loopBinding = '__plateauLoop';
export const loopContinue = '__plateauContinue';
