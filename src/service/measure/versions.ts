import fs from 'node:fs';
import path from 'node:path';
import { privateFolder, removeStale } from '../../capture/session/private-folder';
import { removeFolder } from '../../capture/session/remove-folder';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { err, ok, type Result } from '../../shared/result';
import { git, runGit } from './git';
import { linkDependencies, unlinkDependencies } from './link-dependencies';
import type { MeasureIssue } from './measure-issue';
import { RUN_PREFIX } from './timed-run';

/** A version of the program that is measured. */
export interface Version {
  /** The root of its files. */
  readonly root: string;
  /** As it was asked for; `working tree` for what the user edits. */
  readonly name: string;
  /** Undefined for the working tree. */
  readonly commit: string | undefined;
}

/** Two versions side by side, and what differs besides their code. */
export interface Versions {
  readonly before: Version;
  readonly after: Version;
  /** The user's checkout, which the command names. */
  readonly root: string;
  /** By file before, from the root, its name after: git's renames. */
  readonly renames: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** Removes what was made. Never rejects. */
  dispose(): Promise<void>;
}

export interface VersionsRequest {
  readonly cwd: string;
  /** Undefined only for a self-check of the working tree. */
  readonly before: string | undefined;
  /** Undefined for the working tree. */
  readonly after: string | undefined;
  /** Installs a version's own dependencies in its folder; they are linked unless said. */
  readonly install: ((folder: string) => Promise<boolean>) | undefined;
  readonly signal: AbortSignal;
}

const PREFIX = 'plateau-measure-';
const WORKING_TREE = 'working tree';
/** The largest lock files have some MB. */
const MOST_LOCK = 64 << 20;
const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];

/**
 * Makes a worktree for each version that is not the working tree, in the system's folder for
 * temporary files. Of the user's repository it writes git's note of the worktree alone, and takes
 * that back; what an earlier run left that was killed is cleared away first.
 */
export async function prepareVersions({ cwd, before, after, install, signal }: VersionsRequest): Promise<Result<Versions, MeasureIssue>> {
  const top = (await git(cwd, ['rev-parse', '--show-toplevel']))?.trim();
  if (top === undefined || top === '') {
    if (before === undefined && after === undefined) return ok(same(path.resolve(cwd)));
    return err({ kind: 'no-repository', folder: cwd });
  }
  const root = fs.realpathSync(top);
  await clearStale(root);
  if (before === undefined && after === undefined) return ok(same(root));
  const trees: { folder: string; tree: string; links: readonly string[] }[] = [];
  const dispose = async (): Promise<void> => {
    for (const one of trees.splice(0)) await removeTree(root, one);
  };
  const warnings: string[] = [];
  const versionOf = async (ref: string | undefined): Promise<Result<Version, MeasureIssue>> => {
    if (ref === undefined) return ok({ root, name: WORKING_TREE, commit: undefined });
    const commit = (await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]))?.trim();
    if (commit === undefined || commit === '') return err({ kind: 'no-such-version', ref });
    const made = privateFolder(PREFIX);
    if (!made.ok) return err({ kind: 'capture', issue: made.error });
    const entry: { folder: string; tree: string; links: readonly string[] } = {
      folder: made.value,
      tree: path.join(made.value, path.basename(root)),
      links: [],
    };
    trees.push(entry);
    try {
      await runGit(root, ['worktree', 'add', '--detach', '--quiet', entry.tree, commit], signal);
    } catch (error) {
      return err(signal.aborted ? { kind: 'cancelled' } : { kind: 'no-worktree', ref, detail: wordsOf(error) });
    }
    if (install) {
      if (!(await install(entry.tree))) return err(signal.aborted ? { kind: 'cancelled' } : { kind: 'not-installed', ref });
    } else entry.links = linkDependencies(root, entry.tree, await packageFolders(root, commit));
    return ok({ root: fs.realpathSync(entry.tree), name: ref, commit });
  };
  const first = await versionOf(before);
  const second = first.ok ? await versionOf(after) : first;
  if (!first.ok || !second.ok) {
    await dispose();
    return first.ok ? (second as Result<never, MeasureIssue>) : first;
  }
  if (!install) warnings.push(...(await lockWarnings(root, [first.value, second.value])));
  if (fs.existsSync(path.join(first.value.root, '.gitmodules'))) warnings.push('Submodules are empty in the version that is checked out beside.');
  return ok({ before: first.value, after: second.value, root, renames: await renamesOf(root, first.value, second.value), warnings, dispose });
}

const same = (root: string): Versions => {
  const version = { root, name: WORKING_TREE, commit: undefined };
  return { before: version, after: version, root, renames: new Map(), warnings: [], dispose: () => Promise.resolve() };
};

/**
 * What a killed run left: its folder, and git's note of the worktree in it, which is locked where git was still making it (hence the
 * second --force). Worktrees of the user's are not looked at.
 */
async function clearStale(root: string): Promise<void> {
  await Promise.all([removeStale(PREFIX), removeStale(RUN_PREFIX)]);
  for (const line of ((await git(root, ['worktree', 'list', '--porcelain'])) ?? '').split('\n')) {
    const tree = /^worktree (.*)$/.exec(line)?.[1];
    if (tree !== undefined && isOurs(tree) && !fs.existsSync(tree)) await git(root, ['worktree', 'remove', '--force', '--force', tree]);
  }
}

/** Whether a worktree lies where `prepareVersions` makes them. */
export const isOurs = (tree: string): boolean => new RegExp(`[\\\\/]${PREFIX}[^\\\\/]+[\\\\/][^\\\\/]+$`).test(tree);

async function removeTree(root: string, { folder, tree, links }: { folder: string; tree: string; links: readonly string[] }): Promise<void> {
  try {
    unlinkDependencies(tree, links);
    await git(root, ['worktree', 'remove', '--force', '--force', tree]);
    removeFolder(folder);
    // Where git would not remove it, its note is of a folder that is gone now.
    await git(root, ['worktree', 'remove', '--force', '--force', tree]);
  } catch {
    // The next start tries again.
  }
}

/** Folders of the packages of a repository, whose dependencies may lie beside. */
async function packageFolders(root: string, commit: string): Promise<string[]> {
  const listed = (await git(root, ['ls-tree', '-r', '--name-only', '-z', commit])) ?? '';
  const found = listed.split('\0').filter((file) => path.posix.basename(file) === 'package.json' && !file.split('/').includes('node_modules'));
  return [...new Set(['', ...found.map((file) => path.posix.dirname(file)).map((folder) => (folder === '.' ? '' : folder))])].sort();
}

async function lockWarnings(root: string, [before, after]: readonly [Version, Version]): Promise<string[]> {
  const read = (version: Version, name: string): string | undefined => {
    const found = readRegularTextSync(path.join(version.root, name), { most: MOST_LOCK, within: [version.root] });
    return found.ok ? found.value : undefined;
  };
  const differing = lockFiles.filter((name) => read(before, name) !== read(after, name));
  const other =
    before.commit !== undefined && after.commit !== undefined ? lockFiles.filter((name) => read({ ...before, root }, name) !== read(before, name)) : [];
  const names = [...new Set([...differing, ...other])];
  if (names.length === 0) return [];
  return [
    `${names.join(' and ')} differ${names.length === 1 ? 's' : ''} between the versions, and both run with the dependencies that are installed; --install installs their own.`,
  ];
}

async function renamesOf(root: string, before: Version, after: Version): Promise<ReadonlyMap<string, string>> {
  if (before.commit === undefined) return new Map();
  const range = after.commit === undefined ? [before.commit] : [before.commit, after.commit];
  const listed = (await git(root, ['diff', '--no-ext-diff', '--find-renames', '--diff-filter=R', '--name-status', '-z', ...range])) ?? '';
  return parseRenames(listed);
}

/** `git diff --name-status -z`: `R087`, the name before, the name after, each ended by a zero. */
export function parseRenames(text: string): Map<string, string> {
  const words = text.split('\0');
  const renames = new Map<string, string>();
  for (let at = 0; at + 2 < words.length; at += 3) if (/^R\d*$/.test(words[at] as string)) renames.set(words[at + 1] as string, words[at + 2] as string);
  return renames;
}

const wordsOf = (error: unknown): string => {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n').at(-1) ?? '';
};
