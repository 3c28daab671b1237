import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeapComparison } from '../../src/service/heap/heap-compare';
import { plateau, temporaryFolder } from '../support/run';

/** Three snapshots of one process, each in a connection of its own, with a leak between them. */
describe('objects numbered anew', () => {
  const folder = temporaryFolder({ 'leak.cjs': 'const kept = []; setInterval(() => { for (let i = 0; i < 20; i++) kept.push({ kept }); }, 20);' });
  const files = [1, 2, 3].map((n) => `s${n}.heapsnapshot`);
  let child: ChildProcess;
  beforeAll(async () => {
    child = spawn(process.execPath, ['--inspect=127.0.0.1:0', path.join(folder.path, 'leak.cjs')], { stdio: ['ignore', 'ignore', 'pipe'] });
    const address = await new Promise<string>((resolve) => {
      let text = '';
      child.stderr?.on('data', (chunk) => {
        text += chunk;
        const found = /ws:\/\/\S+/.exec(text);
        if (found) resolve(found[0]);
      });
    });
    for (const file of files) {
      const { code, stderr } = await plateau(['record', '--type', 'snapshot', '--attach', address, '--out', file], { cwd: folder.path });
      expect(code, stderr).toBe(0);
    }
  }, 60_000);
  afterAll(() => {
    child.kill('SIGKILL');
    folder.remove();
  });

  test('leaks refuses to judge them, and says what can', async () => {
    const { code, stdout, stderr } = await plateau(['heap', 'leaks', ...files], { cwd: folder.path });
    expect(stdout).toBe('');
    expect(code).toBe(4);
    expect(stderr).toContain(`snapshots of process ${child.pid} give its objects new numbers`);
    expect(stderr).toContain('plateau heap hunt');
  });

  test('diff tells them from snapshots of different processes', async () => {
    const { code, stdout, stderr } = await plateau(['heap', 'diff', ...files.slice(0, 2), '--json'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stderr).toContain('of the same process, but its objects got new numbers');
    expect(stderr).not.toContain('different processes');
    expect((JSON.parse(stdout) as HeapComparison).isSameProcess).toBe(false);
  });

  test('a file that is named twice is wrong usage', async () => {
    const { code, stderr } = await plateau(['heap', 'leaks', files[0] as string, `./${files[0]}`, files[2] as string], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain('named twice');
  });
});
