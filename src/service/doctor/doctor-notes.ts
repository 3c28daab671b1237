import type { Capture, CapturedThread } from '../../capture/records/captured';
import type { Measurements } from '../../core/doctor/measurements';
import { defaultDoctorThresholds } from '../../core/doctor/thresholds';
import type { Vitals, VitalsIssue } from '../../core/doctor/vitals';
import type { ShownThreads } from '../../core/profile/views/threads';
import { formatCount, formatTime, plural } from '../../shared/format';
import { describeThread } from '../profile/shown-threads';
import { describeMissed } from '../recording/describe-capture';

/** What was judged: the profile of a thread, and what its process measured of itself. */
export interface Judged {
  /** The main thread of its process, which has the measurements. */
  readonly main: CapturedThread | undefined;
  /** Undefined where there are none. */
  readonly vitals: Vitals | undefined;
  readonly isWorker: boolean;
  /** All threads, where there are several. */
  readonly threads: ShownThreads | undefined;
  /** The time that is judged, where it is not all of it. */
  readonly served?: Measurements['served'];
}

/** What was measured and what was not, and of which thread, in sentences. */
export function notesOf({ main, vitals, isWorker, threads, served }: Judged, { threads: captured, missed }: Pick<Capture, 'threads' | 'missed'>): string[] {
  const notes: string[] = [];
  if (threads) notes.push(`Judged is ${describeThread(threads)}.`);
  if (served) notes.push(describeServed(served));
  if (isWorker) {
    notes.push('It is a worker, so it is judged by its CPU profile alone: a process measures the event loop, the memory and the waiting of its main thread.');
    const held = vitals && heldUp(vitals);
    if (held !== undefined) notes.push(held);
    notes.push(...describeMissed(missed));
    return notes;
  }
  const measured = main?.measured;
  if (measured && !measured.vitals.ok) notes.push(describeVitalsIssue(measured.vitals.error));
  if (vitals && !vitals.isFinal) notes.push('The program did not end in order: what it measured of itself goes up to a second before its end.');
  if (vitals?.sampled) notes.push(describeSampling(vitals.sampled, vitals));
  if (measured && !measured.heap) notes.push('Its live memory could not be asked for at the end, so growth is not judged.');
  const workers = captured.filter(({ pid, threadId }) => pid === main?.pid && threadId > 0).length;
  if (workers > 0) notes.push(`${plural(workers, 'worker thread')} ran besides: profiled, but not measured.`);
  notes.push(...describeMissed(missed));
  return notes;
}

function describeServed({ window, whole }: NonNullable<Measurements['served']>): string {
  const { from, to, leftOut } = window;
  return `Judged is the time from the first to the last activity, ${formatTime(to - from)} of ${formatTime(whole.duration)}: ${formatTime(leftOut)} before and after, without work, are left out.`;
}

/** Sampling changes the program a little, so it is said from when to when. */
function describeSampling({ from, to }: NonNullable<Vitals['sampled']>, vitals: Vitals): string {
  const until = to === undefined ? 'to the end' : `to ${formatTime(to - vitals.from)}, when the thread became busy`;
  return `Its memory grew, so what it allocates was sampled from ${formatTime(from - vitals.from)} after the start ${until}. Meanwhile shift() of an array takes longer than it does otherwise.`;
}

/** Of a main thread that is not judged: that tasks of its own held up its event loop. */
function heldUp({ blocks, from, to }: Vitals): string | undefined {
  const { block, blockShare } = defaultDoctorThresholds;
  const long = blocks.longest.filter(({ start, end, cpu, waiting }) => waiting > 0 && Math.min(end - start, cpu) >= block);
  const total = long.reduce((sum, { start, end, cpu }) => sum + Math.min(end - start, cpu), 0);
  if (total < blockShare * (to - from)) return undefined;
  return `The main thread of its process was held up by tasks of its own besides: ${long.length === 1 ? '1 stretch' : `${formatCount(long.length)} stretches`} without a turn of the event loop, ${formatTime(total)} of CPU time together. Look at its profile, too.`;
}

function describeVitalsIssue(issue: VitalsIssue): string {
  return issue.kind === 'not-written'
    ? 'The program handed over no measurements, so only its CPU profile is judged.'
    : `What the program measured of itself is damaged (expected ${issue.expected}), so only its CPU profile is judged. Record it again.`;
}
