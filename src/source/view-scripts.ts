import path from 'node:path';
import type { ProfileTables } from '../core/profile/tables';
import type { FileIssue } from '../shared/issue';
import { type FileLocator, urlToPath } from './maps/locate';
import type { RanFunction } from './maps/map-functions';
import { mapBudget, type ScriptMap, sourceMapOf } from './maps/source-maps';
import { isOutside, namedPackageOf } from './package-folder';

/** A script as it ran: what was recorded of it, and what this machine has. */
export interface Script {
  readonly recorded: string;
  readonly file: string | undefined;
  readonly map: ScriptMap | undefined;
}

/** The scripts of a profile, with their source maps. */
export interface ProfiledScripts {
  /** The script of a function; undefined where that has no file. */
  of(func: number): Script | undefined;
  /** A source that a script's map names, on this machine. */
  localize(source: string, script: Script): { readonly file: string; readonly exists: boolean };
  /** The top level of a bundle is no source's: its first mapping belongs to whatever stands first in it. */
  isWhole(func: number): boolean;
  ran(func: number): RanFunction;
  /** Maps that are there and were refused. */
  readonly unread: ReadonlyMap<string, FileIssue>;
}

export function profiledScripts({ functions, strings }: ProfileTables, locator: FileLocator): ProfiledScripts {
  const scripts = new Map<number, Script | undefined>();
  const unread = new Map<string, FileIssue>();
  const budget = mapBudget();
  const packageFolders = new Map<string, string | undefined>();

  const open = (url: string): Script | undefined => {
    const recorded = urlToPath(url);
    if (recorded === undefined) return undefined;
    const file = locator.locate(recorded);
    // TypeScript is saved with its own positions; only JavaScript is somebody's output.
    const map =
      file && /\.[cm]?jsx?$/i.test(file) ? sourceMapOf(file, { scope: locator, budget, onRefused: (refused, issue) => unread.set(refused, issue) }) : undefined;
    return { recorded, file, map };
  };
  const packageFolder = ({ recorded }: Script): string | undefined => {
    if (!packageFolders.has(recorded)) packageFolders.set(recorded, namedPackageOf(recorded, locator.roots));
    return packageFolders.get(recorded);
  };
  const nameOf = (func: number): string => strings.at(functions.name[func] as number);

  return {
    of(func) {
      const urlIndex = functions.url[func] as number;
      if (!scripts.has(urlIndex)) scripts.set(urlIndex, open(strings.at(urlIndex)));
      return scripts.get(urlIndex);
    },
    localize(source, script) {
      const file = locator.locate(source);
      // A source that was not shipped with its map must not become another package's file of the same name.
      const isOther =
        file !== undefined && file !== source && path.isAbsolute(source) && script.file === script.recorded && isOutside(packageFolder(script), file);
      return file === undefined || isOther ? { file: source, exists: false } : { file, exists: true };
    },
    isWhole: (func) => functions.line[func] === 0 && functions.column[func] === 0 && nameOf(func) === '',
    ran: (func) => ({ name: nameOf(func), line: (functions.line[func] as number) + 1, column: Math.max(0, functions.column[func] as number) }),
    unread,
  };
}
