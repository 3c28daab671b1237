import { type Comparison, compareRuns, stateOf } from '../../core/compare/comparison';
import type { Renames } from '../../core/compare/match-files';
import type { FunctionPair } from '../../core/compare/match-functions';
import { type ScaleFactors, scaleFactors } from '../../core/compare/scaling';
import type { SideCosts } from '../../core/compare/union-tree';
import { Category } from '../../core/profile/categories';
import { holm } from '../../core/statistics/holm';
import { variation } from '../../core/statistics/spread';
import { levels, noisyVerdict, type RunChange, runChange, verdictOf } from '../../core/statistics/verdict';
import type { Unit } from '../../shared/brands';
import type { Certainty, ComparisonReport, ComparisonUnit, FunctionChange, MetricReport, Sizes } from '../../shared/comparison';
import type { Scaling } from '../../shared/comparison-scale';
import { type IdentifiedRun, withLinesAfter } from './identities';
import { pasteSentence } from './paste-sentence';

/** One side of a comparison: its runs, and what is known of them besides. */
export interface SideInput {
  readonly name: string;
  readonly files: readonly string[];
  readonly runs: readonly IdentifiedRun[];
  readonly calls?: number | undefined;
  readonly requests?: number | undefined;
  readonly commit?: string | undefined;
}

/** A figure of each run that is no function's. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Changes of less are none, in the metric's unit. */
  readonly floor: number;
  readonly isRate?: boolean;
}

export interface CompareOptions {
  readonly scaling: Scaling;
  readonly renames?: Renames | undefined;
  /** Whether run i after ran right beside run i before. */
  readonly isPaired: boolean;
  /** What was measured besides; the first decides. Left out, the active cost of the profiles does. */
  readonly metrics?: readonly Metric[];
  readonly warnings?: readonly string[];
}

/** Functions that are tested: of at least this share of a side, and so many of them. */
const LEAST_SHARE = 0.01;
const MOST_TESTED = 20;

/** A comparison with what the editor's views need of it, and its report. */
export interface Compared {
  readonly comparison: Comparison;
  readonly factors: ScaleFactors;
  readonly report: ComparisonReport;
}

/** Compares two sides of one unit; undefined where the scaling asks for what a side does not know. */
export function compareSides(before: SideInput, after: SideInput, options: CompareOptions): Compared | undefined {
  const linesAfter = after.runs[0]?.lines ?? new Map<string, readonly string[]>();
  const comparison = compareRuns(
    before.runs.map((run) => withLinesAfter(run, linesAfter)),
    after.runs,
    options.renames,
  );
  const { union, active } = comparison;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const sizeOf = (side: SideInput, costs: readonly number[]) => ({ runs: side.runs.length, calls: side.calls, requests: side.requests, active: sum(costs) });
  const factors = scaleFactors(options.scaling, sizeOf(before, active.before), sizeOf(after, active.after));
  if (!factors) return undefined;
  const steps = unitSteps(union.tables.unit, options.scaling);
  const [first, second] = [factors.before * steps.factor, factors.after * steps.factor];
  const total = sizes(sum(active.before) * first, sum(active.after) * second);
  // Shares of the runs are all 100 %: what is tested is the cost itself.
  const own = options.metrics ?? [{ name: 'active', ...ownMetric(comparison, union.tables.unit) }];
  const metrics = metricReports(own, options.isPaired);
  const functions = functionReports(comparison, { before: first, after: second }, { ...options, floor: steps.floor });
  const noise = { before: noiseOf(own[0]?.before), after: noiseOf(own[0]?.after) };
  const [head] = metrics;
  const decided =
    head && head.low !== null && head.high !== null ? { ratio: head.ratio ?? Number.POSITIVE_INFINITY, low: head.low, high: head.high } : undefined;
  const verdict = head?.verdict && decided ? noisyVerdict(head.verdict, decided, Math.max(noise.before ?? 0, noise.after ?? 0)) : head?.verdict;
  const sideOf = ({ name, files, runs, commit }: SideInput, own: number | null) => ({
    ...{ name, files, runs: runs.length, noise: own },
    ...(commit === undefined ? {} : { commit }),
  });
  const report = {
    ...({ schema: 'plateau/comparison/1', kind: 'comparison', unit: steps.unit, scaled: options.scaling } as const),
    ...{ before: sideOf(before, noise.before), after: sideOf(after, noise.after), total, metrics, functions },
    ...{ warnings: options.warnings ?? [], verdict: verdict ?? null },
  };
  return { comparison, factors, report: { ...report, sentence: pasteSentence(report, options.isPaired) } };
}

const noiseOf = (values: readonly number[] = []): number | null => (values.length < 2 ? null : variation(values));

/** The smallest times that a run's end and a sample can tell, milliseconds; of bytes, what V8 allocates for itself. */
const TIME_FLOOR = 1;
const BYTES_FLOOR = 64 * 1024;

function unitSteps(unit: Unit, scaling: Scaling): { readonly unit: ComparisonUnit; readonly factor: number; readonly floor: number } {
  const ofRuns = unit === 'microseconds' ? TIME_FLOOR : unit === 'bytes' ? BYTES_FLOOR : 0;
  if (scaling === 'share') return { unit: 'percent', factor: 100, floor: ofRuns };
  return unit === 'microseconds' ? { unit: 'ms', factor: 1e-3, floor: ofRuns } : { unit, factor: 1, floor: ofRuns };
}

function ownMetric({ active }: Comparison, unit: Unit): Omit<Metric, 'name'> {
  const factor = unit === 'microseconds' ? 1e-3 : 1;
  const scaledBy = (costs: readonly number[]): number[] => costs.map((cost) => cost * factor);
  return {
    ...{ unit: unit === 'microseconds' ? 'ms' : unit, before: scaledBy(active.before), after: scaledBy(active.after) },
    floor: unit === 'microseconds' ? TIME_FLOOR : unit === 'bytes' ? BYTES_FLOOR : 0,
  };
}

/** Each metric; the first by the level of the whole, the others by Holm among themselves. */
function metricReports(metrics: readonly Metric[], isPaired: boolean): MetricReport[] {
  const changes = metrics.map(({ before, after }) => runChange({ before, after, isPaired }));
  const others = holm(changes.slice(1).map(({ p }) => p ?? 1));
  return metrics.map((metric, at) => {
    const { name, unit, before, after, floor, isRate = false } = metric;
    const found = changes[at] as RunChange;
    const p = found.p === undefined ? undefined : at === 0 ? found.p : others[at - 1];
    const level = levels(before.length, after.length, isPaired);
    const alpha = at === 0 ? level.whole : level.whole + level.functions;
    return { name, unit, before, after, ...certainty(found, verdictOf(found, p, { alpha, floor, isRate })), pAdjusted: p ?? null };
  });
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const certainty = (found: RunChange, verdict: Certainty['verdict'] | undefined): Certainty => ({
  ...{ ratio: finite(found.ratio), low: finite(found.low), high: finite(found.high) },
  ...{ p: found.p ?? null, verdict: verdict ?? null },
});

const sizes = (before: number, after: number): Sizes => ({
  ...{ before, after, change: after - before },
  ratio: before === after ? 1 : finite(after / before),
});

/** Every function with a cost on a side, by falling size of its change. */
function functionReports(comparison: Comparison, factors: ScaleFactors, options: CompareOptions & { readonly floor: number }): FunctionChange[] {
  const { union, before, after } = comparison;
  const { functions } = union.tables;
  const { self, total } = { self: summed(comparison, 'self'), total: summed(comparison, 'total') };
  const tested = testedFunctions(comparison, options);
  const rows: FunctionChange[] = [];
  for (const [row, pair] of union.functions.entries()) {
    const category = functions.category[row] as number;
    if (category === Category.Idle || category === Category.Root) continue;
    if (!((total.before[row] as number) > 0) && !((total.after[row] as number) > 0)) continue;
    const own = sizes((self.before[row] as number) * factors.before, (self.after[row] as number) * factors.after);
    const one = placeOf(pair, comparison);
    const certain = tested.get(row);
    rows.push({
      ...one,
      ...own,
      total: sizes((total.before[row] as number) * factors.before, (total.after[row] as number) * factors.after),
      ...(certain ?? { low: null, high: null, p: null, pAdjusted: null, verdict: null }),
      // The sizes that are shown are means; the ratio of several runs is the median's.
      ratio: certain ? certain.ratio : own.ratio,
      state: stateOf(pair),
      ...(pair.isMoved ? { was: placeOf({ ...pair, after: -1 }, { before, after }) } : {}),
    });
  }
  return rows.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || Math.abs(b.total.change) - Math.abs(a.total.change));
}

/** Over all runs of each side, by function: what the union's table has too, and known already. */
function summed({ runs, union }: Comparison, which: 'self' | 'total'): SideCosts {
  const of = (costs: Comparison['runs']['before']): Float64Array => {
    const sum = new Float64Array(union.functions.length);
    for (const run of costs) for (let row = 0; row < sum.length; row++) sum[row] = (sum[row] as number) + (run[which][row] as number);
    return sum;
  };
  return { before: of(runs.before), after: of(runs.after) };
}

function placeOf({ before, after }: FunctionPair, sides: Pick<Comparison, 'before' | 'after'>): { name: string; url: string; line: number } {
  const one = after >= 0 ? sides.after.functions[after] : sides.before.functions[before];
  return { name: one?.name || '(anonymous)', url: one?.file ?? '', line: one && one.line >= 0 ? one.line + 1 : 0 };
}

/** The costliest functions, whether each has changed by more than chance. */
function testedFunctions(
  { union, runs, active }: Comparison,
  { isPaired, floor }: CompareOptions & { readonly floor: number },
): ReadonlyMap<number, Certainty & { readonly pAdjusted: number | null }> {
  const { category } = union.tables.functions;
  const [n, m] = [runs.before.length, runs.after.length];
  if (n < 2 || m < 2) return new Map();
  const shareOf = (costs: Comparison['runs']['before'], all: readonly number[], row: number): number => {
    const whole = all.reduce((sum, value) => sum + value, 0);
    return whole > 0 ? costs.reduce((sum, { self }) => sum + (self[row] as number), 0) / whole : 0;
  };
  const candidates = union.functions
    .map((_, row) => ({ row, share: Math.max(shareOf(runs.before, active.before, row), shareOf(runs.after, active.after, row)) }))
    .filter(({ row, share }) => share >= LEAST_SHARE && category[row] !== Category.Idle && category[row] !== Category.Root)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_TESTED);
  const factor = union.tables.unit === 'microseconds' ? 1e-3 : 1;
  const changes = candidates.map(({ row }) => {
    const of = (costs: Comparison['runs']['before']): number[] => costs.map(({ self }) => (self[row] as number) * factor);
    return runChange({ before: of(runs.before), after: of(runs.after), isPaired });
  });
  const ps = holm(changes.map(({ p }) => p ?? 1));
  const alpha = levels(n, m, isPaired).functions;
  return new Map(
    candidates.map(({ row }, at) => {
      const found = changes[at] as RunChange;
      const pAdjusted = ps[at] as number;
      return [row, { ...certainty(found, verdictOf(found, pAdjusted, { alpha, floor })), pAdjusted }];
    }),
  );
}
