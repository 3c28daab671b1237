import fs from 'node:fs';
import path from 'node:path';
import { readRegularTextSync } from '../../files/read-regular-sync';
import type { SkippedProcess } from '../records/announcement';
import { findProgram } from './find-program';
import { quoteNodeOption } from './node-options';
import { isDenoFile, REAL_DENO, withBunOptions } from './runtime-options';

/**
 * How a child process is reached. NODE_OPTIONS loads the hook, whose own path names the
 * session, so that one variable is enough. Programs set and replace that variable, so a
 * `node` in front of PATH puts it back (not on Windows), and every process that has the
 * hook adds both to whatever environment it gives to a child. To the program itself both
 * variables look as they would without Plateau.
 */
export interface Reach {
  /** The hook of the session. */
  readonly hook: string;
  /** Where processes of the session write. */
  readonly results: string;
  /** The folder with the session's `node`; undefined on Windows. */
  readonly bin: string | undefined;
  /** What makes Bun record itself; undefined where it cannot. */
  readonly bun?: string | undefined;
}

/** Names and values, as in `process.env`. */
export type Environment = Record<string, string | undefined>;

const option = (hook: string): string => quoteNodeOption(`--require=${hook}`);

/** NODE_OPTIONS with the hook, before all that the program itself has loaded there: that is recorded too, and does not see the hook. */
export function withHook(nodeOptions: string | undefined, hook: string): string {
  if (nodeOptions?.includes(option(hook))) return nodeOptions;
  return nodeOptions === undefined || nodeOptions.trim() === '' ? option(hook) : `${option(hook)} ${nodeOptions}`;
}

/** NODE_OPTIONS without the hook; undefined where nothing else is in it. */
export function withoutHook(nodeOptions: string, hook: string): string | undefined {
  const own = option(hook);
  const at = nodeOptions.indexOf(own);
  if (at < 0) return nodeOptions;
  const [before, after] = [nodeOptions.slice(0, at), nodeOptions.slice(at + own.length)];
  // With the blank that parts it from what is after it, or before.
  const rest = after === '' ? before.replace(/ $/, '') : before + after.replace(/^ /, '');
  return rest === '' ? undefined : rest;
}

function withBin(searchPath: string, bin: string): string {
  return searchPath.split(path.delimiter).includes(bin) ? searchPath : `${bin}${path.delimiter}${searchPath}`;
}

export function withoutBin(searchPath: string, bin: string): string {
  const parts = searchPath.split(path.delimiter);
  return parts.includes(bin) ? parts.filter((part) => part !== bin).join(path.delimiter) : searchPath;
}

/** A child process that is about to be started. */
export interface Child {
  /** As it is given: a name to look for in PATH, or a path. */
  readonly file: string;
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly cwd: string | undefined;
}

export interface ReachedChild {
  readonly environment: Environment;
  /** What to start: a bare `node` is looked up here, so that it is the one that it would be without the session's. */
  readonly file: string;
  /** What keeps the hook from being loaded into it, so that it runs unrecorded. */
  readonly forbidden: SkippedProcess['reason'] | undefined;
}

/** The environment of a child process with what reaches it. `environment` is not changed. */
export function reachChild(child: Child, environment: Environment, reach: Reach, execPath = process.execPath): ReachedChild {
  const next = { ...environment };
  const { hook, bin } = reach;
  const own = next.NODE_OPTIONS === undefined ? undefined : withoutHook(next.NODE_OPTIONS, hook);
  const isNode = isNodeFile(child.file, execPath);
  const options = isNode ? nodeArguments(child.args) : [];
  const forbidden = isNode ? whatForbids([...options, ...(own ?? '').split(/\s+/)], [path.dirname(hook), reach.results]) : undefined;
  if (forbidden) {
    if (own === undefined) delete next.NODE_OPTIONS;
    else next.NODE_OPTIONS = own;
  } else {
    // Node.js ignores NODE_OPTIONS of an --env-file where the variable is set, as it is now.
    const fromFile = own === undefined && isNode ? nodeOptionsOfEnvFiles(options, child.cwd) : undefined;
    next.NODE_OPTIONS = withHook(own ?? fromFile, hook);
  }
  let file = child.file;
  if (bin !== undefined && next.PATH !== undefined) {
    if (isNode && !file.includes('/')) file = findProgram(file, withoutBin(next.PATH, bin)) ?? file;
    next.PATH = withBin(next.PATH, bin);
  }
  if (reach.bun !== undefined) next.BUN_OPTIONS = withBunOptions(next.BUN_OPTIONS, reach.bun);
  if (bin !== undefined && file.includes('/') && isDenoFile(file) && path.dirname(file) !== bin && fs.existsSync(path.join(bin, 'deno'))) {
    next[REAL_DENO] = file;
    file = path.join(bin, 'deno');
  }
  return { environment: next, file, forbidden };
}

const isNodeFile = (file: string, execPath: string): boolean => file === execPath || /^node(?:js)?(?:\.exe)?$/i.test(file.replace(/^.*[\\/]/, ''));

/** Options of Node.js that take the next argument as their value. */
const withValue = new Set(['-r', '--require', '--import', '-e', '--eval', '-p', '--print', '-pe', '-C', '--conditions', '--loader', '--experimental-loader']);

/** The arguments before the script. */
function nodeArguments(args: readonly string[]): readonly string[] {
  let at = 0;
  for (; at < args.length && /^-./.test(args[at] as string); at++) if (withValue.has(args[at] as string)) at++;
  return args.slice(0, at);
}

/** A policy (Node.js 20) lets nothing be loaded that its manifest does not name. The permission model may grant what the hook needs: the inspector, and to read and write in the session's folders. */
function whatForbids(options: readonly string[], folders: readonly string[]): SkippedProcess['reason'] | undefined {
  if (options.some((one) => /^--(?:experimental-policy|policy-integrity)(?:=|$)/.test(one))) return 'policy';
  if (!options.some((one) => one === '--permission' || one === '--experimental-permission')) return undefined;
  const granted = (name: string): string[] =>
    options.flatMap((one, at) => (one.startsWith(`${name}=`) ? one.slice(name.length + 1) : one === name ? (options[at + 1] ?? '') : '').split(','));
  const grants = (name: string): boolean => folders.every((folder) => granted(name).some((one) => one !== '' && covers(one, folder)));
  return options.includes('--allow-inspector') && grants('--allow-fs-read') && grants('--allow-fs-write') ? undefined : 'permission-model';
}

/** `*`, a folder, or a path that ends in `*`. */
function covers(granted: string, session: string): boolean {
  if (granted === '*') return true;
  if (granted.endsWith('*')) return session.startsWith(granted.slice(0, -1));
  const folder = granted.replace(/[\\/]+$/, '');
  return session === folder || session.startsWith(folder + path.sep);
}

const MAX_ENV_FILE = 4 << 20;

/** NODE_OPTIONS as files given by `--env-file` set it, the last one first. */
function nodeOptionsOfEnvFiles(options: readonly string[], cwd = '.'): string | undefined {
  for (let at = options.length - 1; at >= 0; at--) {
    const match = /^--env-file(?:-if-exists)?(?:=(.*))?$/.exec(options[at] as string);
    const file = match?.[1] ?? (match ? options[at + 1] : undefined);
    if (file === undefined) continue;
    // What cannot be read, Node.js says itself. A pipe would be empty for it.
    const read = readRegularTextSync(path.resolve(cwd, file), { most: MAX_ENV_FILE, isChosen: true });
    if (read.ok) {
      const { value: text } = read;
      const value = /^[ \t]*(?:export[ \t]+)?NODE_OPTIONS[ \t]*=[ \t]*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^#\r\n]*))/m.exec(text);
      if (value) return (value[1] ?? value[2] ?? value[3] ?? value[4] ?? '').trim();
    }
  }
  return undefined;
}
