import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAnySilent } from '../../files/answering';
import { folderEntriesSync, projectFolder } from '../../files/folder-sync';
import { isRegularFileSync } from '../../files/read-regular-sync';

/** The path that a profile's url names on the machine that recorded it; undefined for what is no file (`node:`, `evalmachine`, http). */
export function urlToPath(url: string): string | undefined {
  if (url === '') return undefined;
  if (url.startsWith('file:')) {
    try {
      return fileURLToPath(url);
    } catch {
      // A Windows url on POSIX, or the other way round: keep its segments for suffix matching.
      return decodeURIComponentSafe(url.replace(/^file:\/*(?=[A-Za-z]:)/, '').replace(/^file:\/\//, ''));
    }
  }
  if (/^[A-Za-z]:[\\/]/.test(url) || url.startsWith('/')) return url;
  const bundler = /^(?:webpack|webpack-internal|vite|rollup|turbopack|ng):\/\/(?:[^/]*)\/(.*)$/.exec(url);
  if (bundler) return (bundler[1] as string).replace(/^(?:\.\/)+/, '').replace(/\?.*$/, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return undefined;
  return url.startsWith('evalmachine.') || url.startsWith('<') ? undefined : url;
}

/** A path as it was recorded, and as loaders spell the same file: with a query behind it, with its spaces encoded. */
function spellings(recorded: string): readonly string[] {
  if (recorded.length > MAX_PATH || !/[?#%]/.test(recorded)) return [recorded];
  const plain = recorded.replace(/[?#][^\\/]*$/, '');
  return [...new Set([recorded, plain, decodeURIComponentSafe(recorded), decodeURIComponentSafe(plain)])].filter((one) => !one.includes('\0'));
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Which folders the files of a profile may be read in. */
export interface FileScope {
  /** What the user has opened. */
  readonly roots: readonly string[];
  /** The folders in which a map and the sources of a script have to lie: the roots and the project of the script. */
  within(script: string): readonly string[];
}

/** Finds the files of this machine that a profile speaks of. */
export interface FileLocator extends FileScope {
  /** An existing file: the path itself, or the workspace's file with the longest common end, of a folder and a name at least. */
  locate(recordedPath: string): string | undefined;
  /** A file's path from the root that it is in, with forward slashes; undefined for files elsewhere. */
  relative(file: string): string | undefined;
}

const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', '.plateau', '.cache', '.yarn', '.pnpm-store']);
const MAX_FILES = 200_000;
const MAX_PATH = 4096;
/** Nobody's folders are deeper; of a longer path the last ones count. */
const MAX_SEGMENTS = 64;

/** What stands at the top is looked up again after so long: a locator lives as long as a window. */
const TOP_MS = 1000;

/** Names that are one where case does not count, or the form of accents, are one here. */
const comparable = (name: string): string => name.normalize('NFC').toLowerCase();

export function fileScope(roots: readonly string[]): FileScope {
  const projects = new Map<string, readonly string[]>();
  return {
    roots,
    within(script) {
      const folder = path.dirname(script);
      let found = projects.get(folder);
      if (!found) {
        const project = projectFolder(script, roots);
        found = project === undefined ? roots : [...roots, project];
        projects.set(folder, found);
      }
      return found;
    },
  };
}

export function fileLocator(roots: readonly string[]): FileLocator {
  const isFile = (file: string): boolean => isRegularFileSync(file, roots);
  const known = new Map<string, string | undefined>();
  let byName: Map<string, string[]> | undefined;
  const topNames = new Map<string, { readonly at: number; readonly names: ReadonlySet<string> }>();
  /** What stands at the top of a root: of the many ends of a path few begin there, and only those are tried. */
  const topOf = (root: string): ReadonlySet<string> => {
    const now = performance.now();
    const known = topNames.get(root);
    if (known && now - known.at < TOP_MS) return known.names;
    const names = new Set(folderEntriesSync(root).map(({ name }) => comparable(name)));
    topNames.set(root, { at: now, names });
    return names;
  };
  const find = (recordedPath: string): string | undefined => {
    const spelled = spellings(recordedPath);
    const there = spelled.find((one) => path.isAbsolute(one) && isFile(one));
    if (there !== undefined) return path.normalize(there);
    for (const one of spelled) {
      const found = findByEnd(one);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const findByEnd = (recordedPath: string): string | undefined => {
    // No system has longer paths; a hostile one would be tried once for each of its segments.
    if (recordedPath.length > MAX_PATH) return undefined;
    const segments = recordedPath.split(/[\\/]+/).filter((segment) => segment !== '' && segment !== '.');
    // Most often the checkout has another place and the same shape: try ends, longest first.
    for (const root of roots) {
      const top = topOf(root);
      for (let from = Math.max(0, segments.length - MAX_SEGMENTS); from < segments.length; from++) {
        if ((segments.length - from < 2 && segments.length > 1) || !top.has(comparable(segments[from] as string))) continue;
        const candidate = path.join(root, ...segments.slice(from));
        const isWithin = !path.relative(root, candidate).startsWith('..');
        if (isWithin && isFile(candidate)) return candidate;
      }
    }
    const index = byName ?? indexFiles(roots);
    if (!isAnySilent()) byName = index;
    return longestSuffix(segments, candidatesIn(index, segments));
  };
  return {
    ...fileScope(roots),
    locate(recordedPath) {
      if (known.has(recordedPath)) return known.get(recordedPath);
      const found = find(recordedPath);
      if (found !== undefined || !isAnySilent()) known.set(recordedPath, found);
      return found;
    },
    relative(file) {
      if (!path.isAbsolute(file)) return undefined;
      for (const root of roots) {
        const own = path.relative(root, file);
        if (own !== '' && !path.isAbsolute(own) && own.split(path.sep)[0] !== '..') return own.split(path.sep).join('/');
      }
      return undefined;
    },
  };
}

/** The candidate that shares the most trailing segments; undefined where the best is shared by several. */
export function longestSuffix(segments: readonly string[], candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestLength = 0;
  let tied = false;
  for (const candidate of candidates) {
    const own = candidate.split(/[\\/]+/);
    let length = 0;
    while (length < own.length && length < segments.length && own[own.length - 1 - length] === segments[segments.length - 1 - length]) length++;
    if (length > bestLength) {
      best = candidate;
      bestLength = length;
      tied = false;
    } else if (length === bestLength) tied = true;
  }
  return tied ? undefined : best;
}

/**
 * Any project has its `main.js` and `index.js`: a name with its folder says enough, and a bare one alone
 * where nothing else is known, or at the top of a workspace, as of `/app/server.js` in a container.
 */
function candidatesIn(index: ReadonlyMap<string, readonly string[]>, segments: readonly string[]): readonly string[] {
  const of = (key: string): readonly string[] => index.get(key) ?? [];
  const name = segments.at(-1) ?? '';
  return segments.length === 1 ? of(name) : [...new Set([...of(`${segments.at(-2)}/${name}`), ...of(`/${name}`)])];
}

/** Files by their name, by `folder/name`, and by `/name` at the top of a root. */
function indexFiles(roots: readonly string[]): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  let count = 0;
  const tops = new Set(roots.map((root) => path.resolve(root)));
  const add = (key: string, file: string): void => {
    const list = byName.get(key);
    if (list) list.push(file);
    else byName.set(key, [file]);
  };
  const folders = [...roots];
  for (let folder = folders.pop(); folder !== undefined && count < MAX_FILES; folder = folders.pop()) {
    for (const { name, kind } of folderEntriesSync(folder)) {
      const full = path.join(folder, name);
      if (kind === 'folder') {
        if (!SKIPPED.has(name)) folders.push(full);
      } else if (kind === 'file') {
        count++;
        const own = path.resolve(folder);
        for (const key of [name, `${path.basename(own)}/${name}`, ...(tops.has(own) ? [`/${name}`] : [])]) add(key, full);
      }
    }
  }
  return byName;
}
