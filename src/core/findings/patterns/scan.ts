import type { FindingFix, TextEdit } from '../../../shared/reported-finding';
import type { FunctionFact } from './facts/work-types';
import type { AstRule, PatternLanguage } from './pattern-rule';
import type { Suppression } from './suppressions';
import type { SyntaxNode } from './syntax';

/**
 * What a search for patterns gets and gives. Offsets are UTF-16, lines and columns
 * 0-based and of the text as it is.
 */

/** Where a rule's shape was found, with what its variables caught. Offsets in the text searched. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly (readonly [name: string, start: number, end: number])[];
}

export interface ParsedText {
  readonly root: SyntaxNode;
  /** Parses the text with edits, which do not overlap; what they leave as it is is not parsed again. */
  reparse(edits: readonly TextEdit[]): ParsedText;
  close(): void;
}

/** What reads syntax trees. Whoever opens something closes it. */
export interface SyntaxEngine {
  parse(language: PatternLanguage, text: string): ParsedText;
  searcher(language: PatternLanguage, text: string): { search(ast: AstRule): Hit[]; close(): void };
}

/** A row of the profile's function table, where V8 places it in the text. */
export interface FunctionRow {
  readonly func: number;
  /** V8's name, which the text must have there; undefined where the text is another than what ran (a source map), and need not. */
  readonly name: string | undefined;
  /** Of other languages than JavaScript's, any line of the function; -1 where none is known. */
  readonly line: number;
  readonly column: number;
  readonly isHot: boolean;
}

export interface FileJob {
  readonly file: string;
  readonly language: PatternLanguage;
  readonly text: string;
  readonly rows: readonly FunctionRow[];
  /** Rows of the top level of bundles that the file was made part of: its own top level ran there, among those of others. */
  readonly tops?: readonly number[];
  /** Rules that are not to be tried: what they did to the file before. */
  readonly skippedRules: readonly string[];
  /** Functions that are not hot, or have no row, are searched too, by rules about packages: what they await runs below none of them. */
  readonly isWhole?: boolean;
  /** Without a profile, as for examples: every function counts as hot. */
  readonly isAllHot?: boolean;
}

export interface ScannedMatch {
  readonly rule: string;
  /** Rows of the function that it stands in; none where it was never seen to run. */
  readonly owners: readonly number[];
  /** The name of that function in the text; empty for none. */
  readonly ownerName: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Where it is shown, if that is not its start: the name of the method that ends a chain over several lines. */
  readonly shownAt?: { readonly line: number; readonly column: number } | undefined;
  /** Rows of functions that stand within it. */
  readonly inner: readonly number[];
  /** Rows of inline callbacks that it stands in. */
  readonly around: readonly number[];
  /** Names of callees whose time is its own. */
  readonly callees: readonly string[];
  /** What the rule's variables caught, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly fix: Pick<FindingFix, 'title' | 'safety' | 'edits'> | undefined;
  readonly isSuppressed: boolean;
}

export interface UnusedSuppression extends Pick<Suppression, 'line' | 'column' | 'endColumn' | 'rules'> {
  readonly owners: readonly number[];
}

export interface FileScan {
  readonly matches: readonly ScannedMatch[];
  /** Rows of callbacks that run within a function's own code, by that function's rows. */
  readonly callbacks: readonly { readonly owner: number; readonly callback: number }[];
  readonly unused: readonly UnusedSuppression[];
  /** What its functions do again and again; only of texts that are read as a whole. */
  readonly facts: readonly FunctionFact[];
  /** Hot functions that were searched, and those that the text does not have where the profile says. */
  readonly scanned: number;
  readonly missing: number;
  /** Hot functions of a large text whose end was not found. */
  readonly tooLong: number;
}
