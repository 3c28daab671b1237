import { err, ok, type Result } from '../shared/result';
import { describeTarget } from './attach';
import type { CaptureIssue, ProcessExit } from './capture-issue';
import { channelInspector } from './channel-inspector';
import { connectInspector, type InspectorSession } from './inspector';
import type { FoundInspector } from './inspector-address';
import { onEnd } from './inspector-end';
import { leaveInspector } from './leave-inspector';
import { endLaunched } from './processes/end-tree';
import { aborted, CHECKPOINT_SECONDS, type Launcher } from './record-launch';
import type { RecordingSession, SessionJob } from './session';
import { announcedProcesses } from './session-results';
import type { ConnectedProcess } from './session-server';
import type { LaunchSpec } from './spawn';

/** One process whose heap is of interest, with an inspector session that stays open. */
export interface HeapTarget {
  readonly pid: number;
  readonly version: string;
  readonly argv: readonly string[];
  readonly inspector: InspectorSession;
  /** Settles when the program is done and only waits for us; rejects when it dies at once. */
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

/** Deals with one process, which waits before its first line where it was launched. Rejects if the process dies. */
export type Follow = (target: HeapTarget, run: () => Promise<void>) => Promise<void>;

/** Launches a command and hands each of its Node.js processes to `follow`. */
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
  const followOne = async (process: ConnectedProcess): Promise<void> => {
    const about = announcedProcesses(folder).find(({ key }) => key === process.key);
    if (!about) return process.tell({ kind: 'go' });
    let inspector: InspectorSession | undefined;
    try {
      inspector = channelInspector(await process.channel(0));
      const { pid, version, argv } = about;
      await follow({ pid, version, argv, inspector, ended: process.ended, hasEnded: process.hasEnded }, async () => process.tell({ kind: 'go' }));
    } catch {
      // The connection broke: the process died at once.
    } finally {
      process.tell({ kind: 'go' }); // whatever became of the rest
      await inspector?.close().catch(() => {});
      process.tell({ kind: 'release' });
    }
  };
  server.onConnect = (process) => void running.add(followOne(process));
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
      await endLaunched(launched.value, folder);
      session.dispose();
    },
  });
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
    const done = follow({ ...about, inspector, ...tracked(ended) }, async () => {}).catch(() => {}); // it died, which follow has seen
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
