import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPathsMatcher } from 'get-tsconfig';
import { projectCache } from './project-cache';
import { regularText } from './regular-text';
import { compilerOptionsOf, tsconfigFor } from './tsconfig';

const isTypescript = (file: string): boolean => /\.(tsx?|mts|cts|jsx)$/i.test(file);
const isPackaged = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file);

/**
 * The file that a TypeScript file of the project means by an import, where Node.js would
 * not find it or find another: `./x.js` that is written `x.ts`, no extension, a folder's
 * index, `paths`, `baseUrl` and `rootDirs` of the tsconfig. Undefined leaves it to Node.js.
 */
export function resolveImport(specifier: string, parentFile: string | undefined): string | undefined {
  if (!parentFile || !isTypescript(parentFile) || isPackaged(parentFile) || isBuiltin(specifier)) return undefined;
  return findImport(specifier, parentFile);
}

/** The same where Node.js has tried and found nothing: for JavaScript that imports TypeScript, packages that are written in it, and the program's own file. */
export function resolveFailed(specifier: string, parentFile: string | undefined, error: unknown): string | undefined {
  const { code, url, path: missing, message } = error as { code?: string; url?: string; path?: string; message?: string };
  if (!/^(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_UNSUPPORTED_DIR_IMPORT)$/.test(code ?? '')) return undefined;
  const named = [pathOf(url), missing, /'([^']+)'/.exec(message ?? '')?.[1]];
  for (const file of named) {
    const twin = file !== undefined && path.isAbsolute(file) ? sourceFile(file) : undefined;
    if (twin && isTypescript(twin)) return twin;
  }
  const file = parentFile && !isPackaged(parentFile) ? findImport(specifier, parentFile) : entryFile(specifier);
  return file ?? (parentFile ? packageFile(plainOf(specifier), parentFile) : undefined);
}

/** What an import ends with that is no part of its path; kept, because it makes another module. */
export const queryOf = (specifier: string): string => /[?#].*$/.exec(specifier.startsWith('#') ? '' : specifier)?.[0] ?? '';

const plainOf = (specifier: string): string => specifier.slice(0, specifier.length - queryOf(specifier).length);

function entryFile(specifier: string): string | undefined {
  const file = pathOf(specifier) ?? (path.isAbsolute(specifier) ? specifier : undefined);
  return file ? sourceFile(file) : undefined;
}

function findImport(specifier: string, parentFile: string): string | undefined {
  const plain = plainOf(specifier);
  if (plain.startsWith('#')) return undefined;
  if (plain.startsWith('file:')) return sourceFile(pathOf(plain) ?? '');
  if (/^[a-z][a-z0-9+.-]+:/i.test(plain)) return undefined;
  if (path.isAbsolute(plain)) return sourceFile(plain);
  if (!/^\.\.?([\\/]|$)/.test(plain)) return firstFile(matchPaths(plain, parentFile));
  const at = path.resolve(path.dirname(parentFile), plain);
  // A slash at the end means a folder, though a file has the same name.
  return (/[\\/]$|(?:^|[\\/])\.\.?$/.test(plain) ? folderFile(at) : sourceFile(at)) ?? (exists(at) ? undefined : firstFile(inRootDirs(at, parentFile)));
}

/** The folders of `rootDirs` are one for imports. */
function inRootDirs(file: string, parentFile: string): string[] {
  const { rootDirs } = compilerOptionsOf(parentFile);
  const config = tsconfigFor(parentFile)?.path;
  if (!Array.isArray(rootDirs) || !config) return [];
  const roots = (rootDirs as string[]).map((root) => path.resolve(path.dirname(config), root)).sort((a, b) => b.length - a.length);
  const own = roots.find((root) => file.startsWith(root + path.sep));
  return own ? roots.filter((root) => root !== own).map((root) => path.join(root, path.relative(own, file))) : [];
}

function firstFile(candidates: readonly string[]): string | undefined {
  for (const candidate of candidates) {
    const file = sourceFile(candidate) ?? (isFile(candidate) && !/\.d\.[cm]?ts$/i.test(candidate) ? candidate : undefined);
    if (file) return file;
  }
  return undefined;
}

const matchers = projectCache<(specifier: string) => string[]>();

function matchPaths(specifier: string, parentFile: string): string[] {
  const config = tsconfigFor(parentFile);
  if (!config) return [];
  let matcher = matchers.get(config.path);
  if (!matcher) {
    try {
      matcher = createPathsMatcher(config) ?? (() => []);
    } catch {
      matcher = () => []; // `paths` that TypeScript refuses
    }
    matchers.set(config.path, matcher);
  }
  return matcher(specifier);
}

/** Where the compiler looks for what is written with the extension of its output, TypeScript first. */
const twins: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};
const added = ['.ts', '.tsx', '.mts', '.cts', '.jsx', '.js', '.mjs', '.cjs', '.json'];

/** Undefined where only what is written is there: that is Node.js's own business. */
function sourceFile(file: string): string | undefined {
  const extension = path.extname(file).toLowerCase();
  const bare = file.slice(0, file.length - extension.length);
  for (const twin of twins[extension] ?? []) if (isFile(bare + twin)) return bare + twin;
  if (isFile(file)) return isTypescript(file) && !/\.d\.[cm]?ts$/i.test(file) ? file : undefined;
  for (const one of added) if (isFile(file + one)) return file + one;
  return folderFile(file);
}

function folderFile(folder: string): string | undefined {
  const main = readPackage(folder)?.main;
  const file = typeof main === 'string' ? sourceFile(path.join(folder, main)) : undefined;
  if (file) return file;
  for (const one of added) if (isFile(path.join(folder, `index${one}`))) return path.join(folder, `index${one}`);
  return undefined;
}

/** The TypeScript that a package without `exports` means, as a workspace has them: a `main` without extension, a file by its path. */
function packageFile(specifier: string, parentFile: string): string | undefined {
  const [, name, inside] = /^((?:@[^/]+\/)?[^./@#][^/]*)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (!name || isBuiltin(specifier)) return undefined;
  for (let at = path.dirname(parentFile); ; at = path.dirname(at)) {
    const folder = path.join(at, 'node_modules', name);
    const about = readPackage(folder);
    if (about) {
      const file = about.exports !== undefined ? undefined : inside ? sourceFile(path.join(folder, inside)) : folderFile(folder);
      return file && isTypescript(file) ? file : undefined;
    }
    if (path.dirname(at) === at) return undefined;
  }
}

function readPackage(folder: string): { main?: unknown; exports?: unknown } | undefined {
  try {
    return JSON.parse(regularText(path.join(folder, 'package.json'))) as { main?: unknown; exports?: unknown };
  } catch {
    return undefined;
  }
}

function pathOf(url: string | undefined): string | undefined {
  try {
    return url?.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : undefined;
  } catch {
    return undefined;
  }
}

const exists = (file: string): boolean => fs.existsSync(file);

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
