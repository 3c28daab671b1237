import { formatShare, formatTime, plural } from '../../shared/format';
import type { Verdict } from './diagnosis';
import { type Measurements, wholeOf } from './measurements';
import { type SiteWait, siteWaits } from './site-waits';
import type { DoctorThresholds } from './thresholds';
import { asksItself } from './timer-waits';
import type { Vitals } from './vitals';

/** What a program may wait for that is not watched, by the names that Node.js gives open resources. Pipes and the terminal are its output, too. */
const unwatched: Readonly<Record<string, string>> = {
  TCPSocketWrap: 'connections, over which something may come without being asked for',
  TLSWrap: 'encrypted connections, over which something may come without being asked for',
  UDPWrap: 'UDP sockets',
  FSEventWrap: 'files that are watched for changes',
  StatWatcher: 'files that are watched for changes',
  FSReqCallback: 'files',
  FSReqPromise: 'files',
  ProcessWrap: 'child processes that still run, or that nobody waits for',
  MessagePort: 'messages of worker threads',
  Worker: 'worker threads',
  HTTP2SESSION: 'HTTP/2',
  Http2Session: 'HTTP/2',
  SignalWrap: 'signals',
};
/** On average open, from which it is what the loop stayed open for. */
const LEAST_OPEN = 0.2;
/** These only wake the loop, and timers that are waited for are seen where they fire. */
const plain = /^(?:Timeout|Immediate|TTYWrap|PipeWrap|.*Req(?:uest)?(?:Wrap)?|CloseReq)$/;

export interface Unseen {
  /** Of the time that the thread was idle, what is explained by what is watched: 0 to 1. */
  readonly explained: number;
  /** What was open and is not watched, by Node.js's names. */
  readonly open: readonly string[];
  /** Of a server, whose requests wait: how many, and how long each takes in microseconds. */
  readonly requests?: { readonly count: number; readonly each: number };
}

/** Whether a program waited for something that is not watched; undefined where what is watched explains its waiting. */
export function unseenOf(measurements: Measurements, vitals: Vitals, { explainedShare, longRequest }: DoctorThresholds): Unseen | undefined {
  const { idle, duration, active } = measurements.profile.totals;
  const timers = vitals.sites.reduce((most, { kind, busy }) => (kind === 'timer' ? Math.max(most, busy) : most), 0);
  const seen = (vitals.watched?.busy ?? vitals.sites.reduce((most, { kind, busy }) => (kind === 'timer' ? most : Math.max(most, busy)), 0)) + timers;
  const rows = siteWaits(vitals, wholeOf(measurements).duration);
  if (vitals.incoming.count > 0 && !asksItself(vitals, rows)) {
    // Between requests a server waits for its callers; within them it has to be known for what.
    const { busy, count, total } = vitals.incoming;
    if (busy <= 0 || (busy < explainedShare * duration && total / count < longRequest)) return undefined;
    const anything = Math.min(1, (seen + active) / busy);
    // That something is on its way says nothing of those that wait for their turn.
    const explained = isFew(vitals) ? Math.min(anything, withinRequests(vitals, rows) / total + active / busy) : anything;
    return explained >= explainedShare ? undefined : { explained, open: openOf(vitals), requests: { count, each: total / count } };
  }
  if (idle <= 0) return undefined;
  if (vitals.isListening && vitals.incoming.count === 0)
    return servesUnseen(vitals) ? { explained: Math.min(1, seen / idle), open: openOf(vitals) } : undefined;
  const explained = Math.min(1, seen / idle);
  const open = openOf(vitals);
  // Where nothing else is open, the loop waits for a timer of any kind.
  return explained >= explainedShare || open.length === 0 ? undefined : { explained, open };
}

/** Whether nearly everything is told to its place: else sums over the places say too little. */
const isFew = ({ sites, unplaced }: Vitals): boolean => unplaced <= 0.05 * sites.reduce((sum, { finished }) => sum + finished, 20);

/** Durations of what is done for requests, together. What is told to no place holds the answers' bodies, and so the requests to others too. */
function withinRequests(vitals: Vitals, rows: readonly SiteWait[]): number {
  let asked = 0;
  let others = 0;
  for (const one of rows) {
    const { kind, total, isAwaited } = one.site;
    if (kind === 'http') asked += total;
    else if (kind !== 'timer' || isAwaited) others += total;
  }
  return others + Math.max(asked, vitals.watched?.unknown ?? 0);
}

/** Connections to a server that is none of HTTP: those of its own clients would have asked something. */
const servesUnseen = ({ resources, sites }: Vitals): boolean =>
  !sites.some(({ kind }) => kind === 'socket' || kind === 'http') &&
  resources.kinds.some(({ kind, mean }) => /^(?:TCPSocketWrap|TLSWrap)$/.test(kind) && mean >= LEAST_OPEN);

const openOf = ({ resources }: Vitals): string[] =>
  [...resources.kinds]
    .filter(({ kind, mean }) => mean >= LEAST_OPEN && (kind in unwatched || !plain.test(kind)))
    .sort((a, b) => b.mean - a.mean)
    .map(({ kind }) => kind);

/** Said instead of "nothing is slow" where that is not known. */
export function unseen({ explained, open, requests }: Unseen, idle: number): Verdict {
  const what = [...new Set(open.map((kind) => unwatched[kind] ?? kind))];
  if (requests) return unseenRequests(requests, explained, what);
  return {
    branch: 'inconclusive',
    area: 'none',
    level: undefined,
    title: 'It waits, and what for was not seen',
    summary: `The thread was idle for ${formatShare(idle)} of the time, and what is watched (requests, questions over connections, name lookups, files, zlib, crypto, timers, child processes) explains ${formatShare(explained)} of its waiting.${what.length > 0 ? ` Open meanwhile, and not watched: ${what.join('; ')}.` : ''}`,
    advice: 'If nothing was to be done, that is all. Else record it while it does what is slow, and measure the other side of what was open.',
    next: 'longer',
    blame: undefined,
  };
}

/** Said of a server whose requests take long for no reason that is seen. */
function unseenRequests({ count, each }: NonNullable<Unseen['requests']>, explained: number, open: readonly string[]): Verdict {
  // Their own connections are open in every server.
  const what = open.filter((one) => !/^(?:encrypted )?connections/.test(one));
  return {
    branch: 'inconclusive',
    area: 'none',
    level: undefined,
    title: 'Requests wait, and what for was not seen',
    summary: `${plural(count, 'request')} took ${formatTime(each)} each on average, and what is watched (requests to others, questions over connections, name lookups, files, zlib, crypto, timers, computing) explains ${formatShare(explained)} of it. Not watched: locks and queues of the program itself, a limit on how many run at once, events, and callers that send or read slowly${what.length > 0 ? `; open meanwhile: ${what.join('; ')}` : ''}.`,
    advice:
      'Look in the handlers for an await on something of your own: a lock (mutex, semaphore), a queue, a pool, an event of another request, a worker. Measure how long that takes. If requests are held open on purpose (long polling, server-sent events), that is all.',
    next: 'longer',
    blame: undefined,
  };
}
