/** Calls of packages that are often the wrong ones where much is given to them: what they do, and what does the same with less. */
import { knownCalls as known } from './known-calls';
import type { CostlyWords } from './work-types';

export interface PackageCall {
  readonly packages: readonly string[];
  readonly words: CostlyWords;
  /** Called on an object of the package, which the file need not have made: it counts only where the package has the cost. */
  readonly isOfObject: boolean;
  readonly takesText: boolean;
}

/** By the name of the function or method. */
export const costlyCalls: Readonly<Record<string, readonly PackageCall[]>> = Object.fromEntries(
  [...new Set(known.flatMap(({ names }) => names))].map((name) => [
    name,
    known
      .filter(({ names }) => names.includes(name))
      .map(({ packages, deed, why, advice, isOfObject = false, takesText = false, through, entries = [] }): PackageCall => {
        return {
          packages,
          isOfObject,
          takesText,
          words: { deed: deed.replace('$', () => name), why, advice, packages, frames: [name, ...entries], ...(through && { through }) },
        };
      }),
  ]),
);
