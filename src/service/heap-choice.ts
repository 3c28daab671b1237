import path from 'node:path';
import type { CaptureIssue, ThreadLabel } from '../capture/capture-issue';
import { formatBytes, formatCount, plural, printable, shorten } from '../shared/format';

/** Which thread was asked for: of a worker its number or name, of a process its number or script. */
export interface WantedThread {
  readonly thread?: string | undefined;
  readonly process?: string | undefined;
}

interface Candidate {
  readonly pid: number;
  readonly threadId: number;
  readonly name: string;
  readonly argv: readonly string[];
}

export const labelOf = ({ pid, threadId, name }: ThreadLabel): ThreadLabel => ({ pid, threadId, name });

export function isWanted(target: Candidate, { thread, process }: WantedThread): boolean {
  return (process === undefined || isProcess(target, process)) && (thread === undefined || isThread(target, thread));
}

function isProcess({ pid, argv }: Candidate, wanted: string): boolean {
  if (String(pid) === wanted) return true;
  const script = argv[1];
  if (script === undefined) return false;
  return script === path.resolve(wanted) || path.basename(script) === wanted || path.parse(script).name === wanted;
}

const isThread = ({ threadId, name }: Candidate, wanted: string): boolean =>
  name === wanted || (wanted === 'main' ? threadId === 0 : /^\d+$/.test(wanted) && threadId === Number(wanted));

/** `worker 2 (task.js) of 4711`, `app.js (4711)`. */
export function threadText({ pid, threadId, name }: ThreadLabel): string {
  const known = shorten(printable(name), 60);
  if (threadId === 0) return pid > 0 ? `${known} (${pid})` : known;
  return `worker ${threadId}${known === `worker ${threadId}` ? '' : ` (${known})`}${pid > 0 ? ` of ${pid}` : ''}`;
}

const NAMED = 5;

/** A list of threads, each with what is said of it. */
export function threadList(threads: readonly (ThreadLabel & { readonly bytes?: number | undefined })[]): string {
  const rest = threads.length - NAMED;
  const named = threads
    .slice(0, rest > 1 ? NAMED : threads.length)
    .map((one) => `${threadText(one)}${one.bytes === undefined ? '' : ` ${formatBytes(one.bytes)}`}`);
  return `${named.join(', ')}${rest > 1 ? ` and ${formatCount(rest)} more` : ''}`;
}

/** Why nothing was recorded of a thread that was asked for. */
export function describeNoSuchThread({ wanted, threads }: Extract<CaptureIssue, { kind: 'no-such-thread' }>): string {
  const { thread, process } = wanted;
  const what = [thread === undefined ? '' : `thread "${thread}"`, process === undefined ? '' : `process "${process}"`].filter(Boolean).join(' of ');
  return `There was no ${what}. The program had ${plural(threads.length, 'thread')}: ${threadList(threads)}.`;
}

/** Which of several was recorded: `the largest of 3; the others: …`. Undefined where there was one alone. */
export function describeChosen(
  chosen: ThreadLabel,
  others: readonly (ThreadLabel & { readonly bytes?: number | undefined })[],
  isAsked: boolean,
): string | undefined {
  if (others.length === 0) return undefined;
  const which = isAsked ? 'one' : 'the largest';
  return `Of ${threadText(chosen)}, ${which} of ${formatCount(others.length + 1)}; the ${others.length === 1 ? 'other' : 'others'}: ${threadList(others)}. ${isAsked ? '' : '--thread and --process choose another.'}`.trim();
}
