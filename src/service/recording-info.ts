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
  /** Every thread of every process, the one that is shown first at the front; absent where there is one alone. */
  readonly threads?: readonly RecordedThread[] | undefined;
  /** Line fingerprints of the hot sources as they were, by path. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/**
 * One thread of a recording. Its profile is a standard `.cpuprofile` in the folder of the
 * recording: `NAME.cpuprofile` for the first, `NAME.t2.cpuprofile` and so on for the others.
 * All of them have one clock (CLOCK_MONOTONIC, microseconds).
 */
export interface RecordedThread {
  /** File name, without a folder. */
  readonly file: string;
  readonly pid: number;
  readonly ppid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** For lists: the script of a process, the file or the name of a worker. */
  readonly name: string;
  /** Of the process. */
  readonly argv: readonly string[];
  readonly node: string;
  /** Microseconds, as in the profile. */
  readonly startTime: number;
  readonly endTime: number;
  /** Microseconds that were not idle. */
  readonly active: number;
  /** Of `active`: microseconds blocked in spawnSync, execSync or Atomics.wait, which is no work. */
  readonly waiting: number;
  readonly samples: number;
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
  /** Processes and workers of which nothing was kept. */
  readonly otherProcesses: number;
  /** The thread that it is of, where there were several. */
  readonly thread?: { readonly threadId: number; readonly name: string };
  /** The threads besides, the largest first; `bytes` where it was looked at. */
  readonly others?: readonly { readonly pid: number; readonly threadId: number; readonly name: string; readonly bytes?: number }[];
}
