import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { recordAttached } from '../../capture/attach/attach';
import { inspectorOfProcess } from '../../capture/attach/attach-process';
import { findInspector } from '../../capture/inspector/inspector-address';
import { type CaptureOptions, recordLaunch } from '../../capture/launch/record-launch';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import type { Capture } from '../../capture/records/captured';
import { privateFolder } from '../../capture/session/private-folder';
import { loopRate } from '../../core/statistics/mean-interval';
import { type FocusFunction, recipeTitle } from '../../shared/recipe';
import { err, ok, type Result } from '../../shared/result';
import { maskWords } from '../../shared/secrets';
import { type Kept, keepAnywhere, type NewFile, writeWhole } from '../recordings/keep-anywhere';
import { sealRecipe } from '../recordings/own-key';
import type { RecordedThread, RecordingInfo } from '../recordings/recording-info';
import { infoOf, readInfo, recordingName, storeRecording, threadFile } from '../recordings/recordings';
import { writeFailure } from '../support/describe-write';
import { cwdOf, type LaunchRequest, prepareLaunch } from './launch';
import { type StagedRecording, stageInWorker, stageThreads } from './stage-recording';
import type { StagedThread } from './stage-thread';

const run = promisify(execFile);

export interface RecordRequest extends LaunchRequest {
  readonly focus?: FocusFunction | undefined;
  readonly capture: CaptureOptions;
  /** Whether this process has nothing else to answer: a small recording is put together in it then, which saves the start of a thread. */
  readonly isAlone?: boolean;
}

/** A recording that lies among the temporary files until it is kept. */
export interface Recorded {
  /** Every thread, the one to show first at the front. */
  readonly threads: readonly StagedThread[];
  readonly info: RecordingInfo;
  readonly capture: Capture;
  /** Removes the temporary files. */
  dispose(): Promise<void>;
}

/** Runs a recipe and gives its profiles. Leaves no process behind but daemons of the program, and what it attached to as it was. */
export async function record(request: RecordRequest): Promise<Result<Recorded, CaptureIssue>> {
  const captured = await captureRecipe(request);
  if (!captured.ok) return captured;
  const capture = captured.value;
  const made = privateFolder('plateau-profiles-');
  if (!made.ok) {
    capture.dispose();
    return made;
  }
  const folder = made.value;
  const dispose = async (): Promise<void> => {
    capture.dispose();
    await fs.rm(folder, { recursive: true, force: true }).catch(() => {}); // the next start tries again
  };
  try {
    const commit = commitOf(cwdOf(request.recipe));
    const { threads, sources } = await stage(request, capture, folder);
    const [first] = threads;
    if (!first) {
      await dispose();
      return err(request.capture.cancel.aborted ? { kind: 'cancelled' } : { kind: 'profile-lost', exit: capture.exit });
    }
    return ok({ threads, info: await infoFor(request, capture, { first, sources, commit: await commit }), capture, dispose });
  } catch (error) {
    await dispose();
    return err({ kind: 'unkept', what: 'the profile', ...writeFailure(error), spare: os.tmpdir() });
  }
}

/** Bytes of profiles that are put together in less time than a thread takes to start. */
const SMALL = 1 << 20;

/** What was launched has written its profiles into the session's folder; of what was attached to they are in memory. */
function stage({ files, focus, isAlone = false, capture: { cancel } }: RecordRequest, { session, threads }: Capture, folder: string): Promise<StagedRecording> {
  const isSmall = threads.flatMap((one) => one.parts).reduce((sum, { bytes }) => sum + bytes, 0) < SMALL;
  return session === undefined || (isAlone && isSmall)
    ? stageThreads(threads, { folder, files, focus })
    : stageInWorker({ session, folder, files, focus }, cancel);
}

async function infoFor(
  { recipe, focus, capture: { interval } }: RecordRequest,
  capture: Capture,
  {
    first,
    sources,
    commit,
  }: { readonly first: StagedThread; readonly sources: RecordingInfo['sources']; readonly commit: Awaited<ReturnType<typeof commitOf>> },
): Promise<RecordingInfo> {
  return {
    version: 1,
    title: focus ? `${focus.name || `(anonymous) ${path.basename(focus.file)}:${focus.line}`}` : recipeTitle(recipe),
    recordedAt: new Date().toISOString(),
    ...(await sealRecipe(recipe)),
    focus,
    node: first.thread.node,
    pid: first.thread.pid,
    ...commit,
    interval,
    exit: capture.exit,
    headline: first.headline,
    loop: capture.loop && loopRate(capture.loop.batches),
    sources,
  };
}

/** What is known of a recording, whose threads have the files of these names. */
function infoBeside(names: readonly string[], { info, threads }: Recorded): RecordingInfo {
  if (threads.length === 1) return info;
  const rows = threads.map(({ thread }, at): RecordedThread => ({ file: path.basename(names[at] as string), ...thread, argv: maskWords(thread.argv).masked }));
  return { ...info, threads: rows };
}

/** The files of a recording's threads, the one that is shown first last. */
const threadFiles = (names: readonly string[], { threads }: Recorded): NewFile[] =>
  threads.map(({ file }, at) => ({ file: names[at] as string, from: file })).reverse();

/** Names for the files of so many threads. The first is given; of the others none is taken but by the recording that is overwritten. */
async function freeNames(profile: string, count: number, own: readonly string[]): Promise<string[]> {
  const names = [profile];
  for (let at = 1; names.length < count; at++) {
    const name = threadFile(profile, at);
    const isTaken = !own.includes(name) && (await fs.stat(name).catch(() => undefined)) !== undefined;
    if (!isTaken) names.push(name);
  }
  return names;
}

/** Puts a recording into a folder, under a name of ours, and disposes of it; gives the profile's path. */
export function keepRecording(folder: string, recorded: Recorded): Promise<Result<Kept<string>, CaptureIssue>> {
  const keepIn = (at: string): Promise<string> => storeRecordedIn(at, recorded);
  return keepAnywhere({ what: `the recording in ${folder}`, keep: () => keepIn(folder), keepIn }).finally(recorded.dispose);
}

/** Puts a recording into a file, which is overwritten, and disposes of it. */
export function keepRecordingAs(file: string, recorded: Recorded): Promise<Result<Kept<string>, CaptureIssue>> {
  const keepAs = async (as: string): Promise<string> => {
    const before = (await readInfo(as))?.threads?.map((one) => path.join(path.dirname(as), one.file)) ?? [];
    const names = await freeNames(as, recorded.threads.length, before);
    const files = threadFiles(names, recorded).map((one) => ({ ...one, isChosen: one.file === as }));
    await writeWhole([infoOf(as, infoBeside(names, recorded)), ...files]);
    await Promise.all(before.filter((one) => !names.includes(one)).map((one) => fs.rm(one, { force: true }).catch(() => {}))); // of the recording that it takes the place of
    return as;
  };
  return keepAnywhere({ what: file, keep: () => keepAs(file), keepIn: (folder) => keepAs(path.join(folder, path.basename(file))) }).finally(recorded.dispose);
}

/** Writes a recording into a folder, and what `beside` says with it; gives the profile's path. Rejects with the system's error. */
export function storeRecordedIn(folder: string, recorded: Recorded, beside: (profile: string) => readonly NewFile[] = () => []): Promise<string> {
  const { recordedAt, title } = recorded.info;
  return storeRecording(folder, recordingName(new Date(recordedAt), title), async (profile) => {
    const names = await freeNames(profile, recorded.threads.length, []);
    return [infoOf(profile, infoBeside(names, recorded)), ...beside(profile), ...threadFiles(names, recorded)];
  });
}

async function captureRecipe(request: RecordRequest): Promise<Result<Capture, CaptureIssue>> {
  const { recipe, capture } = request;
  if (recipe.kind === 'attach' || recipe.kind === 'process') {
    const found = await (recipe.kind === 'attach' ? findInspector(recipe.address) : inspectorOfProcess(recipe.pid, capture.cancel));
    return found.ok ? recordAttached(found.value, { ...capture, seconds: recipe.seconds ?? capture.seconds }, request.files.folder) : found;
  }
  const prepared = await prepareLaunch(request);
  if (!prepared.ok) return prepared;
  const { session, launcher, spec, job } = prepared.value;
  const result = await recordLaunch(session, launcher, spec, job, capture);
  launcher.end?.(farewell(result));
  return result;
}

function farewell(result: Result<Capture, CaptureIssue>): string {
  if (!result.ok) return result.error.kind === 'cancelled' ? '' : 'Plateau: the recording failed; see the notification.';
  const { exit } = result.value;
  if (!exit) return 'Plateau: the recording is stopped and the program ended.';
  if (exit.signal) return `Plateau: the program was ended by ${exit.signal}. The profile is kept.`;
  return `Plateau: the program ended with exit code ${exit.code}.`;
}

export async function commitOf(cwd: string | undefined): Promise<{ commit?: string; isDirty?: boolean }> {
  if (cwd === undefined) return {};
  try {
    // Without optional locks it does not get into the way of the user's own git, and without fsmonitor it runs nothing that a repository's settings name.
    const options = { cwd, timeout: 5000, killSignal: 'SIGKILL', windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } } as const;
    const { stdout } = await run('git', ['rev-parse', 'HEAD'], options);
    const status = await run('git', ['-c', 'core.fsmonitor=false', 'status', '--porcelain', '-uno'], options);
    return { commit: stdout.trim(), isDirty: status.stdout.trim() !== '' };
  } catch {
    return {}; // no git, or no repository
  }
}
