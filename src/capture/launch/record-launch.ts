import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../shared/result';
import { fitting } from '../../shared/schemas/read-json';
import type { Environment } from '../environment/child-environment';
import { endLaunched } from '../processes/end-tree';
import { watchTree } from '../processes/tree-watcher';
import type { CaptureIssue, ProcessExit } from '../records/capture-issue';
import { type Capture, isOtherRuntime } from '../records/captured';
import { readNotes } from '../records/notes';
import { notesSchema } from '../records/session-schemas';
import { watchNodes } from '../records/unreached';
import type { RecordingSession, SessionJob } from '../session/session';
import { announcedProcesses, beginningProcesses, readResults, type SessionResults } from '../session/session-results';
import type { SessionServer } from '../session/session-server';
import type { LaunchedProcess, LaunchSpec } from '../session/spawn';

/** How a recording is ended from outside: `stop` keeps what there is, `cancel` discards it. */
export interface RecordControl {
  readonly stop: AbortSignal;
  readonly cancel: AbortSignal;
}

export interface CaptureOptions extends RecordControl {
  /** Microseconds between samples. */
  readonly interval: number;
  /** Stop by itself after this time; undefined records until the target ends. */
  readonly seconds?: number | undefined;
  /** Seconds after which a part of the profile is written, so that a killed process loses no more; a minute unless said. */
  readonly checkpoint?: number | undefined;
  /** Whether daemons that the program leaves behind are ended; they go on unless said. */
  readonly daemons?: 'leave' | 'end' | undefined;
  /** Measure the program from inside as well: event loop, memory, what it waits for. */
  readonly measure?: boolean | undefined;
  readonly onEvent?: (event: CaptureEvent) => void;
}

export type CaptureEvent = { readonly kind: 'sampling'; readonly pid: number } | { readonly kind: 'warming-up' } | { readonly kind: 'stopping' };

/** Whatever can start a process with a terminal of its own. */
export interface Launcher {
  /** NODE_OPTIONS, PATH and BUN_OPTIONS of the environment in which the command will run. */
  readonly environment: Environment;
  launch(spec: LaunchSpec): Promise<Result<LaunchedProcess, CaptureIssue>>;
}

export const CHECKPOINT_SECONDS = 60;
/** How long processes that outlive the launched command may go on before they are stopped. */
const STRAGGLERS_MS = 500;
/** How long one that has just begun may take to be asked; on a busy machine that is more than a second. */
const BEGINNING_MS = 2000;

/**
 * Launches a command and has every thread of every Node.js process in it profile itself,
 * from its first line to its end, to Stop, or to `seconds`. Leaves no process behind but
 * daemons. What it gives is read from the session's folder until it is disposed of.
 */
export async function recordLaunch(
  session: RecordingSession,
  launcher: Launcher,
  spec: LaunchSpec,
  job: Partial<Pick<SessionJob, 'typescript' | 'loop'>>,
  options: CaptureOptions,
): Promise<Result<Capture, CaptureIssue>> {
  if (options.cancel.aborted) {
    session.dispose();
    return err({ kind: 'cancelled' });
  }
  const { server, folder } = session;
  const stopping = new AbortController();
  const nodes = watchNodes(folder);
  let program: LaunchedProcess | undefined;
  let watcher: ReturnType<typeof watchTree> | undefined;
  let isKept = false;
  const end = (): ReturnType<typeof endLaunched> | undefined => {
    const launched = program;
    program = undefined;
    return launched && endLaunched(launched, folder, { watcher, daemons: options.daemons ?? 'leave' });
  };
  try {
    if (job.loop) options.onEvent?.({ kind: 'warming-up' });
    server.onConnect = ({ key }) => options.onEvent?.({ kind: 'sampling', pid: Number.parseInt(key, 10) });
    const whole: SessionJob = { ...job, interval: options.interval, checkpoint: options.checkpoint ?? CHECKPOINT_SECONDS, measure: options.measure };
    const launched = await launcher.launch({ ...session.prepare(spec, whole, launcher.environment), session: folder });
    if (!launched.ok) return launched;
    program = launched.value;
    if (program.identity) watcher = watchTree(program.identity, nodes.look);
    const { exit } = launched.value;

    const timer = options.seconds === undefined ? undefined : setTimeout(() => stopping.abort(), options.seconds * 1000);
    options.stop.addEventListener('abort', () => stopping.abort(), { once: true });
    if (options.stop.aborted) stopping.abort();
    const ended = await Promise.race([exit, aborted(stopping.signal), aborted(options.cancel)]);
    clearTimeout(timer);
    if (options.cancel.aborted) return err({ kind: 'cancelled' });
    options.onEvent?.({ kind: 'stopping' });
    if (ended) await Promise.race([server.allGone(), delay(STRAGGLERS_MS, undefined, { ref: false })]); // the command line ends with it
    await withinReach(server, folder);
    for (const process of server.processes.values()) process.tell({ kind: 'stop' });
    await Promise.race([Promise.all([...server.processes.values()].map((one) => one.stopped)), aborted(options.cancel)]);
    if (options.cancel.aborted) return err({ kind: 'cancelled' });
    await watcher?.look();
    const left = (await end())?.left ?? [];
    const results = readResults(folder, options.measure === true);
    const problem = whyNothing(results, spec, ended ?? undefined);
    if (problem) return err(problem);
    isKept = true;
    const measured = results.loop.find((message) => message.kind === 'measured');
    return ok({
      session: folder,
      threads: results.threads,
      missed: [...results.missed, ...nodes.unreached([...announcedProcesses(folder), ...results.threads, ...results.missed])],
      left: left.map(({ pid, command }) => ({ pid, command })),
      exit: ended ?? undefined,
      notes: fitting(readNotes(session.transpiled), notesSchema) ?? [], // the program could have written them
      loop: measured?.kind === 'measured' ? measured : undefined,
      dispose: () => session.dispose(left.length > 0),
    });
  } finally {
    await end();
    if (!isKept) session.dispose();
  }
}

/** Waits for processes that have just begun and cannot be asked for their profiles yet: ended now, they would hand over nothing. */
async function withinReach(server: SessionServer, folder: string): Promise<void> {
  for (const end = performance.now() + BEGINNING_MS; performance.now() < end; await delay(20)) {
    if (beginningProcesses(folder).every((key) => server.processes.has(key))) return;
  }
}

/** Why there is no profile; undefined where there is one. */
function whyNothing({ threads, missed, loop }: SessionResults, spec: LaunchSpec, exit: ProcessExit | undefined): CaptureIssue | undefined {
  const failed = loop.find((message) => message.kind === 'failed');
  if (failed?.kind === 'failed') return { kind: 'loop-failed', reason: failed.reason, message: failed.message, exports: failed.exports ?? [] };
  if (threads.length > 0) return undefined;
  for (const kind of ['permission-model', 'policy'] as const) {
    const forbidden = missed.find(({ reason }) => reason === kind);
    if (forbidden) return { kind, argv: forbidden.argv, exit };
  }
  const unwritten = missed.find(({ reason }) => reason === 'unwritten');
  if (unwritten) return { kind: 'unkept', what: 'the profile', code: unwritten.detail ?? '', message: unwritten.detail ?? '', spare: os.tmpdir() };
  const failure = missed.find(({ reason }) => reason === 'failed');
  if (failure) return { kind: 'inspector-failed', message: failure.detail ?? '' };
  const other = missed.find(isOtherRuntime);
  if (other) return { kind: 'other-runtime', missed: other, exit };
  if (missed.length > 0) return { kind: 'profile-lost', exit };
  const command = [spec.command, ...spec.args].join(' ');
  return exit && isNode(spec.command) ? { kind: 'no-script', command, exit } : { kind: 'no-node-process', command, exit };
}

/** By its name: a preload would have announced a Node.js that comes to run anything. */
const isNode = (command: string): boolean => /^(?:.*[\\/])?node(?:js)?(?:\.exe)?$/i.test(command);

export function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
