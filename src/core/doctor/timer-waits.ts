import { formatShare, formatTime, plural, printable } from '../../shared/format';
import type { Verdict } from './diagnosis';
import { isForRequests, isToSelf, type SiteWait } from './site-waits';
import type { DoctorThresholds } from './thresholds';
import type { Vitals } from './vitals';

/** Timers that are waited for: of a program most of its time, of a server most of the time that its requests take. */
export interface TimerWait {
  /** The place with the most time, of those that begin such timers. */
  readonly most: SiteWait;
  readonly finished: number;
  /** Durations together, in microseconds. */
  readonly total: number;
  /** Of the recorded time, or of the requests'. */
  readonly share: number;
  readonly isOfRequests: boolean;
  /** How many places wait for timers of their own, where none has enough alone. */
  readonly places: number;
}

/** Requests below which nothing is said of them. */
const LEAST_REQUESTS = 5;
/** A timer that lasts longer than the request that began it is a limit of time, which nobody waits for. */
const WITHIN = 1.05;

/** Whether a program waits mostly for its own timers; undefined where it does not. */
export function timerWait(vitals: Vitals, rows: readonly SiteWait[], duration: number, thresholds: DoctorThresholds): TimerWait | undefined {
  const timers = rows.filter(({ site }) => site.kind === 'timer' && site.finished > 0);
  if (timers.length === 0) return undefined;
  if (!vitals.isListening || asksItself(vitals, rows)) return ofProgram(vitals, timers, duration, thresholds);
  return ofRequests(vitals, timers, thresholds);
}

/** A program whose server answers nobody but itself, as tests and stand-ins do. */
export function asksItself({ incoming, ...rest }: Vitals, rows: readonly SiteWait[]): boolean {
  const own = rows.reduce((sum, { site }) => (isToSelf(site, { incoming, ...rest }) ? sum + site.finished : sum), 0);
  return incoming.count > 0 && own >= 0.9 * incoming.count;
}

function ofProgram(vitals: Vitals, timers: readonly SiteWait[], duration: number, { sequence, waitShare }: DoctorThresholds): TimerWait | undefined {
  // A timer without a promise may as well be a clock that runs beside the work, unless it is all there is.
  const counting = timers.filter(({ site }) => site.isAwaited || (!vitals.isListening && site.finished >= sequence));
  const groups = byPlace(counting).map((group) => summed(group, duration));
  const [first] = groups.sort((a, b) => b.share - a.share || b.total - a.total);
  if (!first) return undefined;
  if (first.share >= waitShare) return first;
  const all = summed(counting, duration);
  return all.share >= waitShare ? { ...all, most: first.most, places: groups.length } : undefined;
}

function ofRequests(vitals: Vitals, timers: readonly SiteWait[], { waitShare }: DoctorThresholds): TimerWait | undefined {
  const { incoming } = vitals;
  if (incoming.count < LEAST_REQUESTS || incoming.busy <= 0) return undefined;
  const open = incoming.total / incoming.busy;
  const groups = byPlace(timers.filter((one) => isForRequests(one, vitals))).flatMap((group) => {
    const total = totalOf(group);
    const finished = finishedOf(group);
    const busy = Math.max(...group.map(({ site }) => site.busy));
    // What fires while nobody asks is an interval of the server's own, and several requests at once begin several timers.
    const isOwn = busy > WITHIN * incoming.busy || (open >= 1.5 && group.every(({ site }) => site.maxInFlight < 2));
    const share = total / incoming.total;
    if (isOwn || finished * 2 < incoming.count || share > WITHIN || share < waitShare) return [];
    return [{ most: mostOf(group), finished, total, share: Math.min(1, share), isOfRequests: true, places: 1 }];
  });
  return groups.sort((a, b) => b.share - a.share)[0];
}

/** Rows whose timers are set at the same place: a helper that sleeps is called from many. */
function byPlace(rows: readonly SiteWait[]): SiteWait[][] {
  const places = new Map<string, SiteWait[]>();
  for (const one of rows) {
    const [frame] = one.site.frames;
    const key = frame ? `${frame.file}:${frame.line}:${frame.column}` : '';
    const group = places.get(key);
    if (group) group.push(one);
    else places.set(key, [one]);
  }
  return [...places.values()];
}

function summed(group: readonly SiteWait[], duration: number): TimerWait {
  const busy = group.reduce((sum, { site }) => sum + site.busy, 0);
  // Rows may overlap: where several are in flight at once, the sum says nothing.
  const areApart = group.every(({ site }) => site.maxInFlight <= 1) && busy <= WITHIN * duration;
  const alone = areApart ? busy : Math.max(...group.map(({ site }) => site.busy));
  return {
    most: mostOf(group),
    finished: finishedOf(group),
    total: totalOf(group),
    share: duration > 0 ? Math.min(1, alone / duration) : 0,
    isOfRequests: false,
    places: 1,
  };
}

const mostOf = (group: readonly SiteWait[]): SiteWait => [...group].sort((a, b) => b.site.total - a.site.total)[0] as SiteWait;
const totalOf = (group: readonly SiteWait[]): number => group.reduce((sum, { site }) => sum + site.total, 0);
const finishedOf = (group: readonly SiteWait[]): number => group.reduce((sum, { site }) => sum + site.finished, 0);

/** Microseconds: what is asked to fire sooner is a turn that is given to others. */
const BRIEF = 5000;
const BRIEFLY = 100;

/** What is said of them. Where the timer is set, and where it is awaited, is put in by whoever reads the code. */
export function timersVerdict({ most, finished, total, share, isOfRequests, places }: TimerWait): Verdict {
  const mean = total / Math.max(1, finished);
  const isBrief = mean < BRIEF && finished >= BRIEFLY;
  const { frames, maxInFlight } = most.site;
  const asker =
    isBrief || isOfRequests || finished < BRIEFLY || maxInFlight < 2
      ? -1
      : frames.findIndex(({ line, file }) => line !== frames[0]?.line || file !== frames[0]?.file);
  if (asker > 0) return manyTimers(most, finished, mean, share, asker);
  const what = isOfRequests ? "of the requests' time passes" : 'of the time passes';
  const asked = Number.parseInt(most.site.target, 10);
  const range = mean > 1.5 * asked * 1000 + BRIEF ? ' and more' : '';
  const where = places > 1 ? `until timers of ${places} places fire` : `until a timer of ${printable(most.site.target)}${range} fires`;
  return {
    branch: 'timers',
    area: 'I/O',
    level: 'warning',
    title: isOfRequests ? 'Requests wait for timers of the program' : 'It waits for its own timers',
    summary: `${formatShare(share)} ${what} ${where}: ${plural(finished, 'time')}, ${formatTime(mean)} each on average, ${formatTime(most.site.longest)} at most.`,
    advice: isBrief
      ? 'A timer takes at least a millisecond, also one of 0 ms. To let others have a turn, use setImmediate (in browsers scheduler.yield or a MessageChannel), and only after a batch of items or some milliseconds of work, not after each.'
      : `Wait for the event itself instead of asking again and again: a callback, a promise, fs.watch, a stream; if it has to be asked, ask sooner at first. A pause before another attempt is worth it only after what may pass (a broken connection, 429, 5xx), not after answers such as 404.${isOfRequests ? ' If requests are held open on purpose, as for long polling, that is all.' : ''}`,
    next: 'line',
    blame: { kind: 'site', site: most.row, wantsLoop: false, wantsAwait: true },
  };
}

/** Timers that a helper sets, asked for again and again by another function, several at once: one for each of many things, and no pause between questions. */
function manyTimers(most: SiteWait, finished: number, mean: number, share: number, asker: number): Verdict {
  const name = most.site.frames[asker]?.name ?? '';
  return {
    branch: 'timers',
    area: 'I/O',
    level: 'warning',
    title: 'Many short waits, one for each of many things',
    summary: `${formatShare(share)} of the time passes while timers of ${printable(most.site.target)} are waited for: ${plural(finished, 'time')}, ${formatTime(mean)} each on average, no more than ${most.site.maxInFlight} at once.${name === '' ? '' : ` Each is asked for by itself, in ${printable(name)}.`}`,
    advice:
      'Ask for many at once: one question with a list of keys, such as a loader that collects those of a turn (DataLoader), or a join. Where the waits are on purpose, let more of them go together.',
    next: 'line',
    blame: { kind: 'site', site: most.row, wantsLoop: false, frame: asker },
  };
}
