import { setTimeout as delay } from 'node:timers/promises';
import type { TargetFiles } from '../../capture/session/session';
import { needsTranspiling } from '../../capture/target/transpile';
import { median } from '../../core/statistics/median-ratio';
import { NOISY, variation } from '../../core/statistics/spread';
import type { ComparisonReport } from '../../shared/comparison';
import { err, ok, type Result } from '../../shared/result';
import { type Compared, compareSides, type Metric } from '../compare/compare-report';
import { describeNoise } from './describe-noise';
import { lookAtMachine, type MachineLook } from './machine';
import type { MeasureIssue } from './measure-issue';
import { type MeasuredRecipe, movedRecipe } from './moved-recipe';
import { type ProfiledRun, profiledRun } from './profiled-run';
import { type TimedRun, timedRun } from './timed-run';
import { prepareVersions, type Version, type VersionsRequest } from './versions';

export interface MeasureRequest extends Omit<VersionsRequest, 'cwd'> {
  /** In the user's checkout. */
  readonly recipe: MeasuredRecipe;
  readonly nodePath: string;
  readonly files: TargetFiles;
  /** Pairs that are timed, and as many that are profiled. */
  readonly pairs: number;
  /** Microseconds between samples. */
  readonly interval: number;
  readonly onProgress?: ((progress: MeasureProgress) => void) | undefined;
}

export interface MeasureProgress {
  readonly phase: 'preparing' | 'warming up' | 'timing' | 'profiling';
  /** Runs that are done, and all. */
  readonly done: number;
  readonly all: number;
  /** Milliseconds that the rest will take; undefined until that can be told. */
  readonly left: number | undefined;
}

type Side = 'before' | 'after';

/** Before, after, after, before: what drifts falls on both sides alike. */
export const orderOf = (pair: number): readonly [Side, Side] => (pair % 2 === 0 ? ['before', 'after'] : ['after', 'before']);

/**
 * Runs two versions in turns, each run a fresh process: one of each to warm up, pairs
 * that are timed, then pairs that are profiled, so that the profiler does not decide.
 * The number of runs is known before the first. Leaves nothing behind.
 */
export async function measure(request: MeasureRequest): Promise<Result<Compared, MeasureIssue>> {
  const { recipe, pairs, signal } = request;
  if (recipe.kind === 'file' && needsTranspiling(recipe.file)) return err({ kind: 'needs-translation', file: recipe.typed ?? recipe.file });
  request.onProgress?.({ phase: 'preparing', done: 0, all: 2 + 4 * pairs, left: undefined });
  const prepared = await prepareVersions({ ...request, cwd: recipe.cwd });
  if (!prepared.ok) return prepared;
  const versions = prepared.value;
  try {
    const recipes = { before: movedRecipe(recipe, versions.root, versions.before.root), after: movedRecipe(recipe, versions.root, versions.after.root) };
    const progress = progressOf(request);
    const looks: MachineLook[] = [await lookAtMachine()];
    const time = async (side: Side): Promise<Result<TimedRun, MeasureIssue>> => {
      const run = await timedRun({ ...request, recipe: recipes[side] });
      if (!run.ok || hasWorked(run.value.exit)) return run;
      // Ctrl+C reaches the program too, and may be heard of there first.
      await delay(100);
      return err(signal.aborted ? { kind: 'cancelled' } : { kind: 'failed-run', version: versions[side].name, exit: run.value.exit });
    };
    for (const side of orderOf(0)) {
      progress('warming up');
      const warm = await time(side);
      if (!warm.ok) return warm;
    }
    const timed = await inTurns(pairs, time, () => progress('timing'));
    if (!timed.ok) return timed;
    looks.push(await lookAtMachine());
    const profiled = await inTurns(
      pairs,
      async (side): Promise<Result<ProfiledRun, MeasureIssue>> => {
        const run = await profiledRun({ ...request, recipe: recipes[side], version: versions[side] });
        const exit = run.ok ? run.value.exit : undefined;
        return exit && !hasWorked(exit) ? err({ kind: 'failed-run', version: versions[side].name, exit }) : run;
      },
      () => progress('profiling'),
    );
    if (!profiled.ok) return signal.aborted ? err({ kind: 'cancelled' }) : profiled;
    const warnings = [...versions.warnings, priceOf(timed.value, profiled.value), ...noiseWarnings(timed.value, looks)];
    const sideOf = (version: Version, runs: readonly ProfiledRun[]) => ({
      ...{ name: version.name, files: [], runs: runs.map(({ run }) => run) },
      ...(version.commit === undefined ? {} : { commit: version.commit }),
    });
    const compared = compareSides(sideOf(versions.before, profiled.value.before), sideOf(versions.after, profiled.value.after), {
      ...{ scaling: 'run', isPaired: true, renames: versions.renames, metrics: metricsOf(timed.value), warnings },
    });
    if (!compared) throw new Error('runs are counted'); // scaling by runs is always known
    return ok(compared);
  } finally {
    await versions.dispose();
  }
}

const hasWorked = ({ code, signal }: TimedRun['exit']): boolean => code === 0 && signal === null;

interface Sides<T> {
  readonly before: readonly T[];
  readonly after: readonly T[];
}

async function inTurns<T>(pairs: number, run: (side: Side) => Promise<Result<T, MeasureIssue>>, onRun: () => void): Promise<Result<Sides<T>, MeasureIssue>> {
  const runs = { before: [] as T[], after: [] as T[] };
  for (let pair = 0; pair < pairs; pair++)
    for (const side of orderOf(pair)) {
      onRun();
      const one = await run(side);
      if (!one.ok) return one;
      runs[side].push(one.value);
    }
  return ok(runs);
}

function progressOf({ pairs, onProgress }: MeasureRequest): (phase: MeasureProgress['phase']) => void {
  const all = 2 + 4 * pairs;
  const started = performance.now();
  let done = 0;
  return (phase) => {
    const left = done < 2 ? undefined : ((performance.now() - started) / done) * (all - done);
    onProgress?.({ phase, done: done++, all, left });
  };
}

/** Changes of less are none: what the clock of a process's end, V8 and the system give or take. */
const FLOORS = { time: 1, bytes: 256 * 1024, memory: 2 << 20, delay: 2 } as const;

function metricsOf({ before, after }: Sides<TimedRun>): Metric[] {
  const metric = (name: string, unit: string, floor: number, of: (run: TimedRun) => number | undefined): Metric[] => {
    const [first, second] = [before.map(of), after.map(of)];
    const isKnown = (values: readonly (number | undefined)[]): values is number[] => values.every((value) => value !== undefined);
    return isKnown(first) && isKnown(second) ? [{ name, unit, floor, before: first, after: second }] : [];
  };
  const ms = (micros: number | undefined): number | undefined => (micros === undefined ? undefined : micros / 1e3);
  return [
    ...metric('wall', 'ms', FLOORS.time, ({ wall }) => ms(wall)),
    ...metric('cpu', 'ms', FLOORS.time, ({ metrics }) => ms(metrics?.cpu)),
    ...metric('gc', 'ms', FLOORS.time, ({ metrics }) => ms(metrics?.gc)),
    ...metric('allocated', 'bytes', FLOORS.bytes, ({ metrics }) => metrics?.allocated),
    ...metric('peak memory', 'bytes', FLOORS.memory, ({ metrics }) => metrics?.maxRss),
    ...metric('longest event-loop delay', 'ms', FLOORS.delay, ({ metrics }) => ms(metrics?.longestDelay)),
  ];
}

/** What the profiler cost: the pairs that it was on in decide nothing but which functions changed. */
function priceOf(timed: Sides<TimedRun>, profiled: Sides<ProfiledRun>): string {
  const walls = (sides: Sides<{ readonly wall: number }>): number[] => [...sides.before, ...sides.after].map(({ wall }) => wall);
  const price = median(walls(profiled)) / median(walls(timed)) - 1;
  return `Profiled runs took ${Math.abs(price * 100).toFixed(0)} % ${price < 0 ? 'less' : 'more'} than timed ones; they say which functions changed, and not by how much the whole did.`;
}

function noiseWarnings({ before, after }: Sides<TimedRun>, looks: readonly MachineLook[]): string[] {
  const noise = Math.max(...[before, after].map((runs) => variation(runs.map(({ wall }) => wall))));
  return noise < NOISY ? [] : describeNoise(noise, looks);
}

/** A program against itself: whether anything is said to be faster or slower. */
export const isFalseAlarm = ({ verdict, functions }: Pick<ComparisonReport, 'verdict' | 'functions'>): boolean =>
  [verdict, ...functions.map((one) => one.verdict)].some((one) => one === 'faster' || one === 'slower');
