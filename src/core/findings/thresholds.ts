/** Where the first rules begin to speak. Shares are of active time, 0 to 1. */
export interface Thresholds {
  /** A function's self share that must be investigated. */
  readonly plateau: number;
  /** A function's self share that is almost certainly the bottleneck. */
  readonly bottleneck: number;
  /** What the top three functions must have together for "focused work will pay". */
  readonly focus: number;
  /** No function above this, and the top twenty under half: an even spread. */
  readonly spread: number;
  /** GC share that means memory pressure. */
  readonly gc: number;
  /** Below this many active samples nothing is said. */
  readonly minSamples: number;
}

export const defaultThresholds: Thresholds = {
  plateau: 0.2,
  bottleneck: 0.4,
  focus: 0.8,
  spread: 0.05,
  gc: 0.1,
  minSamples: 30,
};
