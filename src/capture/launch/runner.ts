/** The runner's entry point: `node runner.cjs SOCKET`, started in a terminal by the editor. */
import net from 'node:net';
import { endLaunched } from '../processes/end-tree';
import { type TreeWatcher, watchTree } from '../processes/tree-watcher';
import { type LaunchedProcess, launch } from '../session/spawn';
import { type FromRunner, lineReader, type ToRunner, toRunnerSchema } from './runner-protocol';

const address = process.argv[2] ?? '';
const socket = net.connect(address);
socket.setEncoding('utf8');
const tell = (message: FromRunner): void => {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
};

let launching: ReturnType<typeof launch> | undefined;
let target: LaunchedProcess | undefined;
let watcher: TreeWatcher | undefined;
let session: string | undefined;
let done = false;
let waitsForKey = false;

// Ctrl+C and Ctrl+\ are for the target; the runner stays to see how it ends.
for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {});
// The terminal is closed (after a recording the next one does that), or the editor goes away:
// nothing may outlive that, whatever it waits for.
for (const signal of ['SIGHUP', 'SIGTERM'] as const) process.on(signal, () => (waitsForKey ? process.exit(0) : void finish('')));

socket.on('connect', () =>
  tell({
    kind: 'hello',
    environment: { NODE_OPTIONS: process.env.NODE_OPTIONS, PATH: process.env.PATH, BUN_OPTIONS: process.env.BUN_OPTIONS },
    version: process.version,
  }),
);
socket.on('data', (chunk) => read(String(chunk)));
socket.on('error', (error) => {
  if (!launching) console.error(`Plateau: the recorder cannot be reached (${error.message}).`);
  process.exitCode = 1; // what was launched is ended first: 'close' follows
});
socket.on('close', () => void finish(''));

const read = lineReader(toRunnerSchema, (message) => {
  if (message.kind === 'end') void finish(message.farewell);
  else void start(message);
});

async function start({ spec }: Extract<ToRunner, { kind: 'launch' }>): Promise<void> {
  session = spec.session;
  launching = launch(spec);
  const launched = await launching;
  if (!launched.ok) return tell({ kind: 'failed', issue: launched.error });
  target = launched.value;
  const { pid, identity } = target;
  if (identity) watcher = watchTree(identity);
  tell({ kind: 'launched', pid, identity });
  const exit = await launched.value.exit;
  tell({ kind: 'exited', exit });
}

/** Leaves nothing running, then waits for a key so that the output can be read, unless there is nobody to press it. */
async function finish(farewell: string): Promise<void> {
  if (done) return;
  done = true;
  await launching; // so that what is being started is known
  if (target) await endLaunched(target, session, { watcher });
  const { stdin } = process;
  if (farewell === '' || !stdin.isTTY) process.exit();
  waitsForKey = true;
  const leave = (): void => process.exit(0);
  process.stdout.write(`\r\n\x1b[2m${farewell} Press any key to close this terminal.\x1b[0m\r\n`);
  stdin.setRawMode(true);
  for (const event of ['data', 'end', 'error', 'close'] as const) stdin.once(event, leave);
  stdin.resume();
}
