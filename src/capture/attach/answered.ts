import { readProcess } from '../processes/identity';
import { mainThreadTicks } from '../processes/linux';
import { type ProcessIdentity, sameIdentity } from '../processes/process-row';
import type { CaptureIssue } from '../records/capture-issue';

/** Why a program gave no answer. */
export class Unanswered extends Error {
  constructor(readonly issue: CaptureIssue) {
    super(issue.kind);
  }
}

export interface Patience {
  /** Who is to answer, where it is known. */
  readonly process: ProcessIdentity | undefined;
  /** Ends the wait. */
  readonly over?: AbortSignal | undefined;
  /** How long it may compute without answering. */
  readonly busyMs: number;
}

const LOOK_MS = 500;
/** A program that is stopped, or stands in a call, may go on in a moment. */
const STOPPED_MS = 3000;
const BLOCKED_MS = 10_000;

/**
 * Waits for an answer of a program as long as there is a prospect of one: V8 interrupts a loop to
 * give it, but not a call that waits (`execSync`, `Atomics.wait`), nor a stopped process. Rejects
 * with `Unanswered` where it is not to be had, or `over` is aborted.
 */
export async function answered<T>(answer: Promise<T>, { process: target, over, busyMs }: Patience): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Unanswered({ kind: 'cancelled' }));
    if (over?.aborted) onAbort();
    over?.addEventListener('abort', onAbort, { once: true });
    const since = Date.now();
    let stoppedSince: number | undefined;
    let idleSince = since;
    let ticks: number | undefined;
    const look = async (): Promise<void> => {
      const now = Date.now();
      const state = target && (await lookAt(target));
      stoppedSince = state?.isStopped ? (stoppedSince ?? now) : undefined;
      if (state?.ticks === undefined || state.ticks !== ticks) idleSince = state?.ticks === undefined ? idleSince : now;
      ticks = state?.ticks;
      const pid = target?.pid;
      if (stoppedSince !== undefined && now - stoppedSince >= STOPPED_MS) reject(new Unanswered({ kind: 'target-stopped', pid: pid ?? 0 }));
      else if (state?.ticks !== undefined && now - idleSince >= BLOCKED_MS) reject(new Unanswered({ kind: 'target-blocked', pid, ms: now - since }));
      else if (now - since >= busyMs) reject(new Unanswered({ kind: 'target-blocked', pid, ms: now - since }));
      else timer = setTimeout(() => void look(), LOOK_MS);
    };
    timer = setTimeout(() => void look(), LOOK_MS);
  });
  givenUp.catch(() => {}); // it may come when the answer is there
  answer.catch(() => {}); // nobody waits for it any more
  try {
    return await Promise.race([answer, givenUp]);
  } finally {
    clearTimeout(timer);
    timer = undefined;
    if (onAbort) over?.removeEventListener('abort', onAbort);
  }
}

interface State {
  readonly isStopped: boolean;
  /** Processor time of the first thread; undefined where it cannot be told. */
  readonly ticks: number | undefined;
}

async function lookAt(target: ProcessIdentity): Promise<State | undefined> {
  const row = await readProcess(target.pid);
  if (!row || !sameIdentity(row, target)) return undefined; // the connection breaks, which tells it
  return { isStopped: row.isStopped, ticks: process.platform === 'linux' ? mainThreadTicks(target.pid) : undefined };
}
