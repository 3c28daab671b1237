import { isScript, languageOf, type PatternLanguage } from '../../core/findings/patterns/pattern-rule';
import type { FileJob, FunctionRow } from '../../core/findings/patterns/scan';
import { Category } from '../../core/profile/categories';
import { functionAt } from '../../core/profile/tables';
import { type FunctionIndex, functionIndex } from '../../shared/brands';
import { alignLines, lineFingerprints } from '../../source/align-lines';
import { isElsewhere, type SourcePlace, type SourceView } from '../../source/source-view';
import type { OpenedProfile } from '../profile/opened-profile';
import type { PatternWarning } from './pattern-scanner';

/** Functions with less than this part of the active time are not searched; no rule's gate is lower. */
const HOT_SHARE = 0.01;
/** Functions below this cannot change what a match explains. */
const SEEN_SHARE = 0.0005;
const MAX_FUNCTIONS = 400;
/** Lines longer than this are generated: no person would look for a cause in them. */
const MAX_LINE = 5000;
const MAX_TEXT = 16 << 20;

/** Which files are searched, and how they are read. */
export interface FileOptions {
  /** The text of a file as it is now: the open document's where there is one. */
  readonly readText: (file: string) => Promise<string | undefined>;
  /** Dependencies are searched too; otherwise only the user's own code. */
  readonly includeDependencies?: boolean | undefined;
  /** Files whose functions hardly ran are searched too: what they await costs elsewhere. */
  readonly includeCold?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file to be searched, and the lines that it had when it was profiled: `recorded[i]` is the 0-based line of line i, -1 for a new one. */
export interface ScannedFile {
  readonly job: FileJob;
  readonly recorded: Int32Array | undefined;
  /** Whether its text is known to be the one that was profiled. */
  readonly isUnchanged: boolean;
}

/** The files with hot functions, each with the places of these in its text as it is now; what cannot be searched becomes a warning. */
export async function filesToScan(
  profile: OpenedProfile,
  languages: ReadonlySet<PatternLanguage>,
  options: FileOptions,
  warnings: PatternWarning[],
): Promise<ScannedFile[]> {
  const rows = hotRows(profile, options.includeDependencies === true, options.includeCold === true);
  const tops = topsOfBundles(profile, rows);
  const files: ScannedFile[] = [];
  for (const [file, own] of rows) {
    if (options.signal?.aborted) return [];
    const language = languageOf(file);
    if (!language || !languages.has(language)) continue;
    const hot = own.filter(({ isHot }) => isHot).length;
    const text = await options.readText(file);
    if (text === undefined) warnings.push({ kind: 'missing-source', file, functions: hot });
    else if (text.length > MAX_TEXT) warnings.push({ kind: 'too-large', file, length: text.length });
    else {
      const aligned = alignment(profile, file, text);
      const lines = text.split('\n');
      const placed = own.flatMap((row) => placeNow(row, aligned?.now));
      const changed = hot - placed.filter(({ isHot }) => isHot).length;
      if (changed > 0) warnings.push({ kind: 'changed-source', file, functions: changed });
      const readable = placed.filter((row) => (lines[row.line]?.length ?? 0) <= MAX_LINE);
      const long = placed.filter((row) => row.isHot && (lines[row.line]?.length ?? 0) > MAX_LINE);
      const [first] = long;
      if (first) {
        const isMapped = profile.sources.hasMap(functionIndex(first.func));
        warnings.push({ kind: 'long-lines', file, length: lines[first.line]?.length ?? 0, isMapped });
      }
      const isWhole = options.includeCold === true && isScript(language);
      const ran = tops.get(file) ?? [];
      if (isWhole ? readable.length > 0 : readable.some(({ isHot }) => isHot) || ran.length > 0)
        files.push({
          job: { file, language, text, rows: readable, tops: ran, skippedRules: [], isWhole },
          recorded: aligned?.before,
          isUnchanged: !aligned && profile.info?.sources[file] !== undefined,
        });
    }
  }
  return files;
}

/** The rows of the function table to look at, by file: the files with the hottest functions first. */
function hotRows(profile: OpenedProfile, includeDependencies: boolean, includeCold: boolean): Map<string, FunctionRow[]> {
  const { tables, costs, totals, sources } = profile;
  const isWanted = (category: number): boolean => category === Category.User || (includeDependencies && category === Category.Dependency);
  const rows: number[] = [];
  for (let func = 0; func < tables.functions.length; func++) {
    if (isWanted(tables.functions.category[func] as number) && (includeCold || (costs.total[func] as number) >= totals.active * SEEN_SHARE)) rows.push(func);
  }
  rows.sort((a, b) => (costs.total[b] as number) - (costs.total[a] as number));
  const byFile = new Map<string, FunctionRow[]>();
  let hot = 0;
  for (const func of rows) {
    const other = otherPlace(sources, functionIndex(func));
    const isHot = (costs.total[func] as number) >= totals.active * HOT_SHARE && hot < MAX_FUNCTIONS;
    const place = other ? undefined : isHot ? sources.placeInText(functionIndex(func)) : sources.place(functionIndex(func));
    const file = other?.file ?? (place?.exists ? place.file : undefined);
    if (file === undefined || (place && isWrapper(profile, functionIndex(func), place))) continue;
    if (isHot) hot++;
    const view = functionAt(tables, functionIndex(func));
    const isMapped = place !== undefined && isElsewhere(sources, view, place);
    const at = place ? { line: place.line - 1, column: place.column - 1 } : { line: other?.line ?? -1, column: -1 };
    const row: FunctionRow = { func, name: isMapped ? undefined : view.name, ...at, isHot };
    const list = byFile.get(file);
    if (list) list.push(row);
    else if (isHot || includeCold) byFile.set(file, [row]);
  }
  return byFile;
}

/**
 * The top level of a bundle is that of all of its sources, one after the other. By source, the rows of it; sources with
 * nothing else are added to the files.
 */
function topsOfBundles({ tables: { functions }, costs, totals, sources }: OpenedProfile, rows: Map<string, FunctionRow[]>): Map<string, number[]> {
  const tops = new Map<string, number[]>();
  for (let func = 0; func < functions.length; func++) {
    if (functions.category[func] !== Category.User || (costs.total[func] as number) < totals.active * HOT_SHARE) continue;
    for (const file of sources.sourcesOf(functionIndex(func))) {
      const language = languageOf(file);
      if (!language || !isScript(language)) continue;
      if (!rows.has(file)) rows.set(file, []);
      tops.set(file, [...(tops.get(file) ?? []), func]);
    }
  }
  return tops;
}

/**
 * Whether a function is what a bundler or a loader put around a module: nothing of it is in a source,
 * though its script has a map, and what it does itself is the module's.
 */
function isWrapper({ costs, totals, sources }: OpenedProfile, func: FunctionIndex, place: SourcePlace): boolean {
  if (!sources.hasMap(func) || place.file !== sources.fileOf(func)) return false;
  return (costs.self[func] as number) < totals.active * HOT_SHARE || sources.functionLines(func)?.file !== place.file;
}

/** Of a function in another language than JavaScript, its file and a 0-based line in it, -1 where the profile has none. */
function otherPlace(sources: SourceView, func: FunctionIndex): { readonly file: string; readonly line: number } | undefined {
  const file = sources.fileOf(func);
  const language = file === undefined ? undefined : languageOf(file);
  if (file === undefined || !language || isScript(language)) return undefined;
  const [ran] = sources.functionLines(func)?.lines.keys() ?? [];
  return { file, line: (ran ?? sources.place(func)?.line ?? 0) - 1 };
}

/** Where the lines of the profiled text stand now, and the other way round; undefined where nothing has changed or nothing is known. */
function alignment({ info }: OpenedProfile, file: string, text: string): { readonly now: Int32Array; readonly before: Int32Array } | undefined {
  const recorded = info?.sources[file];
  if (!recorded) return undefined;
  const lines = lineFingerprints(text);
  if (lines.length === recorded.length && lines.every((line, i) => line === recorded[i])) return undefined;
  const now = alignLines(recorded, lines);
  const before = new Int32Array(lines.length).fill(-1);
  for (const [line, at] of now.entries()) if (at >= 0) before[at] = line;
  return { now, before };
}

/** A row with its line as it is now; nothing where that line has changed. */
function placeNow(row: FunctionRow, now: Int32Array | undefined): FunctionRow[] {
  if (!now) return [row];
  const line = now[row.line] ?? -1;
  return line < 0 ? [] : [{ ...row, line }];
}
