import type { Scaling } from '../../shared/comparison-scale';
import type { SideCosts } from './union-tree';

/** What the costs of a side can be divided by. */
export interface SideSize {
  readonly runs: number;
  /** Calls of the loop in all runs; undefined where it was no loop. */
  readonly calls?: number | undefined;
  /** Requests that were answered in all runs; undefined where they were not counted. */
  readonly requests?: number | undefined;
  /** Active cost of all runs, in the profiles' unit. */
  readonly active: number;
}

/** What the costs of each side are multiplied by. */
export interface ScaleFactors {
  readonly before: number;
  readonly after: number;
}

/** Undefined where one of the sides does not know what that takes. Raw is 1 to 1. */
export function scaleFactors(scaling: Scaling, before: SideSize, after: SideSize): ScaleFactors | undefined {
  const of = (side: SideSize): number | undefined => {
    switch (scaling) {
      case 'raw':
        return 1;
      case 'run':
        return side.runs;
      case 'call':
        return side.calls;
      case 'request':
        return side.requests;
      case 'share':
        return side.active;
    }
  };
  const [first, second] = [of(before), of(after)];
  if (first === undefined || second === undefined || !(first > 0) || !(second > 0)) return undefined;
  return { before: 1 / first, after: 1 / second };
}

/** Costs as they are shown. */
export const scaled = ({ before, after }: SideCosts, factors: ScaleFactors): SideCosts => ({
  before: before.map((cost) => cost * factors.before),
  after: after.map((cost) => cost * factors.after),
});
