import type { WantedThread } from '../../shared/thread-choice';
import type { RecordRequest } from '../recording/record';
import type { Exercise } from './exercise';
import type { HeapSample } from './hunt-samples';
import type { TrackingPlan } from './hunt-tracking';

export type HuntPhase = 'starting' | 'warming-up' | 'exercising' | 'snapshot' | 'ranking';

export type HuntEvent =
  | { readonly kind: 'phase'; readonly phase: HuntPhase; readonly round: number; readonly pid: number }
  | { readonly kind: 'exercised'; readonly done: number; readonly of: number }
  | HeapSample
  | { readonly kind: 'pausing'; readonly heapUsed: number; readonly pauseMs: number }
  | { readonly kind: 'progress'; readonly share: number }
  /** Before allocations are tracked, or where they are not. */
  | { readonly kind: 'tracking'; readonly plan: TrackingPlan };

export interface HuntRequest extends Omit<RecordRequest, 'capture' | 'focus'> {
  readonly exercise: Exercise;
  /** Exercises in each of the two rounds. */
  readonly times: number;
  readonly warmup: number;
  /** Objects name the stacks that made them; the program runs slower. */
  readonly tracksAllocations: boolean;
  /** The thread to watch; without it the one that does the work. */
  readonly wanted?: WantedThread | undefined;
  /** A folder of this hunt's own is made in it. */
  readonly folder: string;
  readonly cancel: AbortSignal;
  readonly onEvent?: (event: HuntEvent) => void;
}
