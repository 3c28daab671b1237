/** Calls of packages that are often the wrong ones where much is given to them: what they do, and what does the same with less. */
import type { CostlyWords } from './work-types';

export interface PackageCall {
  readonly packages: readonly string[];
  readonly words: CostlyWords;
  /** Called on an object of the package, which the file need not have made: it counts only where the package has the cost. */
  readonly isOfObject: boolean;
}

interface Known {
  readonly names: readonly string[];
  readonly packages: readonly string[];
  /** `$` stands for the name. */
  readonly deed: string;
  readonly why: string;
  readonly advice: string;
  readonly isOfObject?: boolean;
}

const known: readonly Known[] = [
  {
    names: ['diffChars', 'diffWords', 'diffWordsWithSpace'],
    packages: ['diff'],
    deed: 'compares whole texts piece by piece (`$`)',
    why: 'The time grows with the length times the number of differences.',
    advice: 'Compare lines first (diffLines), and characters or words only within the lines that differ.',
  },
  {
    names: ['uniqWith', 'unionWith', 'differenceWith', 'intersectionWith', 'xorWith', 'pullAllWith'],
    packages: ['lodash', 'lodash-es'],
    deed: 'compares all pairs (`$`)',
    why: 'What a function compares cannot be looked up, so each is compared with each: the time grows with the square.',
    advice: 'Use the form with a key (uniqBy, differenceBy), or a Map by a text or number that tells them apart.',
  },
  {
    names: ['find', 'findOne', 'findAndUpdate', 'findAndRemove', 'where', 'count'],
    packages: ['lokijs'],
    deed: 'searches a collection of lokijs (`$`)',
    why: 'A search by a field without index goes through all documents.',
    advice: 'Name the field in `unique` (and ask with by()) or `indices` of addCollection, or use ensureIndex.',
    isOfObject: true,
  },
  {
    names: ['find', 'findOne', 'count', 'update', 'remove'],
    packages: ['nedb', '@seald-io/nedb', 'nedb-promises'],
    deed: 'searches a collection of nedb (`$`)',
    why: 'A search by a field without index goes through all documents.',
    advice: 'Give the field an index: ensureIndex({ fieldName }).',
    isOfObject: true,
  },
  {
    names: ['produce'],
    packages: ['immer'],
    deed: 'makes a draft of the state (`$`)',
    why: 'Each call wraps what it reads in Proxies and freezes the result.',
    advice: 'Make all changes of a loop within one produce, or change plain copies where it runs often.',
  },
  {
    names: ['toJS', 'fromJS'],
    packages: ['immutable'],
    deed: 'converts a whole structure (`$`)',
    why: 'Everything in it is copied.',
    advice: 'Read single values with get and getIn, or convert once where the data comes in or goes out.',
    isOfObject: true,
  },
];

/** By the name of the function or method. */
export const costlyCalls: Readonly<Record<string, readonly PackageCall[]>> = Object.fromEntries(
  [...new Set(known.flatMap(({ names }) => names))].map((name) => [
    name,
    known
      .filter(({ names }) => names.includes(name))
      .map(({ packages, deed, why, advice, isOfObject = false }): PackageCall => {
        return { packages, isOfObject, words: { deed: deed.replace('$', name), why, advice, packages } };
      }),
  ]),
);
