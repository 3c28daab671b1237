import path from 'node:path';
import type { ProcessExit } from '../../capture/records/capture-issue';
import type { TargetFiles } from '../../capture/session/session';
import { launch } from '../../capture/session/spawn';
import { computedCosts } from '../../core/compare/computed-costs';
import { err, ok, type Result } from '../../shared/result';
import { fileLocator } from '../../source/maps/locate';
import { type IdentifiedRun, identifiedRun } from '../compare/identities';
import { describeProfileIssue } from '../profile/describe-profile-issue';
import { readProfileFile } from '../profile/read-profile';
import { record } from '../recording/record';
import type { MeasureIssue } from './measure-issue';
import type { MeasuredRecipe } from './moved-recipe';
import type { Version } from './versions';

/** A run with the profiler on. */
export interface ProfiledRun {
  readonly run: IdentifiedRun;
  /** Microseconds from its start to its end. */
  readonly wall: number;
  readonly exit: ProcessExit | undefined;
}

interface ProfiledRequest {
  readonly recipe: MeasuredRecipe;
  readonly version: Version;
  readonly nodePath: string;
  readonly files: TargetFiles;
  /** Microseconds between samples. */
  readonly interval: number;
  readonly signal: AbortSignal;
}

/** Records a command once. Of several threads the one that computed most is looked at. */
export async function profiledRun({ recipe, version, nodePath, files, interval, signal }: ProfiledRequest): Promise<Result<ProfiledRun, MeasureIssue>> {
  // Of this run alone: who hears of it goes with it.
  const cancel = new AbortController();
  const abort = (): void => cancel.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await recordedRun({ recipe, version, nodePath, files, interval, signal: cancel.signal });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function recordedRun({ recipe, version, nodePath, files, interval, signal }: ProfiledRequest): Promise<Result<ProfiledRun, MeasureIssue>> {
  let from = process.hrtime.bigint();
  let wall = 0;
  const recorded = await record({
    ...{ recipe, nodePath, files, isAlone: true },
    openLauncher: async () =>
      ok({
        environment: process.env,
        async launch(spec) {
          from = process.hrtime.bigint();
          const launched = await launch(spec, true);
          if (launched.ok)
            void launched.value.exit.then(() => {
              wall = Number(process.hrtime.bigint() - from) / 1e3;
            });
          return launched;
        },
      }),
    capture: { interval, stop: new AbortController().signal, cancel: signal, daemons: 'end' },
  });
  if (!recorded.ok) return err(recorded.error.kind === 'cancelled' ? { kind: 'cancelled' } : { kind: 'capture', issue: recorded.error });
  const { threads, info, capture, dispose } = recorded.value;
  try {
    const file = threads[0]?.file ?? '';
    const read = await readProfileFile(path.resolve(file));
    if (!read.ok) return err({ kind: 'unreadable-profile', version: version.name, detail: describeProfileIssue(read.error) });
    const run = identifiedRun(computedCosts(read.value.tables), info, fileLocator([version.root]));
    return ok({ run, wall, exit: capture.exit });
  } finally {
    await dispose();
  }
}
