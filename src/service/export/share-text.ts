/**
 * What is passed on to others names nothing of this user's home: paths inside of the project are
 * written from there, others below the home folder as `~/…`. Addresses have no secrets. One function for every export.
 */
import fs from 'node:fs';
import path from 'node:path';
import { StringTable } from '../../core/profile/string-table';
import { homeFolder } from '../../files/home-folder';
import { withoutSecrets } from '../../shared/secrets';
import type { OpenedProfile } from '../profile/opened-profile';

/** Changes a text; the same text where there is nothing to change. */
export type Sharer = (text: string) => string;

/** The home folder as it is named and as it is reached. */
export function homeFolders(home = homeFolder()): string[] {
  if (home === '' || path.parse(home).root === home) return [];
  let real = home;
  try {
    real = fs.realpathSync(home);
  } catch {
    // It may be named and not be there.
  }
  return [...new Set([home, real])];
}

/** Roots that say where a file is without saying whose: a folder above the home folder names its user in every path. */
export const sharedRoots = (roots: readonly string[], homes: readonly string[] = homeFolders()): string[] =>
  roots.filter((root) => root !== '' && !homes.some((home) => home !== root && isInside(home, root)));

const isInside = (file: string, folder: string): boolean => {
  const { relative, isAbsolute, sep } = /^[A-Za-z]:[\\/]/.test(folder) ? path.win32 : path;
  const way = relative(folder, file);
  return way === '' || (way.split(sep)[0] !== '..' && !isAbsolute(way));
};

/** Of texts with paths and urls in them, wherever they stand, with either kind of slash, percent-encoded or not. */
export function sharer(roots: readonly string[], homes: readonly string[] = homeFolders()): Sharer {
  const byLength = (list: readonly string[]): string[] => [...new Set(list)].filter((folder) => folder.length > 1).sort((a, b) => b.length - a.length);
  const inRoots = byLength(sharedRoots(roots, homes)).map((root) => pattern(root));
  const inHomes = byLength(homes).map((home) => pattern(home));
  return (text) => {
    let shared = text;
    for (const root of inRoots) shared = shared.replace(root, (_, slash: string | undefined) => (slash === undefined ? '.' : ''));
    for (const home of inHomes) shared = shared.replace(home, (_, slash: string | undefined) => `~${slash ?? ''}`);
    return ADDRESS.test(shared) ? withoutSecrets(shared) : shared;
  };
}

/** A url that may have a secret in it: in its query, or before its host. */
const ADDRESS = /[?&#][^\s=?&#]{1,80}=|:\/\/[^\s/?#]{1,200}@/;
/** As they stand in a path, a url, JSON, or in the query of a url. */
const SLASH = '(?:[\\\\/]{1,2}|%2[fF]|%5[cC])';

/** A folder with the slash behind it, or alone. */
function pattern(folder: string): RegExp {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const segments = folder.replace(/[\\/]+$/, '').split(/[\\/]/);
  const forms = segments.map((segment) => {
    // Accents are written in two ways, and file systems give either.
    const names = ['NFC', 'NFD'].map((form) => segment.normalize(form)).flatMap((name) => [name, encodeURIComponent(name), encodeURI(name)]);
    const different = [...new Set(names)].map((name) => literal(name));
    return different.length === 1 ? different[0] : `(?:${different.join('|')})`;
  });
  const isWindows = /^[A-Za-z]:$/.test(segments[0] ?? '');
  return new RegExp(`(?:file:/{2,3}(?=/|[A-Za-z]:|[A-Za-z]%3A))?${forms.join(SLASH)}(?:(${SLASH})|(?![\\w.-]))`, isWindows ? 'gi' : 'g');
}

/** A table of the same rows, each changed; those that stay keep their bytes. */
function sharedStrings(strings: StringTable, share: Sharer): StringTable {
  const { bytes, offsets, length } = strings;
  const parts: Uint8Array[] = [];
  let hasChanged = false;
  for (let i = 0; i < length; i++) {
    const text = strings.at(i);
    const shared = share(text);
    hasChanged ||= shared !== text;
    parts.push(shared === text ? bytes.subarray(offsets[i], offsets[i + 1]) : Buffer.from(shared));
  }
  if (!hasChanged) return strings;
  const ends = new Uint32Array(length + 1);
  for (const [i, { length: size }] of parts.entries()) ends[i + 1] = (ends[i] as number) + size;
  return new StringTable(new Uint8Array(Buffer.concat(parts)), ends);
}

/** Changes every text in a value of objects and lists. */
function deep<T>(value: T, share: Sharer): T {
  if (typeof value === 'string') return share(value) as T;
  if (Array.isArray(value)) return value.map((one) => deep(one, share)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, deep(one, share)])) as T;
}

/** The folders that paths of a profile are written from: those that are given, and where it was recorded. */
export const rootsOf = ({ info }: OpenedProfile, roots: readonly string[]): string[] =>
  info && 'cwd' in info.recipe ? [...roots, info.recipe.cwd] : [...roots];

/** A profile as it may be passed on; only for writers, for what it names is not on this machine any more. */
export function shareable(profile: OpenedProfile, roots: readonly string[]): OpenedProfile {
  const share = sharer(rootsOf(profile, roots));
  const { tables, info, findings, warnings, threads, threadFiles, file } = profile;
  return {
    ...profile,
    file: share(file),
    tables: { ...tables, strings: sharedStrings(tables.strings, share) },
    findings: deep(findings, share),
    warnings: deep(warnings, share),
    threads: deep(threads, share),
    threadFiles: deep(threadFiles, share),
    info: info && {
      ...info,
      title: share(info.title),
      recipe: 'cwd' in info.recipe ? { ...deep(info.recipe, share), cwd: info.recipe.cwd } : deep(info.recipe, share),
    },
  };
}
