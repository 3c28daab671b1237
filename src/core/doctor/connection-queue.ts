import { formatTime, plural, printable, shorten } from '../../shared/format';
import * as amount from './amount';
import type { Figure, Verdict } from './diagnosis';
import type { SiteWait } from './site-waits';
import type { DoctorThresholds } from './thresholds';
import { figure } from './turn';
import type { OperationSite } from './vitals';

/** Requests that wait in the program itself for one of a few connections: the other side does not know of them yet. */

const LEAST_REQUESTS = 10;
/** Of the requests' time, the queue's part from which it is the cause. */
const QUEUED = 0.5;
/** Microseconds, on average: below, nobody notices. */
const LEAST_WAIT = 10_000;

/** How long one request takes once it is sent, on average; microseconds. */
export const answerTime = ({ total, finished, queue }: OperationSite): number => Math.max(0, total - (queue?.total ?? 0)) / Math.max(1, finished);

/**
 * Whether its requests mostly wait for a connection. Where none waits beside those that are on their way, what passes
 * until one is sent is the time to connect.
 */
export function isQueued({ queue, total, finished, maxInFlight }: OperationSite): boolean {
  if (!queue || finished <= 0 || maxInFlight <= queue.atOnce) return false;
  return queue.total >= QUEUED * total && queue.total / finished >= LEAST_WAIT;
}

/** Undefined where that is not most of the time. */
export function connectionQueue(
  rows: readonly SiteWait[],
  { waitShare }: DoctorThresholds,
): { readonly figures: readonly Figure[]; readonly reason: string; readonly verdict: Verdict } | undefined {
  const queued = rows.filter(({ site }) => isQueued(site)).sort((a, b) => b.site.total - a.site.total);
  const [first] = queued;
  if (!first) return undefined;
  // One agent's queue is filled from several places, or over several stacks from one.
  const all = queued.filter(({ site }) => site.queue?.limit === first.site.queue?.limit);
  const sum = (of: (site: OperationSite) => number): number => all.reduce((before, { site }) => before + of(site), 0);
  const finished = sum((site) => site.finished);
  const share = Math.min(
    1,
    all.reduce((before, one) => before + one.share, 0),
  );
  if (finished < LEAST_REQUESTS || share < waitShare) return undefined;
  const total = sum((site) => site.total);
  const waiting = sum((site) => site.queue?.total ?? 0);
  const wait = waiting / finished;
  const answer = (total - waiting) / finished;
  const limit = first.site.queue?.limit && shorten(printable(first.site.queue.limit), 40);
  const [setting] = limit?.split(' ') ?? [];
  const { atOnce = 1 } = first.site.queue ?? {};
  return {
    figures: [
      figure('requests', amount.count(finished), amount.count(LEAST_REQUESTS), true),
      figure('wait for a free connection, on average', amount.time(wait), amount.time(LEAST_WAIT), true),
      figure('the answer itself', amount.time(answer)),
      figure('of their time, waiting for a connection', amount.share(waiting / total), amount.share(QUEUED), true),
      figure('of the time', amount.share(share), amount.share(waitShare), true),
    ],
    reason: 'Requests wait in the program for a free connection for longer than their answers take.',
    verdict: {
      branch: 'sequential',
      area: 'concurrency',
      level: 'warning',
      title: `Requests wait for a free connection${limit ? ` (${limit})` : ''}`,
      summary: `${plural(finished, 'request')} (${shorten(printable(first.site.target), 80)}) wait ${formatTime(wait)} on average for a free connection, and the answer itself takes ${formatTime(answer)}. ${limit ? `Their agent has ${limit}` : `Never more than ${atOnce} are on their way at once`}, while up to ${first.site.maxInFlight} are open: the others wait in a queue of this program, and the other side does not know of them yet.`,
      advice: `${setting ? `Raise ${setting} of the agent` : 'Allow more connections (of undici, the option connections of its Pool or Agent)'}, as far as the other side can bear it. Else send fewer requests: ask for several things in one, and keep answers for a while.`,
      next: 'line',
      blame: { kind: 'site', site: first.row, wantsLoop: false },
    },
  };
}
