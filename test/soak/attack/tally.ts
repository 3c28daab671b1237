/** What came of many cases, added up as they come: a million rows are never in memory. */
import type { Row } from './batch';

export interface KindTally {
  cases: number;
  opened: number;
  /** Of cases whose structure was changed and whose packing is whole. */
  structural: number;
  structuralOpened: number;
  /** With a sentence. */
  refused: number;
  failed: number;
  /** The longest: milliseconds that passed, and of computing. */
  ms: number;
  cpuMs: number;
  megabytes: number;
}

export interface FailureClass {
  count: number;
  /** The first of them. */
  readonly seeds: number[];
}

export interface Tally {
  readonly kinds: Record<string, KindTally>;
  /** Failures that say the same but for names and numbers, by what they say. */
  readonly failures: Record<string, FailureClass>;
}

const SEEDS = 20;

export const emptyTally = (): Tally => ({ kinds: {}, failures: {} });
const emptyKind = (): KindTally => ({ cases: 0, opened: 0, structural: 0, structuralOpened: 0, refused: 0, failed: 0, ms: 0, cpuMs: 0, megabytes: 0 });

/** What a problem says but for names and numbers. */
function className(kind: string, problem: string): string {
  const [first = '', at = ''] = problem.split('\n').map((one) => one.trim());
  return `${kind}: ${first.slice(0, 160).replace(/"[^"]*"|\d+/g, '…')} ${at.slice(0, 100)}`;
}

export function addRow({ kinds, failures }: Tally, { seed, kind, change, packing, outcome, problems, ms, cpuMs, megabytes }: Row): void {
  kinds[kind] ??= emptyKind();
  const isOpened = outcome === 'opened' ? 1 : 0;
  const isStructural = change === 'structure' && !packing.includes('damaged') ? 1 : 0;
  const isFailed = problems.length > 0 ? 1 : 0;
  addUp(kinds[kind], {
    ...{ cases: 1, opened: isOpened, structural: isStructural, structuralOpened: isStructural * isOpened },
    ...{ refused: (1 - isOpened) * (1 - isFailed), failed: isFailed, ms, cpuMs, megabytes },
  });
  for (const problem of problems) addFailure(failures, className(kind, problem), 1, [seed]);
}

/** Adds the second to the first. */
export function addTally(to: Tally, from: Tally): void {
  for (const [name, one] of Object.entries(from.kinds)) {
    to.kinds[name] ??= emptyKind();
    addUp(to.kinds[name], one);
  }
  for (const [name, { count, seeds }] of Object.entries(from.failures)) addFailure(to.failures, name, count, seeds);
}

export function addUp(to: KindTally, from: Readonly<KindTally>): void {
  for (const key of ['cases', 'opened', 'structural', 'structuralOpened', 'refused', 'failed'] as const) to[key] += from[key];
  for (const key of ['ms', 'cpuMs', 'megabytes'] as const) to[key] = Math.max(to[key], from[key]);
}

function addFailure(failures: Tally['failures'], name: string, count: number, seeds: readonly number[]): void {
  failures[name] ??= { count: 0, seeds: [] };
  failures[name].count += count;
  failures[name].seeds.push(...seeds.slice(0, SEEDS - failures[name].seeds.length));
}

/** All kinds as one. */
export function wholeOf({ kinds }: Tally): KindTally {
  const all = emptyKind();
  for (const one of Object.values(kinds)) addUp(all, one);
  return all;
}
