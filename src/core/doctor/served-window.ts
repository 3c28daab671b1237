import { Category } from '../profile/categories';
import type { ProfileTables } from '../profile/tables';
import { siteWaits } from './site-waits';
import { asksItself } from './timer-waits';
import type { Vitals } from './vitals';

/** From the first to the last activity, on the profile's clock, and the idle time before and after. Microseconds. */
export interface ServedWindow {
  readonly from: number;
  readonly to: number;
  readonly leftOut: number;
}

/** In these steps it is looked at whether a thread works. */
const STEP = 100_000;
/** Of a step, what makes it one of work: less is a timer that ticks. */
const WORKS = 0.1;
/** Idle time that is worth to be left out, and the same as a share of the recording. */
const LEAST = 1e6;
const LEAST_SHARE = 0.2;
/** What lies outside of the window may have so much of all work or of all requests: a lone question whether the server is alive. */
const STRAY = 0.02;
/** The start of a server is no work that it is asked for, unless it takes this long and has this much of all work. */
const START = 1e6;
const START_SHARE = 0.3;

/**
 * A server that nobody asks yet, and a worker that has no task yet, are idle for whoever records them, not by what they
 * do. So they are judged from the first to the last activity: of the thread, as samples show it, and of requests.
 * Undefined where nothing would be left out, or it cannot be told: other programs wait for something of their own.
 *
 *   start                load comes          load ends
 *   ###_________________#################___________
 *                       |--- judged ----|
 */
export function servedWindow(tables: ProfileTables, vitals: Vitals | undefined, isWorker = false): ServedWindow | undefined {
  const { startTime, endTime } = tables;
  const duration = endTime - startTime;
  const serves = vitals !== undefined && (vitals.isListening || vitals.incoming.count > 0) && !asksItself(vitals, siteWaits(vitals, duration));
  if (!(serves || isWorker) || tables.unit !== 'microseconds' || tables.samples.length === 0) return undefined;
  const requests = vitals && requestSpan(vitals);
  // Older measurements do not tell when the requests came.
  if (vitals && vitals.incoming.count > 0 && !requests) return undefined;
  const work = workSpan(tables, requests?.from);
  if (!work && !requests) return undefined;
  const from = Math.max(startTime, Math.min(work?.from ?? endTime, requests?.from ?? endTime));
  const to = Math.min(endTime, Math.max(work?.to ?? startTime, requests?.to ?? startTime));
  const leftOut = duration - (to - from);
  return to > from && leftOut >= LEAST && leftOut >= LEAST_SHARE * duration ? { from, to, leftOut } : undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function requestSpan({ incoming }: Vitals): Span | undefined {
  return span((incoming.stretches ?? []).map(({ from, to, count }) => ({ from, to, weight: count })));
}

/** `served`: when the first request came; what runs before it and after an idle time is the start. */
function workSpan(tables: ProfileTables, served: number | undefined): Span | undefined {
  const { startTime } = tables;
  const steps = workBySteps(tables);
  const all = steps.reduce((sum, one) => sum + one, 0);
  const isWork = (step: number): boolean => (steps[step] as number) >= WORKS * STEP;
  let first = 0;
  let idle = 0;
  // The start goes on until nothing was done for a second, or somebody asked.
  let start = 0;
  for (; first < steps.length && idle < LEAST; first++) {
    if (served !== undefined && startTime + first * STEP >= served) break;
    idle = isWork(first) ? 0 : idle + STEP;
    start += steps[first] as number;
  }
  const isStart = (start < START || start < START_SHARE * all) && first < steps.length;
  const spans = [...steps].flatMap((weight, step) =>
    (step < first && isStart) || !isWork(step) ? [] : [{ from: startTime + step * STEP, to: startTime + (step + 1) * STEP, weight }],
  );
  return span(spans);
}

/** Active time of each step. */
function workBySteps({ samples, nodes, functions, startTime, endTime }: ProfileTables): Float64Array {
  const steps = new Float64Array(Math.ceil((endTime - startTime) / STEP));
  for (let i = 0; i < samples.length; i++) {
    if (functions.category[nodes.func[samples.node[i] as number] as number] === Category.Idle) continue;
    const end = Math.min(endTime, i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime);
    let at = Math.max(startTime, samples.start[i] as number);
    while (at < end) {
      const step = Math.min(steps.length - 1, Math.floor((at - startTime) / STEP));
      const next = Math.min(end, Math.max(startTime + (step + 1) * STEP, at + 1));
      steps[step] = (steps[step] as number) + next - at;
      at = next;
    }
  }
  return steps;
}

/** From the first to the last of them, without strays at both ends that weigh next to nothing together. */
function span(parts: readonly (Span & { readonly weight: number })[]): Span | undefined {
  const all = parts.reduce((sum, { weight }) => sum + weight, 0);
  let first = 0;
  let last = parts.length - 1;
  for (let strays = STRAY * all; first < last; ) {
    const [head, tail] = [parts[first] as Span & { weight: number }, parts[last] as Span & { weight: number }];
    const end = head.weight <= tail.weight ? head : tail;
    strays -= end.weight;
    if (strays < 0) break;
    if (end === head) first++;
    else last--;
  }
  const [head, tail] = [parts[first], parts[last]];
  return head && tail && { from: head.from, to: tail.to };
}
