import { listLinux, readLinux } from './linux';
import { listMac, readMac } from './mac';
import { type ProcessIdentity, type ProcessRow, sameIdentity } from './process-row';
import { listWindows, readWindows } from './windows';

/**
 * All processes of this machine that may be seen. Rejects where the system's tool fails.
 * Empty on Linux where /proc shows another pid namespace.
 */
export async function listProcesses({ commands = true }: { readonly commands?: boolean } = {}): Promise<ProcessRow[]> {
  if (process.platform === 'linux') return listLinux(commands);
  return process.platform === 'win32' ? listWindows() : listMac();
}

/** One process; undefined where there is none of that number. On Linux it is read before the call returns. */
export async function readProcess(pid: number): Promise<ProcessRow | undefined> {
  if (!Number.isSafeInteger(pid) || pid < 1) return undefined;
  if (process.platform === 'linux') return readLinux(pid, true);
  return process.platform === 'win32' ? readWindows(pid) : readMac(pid);
}

/** Who has a number now; undefined where nobody has, or it cannot be told. On Linux it is read before the call returns. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const row = await readProcess(pid);
  return row && row.started !== '' ? { pid: row.pid, started: row.started } : undefined;
}

/** Whether a number is still that process's, be it a zombie. */
export async function isSame(identity: ProcessIdentity): Promise<boolean> {
  const row = await readProcess(identity.pid);
  return row !== undefined && sameIdentity(row, identity);
}

/** Whether that very process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const row = await readProcess(identity.pid);
  return row !== undefined && sameIdentity(row, identity) && !row.isZombie;
}

/** Whether a number is in use by a process that runs; whose it is, it does not say. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  const row = readLinux(pid);
  return row === undefined || !row.isZombie;
}
