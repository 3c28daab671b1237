import path from 'node:path';
import type { HeapScript } from '../../core/heap/graph/heap-graph';
import type { HeapPlace } from '../../core/heap/leaks/leak-path';
import { readRegularTextSync } from '../../files/read-regular-sync';
import type { HuntPlace } from '../../shared/hunt';
import { fileLocator, urlToPath } from '../../source/maps/locate';
import { type ScriptMap, sourceMapOf } from '../../source/maps/source-maps';
import { type Declarations, declarationsOf } from '../../source/parse/find-declaration';
import type { VariableUser } from '../../source/parse/find-uses';
import { readScriptTable, type ScriptTable } from '../profile/script-table';

/** Leads from scripts as they ran, through source maps, to files of this machine. */
export interface ScriptPlaces {
  /** Whether nothing is known of the scripts. */
  readonly isEmpty: boolean;
  /** The table of scripts, where it was not read for its size. */
  readonly tooLarge: Extract<ScriptTable, { kind: 'too-large' }> | undefined;
  place(at: HeapPlace, url?: string): HuntPlace | undefined;
  /** Where a variable is declared that a function at this place sees, and what it is called there: a bundle may call it otherwise. */
  variable(name: string, at: HeapPlace): { readonly name: string; readonly place: HuntPlace } | undefined;
  /** What the function at a place is called in its source; undefined where nothing tells. */
  functionName(at: HeapPlace): string | undefined;
  /** Whether a place leads through a source map to a source. */
  isMapped(at: HeapPlace): boolean;
  /** Which of the functions that see a variable makes it hold more; `running` are those that ran meanwhile, innermost first. */
  user(name: string, functions: readonly HeapPlace[], running: readonly HeapPlace[]): VariableUser | undefined;
  /** Where a property gets its value in the class whose constructor is at this place. */
  property(name: string, at: HeapPlace): HuntPlace | undefined;
  /** A file's path from the folder that it is in, of those that were asked for. */
  shown(file: string): string;
}

interface Script {
  readonly file: string;
  readonly map: ScriptMap | undefined;
}

const MOST_TEXT = 8 << 20;

/** Reads the table of scripts beside a snapshot; one that is missing, damaged or too large gives nothing. */
export function scriptPlaces(tableFile: string, roots: readonly string[]): ScriptPlaces {
  const read = readScriptTable(tableFile);
  const table: ReadonlyMap<number, HeapScript> = read.kind === 'table' ? read.scripts : new Map();
  const ran = ranScripts(table, roots);
  const declarations = sourceDeclarations(roots);
  const { place, mapped } = ran;
  return {
    isEmpty: table.size === 0,
    tooLarge: read.kind === 'too-large' ? read : undefined,
    place,
    isMapped: ({ scriptId, line, column }) => mapped(scriptId, line + 1, column) !== undefined,
    functionName: ({ scriptId, line, column }) => mapped(scriptId, line + 1, column)?.name,
    variable: (name, from) => variableOf(ran, declarations, name, from),
    user: (name, functions, running) => userOf(ran, declarations, { name, functions, running }),
    property(name, from) {
      const made = place(from);
      return made && isOwnFile(made.file) ? placeIn(made.file, declarations(made.file)?.property(name, made.line)) : undefined;
    },
    shown(file) {
      const within = roots.map((root) => path.relative(root, file)).find((relative) => !relative.startsWith('..') && !path.isAbsolute(relative));
      return (within ?? file).replace(/\\/g, '/');
    },
  };
}

/** Scripts as they ran, by their numbers. */
interface RanScripts {
  /** `url` is for scripts that the table does not have. */
  script(id: number, url?: string): Script | undefined;
  place(at: HeapPlace, url?: string): HuntPlace | undefined;
  /** What a map says of a place of a script, 1-based line and 0-based column; undefined where it has none, and where the script is the source itself. */
  mapped(scriptId: number, line: number, column: number): { readonly name: string | undefined; readonly place: HuntPlace } | undefined;
}

function ranScripts(table: ReadonlyMap<number, HeapScript>, roots: readonly string[]): RanScripts {
  const locator = fileLocator(roots);
  const scripts = new Map<number, Script | undefined>();
  const open = (url: string, mapUrl: string): Script | undefined => {
    const recorded = urlToPath(url);
    if (recorded === undefined || isHarness(recorded)) return undefined;
    const file = locator.locate(recorded);
    return { file: file ?? recorded, map: file === undefined || mapUrl === '' ? undefined : sourceMapOf(file, { url: mapUrl, scope: locator }) };
  };
  const script = (id: number, url = ''): Script | undefined => {
    if (!scripts.has(id)) {
      const row = table.get(id);
      scripts.set(id, open(row?.url ?? url, row?.sourceMapUrl ?? ''));
    }
    return scripts.get(id);
  };
  return {
    script,
    place({ scriptId, line, column }, url) {
      const found = script(scriptId, url);
      if (!found) return undefined;
      const original = found.map?.original(line + 1, Math.max(0, column));
      if (!original) return { file: found.file, line: line + 1, column: column + 1 };
      return { file: locator.locate(original.source) ?? original.source, line: original.line, column: original.column + 1 };
    },
    mapped(scriptId, line, column) {
      const found = script(scriptId);
      const [segment] = found?.map?.segments(line, Math.max(0, column)) ?? [];
      if (!found || !segment || segment.generated > column) return undefined;
      const file = locator.locate(segment.source) ?? segment.source;
      return file === found.file ? undefined : { name: segment.name, place: { file, line: segment.line, column: segment.column + 1 } };
    },
  };
}

/** What a file declares; undefined where it cannot be read. */
type DeclarationsOf = (file: string) => Declarations | undefined;

function sourceDeclarations(roots: readonly string[]): DeclarationsOf {
  const sources = new Map<string, Declarations | undefined>();
  return (file) => {
    if (!sources.has(file)) sources.set(file, readSource(file, roots));
    return sources.get(file);
  };
}

function placeIn(file: string, found: { readonly line: number; readonly column: number } | undefined): HuntPlace | undefined {
  return found && { file, line: found.line, column: found.column + 1 };
}

function variableOf({ script, place, mapped }: RanScripts, declarations: DeclarationsOf, name: string, from: HeapPlace): ReturnType<ScriptPlaces['variable']> {
  // Where it stands in the script that ran, the map leads to the source and to its name there.
  const of = script(from.scriptId);
  const ran = of?.map && isOwnFile(of.file) ? declarations(of.file)?.variable(name, from.line + 1, from.column) : undefined;
  const source = ran && mapped(from.scriptId, ran.line, ran.column);
  if (source) return { name: source.name ?? name, place: source.place };
  const seen = place(from);
  const found = seen && isOwnFile(seen.file) ? placeIn(seen.file, declarations(seen.file)?.variable(name, seen.line, seen.column - 1)) : undefined;
  return found && { name, place: found };
}

interface UserWanted {
  readonly name: string;
  readonly functions: readonly HeapPlace[];
  readonly running: readonly HeapPlace[];
}

function userOf({ script, place, mapped }: RanScripts, declarations: DeclarationsOf, { name, functions, running }: UserWanted): VariableUser | undefined {
  const bundled = functions.find((one) => mapped(one.scriptId, one.line + 1, one.column));
  const bundle = bundled && script(bundled.scriptId);
  // Names and places are those of the script that ran where it is not the source itself.
  const whereOf = (one: HeapPlace): HuntPlace | undefined => {
    if (!bundled || !bundle) return place(one);
    return one.scriptId === bundled.scriptId ? { file: bundle.file, line: one.line + 1, column: one.column + 1 } : undefined;
  };
  const seen = functions.map(whereOf);
  const file = seen.find((one) => one && isOwnFile(one.file))?.file;
  if (file === undefined) return undefined;
  const positions = (places: readonly (HuntPlace | undefined)[]) =>
    places.flatMap((one, index) => (one?.file === file ? [{ line: one.line, column: one.column - 1, index }] : []));
  const asked = positions(seen);
  const user = declarations(file)?.user(name, asked, positions(running.map(whereOf)));
  const index = user && asked[user.index]?.index;
  return index === undefined ? undefined : { index, isSure: user?.isSure === true };
}

/** Neither a dependency's nor Node.js's. */
export const isOwnFile = (file: string): boolean => path.isAbsolute(file) && !/[\\/]node_modules[\\/]/.test(file);

/** What Plateau loads into a program. */
const isHarness = (file: string): boolean =>
  /[\\/](?:dist[\\/]target|plateau-\w+[\\/]node_modules[\\/][0-9a-f]{16})[\\/](?:loop\.mjs|(?:hook|agent)\.cjs)$/.test(file);

function readSource(file: string, own: readonly string[]): Declarations | undefined {
  const read = readRegularTextSync(file, { most: MOST_TEXT, own });
  return read.ok ? (declarationsOf(read.value, file) ?? declarationsByText(read.value)) : undefined;
}

/** For scripts within a page, and what no parser takes: the first place that reads like a declaration. */
function declarationsByText(text: string): Declarations {
  const find = (name: string, before: string): { line: number; column: number } | undefined => {
    const escaped = name.replace(/[^\p{L}\p{N}_]/gu, '\\$&');
    const match = new RegExp(`${before}${escaped}(?![\\p{L}\\p{N}_$])`, 'u').exec(text);
    if (!match) return undefined;
    const at = match.index + match[0].length - name.length;
    const lineStart = text.lastIndexOf('\n', at - 1) + 1;
    return { line: text.slice(0, lineStart).split('\n').length, column: at - lineStart };
  };
  return {
    variable: (name) => find(name, '\\b(?:const|let|var|function|class)\\s{1,100}'),
    property: (name) => find(name, '\\bthis\\.'),
    user: () => undefined,
  };
}
