import fs from 'node:fs';
import path from 'node:path';
import { appendNodeOptions } from '../../capture/environment/node-options';
import { endLaunched } from '../../capture/processes/end-tree';
import type { ProcessExit } from '../../capture/records/capture-issue';
import { type RunMetrics, readMetrics } from '../../capture/records/run-metrics';
import { privateFolder } from '../../capture/session/private-folder';
import { removeFolder } from '../../capture/session/remove-folder';
import type { TargetFiles } from '../../capture/session/session';
import { launch } from '../../capture/session/spawn';
import { err, ok, type Result } from '../../shared/result';
import { launchSpec } from '../recording/launch';
import type { MeasureIssue } from './measure-issue';
import type { MeasuredRecipe } from './moved-recipe';

/** What one run took. Times in microseconds, sizes in bytes. */
export interface TimedRun {
  /** From the start of the command to its end. */
  readonly wall: number;
  readonly exit: ProcessExit;
  /** Undefined where no Node.js of the run has written any. */
  readonly metrics: RunMetrics | undefined;
}

/** Of the folder that a run's figures go to. */
export const RUN_PREFIX = 'plateau-run-';

interface TimedRequest {
  readonly recipe: MeasuredRecipe;
  readonly nodePath: string;
  readonly files: TargetFiles;
  readonly signal: AbortSignal;
}

/** Runs a command once, in processes of its own and without a profiler; its output goes nowhere. Leaves no process behind. */
export async function timedRun({ recipe, nodePath, files, signal }: TimedRequest): Promise<Result<TimedRun, MeasureIssue>> {
  const made = privateFolder(RUN_PREFIX);
  if (!made.ok) return err({ kind: 'capture', issue: made.error });
  const out = path.join(made.value, 'out');
  fs.mkdirSync(out);
  try {
    const spec = launchSpec({ recipe, nodePath, files });
    const hook = path.join(files.folder, 'metrics.cjs');
    const env = { ...spec.env, NODE_OPTIONS: appendNodeOptions(spec.env.NODE_OPTIONS ?? process.env.NODE_OPTIONS, ['--require', hook]), PLATEAU_METRICS: out };
    const from = process.hrtime.bigint();
    const launched = await launch({ ...spec, env, session: made.value }, true);
    if (!launched.ok) return err({ kind: 'capture', issue: launched.error });
    // The time of its end, not of when this process came to hear of more.
    const ended = launched.value.exit.then((exit) => ({ exit, wall: Number(process.hrtime.bigint() - from) / 1e3 }));
    const outcome = await untilAborted(ended, signal);
    if (!outcome) {
      await endLaunched(launched.value, undefined, { daemons: 'end', graceMs: 500 });
      return err({ kind: 'cancelled' });
    }
    return ok({ ...outcome, metrics: readMetrics(out) });
  } finally {
    removeFolder(made.value);
  }
}

/** What a promise gives; undefined where it is cancelled before. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  let hear = (): void => {};
  const aborted = new Promise<undefined>((resolve) => {
    hear = () => resolve(undefined);
  });
  signal.addEventListener('abort', hear);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', hear);
  }
}
