import fs from 'node:fs/promises';
import path from 'node:path';
import { inspectorOfProcess } from '../../capture/attach/attach-process';
import { estimatePause, heapUsage, scriptsFile, takeSnapshot } from '../../capture/attach/heap-snapshot';
import { attachTarget, type Follow, type HeapTarget, type HeapTargets, launchTargets } from '../../capture/attach/heap-targets';
import { sampledBytes, startSampling, stopSampling } from '../../capture/inspector/allocation-sampler';
import { endTracking, startTracking } from '../../capture/inspector/allocation-tracking';
import { findInspector } from '../../capture/inspector/inspector-address';
import { aborted, type RecordControl } from '../../capture/launch/record-launch';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import { type Recipe, recipeTitle } from '../../shared/recipe';
import { err, ok, type Result } from '../../shared/result';
import type { WantedThread } from '../../shared/thread-choice';
import { isWanted, labelOf } from '../heap/heap-choice';
import { type Kept, keepAnywhere, type Misplaced, writeWhole } from '../recordings/keep-anywhere';
import { makeKeepFolder } from '../recordings/keep-folder';
import { sealRecipe } from '../recordings/own-key';
import type { HeapRecordingInfo } from '../recordings/recording-info';
import { infoOf, recordingName } from '../recordings/recordings';
import { cwdOf, prepareLaunch } from './launch';
import { nameCollected } from './name-collected';
import { commitOf, type RecordRequest } from './record';

/** What to record of a heap. */
export type HeapMode =
  /** Sampled allocation stacks (`.heapprofile`); `interval` in bytes. */
  | { readonly kind: 'sampling'; readonly interval: number; readonly includesCollected: boolean }
  /** All objects, after a garbage collection (`.heapsnapshot`). */
  | { readonly kind: 'snapshot' }
  /** All objects with the stacks that made them (`.heapsnapshot`). */
  | { readonly kind: 'tracking' };

export const defaultHeapInterval = 32_768;

export type HeapEvent =
  | { readonly kind: 'recording'; readonly pid: number }
  /** Before the program stands still for about `pauseMs`. */
  | { readonly kind: 'pausing'; readonly heapUsed: number; readonly pauseMs: number }
  | { readonly kind: 'progress'; readonly share: number };

export interface HeapRequest extends Omit<RecordRequest, 'capture' | 'focus'> {
  readonly mode: HeapMode;
  /** Without it the largest heap of all threads is kept. */
  readonly wanted?: WantedThread | undefined;
  /** The file to write; a folder gets a name of ours. */
  readonly out: { readonly file: string } | { readonly folder: string };
  readonly control: RecordControl;
  /** Stop by itself after this time. Without it a snapshot of what is attached to is taken at once. */
  readonly seconds?: number | undefined;
  readonly onEvent?: (event: HeapEvent) => void;
}

export interface HeapRecorded {
  readonly file: string;
  readonly info: HeapRecordingInfo;
  /** Processes that died before their heap was read. */
  readonly lost: number;
  readonly misplaced: Misplaced | undefined;
}

/** One process's yield, until the largest has been chosen: a file of its own, or, of a profile, its text. */
interface Part {
  readonly target: HeapTarget;
  readonly file: string;
  readonly text?: string;
  readonly bytes: number;
  readonly pauseMs: number | undefined;
}

/** What the processes of a recipe gave. */
interface Gathered {
  readonly parts: Part[];
  readonly issues: CaptureIssue[];
  /** Threads that were not asked for. */
  readonly unwanted: HeapTarget[];
  /** Processes that died before their heap was read. */
  lost: number;
}

/** Runs a recipe and writes what its heap holds. Leaves no process behind, and what it attached to as it was. */
export async function recordHeap(request: HeapRequest): Promise<Result<HeapRecorded, CaptureIssue>> {
  const { control } = request;
  const at = new Date();
  const destination = await chooseFile(request, at);
  if (!destination.ok) return destination;
  const file = destination.value;
  const stopping = new AbortController();
  const gathered: Gathered = { parts: [], issues: [], unwanted: [], lost: 0 };
  const opened = await openTargets(request, gather(request, file, stopping.signal, gathered));
  if (!opened.ok) return opened;
  const { targets, farewell } = opened.value;
  try {
    await untilOver(request, targets, stopping);
    if (control.cancel.aborted) return err({ kind: 'cancelled' });
    const [largest, ...rest] = gathered.parts.sort((a, b) => b.bytes - a.bytes);
    await discard(rest);
    if (!largest) return err(nothingGathered(request, targets, gathered));
    const info = await recordingInfo(request, { at, largest, rest, gathered, targets });
    const kept = await keep(largest, request.out, file, info);
    if (!kept.ok) return kept;
    farewell('Plateau: the heap is recorded and the program ended.');
    return ok({ file: kept.value.value, info, lost: gathered.lost, misplaced: kept.value.misplaced });
  } catch (error) {
    await discard(gathered.parts).catch(() => {}); // what failed is told
    const { code, message } = error as NodeJS.ErrnoException;
    return err({ kind: 'heap-unwritable', file, code: code ?? '', message });
  } finally {
    farewell('');
    await targets.close();
    if (control.cancel.aborted) {
      await Promise.race([targets.followed(), aborted(AbortSignal.timeout(2000))]);
      await discard(gathered.parts);
    }
  }
}

/** Records each thread until it ends or `stopping` says so; the yield goes into `gathered`. */
function gather(request: HeapRequest, file: string, stopping: AbortSignal, gathered: Gathered): Follow {
  const { mode, control, wanted } = request;
  return async (target, run) => {
    if (wanted && !isWanted(target, wanted)) {
      gathered.unwanted.push(target);
      await run();
      return Promise.race([target.ended.catch(() => {}), aborted(stopping), aborted(control.cancel)]).then(() => {});
    }
    try {
      await start(target, mode);
      request.onEvent?.({ kind: 'recording', pid: target.pid });
      await run();
      const over = mode.kind === 'tracking' ? [target.ended, outOfWork(target, stopping)] : [target.ended];
      await Promise.race([...over, aborted(stopping), aborted(control.cancel)]);
      if (control.cancel.aborted) return;
      const part = await finish(target, `${file}.${target.pid}.${target.threadId}`, request);
      if (part.ok) gathered.parts.push(part.value);
      else gathered.issues.push(part.error);
    } catch (error) {
      gathered.lost++;
      throw error;
    } finally {
      if (mode.kind === 'tracking' && !target.hasEnded()) await endTracking(target.inspector).catch(() => {}); // gone, which others tell
    }
  };
}

/** Waits until the program has ended, the time is over or somebody stops it, and all that was gathered is there. */
async function untilOver({ recipe, mode, control, ...request }: HeapRequest, targets: HeapTargets, stopping: AbortController): Promise<void> {
  const seconds = request.seconds ?? ('seconds' in recipe ? recipe.seconds : undefined);
  const isAttached = recipe.kind === 'attach' || recipe.kind === 'process';
  if (isAttached && mode.kind === 'snapshot' && seconds === undefined) stopping.abort();
  const timer = seconds === undefined ? undefined : setTimeout(() => stopping.abort(), seconds * 1000);
  await Promise.race([targets.done, aborted(control.stop), aborted(control.cancel), aborted(stopping.signal)]);
  clearTimeout(timer);
  stopping.abort();
  await Promise.race([targets.followed(), aborted(control.cancel)]);
}

async function discard(parts: readonly Part[]): Promise<void> {
  const files = parts.flatMap((part) => [part.file, scriptsFile(part.file)]);
  await Promise.all(files.map((one) => fs.rm(one, { force: true })));
}

function nothingGathered({ recipe, wanted }: HeapRequest, targets: HeapTargets, { issues, unwanted, lost }: Gathered): CaptureIssue {
  if (wanted && unwanted.length > 0 && issues.length + lost === 0) return { kind: 'no-such-thread', wanted, threads: unwanted.map(labelOf) };
  return issues[0] ?? (lost > 0 ? { kind: 'heap-lost', exit: targets.exit() } : noProcess(recipe, targets));
}

interface Yield {
  readonly at: Date;
  readonly largest: Part;
  readonly rest: readonly Part[];
  readonly gathered: Gathered;
  readonly targets: HeapTargets;
}

async function recordingInfo({ recipe, mode }: HeapRequest, { at, largest, rest, gathered, targets }: Yield): Promise<HeapRecordingInfo> {
  const { unwanted, lost } = gathered;
  return {
    version: 1,
    heap: mode.kind,
    title: recipeTitle(recipe),
    recordedAt: at.toISOString(),
    ...(await sealRecipe(recipe)),
    node: largest.target.version,
    pid: largest.target.pid,
    ...(await commitOf(cwdOf(recipe))),
    exit: targets.exit(),
    bytes: largest.bytes,
    ...(mode.kind === 'sampling' ? { interval: mode.interval, includesCollected: mode.includesCollected } : { pauseMs: largest.pauseMs ?? 0 }),
    otherProcesses: rest.length + unwanted.length + lost,
    ...(rest.length + unwanted.length > 0 || largest.target.threadId > 0 ? threadsOf(largest, rest, unwanted) : {}),
  };
}

function threadsOf({ target: { threadId, name } }: Part, rest: readonly Part[], unwanted: readonly HeapTarget[]): Pick<HeapRecordingInfo, 'thread' | 'others'> {
  return { thread: { threadId, name }, others: [...rest.map(({ target, bytes }) => ({ ...labelOf(target), bytes })), ...unwanted.map(labelOf)] };
}

function noProcess(recipe: Recipe, targets: HeapTargets): CaptureIssue {
  return { kind: 'no-node-process', command: recipeTitle(recipe), exit: targets.exit() };
}

/** Launches or attaches, whichever the recipe says. `farewell` is for the terminal of what was launched. */
export async function openTargets(
  request: Omit<RecordRequest, 'capture' | 'focus'>,
  follow: Follow,
): Promise<Result<{ targets: HeapTargets; farewell: (text: string) => void }, CaptureIssue>> {
  const { recipe } = request;
  if (recipe.kind === 'attach' || recipe.kind === 'process') {
    const found = await (recipe.kind === 'attach' ? findInspector(recipe.address) : inspectorOfProcess(recipe.pid));
    if (!found.ok) return found;
    const targets = await attachTarget(found.value, follow);
    return targets.ok ? ok({ targets: targets.value, farewell: () => {} }) : targets;
  }
  const prepared = await prepareLaunch(request);
  if (!prepared.ok) return prepared;
  const { session, launcher, spec, job } = prepared.value;
  const targets = await launchTargets(session, launcher, spec, job, follow);
  let isTold = false;
  const farewell = (text: string): void => {
    if (!isTold) launcher.end?.(text);
    isTold = true;
  };
  if (targets.ok) return ok({ targets: targets.value, farewell });
  farewell('');
  return targets;
}

async function start({ inspector }: HeapTarget, mode: HeapMode): Promise<void> {
  if (mode.kind === 'sampling') await startSampling(inspector, mode);
  if (mode.kind === 'tracking') await startTracking(inspector);
}

/**
 * Settles when a program has nothing left to wait for. The timer by which V8 reports on
 * tracking keeps Node.js's loop alive, so a tracked program never ends by itself.
 */
async function outOfWork({ inspector }: HeapTarget, over: AbortSignal): Promise<void> {
  // What is listed though nothing waits for it: standard streams, handlers of signals.
  const expression = `typeof process === 'object' && process.getActiveResourcesInfo().every((name) => /^(?:TTYWrap|PipeWrap|SignalWrap)$/.test(name))`;
  for (let idle = 0; idle < 3 && !over.aborted; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { result } = await inspector.send('Runtime.evaluate', { expression, returnByValue: true });
    idle = result.value === true ? idle + 1 : 0;
  }
}

async function finish(target: HeapTarget, file: string, { mode, control, onEvent }: HeapRequest): Promise<Result<Part, CaptureIssue>> {
  const { inspector } = target;
  if (mode.kind === 'sampling') {
    const profile = nameCollected(await stopSampling(inspector, target.hasEnded()));
    return ok({ target, file, text: JSON.stringify(profile), bytes: sampledBytes(profile), pauseMs: undefined });
  }
  const { used } = await heapUsage(inspector);
  onEvent?.({ kind: 'pausing', heapUsed: used, pauseMs: estimatePause(used) });
  const taken = await takeSnapshot(inspector, file, {
    cancel: control.cancel,
    onProgress: (share) => onEvent?.({ kind: 'progress', share }),
    endsTracking: target.pid > 0 || mode.kind === 'tracking',
    isWaiting: target.hasEnded(),
  });
  return taken.ok ? ok({ target, file, bytes: taken.value.heapUsed, pauseMs: taken.value.pauseMs }) : taken;
}

/** A recording's file; said before anything runs whether it can be written. */
async function chooseFile({ out, mode, recipe }: HeapRequest, at: Date): Promise<Result<string, CaptureIssue>> {
  const folder = 'file' in out ? path.dirname(path.resolve(out.file)) : out.folder;
  try {
    if ('folder' in out) await makeKeepFolder(folder);
    await fs.access(folder, fs.constants.W_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return err({ kind: 'heap-unwritable', file: 'file' in out ? out.file : folder, code: code ?? '', message });
  }
  if ('file' in out) return ok(out.file);
  const extension = mode.kind === 'sampling' ? 'heapprofile' : 'heapsnapshot';
  const base = recordingName(at, `${recipeTitle(recipe)} ${mode.kind === 'sampling' ? 'allocations' : 'heap'}`);
  for (let attempt = 1; ; attempt++) {
    const file = path.join(folder, `${base}${attempt === 1 ? '' : `-${attempt}`}.${extension}`);
    const taken = await Promise.all([file, scriptsFile(file)].map(exists));
    if (!taken.includes(true)) return ok(file);
  }
}

const exists = (file: string): Promise<boolean> =>
  fs.access(file).then(
    () => true,
    () => false,
  );

/** Gives a recording its name. A snapshot rejects if that fails; a profile is kept anywhere. */
async function keep(part: Part, out: HeapRequest['out'], file: string, info: HeapRecordingInfo): Promise<Result<Kept<string>, CaptureIssue>> {
  const { text } = part;
  if (text !== undefined) {
    const keepAs = async (as: string): Promise<string> => {
      await writeWhole([infoOf(as, info), { file: as, text, isChosen: 'file' in out }]);
      return as;
    };
    const what = 'file' in out ? file : `the recording in ${out.folder}`;
    return keepAnywhere({ what, keep: () => keepAs(file), keepIn: (folder) => keepAs(path.join(folder, path.basename(file))) });
  }
  await fs.rename(scriptsFile(part.file), scriptsFile(file));
  await fs.rename(part.file, file);
  await writeWhole([infoOf(file, info)]).catch(() => {}); // the snapshot is whole without
  return ok({ value: file, misplaced: undefined });
}
