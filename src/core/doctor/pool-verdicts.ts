import { formatShare, formatTime, plural, printable } from '../../shared/format';
import type { Verdict } from './diagnosis';
import type { SiteWait } from './site-waits';
import type { Vitals } from './vitals';

/** What is said of work in the threads of libuv. */

const ADVICE =
  'Do less of it (fewer rounds of a hash, a lower level of compression, results that are kept), or give the pool more threads where cores are free: it has 4 unless UV_THREADPOOL_SIZE says otherwise.';

/** Most of the waiting is for one place's work there. */
export function inPool({ row, site, share }: SiteWait): Verdict {
  const what = `${site.kind} (${printable(site.target)})`;
  return {
    branch: 'cpu-elsewhere',
    area: 'CPU',
    level: 'warning',
    title: `It waits for ${what} in the thread pool`,
    summary: `${formatShare(share)} of the time passes while threads that run no JavaScript work for it: ${plural(site.count, 'time')}, ${formatTime(site.total)} together, ${formatTime(site.longest)} at most.`,
    advice: `A CPU profile does not show that work. ${ADVICE}`,
    next: 'line',
    blame: { kind: 'site', site: row, wantsLoop: false },
  };
}

/** There was more work than threads; `most` is the place that has the most time of it. */
export function poolFull({ size, most }: NonNullable<Vitals['pool']>, share: number, cause: SiteWait | undefined): Verdict {
  const whose = cause
    ? ` Most of it is ${cause.site.kind} (${printable(cause.site.target)}): ${plural(cause.site.count, 'time')}, ${formatTime(cause.site.total / Math.max(1, cause.site.finished))} on average with the time in the queue.`
    : '';
  return {
    branch: 'cpu-elsewhere',
    area: 'CPU',
    level: 'warning',
    title: 'The thread pool is full',
    summary: `For ${formatShare(share)} of the time its ${plural(size, 'thread')} had more work than they could do, up to ${most} at once: files, names of hosts, zlib and crypto all wait in one queue.${whose}`,
    advice: `Start fewer at once, with a limit. ${ADVICE}`,
    next: 'line',
    blame: cause && { kind: 'site', site: cause.row, wantsLoop: false },
  };
}
