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

export type WorkKind =
  | 'search'
  | 'select'
  | 'sum'
  | 'sort'
  | 'copy'
  | 'add-by-copy'
  | 'move'
  | 'list'
  | 'walk'
  | 'loop'
  | 'build'
  | 'write'
  | 'text'
  | 'costly';

/** A class of a package, by the names that its constructor has in a profile. */
export interface MadeOf {
  readonly package: string;
  readonly name: string;
}

/** What is said of work that costs by itself, and how the profile shows it. */
export interface CostlyWords {
  /** After the name of the function: `reads the environment`. */
  readonly deed: string;
  readonly advice: string;
  /** Why that costs, as a sentence. */
  readonly why?: string;
  /** Names of functions that it runs through. */
  readonly frames?: readonly string[];
  /** Functions of the package of which one has much of the time where it is so. */
  readonly through?: readonly string[];
  /** A program may well do it once: a function whose name says that it runs once is no cause. */
  readonly mayBeOnce?: boolean;
  /** Packages of which one has the cost. */
  readonly packages?: readonly string[];
}

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
  /** Of what costs by itself. */
  readonly words?: CostlyWords | undefined;
  /** Of an object of a package that is made. */
  readonly madeOf?: MadeOf | undefined;
  /** Rows of inline callbacks in it. */
  readonly inner: readonly number[];
  /** Innermost first. */
  readonly loops: readonly RepeatFact[];
}

export interface ElementFact {
  readonly loop: LoopFact;
  /** A loop around it that goes through the same collection in each turn. */
  readonly again: LoopFact | undefined;
  /** Names of properties that are read off the element for it. */
  readonly reads: readonly string[];
}

/** A loop around a call. */
export interface CallLoop extends LoopFact {
  /** Places of arguments that are the same in every turn. */
  readonly same: readonly number[];
  readonly isSameReceiver: boolean;
}

export interface CallFact {
  readonly line: number;
  readonly endLine: number;
  readonly callee: string;
  /** What a method is called on, or a property read off; undefined for plain calls. */
  readonly receiver: Origin | undefined;
  readonly given: readonly Origin[];
  /** It is made in one case only: in a branch of an `if` or `?:`. */
  readonly isConditional: boolean;
  /** Of what is given, by place: variables as they are, not what is made of them. */
  readonly asIs: readonly number[];
  /** All that it is given follows from the element of a loop's turn, by reading. */
  readonly ofElement: ElementFact | undefined;
  /** Innermost first, each with the arguments that are the same in every turn. */
  readonly loops: readonly CallLoop[];
}

/** Something that a function makes anew: `an object`, `what map gives`. */
export interface MadeFact {
  readonly what: string;
  readonly line: number;
  /** The innermost loop around it. */
  readonly loop: LoopFact | undefined;
}

/** A function that calls itself with what hangs on a property of what it is given: `size(node.left)`. */
export interface Descent {
  /** Of the parameter; -1 for the object of a method. */
  readonly index: number;
  readonly property: string;
}

/** A function that calls itself for each of what it looked up by a key, and keeps no result. */
export interface Unkept {
  readonly lookup: string;
  readonly over: string;
  /** 0-based, of the call. */
  readonly line: number;
}

export interface FunctionFact {
  /** Of the function and its inline callbacks. */
  readonly rows: readonly number[];
  readonly name: string;
  /** Of a function that only reads, so that the same input gives the same result: names of properties that it reads. */
  readonly reads: readonly string[] | undefined;
  /** Names of properties that it sets on what it has not just made. */
  readonly assigns: readonly string[];
  readonly line: number;
  /** A function that answers accesses to objects through a Proxy. */
  readonly isTrap: boolean;
  readonly isGetter: boolean;
  readonly descends: readonly Descent[];
  readonly unkept: Unkept | undefined;
  /** Rows of the top level of bundles that it ran in, among other sources. */
  readonly tops: readonly number[];
  readonly works: readonly WorkFact[];
  readonly makes: readonly MadeFact[];
  readonly calls: readonly CallFact[];
  /** Properties that are read, which may be getters: `callee` is the name. */
  readonly accesses: readonly CallFact[];
}
