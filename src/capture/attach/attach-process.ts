import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { err, ok, type Result } from '../../shared/result';
import { type FoundInspector, listTargets } from '../inspector/inspector-address';
import { isFree, type Listener, ownerOfPort, ownListeners } from '../inspector/listening-ports';
import { isAlive, isRunning, listProcesses, readProcess } from '../processes/identity';
import { catchesSignal, userOfLinux } from '../processes/linux';
import { userOfMac } from '../processes/mac';
import { isNodeCommand } from '../processes/node-command';
import type { ProcessRow } from '../processes/process-row';
import { userOfWindows } from '../processes/windows';
import type { CaptureIssue } from '../records/capture-issue';

export interface NodeProcess {
  readonly pid: number;
  readonly command: string;
}

/** Node.js processes that a user may mean, newest first; this one and its parents are left out. */
export async function listNodeProcesses(own: readonly number[]): Promise<NodeProcess[]> {
  const rows = await listProcesses();
  return rows
    .filter((row) => !own.includes(row.pid) && !row.isZombie && isNode(row))
    .map(({ pid, command }) => ({ pid, command }))
    .sort((a, b) => b.pid - a.pid);
}

/** Whether a program file is Node.js by its name: `node`, `nodejs`, `node-v20.1`; not `node_exporter`. */
export const isNodeFile = (file: string): boolean => /^node(?:js)?(?:-?v?\d[\d.]*)?(?: \(deleted\))?$/.test(path.basename(file));

/** A process may call itself what it likes; on Linux the program file tells. */
function isNode({ pid, command }: ProcessRow): boolean {
  if (process.platform !== 'linux') return isNodeCommand(command);
  try {
    return isNodeFile(fs.readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return false;
  }
}

const PATIENCE_MS = 3000;

/**
 * Finds the inspector of a process, opening it (SIGUSR1; `process._debugProcess` on Windows) where
 * it is closed. Connects to no port that is not the process's own. `over` ends the search.
 */
export async function inspectorOfProcess(pid: number, over?: AbortSignal): Promise<Result<FoundInspector, CaptureIssue>> {
  const checked = await mayAttach(pid);
  if (!checked.ok) return checked;
  const { row, port, host } = checked.value;
  const before = await ownListeners(pid);
  if (!before) return err({ kind: 'ports-unknown', pid });
  const open = await inspectorAmong(before, port);
  if (open) return ok({ url: open, openedByUs: false, process: row });
  const refusal = await cannotOpen(row, port, host);
  if (refusal) return err(refusal);
  try {
    if (process.platform === 'win32') (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
    else process.kill(pid, 'SIGUSR1');
  } catch (error) {
    const user = process.platform === 'win32' ? await foreignUser(pid) : undefined;
    return err(user ? { kind: 'foreign-process', pid, user } : { kind: 'signal-refused', pid, message: messageOf(error) });
  }
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 75));
    if (over?.aborted) return err({ kind: 'cancelled' });
    if (!(await isRunning(row))) return err({ kind: 'no-such-process', pid });
    const fresh = ((await ownListeners(pid)) ?? []).filter((one) => !before.some(({ address, port: known }) => address === one.address && known === one.port));
    const url = await inspectorAmong(fresh, port);
    if (url) return ok({ url, openedByUs: true, process: row });
  }
  return err(await whySilent(row, port, host));
}

/** Where the options of a process put its inspector. */
export interface InspectorPlace {
  readonly host: string;
  readonly port: number;
}

/** Whether a process is one that can be attached to, and the place on which its inspector would be. */
async function mayAttach(pid: number): Promise<Result<{ readonly row: ProcessRow } & InspectorPlace, CaptureIssue>> {
  if (!isAlive(pid)) return err({ kind: 'no-such-process', pid });
  const row = await readProcess(pid);
  const user = process.platform === 'win32' ? undefined : await foreignUser(pid);
  if (user !== undefined || !row) return err({ kind: 'foreign-process', pid, user });
  // The signal's default action ends any other program, so be sure.
  if (!isNode(row)) return err({ kind: 'not-node', pid, command: row.command });
  if (row.isStopped) return err({ kind: 'target-stopped', pid });
  if (isElsewhere(pid)) return err({ kind: 'in-container', pid });
  return ok({ row, ...inspectorPlace(row) });
}

/** Why the signal would open nothing, or do harm. */
async function cannotOpen(row: ProcessRow, port: number, host: string): Promise<CaptureIssue | undefined> {
  if (process.platform === 'linux' && !(await comesToCatch(row.pid))) return { kind: 'no-signal-handler', pid: row.pid };
  return portTaken(row, port, host);
}

/** SIGUSR1, which ends a program that does not catch it. One that has only just started comes to it. */
async function comesToCatch(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (catchesSignal(pid, os.constants.signals.SIGUSR1)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** The same port of another address may be anybody's, and is in nobody's way. */
async function portTaken({ pid }: ProcessRow, port: number, host: string): Promise<CaptureIssue | undefined> {
  if (port === 0) return undefined;
  const { taken, pid: owner } = await ownerOfPort(port, host);
  if (!taken || owner === pid || (await isFree(port, host))) return undefined;
  const command = owner === undefined ? undefined : (await readProcess(owner))?.command;
  return { kind: 'inspector-port-taken', pid, port, owner, command };
}

async function whySilent(row: ProcessRow, port: number, host: string): Promise<CaptureIssue> {
  const now = await readProcess(row.pid);
  if (now?.isStopped) return { kind: 'target-stopped', pid: row.pid };
  return (await portTaken(row, port, host)) ?? { kind: 'inspector-silent', pid: row.pid };
}

/** The inspector at one of the ports, all of which are the process's own; where it is expected first. */
async function inspectorAmong(listeners: readonly Listener[], expected: number): Promise<string | undefined> {
  const at = async (some: readonly Listener[]): Promise<string | undefined> => (await Promise.all(some.map(inspectorAt))).find((url) => url !== undefined);
  return (await at(listeners.filter(({ port }) => port === expected))) ?? at(listeners.filter(({ port }) => port !== expected));
}

/** At the address of the process alone: the same port of another one may be another user's, who would be taken for it. */
async function inspectorAt({ address, port }: Listener): Promise<string | undefined> {
  for (const host of hostsOf(address)) {
    const listed = await listTargets(host, port);
    // What it proxies is not its own.
    const url = listed.ok ? listed.value.find((one) => URL.canParse(one) && Number(new URL(one).port) === port && new URL(one).hostname === host) : undefined;
    if (url) return url;
  }
  return undefined;
}

/** Where an address of a listener is reached on this machine. */
export function hostsOf(address: string): readonly string[] {
  if (address === '*') return ['127.0.0.1', '[::1]'];
  if (address === '0.0.0.0') return ['127.0.0.1'];
  if (address === '::') return ['[::1]'];
  return [address.includes(':') ? `[${address}]` : address];
}

function inspectorPlace(row: ProcessRow): InspectorPlace {
  let environment = '';
  try {
    environment = process.platform === 'linux' ? fs.readFileSync(`/proc/${row.pid}/environ`, 'utf8') : '';
  } catch {
    // It is not told.
  }
  const options = /(?:^|\0)NODE_OPTIONS=([^\0]*)/.exec(environment)?.[1] ?? '';
  const words = `${options} ${row.command}`;
  return { port: inspectPortOf(words), host: inspectHostOf(words) };
}

/** The last of the options that name a host, as Node.js takes them; it listens at 127.0.0.1 unless they say. */
export function inspectHostOf(command: string): string {
  const named = [...command.matchAll(/(?:^|[\s"])--(?:inspect|debug)(?:-port|-brk|-wait)?=(\[[^\]\s"]+\]|[^\s":]*[^\s":\d][^\s":]*)(?::\d+)?(?=$|[\s"])/g)];
  return named.at(-1)?.[1] ?? '127.0.0.1';
}

/** The last of the options that name a port, as Node.js takes them; 9229 unless they say. */
export function inspectPortOf(command: string): number {
  const named = [...command.matchAll(/(?:^|[\s"])--(?:inspect|debug)(?:-port|-brk|-wait)?=(?:[^\s"]*:)?(\d+)(?=$|[\s"])/g)];
  return Number(named.at(-1)?.[1] ?? 9229);
}

/** Whether its network is not ours: its ports cannot be reached, and the same numbers here are others'. */
function isElsewhere(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return fs.readlinkSync(`/proc/${pid}/ns/net`) !== fs.readlinkSync('/proc/self/ns/net');
  } catch {
    return false;
  }
}

/** Whose a process is, where it is not this user's and this user may not touch it. */
async function foreignUser(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') {
    const owner = await userOfWindows(pid);
    return owner?.split('\\').at(-1)?.toLowerCase() === os.userInfo().username.toLowerCase() ? undefined : owner;
  }
  if (process.geteuid?.() === 0) return undefined;
  if (process.platform === 'linux') {
    const uid = userOfLinux(pid);
    return uid === undefined || uid === process.geteuid?.() ? undefined : nameOfUser(uid);
  }
  const user = await userOfMac(pid);
  return user === os.userInfo().username ? undefined : user;
}

function nameOfUser(uid: number): string {
  try {
    const line = fs
      .readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((one) => one.split(':')[2] === String(uid));
    if (line) return line.split(':')[0] as string;
  } catch {
    // The number has to do.
  }
  return String(uid);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
