import type { FunctionIndex } from '../../shared/brands';
import type { FindingLevel } from '../../shared/reported-finding';
import { interval } from '../statistics/share-interval';

/** The user's own code nearest to a cost, on the way to it. */
export interface Blame {
  readonly func: FunctionIndex;
  /** In the profile's unit: what of the finding's cost lies at or under this function. */
  readonly cost: number;
  /** What it calls on the way to most of that; undefined where the cost is its own. */
  readonly callee: FunctionIndex | undefined;
  /** 1-based line of the source, where the rule knows better than "the hottest". */
  readonly line?: number | undefined;
}

/** What a rule has to say: facts, and the words for them. Plain text, safe to show as it is. */
export interface Finding {
  /** The rule's name in kebab-case; `docs/findings/NAME.md` is its page. */
  readonly rule: string;
  readonly level: FindingLevel;
  /** Of active time, 0 to 1; of recorded time where the rule is about idle time. */
  readonly share: number;
  /** In the profile's unit. */
  readonly cost: number;
  readonly samples: number;
  /** How many samples of equal cost its cost is worth (`effectiveSamples`). */
  readonly effective: number;
  /** Whose boxes carry the mark, the most important first. */
  readonly functions: readonly FunctionIndex[];
  readonly blame: Blame | undefined;
  /** A headline of a few words. */
  readonly title: string;
  /** What was measured, and what it means. */
  readonly summary: string;
  /** What to do. */
  readonly advice: string;
  /** Self cost by function that this tells the cause of, so that a plateau there would say nothing new. */
  readonly explains?: ReadonlyMap<number, number>;
  /** A package whose loading it is about: the place is where the program loads it, if that can be found. */
  readonly loads?: string | undefined;
}

/** Half the width of the 95 % interval of a share, from the number of samples it rests on (0 to 1). */
export function shareMargin(share: number, samples: number): number {
  const { low, high } = interval(share, samples);
  return (high - low) / 2;
}

/** The function that a finding is about, and the one that is blamed where that is another. */
export function marked(func: FunctionIndex | undefined, blame: Blame | undefined): FunctionIndex[] {
  const functions = func === undefined ? [] : [func];
  if (blame && blame.func !== func) functions.push(blame.func);
  return functions;
}
