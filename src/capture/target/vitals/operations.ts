import type { OperationKind, Vitals } from '../../../core/doctor/vitals';
import { busyClock } from './busy-clock';
import { callerFrames, mapFrames } from './call-place';
import { now } from './clock';

/** An operation that has begun; ends once, however often it is told. */
export interface Operation {
  /** `isWait` false: nobody waited for it after all. Only of kinds that count when they end. */
  end(isWait?: boolean): void;
  /** It has left the queue for a connection; `limit` names what such a queue comes from: `maxSockets 2`. Only of requests. */
  sent?(limit?: string): void;
  /** More was sent for it before any answer came. Only of exchanges over sockets. */
  again?(): void;
  /** Whether it began while a promise was made, which therefore waits for it. */
  readonly isInPromise?: boolean;
}

export interface BeginOptions {
  /** Of the place that prepared it, where the call itself comes from Node.js. */
  readonly frames?: Frames | undefined;
  /** What it is called, where that is not the name of the function. */
  readonly name?: string | undefined;
  /** False where its kind usually runs in libuv's pool and it does not. */
  readonly isPooled?: boolean | undefined;
  /** What is asked for, where it counts how many there are. */
  readonly subject?: string | undefined;
  /** Of a timer: a promise, or a question that it asks again and again, waits for it. Else where it begins may tell. */
  readonly isAwaited?: boolean | undefined;
  /** Of a timer: there may be thousands a second, so that few stacks are read, and others lose nothing by them. */
  readonly isBrief?: boolean | undefined;
}

/** What a program waits for, by the place that starts it. Bounded: places, and stacks a second. */
export interface OperationLog {
  /** `key` tells targets apart at no cost; `describe` names one, for the first of a place. */
  begin(kind: OperationKind, key: string, describe: () => string, options?: BeginOptions): Operation;
  /** Whether so many began within a second that no place is kept for the next, which is counted. */
  isCrowded(): boolean;
  /** Something is on its way for which no place is kept: the body of an answer, say. */
  beginUnplaced(): Operation;
  /** The frames of this call, where they may be read: for operations that begin later. */
  frames(): Frames | undefined;
  read(): Pick<Vitals, 'sites' | 'unplaced' | 'watched' | 'pool'>;
}

type Frames = ReturnType<typeof callerFrames>;

/**
 * These count when they end. A timer may be cleared, an answer may never come over a socket, and a child may be a server
 * that runs as long as the program: nobody tells.
 */
const countedAtEnd: ReadonlySet<OperationKind> = new Set(['timer', 'socket', 'process']);
/** These share the threads of libuv. */
const pooled: ReadonlySet<OperationKind> = new Set(['file', 'dns', 'zlib', 'crypto']);

/** 200 stacks of about 10 µs are 0.2 % of a second. */
const STACKS_A_SECOND = 200;
/** Microseconds between two stacks of brief timers. */
const BRIEF_STACKS = 20_000;
/** Beyond that many no place is looked for any more: what is done counts for the place that did the same last. */
const OPERATIONS_A_SECOND = 1000;
const MAX_SITES = 200;
const MAX_SUBJECTS = 100;

interface Site {
  readonly kind: OperationKind;
  readonly target: string;
  readonly frames: ReturnType<typeof callerFrames>;
  count: number;
  finished: number;
  total: number;
  longest: number;
  busy: number;
  inFlight: number;
  maxInFlight: number;
  /** Since when there is one in flight; of what counts at its end, up to when time is counted. */
  since: number;
  subjects: Set<string> | undefined;
  queue: Queue | undefined;
  isAwaited: boolean;
  /** Exchanges that were sent in more than one piece. */
  inPieces: number;
}

/** How long requests of a place waited until one could be sent, and how many were on their way at once. */
interface Queue {
  total: number;
  out: number;
  atOnce: number;
  limit: string | undefined;
}

export function operationLog(): OperationLog {
  const sites = new Map<string, Site>();
  /** The place that used a target last, by its key and by what it is called: for operations beyond the count of stacks. */
  const lastOf = new Map<string, Site>();
  let unplaced = 0;
  let second = 0;
  let stacks = 0;
  let operations = 0;
  let briefStack = 0;

  /** All operations but timers, wherever they come from. */
  const live = busyClock();
  const poolSize = sizeOfPool();
  const inPool = busyClock();
  const beyondPool = busyClock(poolSize + 1);
  /** Time that only operations which count at their end were in flight. */
  let late = 0;
  /** Durations of what is told to no place, together. */
  let unknown = 0;

  const mayReadStack = (at: number): boolean => {
    if (at - second >= 1e6) {
      second = at;
      stacks = 0;
      operations = 0;
    }
    return stacks < STACKS_A_SECOND;
  };
  const place = (kind: OperationKind, targetKey: string, describe: () => string, at: number, { frames: given, isBrief }: BeginOptions): Site | undefined => {
    const isAllowed = mayReadStack(at);
    if (isBrief) {
      if (at - briefStack < BRIEF_STACKS) return lastOf.get(targetKey);
      briefStack = at;
    } else {
      if (++operations > OPERATIONS_A_SECOND) return lastOf.get(targetKey);
      if (!isAllowed && !given) return lastOf.get(targetKey) ?? lastOf.get(describe());
      if (!given) stacks++;
    }
    const frames = given ?? callerFrames();
    if (frames.length === 0) return undefined;
    // The first turn of a loop and those after an await stand on the same lines.
    const key = `${kind} ${frames.map(({ file, line, column }, row) => (row > 0 && kind === 'timer' ? `${file}:${line}` : `${file}:${line}:${column}`)).join(' ')}`;
    let site = sites.get(key);
    if (!site) {
      if (sites.size >= MAX_SITES) return undefined;
      site = {
        kind,
        target: describe(),
        frames,
        count: 0,
        finished: 0,
        total: 0,
        longest: 0,
        busy: 0,
        inFlight: 0,
        maxInFlight: 0,
        since: 0,
        subjects: undefined,
        queue: undefined,
        isAwaited: false,
        inPieces: 0,
      };
      sites.set(key, site);
    }
    // One item of many is asked for at the place where the others are.
    for (const one of [targetKey, site.target]) if (lastOf.size < 1000 || lastOf.has(one)) lastOf.set(one, site);
    return site;
  };

  const beginLive = (kind: OperationKind, site: Site | undefined, start: number, isPooled: boolean): Operation => {
    const clocks = isPooled && pooled.has(kind) ? [live, inPool, beyondPool] : [live];
    for (const clock of clocks) clock.enter(start);
    if (site) enter(site, start);
    let isOpen = true;
    let isSent = false;
    return {
      end() {
        if (!isOpen) return;
        isOpen = false;
        const end = now();
        for (const clock of clocks) clock.leave(end);
        if (site) leave(site, start, end);
        else unknown += end - start;
        if (isSent && site?.queue) site.queue.out--;
      },
      sent(limit) {
        if (!isOpen || isSent || !site) return;
        isSent = true;
        leaveQueue(site, now() - start, limit);
      },
    };
  };
  const beginLate = (kind: OperationKind, site: Site | undefined, start: number): Operation => {
    const before = late + live.read(start);
    let isOpen = true;
    let isInPieces = false;
    return {
      again() {
        if (isInPieces || !site) return;
        isInPieces = true;
        site.inPieces++;
      },
      isInPromise: site?.frames.some(({ isExecutor }) => isExecutor) === true,
      end(isWait = true) {
        if (!isOpen) return;
        isOpen = false;
        if (!isWait) return;
        const end = now();
        // While something else was in flight, the program waited for that.
        const alone = Math.max(0, end - start - (late + live.read(end) - before));
        if (kind === 'timer') {
          if (site) fire(site, start, end, end - alone);
          return;
        }
        late += alone;
        if (site) fire(site, kind === 'process' ? end - alone : start, end);
        else unknown += end - start;
      },
    };
  };

  return {
    begin(kind, key, describe, options = {}) {
      const { isPooled = true, subject } = options;
      const start = now();
      let site: Site | undefined;
      try {
        site = place(kind, key, describe, start, options);
      } catch {
        // What it works on cannot be named.
      }
      if (!site) unplaced++;
      else if (subject !== undefined) addSubject(site, subject);
      if (site && kind === 'timer') site.isAwaited ||= options.isAwaited === true || site.frames.some(({ isExecutor }) => isExecutor);
      return countedAtEnd.has(kind) ? beginLate(kind, site, start) : beginLive(kind, site, start, isPooled);
    },
    isCrowded() {
      mayReadStack(now());
      if (operations < OPERATIONS_A_SECOND) return false;
      unplaced++;
      return true;
    },
    beginUnplaced: () => beginLive('http', undefined, now(), false),
    frames() {
      if (!mayReadStack(now())) return undefined;
      stacks++;
      const frames = callerFrames();
      return frames.length > 0 ? frames : undefined;
    },
    read() {
      const at = now();
      const rows = [...sites.values()].map(
        ({ kind, target, frames, count, finished, total, longest, busy, inFlight, maxInFlight, since, subjects, queue, isAwaited, inPieces }) => ({
          kind,
          target,
          frames: mapFrames(frames),
          count,
          finished,
          total,
          longest,
          busy: busy + (inFlight > 0 ? at - since : 0),
          maxInFlight,
          ...(subjects ? { subjects: subjects.size } : {}),
          ...(isAwaited ? { isAwaited } : {}),
          ...(inPieces > 0 ? { inPieces } : {}),
          ...(queue ? { queue: { total: queue.total, atOnce: queue.atOnce, ...(queue.limit === undefined ? {} : { limit: queue.limit }) } } : {}),
        }),
      );
      return {
        sites: rows.sort((a, b) => b.busy - a.busy).slice(0, 50),
        unplaced,
        watched: { busy: live.read(at) + late, unknown },
        pool: { size: poolSize, busy: inPool.read(at), full: beyondPool.read(at), most: inPool.most },
      };
    },
  };
}

/** Threads of libuv's pool, as libuv reads it. */
function sizeOfPool(): number {
  const given = Math.trunc(Number(process.env.UV_THREADPOOL_SIZE ?? 4));
  return given >= 1 ? Math.min(1024, given) : 4;
}

function addSubject(site: Site, subject: string): void {
  site.subjects ??= new Set();
  if (site.subjects.size < MAX_SUBJECTS) site.subjects.add(subject);
}

function leaveQueue(site: Site, waited: number, limit: string | undefined): void {
  site.queue ??= { total: 0, out: 0, atOnce: 0, limit: undefined };
  const { queue } = site;
  queue.total += waited;
  queue.limit ??= limit;
  if (++queue.out > queue.atOnce) queue.atOnce = queue.out;
}

function enter(site: Site, at: number): void {
  site.count++;
  if (site.inFlight++ === 0) site.since = at;
  if (site.inFlight > site.maxInFlight) site.maxInFlight = site.inFlight;
}

function leave(site: Site, start: number, end: number): void {
  finish(site, end - start);
  if (--site.inFlight === 0) site.busy += end - site.since;
}

/** `from` is since when it was what the program waited for. */
function fire(site: Site, start: number, end: number, from = start): void {
  site.count++;
  finish(site, end - start);
  site.busy += end - Math.max(from, site.since);
  if (start < site.since) site.maxInFlight = 2;
  else if (site.maxInFlight === 0) site.maxInFlight = 1;
  site.since = end;
}

function finish(site: Site, duration: number): void {
  site.finished++;
  site.total += duration;
  if (duration > site.longest) site.longest = duration;
}
