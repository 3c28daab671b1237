import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Launcher } from '../../capture/launch/record-launch';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import type { LoopJob } from '../../capture/records/loop';
import { openSession, type RecordingSession, type SessionJob, type TargetFiles } from '../../capture/session/session';
import type { LaunchSpec } from '../../capture/session/spawn';
import { hasSpecialPackage } from '../../capture/target/regular-text';
import { needsTranspiling } from '../../capture/target/transpile';
import { withSession } from '../../capture/target/typescript-settings';
import { readRegularText } from '../../files/read-regular';
import { type Recipe, recipeTitle } from '../../shared/recipe';
import { err, ok, type Result } from '../../shared/result';
import { prepareTypescript } from './prepare-typescript';

const run = promisify(execFile);

/** What launches a recipe. */
export interface LaunchRequest {
  readonly recipe: Recipe;
  /** The Node.js that runs files and loops. */
  readonly nodePath: string;
  readonly files: TargetFiles;
  /** The loop of a recipe calls only when it is told to. */
  readonly isDriven?: boolean;
  /** Starts processes; made only once it is known that something can be started. */
  readonly openLauncher: (title: string) => Promise<Result<Launcher & { end?(farewell: string): void }, CaptureIssue>>;
}

/** A recipe that is ready to be launched. Whoever takes it disposes of the session. */
export interface PreparedLaunch {
  readonly session: RecordingSession;
  readonly launcher: Launcher & { end?(farewell: string): void };
  readonly spec: LaunchSpec;
  readonly job: Partial<Pick<SessionJob, 'typescript' | 'loop'>>;
}

/** Checks what a recipe needs, and makes its session and its launcher. */
export async function prepareLaunch(request: LaunchRequest): Promise<Result<PreparedLaunch, CaptureIssue>> {
  const { recipe, files } = request;
  const usesNode = recipe.kind === 'file' || recipe.kind === 'loop';
  const script = usesNode ? recipe.file : recipe.kind === 'program' ? nodeScript(recipe.command, recipe.args) : undefined;
  if (script !== undefined && !isModule(path.resolve(cwdOf(recipe) ?? '', script))) return err({ kind: 'file-missing', file: script });
  const version = usesNode ? await nodeVersion(request.nodePath) : undefined;
  if (version && !version.ok) return version;
  const opened = await openSession(files);
  if (!opened.ok) return opened;
  const session = opened.value;
  const typescript = usesNode && (needsTranspiling(recipe.file) || (recipe.kind === 'loop' && (await importsTypescript(recipe.file))));
  const nodeFlags = version && typescript ? loaderFlags(version.value, files, session.folder) : [];
  if (typescript) await prepareTypescript(recipe.file, files.esbuild, session.transpiled);
  const launcher = await request.openLauncher(recipeTitle(recipe));
  if (!launcher.ok) {
    session.dispose();
    return launcher;
  }
  const job = {
    ...(typescript ? { typescript: { esbuild: files.esbuild, transpiled: session.transpiled } } : {}),
    ...(recipe.kind === 'loop' ? { loop: loopJob(recipe, request.isDriven) } : {}),
  };
  return ok({ session, launcher: launcher.value, spec: launchSpec(request, nodeFlags), job });
}

/** The script that a command line of Node.js runs; undefined where its first argument is an option, or it is another program. */
export function nodeScript(command: string, [first]: readonly string[]): string | undefined {
  return isNodeProgram(command) && first !== undefined && !first.startsWith('-') ? first : undefined;
}

/** Whether Node.js would find a module at a path: a file, a folder with an entry, a name without its extension. */
function isModule(file: string): boolean {
  if (hasSpecialPackage(file)) return true; // Node.js waits for it, and says what it says
  try {
    createRequire(file).resolve(file);
    return true;
  } catch {
    return false;
  }
}

function loopJob(recipe: Extract<Recipe, { kind: 'loop' }>, isDriven = false): LoopJob {
  const { file, exported, args, constructorArgs, instance, setup, warmupMs, durationMs } = recipe;
  const more = { ...(instance === undefined ? {} : { instance }), ...(setup === undefined ? {} : { setup }) };
  return { file, exported, args, constructorArgs, ...more, warmupMs, durationMs, ...(isDriven ? { isDriven } : {}) };
}

/** What to run for a recipe. */
export function launchSpec(
  { recipe, nodePath, files }: Pick<LaunchRequest, 'recipe' | 'nodePath' | 'files'>,
  nodeFlags: readonly string[] = [],
  platform = process.platform,
): LaunchSpec {
  switch (recipe.kind) {
    case 'file':
      return { command: nodePath, args: [...nodeFlags, recipe.file, ...recipe.args], shell: false, cwd: recipe.cwd, env: recipe.env };
    case 'loop':
      return { command: nodePath, args: [...nodeFlags, path.join(files.folder, 'loop.mjs')], shell: false, cwd: recipe.cwd, env: {} };
    case 'program':
      return { command: recipe.command, args: recipe.args, shell: platform === 'win32' && !isNodeProgram(recipe.command), cwd: recipe.cwd, env: {} };
    case 'script':
      // npm is a batch file on Windows, which only a shell can start.
      return platform === 'win32'
        ? { command: `npm run "${recipe.script.replace(/"/g, '')}"`, args: [], shell: true, cwd: recipe.cwd, env: {} }
        : { command: 'npm', args: ['run', recipe.script], shell: false, cwd: recipe.cwd, env: {} };
    case 'command':
      return { command: recipe.command, args: [], shell: true, cwd: recipe.cwd, env: {} };
    case 'attach':
    case 'process':
      throw new Error(`${recipe.kind} launches nothing`);
  }
}

/** Node.js is a program that Windows starts without a shell, which would read its arguments in its own way. */
const isNodeProgram = (command: string): boolean => /^node(\.exe)?$/i.test(path.basename(command));

/** The version of a Node.js executable, which also tells whether it is one. */
export async function nodeVersion(nodePath: string): Promise<Result<string, CaptureIssue>> {
  try {
    const { stdout } = await run(nodePath, ['--version'], { timeout: 10_000, windowsHide: true, env: { ...process.env, NODE_OPTIONS: '' } });
    const version = stdout.trim();
    if (!/^v\d+\.\d+/.test(version)) return err({ kind: 'no-node-executable', command: nodePath });
    if (Number.parseInt(version.slice(1), 10) < 20) return err({ kind: 'node-too-old', version });
    return ok(version);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What ran and failed is there, but is something else.
    return err({ kind: code === 'ENOENT' || code === 'EACCES' ? 'node-not-found' : 'no-node-executable', command: nodePath });
  }
}

/** Node.js before 20.6 has no `module.register`; there the hooks thread is named on the command line. */
function loaderFlags(version: string, files: TargetFiles, session: string): string[] {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  return major === 20 && minor < 6 ? ['--experimental-loader', withSession(pathToFileURL(path.join(files.folder, 'hooks-thread.mjs')).href, session)] : [];
}

/** A larger script is a bundle, which imports nothing. */
const MAX_ENTRY = 16 << 20;

async function importsTypescript(file: string): Promise<boolean> {
  const read = await readRegularText(file, { most: MAX_ENTRY, isChosen: true });
  const text = read.ok ? read.value : '';
  return /\bfrom\s*['"][^'"]+\.(?:ts|tsx|mts|cts)['"]/.test(text);
}

export const cwdOf = (recipe: Recipe): string | undefined => ('cwd' in recipe ? recipe.cwd : undefined);
