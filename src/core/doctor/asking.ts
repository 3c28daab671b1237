import { formatShare, formatTime, plural, printable, shorten } from '../../shared/format';
import * as amount from './amount';
import { connectionQueue } from './connection-queue';
import type { Figure, Turn, Verdict } from './diagnosis';
import { isForRequests, type SiteWait } from './site-waits';
import type { DoctorThresholds } from './thresholds';
import { figure, question } from './turn';
import type { OperationSite, StackFrame, Vitals } from './vitals';

/** Found in how a program asks: each answer may be quick, and the time is lost all the same. */
interface Habit {
  readonly figures: readonly Figure[];
  readonly reason: string;
  readonly verdict: Verdict;
}

/** Whether it loses time by how it asks: requests that queue for a limit, connections and names that are not kept. Undefined if not. */
export function askHow(
  vitals: Vitals,
  rows: readonly SiteWait[],
  duration: number,
  thresholds: DoctorThresholds,
): { readonly turn: Turn; readonly verdict: Verdict } | undefined {
  const found = connectionQueue(rows, thresholds) ?? queueOf(vitals, rows, duration) ?? connectionsOf(rows, thresholds) ?? lookupsOf(rows, thresholds);
  if (!found) return undefined;
  return { turn: question('asking', 'Is time lost by how it asks?', found.figures, ['no', 'yes, I/O'], 1, found.reason), verdict: found.verdict };
}

const LEAST_REQUESTS = 10;
/** Of what so many at once could do in that time: above, there is always another one waiting for its turn. */
const SATURATED = 0.65;
/** Of the requests' time, what everything that is watched may have, if the rest is waiting for a turn. */
const EXPLAINED = 0.7;

/**
 * A server whose requests wait for their turn: something is on its way for as many of them as a limit lets, all the time,
 * and many more are open.
 *
 *   requests in flight  ##########
 *   POST /charge        ##            never more than 2, hardly ever fewer
 */
function queueOf(vitals: Vitals, rows: readonly SiteWait[], duration: number): Habit | undefined {
  const { incoming } = vitals;
  if (incoming.count < LEAST_REQUESTS || incoming.busy <= 0) return undefined;
  const open = incoming.total / incoming.busy;
  const own = rows.filter((one) => (one.site.kind !== 'timer' || one.site.isAwaited) && isForRequests(one, vitals));
  const explained = own.reduce((sum, { site }) => sum + site.total, 0) / incoming.total;
  const [most] = own.filter(({ site }) => mayQueue(site)).sort((a, b) => b.site.total - a.site.total);
  if (!most || explained > EXPLAINED) return undefined;
  const { site, row } = most;
  const limit = site.maxInFlight;
  // What is asked for in a row while the limit's place is held is as much a part of it.
  const held = own.filter((one) => one.site.maxInFlight <= limit).reduce((sum, one) => sum + one.site.total, 0);
  const full = Math.min(1, held / (limit * incoming.busy));
  if (full < SATURATED || site.finished < LEAST_REQUESTS || open < 1.5 * limit || incoming.maxInFlight < 2 * limit || incoming.busy < 0.3 * duration)
    return undefined;
  const target = site.kind === 'timer' ? `A timer of ${site.target}` : shorten(printable(site.target), 80);
  const each = incoming.total / incoming.count;
  return {
    figures: [
      figure('requests at once', amount.count(incoming.maxInFlight), amount.count(limit), true),
      figure(`${site.target} at once`, amount.count(limit)),
      figure('so many under way, of the time', amount.share(full), amount.share(SATURATED), true),
      figure("of the requests' time, what is watched", amount.share(explained), amount.share(EXPLAINED), false),
    ],
    reason: 'As many as a limit lets are always on their way, and the other requests wait for their turn.',
    verdict: {
      branch: 'sequential',
      area: 'concurrency',
      level: 'warning',
      title: `Requests wait for their turn: never more than ${limit} at once`,
      summary: `${target} is never on its way more than ${limit === 1 ? 'once at a time' : `${limit} times at once`}, while up to ${plural(incoming.maxInFlight, 'request')} are open, and that much is under way for ${formatShare(full)} of the time. It takes ${formatTime(site.total / site.finished)}, a request ${formatTime(each)}: the rest is waiting for something that few can have at once, such as a connection of a pool, a lock or a place in a queue.`,
      advice:
        'Hold it for less: do slow calls before it is taken or after it is given back, and give it back as soon as it is not needed. Else allow more at once, if the other side can bear it.',
      next: 'line',
      blame: { kind: 'site', site: row, wantsLoop: false },
    },
  };
}

/** Answers from elsewhere; work of this machine has its own limits. Of exchanges it is only known whether there were two at once. */
const mayQueue = ({ kind, maxInFlight }: OperationSite): boolean =>
  kind === 'http' || kind === 'dns' || ((kind === 'socket' || kind === 'timer') && maxInFlight === 1);

const LEAST_CONNECTIONS = 20;
/** Exchanges over one connection, a login of several steps among them, up to which it is hardly used. */
const FEW_EXCHANGES = 8;
/** Of the time with one other side, what opening must have. */
const OPENING = 0.3;

const connected = /^a connection to (.*)$/;
const exchanged = /^an exchange with (.*)$/;
const requested = /^\w+ https?:\/\/([^/]+)/;

/** Connections that are opened for one question each. */
function connectionsOf(rows: readonly SiteWait[], { waitShare }: DoctorThresholds): Habit | undefined {
  const addresses = new Set(rows.flatMap(({ site }) => connected.exec(site.target)?.[1] ?? []));
  for (const address of addresses) {
    const to = (pattern: RegExp): SiteWait[] => rows.filter(({ site }) => pattern.exec(site.target)?.[1] === address);
    const opened = to(connected);
    const exchanges = to(exchanged);
    const requests = to(requested);
    const count = finishedOf(opened);
    if (count < LEAST_CONNECTIONS) continue;
    const share = Math.min(
      1,
      [...opened, ...exchanges, ...requests].reduce((sum, one) => sum + one.share, 0),
    );
    if (share < waitShare) continue;
    const login = requests.length > 0 ? [] : exchanges.filter((one) => opened.some((other) => isOpening(one.site, other.site)));
    const opening = totalOf(opened) + totalOf(login);
    // A request's time holds that of its connection.
    const all = requests.length > 0 ? totalOf(requests) : totalOf(opened) + totalOf(exchanges);
    const uses = requests.length > 0 ? finishedOf(requests) : finishedOf(exchanges);
    if (opening < OPENING * all || uses > count * (requests.length > 0 ? 2 : FEW_EXCHANGES)) continue;
    return connectionsHabit(opened, address, { count, uses, opening, all, isHttp: requests.length > 0 });
  }
  return undefined;
}

function connectionsHabit(
  opened: readonly SiteWait[],
  address: string,
  { count, uses, opening, all, isHttp }: { count: number; uses: number; opening: number; all: number; isHttp: boolean },
): Habit {
  const [most] = [...opened].sort((a, b) => b.site.finished - a.site.finished) as [SiteWait];
  const host = shorten(printable(address), 80);
  const what = isHttp ? plural(uses, 'request') : plural(uses, 'exchange');
  return {
    figures: [
      figure(`connections to ${address}`, amount.count(count), amount.count(LEAST_CONNECTIONS), true),
      figure(isHttp ? 'requests over them' : 'exchanges over them', amount.count(uses)),
      figure('of the time with it, opening', amount.share(opening / all), amount.share(OPENING), true),
    ],
    reason: 'Each connection is opened for little, and opening it is a large part of the time.',
    verdict: {
      branch: 'io',
      area: 'I/O',
      level: 'warning',
      title: 'Connections are opened again and again',
      summary: `${plural(count, 'connection')} to ${host} for ${what}: opening them${isHttp ? '' : ', with what is said before the first question,'} takes ${formatTime(opening / count)} each, ${formatShare(opening / all)} of the time with it.`,
      advice: isHttp
        ? 'Keep connections open: one agent with keepAlive for all requests, and read each answer to its end.'
        : 'Keep connections open and share them: a pool of a few that is made once, not a connection for each question.',
      next: 'line',
      blame: { kind: 'site', site: most.row, wantsLoop: false },
    },
  };
}

const finishedOf = (rows: readonly SiteWait[]): number => rows.reduce((sum, { site }) => sum + site.finished, 0);
const totalOf = (rows: readonly SiteWait[]): number => rows.reduce((sum, { site }) => sum + site.total, 0);

const ownFrame = ({ frames }: OperationSite): StackFrame | undefined => frames.find(({ file }) => !/[\\/]node_modules[\\/]/.test(file));

/** What is said by the function that connects, or by a package by itself, is no question of the program. */
function isOpening(exchange: OperationSite, connection: OperationSite): boolean {
  const frame = ownFrame(exchange);
  if (!frame) return true;
  const other = ownFrame(connection);
  return other !== undefined && frame.file === other.file && frame.name === other.name;
}

const LEAST_LOOKUPS = 10;
/** How often each name is looked up, on average. */
const AGAIN = 5;

/** The same few names, looked up again and again: Node.js keeps no answers. */
function lookupsOf(rows: readonly SiteWait[], { waitShare }: DoctorThresholds): Habit | undefined {
  const found = rows
    .filter(({ site, share }) => site.kind === 'dns' && share >= waitShare && site.finished >= LEAST_LOOKUPS)
    .find(({ site }) => site.subjects !== undefined && site.finished >= AGAIN * site.subjects);
  if (!found) return undefined;
  const { site, row, share } = found;
  const names = site.subjects as number;
  return {
    figures: [
      figure('names looked up', amount.count(names)),
      figure('lookups', amount.count(site.finished), amount.count(names * AGAIN), true),
      figure('of the time', amount.share(share), amount.share(waitShare), true),
    ],
    reason: 'The same names are asked for again and again, and that is most of the time.',
    verdict: {
      branch: 'io',
      area: 'I/O',
      level: 'warning',
      title: 'The same names are looked up again and again',
      summary: `${plural(site.finished, 'lookup')} (dns.${printable(site.target)}) of ${names === 1 ? 'one name' : `${names} names`}, ${formatTime(site.total / site.finished)} each: ${formatShare(share)} of the time passes until a name is known. Node.js keeps no answers.`,
      advice: 'Keep each answer for a while, at most for its time to live, and keep connections open, for which no name is looked up again.',
      next: 'line',
      blame: { kind: 'site', site: row, wantsLoop: false },
    },
  };
}
