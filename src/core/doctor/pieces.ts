import { formatShare, formatTime, plural, printable } from '../../shared/format';
import type { Verdict } from './diagnosis';
import type { SiteWait } from './site-waits';

/**
 * Nagle's algorithm (RFC 896) holds a second small piece back until the first is acknowledged, and the other side
 * acknowledges late: Linux after 40 ms, others after up to 200 ms (RFC 1122, 4.2.3.2). Microseconds.
 */
const LATE = { least: 36_000, most: 250_000 };
/** Of the exchanges, those that must have been sent in pieces. */
const NEARLY_ALL = 0.8;

/** Whether exchanges wait for a late acknowledgement: one at a time, in pieces, and as long as that takes. */
export function isSentInPieces({ site }: SiteWait): boolean {
  if (site.kind !== 'socket' || site.finished === 0 || site.maxInFlight > 1) return false;
  const mean = site.total / site.finished;
  return (site.inPieces ?? 0) >= NEARLY_ALL * site.finished && mean >= LATE.least && mean <= LATE.most;
}

/** What is said of them. */
export function sentInPieces({ row, site, share }: SiteWait): Verdict {
  return {
    branch: 'io',
    area: 'I/O',
    level: 'warning',
    title: 'Each question is sent in small pieces, and waits for an acknowledgement',
    summary: `${plural(site.finished, 'operation')} (${printable(site.target)}) of ${formatTime(site.total / site.finished)} each, ${formatShare(Math.min(1, share))} of the time together: each was written in two pieces or more. The system holds the second one back until the first is acknowledged (Nagle's algorithm), and the other side acknowledges late, after 40 ms or more.`,
    advice:
      'Write each question at once: join its parts (Buffer.concat), or socket.cork() before and uncork() after them in the same turn. Or turn the delay off: socket.setNoDelay(true), or { noDelay: true } for net.connect. If it stays slow then, the other side is.',
    next: 'line',
    blame: { kind: 'site', site: row, wantsLoop: false },
  };
}
