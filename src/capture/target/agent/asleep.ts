import fs from 'node:fs';

/**
 * Whether the main thread has slept without waking since the last call, which only Linux
 * tells: false where that is not known. One that sleeps in Node.js's loop or in JavaScript
 * is woken by its inspector; one that does not wake is blocked by the system, as in
 * `readSync` of a terminal.
 */
export function sleepWatch(): () => boolean {
  let before: string | undefined;
  return () => {
    const now = switchesOfSleeper();
    const isSame = now !== undefined && now === before;
    before = now;
    return isSame;
  };
}

/** How often the main thread has gone to sleep; undefined where it is awake. */
function switchesOfSleeper(): string | undefined {
  try {
    const status = fs.readFileSync(`/proc/self/task/${process.pid}/status`, 'utf8');
    return /^State:\s*S/m.test(status) ? /^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the system ends the process without a signal once it has computed for so long (`ulimit -t`). */
export function hasTimeLimit(): boolean {
  try {
    return /^Max cpu time\s+\d/m.test(fs.readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return false;
  }
}
