import path from 'node:path';
import type { CaptureIssue, ThreadLabel } from '../../capture/records/capture-issue';
import { formatCount, plural } from '../../shared/format';
import { type SizedThread, threadList, threadText, type WantedThread } from '../../shared/thread-choice';

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

/** Why nothing was recorded of a thread that was asked for. */
export function describeNoSuchThread({ wanted, threads }: Extract<CaptureIssue, { kind: 'no-such-thread' }>): string {
  const { thread, process } = wanted;
  const what = [thread === undefined ? '' : `thread "${thread}"`, process === undefined ? '' : `process "${process}"`].filter(Boolean).join(' of ');
  return `There was no ${what}. The program had ${plural(threads.length, 'thread')}: ${threadList(threads)}.`;
}

/** Which of several was recorded: `the largest of 3; the others: …`. Undefined where there was one alone. */
export function describeChosen(chosen: ThreadLabel, others: readonly SizedThread[], isAsked: boolean): string | undefined {
  if (others.length === 0) return undefined;
  const which = isAsked ? 'one' : 'the largest';
  return `Of ${threadText(chosen)}, ${which} of ${formatCount(others.length + 1)}; the ${others.length === 1 ? 'other' : 'others'}: ${threadList(others)}. ${isAsked ? '' : '--thread and --process choose another.'}`.trim();
}
