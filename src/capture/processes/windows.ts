import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { pid } from '../../shared/schemas/base';
import { fitting, fittingJson } from '../../shared/schemas/read-json';
import type { ProcessIdentity, ProcessRow } from './process-row';

const run = promisify(execFile);
const OPTIONS = { maxBuffer: 64 << 20, timeout: 20_000, windowsHide: true };

/** Runs a line of PowerShell. Rejects where that fails. */
export async function powershell(script: string): Promise<string> {
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], OPTIONS);
  return stdout.replace(/^\ufeff/, '');
}

const SELECT =
  "Select-Object ProcessId,ParentProcessId,CommandLine,Name,@{n='Started';e={if ($_.CreationDate) {$_.CreationDate.ToUniversalTime().ToString('o')}}} | ConvertTo-Json -Compress";

/** All processes. Rejects where PowerShell fails. */
export async function listWindows(): Promise<ProcessRow[]> {
  return parseWindowsProcesses(await powershell(`Get-CimInstance Win32_Process | ${SELECT}`));
}

/** One process; undefined where there is none of that number. */
export async function readWindows(pid: number): Promise<ProcessRow | undefined> {
  const stdout = await powershell(`Get-CimInstance Win32_Process -Filter "ProcessId=${pid}" | ${SELECT}`).catch(() => '');
  return parseWindowsProcesses(stdout)[0];
}

/** `Started` is null for what the system itself is made of. */
const rowSchema = v.object({
  ProcessId: pid,
  ParentProcessId: pid,
  CommandLine: v.fallback(v.nullable(v.string()), null),
  Name: v.fallback(v.nullable(v.string()), null),
  Started: v.fallback(v.nullable(v.string()), null),
});

/** `ConvertTo-Json` of Win32_Process: an array, or one object where there is one process. Rows that do not fit are left out. */
export function parseWindowsProcesses(stdout: string): ProcessRow[] {
  const text = stdout.trim();
  const rows = text === '' ? [] : fittingJson(text, v.union([v.array(v.unknown()), v.looseObject({})]));
  const list = Array.isArray(rows) ? rows : [rows];
  return list.flatMap((one) => {
    const row = fitting(one, rowSchema);
    if (!row) return [];
    return {
      pid: row.ProcessId,
      started: row.Started ?? '',
      ppid: row.ParentProcessId,
      order: row.Started ? Date.parse(row.Started) || 0 : 0,
      group: undefined,
      isZombie: false,
      isStopped: false,
      command: row.CommandLine ?? row.Name ?? '',
    };
  });
}

/**
 * The calls of `taskkill` that end processes, given parents first: children first, without /T,
 * which would end whatever has the number of a parent now; 50 a call, for the length of a line.
 */
export function taskkillCalls(processes: readonly ProcessIdentity[]): string[][] {
  const pids = processes.map(({ pid }) => String(pid)).reverse();
  const calls: string[][] = [];
  for (let i = 0; i < pids.length; i += 50) calls.push(['/F', ...pids.slice(i, i + 50).flatMap((pid) => ['/PID', pid])]);
  return calls;
}

/** Ends processes that have just been identified, given parents first. */
export async function taskkill(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const args of taskkillCalls(processes)) await run('taskkill', args, OPTIONS).catch(() => {}); // some have ended by themselves
}

/** The user that a process runs as, as `DOMAIN\name`; undefined where it is not told. */
export async function userOfWindows(pid: number): Promise<string | undefined> {
  const script = `$o = Get-CimInstance Win32_Process -Filter "ProcessId=${pid}" | Invoke-CimMethod -MethodName GetOwner; if ($o.User) { "$($o.Domain)\\$($o.User)" }`;
  return (await powershell(script).catch(() => '')).trim() || undefined;
}
