import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import http from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectionsTo, isFree, listeningPorts, ownerOfPort } from '../../src/capture/inspector/listening-ports';
import { identify, isRunning } from '../../src/capture/processes/identity';
import { catchesSignal, parseCaught } from '../../src/capture/processes/linux';
import { freePort } from '../support/free-port';
import { cli, type Finished, type Folder, plateau, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

const children: ChildProcess[] = [];
let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  folder.remove();
});

interface Program {
  readonly pid: number;
  readonly stderr: () => string;
  readonly child: ChildProcess;
}

/** Runs a script that says `ready`. */
async function start(script: string, command: readonly string[] = [process.execPath]): Promise<Program> {
  const [file = '', ...args] = command;
  const child = spawn(file, [...args, folder.file(`program-${children.length}.cjs`, script)], { cwd: folder.path, stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  await until('the program runs', () => stdout.includes('ready'));
  return { pid: child.pid as number, stderr: () => stderr, child };
}

const HOT = 'function hot(n) { let s = 0; for (let i = 0; i < n; i++) s += Math.sqrt(i); return s; }\n';
const TURNING = `${HOT}setInterval(() => hot(1e6), 5); console.log("ready");`;
const BUSY = `${HOT}require("fs").writeSync(1, "ready\\n"); for (;;) hot(1e5);`;
const port0 = [process.execPath, '--inspect-port=0'];

const record = (pid: number, ...more: string[]): Promise<Finished> =>
  plateau(['record', '--pid', String(pid), '--seconds', '1', '--force', '--out', 'p.cpuprofile', ...more], { cwd: folder.path });
const count = (text: string, what: string): number => text.split(what).length - 1;

/** Listens where others look for an inspector, as any user of the machine may. */
async function impostor(port: number, host = '127.0.0.1'): Promise<{ readonly visits: readonly string[]; close(): void }> {
  const visits: string[] = [];
  const server = http.createServer(({ url = '' }, response) => {
    visits.push(url);
    response.end(JSON.stringify([{ type: 'node', webSocketDebuggerUrl: `ws://127.0.0.1:${port}/x` }]));
  });
  await new Promise<void>((resolve) => server.listen({ port, host, ipv6Only: true }, resolve));
  return { visits, close: () => server.close() };
}

// What SIGUSR1 opens, and /proc tells.
describe.skipIf(process.platform !== 'linux')('recording a process', () => {
  test('who listens on the same port of another address is not taken for it', async ({ skip }) => {
    if (!existsSync('/proc/net/if_inet6')) return skip();
    const port = await freePort();
    const other = await impostor(port);
    const program = await start(TURNING, [process.execPath, `--inspect=[::1]:${port}`]);
    const { code, stderr } = await record(program.pid);
    other.close();
    expect(code, stderr).toBe(0);
    expect(other.visits).toEqual([]);
  });

  test.skipIf(!existsSync('/proc/net/if_inet6')).each(['::1', '::'])('is not kept from its port by who has the same of %s', async (host) => {
    const port = await freePort();
    const other = await impostor(port, host);
    const program = await start(TURNING, [process.execPath, `--inspect-port=${port}`]);
    const { code, stderr } = await record(program.pid);
    other.close();
    expect(code, stderr).toBe(0);
    expect(other.visits).toEqual([]);
  });

  test('whose port another one has is told, and the other one is left alone', async () => {
    const port = await freePort();
    const [first, second] = [await start(TURNING, [process.execPath, `--inspect=${port}`]), await start(TURNING, [process.execPath, `--inspect-port=${port}`])];
    const { code, stderr } = await record(second.pid);
    expect(code).toBe(4);
    expect(stderr).toContain(`port ${port} is taken by process ${first.pid} (${process.execPath}`);
    expect(first.stderr()).not.toContain('Debugger attached');
    expect(second.stderr()).toBe('');
  });

  test('twice at once: both have their profile, and the one that ends last closes the inspector', async () => {
    const program = await start(TURNING, port0);
    let firstTold = '';
    const first = spawn(process.execPath, [cli, 'record', '--pid', String(program.pid), '--seconds', '30', '--out', 'first.cpuprofile'], { cwd: folder.path });
    children.push(first);
    first.stderr.on('data', (chunk) => {
      firstTold += chunk;
    });
    const firstExit = new Promise<number | null>((resolve) => first.once('close', resolve));
    await until('the first is connected', () => program.stderr().includes('Debugger attached'));
    const second = record(program.pid, '--seconds', '3');
    await until('the second is connected', () => count(program.stderr(), 'Debugger attached') === 2);
    first.kill('SIGINT');
    expect(await firstExit, firstTold).toBe(0);
    expect(firstTold).toMatch(/stays open \(127\.0\.0\.1:\d+\): somebody else is connected/);
    const { code, stderr } = await second;
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('open');
    await until('the inspector is closed', async () => (await listeningPorts(program.pid)).length === 0);
    expect(count(program.stderr(), 'Debugger attached')).toBe(2);
  });

  test('that computes without a pause: a profile, and that the inspector is still open', async () => {
    const program = await start(BUSY, port0);
    const { code, stderr } = await record(program.pid);
    expect(code, stderr).toBe(0);
    const [port] = await listeningPorts(program.pid);
    expect(stderr).toContain(`The inspector of process ${program.pid} is still open (127.0.0.1:${port})`);
    expect(stderr).toContain('in hot');
  });

  test('that is stopped is told, and gets no signal', async () => {
    const program = await start(TURNING, port0);
    program.child.kill('SIGSTOP');
    const { code, stderr } = await record(program.pid);
    expect(code).toBe(4);
    expect(stderr).toContain(`is stopped (SIGSTOP, or Ctrl+Z in its terminal), so it answers nothing. Continue it with kill -CONT ${program.pid}`);
    program.child.kill('SIGCONT');
    const after = await record(program.pid);
    expect(after.code, after.stderr).toBe(0);
    expect(count(program.stderr(), 'Debugger listening')).toBe(1);
  });

  test('that is stopped meanwhile is told; its inspector closes when it goes on', async () => {
    const program = await start(TURNING, port0);
    const recording = record(program.pid);
    await until('it is connected', () => program.stderr().includes('Debugger attached'));
    program.child.kill('SIGSTOP');
    const { code, stderr } = await recording;
    expect(code).toBe(4);
    expect(stderr).toContain('is stopped');
    program.child.kill('SIGCONT');
    await until('the inspector is closed', async () => (await listeningPorts(program.pid)).length === 0);
  });

  test('that stands in a call is told', async () => {
    const script = 'require("fs").writeSync(1, "ready\\n"); require("child_process").spawnSync("sleep", ["600"]);';
    const program = await start(script, [process.execPath, '--inspect=0']);
    const { code, stderr } = await record(program.pid);
    expect(code).toBe(4);
    expect(stderr).toMatch(/has not answered for [\d.]+ s: it is in a call that V8 cannot interrupt/);
    expect(await isRunning((await identify(program.pid)) as never)).toBe(true);
  });

  test('that closes its inspector has not died', async () => {
    const program = await start(`${TURNING} process.stdin.once("data", () => require("inspector").close());`, port0);
    const recording = record(program.pid, '--seconds', '30');
    await until('it is connected', () => program.stderr().includes('Debugger attached'));
    program.child.stdin?.write('close\n');
    const { code, stderr } = await recording;
    expect(code).toBe(4);
    expect(stderr).toContain(`The inspector of process ${program.pid} was closed while it was recorded`);
  });

  test('that calls itself something else', async () => {
    const program = await start(`process.title = "My App";\n${TURNING}`, port0);
    const { code, stderr } = await record(program.pid);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('in hot');
  });

  test('that would be ended by the signal is told, and lives', async () => {
    // Where it stands for the moment before Node.js has set up its handler.
    const program = await start(`${TURNING} process.on("SIGUSR1", () => {}).removeAllListeners("SIGUSR1");`, port0);
    expect(catchesSignal(program.pid, 10)).toBe(false);
    const { code, stderr } = await record(program.pid);
    expect(code).toBe(4);
    expect(stderr).toContain(`Process ${program.pid} does not take the signal that opens an inspector (SIGUSR1), which would end it`);
    expect(await isRunning((await identify(program.pid)) as never)).toBe(true);
  });

  const namespaces = (flags: string[]): string | undefined => (spawnSync('unshare', [...flags, 'true']).status === 0 ? undefined : 'unshare is not permitted');
  test.skipIf(namespaces(['-n']))('with a network of its own is told, and gets no signal', async () => {
    const program = await start(TURNING, ['unshare', '-n', process.execPath]);
    const { code, stderr } = await record(program.pid);
    expect(code).toBe(4);
    expect(stderr).toContain(`Process ${program.pid} has a network of its own, as in a container`);
    expect(program.stderr()).toBe('');
  });

  test.skipIf(namespaces(['-pf', '--mount-proc']))('in a pid namespace, where it has another number', async () => {
    await start(TURNING, ['unshare', '-pf', '--mount-proc', '--kill-child', ...port0]);
    const pid = Number(spawnSync('pgrep', ['-P', String(children.at(-1)?.pid)], { encoding: 'utf8' }).stdout);
    const { code, stderr } = await record(pid);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('in hot');
  });

  test.skipIf(process.getuid?.() !== 0)('of another user is told to be one', async () => {
    const program = await start(TURNING, port0);
    const open = temporaryFolder();
    chmodSync(open.path, 0o777);
    const as = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, cli];
    const { status, stderr } = spawnSync('setpriv', [...as, 'record', '--pid', String(program.pid), '--seconds', '1'], { cwd: open.path, encoding: 'utf8' });
    expect(status).toBe(4);
    expect(stderr).toContain(`Process ${program.pid} belongs to user root. Record it as that user`);
    open.remove();
  });
});

test.skipIf(process.platform !== 'linux')('whose a port is, and who is connected to it', async () => {
  const port = await freePort();
  expect(await ownerOfPort(port, '127.0.0.1')).toEqual({ taken: false, pid: undefined });
  const program = await start(`require("net").createServer(() => {}).listen(${port}, "127.0.0.1", () => console.log("ready"));`);
  expect(await ownerOfPort(port, '127.0.0.1')).toEqual({ taken: true, pid: program.pid });
  expect(await ownerOfPort(port, '[::1]')).toEqual({ taken: false, pid: undefined });
  expect([await isFree(port, '127.0.0.1'), await isFree(port, '127.0.0.2')]).toEqual([false, true]);
  expect(await connectionsTo(program.pid, port)).toBe(0);
  const clients = [0, 1].map(() => spawn(process.execPath, ['-e', `require("net").connect(${port}, "127.0.0.1")`]));
  children.push(...clients);
  await until('both are connected', async () => (await connectionsTo(program.pid, port)) === 2);
});

test('the signals that a process catches', () => {
  expect(parseCaught('SigIgn:\t0000000000000200\nSigCgt:\t0000000100004602\n', 10)).toBe(true);
  expect(parseCaught('SigIgn:\t0000000000000200\nSigCgt:\t0000000100004402\n', 10)).toBe(false);
  expect(parseCaught('SigCgt:\t8000000000000000\n', 64)).toBe(true);
  expect(parseCaught('', 10)).toBe(false);
});
