/** What the extension and the server say to each other of heap recordings and leak hunts. */
import * as v from 'valibot';
import type { Exercise, HuntLeak, HuntResult, HuntThread } from '../shared/hunt';
import type { Recipe } from '../shared/recipe';
import { fields, list, whole } from '../shared/schemas/base';
import { recipeSchema } from '../shared/schemas/recipe';
import type { SizedThread, WantedThread } from '../shared/thread-choice';
import type { RecordResult } from './lsp';

/** `sampling`: allocations by stack; `snapshot`: all objects; `tracking`: all objects, with the stacks that made them. */
export type HeapRecordKind = 'sampling' | 'snapshot' | 'tracking';

export interface HeapRecordParams {
  readonly token: string;
  readonly recipe: Recipe;
  readonly heap: HeapRecordKind;
  /** Bytes between samples. */
  readonly interval: number;
  readonly includesCollected: boolean;
  /** Without it the largest heap of all threads is kept. */
  readonly wanted?: WantedThread | undefined;
  readonly folder: string;
  readonly nodePath: string;
}

/** What a hunt does, as it is remembered and as a command may be given it; enough to do it again. */
export const huntPlanSchema = fields({
  recipe: recipeSchema,
  exercise: v.variant('kind', [
    fields({
      kind: v.literal('requests'),
      method: v.pipe(v.string(), v.regex(/^[A-Z]{1,20}$/)),
      url: v.pipe(v.string(), v.regex(/^https?:\/\//)),
      body: v.optional(v.string()),
      headers: v.optional(list(v.pipe(v.tuple([v.string(), v.string()]), v.readonly()))),
    }),
    fields({ kind: v.literal('command'), command: v.string(), cwd: v.string() }),
    fields({ kind: v.literal('call') }),
    fields({ kind: v.literal('by-hand') }),
  ]),
  times: whole,
  warmup: whole,
  tracksAllocations: v.boolean(),
  wanted: v.optional(fields({ thread: v.optional(v.string()), process: v.optional(v.string()) })),
});

export interface HeapRecordResult extends RecordResult {
  /** Whose heap was kept, where there were several threads, and the others, the largest first. */
  readonly threads?: { readonly kept: HuntThread; readonly others: readonly SizedThread[] } | undefined;
}

export interface HuntParams {
  readonly token: string;
  readonly recipe: Recipe;
  readonly exercise: Exercise;
  readonly times: number;
  readonly warmup: number;
  readonly tracksAllocations: boolean;
  /** The thread to watch; without it the one that does the work. */
  readonly wanted?: WantedThread | undefined;
  readonly folder: string;
  readonly nodePath: string;
}

/** How far a hunt is. Bytes and milliseconds. */
export type HuntEventDto =
  | { readonly kind: 'phase'; readonly phase: 'starting' | 'warming-up' | 'exercising' | 'snapshot' | 'ranking'; readonly round: number; readonly pid: number }
  | { readonly kind: 'exercised'; readonly done: number; readonly of: number }
  | { readonly kind: 'sample'; readonly at: number; readonly heapUsed: number; readonly rss: number | undefined }
  | { readonly kind: 'pausing'; readonly heapUsed: number; readonly pauseMs: number }
  | { readonly kind: 'progress'; readonly share: number }
  /** Of what takes its time, or is left out. */
  | { readonly kind: 'remark'; readonly text: string }
  /** The user's turn to exercise the program. */
  | { readonly kind: 'your-turn' };

export interface HuntDone {
  /** The result's file. */
  readonly file: string;
  readonly result: HuntResult;
}

/** Extension to the panel of a hunt. */
export type ToHuntPanel =
  | { readonly kind: 'begin'; readonly title: string; readonly isByHand: boolean }
  | { readonly kind: 'event'; readonly event: HuntEventDto }
  /** `before`: leaks of the hunt that this one repeats. */
  | { readonly kind: 'result'; readonly result: HuntResult; readonly before: readonly HuntLeak[] | undefined }
  | { readonly kind: 'failed'; readonly message: string };

export type FromHuntPanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'next' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'again' }
  /** Hunt once more, in another thread that the user chooses. */
  | { readonly kind: 'other-thread' }
  | { readonly kind: 'place'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'snapshot'; readonly file: string; readonly id: number };
