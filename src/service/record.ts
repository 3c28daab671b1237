import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { recordAttached } from '../capture/attach';
import { inspectorOfProcess } from '../capture/attach-process';
import type { CaptureIssue } from '../capture/capture-issue';
import { findInspector } from '../capture/inspector-address';
import type { LoopJob } from '../capture/loop';
import { type Capture, type CapturedProcess, type CaptureOptions, type Launcher, recordLaunch } from '../capture/record-launch';
import { openSession, type RecordingSession, type TargetFiles } from '../capture/session';
import type { LaunchSpec } from '../capture/spawn';
import { needsTranspiling } from '../capture/target/transpile';
import { loopRate } from '../core/compare/statistics';
import { readCpuProfile } from '../core/formats/cpuprofile';
import { isCode } from '../core/profile/categories';
import { functionCosts } from '../core/profile/function-costs';
import { functionAt, type ProfileTables } from '../core/profile/tables';
import { functionIndex } from '../shared/brands';
import { type FocusFunction, type Recipe, recipeTitle } from '../shared/recipe';
import { err, ok, type Result } from '../shared/result';
import { lineFingerprints } from '../source/align-lines';
import { fileLocator, urlToPath } from '../source/locate';
import { sourceView } from '../source/source-view';
import { type Kept, keepAnywhere, type NewFile, writeWhole } from './keep-anywhere';
import { headlineOf } from './opened-profile';
import { foldOwnFrames } from './own-frames';
import { prepareTypescript } from './prepare-typescript';
import type { RecordingInfo } from './recording-info';
import { infoOf, recordingName, storeRecording } from './recordings';
import { remapInMemoryScripts } from './remap-profile';

const run = promisify(execFile);

export interface RecordRequest {
  readonly recipe: Recipe;
  readonly focus?: FocusFunction | undefined;
  /** The Node.js that runs files and loops. */
  readonly nodePath: string;
  readonly files: TargetFiles;
  /** The loop of a recipe calls only when it is told to. */
  readonly isDriven?: boolean;
  /** Starts processes; made only once it is known that something can be started. */
  readonly openLauncher: (title: string) => Promise<Result<Launcher & { end?(farewell: string): void }, CaptureIssue>>;
  readonly capture: CaptureOptions;
}

export interface Recorded {
  /** Standard `.cpuprofile` content. */
  readonly profile: CapturedProcess['capture']['profile'];
  readonly info: RecordingInfo;
  readonly capture: Capture;
}

/** Runs a recipe and gives its profile. Leaves no process behind, and what it attached to as it was. */
export async function record(request: RecordRequest): Promise<Result<Recorded, CaptureIssue>> {
  const captured = await captureRecipe(request);
  if (!captured.ok) return captured;
  const { recipe, focus } = request;
  const processes = captured.value.processes.map((process) => ({ process, profile: foldOwnFrames(remapInMemoryScripts(process.capture), request.files) }));
  const chosen = chooseProcess(processes, focus);
  const { profile, process } = chosen;
  const info: RecordingInfo = {
    version: 1,
    title: focus ? `${focus.name || `(anonymous) ${path.basename(focus.file)}:${focus.line}`}` : recipeTitle(recipe),
    recordedAt: new Date().toISOString(),
    recipe,
    focus,
    node: process.version,
    pid: process.pid,
    ...(await commitOf(cwdOf(recipe))),
    interval: request.capture.interval,
    exit: captured.value.exit,
    headline: headlineOf(chosen.tables),
    loop: captured.value.loop && loopRate(captured.value.loop.batches),
    otherProcesses: processes.length - 1 + captured.value.lost.length,
    workers: process.workers,
    sources: await fingerprintSources(chosen.tables),
  };
  return ok({ profile, info, capture: captured.value });
}

/** Puts a recording into a folder, under a name of ours; gives the profile's path. */
export function keepRecording(folder: string, recorded: Recorded): Promise<Result<Kept<string>, CaptureIssue>> {
  const keepIn = (at: string): Promise<string> => storeRecordedIn(at, recorded);
  return keepAnywhere({ what: `the recording in ${folder}`, keep: () => keepIn(folder), keepIn });
}

/** Puts a recording into a file, which is overwritten. */
export function keepRecordingAs(file: string, { profile, info }: Recorded): Promise<Result<Kept<string>, CaptureIssue>> {
  const keepAs = async (as: string): Promise<string> => {
    await writeWhole([infoOf(as, info), { file: as, text: JSON.stringify(profile) }]);
    return as;
  };
  return keepAnywhere({ what: file, keep: () => keepAs(file), keepIn: (folder) => keepAs(path.join(folder, path.basename(file))) });
}

/** Writes a recording into a folder, and what `beside` says with it; gives the profile's path. Rejects with the system's error. */
export function storeRecordedIn(folder: string, { profile, info }: Recorded, beside?: (profile: string) => readonly NewFile[]): Promise<string> {
  return storeRecording(folder, recordingName(new Date(info.recordedAt), info.title), profile, info, beside);
}

async function captureRecipe(request: RecordRequest): Promise<Result<Capture, CaptureIssue>> {
  const { recipe, capture } = request;
  if (recipe.kind === 'attach' || recipe.kind === 'process') {
    const found = await (recipe.kind === 'attach' ? findInspector(recipe.address) : inspectorOfProcess(recipe.pid, capture.cancel));
    return found.ok ? recordAttached(found.value, { ...capture, seconds: recipe.seconds ?? capture.seconds }, request.files.folder) : found;
  }
  const prepared = await prepareLaunch(request);
  if (!prepared.ok) return prepared;
  const { session, launcher, spec, typescript } = prepared.value;
  const result = await recordLaunch(session, launcher, spec, { typescript, loop: recipe.kind === 'loop' }, capture);
  launcher.end?.(farewell(result));
  return result;
}

/** A recipe that is ready to be launched. Whoever takes it disposes of the session. */
export interface PreparedLaunch {
  readonly session: RecordingSession;
  readonly launcher: Launcher & { end?(farewell: string): void };
  readonly spec: LaunchSpec;
  readonly typescript: boolean;
}

/** Checks what a recipe needs, and makes its session and its launcher. */
export async function prepareLaunch(request: Omit<RecordRequest, 'capture' | 'focus'>): Promise<Result<PreparedLaunch, CaptureIssue>> {
  const { recipe, files } = request;
  const usesNode = recipe.kind === 'file' || recipe.kind === 'loop';
  const script = usesNode ? recipe.file : recipe.kind === 'program' ? nodeScript(recipe.command, recipe.args) : undefined;
  if (script !== undefined && !isModule(path.resolve(cwdOf(recipe) ?? '', script))) return err({ kind: 'file-missing', file: script });
  let nodeFlags: string[] = [];
  if (usesNode) {
    const version = await nodeVersion(request.nodePath);
    if (!version.ok) return version;
    if (needsTranspiling(recipe.file)) nodeFlags = loaderFlags(version.value, files);
  }
  const session = openSession(files);
  const typescript = usesNode && (needsTranspiling(recipe.file) || (recipe.kind === 'loop' && (await importsTypescript(recipe.file))));
  if (typescript) await prepareTypescript(recipe.file, files.esbuild, path.join(session.folder, 'js'));
  const launcher = await request.openLauncher(recipeTitle(recipe));
  if (!launcher.ok) {
    session.dispose();
    return launcher;
  }
  return ok({ session, launcher: launcher.value, spec: launchSpec(request, nodeFlags), typescript });
}

/** The script that a command line of Node.js runs; undefined where its first argument is an option, or it is another program. */
export function nodeScript(command: string, [first]: readonly string[]): string | undefined {
  return /^node(\.exe)?$/i.test(path.basename(command)) && first !== undefined && !first.startsWith('-') ? first : undefined;
}

/** Whether Node.js would find a module at a path: a file, a folder with an entry, a name without its extension. */
function isModule(file: string): boolean {
  try {
    createRequire(file).resolve(file);
    return true;
  } catch {
    return false;
  }
}

/** What to run for a recipe. */
export function launchSpec(
  { recipe, nodePath, files, isDriven }: Pick<RecordRequest, 'recipe' | 'nodePath' | 'files' | 'isDriven'>,
  nodeFlags: readonly string[] = [],
  platform = process.platform,
): LaunchSpec {
  switch (recipe.kind) {
    case 'file':
      return { command: nodePath, args: [...nodeFlags, recipe.file, ...recipe.args], shell: false, cwd: recipe.cwd, env: recipe.env };
    case 'loop': {
      const { file, exported, args, constructorArgs, warmupMs, durationMs } = recipe;
      const job: LoopJob = { file, exported, args, constructorArgs, warmupMs, durationMs, ...(isDriven ? { isDriven } : {}) };
      return {
        command: nodePath,
        args: [...nodeFlags, path.join(files.folder, 'loop.mjs')],
        shell: false,
        cwd: recipe.cwd,
        env: { PLATEAU_LOOP: JSON.stringify(job) },
      };
    }
    case 'program':
      return { command: recipe.command, args: recipe.args, shell: platform === 'win32', cwd: recipe.cwd, env: {} };
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
function loaderFlags(version: string, files: TargetFiles): string[] {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  return major === 20 && minor < 6 ? ['--experimental-loader', path.join(files.folder, 'hooks-thread.mjs')] : [];
}

async function importsTypescript(file: string): Promise<boolean> {
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  return /\bfrom\s*['"][^'"]+\.(?:ts|tsx|mts|cts)['"]/.test(text);
}

function farewell(result: Result<Capture, CaptureIssue>): string {
  if (!result.ok) return result.error.kind === 'cancelled' ? '' : 'Plateau: the recording failed; see the notification.';
  const { exit } = result.value;
  if (!exit) return 'Plateau: the recording is stopped and the program ended.';
  if (exit.signal) return `Plateau: the program was ended by ${exit.signal}. The profile is kept.`;
  return `Plateau: the program ended with exit code ${exit.code}.`;
}

interface Candidate {
  readonly process: CapturedProcess;
  readonly profile: CapturedProcess['capture']['profile'];
}

/** The process that spent most time in the function asked for; without one, the one that was busiest. */
function chooseProcess(candidates: readonly Candidate[], focus: FocusFunction | undefined): Candidate & { tables: ProfileTables } {
  const scored = candidates.map((candidate) => {
    const { tables } = readBack(candidate.profile);
    const costs = functionCosts(tables);
    let own = 0;
    let active = 0;
    for (let func = 0; func < tables.functions.length; func++) {
      const { category, url } = functionAt(tables, functionIndex(func));
      if (!isCode(category)) continue;
      active += costs.self[func] as number;
      if (focus && urlToPath(url) === focus.file) own += costs.total[func] as number;
    }
    return { ...candidate, tables, own, active };
  });
  scored.sort((a, b) => b.own - a.own || b.active - a.active);
  return scored[0] as (typeof scored)[0];
}

function readBack(profile: object): { tables: ProfileTables } {
  const result = readCpuProfile(Buffer.from(JSON.stringify(profile)));
  if (!result.ok) throw new Error(`V8 gave a profile that cannot be read: ${result.error.kind}`);
  return result.value;
}

const MAX_SOURCES = 200;

/** Fingerprints of the user's own hot files, so that later edits can be told line by line. */
async function fingerprintSources(tables: ProfileTables): Promise<Record<string, string[]>> {
  const view = sourceView(tables, functionCosts(tables), fileLocator([]));
  const sources: Record<string, string[]> = {};
  for (const { file } of view.files()) {
    if (Object.keys(sources).length >= MAX_SOURCES || /[\\/]node_modules[\\/]/.test(file)) continue;
    const text = await fs.readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined && text.length < 4 << 20) sources[file] = lineFingerprints(text);
  }
  return sources;
}

export const cwdOf = (recipe: Recipe): string | undefined => ('cwd' in recipe ? recipe.cwd : undefined);

export async function commitOf(cwd: string | undefined): Promise<{ commit?: string; isDirty?: boolean }> {
  if (cwd === undefined) return {};
  try {
    // Without optional locks it does not get into the way of the user's own git.
    const options = { cwd, timeout: 5000, killSignal: 'SIGKILL', windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } } as const;
    const { stdout } = await run('git', ['rev-parse', 'HEAD'], options);
    const status = await run('git', ['status', '--porcelain', '-uno'], options);
    return { commit: stdout.trim(), isDirty: status.stdout.trim() !== '' };
  } catch {
    return {}; // no git, or no repository
  }
}
