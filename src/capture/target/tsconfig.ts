import fs from 'node:fs';
import path from 'node:path';
import { createFilesMatcher, parseTsconfig, type TsConfigResult } from 'get-tsconfig';
import { projectCache } from './project-cache';
import { isSpecial, regularText } from './regular-text';

/**
 * The tsconfig that governs a file: the nearest one, if it includes the file; else a
 * project that it references and that does; else one further up that names the file.
 * A file that none of them includes (a script beside `src`) is run with the nearest
 * one's settings, as ts-node and tsx do. Undefined without one, or if it cannot be read.
 */
export function tsconfigFor(file: string): TsConfigResult | undefined {
  const known = governing.get(file);
  if (known !== undefined) return known ?? undefined;
  const found = find(file);
  governing.set(file, found ?? null);
  return found;
}

const governing = projectCache<TsConfigResult | null>();
const parsed = projectCache<TsConfigResult | undefined>();
const matchers = projectCache<(file: string) => unknown>();

/** The settings of the compiler that a file is run with. */
export function compilerOptionsOf(file: string): Readonly<Record<string, unknown>> {
  return (tsconfigFor(file)?.config.compilerOptions ?? {}) as Record<string, unknown>;
}

function find(file: string): TsConfigResult | undefined {
  let nearest: TsConfigResult | undefined;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const config = read(path.join(folder, 'tsconfig.json'));
    if (config) {
      // One without a list of files takes in everything below it, which says nothing against a nearer one.
      const isOwner = includes(config, file) && (!nearest || config.config.include !== undefined || config.config.files !== undefined);
      const owner = isOwner ? config : referenced(config, file, new Set([config.path]));
      if (owner) return owner;
      nearest ??= config;
    }
    if (path.dirname(folder) === folder) break;
  }
  return nearest && isSolution(nearest) ? (references(nearest)[0] ?? nearest) : nearest;
}

function referenced(config: TsConfigResult, file: string, seen: Set<string>): TsConfigResult | undefined {
  for (const project of references(config)) {
    if (seen.has(project.path)) continue;
    seen.add(project.path);
    const owner = includes(project, file) ? project : referenced(project, file, seen);
    if (owner) return owner;
  }
  return undefined;
}

/** The projects that one names; those that are not there are left out. */
function references({ path: from, config }: TsConfigResult): TsConfigResult[] {
  const list: unknown = config.references;
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: { path?: unknown } | null) => {
    if (typeof one?.path !== 'string') return [];
    const at = path.resolve(path.dirname(from), one.path);
    return read(/\.json$/i.test(at) ? at : path.join(at, 'tsconfig.json')) ?? [];
  });
}

/** One that has no files and no settings of its own, and only names others. */
function isSolution({ config }: TsConfigResult): boolean {
  return config.files?.length === 0 && !config.include && Object.keys(config.compilerOptions ?? {}).length === 0;
}

function includes(config: TsConfigResult, file: string): boolean {
  let matches = matchers.get(config.path);
  if (!matches) {
    try {
      // Told, not tried: the package would write a file into the working folder to find out.
      matches = createFilesMatcher(config, process.platform === 'linux');
    } catch {
      matches = () => undefined; // a pattern that cannot be read
    }
    matchers.set(config.path, matches);
  }
  return matches(file) !== undefined;
}

/** Whether a tsconfig, or one that it extends by its path, extends a pipe or a device: the package would open it. */
function extendsSpecial(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const named = [...regularText(file).matchAll(/"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/g)].flatMap(([, list = '']) => [...list.matchAll(/"([^"]*)"/g)]);
  return named.some(([, name = '']) => {
    if (!/^(?:\.|[/\\]|[A-Za-z]:)/.test(name)) return false;
    const at = path.resolve(path.dirname(file), name);
    const ways = [at, `${at}.json`, path.join(at, 'tsconfig.json')];
    return ways.some(isSpecial) || ways.some((one) => isFile(one) && extendsSpecial(one, seen));
  });
}

const isFile = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function read(file: string): TsConfigResult | undefined {
  if (parsed.has(file)) return parsed.get(file);
  let found: TsConfigResult | undefined;
  try {
    if (fs.statSync(file).isFile() && !extendsSpecial(file)) found = { path: file, config: parseTsconfig(file) };
  } catch {
    // None here; or broken, which is the editor's to report: files run with the defaults.
  }
  parsed.set(file, found);
  return found;
}
