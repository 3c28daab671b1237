/**
 * The protocol of a leak hunt: warm up, snapshot, exercise N times, snapshot, exercise N
 * times, snapshot; then rank what piled up. One inspector session stays open throughout,
 * for object ids start anew when the heap profiler is disabled.
 */
import { setMaxListeners } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { estimatePause, heapUsage, scriptTable, type TakenSnapshot, takeSnapshot } from '../../capture/attach/heap-snapshot';
import type { Follow, HeapTarget, HeapTargets } from '../../capture/attach/heap-targets';
import { endTracking, startTracking } from '../../capture/inspector/allocation-tracking';
import { aborted } from '../../capture/launch/record-launch';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import type { AnswerCount } from '../../shared/hunt';
import { type Recipe, recipeTitle } from '../../shared/recipe';
import { err, ok, type Result } from '../../shared/result';
import type { WantedThread } from '../../shared/thread-choice';
import { isWanted, labelOf } from '../heap/heap-choice';
import { openTargets } from '../recording/heap-record';
import type { RecordRequest } from '../recording/record';
import { makeKeepFolder } from '../recordings/keep-folder';
import { recordingName } from '../recordings/recordings';
import { type Exercise, exerciser, exerciseTitle } from './exercise';
import type { Exerciser } from './exerciser';
import { activityOf } from './hunt-activity';
import type { HuntReach } from './hunt-doubt';
import { watchLengths } from './hunt-lengths';
import { watchOthers } from './hunt-others';
import { type HeapSample, residentSize, sample } from './hunt-samples';
import { watchServed } from './hunt-served';
import { type TrackingPlan, trackingPlan } from './hunt-tracking';

export type HuntPhase = 'starting' | 'warming-up' | 'exercising' | 'snapshot' | 'ranking';

export type HuntEvent =
  | { readonly kind: 'phase'; readonly phase: HuntPhase; readonly round: number; readonly pid: number }
  | { readonly kind: 'exercised'; readonly done: number; readonly of: number }
  | HeapSample
  | { readonly kind: 'pausing'; readonly heapUsed: number; readonly pauseMs: number }
  | { readonly kind: 'progress'; readonly share: number }
  /** Before allocations are tracked, or where they are not. */
  | { readonly kind: 'tracking'; readonly plan: TrackingPlan };

export interface HuntRequest extends Omit<RecordRequest, 'capture' | 'focus'> {
  readonly exercise: Exercise;
  /** Exercises in each of the two rounds. */
  readonly times: number;
  readonly warmup: number;
  /** Objects name the stacks that made them; the program runs slower. */
  readonly tracksAllocations: boolean;
  /** The thread to watch; without it the one that does the work. */
  readonly wanted?: WantedThread | undefined;
  /** A folder of this hunt's own is made in it. */
  readonly folder: string;
  readonly cancel: AbortSignal;
  readonly onEvent?: (event: HuntEvent) => void;
}

export interface HuntCapture {
  readonly folder: string;
  readonly title: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  readonly recipe: Recipe;
  readonly exercise: Exercise;
  readonly times: number;
  readonly warmup: number;
  /** Undefined where it was not asked for. */
  readonly tracking: TrackingPlan | undefined;
  readonly node: string;
  readonly snapshots: readonly TakenSnapshot[];
  /** Requests by the status of their answers; none for other exercises. */
  readonly answers: readonly AnswerCount[];
  readonly reach: HuntReach;
}

/** How long after a failure that a program died is still the reason, and how long its end may take. */
const HEARD_MS = 300;
const EXIT_MS = 1500;
/** Connections close, and what was waiting for them is let go. */
const SETTLE_MS = 150;

/** Runs the protocol and keeps the three snapshots. Leaves no process behind, and what it attached to as it was. */
export async function huntLeaks(request: HuntRequest): Promise<Result<HuntCapture, CaptureIssue>> {
  const { recipe, cancel } = request;
  setMaxListeners(0, cancel); // every step of the protocol waits for it
  const at = new Date();
  const base = path.join(request.folder, recordingName(at, `hunt ${huntTitle(request)}`));
  let folder: string;
  try {
    await makeKeepFolder(request.folder);
    folder = await makeFolder(base);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return err({ kind: 'heap-unwritable', file: base, code: code ?? '', message });
  }
  const finished = new AbortController();
  setMaxListeners(0, finished.signal); // as each thread of the program does
  const targets = new Map<string, HeapTarget>();
  let onFirst: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  const tracked = new Set<HeapTarget>();
  const follow: Follow = async (target, run) => {
    await activityOf(target); // its counters
    await run();
    const key = `${target.pid}.${target.threadId}`;
    targets.set(key, target);
    onFirst();
    await Promise.race([target.ended, aborted(finished.signal)]).catch(() => {});
    targets.delete(key);
    // `disable` also ends the tracking of what goes on running.
    const restore = async (): Promise<void> => {
      await target.inspector.send('HeapProfiler.disable');
      if (tracked.has(target)) await endTracking(target.inspector);
    };
    if (!target.hasEnded()) await Promise.race([restore(), aborted(AbortSignal.timeout(1000))]).catch(() => {});
  };
  request.onEvent?.({ kind: 'phase', phase: 'starting', round: 0, pid: 0 });
  const opened = await openTargets({ ...request, isDriven: request.exercise.kind === 'call' }, follow);
  if (!opened.ok) {
    await fs.rm(folder, { recursive: true, force: true });
    return opened;
  }
  let isKept = false;
  try {
    await Promise.race([first, opened.value.targets.done, aborted(cancel)]);
    if (cancel.aborted) return err({ kind: 'cancelled' });
    if (targets.size === 0) return err({ kind: 'no-node-process', command: recipeTitle(recipe), exit: opened.value.targets.exit() });
    const snapshots = await protocol(request, folder, targets, tracked);
    if (!snapshots.ok) return cancel.aborted ? err({ kind: 'cancelled' }) : withExit(snapshots.error, opened.value.targets);
    isKept = true;
    const { exercise, times, warmup } = request;
    const title = huntTitle(request);
    const about = {
      recipe,
      exercise,
      times,
      warmup,
      tracking: snapshots.value.tracking,
      node: snapshots.value.node,
      snapshots: snapshots.value.taken,
      answers: snapshots.value.answers,
      reach: snapshots.value.reach,
    };
    return ok({ folder, title, recordedAt: at.toISOString(), ...about });
  } finally {
    finished.abort();
    opened.value.farewell(isKept ? 'Plateau: the hunt is over and the program ended.' : '');
    await Promise.race([opened.value.targets.followed(), aborted(AbortSignal.timeout(1500))]);
    await opened.value.targets.close();
    if (!isKept) await fs.rm(folder, { recursive: true, force: true });
  }
}

function huntTitle({ recipe, exercise }: Pick<HuntRequest, 'recipe' | 'exercise'>): string {
  if (recipe.kind === 'loop') return `${recipe.exported.name}() of ${path.basename(recipe.file)}`;
  return `${recipeTitle(recipe)}, ${exerciseTitle(exercise)}`;
}

/** A new folder of this name, or of one like it where it is taken. */
async function makeFolder(base: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? base : `${base}-${attempt}`;
    try {
      await fs.mkdir(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

interface Hunted {
  readonly taken: readonly TakenSnapshot[];
  readonly node: string;
  readonly answers: readonly AnswerCount[];
  readonly reach: HuntReach;
  readonly tracking: TrackingPlan | undefined;
}

async function protocol(
  request: HuntRequest,
  folder: string,
  targets: ReadonlyMap<string, HeapTarget>,
  tracked: Set<HeapTarget>,
): Promise<Result<Hunted, CaptureIssue>> {
  const { times, warmup, cancel, onEvent } = request;
  const started = performance.now();
  let target: HeapTarget | undefined;
  const phase = (name: HuntPhase, round: number): void => onEvent?.({ kind: 'phase', phase: name, round, pid: target?.pid ?? 0 });
  const work: Exerciser = exerciser(request.exercise, { cancel, targets, isWanted: (one) => !request.wanted || isWanted(one, request.wanted) });
  const run = async (count: number, round: number, before = 0, all = before + count): Promise<Result<void, CaptureIssue>> => {
    let times = 0;
    const gone = (): Result<void, CaptureIssue> => err({ kind: 'heap-lost', exit: undefined, during: { round, done: before + times, of: all } });
    const stopSampling = target ? sample(target, started, onEvent) : () => {};
    const over = target ? target.ended.then(gone, gone) : new Promise<Result<void, CaptureIssue>>(() => {});
    const onDone = (n: number): void => {
      times = n;
      onEvent?.({ kind: 'exercised', done: before + n, of: all });
    };
    const done = await Promise.race([work.run(count, onDone), over]);
    stopSampling();
    if (cancel.aborted) return err({ kind: 'cancelled' });
    // Whoever waits for an answer of a program that dies may hear of it first.
    return done.ok ? done : Promise.race([over, aborted(AbortSignal.timeout(HEARD_MS)).then(() => done)]);
  };
  const track = (one: HeapTarget): Promise<void> => {
    tracked.add(one);
    return startTracking(one.inspector);
  };
  const sent = (): number => (work.answers?.() ?? []).reduce((sum, { count }) => sum + count, 0);
  try {
    phase('warming-up', 0);
    // One before the process is chosen: it shows whom the exercise reaches.
    const probe = await run(1, 0);
    if (!probe.ok) return probe;
    target = await work.choose();
    if (!target && request.wanted && targets.size > 0)
      return err({ kind: 'no-such-thread', wanted: request.wanted, threads: [...targets.values()].map(labelOf) });
    if (!target) return err({ kind: 'heap-lost', exit: undefined });
    const served = await watchServed(target, request.exercise);
    const sentBefore = sent();
    phase('warming-up', 0);
    const warm = await run(Math.max(0, warmup - 1), 0, 1);
    if (!warm.ok) return warm;
    // V8 makes a table of line ends for each script that it tells of, which would count as growth after the first snapshot.
    await scriptTable(target.inspector);
    const taken: TakenSnapshot[] = [];
    let tracking: TrackingPlan | undefined;
    const lengths = watchLengths(target.inspector);
    const others = watchOthers(targets, target);
    for (let round = 1; round <= 3; round++) {
      if (round > 1) {
        phase('exercising', round - 1);
        const part = round === 3 && tracking?.kind === 'last' ? tracking.exercises : 0;
        const done = part < times ? await run(times - part, round - 1, 0, times) : ok(undefined);
        if (!done.ok) return done;
        if (part > 0) {
          await track(target);
          const rest = await run(part, round - 1, times - part, times);
          if (!rest.ok) return rest;
        }
      }
      await Promise.race([new Promise((resolve) => setTimeout(resolve, SETTLE_MS)), aborted(cancel)]);
      const { used } = await heapUsage(target.inspector);
      phase('snapshot', round);
      onEvent?.({ kind: 'pausing', heapUsed: used, pauseMs: estimatePause(used) });
      const file = path.join(folder, `${round}.heapsnapshot`);
      await Promise.race([lengths.look(), target.ended, aborted(cancel)]);
      const one = await takeSnapshot(target.inspector, file, { cancel, onProgress: (share) => onEvent?.({ kind: 'progress', share }) });
      if (!one.ok) return one;
      if (round === 3) await lengths.save(file);
      await Promise.race([others.look(), aborted(cancel)]);
      taken.push(one.value);
      if (round === 1 && request.tracksAllocations) {
        tracking = trackingPlan(one.value.heapUsed, times, request.exercise.kind === 'by-hand');
        onEvent?.({ kind: 'tracking', plan: tracking });
        if (tracking.kind === 'rounds') await track(target);
      }
      onEvent?.({ kind: 'sample', at: performance.now() - started, heapUsed: one.value.heapUsed, rss: await residentSize(target) });
    }
    const activity = await activityOf(target);
    const reach: HuntReach = {
      watched: labelOf(target),
      others: others.told(),
      reached: work.reached?.(),
      unserved: await served.look(sent() - sentBefore),
      clusterWorkers: activity?.clusterWorkers ?? [],
      isAsked: request.wanted !== undefined,
    };
    return ok({ taken, node: target.version, answers: work.answers?.() ?? [], reach, tracking });
  } catch {
    return cancel.aborted ? err({ kind: 'cancelled' }) : err({ kind: 'heap-lost', exit: undefined });
  } finally {
    work.dispose();
  }
}

/** A program that was lost, with how it ended: that is known once it is let go. */
async function withExit(issue: CaptureIssue, targets: HeapTargets): Promise<Result<never, CaptureIssue>> {
  if (issue.kind !== 'heap-lost' || issue.exit) return err(issue);
  await Promise.race([targets.done, aborted(AbortSignal.timeout(EXIT_MS))]);
  return err({ ...issue, exit: targets.exit() });
}
