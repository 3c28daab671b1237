import { err, ok, type Result } from '../shared/result';
import type { Announcement } from './announcement';
import { withCachedMaps } from './cached-maps';
import type { CaptureIssue, CaptureNote, ProcessExit } from './capture-issue';
import { type CapturedProfile, startProfiler, stopProfiler } from './cpu-recorder';
import { connectInspector, type InspectorSession } from './inspector';
import { type LoopBatch, type LoopMessage, loopBinding, loopContinue } from './loop';
import { type Measured, startMeasuring, takeHeap, takeVitals, vitalsFrom } from './measure';
import { endLaunched } from './processes/end-tree';
import type { RecordingSession } from './session';
import type { LaunchedProcess, LaunchSpec } from './spawn';

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
  /** Measure the program from inside as well: event loop, memory, what it waits for. */
  readonly measure?: boolean | undefined;
  readonly onEvent?: (event: CaptureEvent) => void;
}

export type CaptureEvent = { readonly kind: 'sampling'; readonly pid: number } | { readonly kind: 'warming-up' } | { readonly kind: 'stopping' };

/** One Node.js process of a recording, with its profile. */
export interface CapturedProcess {
  readonly pid: number;
  readonly version: string;
  readonly argv: readonly string[];
  readonly capture: CapturedProfile;
  /** Worker threads that it started; they have profiles of their own, which are not taken. Undefined where it is not known. */
  readonly workers: number | undefined;
  /** What it measured of itself, where that was asked for. */
  readonly measured?: Measured | undefined;
}

export interface Capture {
  readonly processes: readonly CapturedProcess[];
  /** Processes whose profile died with them (killed, aborted, out of memory). */
  readonly lost: readonly { readonly pid: number; readonly argv: readonly string[] }[];
  /** How the launched command ended; undefined where it was ended by Stop. */
  readonly exit: ProcessExit | undefined;
  readonly loop: { readonly batches: readonly LoopBatch[]; readonly isAsync: boolean } | undefined;
  /** What is not as it was before. */
  readonly notes?: readonly CaptureNote[];
}

/** Whatever can start a process with a terminal of its own. */
export interface Launcher {
  /** NODE_OPTIONS of the environment in which the command will run. */
  readonly nodeOptions: string | undefined;
  launch(spec: LaunchSpec): Promise<Result<LaunchedProcess, CaptureIssue>>;
}

/** How long processes that outlive the launched command may go on before they are stopped. */
const STRAGGLERS_MS = 500;

/**
 * Launches a command and profiles every Node.js process in it, from its first
 * line to its end, to Stop, or to `seconds`. Leaves no process behind.
 */
export async function recordLaunch(
  session: RecordingSession,
  launcher: Launcher,
  spec: LaunchSpec,
  mode: { readonly typescript: boolean; readonly loop: boolean },
  options: CaptureOptions,
): Promise<Result<Capture, CaptureIssue>> {
  if (options.cancel.aborted) return err({ kind: 'cancelled' });
  const processes: CapturedProcess[] = [];
  const lost: { pid: number; argv: readonly string[] }[] = [];
  const running = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  const issues: CaptureIssue[] = [];
  const measured = new Map<number, Measured>();
  let loop: Capture['loop'];

  const follow = async (announcement: Announcement): Promise<void> => {
    const { pid, argv, version } = announcement;
    if (announcement.kind === 'failed') {
      issues.push({ kind: 'inspector-failed', message: announcement.message });
      return;
    }
    const inspector = await connectInspector(announcement.url).catch(() => undefined);
    const capture = inspector && (await (mode.loop ? captureLoop(inspector) : captureToEnd(inspector, pid)));
    if (capture) processes.push({ pid, version, argv, capture, workers: session.workers(pid), measured: measured.get(pid) });
    else lost.push({ pid, argv });
    await inspector?.close().catch(() => {});
  };

  const captureToEnd = async (inspector: InspectorSession, pid: number): Promise<CapturedProfile | undefined> => {
    try {
      const ended = onEnd(inspector);
      await inspector.sendNode('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
      if (options.measure) await startMeasuring(inspector);
      await startProfiler(inspector, options.interval);
      options.onEvent?.({ kind: 'sampling', pid });
      await inspector.send('Runtime.runIfWaitingForDebugger');
      await Promise.race([ended, aborted(stopping.signal)]);
      const answer = options.measure ? await takeVitals(inspector) : undefined;
      const profile = withCachedMaps(await stopProfiler(inspector), session.transpiled);
      if (options.measure) measured.set(pid, { vitals: vitalsFrom(answer, session.folder, pid), heap: await takeHeap(inspector) });
      return profile;
    } catch {
      return undefined; // the connection broke: the process died at once, and its profile with it
    }
  };

  const captureLoop = async (inspector: InspectorSession): Promise<CapturedProfile | undefined> => {
    try {
      const messages = loopMessages(inspector);
      const goOn = () => inspector.send('Runtime.evaluate', { expression: `globalThis.${loopContinue}()` });
      await inspector.send('Runtime.enable');
      await inspector.send('Runtime.addBinding', { name: loopBinding });
      options.onEvent?.({ kind: 'warming-up' });
      await inspector.send('Runtime.runIfWaitingForDebugger');
      const stop = aborted(stopping.signal);
      const first = await Promise.race([messages.next(), stop, inspector.closed]);
      if (first?.kind === 'failed') {
        issues.push({ kind: 'loop-failed', reason: first.reason, message: first.message, exports: first.exports ?? [] });
        await goOn();
        return undefined;
      }
      if (!first) return undefined;
      await startProfiler(inspector, options.interval);
      options.onEvent?.({ kind: 'sampling', pid: 0 });
      await goOn();
      const second = await Promise.race([messages.next(), stop, inspector.closed]);
      if (second?.kind === 'failed') issues.push({ kind: 'loop-failed', reason: second.reason, message: second.message, exports: [] });
      if (second?.kind === 'measured') loop = second;
      const capture = await stopProfiler(inspector);
      if (second) await goOn();
      return capture;
    } catch {
      return undefined; // as above
    }
  };

  let program: LaunchedProcess | undefined;
  const endAll = async (): Promise<void> => {
    if (program) await endLaunched(program, session.folder);
  };
  try {
    session.watch((announcement) => running.set(announcement.pid, follow(announcement)));
    const env = { ...spec.env, ...session.environment(spec.env.NODE_OPTIONS ?? launcher.nodeOptions, mode.typescript, options.measure) };
    const launched = await launcher.launch({ ...spec, env });
    if (!launched.ok) return launched;
    program = launched.value;
    const { exit } = launched.value;

    const timer = options.seconds === undefined ? undefined : setTimeout(() => stopping.abort(), options.seconds * 1000);
    options.stop.addEventListener('abort', () => stopping.abort(), { once: true });
    if (options.stop.aborted) stopping.abort();
    const ended = await Promise.race([exit, aborted(stopping.signal), aborted(options.cancel)]);
    clearTimeout(timer);
    if (options.cancel.aborted) return err({ kind: 'cancelled' });
    options.onEvent?.({ kind: 'stopping' });
    session.poll();
    if (ended) await Promise.race([Promise.all(running.values()), delay(STRAGGLERS_MS)]);
    stopping.abort();
    await Promise.race([Promise.all(running.values()), aborted(options.cancel)]);
    if (options.cancel.aborted) return err({ kind: 'cancelled' });
    if (processes.length === 0) return err(issues[0] ?? nothingCaptured(spec, running.size > 0, ended ?? undefined));
    const failedLoop = issues.find((issue) => issue.kind === 'loop-failed');
    if (failedLoop) return err(failedLoop);
    return ok({ processes, lost, exit: ended ?? undefined, loop });
  } finally {
    await endAll();
    session.dispose();
  }
}

function nothingCaptured(spec: LaunchSpec, sawProcess: boolean, exit: ProcessExit | undefined): CaptureIssue {
  if (sawProcess) return { kind: 'profile-lost', exit };
  const command = [spec.command, ...spec.args].join(' ');
  return exit && isNode(spec.command) ? { kind: 'no-script', command, exit } : { kind: 'no-node-process', command, exit };
}

/** By its name: a preload would have announced a Node.js that comes to run anything. */
const isNode = (command: string): boolean => /^(?:.*[\\/])?node(?:js)?(?:\.exe)?$/i.test(command);

/** Settles when the program has ended and only waits for its debuggers to leave; rejects if it dies at once. */
export function onEnd(inspector: InspectorSession): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    inspector.on('NodeRuntime.waitingForDisconnect', () => resolve());
    void inspector.closed.then(() => reject(new Error('the target is gone')));
  });
  ended.catch(() => {}); // awaited later, or not at all after Stop
  return ended;
}

function loopMessages(inspector: InspectorSession): { next(): Promise<LoopMessage> } {
  const queue: LoopMessage[] = [];
  let waiting: ((message: LoopMessage) => void) | undefined;
  inspector.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name !== loopBinding) return;
    const message = JSON.parse(payload) as LoopMessage;
    if (waiting) {
      waiting(message);
      waiting = undefined;
    } else queue.push(message);
  });
  return {
    next: () =>
      new Promise((resolve) => {
        const message = queue.shift();
        if (message) resolve(message);
        else waiting = resolve;
      }),
  };
}

export function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
