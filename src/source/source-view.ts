import path from 'node:path';
import { isCode } from '../core/profile/categories';
import type { FunctionCosts } from '../core/profile/costs/function-costs';
import { type FunctionLineCost, lineCosts } from '../core/profile/costs/line-costs';
import type { FunctionView, ProfileTables } from '../core/profile/tables';
import { type FunctionIndex, functionIndex } from '../shared/brands';
import type { FileIssue } from '../shared/issue';
import { javaFile } from './java-file';
import { type FileLocator, urlToPath } from './maps/locate';
import { findFunction, type RanFunction } from './maps/map-functions';
import { type MappedOwner, ownerOfLine } from './maps/map-lines';
import { originalTexts } from './maps/original-texts';
import { mapBudget, type OriginalPosition, type ScriptMap, sourceMapOf } from './maps/source-maps';
import { isOutside, namedPackageOf } from './package-folder';
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

/** A bundle of more sources is a whole site's: its top level hardly calls anything itself. */
const MOST_SOURCES = 100;

/** The same while it follows maps and reads texts itself. */
export interface FollowedView extends SourceView {
  /** What the source has where a map leads from a function; undefined without a map, and for the code of a module itself. */
  sourceFunction(func: FunctionIndex): SourceFunction | undefined;
}

/** Where a line's cost belongs; `several` where statements share the line that ran, which is then given as it is. */
interface LinePlace {
  readonly file: string;
  readonly line: number;
  readonly kind: 'mapped' | 'several' | 'as-it-ran';
}

interface Script {
  readonly recorded: string;
  readonly file: string | undefined;
  readonly map: ScriptMap | undefined;
}

export function sourceView(tables: ProfileTables, costs: FunctionCosts, locator: FileLocator): FollowedView {
  const { functions } = tables;
  const scripts = new Map<number, Script | undefined>();
  const unread = new Map<string, FileIssue>();
  const budget = mapBudget();

  const scriptOf = (func: number): Script | undefined => {
    const urlIndex = functions.url[func] as number;
    if (!scripts.has(urlIndex)) scripts.set(urlIndex, openScript(tables.strings.at(urlIndex)));
    return scripts.get(urlIndex);
  };
  const openScript = (url: string): Script | undefined => {
    const recorded = urlToPath(url);
    if (recorded === undefined) return undefined;
    const file = locator.locate(recorded);
    // TypeScript is saved with its own positions; only JavaScript is somebody's output.
    const map =
      file && /\.[cm]?jsx?$/i.test(file) ? sourceMapOf(file, { scope: locator, budget, onRefused: (refused, issue) => unread.set(refused, issue) }) : undefined;
    return { recorded, file, map };
  };
  const localize = (source: string, script: Script): { file: string; exists: boolean } => {
    const file = locator.locate(source);
    // A source that was not shipped with its map must not become another package's file of the same name.
    const isOther =
      file !== undefined && file !== source && path.isAbsolute(source) && script.file === script.recorded && isOutside(packageFolder(script), file);
    return file === undefined || isOther ? { file: source, exists: false } : { file, exists: true };
  };
  const packageFolders = new Map<string, string | undefined>();
  const packageFolder = ({ recorded }: Script): string | undefined => {
    if (!packageFolders.has(recorded)) packageFolders.set(recorded, namedPackageOf(recorded, locator.roots));
    return packageFolders.get(recorded);
  };

  /** The top level of a bundle is no source's: its first mapping belongs to whatever stands first in it. */
  const isWholeScript = (func: number): boolean =>
    functions.line[func] === 0 && functions.column[func] === 0 && tables.strings.at(functions.name[func] as number) === '';

  const place = (func: FunctionIndex): SourcePlace | undefined => {
    const line = functions.line[func] as number;
    const script = scriptOf(func);
    if (!script || line < 0) return undefined;
    const column = functions.column[func] as number;
    const original = isWholeScript(func) ? undefined : (script.map?.original(line + 1, Math.max(0, column)) ?? aroundTicks(func, script));
    if (original) return { ...localize(original.source, script), line: original.line, column: original.column + 1 };
    return { file: script.file ?? script.recorded, exists: script.file !== undefined, line: line + 1, column: column + 1 };
  };

  const textOf = originalTexts((source) => locator.locate(source), locator);
  const ranOf = (func: number): RanFunction => ({
    name: tables.strings.at(functions.name[func] as number),
    line: (functions.line[func] as number) + 1,
    column: Math.max(0, functions.column[func] as number),
  });
  const owners = new Map<number, MappedOwner>();
  const ownerOf = (func: number, map: ScriptMap): MappedOwner => {
    let owner = owners.get(func);
    if (!owner) {
      const ran = ranOf(func);
      let found: { readonly fn: MappedOwner['fn'] } | undefined;
      owner = {
        line: ran.line,
        column: ran.column,
        // Asked for only where a line has places of several lines.
        get fn() {
          found ??= { fn: isWholeScript(func) ? 'top' : findFunction(map, ran, [], textOf)?.fn };
          return found.fn;
        },
      };
      owners.set(func, owner);
    }
    return owner;
  };

  /** Where the head of a function is the compiler's own, as of a generator's body, the lines that ran say which function of the source it is. */
  const aroundTicks = (func: number, { map }: Script): OriginalPosition | undefined => {
    if (!map || (costs.hits[func] as number) === 0) return undefined;
    const rows = costsByLine();
    const ticks: number[] = [];
    for (let i = firstRow(rows, func); rows[i]?.func === func; i++) ticks.push((rows[i] as FunctionLineCost).line);
    const found = findFunction(map, ranOf(func), ticks, textOf);
    return found?.fn === 'top' ? undefined : found;
  };

  const originalLine = (func: number, generated: number): LinePlace | undefined => {
    const script = scriptOf(func);
    if (!script) return undefined;
    if (script.map) {
      const owner = ownerOfLine(script.map, generated, ownerOf(func, script.map), textOf);
      if (owner.kind === 'line') return { file: localize(owner.source, script).file, line: owner.line, kind: 'mapped' };
      if (owner.kind === 'several') return { file: script.file ?? script.recorded, line: generated, kind: 'several' };
    }
    return { file: script.file ?? script.recorded, line: generated, kind: 'as-it-ran' };
  };

  let lineRows: FunctionLineCost[] | undefined;
  const costsByLine = (): readonly FunctionLineCost[] => (lineRows ??= lineCosts(tables));

  let byFile: Map<string, { file: string; functions: FileFunction[]; lines: Map<number, LineCost> }> | undefined;
  const build = (): void => {
    byFile = new Map();
    const fileRow = (file: string) => {
      let row = byFile?.get(file);
      if (!row) {
        row = { file, functions: [], lines: new Map() };
        byFile?.set(file, row);
      }
      return row;
    };
    for (let func = 0; func < functions.length; func++) {
      if (!isCode(functions.category[func] as number) || (costs.total[func] as number) <= 0) continue;
      const at = place(functionIndex(func));
      if (at) fileRow(at.file).functions.push({ func: functionIndex(func), line: at.line, column: at.column });
    }
    for (const cost of costsByLine()) {
      const at = originalLine(cost.func, cost.line);
      if (!at) continue;
      addLine(fileRow(at.file).lines, at.line, cost);
    }
  };

  /** One function's lines, without looking at any other's script: opening a profile asks for a few hot ones. */
  const byFunction = new Map<number, { file: string; lines: Map<number, LineCost> } | undefined>();
  const linesOfFunction = (func: number): { file: string; lines: Map<number, LineCost> } | undefined => {
    let own: { file: string; lines: Map<number, LineCost> } | undefined;
    const rows = costsByLine();
    for (let i = firstRow(rows, func); i < rows.length; i++) {
      const cost = rows[i] as FunctionLineCost;
      if (cost.func !== func) break;
      // V8 gives ticks of inlined callees the line in the callee's file: before its first line, a function has none.
      if (cost.line <= (functions.line[func] as number)) continue;
      const at = originalLine(func, cost.line);
      if (!at || at.kind === 'several') continue;
      own ??= { file: at.file, lines: new Map() };
      if (own.file === at.file) addLine(own.lines, at.line, cost);
    }
    return own;
  };

  const lines = (): LineRow[] => {
    // By file, then by line: one text for each line of a large profile would be most of the work.
    const byFile = new Map<string, Map<number, LineDraft>>();
    const rows: LineDraft[] = [];
    let latest: string | undefined;
    let byLine = new Map<number, LineDraft>();
    for (const cost of costsByLine()) {
      const at = originalLine(cost.func, cost.line);
      const url = tables.strings.at(functions.url[cost.func] as number);
      const line = at?.line ?? cost.line;
      const file = at?.file ?? url;
      // They come by function, so the file is mostly that of the one before.
      if (file !== latest) {
        latest = file;
        byLine = byFile.get(file) ?? new Map();
        byFile.set(file, byLine);
      }
      let row = byLine.get(line);
      if (!row) {
        row = { url, line, source: undefined, func: functionIndex(cost.func), self: 0, ticks: 0, most: Number.NEGATIVE_INFINITY };
        byLine.set(line, row);
        rows.push(row);
      }
      row.self += cost.self;
      row.ticks += cost.ticks;
      if (cost.self <= row.most) continue;
      row.most = cost.self;
      row.url = url;
      row.source = at?.kind === 'mapped' ? at.file : undefined;
      row.func = functionIndex(cost.func);
    }
    return rows.sort((a, b) => b.self - a.self);
  };

  return {
    place,
    placeInText(func) {
      const script = scriptOf(func);
      const found =
        script?.map && !isWholeScript(func) && (functions.line[func] as number) >= 0 ? findFunction(script.map, ranOf(func), [], textOf) : undefined;
      if (!script || !found?.fn || found.fn === 'top') return place(func);
      return { ...localize(found.source, script), line: found.line, column: found.column + 1 };
    },
    sourceFunction(func) {
      const map = (functions.line[func] as number) < 0 || isWholeScript(func) ? undefined : scriptOf(func)?.map;
      const found = map && findFunction(map, ranOf(func), [], textOf)?.fn;
      return found === 'top' ? undefined : found;
    },
    fileOf(func) {
      const { file } = scriptOf(func) ?? {};
      if (file !== undefined) return file;
      const wanted = javaFile(tables.strings.at(functions.name[func] as number));
      const found = wanted === undefined ? undefined : locator.locate(wanted);
      return found?.replaceAll('\\', '/').endsWith(`/${wanted}`) ? found : undefined;
    },
    lines,
    unread: () => unread,
    hasMap: (func) => scriptOf(func)?.map !== undefined,
    sourcesOf(func) {
      const script = isWholeScript(func) ? scriptOf(func) : undefined;
      if (!script?.map) return [];
      const own = script.map.sources.filter((source) => !/[\\/]node_modules[\\/]/.test(source)).slice(0, MOST_SOURCES);
      return own.map((source) => localize(source, script)).flatMap(({ file, exists }) => (exists ? [file] : []));
    },
    withoutLine(func) {
      let left = costs.self[func] as number;
      const rows = costsByLine();
      for (let i = firstRow(rows, func); rows[i]?.func === func; i++) {
        const { line, self } = rows[i] as FunctionLineCost;
        if (originalLine(func, line)?.kind !== 'several') left -= self;
      }
      return Math.max(0, left);
    },
    nameOf: (file) => locator.relative(file) ?? file.split(/[\\/]/).slice(-2).join('/'),
    functionLines(func) {
      if (!byFunction.has(func)) byFunction.set(func, linesOfFunction(func));
      return byFunction.get(func);
    },
    file(file) {
      if (!byFile) build();
      return byFile?.get(file);
    },
    files() {
      if (!byFile) build();
      return byFile?.values() ?? [];
    },
  };
}

/** Whether a map leads from where a function ran to this place: a compiler may keep every line and column. */
export function isElsewhere(sources: SourceView, { index, line, column }: FunctionView, place: SourcePlace): boolean {
  return place.line !== line + 1 || place.column !== column + 1 || (sources.hasMap(index) && place.file !== sources.fileOf(index));
}

/** The first row of a function, or of the next one that has any, in rows by rising function. */
function firstRow(rows: readonly FunctionLineCost[], func: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as FunctionLineCost).func < func) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A line while its costs are summed up. */
type LineDraft = { -readonly [K in keyof LineRow]: LineRow[K] } & { most: number };

function addLine(lines: Map<number, LineCost>, line: number, cost: { self: number; ticks: number }): void {
  const row = lines.get(line);
  if (row) {
    row.self += cost.self;
    row.ticks += cost.ticks;
  } else lines.set(line, { self: cost.self, ticks: cost.ticks });
}
