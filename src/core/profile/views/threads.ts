import type { Microseconds } from '../../../shared/brands';
import { Category } from '../categories';
import { waitingNodes } from '../costs/waiting';
import type { ProfileTables } from '../tables';
import { activity } from './time-order';

/** One thread of a recording, or of another tool's file, without its profile. Times in microseconds, on the clock of all of them. */
export interface ThreadSummary {
  readonly name: string;
  /** Undefined where the file does not tell. */
  readonly process: number | undefined;
  /** 0 is the main thread of a process of Node.js; undefined where the file does not tell. */
  readonly thread: number | undefined;
  readonly startTime: number;
  readonly endTime: number;
  /** What was not idle. */
  readonly active: number;
  /** Of `active`: blocked, which is no work. */
  readonly waiting: number;
  readonly samples: number;
}

/**
 * Whether two times, in microseconds, of samples `interval` apart may differ by chance alone: counts of samples
 * differ by more than two standard deviations of a Poisson process, or they are alike.
 */
export const mayBeChance = (a: number, b: number, interval: number): boolean => Math.abs(a - b) <= 2 * Math.sqrt((a + b) * interval);

/** Microseconds between the samples of a thread. */
export const intervalOf = ({ startTime, endTime, samples }: Pick<ThreadSummary, 'startTime' | 'endTime' | 'samples'>): number =>
  (endTime - startTime) / Math.max(1, samples);

/** Which of the threads are shown, by their rows: one, or several as one. */
export interface ShownThreads {
  readonly all: readonly ThreadSummary[];
  readonly shown: readonly number[];
  /** The name of the file that the recording is about: the thread that ran it most stands first. */
  readonly focus?: string | undefined;
}

/**
 * A name for each thread: those of one name have their numbers with it, `worker.js (thread 2 of 4711)`.
 * Two of the same numbers, as of sandboxes one after the other, are counted: `worker.js (main thread, 2nd of 2)`.
 */
export function distinctNames(threads: readonly Pick<ThreadSummary, 'name' | 'process' | 'thread'>[]): string[] {
  const isOfSeveral = new Set(threads.map(({ process }) => process)).size > 1;
  const where = threads.map(({ process, thread }) => {
    const own = thread === undefined ? '' : thread === 0 ? 'main thread' : `thread ${thread}`;
    return [own, isOfSeveral && process !== undefined ? String(process) : ''].filter(Boolean).join(' of ');
  });
  const names = groups(threads.map(({ name }) => name));
  const places = groups(threads.map(({ name }, at) => `${name}\n${where[at]}`));
  return threads.map(({ name }, at) => {
    if (names[at]?.size === 1) return name;
    const { index = 0, size = 1 } = places[at] ?? {};
    const number = size > 1 ? `${ordinal(index + 1)} of ${size}` : '';
    return `${name} (${[where[at], number].filter(Boolean).join(', ')})`;
  });
}

/** Of each text, how many are equal to it, and how many of them stand before it. */
function groups(texts: readonly string[]): { readonly index: number; readonly size: number }[] {
  const count = new Map<string, number>();
  const index = texts.map((text) => {
    const before = count.get(text) ?? 0;
    count.set(text, before + 1);
    return before;
  });
  return texts.map((text, at) => ({ index: index[at] as number, size: count.get(text) as number }));
}

function ordinal(n: number): string {
  const tens = n % 100;
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

/** Microseconds in which a thread worked. */
export const cpuOf = ({ active, waiting }: Pick<ThreadSummary, 'active' | 'waiting'>): number => Math.max(0, active - waiting);

/** The part of all CPU time that the shown threads have, 0 to 1; undefined where there was none. */
export function shownShare({ all, shown }: Pick<ShownThreads, 'all' | 'shown'>): number | undefined {
  const whole = all.reduce((sum, one) => sum + cpuOf(one), 0);
  return whole > 0 ? shown.reduce((sum, at) => sum + cpuOf(all[at] as ThreadSummary), 0) / whole : undefined;
}

/** The rows of the threads by falling CPU time; of equal ones as they stand. */
export function byCpu(threads: readonly ThreadSummary[]): number[] {
  return threads.map((_, at) => at).sort((a, b) => cpuOf(threads[b] as ThreadSummary) - cpuOf(threads[a] as ThreadSummary) || a - b);
}

/** The time from the first start to the last end of the threads. */
export function commonRange(threads: readonly Pick<ThreadSummary, 'startTime' | 'endTime'>[]): { readonly from: Microseconds; readonly to: Microseconds } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { startTime, endTime } of threads) {
    if (startTime < from) from = startTime;
    if (endTime > to) to = endTime;
  }
  return { from: from as Microseconds, to: to as Microseconds };
}

/** Steps of a strip. */
export const STRIP = 60;
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * How busy a thread is over a range, in `STRIP` equal steps of a character each: `0` for idle up
 * to `z` for all of the step, a blank where the thread does not run. What it waits for within
 * synchronous calls is not busy. Empty where the profile is no record over time. O(samples).
 */
export function activityStrip(tables: ProfileTables, from: number, to: number): string {
  const { samples, startTime, endTime, nodes, functions } = tables;
  if (samples.length === 0 || !(to > from)) return '';
  const waits = waitingNodes(tables);
  const func = nodes.func.slice();
  // Waiting counts as one category, working as another.
  const category = Uint8Array.of(0, 1);
  for (let node = 0; node < nodes.length; node++) func[node] = functions.category[nodes.func[node] as number] === Category.Idle || waits[node] === 1 ? 0 : 1;
  const [, busy] = activity({ ...tables, nodes: { ...nodes, func }, functions: { ...functions, category } }, STRIP, 2, { from, to });
  const step = (to - from) / STRIP;
  let strip = '';
  for (let at = 0; at < STRIP; at++) {
    const lives = Math.min(endTime, from + (at + 1) * step) - Math.max(startTime, from + at * step);
    const share = Math.min(1, ((busy as Float64Array)[at] as number) / step);
    strip += lives <= 0 ? ' ' : DIGITS[Math.round(share * (DIGITS.length - 1))];
  }
  return strip;
}

/** The steps of a strip from 0 to 1; NaN where the thread does not run. */
export const stripValues = (strip: string): number[] =>
  Array.from(strip, (digit) => (digit === ' ' ? Number.NaN : Math.max(0, DIGITS.indexOf(digit)) / (DIGITS.length - 1)));
