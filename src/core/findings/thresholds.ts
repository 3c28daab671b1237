/** Where rules begin to speak. Shares are of active time, 0 to 1, unless they say otherwise. */
export interface Thresholds {
  /** A function's self share that must be investigated; of one call path too. */
  readonly plateau: number;
  /** A function's self share that is almost certainly the bottleneck. */
  readonly bottleneck: number;
  /** What the top three functions must have together for "focused work will pay". */
  readonly focus: number;
  /** No function above this, and the top twenty under half: an even spread. */
  readonly spread: number;
  /** What one call must hold that is spread over many narrow ones. */
  readonly towers: number;
  /** Share of the time in which one function is on the stack more than once. */
  readonly recursion: number;
  /** Frames of one function on one stack that come near to the stack's end. A count. */
  readonly recursionDepth: number;
  /** GC share that means memory pressure. */
  readonly gc: number;
  /** Share of one kind of work that the runtime does. */
  readonly runtime: number;
  /** Share that V8 spends outside of any function. */
  readonly program: number;
  /** Self share of a function that V8 gave up optimising. */
  readonly deopt: number;
  /** Idle share, of the recorded time. */
  readonly idle: number;
  /** By how much a function's self share must have grown since the recording before. */
  readonly wider: number;
  /** Below this many active samples nothing is said. A count. */
  readonly minSamples: number;
}

export type ThresholdName = keyof Thresholds;

export const defaultThresholds: Thresholds = {
  plateau: 0.2,
  bottleneck: 0.4,
  focus: 0.8,
  spread: 0.05,
  towers: 0.2,
  recursion: 0.5,
  recursionDepth: 1000,
  gc: 0.1,
  runtime: 0.1,
  program: 0.25,
  deopt: 0.05,
  idle: 0.8,
  wider: 0.05,
  minSamples: 30,
};

const counts: ReadonlySet<string> = new Set<ThresholdName>(['recursionDepth', 'minSamples']);

/** Whether a threshold counts something; the others are shares, which people set in percent. */
export const isCount = (name: ThresholdName): boolean => counts.has(name);

export const thresholdNames = Object.keys(defaultThresholds) as readonly ThresholdName[];

/** Thresholds as people set them: counts as they are, shares in percent. */
export const settingOf = (name: ThresholdName, value: number): number => (isCount(name) ? value : value * 100);

/** The inverse of `settingOf`; undefined for what is no number of its kind. */
export function thresholdOf(name: ThresholdName, setting: unknown): number | undefined {
  if (typeof setting !== 'number' || !(setting >= 0)) return undefined;
  if (isCount(name)) return Number.isFinite(setting) ? setting : undefined;
  return setting <= 100 ? setting / 100 : undefined;
}
