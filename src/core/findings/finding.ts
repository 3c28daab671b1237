import type { FunctionIndex } from '../../shared/brands';
import type { FindingLevel } from '../../shared/reported-finding';

interface Evidence {
  readonly level: FindingLevel;
  /** Of active time, 0 to 1. */
  readonly share: number;
  /** Microseconds. */
  readonly cost: number;
  readonly samples: number;
}

/** The nearest function of the user's own code on the way to a cost, with its part of it. */
export interface Blame {
  readonly func: FunctionIndex;
  /** Microseconds of the finding's cost that lie under this function. */
  readonly cost: number;
}

export type Finding =
  | (Evidence & {
      readonly kind: 'plateau';
      readonly func: FunctionIndex;
      /** Present where the function is not the user's own and own code leads to it. */
      readonly blame: Blame | undefined;
    })
  | (Evidence & { readonly kind: 'focus'; readonly functions: readonly FunctionIndex[]; readonly shares: readonly number[] })
  | (Evidence & { readonly kind: 'spread'; readonly largest: FunctionIndex; readonly largestShare: number })
  | (Evidence & { readonly kind: 'gc'; readonly func: FunctionIndex | undefined; readonly blame: Blame | undefined });

export type FindingKind = Finding['kind'];

/**
 * Half the width of the 95 % interval of a share, from the number of samples it
 * rests on (normal approximation of the binomial; 0 to 1).
 */
export function shareMargin(share: number, samples: number): number {
  return samples > 0 ? 1.96 * Math.sqrt((share * (1 - share)) / samples) : 1;
}
