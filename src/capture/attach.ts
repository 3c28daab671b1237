import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { err, ok, type Result } from '../shared/result';
import type { CaptureIssue } from './capture-issue';
import type { Capture, CapturedThread, Measured } from './captured';
import { startProfiler, stopProfiler } from './cpu-recorder';
import { connectInspector, type InspectorSession } from './inspector';
import { onEnd } from './inspector-end';
import { listeningPorts } from './listening-ports';
import { injectVitals, startMeasuring, stopVitals, takeHeap, takeVitals, vitalsFrom } from './measure';
import { isAlive, listProcesses } from './processes/identity';
import { isNodeCommand } from './processes/node-command';
import type { ProcessRow } from './processes/process-row';
import { aborted, type CaptureOptions } from './record-launch';

/** An inspector to attach to, and whether we opened it and so must close it again. */
export interface FoundInspector {
  readonly url: string;
  readonly openedByUs: boolean;
}

/**
 * Profiles a program that runs already, until Stop, for `seconds`, or to its end,
 * and leaves it as it was.
 */
export async function recordAttached(found: FoundInspector, options: CaptureOptions, targetFolder?: string): Promise<Result<Capture, CaptureIssue>> {
  let inspector: InspectorSession;
  try {
    inspector = await connectInspector(found.url);
  } catch (error) {
    return err({ kind: 'port-refused', address: found.url, message: messageOf(error) });
  }
  try {
    const ended = onEnd(inspector);
    const about = await describeTarget(inspector);
    await inspector.sendNode('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }).catch(() => {}); // Chromium has none
    try {
      await startProfiler(inspector, options.interval);
    } catch (error) {
      return err({ kind: 'already-profiled', message: messageOf(error) });
    }
    const measures = options.measure === true && targetFolder !== undefined && about.pid !== 0;
    if (measures) {
      await startMeasuring(inspector);
      await injectVitals(inspector, targetFolder);
    }
    options.onEvent?.({ kind: 'sampling', pid: about.pid });
    const timeUp = new AbortController();
    const timer = options.seconds === undefined ? undefined : setTimeout(() => timeUp.abort(), options.seconds * 1000);
    const crashed = await Promise.race([ended, aborted(options.stop), aborted(options.cancel), aborted(timeUp.signal)]).then(
      () => false,
      () => true,
    );
    clearTimeout(timer);
    if (crashed) return err({ kind: 'profile-lost', exit: undefined });
    options.onEvent?.({ kind: 'stopping' });
    const answer = measures ? await takeVitals(inspector) : undefined;
    const capture = await stopProfiler(inspector);
    let measured: Measured | undefined;
    if (measures) {
      measured = { vitals: vitalsFrom(answer, undefined, about.pid), heap: await takeHeap(inspector) };
      await stopVitals(inspector, targetFolder);
    }
    await inspector.sendNode('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: false }).catch(() => {});
    if (found.openedByUs) await closeInspector(inspector);
    if (options.cancel.aborted) return err({ kind: 'cancelled' });
    const { pid, version, argv } = about;
    const thread: CapturedThread = {
      ...{ pid, ppid: 0, version, argv, threadId: 0, name: undefined, measured, isWhole: true },
      parts: [{ bytes: 0, read: async () => capture.profile }],
      scripts: async () => capture.scripts,
    };
    return ok({ threads: [thread], missed: [], left: [], exit: undefined, loop: undefined, dispose() {} });
  } catch (error) {
    return err({ kind: 'inspector-failed', message: messageOf(error) });
  } finally {
    await inspector.close().catch(() => {});
  }
}

export async function describeTarget(inspector: InspectorSession): Promise<{ pid: number; version: string; argv: string[] }> {
  const expression = 'typeof process === "object" ? JSON.stringify({ pid: process.pid, version: process.version, argv: process.argv }) : ""';
  const { result } = await inspector.send('Runtime.evaluate', { expression, returnByValue: true });
  if (typeof result.value !== 'string' || result.value === '') return { pid: 0, version: '', argv: [] };
  return JSON.parse(result.value) as { pid: number; version: string; argv: string[] };
}

/** `inspector.close()` blocks until nobody is connected, so it has to run after we have left. */
export async function closeInspector(inspector: InspectorSession): Promise<void> {
  const expression = 'setTimeout((close) => close(), 200, require("node:inspector").close).unref(), undefined';
  await inspector.send('Runtime.evaluate', { expression, includeCommandLineAPI: true }).catch(() => {});
}

/** Takes `9229`, `localhost:9229`, `http://…`, `ws://…`, or what Node.js prints; loopback only. */
export async function findInspector(address: string): Promise<Result<FoundInspector, CaptureIssue>> {
  const parsed = parseAddress(address);
  if (!parsed.ok) return parsed;
  const { host, port, path: socketPath } = parsed.value;
  if (socketPath !== '/') return ok({ url: `ws://${host}:${port}${socketPath}`, openedByUs: false });
  const listed = await listTargets(host, port);
  if (!listed.ok) return listed;
  const url = listed.value[0];
  return url ? ok({ url, openedByUs: false }) : err({ kind: 'port-refused', address, message: 'nothing to attach to is listed there' });
}

export interface InspectorAddress {
  readonly host: string;
  readonly port: number;
  /** `/` where the address names no socket. */
  readonly path: string;
}

export function parseAddress(address: string): Result<InspectorAddress, CaptureIssue> {
  const text = address.trim().replace(/^Debugger listening on /, '');
  const withHost = /^\d+$/.test(text) ? `127.0.0.1:${text}` : text;
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(withHost) ? withHost.replace(/^[a-z]+:/i, 'http:') : `http://${withHost}`);
  } catch {
    return err({ kind: 'bad-address', address });
  }
  const port = url.port === '' ? 9229 : Number(url.port);
  if (text === '' || port === 0) return err({ kind: 'bad-address', address });
  const isLoopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
  if (!isLoopback) return err({ kind: 'not-loopback', address });
  return ok({ host: url.hostname, port, path: url.pathname });
}

function listTargets(host: string, port: number): Promise<Result<string[], CaptureIssue>> {
  const address = `${host}:${port}`;
  return new Promise((resolve) => {
    const refuse = (message: string): void => resolve(err({ kind: 'port-refused', address, message }));
    const request = http.get({ host: host.replace(/^\[|\]$/g, ''), port, path: '/json/list', timeout: 2000 }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > 1 << 22) response.destroy();
      });
      response.on('error', (error) => refuse(error.message));
      response.on('end', () => {
        try {
          const targets = JSON.parse(body) as { webSocketDebuggerUrl?: string; type?: string }[];
          const pages = targets.filter((target) => target.type === 'node' || target.type === 'page');
          resolve(ok((pages.length > 0 ? pages : targets).flatMap((target) => target.webSocketDebuggerUrl ?? [])));
        } catch {
          refuse('what listens there is no V8 inspector');
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
    request.on('error', (error) => refuse(error.message));
  });
}

export interface NodeProcess {
  readonly pid: number;
  readonly command: string;
}

/** Node.js processes that a user may mean, newest first; this one and its parents are left out. */
export async function listNodeProcesses(own: readonly number[]): Promise<NodeProcess[]> {
  const rows = await listProcesses();
  return rows
    .filter((row) => isNodeCommand(row.command) && !own.includes(row.pid) && isNodeBinary(row))
    .map(({ pid, command }) => ({ pid, command }))
    .sort((a, b) => b.pid - a.pid);
}

/** A process may call itself what it likes; on Linux the program file tells. */
function isNodeBinary({ pid }: ProcessRow): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return /^node/.test(path.basename(fs.readlinkSync(`/proc/${pid}/exe`)));
  } catch {
    return false;
  }
}

/** Finds the inspector of a process, opening it (SIGUSR1; `process._debugProcess` on Windows) where it is closed. */
export async function inspectorOfProcess(pid: number): Promise<Result<FoundInspector, CaptureIssue>> {
  if (!isAlive(pid)) return err({ kind: 'no-such-process', pid });
  const row = (await listProcesses().catch((): ProcessRow[] => [])).find((one) => one.pid === pid);
  // The signal's default action ends any other program, so be sure.
  if (!row || !isNodeCommand(row.command) || !isNodeBinary(row)) return err({ kind: 'not-node', pid, command: row?.command ?? '' });
  const open = await inspectorAmong(pid, await listeningPorts(pid));
  if (open) return ok({ url: open, openedByUs: false });
  try {
    if (process.platform === 'win32') (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
    else process.kill(pid, 'SIGUSR1');
  } catch (error) {
    return err({ kind: 'signal-refused', pid, message: messageOf(error) });
  }
  const configured = Number(/--inspect-port=(?:[^\s]*:)?(\d+)/.exec(row.command)?.[1] ?? 9229);
  for (let attempt = 0; attempt < 40; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 75));
    if (!isAlive(pid)) return err({ kind: 'no-such-process', pid });
    const url = await inspectorAmong(pid, [...new Set([...(await listeningPorts(pid)), configured])]);
    if (url) return ok({ url, openedByUs: true });
  }
  return err({ kind: 'inspector-silent', pid });
}

/** The inspector at one of the ports that belongs to the process itself. */
async function inspectorAmong(pid: number, ports: readonly number[]): Promise<string | undefined> {
  for (const port of ports) {
    const listed = await listTargets('127.0.0.1', port);
    if (!listed.ok) continue;
    for (const url of listed.value) {
      const inspector = await connectInspector(url).catch(() => undefined);
      if (!inspector) continue;
      const about = await describeTarget(inspector).catch(() => undefined);
      await inspector.close().catch(() => {});
      if (about?.pid === pid) return url;
    }
  }
  return undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
