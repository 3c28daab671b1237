import { err, ok, type Result } from '../../shared/result';
import { fittingJson } from '../../shared/schemas/read-json';
import { startProfiler, stopProfiler } from '../inspector/cpu-recorder';
import { connectInspector, type InspectorSession } from '../inspector/inspector';
import type { FoundInspector } from '../inspector/inspector-address';
import { onEnd } from '../inspector/inspector-end';
import { injectVitals, stopVitals, takeHeap, takeVitals, vitalsFrom } from '../inspector/measure';
import { aborted, type CaptureOptions } from '../launch/record-launch';
import { isRunning } from '../processes/identity';
import type { CaptureIssue, CaptureNote } from '../records/capture-issue';
import type { Capture, CapturedProfile, CapturedThread, Measured } from '../records/captured';
import { aboutSchema } from '../records/session-schemas';
import { answered, Unanswered } from './answered';
import { leaveInspector } from './leave-inspector';

/**
 * Profiles a program that runs already, until Stop, for `seconds`, or to its end,
 * and leaves it as it was, or says in the capture's notes what is not.
 */
export async function recordAttached(found: FoundInspector, options: CaptureOptions, targetFolder?: string): Promise<Result<Capture, CaptureIssue>> {
  const connected = await connectWithin(found, options);
  if (!connected.ok) return connected;
  const inspector = connected.value;
  const leave = (): Promise<readonly CaptureNote[]> => leaveInspector(inspector, found);
  try {
    return await recordConnected(inspector, found, options, targetFolder, leave);
  } catch (error) {
    if (await hasClosed(inspector)) return err(await lostContact(found));
    await leave();
    return err(issueOf(error));
  } finally {
    await inspector.close().catch(() => {});
  }
}

/** A program that does not go on answers nothing; who waits for it may give up. */
async function connectWithin(found: FoundInspector, options: CaptureOptions): Promise<Result<InspectorSession, CaptureIssue>> {
  const connecting = connectInspector(found.url);
  try {
    return ok(await answered(connecting, { process: found.process, over: options.cancel, busyMs: PATIENCE_MS }));
  } catch (error) {
    void connecting.then(
      (late) => late.close(),
      () => {},
    );
    if (error instanceof Unanswered) return err(issueOf(error));
    return err({ kind: 'port-refused', address: found.url, message: messageOf(error) });
  }
}

/** How long a program may compute without an answer, and how long it may take to hand over a profile. */
const PATIENCE_MS = 30_000;
const HANDOVER_MS = 600_000;

async function recordConnected(
  inspector: InspectorSession,
  found: FoundInspector,
  options: CaptureOptions,
  targetFolder: string | undefined,
  leave: () => Promise<readonly CaptureNote[]>,
): Promise<Result<Capture, CaptureIssue>> {
  const within = <T>(answer: Promise<T>, busyMs = PATIENCE_MS): Promise<T> => answered(answer, { process: found.process, over: options.cancel, busyMs });
  const ended = onEnd(inspector);
  const told = await within(describeTarget(inspector));
  // In a pid namespace within, the program knows itself by another number.
  const about = { ...told, pid: found.process?.pid ?? told.pid };
  await within(inspector.sendNode('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true })).catch(onlyChromium);
  try {
    await within(startProfiler(inspector, options.interval));
  } catch (error) {
    if (error instanceof Unanswered || (await hasClosed(inspector))) throw error;
    await leave();
    return err({ kind: 'already-profiled', message: messageOf(error) });
  }
  const measures = options.measure === true && targetFolder !== undefined && about.pid !== 0;
  if (measures) await within(injectVitals(inspector, targetFolder));
  options.onEvent?.({ kind: 'sampling', pid: about.pid });
  const timeUp = new AbortController();
  const timer = options.seconds === undefined ? undefined : setTimeout(() => timeUp.abort(), options.seconds * 1000);
  const crashed = await Promise.race([ended, aborted(options.stop), aborted(options.cancel), aborted(timeUp.signal)]).then(
    () => false,
    () => true,
  );
  clearTimeout(timer);
  if (crashed) return err(await lostContact(found));
  options.onEvent?.({ kind: 'stopping' });
  let capture: CapturedProfile | undefined;
  let measured: Measured | undefined;
  if (!options.cancel.aborted) {
    const answer = measures ? await takeVitals(inspector) : undefined;
    capture = await within(stopProfiler(inspector), HANDOVER_MS);
    if (measures) measured = { vitals: vitalsFrom(answer, undefined, told.pid), heap: await takeHeap(inspector) };
  }
  if (measures) await stopVitals(inspector, targetFolder);
  const notes = await leave();
  if (!capture || options.cancel.aborted) return err({ kind: 'cancelled' });
  const { profile, scripts } = capture;
  const thread: CapturedThread = {
    ...{ ...about, ppid: 0, threadId: 0, name: undefined, measured, isWhole: true },
    parts: [{ bytes: 0, read: async () => profile }],
    scripts: async () => scripts,
  };
  return ok({ session: undefined, threads: [thread], missed: [], left: [], exit: undefined, loop: undefined, notes, dispose() {} });
}

/** What fails with the connection may be told just before the end of it. */
const hasClosed = (inspector: InspectorSession): Promise<boolean> =>
  Promise.race([inspector.closed.then(() => true), aborted(AbortSignal.timeout(100)).then(() => false)]);

/** The connection broke: the program died, or somebody closed its inspector. */
async function lostContact({ process }: FoundInspector): Promise<CaptureIssue> {
  if (!process) return { kind: 'profile-lost', exit: undefined, isAttached: true };
  // What dies closes its connections first.
  for (const end = Date.now() + DYING_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (!(await isRunning(process))) return { kind: 'profile-lost', exit: undefined, isAttached: true };
  }
  return { kind: 'inspector-closed', pid: process.pid };
}

const DYING_MS = 500;

function onlyChromium(error: unknown): void {
  if (error instanceof Unanswered) throw error;
  // Chromium has no such domain.
}

const issueOf = (error: unknown): CaptureIssue => (error instanceof Unanswered ? error.issue : { kind: 'inspector-failed', message: messageOf(error) });

export async function describeTarget(inspector: InspectorSession): Promise<{ pid: number; version: string; argv: readonly string[] }> {
  const expression = 'typeof process === "object" ? JSON.stringify({ pid: process.pid, version: process.version, argv: process.argv }) : ""';
  const { result } = await inspector.send('Runtime.evaluate', { expression, returnByValue: true });
  const about = typeof result.value === 'string' ? fittingJson(result.value, aboutSchema) : undefined;
  return about ?? { pid: 0, version: '', argv: [] };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
