import http from 'node:http';
import { err, ok, type Result } from '../../shared/result';
import { fittingJson } from '../../shared/schemas/read-json';
import { readProcess } from '../processes/identity';
import type { ProcessIdentity } from '../processes/process-row';
import type { CaptureIssue } from '../records/capture-issue';
import { targetListSchema } from '../records/session-schemas';
import { ownerOfPort } from './listening-ports';

/** An inspector to attach to, and whether we opened it and so must close it again. */
export interface FoundInspector {
  readonly url: string;
  readonly openedByUs: boolean;
  /** Whose it is, where that can be told. */
  readonly process?: ProcessIdentity | undefined;
}

/** Takes `9229`, `localhost:9229`, `http://…`, `ws://…`, or what Node.js prints; loopback only. */
export async function findInspector(address: string): Promise<Result<FoundInspector, CaptureIssue>> {
  const parsed = parseAddress(address);
  if (!parsed.ok) return parsed;
  const { host, port, path: socketPath } = parsed.value;
  const { pid } = await ownerOfPort(port, host);
  const owner = pid === undefined ? undefined : await readProcess(pid);
  if (owner?.isStopped) return err({ kind: 'target-stopped', pid: owner.pid });
  const found = (url: string): Result<FoundInspector, CaptureIssue> => ok({ url, openedByUs: false, process: owner });
  if (socketPath !== '/') return found(`ws://${host}:${port}${socketPath}`);
  const listed = await listTargets(host, port);
  if (!listed.ok) return listed;
  const url = listed.value[0];
  return url ? found(url) : err({ kind: 'port-refused', address, message: 'nothing to attach to is listed there' });
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

/** Whoever answers at a port could name any machine. */
function isOnThisMachine(url: string): boolean {
  return /^ws:\/\//i.test(url) && parseAddress(url).ok;
}

/** The `ws://` addresses of this machine that an inspector lists. */
export function listTargets(host: string, port: number): Promise<Result<string[], CaptureIssue>> {
  const address = `${host}:${port}`;
  return new Promise((resolve) => {
    const refuse = (message: string): void => resolve(err({ kind: 'port-refused', address, message }));
    const request = http.get({ host: host.replace(/^\[|\]$/g, ''), port, path: '/json/list', timeout: 2000, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > 1 << 22) response.destroy();
      });
      response.on('error', (error) => refuse(error.message));
      response.on('end', () => {
        const targets = fittingJson(body, targetListSchema);
        if (!targets) return refuse('what listens there is no V8 inspector');
        const pages = targets.filter((target) => target.type === 'node' || target.type === 'page');
        const urls = (pages.length > 0 ? pages : targets).flatMap((target) => target.webSocketDebuggerUrl ?? []);
        resolve(ok(urls.filter(isOnThisMachine)));
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
    request.on('error', (error) => refuse(error.message));
  });
}
