/**
 * A source view whose questions have been answered, as columns: one thread follows the maps and reads the texts,
 * another has only the answers, and looks at no file.
 *
 *     by function    place (file, line, column, whether it is there), own file, map, cost without a line
 *     lines          of all functions, those of one in a row; `starts` has one more entry than there are functions
 *     files          their paths in order, with their functions and lines in rows in the same way
 */
import type { FunctionCosts } from '../core/profile/costs/function-costs';
import { StringTable } from '../core/profile/string-table';
import { functionIndex } from '../shared/brands';
import type { FileIssue } from '../shared/issue';
import { fileLocator } from './maps/locate';
import type { FileCosts, LineCost, LineRow, SourcePlace, SourceView } from './source-view';

/** Rows of (line, self, ticks), and where those of each owner begin. */
interface StoredLines {
  readonly starts: Uint32Array;
  readonly line: Int32Array;
  readonly self: Float64Array;
  readonly ticks: Float64Array;
}

export interface StoredView {
  /** Of a `StringTable`, by rising path; a column that names a file has its place here, and -1 for none. */
  readonly paths: { readonly bytes: Uint8Array; readonly offsets: Uint32Array };
  readonly place: { readonly file: Int32Array; readonly line: Int32Array; readonly column: Int32Array; readonly exists: Uint8Array };
  /** Of the functions that it was asked for. */
  readonly inText: ReadonlyMap<number, SourcePlace>;
  readonly ownFile: Int32Array;
  readonly hasMap: Uint8Array;
  /** Of the top level of bundles. */
  readonly sources: ReadonlyMap<number, readonly string[]>;
  readonly withoutLine: Float64Array;
  readonly functionFile: Int32Array;
  readonly functionLines: StoredLines;
  readonly fileFunctions: { readonly starts: Uint32Array; readonly func: Uint32Array };
  readonly fileLines: StoredLines;
  /** By falling self time. */
  readonly rows: {
    readonly func: Uint32Array;
    readonly line: Int32Array;
    readonly source: Int32Array;
    readonly self: Float64Array;
    readonly ticks: Float64Array;
  };
  readonly unread: ReadonlyMap<string, FileIssue>;
}

/** No file has so many lines, and no line so many columns: what a map says beyond it is said of its end. */
const MOST = 2 ** 31 - 1;

/** Asks a view everything. `hot` are the functions whose place in the text is wanted: that reads the text. */
export function storeView(view: SourceView, costs: FunctionCosts, hot: Iterable<number>): StoredView {
  const count = costs.self.length;
  const all = Array.from({ length: count }, (_, func) => view.place(functionIndex(func)));
  const own = Array.from({ length: count }, (_, func) => view.fileOf(functionIndex(func)));
  const lines = Array.from({ length: count }, (_, func) => view.functionLines(functionIndex(func)));
  const files = [...view.files()].sort((a, b) => (a.file < b.file ? -1 : 1));
  const rows = view.lines();
  const names = new Set<string>(files.map(({ file }) => file));
  for (const place of all) if (place) names.add(place.file);
  for (const file of own) if (file !== undefined) names.add(file);
  for (const row of lines) if (row) names.add(row.file);
  for (const { source } of rows) if (source !== undefined) names.add(source);
  const sorted = [...names].sort((a, b) => (a < b ? -1 : 1));
  const at = new Map(sorted.map((name, i) => [name, i]));
  const rowOf = (name: string | undefined): number => (name === undefined ? -1 : (at.get(name) ?? -1));
  const byFile = new Map(files.map((one) => [one.file, one]));
  const ofFile = sorted.map((name) => byFile.get(name));
  const inText = new Map<number, SourcePlace>();
  for (const func of hot) {
    const place = view.placeInText(functionIndex(func));
    if (place) inText.set(func, place);
  }
  return {
    paths: tableOf(sorted),
    place: {
      file: Int32Array.from(all, (place) => rowOf(place?.file)),
      line: Int32Array.from(all, (place) => Math.min(MOST, place?.line ?? 0)),
      column: Int32Array.from(all, (place) => Math.min(MOST, place?.column ?? 0)),
      exists: Uint8Array.from(all, (place) => Number(place?.exists ?? false)),
    },
    inText,
    ownFile: Int32Array.from(own, rowOf),
    hasMap: Uint8Array.from({ length: count }, (_, func) => Number(view.hasMap(functionIndex(func)))),
    sources: new Map(
      Array.from({ length: count }, (_, func) => [func, view.sourcesOf(functionIndex(func))] as const).filter(([, sources]) => sources.length > 0),
    ),
    withoutLine: Float64Array.from({ length: count }, (_, func) => view.withoutLine(functionIndex(func))),
    functionFile: Int32Array.from(lines, (row) => rowOf(row?.file)),
    functionLines: storeLines(lines.map((row) => row?.lines)),
    fileFunctions: {
      starts: startsOf(ofFile.map((one) => one?.functions.length ?? 0)),
      func: Uint32Array.from(ofFile.flatMap((one) => one?.functions.map(({ func }) => func as number) ?? [])),
    },
    fileLines: storeLines(ofFile.map((one) => one?.lines)),
    rows: {
      func: Uint32Array.from(rows, ({ func }) => func),
      line: Int32Array.from(rows, ({ line }) => Math.min(MOST, line)),
      source: Int32Array.from(rows, ({ source }) => rowOf(source)),
      self: Float64Array.from(rows, ({ self }) => self),
      ticks: Float64Array.from(rows, ({ ticks }) => ticks),
    },
    unread: view.unread(),
  };
}

function startsOf(counts: readonly number[]): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  for (const [i, count] of counts.entries()) starts[i + 1] = (starts[i] as number) + count;
  return starts;
}

function storeLines(owners: readonly (ReadonlyMap<number, LineCost> | undefined)[]): StoredLines {
  const starts = startsOf(owners.map((lines) => lines?.size ?? 0));
  const length = starts[owners.length] as number;
  const stored = { starts, line: new Int32Array(length), self: new Float64Array(length), ticks: new Float64Array(length) };
  let row = 0;
  for (const lines of owners) {
    for (const [line, { self, ticks }] of lines ?? []) {
      stored.line[row] = Math.min(MOST, line);
      stored.self[row] = self;
      stored.ticks[row++] = ticks;
    }
  }
  return stored;
}

function tableOf(texts: readonly string[]): StoredView['paths'] {
  // The first string of a table is the empty one.
  const { bytes, offsets } = new StringTable(new Uint8Array(0), new Uint32Array(1)).with(texts);
  return { bytes, offsets };
}

/** A view of what was stored. `urlOf` gives a function's url as the profile has it. O(1) a question, O(log files) one for a file. */
export function storedView(stored: StoredView, roots: readonly string[], urlOf: (func: number) => string): SourceView {
  const paths = new StringTable(stored.paths.bytes, stored.paths.offsets);
  const pathOf = (at: number | undefined): string | undefined => (at === undefined || at < 0 ? undefined : paths.at(at));
  const locator = fileLocator(roots); // only for what is said of paths themselves
  const place = (func: number): SourcePlace | undefined => {
    const file = pathOf(stored.place.file[func]);
    if (file === undefined) return undefined;
    return { file, line: stored.place.line[func] as number, column: stored.place.column[func] as number, exists: stored.place.exists[func] === 1 };
  };
  const known = new Map<number, FileCosts>();
  const fileAt = (at: number): FileCosts | undefined => {
    const before = known.get(at);
    if (before) return before;
    const { starts, func: funcs } = stored.fileFunctions;
    const own = funcs.subarray(starts[at], starts[at + 1]);
    const lines = linesAt(stored.fileLines, at);
    if (own.length === 0 && lines.size === 0) return undefined;
    const functions = Array.from(own, (func) => ({
      func: functionIndex(func),
      line: stored.place.line[func] as number,
      column: stored.place.column[func] as number,
    }));
    const costs: FileCosts = { file: paths.at(at), functions, lines };
    known.set(at, costs);
    return costs;
  };
  return {
    place,
    placeInText: (func) => stored.inText.get(func) ?? place(func),
    fileOf: (func) => pathOf(stored.ownFile[func]),
    nameOf: (file) => locator.relative(file) ?? file.split(/[\\/]/).slice(-2).join('/'),
    hasMap: (func) => stored.hasMap[func] === 1,
    sourcesOf: (func) => stored.sources.get(func) ?? [],
    withoutLine: (func) => stored.withoutLine[func] as number,
    functionLines(func) {
      const file = pathOf(stored.functionFile[func]);
      return file === undefined ? undefined : { file, lines: linesAt(stored.functionLines, func) };
    },
    file(file) {
      const at = placeIn(paths, file);
      return at === undefined ? undefined : fileAt(at);
    },
    *files() {
      for (let at = 0; at < paths.length; at++) {
        const costs = fileAt(at);
        if (costs) yield costs;
      }
    },
    unread: () => stored.unread,
    lines: () =>
      Array.from(stored.rows.func, (func, i): LineRow => {
        const { line, source, self, ticks } = stored.rows;
        const row = { func: functionIndex(func), line: line[i] as number, self: self[i] as number, ticks: ticks[i] as number };
        return { ...row, url: urlOf(func), source: pathOf(source[i]) };
      }),
  };
}

function linesAt({ starts, line, self, ticks }: StoredLines, owner: number): Map<number, LineCost> {
  const lines = new Map<number, LineCost>();
  for (let i = starts[owner] ?? 0; i < (starts[owner + 1] ?? 0); i++) {
    lines.set(line[i] as number, { self: self[i] as number, ticks: ticks[i] as number });
  }
  return lines;
}

/** The place of a text in a table that is in order. */
function placeIn(table: StringTable, text: string): number | undefined {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.at(middle) < text) low = middle + 1;
    else high = middle;
  }
  return low < table.length && table.at(low) === text ? low : undefined;
}
