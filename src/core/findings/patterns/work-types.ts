/** Facts about the work that functions repeat, as the searching thread sends them. Lines are 0-based and of the text as it is. */

/** A loop statement, or the call of a method with a callback for each element. */
export interface LoopFact {
  readonly line: number;
  readonly endLine: number;
  /** What it goes over, as it is written; undefined where it goes over nothing that has a name. */
  readonly over: string | undefined;
  readonly kind: 'each' | 'while' | 'compare';
  /** A few turns by what is written. */
  readonly isFew: boolean;
  readonly origin: Origin | undefined;
}

/** A loop around something, and whether that works on the same in every turn. */
export interface RepeatFact extends LoopFact {
  readonly isSame: boolean;
}

/** Where a value comes from: a parameter of the function, what outlives its calls, or its own variables. */
export interface Origin {
  readonly from: 'parameter' | 'kept' | 'own' | 'constant';
  /** Of a parameter, its place in the list. */
  readonly index: number;
  /** What it comes from, as it is written. */
  readonly text: string;
}

export type WorkKind = 'search' | 'select' | 'sum' | 'sort' | 'copy' | 'add-by-copy' | 'move' | 'list' | 'walk' | 'loop' | 'build' | 'write' | 'text';

export interface WorkFact {
  readonly line: number;
  readonly endLine: number;
  readonly kind: WorkKind;
  /** The method, or what is built: `includes`, `new RegExp`, `JSON.stringify`. */
  readonly name: string;
  readonly code: string | undefined;
  readonly subject: string | undefined;
  readonly origin: Origin | undefined;
  /** All that it takes are literals and constants of the module. */
  readonly isFixed: boolean;
  /** Rows of inline callbacks in it. */
  readonly inner: readonly number[];
  /** Innermost first. */
  readonly loops: readonly RepeatFact[];
}

export interface CallFact {
  readonly line: number;
  readonly endLine: number;
  readonly callee: string;
  readonly given: readonly Origin[];
  /** Innermost first, each with the arguments that are the same in every turn. */
  readonly loops: readonly (LoopFact & { readonly same: readonly number[] })[];
}

export interface FunctionFact {
  /** Of the function and its inline callbacks. */
  readonly rows: readonly number[];
  readonly name: string;
  readonly works: readonly WorkFact[];
  readonly calls: readonly CallFact[];
}
