import type { InferOutput } from 'valibot';
import type { Recipe } from '../../shared/recipe';
import type { loopMessageSchema } from './session-schemas';

/** What the loop harness is told, through the session's file; its messages go into `loop.jsonl` beside it. */
export interface LoopJob extends Omit<Extract<Recipe, { kind: 'loop' }>, 'kind' | 'cwd'> {
  /** Calls only when it is told to, through `loopCall`, and goes on until it is ended. */
  readonly isDriven?: boolean;
}

/** Calls and nanoseconds of one batch. */
export type LoopBatch = Extract<LoopMessage, { kind: 'measured' }>['batches'][number];

export type LoopMessage = InferOutput<typeof loopMessageSchema>;

export type LoopFailure = Extract<LoopMessage, { kind: 'failed' }>['reason'];

/** A function of the driven harness: calls as often as asked, and settles when that is done. */
export const loopCall = '__plateauCall';
/** Of the driven harness: why it cannot call, as the text of a `LoopMessage`. */
export const loopFailed = '__plateauFailed';
