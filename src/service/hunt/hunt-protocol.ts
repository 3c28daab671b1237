/**
 * The protocol of a leak hunt: warm up, snapshot, exercise N times, snapshot, exercise N
 * times, snapshot. One inspector session stays open throughout, for object ids start again
 * when the heap profiler is disabled.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { estimatePause, heapUsage, scriptTable, type TakenSnapshot, takeSnapshot } from '../../capture/attach/heap-snapshot';
import type { HeapTarget } from '../../capture/attach/heap-targets';
import { startTracking } from '../../capture/inspector/allocation-tracking';
import { aborted } from '../../capture/launch/record-launch';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import type { AnswerCount } from '../../shared/hunt';
import { err, ok, type Result } from '../../shared/result';
import { isWanted, labelOf } from '../heap/heap-choice';
import { exerciser } from './exercise';
import type { Exerciser } from './exerciser';
import { activityOf } from './hunt-activity';
import type { HuntReach } from './hunt-doubt';
import type { HuntPhase, HuntRequest } from './hunt-events';
import { type LengthWatch, watchLengths } from './hunt-lengths';
import { type OtherThreads, watchOthers } from './hunt-others';
import { residentSize, sample } from './hunt-samples';
import { type Unserved, watchServed } from './hunt-served';
import { type TrackingPlan, trackingPlan } from './hunt-tracking';

export interface Hunted {
  readonly taken: readonly TakenSnapshot[];
  readonly node: string;
  readonly answers: readonly AnswerCount[];
  readonly reach: HuntReach;
  readonly tracking: TrackingPlan | undefined;
}

/** What a hunt is of: the program's threads, of which `tracked` name the stacks of what they allocate. */
export interface Hunting {
  readonly request: HuntRequest;
  /** Where snapshots go. */
  readonly folder: string;
  readonly targets: ReadonlyMap<string, HeapTarget>;
  readonly tracked: Set<HeapTarget>;
}

interface Running extends Hunting {
  /** `performance.now()` at the start. */
  readonly started: number;
  readonly work: Exerciser;
  /** The thread that is watched, once it is chosen. */
  target: HeapTarget | undefined;
}

/** How long after a failure that a program died is still the reason. */
const HEARD_MS = 300;
/** Connections close, and what was waiting for them is let go. */
const SETTLE_MS = 150;
const ROUNDS = 3;

/** Runs the protocol on a program whose first thread is there. */
export async function runProtocol(hunting: Hunting): Promise<Result<Hunted, CaptureIssue>> {
  const { request, targets } = hunting;
  const { cancel, wanted } = request;
  const work = exerciser(request.exercise, { cancel, targets, isWanted: (one) => !wanted || isWanted(one, wanted) });
  const running: Running = { ...hunting, started: performance.now(), work, target: undefined };
  try {
    const chosen = await warmUp(running);
    if (!chosen.ok) return chosen;
    const { target } = chosen.value;
    const others = watchOthers(targets, target);
    const rounds = await takeSnapshots(running, target, others);
    if (!rounds.ok) return rounds;
    const reach = await reachOf(running, chosen.value, others);
    return ok({ ...rounds.value, node: target.version, answers: work.answers?.() ?? [], reach });
  } catch {
    return cancel.aborted ? err({ kind: 'cancelled' }) : err({ kind: 'heap-lost', exit: undefined });
  } finally {
    work.dispose();
  }
}

function tellPhase({ request, target }: Running, phase: HuntPhase, round: number): void {
  request.onEvent?.({ kind: 'phase', phase, round, pid: target?.pid ?? 0 });
}

/** Which of a round's exercises are to be done: from `before` on, of `all`. */
interface Stretch {
  readonly round: number;
  readonly count: number;
  readonly before: number;
  readonly all: number;
}

/** Exercises the program, and watches that it lives. */
async function exerciseIt({ request, work, target, started }: Running, { round, count, before, all }: Stretch): Promise<Result<void, CaptureIssue>> {
  const { cancel, onEvent } = request;
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
}

/** The thread to watch, and whether it has answered what it was exercised with since it was chosen. */
interface Chosen {
  readonly target: HeapTarget;
  unserved(): Promise<Unserved | undefined>;
}

/** How long a thread that is asked for may take to start, after the first exercise. */
const START_MS = 10_000;
const POLL_MS = 50;

/** The thread that is asked for, where it starts only now. Undefined where none is asked for, or none comes while the program runs. */
async function laterChoice({ request, targets, work }: Running): Promise<HeapTarget | undefined> {
  const end = performance.now() + START_MS;
  while (request.wanted && targets.size > 0 && !request.cancel.aborted && performance.now() < end) {
    await delay(POLL_MS);
    const target = await work.choose();
    if (target) return target;
  }
  return undefined;
}

/** Exercises the program before the first snapshot, and chooses the thread to watch. */
async function warmUp(running: Running): Promise<Result<Chosen, CaptureIssue>> {
  const { request, targets, work } = running;
  tellPhase(running, 'warming-up', 0);
  // One before the process is chosen: it shows whom the exercise reaches.
  const probe = await exerciseIt(running, { round: 0, count: 1, before: 0, all: 1 });
  if (!probe.ok) return probe;
  const target = (await work.choose()) ?? (await laterChoice(running));
  if (!target && request.wanted && targets.size > 0)
    return err({ kind: 'no-such-thread', wanted: request.wanted, threads: [...targets.values()].map(labelOf) });
  if (!target) return err({ kind: 'heap-lost', exit: undefined });
  running.target = target;
  const served = await watchServed(target, request.exercise);
  const sent = (): number => (work.answers?.() ?? []).reduce((sum, { count }) => sum + count, 0);
  const sentBefore = sent();
  tellPhase(running, 'warming-up', 0);
  const count = Math.max(0, request.warmup - 1);
  const warm = await exerciseIt(running, { round: 0, count, before: 1, all: 1 + count });
  if (!warm.ok) return warm;
  // V8 makes a table of line ends for each script that it tells of, which would count as growth after the first snapshot.
  await scriptTable(target.inspector);
  return ok({ target, unserved: () => served.look(sent() - sentBefore) });
}

async function takeSnapshots(running: Running, target: HeapTarget, others: OtherThreads): Promise<Result<Pick<Hunted, 'taken' | 'tracking'>, CaptureIssue>> {
  const { request, started } = running;
  const { times, onEvent } = request;
  const taken: TakenSnapshot[] = [];
  const lengths = watchLengths(target.inspector);
  let tracking: TrackingPlan | undefined;
  for (let round = 1; round <= ROUNDS; round++) {
    if (round > 1) {
      const tracked = round === ROUNDS && tracking?.kind === 'last' ? tracking.exercises : 0;
      const done = await exerciseRound(running, target, round - 1, tracked);
      if (!done.ok) return done;
    }
    const one = await snapshotAfter(running, target, round, { lengths, others });
    if (!one.ok) return one;
    taken.push(one.value);
    if (round === 1 && request.tracksAllocations) {
      tracking = trackingPlan(one.value.heapUsed, times, request.exercise.kind === 'by-hand');
      onEvent?.({ kind: 'tracking', plan: tracking });
      if (tracking.kind === 'rounds') await track(running, target);
    }
    onEvent?.({ kind: 'sample', at: performance.now() - started, heapUsed: one.value.heapUsed, rss: await residentSize(target) });
  }
  return ok({ taken, tracking });
}

function track({ tracked }: Running, target: HeapTarget): Promise<void> {
  tracked.add(target);
  return startTracking(target.inspector);
}

/** The exercises between two snapshots, the last of them tracked. */
async function exerciseRound(running: Running, target: HeapTarget, round: number, tracked: number): Promise<Result<void, CaptureIssue>> {
  const { times } = running.request;
  tellPhase(running, 'exercising', round);
  const untracked = times - tracked;
  if (untracked > 0) {
    const done = await exerciseIt(running, { round, count: untracked, before: 0, all: times });
    if (!done.ok) return done;
  }
  if (tracked === 0) return ok(undefined);
  await track(running, target);
  return exerciseIt(running, { round, count: tracked, before: untracked, all: times });
}

async function snapshotAfter(
  running: Running,
  target: HeapTarget,
  round: number,
  { lengths, others }: { readonly lengths: LengthWatch; readonly others: OtherThreads },
): Promise<Result<TakenSnapshot, CaptureIssue>> {
  const { cancel, onEvent } = running.request;
  await Promise.race([new Promise((resolve) => setTimeout(resolve, SETTLE_MS)), aborted(cancel)]);
  const { used } = await heapUsage(target.inspector);
  tellPhase(running, 'snapshot', round);
  onEvent?.({ kind: 'pausing', heapUsed: used, pauseMs: estimatePause(used) });
  const file = path.join(running.folder, `${round}.heapsnapshot`);
  await Promise.race([lengths.look(), target.ended, aborted(cancel)]);
  const one = await takeSnapshot(target.inspector, file, { cancel, onProgress: (share) => onEvent?.({ kind: 'progress', share }) });
  if (!one.ok) return one;
  if (round === ROUNDS) await lengths.save(file);
  await Promise.race([others.look(), aborted(cancel)]);
  return one;
}

async function reachOf({ request, work }: Running, { target, unserved }: Chosen, others: OtherThreads): Promise<HuntReach> {
  const activity = await activityOf(target);
  return {
    watched: labelOf(target),
    others: others.told(),
    reached: work.reached?.(),
    unserved: await unserved(),
    clusterWorkers: activity?.clusterWorkers ?? [],
    isAsked: request.wanted !== undefined,
  };
}
