import type { HeapTarget } from '../../capture/attach/heap-targets';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import type { AnswerCount } from '../../shared/hunt';
import type { Result } from '../../shared/result';
import type { Evidence } from './hunt-activity';

/** What does the work between the snapshots. */
export interface Exerciser {
  /** Exercises the program so often, one after the other. */
  run(times: number, onDone: (done: number) => void): Promise<Result<void, CaptureIssue>>;
  /** The thread that the exercise reaches. */
  choose(): Promise<HeapTarget | undefined>;
  /** Requests by the status of their answers, so far. */
  answers?(): readonly AnswerCount[];
  /** Whether the exercises have reached the thread that was chosen. */
  reached?(): Reached;
  dispose(): void;
}

export interface Reached {
  /** How it is known; undefined where it is not. */
  readonly evidence: Evidence | undefined;
  /** Exercises that have reached it, and that went to others besides. */
  readonly hits: number;
  readonly missed: number;
  /** So many in a row went to others that it was given up. */
  readonly isPartial: boolean;
}

export interface Context {
  readonly cancel: AbortSignal;
  readonly targets: ReadonlyMap<string, HeapTarget>;
  /** Whether a thread may be watched. */
  readonly isWanted: (target: HeapTarget) => boolean;
}

/** So many exercises in a row may go to other workers than the one that is watched. */
export const mostMisses = (threads: number): number => 20 + 10 * threads;

/** How long a server may take to listen, or a module to be imported. */
export const PATIENCE_MS = 20_000;
