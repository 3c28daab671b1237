import type { InspectorSession } from '../inspector/inspector';
import type { FoundInspector } from '../inspector/inspector-address';
import { connectionsTo, ownPorts } from '../inspector/listening-ports';
import { aborted } from '../launch/record-launch';
import type { CaptureNote } from '../records/capture-issue';

/** In the target: whoever leaves last has to close an inspector that one of us has opened. */
const MARK = `Symbol.for('plateau.inspector')`;
/** It blocks until nobody is connected, so it has to run after we have left. */
const CLOSE = `delete globalThis[${MARK}], setTimeout((close) => close(), 100, require('node:inspector').close).unref(), undefined`;
/** How long a program may take to an answer, and to a turn of its loop, before it is left as it is. */
const PATIENCE_MS = 2000;
const CLOSING_MS = 3000;

/**
 * Leaves a program as it was: an inspector that was opened for a recording is closed, unless
 * somebody else is connected. If that is another recording, it closes it when it ends. Says what
 * stays. Closes the connection. Never rejects.
 */
export async function leaveInspector(inspector: InspectorSession, found: FoundInspector): Promise<readonly CaptureNote[]> {
  const port = Number(new URL(found.url).port);
  const pid = found.process?.pid;
  try {
    const leave = inspector.sendNode('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: false });
    // Chromium has no such domain; and a program that does not go on may do so, and then does what was sent.
    const answers = await patiently(
      leave.then(
        () => true,
        () => true,
      ),
    );
    if (!answers && found.openedByUs) void evaluate(inspector, CLOSE).catch(() => {});
    if (!answers) return found.openedByUs && pid !== undefined ? [{ kind: 'inspector-open', pid, port }] : [];
    const others = pid === undefined ? undefined : await connectionsTo(pid, port);
    const hasOthers = others !== undefined && others > 1; // one is ours
    const isOurs = found.openedByUs || (await patiently(evaluate(inspector, `globalThis[${MARK}] === true`))) === true;
    if (!isOurs) return [];
    if (hasOthers) {
      await patiently(evaluate(inspector, `Object.defineProperty(globalThis, ${MARK}, { value: true, configurable: true }), undefined`));
      return [{ kind: 'inspector-shared', port }];
    }
    await patiently(evaluate(inspector, CLOSE));
  } catch {
    // The connection is gone, and maybe the program.
  } finally {
    await inspector.close().catch(() => {});
  }
  return pid === undefined || (await isClosed(pid, port)) ? [] : [{ kind: 'inspector-open', pid, port }];
}

async function isClosed(pid: number, port: number): Promise<boolean> {
  for (const end = Date.now() + CLOSING_MS; Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    const ports = await ownPorts(pid);
    if (!ports?.includes(port)) return true;
  }
  return false;
}

async function evaluate(inspector: InspectorSession, expression: string): Promise<unknown> {
  const { result } = await inspector.send('Runtime.evaluate', { expression, returnByValue: true, includeCommandLineAPI: true });
  return result.value;
}

/** Undefined where there is no answer in time, or none. What was sent is done when the program goes on. */
const patiently = <T>(answer: Promise<T>): Promise<T | undefined> => Promise.race([answer.catch(() => undefined), aborted(AbortSignal.timeout(PATIENCE_MS))]);
