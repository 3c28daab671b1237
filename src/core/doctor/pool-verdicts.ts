import { formatShare, formatTime, plural, printable } from '../../shared/format';
import type { Verdict } from './diagnosis';
import type { SiteWait } from './site-waits';
import type { Vitals } from './vitals';

/** What is said of work in the threads of libuv. */

const ADVICE =
  'Do less of it (fewer rounds of a hash, a lower level of compression, results that are kept), or give the pool more threads where cores are free: it has 4 unless UV_THREADPOOL_SIZE says otherwise.';

const LONG_ADVICE =
  'Read what may keep silent over a socket, which needs no thread: new net.Socket({ fd }) with a descriptor that was opened with O_NONBLOCK, or a process that writes to a pipe of Node.js. More threads (UV_THREADPOOL_SIZE) help as long as there are more of them than such reads.';

const BROTLI =
  'Brotli takes its slowest quality, 11, where it is given none: for what is made for each request give 4 or 5 ({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }), and keep 11 for files that are compressed once. ';

/** Most of the waiting is for one place's work there. */
export function inPool({ row, site, share }: SiteWait): Verdict {
  const what = `${site.kind} (${printable(site.target)})`;
  return {
    branch: 'cpu-elsewhere',
    area: 'CPU',
    level: 'warning',
    title: `It waits for ${what} in the thread pool`,
    summary: `${formatShare(Math.min(1, share))} of the time passes while threads that run no JavaScript work for it: ${plural(site.count, 'time')}, ${formatTime(site.total)} together, ${formatTime(site.longest)} at most.`,
    advice: `A CPU profile does not show that work. ${site.target === 'BrotliCompress' ? BROTLI : ''}${ADVICE}`,
    next: 'line',
    blame: { kind: 'site', site: row, wantsLoop: false },
  };
}

/** Microseconds that no file takes to answer: what is read is a pipe, a terminal or a device, or far away. */
const LONG_READ = 100_000;

/** There was more work than threads; `most` is the place that has the most time of it. */
export function poolFull({ size, most }: NonNullable<Vitals['pool']>, share: number, cause: SiteWait | undefined): Verdict {
  const whose = cause
    ? ` Most of it is ${cause.site.kind} (${printable(cause.site.target)}): ${plural(cause.site.count, 'time')}, ${formatTime(cause.site.total / Math.max(1, cause.site.finished))} on average with the time in the queue.`
    : '';
  const isLong =
    cause?.site.kind === 'file' &&
    /^(?:read|open|readFile)(?: of a stream)?$/.test(cause.site.target) &&
    cause.site.total >= LONG_READ * Math.max(1, cause.site.finished);
  return {
    branch: 'cpu-elsewhere',
    area: 'CPU',
    level: 'warning',
    title: isLong ? 'Reads that wait hold the thread pool' : 'The thread pool is full',
    summary: `For ${formatShare(share)} of the time its ${plural(size, 'thread')} had more work than they could do, up to ${most} at once: files, names of hosts, zlib and crypto all wait in one queue.${whose}${isLong ? ' No file takes so long: a read of a pipe, a terminal or a device holds a thread until something comes.' : ''}`,
    advice: isLong ? LONG_ADVICE : `Start fewer at once, with a limit. ${ADVICE}`,
    next: 'line',
    blame: cause && { kind: 'site', site: cause.row, wantsLoop: false },
  };
}
