import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../files/project-folder';
import { isRegularFileSync } from '../files/read-regular-sync';

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
  const find = (recordedPath: string): string | undefined => {
    if (path.isAbsolute(recordedPath) && isFile(recordedPath)) return path.normalize(recordedPath);
    // No system has longer paths; a hostile one would be tried once for each of its segments.
    if (recordedPath.length > MAX_PATH) return undefined;
    const segments = recordedPath.split(/[\\/]+/).filter((segment) => segment !== '' && segment !== '.');
    for (const root of roots) {
      // Most often the checkout has another place and the same shape: try ends, longest first.
      for (let from = 0; from < segments.length; from++) {
        const candidate = path.join(root, ...segments.slice(from));
        const isWithin = !path.relative(root, candidate).startsWith('..');
        if (isWithin && isFile(candidate) && (segments.length - from >= 2 || segments.length === 1)) return candidate;
      }
    }
    byName ??= indexFiles(roots);
    const candidates = byName.get(segments.at(-1) ?? '') ?? [];
    return longestSuffix(segments, segments.length === 1 ? candidates : candidates.filter((one) => isLikely(one, segments.at(-2))));
  };
  const tops = new Set(roots.map((root) => path.resolve(root)));
  /** Any project has its `main.js` and `index.js`: a bare name says enough only at the top of a workspace, as of `/app/server.js` in a container. */
  const isLikely = (candidate: string, folder: string | undefined): boolean => {
    const own = path.dirname(path.resolve(candidate));
    return path.basename(own) === folder || tops.has(own);
  };
  return {
    ...fileScope(roots),
    locate(recordedPath) {
      if (!known.has(recordedPath)) known.set(recordedPath, find(recordedPath));
      return known.get(recordedPath);
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

function indexFiles(roots: readonly string[]): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  let count = 0;
  const folders = [...roots];
  for (let folder = folders.pop(); folder !== undefined && count < MAX_FILES; folder = folders.pop()) {
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(folder, { withFileTypes: true });
    } catch {
      continue; // not ours to read
    }
    for (const entry of entries) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) folders.push(full);
      } else if (entry.isFile()) {
        count++;
        const list = byName.get(entry.name);
        if (list) list.push(full);
        else byName.set(entry.name, [full]);
      }
    }
  }
  return byName;
}
