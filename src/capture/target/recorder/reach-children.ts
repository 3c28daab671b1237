import fs from 'node:fs';
import path from 'node:path';
import { type Environment, type Reach, reachChild, withHook, withoutBin, withoutHook } from '../../environment/child-environment';
import { CHAIN } from '../../environment/node-chain';
import { withoutBunOptions } from '../../environment/runtime-options';
import type { SkippedProcess } from '../../records/announcement';
import { internalBinding } from './internal-binding';
import { uniqueName } from './unique-name';

/** As it was before a program could replace it. */
const { existsSync } = fs;

/** What Node.js hands to the system: `args[0]` is the program's own name, `envPairs` are `NAME=value`. */
interface SpawnOptions {
  file: string;
  args?: string[] | undefined;
  cwd?: string | undefined;
  envPairs?: string[] | undefined;
}
type Spawn = (options: SpawnOptions) => unknown;
interface Bindings {
  process_wrap: { Process: { prototype: { spawn: (...args: unknown[]) => unknown } } };
  spawn_sync: { spawn: Spawn };
}

export interface ChildWatch {
  /** The recording is over, and nothing is to be reached any more. */
  isOver(): boolean;
  /** The thread is about to block until a child has ended; then, that it is free again. */
  blocking(isBlocked: boolean): void;
  /** Another program is about to take this process. */
  replacing(): void;
}

/** Takes away what reached this process from what the program sees. */
export function hideReach({ hook, bin, bun }: Reach): void {
  const { NODE_OPTIONS, PATH, BUN_OPTIONS } = process.env;
  delete process.env[CHAIN];
  if (NODE_OPTIONS !== undefined) {
    const own = withoutHook(NODE_OPTIONS, hook);
    if (own === undefined) delete process.env.NODE_OPTIONS;
    else if (own !== NODE_OPTIONS) process.env.NODE_OPTIONS = own;
  }
  if (bin !== undefined && PATH !== undefined) {
    const own = withoutBin(PATH, bin);
    if (own !== PATH) process.env.PATH = own;
  }
  if (bun !== undefined && BUN_OPTIONS !== undefined) {
    const own = withoutBunOptions(BUN_OPTIONS, bun);
    if (own === undefined) delete process.env.BUN_OPTIONS;
    else if (own !== BUN_OPTIONS) process.env.BUN_OPTIONS = own;
  }
  // A worker that was given options of its own has the hook among them.
  const at = process.execArgv.indexOf(hook);
  if (at > 0 && process.execArgv[at - 1] === '--require') process.execArgv.splice(at - 1, 2);
}

/**
 * Every process that this thread starts, in whatever way, is reached. The place is below
 * all of `child_process`, where nothing of it stands in stack traces and nothing is in
 * its way.
 */
export function reachChildren(reach: Reach, watch: ChildWatch): void {
  const prepare = (options: SpawnOptions): SpawnOptions => {
    try {
      if (watch.isOver() || !existsSync(reach.hook)) return options;
      const environment = environmentOf(options.envPairs);
      const { cwd, file, args = [] } = options;
      const reached = reachChild({ file, args: args.slice(1), cwd }, environment, reach);
      if (reached.forbidden) skip(reach.results, reached.forbidden, args);
      return { ...options, file: reached.file, envPairs: pairsOf(reached.environment) };
    } catch {
      return options; // the program comes first
    }
  };
  const bindings = bindingsOf();
  if (bindings) {
    reachSpawned(bindings.process_wrap.Process.prototype, prepare);
    const spawnSync = bindings.spawn_sync.spawn;
    bindings.spawn_sync.spawn = function spawnSyncThrough(options) {
      if (isOwnChild(options)) return spawnSync(options);
      watch.blocking(true);
      try {
        return spawnSync(prepare(options));
      } finally {
        watch.blocking(false);
      }
    };
  }
  reachReplacement(reach, watch.replacing);
}

/** Node.js hands over one object, or since 24.22 and 26 each value by itself: file, arguments, folder, environment, and what is passed on. */
function reachSpawned(prototype: Bindings['process_wrap']['Process']['prototype'], prepare: (options: SpawnOptions) => SpawnOptions): void {
  prototype.spawn = new Proxy(prototype.spawn, {
    apply: function spawnThrough(target, handle, given: [string | SpawnOptions, ...unknown[]]): unknown {
      const [first, ...rest] = given;
      if (typeof first === 'object') return Reflect.apply(target, handle, [prepare(first), ...rest]);
      const [args, cwd, envPairs, ...others] = rest as [string[]?, string?, string[]?, ...unknown[]];
      if (!Array.isArray(envPairs) || !Array.isArray(args)) return Reflect.apply(target, handle, given);
      const prepared = prepare({ file: first, args, envPairs, ...(typeof cwd === 'string' ? { cwd } : {}) });
      return Reflect.apply(target, handle, [prepared.file, args, cwd, prepared.envPairs, ...others]);
    },
  });
}

/** What the loader of TypeScript starts is no process of the program's. */
const isOwnChild = ({ args = [] }: SpawnOptions): boolean => args[1] !== undefined && path.basename(args[1]) === 'transpile-child.cjs';

function bindingsOf(): Bindings | undefined {
  try {
    return { process_wrap: internalBinding('process_wrap'), spawn_sync: internalBinding('spawn_sync') } as Bindings;
  } catch {
    return undefined; // the permission model
  }
}

/** `process.execve` (Node.js 22.15, 23.11) puts another program into this process: what was recorded of this one ends here. */
function reachReplacement(reach: Reach, before: () => void): void {
  const holder = process as unknown as { execve?: (file: string, args?: string[], env?: Environment) => never };
  if (!holder.execve) return;
  holder.execve = new Proxy(holder.execve, {
    apply: function execveThrough(target, receiver, [file, args = [], env = process.env]: [string, string[]?, Environment?]): never {
      before();
      const environment = { ...env, NODE_OPTIONS: withHook(env.NODE_OPTIONS, reach.hook) };
      return Reflect.apply(target, receiver, [file, args, environment]);
    },
  });
}

function environmentOf(pairs: readonly string[] | undefined): Environment {
  if (!pairs) return { ...process.env };
  const environment: Environment = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=', 1); // names of Windows' own begin with it
    if (at > 0) environment[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return environment;
}

const pairsOf = (environment: Environment): string[] =>
  Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));

function skip(folder: string, reason: SkippedProcess['reason'], argv: readonly string[]): void {
  const skipped: SkippedProcess = { reason, argv };
  fs.writeFileSync(path.join(folder, `${uniqueName()}.skipped.json`), JSON.stringify(skipped));
}
