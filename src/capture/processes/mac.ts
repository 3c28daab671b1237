import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessRow } from './process-row';

const run = promisify(execFile);

const COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=,command=';
/** The words of a date, and the clock of it, are the same wherever we ask. */
const OPTIONS = { maxBuffer: 64 << 20, timeout: 10_000, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };

/** All processes. Rejects where `ps` fails. */
export async function listMac(): Promise<ProcessRow[]> {
  const { stdout } = await run('ps', ['-axww', '-o', COLUMNS], OPTIONS);
  return parsePs(stdout);
}

/** One process; undefined where there is none of that number. */
export async function readMac(pid: number): Promise<ProcessRow | undefined> {
  try {
    const { stdout } = await run('ps', ['-ww', '-o', COLUMNS, '-p', String(pid)], OPTIONS);
    return parsePs(stdout)[0];
  } catch {
    return undefined; // ps fails where it finds none
  }
}

/**
 * `ps -o pid=,ppid=,pgid=,stat=,lstart=,command=`: three numbers, the state (Z zombie,
 * T stopped), the start as `Sat Nov 28 14:20:33 2026` in UTC, then the command line.
 */
export function parsePs(stdout: string): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const line of stdout.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})(?:\s+(.*))?$/.exec(line);
    if (!match) continue;
    const [, pid, ppid, group, state = '', start = '', command = ''] = match;
    const started = start.replace(/\s+/g, ' ');
    rows.push({
      pid: Number(pid),
      started,
      ppid: Number(ppid),
      order: Date.parse(`${started} UTC`),
      group: Number(group),
      isZombie: state.startsWith('Z'),
      isStopped: state.startsWith('T'),
      command: command.trim(),
    });
  }
  return rows;
}

/** The name of the user that a process runs as; undefined where there is no such process. */
export async function userOfMac(pid: number): Promise<string | undefined> {
  const { stdout } = await run('ps', ['-o', 'user=', '-p', String(pid)], OPTIONS).catch(() => ({ stdout: '' }));
  return stdout.trim() || undefined;
}

/** The command lines of all processes with their environments behind them, as far as the system shows them. Rejects where `ps` fails. */
export async function environmentsOfMac(): Promise<string> {
  const { stdout } = await run('ps', ['-axwwE', '-o', 'command='], OPTIONS);
  return stdout;
}
