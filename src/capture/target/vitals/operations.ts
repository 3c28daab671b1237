import type { OperationKind, OperationSite } from '../../../core/doctor/vitals';
import { callerFrames, mapFrames } from './call-place';
import { now } from './clock';

/** An operation that has begun; ends once, however often it is told. */
export interface Operation {
  end(): void;
}

/** What a program waits for, by the place that starts it. Bounded: places, and stacks a second. */
export interface OperationLog {
  /** `key` tells targets apart at no cost; `describe` names one, for the first of a place. */
  begin(kind: OperationKind, key: string, describe: () => string): Operation | undefined;
  read(): { readonly sites: OperationSite[]; readonly unplaced: number };
}

/** 200 stacks of about 10 µs are 0.2 % of a second. */
const STACKS_A_SECOND = 200;
/** What is done more often than this is over within a millisecond: it costs the thread, not time to wait. */
const OPERATIONS_A_SECOND = 1000;
const MAX_SITES = 200;

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
  /** Since when there is one in flight; for timers, up to when time is counted. */
  since: number;
}

export function operationLog(): OperationLog {
  const sites = new Map<string, Site>();
  /** The place that used a target last: for operations beyond the count of stacks. */
  const lastOf = new Map<string, Site>();
  let unplaced = 0;
  let second = 0;
  let stacks = 0;
  let operations = 0;

  const place = (kind: OperationKind, targetKey: string, describe: () => string, at: number): Site | undefined => {
    if (at - second >= 1e6) {
      second = at;
      stacks = 0;
      operations = 0;
    }
    if (++operations > OPERATIONS_A_SECOND) return undefined;
    if (stacks >= STACKS_A_SECOND) return lastOf.get(targetKey);
    stacks++;
    const frames = callerFrames();
    if (frames.length === 0) return undefined;
    const key = `${kind} ${frames.map(({ file, line, column }) => `${file}:${line}:${column}`).join(' ')}`;
    let site = sites.get(key);
    if (!site) {
      if (sites.size >= MAX_SITES) return undefined;
      site = { kind, target: describe(), frames, count: 0, finished: 0, total: 0, longest: 0, busy: 0, inFlight: 0, maxInFlight: 0, since: 0 };
      sites.set(key, site);
    }
    if (lastOf.size < 1000 || lastOf.has(targetKey)) lastOf.set(targetKey, site);
    return site;
  };

  return {
    begin(kind, key, describe) {
      const start = now();
      const site = place(kind, key, describe, start);
      if (!site) {
        unplaced++;
        return undefined;
      }
      const isTimer = kind === 'timer';
      // A timer may be cleared, which nobody tells: it counts when it fires.
      if (!isTimer) enter(site, start);
      let isOpen = true;
      return {
        end() {
          if (!isOpen) return;
          isOpen = false;
          const end = now();
          if (isTimer) fire(site, start, end);
          else leave(site, start, end);
        },
      };
    },
    read() {
      const at = now();
      const rows = [...sites.values()].map(({ kind, target, frames, count, finished, total, longest, busy, inFlight, maxInFlight, since }) => ({
        kind,
        target,
        frames: mapFrames(frames),
        count,
        finished,
        total,
        longest,
        busy: busy + (kind !== 'timer' && inFlight > 0 ? at - since : 0),
        maxInFlight,
      }));
      return { sites: rows.sort((a, b) => b.busy - a.busy).slice(0, 50), unplaced };
    },
  };
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

function fire(site: Site, start: number, end: number): void {
  site.count++;
  finish(site, end - start);
  const from = start > site.since ? start : site.since;
  site.busy += end - from;
  if (start < site.since) site.maxInFlight = 2;
  else if (site.maxInFlight === 0) site.maxInFlight = 1;
  site.since = end;
}

function finish(site: Site, duration: number): void {
  site.finished++;
  site.total += duration;
  if (duration > site.longest) site.longest = duration;
}
