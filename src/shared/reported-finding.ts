/** How loud a finding is; the names of LSP's diagnostic severities. */
export type FindingLevel = 'error' | 'warning' | 'info';

/** A place in a source file as it was when it was profiled. Lines and columns are 1-based. */
export interface SourceRange {
  /** An absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** One past the last column. */
  readonly endColumn: number;
}

/** One replacement of a text, in UTF-16 offsets of the file as it was scanned. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change that a finding proposes. Applied to the text it was made from, it leaves code that parses. */
export interface FindingFix {
  readonly title: string;
  /** `auto` keeps the meaning in every case; `suggest` is to be looked at first, as a diff. */
  readonly safety: 'auto' | 'suggest';
  readonly file: string;
  readonly edits: readonly TextEdit[];
}

/**
 * A finding as every shell shows it: Problems panel, hover, flame graph, command
 * line, SARIF. Heuristics over the profile and patterns in the syntax tree end in it.
 */
export interface ReportedFinding {
  /** The same in the next recording of the same code: the rule and the place by names, without lines. */
  readonly id: string;
  /** A heuristic's or a pattern's name in kebab-case. */
  readonly rule: string;
  readonly origin: 'heuristic' | 'pattern' | 'heap';
  readonly level: FindingLevel;
  /** A headline of a few words. Plain text. */
  readonly title: string;
  /** What was measured, and what it means. Plain text but for code between backticks (`code-text.ts`), as is the advice. */
  readonly summary: string;
  /** What to do. */
  readonly advice: string;
  /** Of active time, 0 to 1. */
  readonly share: number;
  /** Half the width of the share's 95 % interval, 0 to 1. */
  readonly margin: number;
  /** In the profile's unit. */
  readonly cost: number;
  readonly samples: number;
  /** Rows of the function table whose boxes carry the mark, the most important first. */
  readonly functions: readonly number[];
  /** The nearest line of the user's own code on the way to the cost. */
  readonly place: SourceRange | undefined;
  /** A second place to show it at, and what is said there. */
  readonly also?: { readonly place: SourceRange; readonly message: string } | undefined;
  /** Callers, other places of the same cause. */
  readonly related: readonly { readonly message: string; readonly place: SourceRange }[];
  /** The rule's page in the documentation, a path in the repository such as `docs/rules/find-in-loop.md`. */
  readonly page: string | undefined;
  readonly fix: FindingFix | undefined;
  /** Of a pattern: a comment in the searched source silences it. */
  readonly isSilenced?: boolean;
  /** Another finding tells the same cause, and more of its cost: this one is not shown. */
  readonly isEcho?: boolean;
}
