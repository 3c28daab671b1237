/**
 * How somebody who exercises a program by hand says that it is done. Enter is the program's
 * own where it reads the terminal; so a hunt that waits has a file, and whoever removes it
 * (`plateau heap hunt --next PID`) lets the hunt go on.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { HeapTarget } from '../../capture/attach/heap-targets';
import { aborted } from '../../capture/launch/record-launch';

const LOOK_MS = 200;

const turnFile = (pid: number): string => path.join(os.tmpdir(), `plateau-turn-${pid}`);

/** Settles when somebody has said so, or `over`. */
export async function awaitTurn(over: AbortSignal): Promise<void> {
  const file = turnFile(process.pid);
  try {
    fs.rmSync(file, { force: true });
    fs.writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch {
    return aborted(over); // no such folder: there is Enter
  }
  const ended = aborted(over);
  try {
    while (!over.aborted && fs.existsSync(file)) await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK_MS)), ended]);
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Lets a waiting hunt go on; false where none waits in that process. */
export function takeTurn(pid: number): boolean {
  try {
    fs.unlinkSync(turnFile(pid));
    return true;
  } catch {
    return false;
  }
}

/** Whether a program reads its standard input now: what is typed there is its own. */
export async function readsInput(targets: Iterable<HeapTarget>): Promise<boolean> {
  // Reading holds a handle of number 0; `process.stdin` itself would open one.
  const expression = `typeof process === 'object' && typeof process._getActiveHandles === 'function' && process._getActiveHandles().some((handle) => handle && handle.fd === 0)`;
  for (const { threadId, inspector } of targets) {
    if (threadId > 0) continue;
    const asked = inspector.send('Runtime.evaluate', { expression, returnByValue: true, silent: true }).catch(() => undefined);
    const answer = await Promise.race([asked, aborted(AbortSignal.timeout(1000))]);
    if (answer?.result.value === true) return true;
  }
  return false;
}
