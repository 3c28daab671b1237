import { err, ok, type Result } from '../../shared/result';
import { channelInspector } from '../inspector/channel-inspector';
import { connectInspector, type InspectorSession } from '../inspector/inspector';
import type { FoundInspector } from '../inspector/inspector-address';
import { onEnd } from '../inspector/inspector-end';
import { aborted, CHECKPOINT_SECONDS, type Launcher } from '../launch/record-launch';
import { endLaunched } from '../processes/end-tree';
import type { Announcement } from '../records/announcement';
import type { CaptureIssue, ProcessExit } from '../records/capture-issue';
import { threadName } from '../records/thread-name';
import type { RecordingSession, SessionJob } from '../session/session';
import { announcedProcesses, givenName } from '../session/session-results';
import type { ConnectedProcess, ConnectedThread } from '../session/session-server';
import type { LaunchSpec } from '../session/spawn';
import { describeTarget } from './attach';
import { leaveInspector } from './leave-inspector';

/** One thread whose heap is of interest, with an inspector session that stays open. */
export interface HeapTarget {
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** For lists: the script of a process, the name or the file of a worker. */
  readonly name: string;
  readonly version: string;
  readonly argv: readonly string[];
  readonly inspector: InspectorSession;
  /** Settles when the thread is done and only waits for us; rejects when it dies at once. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
}

/** What was launched or attached to. */
export interface HeapTargets {
  /** How the launched command ended; undefined while it runs and for what was attached to. */
  readonly exit: () => ProcessExit | undefined;
  /** Settles when the launched command has ended, or `follow` is done with what was attached to. */
  readonly done: Promise<void>;
  /** Settles when `follow` is done with every process that is known. */
  followed(): Promise<void>;
  /** Ends what was launched; leaves what was attached to as it was. */
  close(): Promise<void>;
}

/** How long processes that outlive the launched command may go on before they are stopped. */
const STRAGGLERS_MS = 500;

/** Deals with one thread, which waits before its first line where it was launched. Rejects if it dies. */
export type Follow = (target: HeapTarget, run: () => Promise<void>) => Promise<void>;

/** How long a worker may say nothing that is about to end: its inspector answers through a main thread, which may be blocked. */
const SILENCE_MS = 3000;

/** Launches a command and hands each thread of its Node.js processes to `follow`. */
export async function launchTargets(
  session: RecordingSession,
  launcher: Launcher,
  spec: LaunchSpec,
  job: Partial<Pick<SessionJob, 'typescript' | 'loop'>>,
  follow: Follow,
): Promise<Result<HeapTargets, CaptureIssue>> {
  const { server, folder } = session;
  const running = new Set<Promise<void>>();
  let exit: ProcessExit | undefined;
  const processes: ConnectedProcess[] = [];
  server.onConnect = (process) => {
    processes.push(process);
    running.add(followProcess(process, folder, follow));
  };
  const whole: SessionJob = { ...job, isHeap: true, interval: 0, checkpoint: CHECKPOINT_SECONDS };
  const launched = await launcher.launch({ ...session.prepare(spec, whole, launcher.environment), session: folder });
  if (!launched.ok) {
    session.dispose();
    return launched;
  }
  const followed = async (): Promise<void> => void (await Promise.all(running));
  const done = launched.value.exit.then(async (how) => {
    exit = how;
    await Promise.race([followed(), aborted(AbortSignal.timeout(STRAGGLERS_MS))]);
  });
  return ok({
    exit: () => exit,
    done,
    followed,
    async close() {
      // One that has come to its end, and was let go a moment ago, ends as it likes.
      if (processes.some(({ main }) => main.hasEnded())) await Promise.race([launched.value.exit, aborted(AbortSignal.timeout(STRAGGLERS_MS))]);
      await endLaunched(launched.value, folder);
      session.dispose();
    },
  });
}

/** Follows the main thread and every worker that starts; the process ends when all have been followed. */
async function followProcess(process: ConnectedProcess, folder: string, follow: Follow): Promise<void> {
  const about = announcedProcesses(folder).find(({ key }) => key === process.key);
  if (!about) return process.tell({ kind: 'go' });
  const workers: Promise<void>[] = [];
  process.onThread = (thread) => void workers.push(followThread(process, thread, about, folder, follow).then(() => tellThread(process, thread, 'release')));
  await followThread(process, process.main, about, folder, follow);
  await Promise.all(workers);
  tellThread(process, process.main, 'release');
}

const tellThread = (process: ConnectedProcess, { threadId }: ConnectedThread, kind: 'go' | 'release'): void =>
  process.tell(threadId === 0 ? { kind } : { kind, threadId });

async function followThread(process: ConnectedProcess, thread: ConnectedThread, about: Announcement, folder: string, follow: Follow): Promise<void> {
  const { threadId } = thread;
  const go = async (): Promise<void> => tellThread(process, thread, 'go');
  let inspector: InspectorSession | undefined;
  try {
    inspector = channelInspector(await process.channel(threadId));
    const { ended, hasEnded } = threadId === 0 ? thread : tracked(endOfWorker(thread, inspector));
    if (threadId > 0) await answering(inspector, ended);
    const { pid, version, argv } = about;
    const name = threadName({ threadId, name: givenName(folder, process.key, threadId) ?? thread.name, argv });
    await follow({ pid, threadId, name, version, argv, inspector, ended, hasEnded }, go);
  } catch {
    // The connection broke: it died at once.
  } finally {
    void go(); // whatever became of the rest
    await inspector?.close().catch(() => {});
  }
}

/** A worker that runs out of memory is gone without a word. */
function endOfWorker({ ended }: ConnectedThread, { closed }: InspectorSession): Promise<void> {
  const end = Promise.race([ended, closed.then(() => Promise.reject(new Error('the target is gone')))]);
  end.catch(() => {}); // awaited later, or not at all
  return end;
}

/** Settles when a thread answers; rejects where it is to end, and does not. */
async function answering(inspector: InspectorSession, ended: Promise<void>): Promise<void> {
  const silent = ended.then(() => aborted(AbortSignal.timeout(SILENCE_MS))).then(() => Promise.reject(new Error('the thread is silent')));
  silent.catch(() => {}); // it has answered meanwhile
  await Promise.race([inspector.send('Runtime.getHeapUsage'), silent]);
}

/** Attaches to a program that runs already and hands it to `follow`. */
export async function attachTarget(found: FoundInspector, follow: Follow): Promise<Result<HeapTargets, CaptureIssue>> {
  let inspector: InspectorSession;
  try {
    inspector = await connectInspector(found.url);
  } catch (error) {
    return err({ kind: 'port-refused', address: found.url, message: error instanceof Error ? error.message : String(error) });
  }
  try {
    const ended = onEnd(inspector);
    const about = await describeTarget(inspector);
    await inspector.sendNode('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }).catch(() => {}); // Chromium has none
    const done = follow(
      { ...about, threadId: 0, name: threadName({ threadId: 0, name: undefined, argv: about.argv }), inspector, ...tracked(ended) },
      async () => {},
    ).catch(() => {}); // it died, which follow has seen
    return ok({
      exit: () => undefined,
      done,
      followed: () => done,
      async close() {
        await leaveInspector(inspector, found);
      },
    });
  } catch (error) {
    await inspector.close().catch(() => {});
    return err({ kind: 'inspector-failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function tracked(ended: Promise<void>): Pick<HeapTarget, 'ended' | 'hasEnded'> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  ended.then(over, over);
  return { ended, hasEnded: () => isOver };
}
