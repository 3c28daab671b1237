import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { launchInTerminal, type RunnerLauncher } from '../../src/capture/launch/runner-launcher';
import { isRunning, listProcesses } from '../../src/capture/processes/identity';
import type { ProcessIdentity } from '../../src/capture/processes/process-row';
import { type Folder, root, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

const runner = path.join(root, 'dist', 'runner.cjs');
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
const children: ChildProcess[] = [];
let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  folder.remove();
});

interface Opened {
  readonly launcher: RunnerLauncher;
  /** The runner itself. */
  readonly runner: ProcessIdentity;
  readonly output: () => string;
  type(text: string): void;
}

/** Starts a runner as the editor does: in a terminal of its own, or in none. */
async function open(inTerminal: boolean): Promise<Opened> {
  let output = '';
  let address = '';
  let child: ChildProcess | undefined;
  const opened = await launchInTerminal(
    runner,
    async (args) => {
      address = args[1] as string;
      const command = [process.execPath, ...args];
      // script takes the command as one line.
      const line = command.map((one) => `'${one}'`).join(' ');
      child = inTerminal ? spawn('script', ['-qfec', `exec ${line}`, '/dev/null']) : spawn(process.execPath, args);
      children.push(child);
      child.stdout?.on('data', (chunk) => {
        output += chunk;
      });
    },
    new AbortController().signal,
  );
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const row = (await listProcesses()).find(({ command }) => command.startsWith(process.execPath) && command.endsWith(address));
  if (!row) throw new Error('the runner is not listed');
  return { launcher: opened.value, runner: row, output: () => output, type: (text) => child?.stdin?.write(text) };
}

async function start({ launcher }: Opened, command: string, args: string[]) {
  const launched = await launcher.launch({ command, args, shell: false, cwd: folder.path, env: {} });
  if (!launched.ok) throw new Error(JSON.stringify(launched.error));
  return launched.value;
}

const gone = (identity: ProcessIdentity): Promise<void> => until('it is gone', async () => !(await isRunning(identity)));

describe.skipIf(process.platform === 'win32')('the runner', () => {
  test.skipIf(!hasScript)('waits for a key where the terminal is to be read', async () => {
    const opened = await open(true);
    const program = await start(opened, 'sleep', ['0']);
    expect(await program.exit).toEqual({ code: 0, signal: null });
    opened.launcher.end('It is over.');
    await until('it asks for a key', () => opened.output().includes('It is over. Press any key'));
    expect(await isRunning(opened.runner)).toBe(true);
    opened.type('x');
    await gone(opened.runner);
  });

  test.skipIf(!hasScript).each(['SIGHUP', 'SIGTERM'] as const)('leaves when its terminal is closed without a key (%s)', async (signal) => {
    const opened = await open(true);
    await (await start(opened, 'sleep', ['0'])).exit;
    opened.launcher.end('It is over.');
    await until('it asks for a key', () => opened.output().includes('Press any key'));
    process.kill(opened.runner.pid, signal);
    await gone(opened.runner);
  });

  test.each(['', 'It is over.'])('leaves at once where there is no terminal to read (farewell "%s")', async (farewell) => {
    const opened = await open(false);
    await (await start(opened, 'sleep', ['0'])).exit;
    opened.launcher.end(farewell);
    await gone(opened.runner);
  });

  test('tells who was launched, and ends it when it is let go', async () => {
    const opened = await open(false);
    const program = await start(opened, 'sleep', ['600']);
    expect(program.identity?.pid).toBe(program.pid);
    expect(await isRunning(program.identity as ProcessIdentity)).toBe(true);
    opened.launcher.end('');
    await gone(program.identity as ProcessIdentity);
    await gone(opened.runner);
  });

  test('says why where there is no folder for its socket; leaves none', async () => {
    const before = process.env.TMPDIR;
    const openNone = async (): Promise<void> => {
      throw new Error('no terminal');
    };
    try {
      process.env.TMPDIR = path.join(folder.path, 'no');
      const missing = await launchInTerminal(runner, openNone, new AbortController().signal);
      expect(missing).toEqual({ ok: false, error: { kind: 'no-temporary-folder', folder: process.env.TMPDIR, code: 'ENOENT' } });
      process.env.TMPDIR = folder.path;
      expect(await launchInTerminal(runner, openNone, new AbortController().signal)).toMatchObject({ ok: false, error: { message: 'no terminal' } });
      expect(readdirSync(folder.path)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
