import type { FunctionView } from '../core/profile/tables';
import type { FunctionIndex } from '../shared/brands';
import type { FileIssue } from '../shared/issue';
import type { SourceFunction } from './parse/parse-functions';

/** A place in a source file, 1-based as an editor shows it. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** False where the file is not on this machine: `file` is then what was recorded. */
  readonly exists: boolean;
}

export interface LineCost {
  /** Microseconds. */
  self: number;
  /** Samples; NaN where they are not known. */
  ticks: number;
}

export interface FileFunction {
  readonly func: FunctionIndex;
  readonly line: number;
  readonly column: number;
}

/** What a profile says of one source file. */
export interface FileCosts {
  readonly file: string;
  readonly functions: readonly FileFunction[];
  /** By 1-based line. */
  readonly lines: ReadonlyMap<number, LineCost>;
}

/** What one line costs, all functions on it together. */
export interface LineRow {
  /** As the profile has it; of the costliest function on the line. */
  readonly url: string;
  /** 1-based: in the source where a source map leads to one, else in the file that ran. */
  readonly line: number;
  /** The source's path, where a source map leads to it. */
  readonly source: string | undefined;
  /** The function with most self time on the line. */
  readonly func: FunctionIndex;
  /** Microseconds. */
  readonly self: number;
  readonly ticks: number;
}

/** A profile seen from the sources: through source maps, on this machine's files. */
export interface SourceView {
  place(func: FunctionIndex): SourcePlace | undefined;
  /** The same, where V8 itself would put it in the text of the source: a map may lead to the call around it. Reads that text. */
  placeInText(func: FunctionIndex): SourcePlace | undefined;
  /** The file of this machine that a function stands in, also where its line is not known. Source maps are not followed. */
  fileOf(func: FunctionIndex): string | undefined;
  /** What names a file on every machine: its path from the root that it is in; of others, the end of their path. */
  nameOf(file: string): string;
  /** Whether its script has a source map on this machine. */
  hasMap(func: FunctionIndex): boolean;
  /** Of the top level of a bundle, the files of this machine that it was made of, packages left out; the first hundred. */
  sourcesOf(func: FunctionIndex): readonly string[];
  /** The part of a function's own cost whose line is not known: its source map cannot tell it, or the file has no lines. */
  withoutLine(func: FunctionIndex): number;
  /** Hot lines of one function: 1-based line -> cost, with the file they are in. */
  functionLines(func: FunctionIndex): { readonly file: string; readonly lines: ReadonlyMap<number, LineCost> } | undefined;
  /** Everything that is known of a file; undefined for a file without samples. */
  file(file: string): FileCosts | undefined;
  files(): Iterable<FileCosts>;
  /** Maps that a script names, that are there, and that are not read: what has been asked for so far. */
  unread(): ReadonlyMap<string, FileIssue>;
  /** Every line with a cost, scripts without a file (Node.js internals, eval) too, by falling self time. */
  lines(): LineRow[];
}

/** The same while it follows maps and reads texts itself. */
export interface FollowedView extends SourceView {
  /** What the source has where a map leads from a function; undefined without a map, and for the code of a module itself. */
  sourceFunction(func: FunctionIndex): SourceFunction | undefined;
}

/** Whether a map leads from where a function ran to this place: a compiler may keep every line and column. */
export function isElsewhere(sources: SourceView, { index, line, column }: FunctionView, place: SourcePlace): boolean {
  return place.line !== line + 1 || place.column !== column + 1 || (sources.hasMap(index) && place.file !== sources.fileOf(index));
}
