import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isRunning, until as waitUntil } from './wait';

export { isRunning };

export const root = path.resolve(import.meta.dirname, '../..');
export const cli = path.join(root, 'dist', 'cli.cjs');

/** Node.js versions to run targets on: this one, and another if the test tools' cache has one. */
export function nodes(): { readonly version: string; readonly path: string }[] {
  const found = [{ version: process.version, path: process.execPath }];
  const cache = process.env.PLATEAU_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'plateau-dev');
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const candidate = path.join(cache, name, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
    if (!existsSync(candidate)) continue;
    const version = spawnSync(candidate, ['--version'], { encoding: 'utf8' }).stdout.trim();
    if (version && !found.some((one) => one.version === version)) found.push({ version, path: candidate });
  }
  return found;
}

export interface Folder {
  readonly path: string;
  file(name: string, text: string): string;
  remove(): void;
}

export function temporaryFolder(files: Readonly<Record<string, string>> = {}): Folder {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plateau test ')); // with spaces, as users have them
  const file = (name: string, text: string): string => {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  for (const [name, text] of Object.entries(files)) file(name, text);
  return { path: folder, file, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string | undefined>;
  /** In a process group of its own, all of which `kill` signals, as a terminal does. */
  readonly isGroup?: boolean;
  readonly onStart?: (pid: number, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the command line as a user does. */
export function plateau(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const { isGroup = false } = options;
    const child = spawn(process.execPath, [cli, ...args], { cwd: options.cwd, env: { ...process.env, ...options.env }, detached: isGroup });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    options.onStart?.(child.pid as number, (signal) => (isGroup ? process.kill(-(child.pid as number), signal) : child.kill(signal)));
  });
}

/** As `until` of `wait.ts`; the condition says itself what it is. */
export const until = (check: () => boolean | Promise<boolean>, milliseconds?: number): Promise<void> => waitUntil(String(check), check, milliseconds);
