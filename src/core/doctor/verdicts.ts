import { formatBytes, formatShare, formatTime, plural, printable, shorten } from '../../shared/format';
import type { FindingLevel } from '../../shared/reported-finding';
import { shownShare } from '../profile/views/threads';
import type { Blame, Verdict } from './diagnosis';
import { hotCall } from './hot-call';
import type { Growth, Measurements } from './measurements';
import type { OwnCost, ProfileSummary } from './profile-summary';
import type { SiteWait } from './site-waits';
import type { Vitals } from './vitals';

/** The leaves of the decision tree, in words. */

export function quick(cpu: number): Verdict {
  return {
    branch: 'healthy',
    area: 'none',
    level: undefined,
    title: 'Nothing is slow: the program is quick',
    summary: `It ended by itself after ${formatTime(cpu)} of CPU time, most of which is the start of Node.js.`,
    advice: 'If it is slow with other input, record it with that. To start faster, load fewer modules.',
    next: 'flame',
    blame: undefined,
  };
}

export function tooLittle(hasFailed: boolean): Verdict {
  return {
    branch: 'inconclusive',
    area: 'none',
    level: undefined,
    title: hasFailed ? 'The program failed too early to be judged' : 'Too little was measured',
    summary: hasFailed ? 'It ended with an error before it had done much.' : 'The recording is too short to tell a cause from chance.',
    advice: hasFailed ? 'Look at its output, make it run, and record it again.' : 'Record for longer, and exercise the program while it is recorded.',
    next: hasFailed ? 'again' : 'longer',
    blame: undefined,
  };
}

/** What is said of a program that ended with an error: that first, and never that nothing is wrong. */
export function afterFailure(verdict: Verdict, end: string): Verdict {
  if (verdict.branch === 'healthy')
    return {
      ...verdict,
      branch: 'inconclusive',
      title: 'The program failed',
      summary: `It ended with ${end}, so what it does when it works was not measured. Up to then nothing was slow.`,
      advice: 'Look at its output, make it run, and record it again.',
      next: 'again',
    };
  return verdict.title.includes('failed') ? verdict : { ...verdict, summary: `The program ended with ${end}. ${verdict.summary}` };
}

export function unmeasured({ isWorker, threads }: Pick<Measurements, 'isWorker' | 'threads'> = {}): Verdict {
  if (isWorker) {
    const share = threads && shownShare(threads);
    return {
      branch: 'inconclusive',
      area: 'none',
      level: undefined,
      title: 'A worker thread has most of the CPU time, but mostly waits',
      summary: `The busiest thread is a worker${share === undefined ? '' : ` with ${formatShare(share)} of all CPU time`}, and was idle most of the time. What a worker waits for is not measured.`,
      advice: 'Look at its profile, and at those of the other threads: choose them in the header, or with plateau analyze FILE --thread NAME.',
      next: 'flame',
      blame: undefined,
    };
  }
  return {
    branch: 'inconclusive',
    area: 'none',
    level: undefined,
    title: 'It mostly waits, and could not tell for what',
    summary: 'The thread was idle most of the time, and the program handed over no measurements: it may have been killed.',
    advice: 'Record it again, and stop it with Ctrl+C or for a limited time.',
    next: 'longer',
    blame: undefined,
  };
}

export function growing({ heap }: Measurements, growth: Growth): Verdict {
  const holder = heap?.holders[0];
  const rate = (growth.total / growth.duration) * 1e6;
  const held = holder ? ` Most of what is alive was allocated by ${label(holder.name)} (${formatBytes(holder.live)}).` : '';
  return {
    branch: 'memory-growth',
    area: 'memory',
    level: 'error',
    title: 'Memory keeps growing',
    summary: `At least ${formatBytes(growth.total)} more are alive at the end than in the beginning, about ${formatBytes(rate)} a second, with all garbage collected.${held}`,
    advice: 'Something holds on to what it does not need any more: a Map or array that only grows, a listener or timer that is never removed. Hunt the leak.',
    next: 'leak',
    blame: holder && { kind: 'frame', name: holder.name, url: holder.url, line: holder.line, column: holder.column },
  };
}

export function pressure(profile: ProfileSummary, share: number): Verdict {
  const [cause] = profile.gc;
  return {
    branch: 'memory-gc',
    area: 'memory',
    level: share >= 0.3 ? 'error' : 'warning',
    title: `Garbage collection takes ${formatShare(share)} of the active time`,
    summary: `${formatTime(profile.totals.gc)} went into collecting garbage${cause ? `, most of it after ${label(cause.name)}` : ''}.`,
    advice: 'Allocate less there, and keep less for a short time: reuse objects and buffers, avoid copies in loops, stream instead of collecting.',
    next: 'flame',
    blame: cause && blameOwn(cause),
  };
}

export function blocked(
  profile: ProfileSummary,
  { total, longest, elapsed, count, share }: { total: number; longest: number; elapsed: number; count: number; share: number },
): Verdict {
  const cause = profile.blocked[0] ?? profile.own[0];
  return {
    branch: 'loop-blocked',
    area: 'concurrency',
    level: 'error',
    title: 'Single tasks block the event loop',
    summary: `${plural(count, 'stretch').replace(/stretchs$/, 'stretches')} without a turn of the loop, with ${formatTime(total)} of CPU time together (${formatShare(share)} of the time recorded) and ${formatTime(longest)} at most in one; the longest took ${formatTime(elapsed)} by the clock${cause ? `; what ran in them most is ${label(cause.name)}${mostlyIn(cause)}` : ''}. Everything else had to wait.`,
    advice: `${cause && isSyncCall(cause) ? 'Use the asynchronous form of the call' : 'Move the work to a worker thread, or cut it into parts that let the loop turn'}; cache what is computed again and again.`,
    next: 'line',
    blame: cause && blameOwn(cause),
  };
}

export function standing(profile: ProfileSummary, time: number): Verdict {
  const [cause] = profile.standing;
  return {
    branch: 'loop-blocked',
    area: 'concurrency',
    level: 'error',
    title: 'The thread is blocked by another program',
    summary: `${formatTime(time)} passed within synchronous calls that wait for a child process${cause ? `, in ${label(cause.name)}` : ''}. Nothing else can run meanwhile.`,
    advice:
      'Start fewer: one process that answers for all of them at once, where there is one for each. Use execFile or spawn with a callback or a promise, and let several run at once.',
    next: 'line',
    blame: cause && blameOwn(cause),
  };
}

export function hot(profile: ProfileSummary, share: number, level: FindingLevel, requests?: number): Verdict {
  const [top] = profile.own;
  const call = top && hotCall(top, profile.totals.active, requests);
  return {
    branch: 'cpu-hot',
    area: 'CPU',
    level,
    title: call ? `The CPU is busy in one place: ${call.what}` : 'The CPU is busy in one place',
    summary:
      call?.summary ??
      `One function, with what it calls outside of your own code, takes ${formatShare(share)} of the active time, ${formatTime(top?.cost ?? profile.largest?.self ?? 0)}.`,
    advice: call?.advice ?? 'Do less work there: a better algorithm or data structure, a cache, or fewer calls.',
    next: 'flame',
    blame: top ? blameOwn(top) : profile.largest && { kind: 'function', func: profile.largest.func, through: [] },
  };
}

export function hotInPackage(top: OwnCost, share: number, level: FindingLevel): Verdict {
  const [callee] = top.callees;
  const writing = top.callees.reduce((sum, one) => sum + one.writing, 0);
  const calls = callee && callee.name !== '' && top.self < top.cost / 2 ? `, most of it in ${label(callee.name)}` : '';
  return {
    branch: 'cpu-hot',
    area: 'CPU',
    level,
    title: 'The CPU is busy in one place, in a package',
    summary: `${label(top.name)} of a package, with what it calls outside of your own code, takes ${formatShare(share)} of the active time, ${formatTime(top.cost)}${calls}. No function of yours is below it on the stack, as after an await.`,
    advice: `${writing >= top.cost / 2 ? 'It writes JSON: give it less, a page of a long list and only the fields that are needed. ' : ''}Ask the package for less: fewer calls, fewer or smaller rows and answers, results that are kept. Look for the calls into it in your code.`,
    next: 'flame',
    blame: blameOwn(top),
  };
}

export function spread(profile: ProfileSummary, share: number): Verdict {
  const [top] = profile.own;
  return {
    branch: 'cpu-spread',
    area: 'CPU',
    level: 'info',
    title: 'The CPU is busy, evenly spread',
    summary: `The thread computes, and no function dominates: the largest of yours${top ? `, ${label(top.name)},` : ''} has ${formatShare(share)} of the active time.`,
    advice: 'Look at the architecture: how often the work is done, what could be skipped, cached, batched or given to worker threads, not at single functions.',
    next: 'flame',
    blame: undefined,
  };
}

export function sequential({ row, site, share }: SiteWait, perRequest: number | undefined): Verdict {
  const each = perRequest === undefined ? '' : `, ${Math.round(perRequest)} for each request that it serves`;
  return {
    branch: 'sequential',
    area: 'concurrency',
    level: share >= 0.6 ? 'error' : 'warning',
    title: 'Work is done one after another',
    summary: `${plural(site.count, 'operation')} (${printable(site.target)}) of ${formatTime(site.total / Math.max(1, site.finished))} each${each}: each began when the one before was over, ${formatShare(share)} of the time together.`,
    advice:
      site.kind === 'file'
        ? ofFiles(site.target)
        : 'Where one does not need the result of the one before, start them together (Promise.all, with a limit), or ask for all of it in one request.',
    next: 'line',
    blame: { kind: 'site', site: row, wantsLoop: true },
  };
}

/** Writes to one file have an order, so those are not advised to go together. */
function ofFiles(call: string): string {
  if (/^(?:append|write)File$/.test(call))
    return 'Each opens a file, writes and closes it. Keep a stream open for each file that is written to again (fs.createWriteStream), or gather many parts and write them at once; several files can be written together (Promise.all, with a limit).';
  if (/^writev?$/.test(call)) return 'Gather many small parts and write them at once, or write through a stream, which does so.';
  return 'Where one does not need the result of the one before, start several together (Promise.all, with a limit).';
}

/** What is said instead, where the code tells that each takes what the one before it gave. */
export function inOrder(verdict: Verdict): Verdict {
  return {
    ...verdict,
    area: 'I/O',
    level: 'warning',
    title: 'Each request needs the one before',
    summary: `${verdict.summary} They cannot go together: what a turn of the loop asks for, or whether there is another, is known only from the answer before it.`,
    advice:
      'Ask for fewer and larger parts (the size of a page), for less in all, or keep the answers. If the other side can tell all parts in front, by numbers instead of a cursor, they can be asked for together.',
  };
}

export function slowAnswer({ row, site, share }: SiteWait, mean: number): Verdict {
  const target = printable(site.target);
  const what =
    site.kind === 'process'
      ? `the process ${target}`
      : site.kind === 'file'
        ? `files (${target})`
        : site.kind === 'dns'
          ? `the name of a host (dns.${target})`
          : target;
  return {
    branch: 'io',
    area: 'I/O',
    level: 'warning',
    title: `It waits for ${shorten(what, 80)}`,
    summary: `${formatShare(share)} of the time passes until ${what} is done: ${plural(site.count, 'time')}, ${formatTime(mean)} on average, ${formatTime(site.longest)} at most.`,
    advice: 'The other side is slow: measure it there, ask it for less, cache its answers, set a time limit, and do something else meanwhile.',
    next: 'line',
    blame: { kind: 'site', site: row, wantsLoop: false },
  };
}

export function outside(cpu: number, idle: number): Verdict {
  return {
    branch: 'cpu-elsewhere',
    area: 'CPU',
    level: 'warning',
    title: 'Threads that run no JavaScript compute',
    summary: `This thread waited for ${formatTime(idle)}. The process used ${formatTime(cpu)} of CPU time that none of its JavaScript threads did: its pool for zlib, crypto and files, or native addons.`,
    advice:
      'A CPU profile does not show that work. Do less of it (fewer rounds of a hash, a lower level of compression, results that are kept), or more at once where cores are free: the pool has 4 threads unless UV_THREADPOOL_SIZE says otherwise.',
    next: 'flame',
    blame: undefined,
  };
}

export function healthy(vitals: Vitals, busy: number): Verdict {
  const isIdleServer = vitals.isListening && vitals.incoming.count === 0;
  return {
    branch: 'healthy',
    area: 'none',
    level: undefined,
    title: isIdleServer ? 'Nothing is slow: the server is idle' : 'Nothing is slow',
    summary: isIdleServer
      ? 'It listened, and nobody asked it for anything while it was recorded.'
      : `The thread was busy for ${formatShare(busy)} of the time, the loop turned freely, memory is steady, and nothing that it waited for was slow.`,
    advice: isIdleServer ? 'Send it the requests that are slow while it is recorded.' : 'If it feels slow, record it while it does what is slow.',
    next: isIdleServer ? 'longer' : 'flame',
    blame: undefined,
  };
}

/** Own functions by total time that are worth a look, of active time, and how many are named. */
const WIDE = 0.3;
const NAMED = 3;

/** A verdict of what computes, with the own functions that have most of it in what they call: those are found in the code by their job. */
export function withTotals(verdict: Verdict, { totals, totalOf }: ProfileSummary): Verdict {
  if (verdict.area !== 'CPU' && verdict.branch !== 'loop-blocked') return verdict;
  if (verdict.branch === 'cpu-elsewhere' || totals.active <= 0) return verdict;
  const wide = totalOf.filter(({ total }) => total >= WIDE * totals.active).slice(0, NAMED);
  if (wide.length === 0) return verdict;
  const list = wide.map(({ name, total }) => `${label(name)} ${formatShare(Math.min(1, total / totals.active))}`).join(', ');
  return { ...verdict, summary: `${verdict.summary} By total time, with all that they call: ${list}.` };
}

const label = (name: string): string => shorten(printable(name), 60) || '(anonymous)';

/** Own lines where they have at least half, else the way through foreign code. */
function blameOwn({ func, self, cost, callees }: OwnCost): Blame {
  const [callee] = callees;
  return { kind: 'function', func, through: callee && self < cost / 2 ? [callee.entry, callee.leaf] : [] };
}

/** The call outside of the user's code that has most of a function's cost. */
function mostlyIn(cost: OwnCost): string {
  const name = isSyncCall(cost) ? (cost.callees[0]?.called ?? '') : '';
  return name === '' ? '' : `, mostly in ${label(name)}`;
}

const isSyncCall = ({ self, cost, callees }: OwnCost): boolean => callees.length > 0 && self < cost / 2;
