import { carriesSession } from './carries-session';
import { descendants, orphansOf, selfAndAncestors } from './descent';
import { listProcesses, readProcess } from './identity';
import { readLinux } from './linux';
import { keyOf, type ProcessIdentity, type ProcessRow, sameIdentity } from './process-row';
import { type Sorted, sortMembers } from './sort-members';
import type { TreeWatcher } from './tree-watcher';
import { taskkill } from './windows';

export interface EndOptions {
  /** How long a process may take to end by itself after SIGTERM; 1500 ms unless said. */
  readonly graceMs?: number;
  /** What was seen while the program ran. */
  readonly watcher?: TreeWatcher | undefined;
  /** Whether daemons that the program has left behind go on; they do unless said. */
  readonly daemons?: 'leave' | 'end';
  /** Windows: when the launched process ended (Date), where it has. */
  readonly exitedAt?: number | undefined;
}

export interface EndedTree {
  /** Daemons that go on, with their command lines. */
  readonly left: readonly ProcessRow[];
  /** What could not be ended: another user's, or stuck in the system. */
  readonly remaining: readonly ProcessRow[];
}

const GRACE_MS = 1500;
/** How long the system may take to clear away what was killed. */
const CLEARING_MS = 2000;

/**
 * Ends a launched process and what descends from it now, or was seen to, or carries the session's
 * folder in its environment (Linux): asks first (SIGTERM), insists after `graceMs`. Each number is
 * compared with its process before each signal; this process and those above it are never
 * signalled. Resolves when none is left, or nothing more can be done. Never rejects.
 */
export async function endTree(launch: ProcessIdentity | undefined, session: string | undefined, options: EndOptions = {}): Promise<EndedTree> {
  options.watcher?.stop();
  const doomed = new Map<string, ProcessIdentity>(launch ? [[keyOf(launch), launch]] : []);
  const asked = new Set<string>();
  const refused = new Set<string>();
  const insistAt = Date.now() + (options.graceMs ?? GRACE_MS);
  for (;;) {
    const before = performance.now();
    const sorted = await sortNow([...doomed.values()], session, options);
    const ending = options.daemons === 'end' ? [...sorted.ours, ...sorted.daemons] : sorted.ours;
    for (const row of ending) doomed.set(keyOf(row), row);
    const insists = Date.now() >= insistAt;
    if (ending.every((row) => refused.has(keyOf(row))) || Date.now() >= insistAt + CLEARING_MS) {
      return { left: options.daemons === 'end' ? [] : await withCommands(sorted.daemons), remaining: await withCommands(ending) };
    }
    if (process.platform === 'win32') await endOnWindows(ending);
    else {
      for (const row of ending) {
        if (!insists && asked.has(keyOf(row))) continue;
        asked.add(keyOf(row));
        if (!signal(row, insists ? 'SIGKILL' : 'SIGTERM')) refused.add(keyOf(row));
        // What is stopped takes note of nothing but this.
        else if (row.isStopped) signal(row, 'SIGCONT');
      }
    }
    await delay(Math.max(25, performance.now() - before));
  }
}

/**
 * Sends a launched process the interrupt that a terminal would: to it and to what descends from it in the same
 * process group. Not on Windows.
 */
export async function interruptTree(launch: ProcessIdentity): Promise<void> {
  const rows = await listProcesses({ commands: false }).catch((): ProcessRow[] => []);
  const root = rows.find((row) => sameIdentity(row, launch));
  for (const row of descendants(rows, [launch])) if (!row.isZombie && row.group === root?.group) signal(row, 'SIGINT');
}

/** Sends a signal to one process, if it is still the one that is meant. */
export const signalProcess = (identity: ProcessIdentity, name: NodeJS.Signals): void => void signal(identity, name);

async function sortNow(roots: readonly ProcessIdentity[], session: string | undefined, { watcher, exitedAt }: EndOptions): Promise<Sorted> {
  const rows = await listProcesses({ commands: false }).catch((): ProcessRow[] => []);
  const known: ProcessIdentity[] = [...(watcher?.seen() ?? [])];
  if (session !== undefined) known.push(...rows.filter((row) => row.pid > 1 && carriesSession(row.pid, session)));
  const [launch] = roots;
  if (process.platform === 'win32' && launch && exitedAt !== undefined) known.push(...orphansOf(rows, launch, Date.parse(launch.started), exitedAt));
  const groups = new Set(watcher?.groups());
  // What we launch is in our own group, unless it leaves it.
  for (const row of rows) if (row.group !== undefined && (row.pid === process.pid || roots.some((root) => sameIdentity(root, row)))) groups.add(row.group);
  return sortMembers(rows, { roots, known, groups, never: selfAndAncestors(rows, process.pid, process.ppid) });
}

/** Whether a process could be signalled, or has ended by itself. */
function signal(row: ProcessIdentity, name: NodeJS.Signals): boolean {
  // Elsewhere the listing was made a moment ago, in one call.
  if (process.platform === 'linux') {
    const now = readLinux(row.pid);
    if (!now || !sameIdentity(now, row)) return true;
  }
  try {
    process.kill(row.pid, name);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return true;
}

/** There is no asking on Windows; what is listed is compared once more. */
async function endOnWindows(rows: readonly ProcessRow[]): Promise<void> {
  const running = new Set((await listProcesses().catch((): ProcessRow[] => [])).map(keyOf));
  await taskkill(rows.filter((row) => running.has(keyOf(row))));
}

async function withCommands(rows: readonly ProcessRow[]): Promise<ProcessRow[]> {
  const read = await Promise.all(rows.map((row) => readProcess(row.pid)));
  return read.filter((now): now is ProcessRow => now !== undefined && rows.some((row) => sameIdentity(row, now)));
}

/** A process that was launched here or by the runner. */
export interface LaunchedRoot {
  /** Undefined where it cannot be told, or it had ended already. */
  readonly identity: ProcessIdentity | undefined;
  /** Settles when it has ended. */
  readonly exit: Promise<unknown>;
  /** Signals it by its handle, which no other process can have; where it is a child of this one. */
  signal?(name: NodeJS.Signals): void;
}

/** As `endTree`; a launched process that cannot be identified is signalled by its handle. */
export async function endLaunched(launched: LaunchedRoot, session: string | undefined, options: EndOptions = {}): Promise<EndedTree> {
  if (launched.identity === undefined && launched.signal) {
    for (const [name, limit] of [
      ['SIGTERM', options.graceMs ?? GRACE_MS],
      ['SIGKILL', CLEARING_MS],
    ] as const) {
      launched.signal(name);
      await Promise.race([launched.exit, delay(limit)]);
    }
  }
  return endTree(launched.identity, session, options);
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
