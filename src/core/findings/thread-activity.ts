import { byCpu, cpuOf, type ShownThreads, type ThreadSummary } from '../profile/views/threads';

/** What the other threads of a recording did while the one that is shown waited. Microseconds. */
export interface Elsewhere {
  /** Part of all CPU time that the shown threads have, 0 to 1. */
  readonly share: number;
  /** CPU time of the others within the time of the shown one. */
  readonly cpu: number;
  /** The fewest threads that did nearly all of it, and the one with most. */
  readonly count: number;
  readonly busiest: ThreadSummary;
  readonly busiestCpu: number;
  /** Threads of the same script that each lived for a small part of the time, where those are many: one for each task. */
  readonly brief?: { readonly count: number; readonly life: number } | undefined;
}

/** The part of the shown thread's waiting from which the others' work is what it may be slow for. */
const WORTH = 0.1;

/** The part of what the others did that those which are counted may leave out. */
const LEFT_OUT = 0.05;

/**
 * Whether other threads computed while the shown one waited, and which. Undefined where all of
 * them are shown, or the others did too little: under a tenth of the time that was waited, or of
 * what the shown one computed itself. A thread that lives only partly within the time of the
 * shown one counts by that part: when in its life it computed, its figures do not tell.
 */
export function computingElsewhere({ all, shown }: ShownThreads, waited: number): Elsewhere | undefined {
  const isShown = new Set(shown);
  const [only] = shown;
  const own = only === undefined || shown.length !== 1 ? undefined : all[only];
  if (!own) return undefined;
  const cpus = all.map((one, at) => (isShown.has(at) ? 0 : cpuOf(one) * overlap(own, one)));
  const cpu = cpus.reduce((sum, one) => sum + one, 0);
  const least = WORTH * Math.max(waited, cpuOf(own));
  if (!(cpu > 0) || cpu < least) return undefined;
  const most = cpus.reduce((best, one, at) => (one > (cpus[best] as number) ? at : best), 0);
  const whole = all.reduce((sum, one) => sum + cpuOf(one), 0);
  return {
    share: whole > 0 ? cpuOf(own) / whole : 0,
    cpu,
    count: fewestFor(cpus, (1 - LEFT_OUT) * cpu),
    busiest: all[most] as ThreadSummary,
    busiestCpu: cpus[most] as number,
    brief: briefLike(all, all[most] as ThreadSummary, own),
  };
}

/** As many threads of one script are a pool of threads; more are threads for tasks. */
const FOR_TASKS = 10;
/** Of the time of the shown thread, what such a thread lives at most. */
const BRIEF = 0.2;

function briefLike(all: readonly ThreadSummary[], busiest: ThreadSummary, own: ThreadSummary): Elsewhere['brief'] {
  const script = (name: string): string => name.replace(/ \(thread \d+\)$/, '');
  const life = ({ startTime, endTime }: ThreadSummary): number => endTime - startTime;
  const alike = all.filter((one) => one !== own && one.process === own.process && script(one.name) === script(busiest.name) && life(one) <= BRIEF * life(own));
  return alike.length >= FOR_TASKS ? { count: alike.length, life: alike.reduce((sum, one) => sum + life(one), 0) / alike.length } : undefined;
}

/** How many of the largest make up a sum: of a hundred threads of equal work, nearly all of them. */
function fewestFor(parts: readonly number[], whole: number): number {
  let sum = 0;
  let count = 0;
  for (const part of [...parts].sort((a, b) => b - a)) {
    if (sum >= whole) break;
    sum += part;
    count++;
  }
  return count;
}

/** The part of a thread's life that lies within another's, 0 to 1. */
function overlap(within: ThreadSummary, one: ThreadSummary): number {
  const life = one.endTime - one.startTime;
  if (!(life > 0)) return 0;
  return Math.max(0, Math.min(within.endTime, one.endTime) - Math.max(within.startTime, one.startTime)) / life;
}

/** Whether the shown thread is the one with most CPU time. */
export const isBusiest = ({ all, shown }: ShownThreads): boolean => shown.length === 1 && byCpu(all)[0] === shown[0];
