import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { err, ok, type Result } from '../../shared/result';
import type { CaptureIssue, ProcessExit } from '../records/capture-issue';
import { privateFolder } from '../session/private-folder';
import type { LaunchedProcess } from '../session/spawn';
import type { Launcher } from './record-launch';
import { type FromRunner, fromRunnerSchema, lineReader, type ToRunner } from './runner-protocol';

/** A launcher whose processes run in a terminal that somebody else opens. */
export interface RunnerLauncher extends Launcher {
  readonly version: string;
  /** Lets the runner go; with a farewell its terminal stays open to be read. */
  end(farewell: string): void;
}

/**
 * Waits for a runner. `openTerminal` is given the arguments for Node.js and has to
 * run them in a terminal. Gives up when that fails or nothing connects in 15 s.
 */
export async function launchInTerminal(
  runner: string,
  openTerminal: (args: string[]) => Promise<void>,
  cancel: AbortSignal,
): Promise<Result<RunnerLauncher, CaptureIssue>> {
  const place = socketPlace();
  if (!place.ok) return place;
  const { address, remove } = place.value;
  const server = net.createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve));
    const connection = new Promise<net.Socket>((resolve, reject) => {
      server.once('connection', resolve);
      setTimeout(() => reject(new Error('the terminal did not start Node.js within 15 s')), 15_000).unref();
      cancel.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
    });
    connection.catch(() => {}); // openTerminal may fail first
    await openTerminal([runner, address]);
    return ok(await greet(await connection));
  } catch (error) {
    if (cancel.aborted) return err({ kind: 'cancelled' });
    return err({ kind: 'spawn-failed', command: 'node', message: error instanceof Error ? error.message : String(error) });
  } finally {
    server.close();
    remove();
  }
}

/** The longest path of a socket that every system takes. */
const LONGEST_ADDRESS = 103;

/** A named pipe on Windows, elsewhere a file that only this user may reach. */
function socketPlace(): Result<{ readonly address: string; remove(): void }, CaptureIssue> {
  if (process.platform === 'win32') return ok({ address: `\\\\.\\pipe\\plateau-${randomBytes(8).toString('hex')}`, remove: () => {} });
  const folder = privateFolder('plateau-');
  if (!folder.ok) return folder;
  const address = path.join(folder.value, 's');
  const remove = (): void => fs.rmSync(folder.value, { recursive: true, force: true });
  if (Buffer.byteLength(address) <= LONGEST_ADDRESS) return ok({ address, remove });
  remove();
  return err({ kind: 'no-temporary-folder', folder: path.dirname(folder.value), code: 'ENAMETOOLONG' });
}

function greet(socket: net.Socket): Promise<RunnerLauncher> {
  socket.setEncoding('utf8');
  const listeners: { [K in FromRunner['kind']]?: (message: Extract<FromRunner, { kind: K }>) => void } = {};
  const read = lineReader(fromRunnerSchema, (message) => (listeners[message.kind] as ((m: FromRunner) => void) | undefined)?.(message));
  socket.on('data', (chunk) => read(String(chunk)));
  socket.on('error', () => {}); // 'close' follows
  const once = <K extends FromRunner['kind']>(kind: K): Promise<Extract<FromRunner, { kind: K }>> =>
    new Promise((resolve) => {
      listeners[kind] = resolve as never;
    });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const tell = (message: ToRunner): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
  };
  const hello = Promise.race([
    once('hello'),
    closed.then(() => {
      throw new Error('the terminal was closed');
    }),
  ]);
  return hello.then(({ environment, version }) => ({
    environment,
    version,
    async launch(spec): Promise<Result<LaunchedProcess, CaptureIssue>> {
      const exited = once('exited').then(({ exit }) => exit);
      const exit: Promise<ProcessExit> = Promise.race([exited, closed.then(() => ({ code: null, signal: 'SIGHUP' }))]);
      const answer = Promise.race([once('launched'), once('failed'), closed]);
      tell({ kind: 'launch', spec });
      const first = await answer;
      if (!first) return err({ kind: 'spawn-failed', command: spec.command, message: 'the terminal was closed' });
      return first.kind === 'failed' ? err(first.issue) : ok({ pid: first.pid, identity: first.identity, exit });
    },
    end(farewell) {
      tell({ kind: 'end', farewell });
      if (farewell === '') socket.destroySoon();
    },
  }));
}
