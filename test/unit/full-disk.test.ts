import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { rawFromText } from '../support/raw-profile';
import { cli, type Finished, temporaryFolder } from '../support/run';

const folder = temporaryFolder({
  'hot.cpuprofile': JSON.stringify(rawFromText('main > hot x60\nmain > other x30')),
  'app.cjs': 'const end = Date.now() + 150; while (Date.now() < end) JSON.parse(JSON.stringify({ a: [1, 2, 3] }));',
  'snapshot.cjs': 'for (const name of ["a", "b", "c"]) require("v8").writeHeapSnapshot(name + ".heapsnapshot");',
});
afterAll(() => folder.remove());

/** Runs the command line with a device that is always full behind one of its streams. */
function intoFull(args: readonly string[], full: 'stdout' | 'stderr'): Promise<Finished> {
  const device = openSync('/dev/full', 'w');
  return new Promise((resolve) => {
    const stdio = ['ignore', full === 'stdout' ? device : 'pipe', full === 'stderr' ? device : 'pipe'] as const;
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder.path, stdio: [...stdio] });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('close', (code) => {
      closeSync(device);
      resolve({ code, stdout, stderr });
    });
  });
}

const NO_SPACE = 'plateau: There is no space left for the output. Free some, or send it elsewhere.\n';

describe.skipIf(!existsSync('/dev/full'))('a full disk behind the streams', () => {
  test.each([
    [['--version']],
    [['help']],
    [['help', 'analyze']],
    [['analyze', 'hot.cpuprofile']],
    [['analyze', 'hot.cpuprofile', '--json']],
    [['analyze', 'hot.cpuprofile', '--sarif', '-']],
    [['analyze', 'hot.cpuprofile', '--fail-on', 'info']],
    [['export', 'hot.cpuprofile', '--to', 'speedscope']],
    [['rules', 'list']],
  ])('%j: one line, and the exit code of a failure', async (args) => {
    expect(await intoFull(args, 'stdout')).toEqual({ code: 4, stdout: '', stderr: NO_SPACE });
  });

  test('commands that record or read heaps', { timeout: 60_000 }, async () => {
    const program = ['--', process.execPath, 'app.cjs'];
    await new Promise((resolve) => spawn(process.execPath, ['snapshot.cjs'], { cwd: folder.path, stdio: 'ignore' }).once('exit', resolve));
    const summary = await intoFull(['heap', 'summary', 'a.heapsnapshot'], 'stdout');
    expect(summary).toEqual({ code: 4, stdout: '', stderr: NO_SPACE });
    for (const args of [
      ['heap', 'diff', 'a.heapsnapshot', 'b.heapsnapshot'],
      ['heap', 'leaks', 'a.heapsnapshot', 'b.heapsnapshot', 'c.heapsnapshot', '--json'],
      ['record', '--json', ...program],
      ['record', '--type', 'heap', '--json', ...program],
      ['doctor', ...program],
    ]) {
      const { code, stderr } = await intoFull(args, 'stdout');
      expect(code, args.join(' ')).toBe(4);
      expect(stderr.split('\n').filter((line) => line.startsWith('plateau: There is no space left for the output.'))).toHaveLength(1);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });

  test('notes that cannot be written change nothing', async () => {
    const { code, stdout } = await intoFull(['analyze', 'hot.cpuprofile'], 'stderr');
    expect(code).toBe(0);
    expect(stdout).toContain('hot');
    expect((await intoFull(['analyze', 'gone.cpuprofile'], 'stderr')).code).toBe(4);
    expect((await intoFull(['fly'], 'stderr')).code).toBe(2);
  });
});

/** Runs the command line where no file may get longer than some kB. */
function withShortFiles(kilobytes: number, args: readonly string[], out: string): Promise<Finished> {
  return new Promise((resolve) => {
    const script = `ulimit -f ${kilobytes}; "$0" "$@" > "${out}"`;
    const child = spawn('bash', ['-c', script, process.execPath, cli, ...args], { cwd: folder.path, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('close', (code) => resolve({ code, stdout: '', stderr }));
  });
}

describe.skipIf(process.platform === 'win32')('a disk that gets full', () => {
  test('output of which only a part could be written is no success', async () => {
    const { code, stderr } = await withShortFiles(1, ['analyze', 'hot.cpuprofile', '--json'], 'part.json');
    expect(statSync(`${folder.path}/part.json`).size).toBe(1024);
    expect({ code, stderr }).toEqual({ code: 4, stderr: 'plateau: Files may not get as large as the output (ulimit -f). Send it elsewhere.\n' });
  });
});
