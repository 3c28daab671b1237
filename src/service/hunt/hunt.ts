import { setMaxListeners } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { TakenSnapshot } from '../../capture/attach/heap-snapshot';
import type { Follow, HeapTarget, HeapTargets } from '../../capture/attach/heap-targets';
import { endTracking } from '../../capture/inspector/allocation-tracking';
import { aborted } from '../../capture/launch/record-launch';
import type { CaptureIssue } from '../../capture/records/capture-issue';
import type { AnswerCount } from '../../shared/hunt';
import { type Recipe, recipeTitle } from '../../shared/recipe';
import { err, ok, type Result } from '../../shared/result';
import { openTargets } from '../recording/heap-record';
import { makeKeepFolder } from '../recordings/keep-folder';
import { recordingName } from '../recordings/recordings';
import { type Exercise, exerciseTitle } from './exercise';
import { activityOf } from './hunt-activity';
import type { HuntReach } from './hunt-doubt';
import type { HuntRequest } from './hunt-events';
import { runProtocol } from './hunt-protocol';
import type { TrackingPlan } from './hunt-tracking';

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

/** How long a program's end may take. */
const EXIT_MS = 1500;

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
    const snapshots = await runProtocol({ request, folder, targets, tracked });
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

/** A program that was lost, with how it ended: that is known once it is let go. */
async function withExit(issue: CaptureIssue, targets: HeapTargets): Promise<Result<never, CaptureIssue>> {
  if (issue.kind !== 'heap-lost' || issue.exit) return err(issue);
  await Promise.race([targets.done, aborted(AbortSignal.timeout(EXIT_MS))]);
  return err({ ...issue, exit: targets.exit() });
}
