import type { LoopRate } from '../core/compare/statistics';
import type { FocusFunction, Recipe } from '../shared/recipe';

/**
 * What stands beside a recorded `.cpuprofile`, as `<name>.plateau.json`. The
 * profile can be read without it.
 */
export interface RecordingInfo {
  readonly version: 1;
  /** What the user calls it. */
  readonly title: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  readonly recipe: Recipe;
  readonly focus?: FocusFunction | undefined;
  readonly node: string;
  readonly pid: number;
  readonly commit?: string | undefined;
  readonly isDirty?: boolean | undefined;
  /** Microseconds. */
  readonly interval: number;
  readonly exit?: { readonly code: number | null; readonly signal: string | null } | undefined;
  readonly headline: Headline;
  readonly loop?: LoopRate | undefined;
  /** Other processes that ran and were not kept. */
  readonly otherProcesses?: number;
  /** Worker threads that it started, which are not in the profile. */
  readonly workers?: number | undefined;
  /** Line fingerprints of the hot sources as they were, by path. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** What a list of recordings shows. Times in microseconds, shares of active time. */
export interface Headline {
  readonly duration: number;
  readonly active: number;
  readonly samples: number;
  readonly top?: { readonly name: string; readonly selfShare: number } | undefined;
}

/** What stands beside a heap recording, as `<name>.plateau.json`. */
export interface HeapRecordingInfo {
  readonly version: 1;
  readonly heap: 'sampling' | 'snapshot' | 'tracking';
  readonly title: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  readonly recipe: Recipe;
  readonly node: string;
  readonly pid: number;
  readonly commit?: string;
  readonly isDirty?: boolean;
  readonly exit?: { readonly code: number | null; readonly signal: string | null } | undefined;
  /** Bytes: sampled allocations, or V8's heap in use. */
  readonly bytes: number;
  /** Bytes between samples, of sampling. */
  readonly interval?: number;
  readonly includesCollected?: boolean;
  /** Milliseconds for which the program stood still, of a snapshot. */
  readonly pauseMs?: number;
  readonly otherProcesses: number;
}
