import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { freePort } from './free-port';
import { plateau } from './run';

/** What stands beside a program of `test/programs`, written by hand from the reason that it is slow. */
export interface Manifest {
  readonly reason: string;
  readonly entry: string;
  readonly branch: string;
  /** `file:line` that is to blame; several where the samples may fall on either. */
  readonly place?: string | readonly string[];
  /** Lines that are as right: the head of a loop of one line. */
  readonly also?: readonly string[];
  /** Recorded for so long; without it, to its end. */
  readonly seconds?: number;
  /** Whether it needs the server that it asks, in UPSTREAM. */
  readonly upstream?: boolean;
  /** Requests to the program's own server, at PORT; `:n` counts them. */
  readonly load?: { readonly path: string; readonly at: number; readonly everyMs?: number };
}

export interface Program extends Manifest {
  readonly name: string;
  readonly folder: string;
}

const root = path.resolve(import.meta.dirname, '../programs');

export function programs(kind: 'slow' | 'healthy'): Program[] {
  return readdirSync(path.join(root, kind))
    .sort()
    .map((name) => {
      const folder = path.join(root, kind, name);
      return { ...(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest), name, folder };
    });
}

/** How long the other side takes to answer. */
const ANSWER_MS = 40;
const SLOW_ANSWER_MS = 1500;

/** The server that programs ask: `/items/N` in 40 ms, `/slow/NAME` in 1.5 s, `/stream` 20 parts in 1.5 s. */
export async function startUpstream(): Promise<{ readonly url: string; close(): void }> {
  const server = http.createServer((request, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/slow')) setTimeout(() => response.end('done'), SLOW_ANSWER_MS);
    else if (url.startsWith('/stream')) stream(response);
    else setTimeout(() => response.end(JSON.stringify({ url })), ANSWER_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.closeAllConnections() ?? server.close() };
}

function stream(response: http.ServerResponse): void {
  let part = 0;
  const timer = setInterval(() => {
    response.write(Array.from({ length: 1000 }, (_, i) => `key${i % 50};${i}\n`).join(''));
    if (++part < 20) return;
    clearInterval(timer);
    response.end();
  }, 75);
}

/** What `plateau doctor --json` says of a program, with what it needs around it. */
export async function examine(program: Program, cwd: string, upstream: string): Promise<{ code: number | null; stderr: string; report: Report }> {
  const port = await freePort();
  const entry = path.join(program.folder, program.entry);
  const options = program.seconds === undefined ? [] : ['--seconds', String(program.seconds)];
  const run = plateau(['doctor', '--json', ...options, '--', process.execPath, entry], { cwd, env: { PORT: String(port), UPSTREAM: upstream } });
  const load = program.load ? startLoad(program.load, port) : undefined;
  const { code, stdout, stderr } = await run;
  load?.stop();
  const json = stdout.slice(stdout.indexOf('{\n "schema"'));
  return { code, stderr, report: JSON.parse(json) as Report };
}

export interface Report {
  readonly diagnosis: {
    readonly turns: readonly { readonly id: string; readonly reason: string; readonly figures: readonly object[] }[];
    readonly verdict: { readonly branch: string; readonly level?: string; readonly title: string; readonly summary: string; readonly advice: string };
  };
  readonly place?: { readonly file: string; readonly line: number; readonly name: string };
  readonly pattern?: { readonly rule: string; readonly title: string; readonly line: number; readonly advice: string };
  readonly profile: string;
  readonly report: string;
  readonly notes: readonly string[];
  readonly processes: readonly { readonly pid: number; readonly command: string }[];
}

/** `at` requests in flight, or one every so often, until it is stopped. */
function startLoad({ path: target, at, everyMs = 0 }: NonNullable<Program['load']>, port: number): { stop(): void } {
  let isOver = false;
  let n = 0;
  const agent = new http.Agent({ keepAlive: true, maxSockets: at });
  const next = (): void => {
    if (isOver) return;
    const again = (delay: number): void => {
      setTimeout(next, delay);
    };
    http
      .get({ host: '127.0.0.1', port, path: target.replace(':n', String(n++)), agent }, (response) => {
        response.resume();
        response.once('close', () => again(everyMs));
      })
      .once('error', () => again(50));
  };
  for (let i = 0; i < at; i++) next();
  return {
    stop() {
      isOver = true;
      agent.destroy();
    },
  };
}
