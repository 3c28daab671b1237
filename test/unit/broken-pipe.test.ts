import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cli, isRunning, temporaryFolder, until } from '../support/run';

const folder = temporaryFolder({
  'app.cjs': `require("fs").writeFileSync(process.argv[2], String(process.pid)); setTimeout(() => {}, 60_000);`,
  // Stands for a command that writes while its program runs.
  'chatter.cjs': 'setInterval(() => process.stdout.write("."), 50).unref();',
});
afterAll(() => folder.remove());

const pidOf = async (name: string): Promise<number> => {
  const file = path.join(folder.path, name);
  await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  return Number(readFileSync(file, 'utf8'));
};

describe('nobody reads any more', () => {
  test('standard error: the recording is made, and its program ended', async () => {
    const out = path.join(folder.path, 'a.heapsnapshot');
    const args = ['record', '--type', 'snapshot', '--seconds', '1', '--out', out, '--', process.execPath, 'app.cjs', 'pid-1'];
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.destroy();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const pid = await pidOf('pid-1');
    expect(await ended).toBe(0);
    expect(existsSync(out)).toBe(true);
    expect(isRunning(pid)).toBe(false);
  });

  test('standard output: the program is ended, not left behind', async () => {
    const args = ['-r', path.join(folder.path, 'chatter.cjs'), cli, 'record', '--', process.execPath, 'app.cjs', 'pid-2'];
    const child = spawn(process.execPath, args, { cwd: folder.path, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const pid = await pidOf('pid-2');
    child.stdout.destroy();
    expect(await ended).toBe(2);
    expect(isRunning(pid)).toBe(false);
  });
});
