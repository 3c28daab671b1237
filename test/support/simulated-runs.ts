/**
 * Runs of a program that is measured, made up: what the chance of a false alarm and of
 * finding a change are is counted over many of them. `npm run power` makes the table of
 * docs/statistics.md with it.
 */
import { holm } from '../../src/core/statistics/holm';
import { normalRandom, seededRandom } from '../../src/core/statistics/random';
import { levels, type RunSeries, runChange, runP, verdictOf } from '../../src/core/statistics/verdict';

export interface Simulation {
  readonly pairs: number;
  /** Standard deviation of a run's time, as a share. */
  readonly noise: number;
  /** By how much the machine would be slower in the second half of the runs than in the first. */
  readonly drift: number;
  /** Of the whole program's time, or of one function's where `functions` is not 0. */
  readonly change: number;
  /** So many functions, each with noise of its own, are tested beside the whole. */
  readonly functions: number;
  /** `interleaved` runs ABBA; `sequential` all of one side first, which is what not to do. */
  readonly order: 'interleaved' | 'sequential';
  readonly rounds: number;
  readonly seed: number;
}

/** Shares of rounds. */
export interface Outcome {
  /** The whole or any function is said to be slower or faster. */
  readonly alarms: number;
  /** The whole is said to be slower. */
  readonly slower: number;
  readonly same: number;
  /** The changed function is named, in the right direction. */
  readonly named: number;
}

export function simulate(simulation: Simulation): Outcome {
  const random = normalRandom(seededRandom(simulation.seed));
  let [alarms, slower, same, named] = [0, 0, 0, 0];
  for (let round = 0; round < simulation.rounds; round++) {
    const { whole, functions } = measurement(simulation, random);
    const verdicts = [whole, ...functions];
    if (verdicts.includes('slower') || verdicts.includes('faster')) alarms++;
    if (whole === 'slower') slower++;
    if (whole === 'no difference') same++;
    if (functions[0] === 'slower') named++;
  }
  const share = (count: number): number => count / simulation.rounds;
  return { alarms: share(alarms), slower: share(slower), same: share(same), named: share(named) };
}

function measurement(simulation: Simulation, random: () => number): { whole: string | undefined; functions: (string | undefined)[] } {
  const { pairs, change, functions, order } = simulation;
  const series = Array.from({ length: functions + 1 }, () => ({ before: [] as number[], after: [] as number[] }));
  for (let run = 0; run < 2 * pairs; run++) {
    const isAfter = order === 'sequential' ? run >= pairs : run % 4 === 1 || run % 4 === 2;
    // Over all runs twice as much as between the middles of the two halves.
    const slowed = 1 + (simulation.drift * 2 * run) / (2 * pairs - 1);
    for (const [at, one] of series.entries()) {
      const isChanged = isAfter && at === (functions > 0 ? 1 : 0);
      const time = 1000 * slowed * Math.exp(simulation.noise * random()) * (isChanged ? 1 + change : 1);
      (isAfter ? one.after : one.before).push(time);
    }
  }
  const isPaired = order === 'interleaved';
  const own = levels(pairs, pairs, isPaired);
  const [first, ...rest] = series.map((one) => ({ ...one, isPaired }));
  const ps = holm(rest.map((one) => runP(one) ?? 1));
  const judge = (one: RunSeries | undefined, p: number | undefined, alpha: number): string | undefined =>
    one && verdictOf(runChange(one), p, { alpha, floor: 1 });
  return {
    whole: judge(first, first && runP(first), own.whole),
    // An interval takes most of the time, and without p there is no alarm.
    functions: rest.map((one, at) => ((ps[at] as number) > own.functions ? undefined : judge(one, ps[at], own.functions))),
  };
}
