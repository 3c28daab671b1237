import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
}

/** All processes of this machine that may be seen. */
export async function listProcesses(platform: NodeJS.Platform = process.platform): Promise<ProcessRow[]> {
  if (platform === 'linux') return listFromProc();
  const options = { maxBuffer: 64 << 20, windowsHide: true };
  if (platform === 'win32') {
    const script = 'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine,Name | ConvertTo-Json -Compress';
    const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], options);
    return parseWindowsProcesses(stdout);
  }
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,ppid=,command='], options);
  return parsePs(stdout);
}

/** `ps -o pid=,ppid=,command=`: two numbers, then the command line as it is. */
export function parsePs(stdout: string): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const line of stdout.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    if (match) rows.push({ pid: Number(match[1]), ppid: Number(match[2]), command: (match[3] as string).trim() });
  }
  return rows;
}

/** `ConvertTo-Json` of Win32_Process: an array, or one object where there is one process. */
export function parseWindowsProcesses(stdout: string): ProcessRow[] {
  const parsed: unknown = JSON.parse(stdout.replace(/^\ufeff/, '') || '[]');
  const list = (Array.isArray(parsed) ? parsed : [parsed]) as { ProcessId: number; ParentProcessId: number; CommandLine: string | null; Name: string | null }[];
  return list.map((row) => ({ pid: row.ProcessId, ppid: row.ParentProcessId, command: row.CommandLine ?? row.Name ?? '' }));
}

function listFromProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
      const command = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replace(/\0+$/, '').replace(/\0/g, ' ');
      rows.push({ pid: Number(name), ppid: parentFromStat(stat), command });
    } catch {
      // It ended while we looked.
    }
  }
  return rows;
}

/** `pid (comm) state ppid …`; comm may itself hold spaces and parentheses. */
export function parentFromStat(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** `roots` and everything below them, parents first. */
export function descendants(rows: readonly ProcessRow[], roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const { pid, ppid } of rows) children.set(ppid, [...(children.get(ppid) ?? []), pid]);
  const found = new Set<number>(roots);
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return [...found];
}

/**
 * Ends processes with all their descendants: asks first (SIGTERM), insists after
 * `graceMs`. On Linux, processes that left the tree but carry `session` in their
 * environment are found too. Resolves when none is left.
 */
export async function killTree(roots: readonly number[], session?: string, graceMs = 1500): Promise<void> {
  if (process.platform === 'win32') {
    for (const pid of roots) await run('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true }).catch(() => {});
    return;
  }
  const rows = await listProcesses().catch((): ProcessRow[] => []);
  const marked = session === undefined ? [] : rows.filter((row) => carriesSession(row.pid, session)).map((row) => row.pid);
  const pids = descendants(rows, [...roots, ...marked]).filter((pid) => pid !== process.pid && pid > 1);
  for (const pid of pids) signal(pid, 'SIGTERM');
  const end = Date.now() + graceMs;
  while (pids.some(isAlive) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 25));
  for (const pid of pids) if (isAlive(pid)) signal(pid, 'SIGKILL');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    // A zombie answers signals but runs no more.
    return !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

function carriesSession(pid: number, session: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`PLATEAU_SESSION=${session}`);
  } catch {
    return false; // another user's
  }
}
