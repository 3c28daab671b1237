/**
 * The format of a pattern rule. A rule is data: a shape of the syntax tree in
 * ast-grep's rule language, conditions on what it caught, the part of the time
 * from which it speaks, and what to do about it.
 */

export const patternLanguages = ['javascript', 'typescript', 'tsx', 'python', 'go', 'java'] as const;
export type PatternLanguage = (typeof patternLanguages)[number];

/** JavaScript and what compiles to it. */
export const scriptLanguages: readonly PatternLanguage[] = ['javascript', 'typescript', 'tsx'];

export const isScript = (language: PatternLanguage): boolean => scriptLanguages.includes(language);

/** The grammar for a file, by its extension; undefined where there is none. */
export function languageOf(file: string): PatternLanguage | undefined {
  switch (/\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase()) {
    case 'js':
    case 'mjs':
    case 'cjs':
    case 'jsx':
      return 'javascript';
    case 'ts':
    case 'mts':
    case 'cts':
      return 'typescript';
    case 'tsx':
      return 'tsx';
    case 'py':
      return 'python';
    case 'go':
      return 'go';
    case 'java':
      return 'java';
    default:
      return undefined;
  }
}

/** From what cost on a rule speaks. Percent of active time. */
export interface Gate {
  /** Own time of the matched lines. */
  readonly minSelfPct?: number;
  /** The matched lines with the callbacks in them and the callees named by `frames`. */
  readonly minTotalPct?: number;
  /** The function that the match stands in, with all that it calls. */
  readonly minFunctionPct?: number;
  /** What the matched lines explain, as percent of all that their function costs: for what is cheap unless it is nearly all of it. */
  readonly minOfFunctionPct?: number;
  /** Enough by itself: what the rule's packages take anywhere. What was awaited runs below no function of one's own. */
  readonly orPackagesPct?: number;
  /** Percent of the recording that was idle: for patterns that cost waiting. */
  readonly minIdlePct?: number;
  /** Only where the function ran on behalf of a request to an HTTP server. */
  readonly under?: 'request';
}

/** A rule of ast-grep: `{ pattern }`, `{ kind }`, `{ any: […] }`, …; see its documentation of rule objects. */
export type AstRule = { readonly [key: string]: unknown };

/** What must hold for a match besides its shape. Captures are named without `$`; `match` is the whole match. */
export type Condition =
  /** Runs once for each turn of a loop, or of a callback such as `forEach`'s, of the same function. */
  | { readonly is: 'in-loop' }
  /** Stands in a function or a loop: code at the top of a module runs once. */
  | { readonly is: 'repeated' }
  /** Is known to hold an array, by its declaration or use, and not one of a few constants. */
  | { readonly is: 'array'; readonly capture: string }
  /** Is known to hold a string. */
  | { readonly is: 'string'; readonly capture: string }
  /** Is not known to be a string. */
  | { readonly is: 'not-string'; readonly capture: string }
  /** Is a Map or a Set, or what `keys`, `values` and `entries` of one give. */
  | { readonly is: 'map-or-set'; readonly capture: string }
  /** Is not one of a few constants. */
  | { readonly is: 'not-few'; readonly capture: string }
  /** Is not known to be an array. */
  | { readonly is: 'not-array'; readonly capture: string }
  /** Has the same value in every turn of the loop. */
  | { readonly is: 'invariant'; readonly capture: string }
  /** Is given to no other call in the loop, and has no method called. */
  | { readonly is: 'untouched'; readonly capture: string }
  /** Is a literal, or made of literals alone. */
  | { readonly is: 'constant'; readonly capture: string }
  /** Is a literal, or a variable that is declared once and for all at the top of the module. */
  | { readonly is: 'fixed'; readonly capture: string }
  /** Is kept from call to call: a variable declared outside of the function, or a property. */
  | { readonly is: 'kept'; readonly capture: string }
  /** A query of a database, or a call of a function of the file that awaits one. */
  | { readonly is: 'query'; readonly capture: string }
  /** A query without condition and limit. */
  | { readonly is: 'unlimited-query'; readonly capture: string }
  /** A variable whose array is only searched, filtered or counted. */
  | { readonly is: 'only-picked'; readonly capture: string }
  /** Is awaited, or given back by a callback. */
  | { readonly is: 'awaited' }
  /** Declares what an `await` gives, and is the first of several in a row that could wait together. */
  | { readonly is: 'awaits-in-a-row' }
  /** Runs in each comparison of a sort. */
  | { readonly is: 'in-comparison' }
  /** A callback that leaves out one element: `(one) => one.id !== id`. */
  | { readonly is: 'leaves-one-out'; readonly capture: string }
  /** The statement before adds to the same array, which then is in order but for what was added. */
  | { readonly is: 'after-insert'; readonly capture: string }
  /** Neither the functions around nor what they are given to speak of a transaction. */
  | { readonly is: 'outside-transaction' }
  /** A call of the function that it stands in, which comes to the same arguments by several ways. */
  | { readonly is: 'overlapping' }
  /** What is awaited is no promise for certain, or an async function of the file that awaits nothing. */
  | { readonly is: 'never-waits'; readonly capture: string }
  /** A call that only reads, of what stays the same in each turn of the loop. */
  | { readonly is: 'same-each-turn' }
  /** An assignment that leaves most of an array empty. */
  | { readonly is: 'sparse' }
  /** An object literal with three or more properties that a condition gives it, by spread. */
  | { readonly is: 'many-shapes' }
  /** Names the function that it stands in, or its method. */
  | { readonly is: 'itself'; readonly capture: string }
  /** Stands in no `if` that asks for a level, a flag or a mode. */
  | { readonly is: 'unguarded' }
  /** Is an identifier that is declared outside of the function. */
  | { readonly is: 'outer'; readonly capture: string }
  | { readonly is: 'identifier'; readonly capture: string }
  /** Counts only as true or false where it stands. */
  | { readonly is: 'boolean' }
  /** A callback that copies its first parameter into what it returns, by spread, `Object.assign` or `concat`. */
  | { readonly is: 'copies-parameter'; readonly capture: string }
  /** A callback that compares one property of its parameter with something else by `===`. */
  | { readonly is: 'keyed'; readonly capture: string }
  /** A callback that compares its index with the place where a search finds its element first. */
  | { readonly is: 'searches-first'; readonly capture: string }
  /** An `await` whose turns do not need each other's results. */
  | { readonly is: 'independent' }
  /** A variable that is read by index, or by `charAt` and the like, in the same loop. */
  | { readonly is: 'indexed'; readonly capture: string }
  /** A `try` whose `catch` goes on as if that were a normal answer. */
  | { readonly is: 'swallowed' }
  /** A collection that nothing in the file removes from, or sets anew. */
  | { readonly is: 'only-grows'; readonly capture: string }
  /** A listener or timer that nothing in the file removes. */
  | { readonly is: 'never-removed' }
  /** A loop within another over the same collection. */
  | { readonly is: 'same-collection' }
  /** The text of a capture matches. */
  | { readonly is: 'text'; readonly capture: string; readonly regex: string }
  /**
   * The text of the function around, or of its file, matches; with `not`, it does not. `$NAME` stands for
   * what was caught: `List<[^;]*>\\s+$A\\b` is a declaration of it.
   */
  | { readonly is: 'context'; readonly of: 'function' | 'file'; readonly regex: string; readonly not?: boolean };

/** The names of the conditions, for whoever checks a rule. */
export type ConditionName = Condition['is'];

export type Safety = 'auto' | 'suggest' | 'manual';

/** How a match is rewritten. */
export type FixPlan =
  /** Replaces the match. `$A` stands for what it caught. */
  | { readonly kind: 'template'; readonly template: string }
  /** The call whose callback `F` caught gets another name, and what stands around it goes: `a.filter(f)[0]` -> `a.find(f)`. */
  | { readonly kind: 'call-instead'; readonly method: 'find' | 'some' }
  | { readonly kind: 'insert-after'; readonly capture: string; readonly text: string }
  /**
   * Declares a value in front of the loop, the statement or at module level, and
   * replaces the match, or the object that it calls, by `template`.
   */
  | {
      readonly kind: 'hoist';
      readonly before: 'loop' | 'statement' | 'module';
      readonly part: 'match' | 'receiver';
      readonly name: string;
      readonly value: string;
      readonly template: string;
    }
  | { readonly kind: 'push' }
  | { readonly kind: 'unspread' }
  | { readonly kind: 'set-lookup' }
  | { readonly kind: 'map-lookup' }
  | { readonly kind: 'mutate-accumulator' }
  | { readonly kind: 'queue-head' }
  | { readonly kind: 'unawait' }
  | { readonly kind: 'hoist-same' }
  | { readonly kind: 'push-reverse' }
  | { readonly kind: 'sort-once' }
  | { readonly kind: 'take-first' }
  | { readonly kind: 'ask-map' }
  | { readonly kind: 'keep-formatter' }
  | { readonly kind: 'together' };

export interface PatternRule {
  /** In kebab-case; the name of its page. */
  readonly id: string;
  readonly languages: readonly PatternLanguage[];
  readonly gate: Gate;
  /** Callees whose time belongs to a match: names of frames, `$NAME` for what was caught (with the package that it is imported from), or `package:NAME`. */
  readonly frames?: readonly string[];
  /** One of these words is in every match: a quick test that spares most texts the search. */
  readonly words: readonly string[];
  readonly ast: AstRule;
  readonly where?: readonly Condition[];
  /** npm packages for `orPackagesPct`. With them, functions that hardly ran themselves are searched too. */
  readonly packages?: readonly string[];
  /** Of these packages only the own time of functions of these names, what V8 has built in included; without them, all that they take. */
  readonly packageFrames?: readonly string[];
  /** Matches of one function are one finding, with the time of all, shown at the costliest. */
  readonly isOnePerFunction?: boolean;
  /** Rules that say less of the same place. */
  readonly supersedes?: readonly string[];
  /** A headline of a few words. */
  readonly title: string;
  /** What the code does, in a sentence; `$A` stands for what was caught. */
  readonly message: string;
  /** Why that is slow, with the complexity. */
  readonly why: string;
  /** What to do. */
  readonly fix: { readonly advice: string; readonly title?: string; readonly plan?: FixPlan };
  readonly safety: Safety;
  /** What the better way changes: the order of growth, a factor of two and more, or a little. A finding is never louder than that allows. */
  readonly effect: 'growth' | 'factor' | 'little';
  /** `auto` only for matches of which this holds too; else the fix is one to look at. */
  readonly autoWhen?: readonly AutoCondition[];
  readonly examples: { readonly bad: string; readonly good: string };
}

/** What makes a rewriting keep its meaning in every case. */
export type AutoCondition =
  /** A dense array, as literals, `map`, `split` and `Object.keys` make. */
  | { readonly is: 'dense'; readonly capture: string }
  | { readonly is: 'string'; readonly capture: string }
  /** A callback whose body only reads. */
  | { readonly is: 'pure'; readonly capture: string }
  /** A literal that is a pattern for certain: built earlier, it throws no earlier. */
  | { readonly is: 'valid-pattern'; readonly capture: string }
  /** The text is JavaScript: no type can be changed. */
  | { readonly is: 'untyped' };
