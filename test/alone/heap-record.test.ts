import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readHeapSnapshotSync } from '../../src/service/heap/heap-read';
import { type Folder, isRunning, nodes, plateau, temporaryFolder, until } from '../support/run';

const folders: Folder[] = [];
const folder = (files?: Record<string, string>): Folder => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  for (const one of folders) one.remove();
});

const lastLine = (stdout: string): string => stdout.trim().split('\n').at(-1) as string;
const KEEP =
  'class Kept { constructor(i) { this.i = i; } }\nconst all = [];\nexport function make(n) { for (let i = 0; i < n; i++) all.push(new Kept(i)); }\nglobalThis.all = all;\n';
const recordings = (cwd: string): string[] => readdirSync(path.join(cwd, '.plateau', 'profiles')).filter((name) => name !== '.gitignore');

describe.each(nodes())('Node.js $version', ({ path: node }) => {
  test('sampled allocations: the stacks that hold memory, which analyze reads in bytes', async () => {
    const { path: cwd } = folder({ 'a.mjs': `${KEEP}make(100_000); console.log('of the program');` });
    const { code, stdout, stderr } = await plateau(['record', '--type', 'heap', '--interval', '4096', '--', node, 'a.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout).toBe('of the program\n');
    const report = await plateau(['analyze', lastLine(stderr), '--json', '--top', '1'], { cwd });
    expect(JSON.parse(report.stdout).functions[0]).toMatchObject({ name: 'make', line: 3 });
  });

  test('a snapshot at the end, with the scripts beside it and the stacks that allocated', async () => {
    const { path: cwd } = folder({ 'a.mjs': `${KEEP}make(500);` });
    const { code, stdout, stderr } = await plateau(['record', '--type', 'allocations', '--json', '--', node, 'a.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    const { file, pauseMs, heap } = JSON.parse(stdout);
    expect(heap).toBe('tracking');
    expect(pauseMs).toBeGreaterThan(0);
    const read = readHeapSnapshotSync(file);
    if (!read.ok) throw new Error(read.error.kind);
    const { graph } = read.value;
    const { nodes: rows, strings, traces } = graph;
    const kept = Array.from(rows.name, (name, n) => ({ n, name: strings.at(name) })).filter(
      ({ n, name }) => name === 'Kept' && graph.nodeTypes[rows.type[n] as number] === 'object',
    );
    expect(kept.length).toBeGreaterThanOrEqual(500);
    expect(traces?.functions.some(({ name, line }) => name === 'make' && line === 3)).toBe(true);
    const scripts = JSON.parse(readFileSync(file.replace('.heapsnapshot', '.scripts.json'), 'utf8')) as { url: string; scriptId: number }[];
    expect(scripts.filter(({ url }) => url.endsWith('/a.mjs'))).toHaveLength(1);
    expect(recordings(cwd)).toHaveLength(3);
  });

  test.each([
    ['at its end', '', []],
    ['while it computes for ever, after a time', 'for (;;) all.length++, all.pop();', ['--seconds', '1']],
    ['when a signal ends it', 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);', []],
    ['when it throws', 'throw new Error("as it should");', []],
  ])('a snapshot of a program %s', async (_, end, more) => {
    const { path: cwd } = folder({ 'a.mjs': `${KEEP}make(500); ${end}` });
    const { code, stdout, stderr } = await plateau(['record', '--type', 'snapshot', '--json', ...more, '--', node, 'a.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    const { file, exit } = JSON.parse(stdout);
    if (end.includes('SIGTERM')) expect(exit).toEqual({ code: null, signal: 'SIGTERM' });
    if (end.includes('throw')) expect(exit).toEqual({ code: 1, signal: null });
    const read = readHeapSnapshotSync(file);
    if (!read.ok) throw new Error(read.error.kind);
    const { nodes: rows, strings } = read.value.graph;
    expect(Array.from(rows.name, (name) => strings.at(name)).filter((name) => name === 'Kept').length).toBeGreaterThanOrEqual(500);
  });

  test('a snapshot of a running program leaves it running; the pause is told before', async () => {
    const { path: cwd, file } = folder();
    const child = spawn(node, [file('a.mjs', `${KEEP}make(500); setInterval(() => all.length, 1000);`)], { stdio: 'ignore' });
    children.push(child);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { code, stdout, stderr } = await plateau(['record', '--type', 'snapshot', '--pid', String(child.pid)], { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/A snapshot of .* stops the program for about/);
    expect(readHeapSnapshotSync(lastLine(stdout)).ok).toBe(true);
    expect(isRunning(child.pid as number)).toBe(true);
  });
});

describe('what can go wrong', () => {
  test('a program that is killed meanwhile: told, and nothing is left', async () => {
    const { path: cwd } = folder({ 'a.mjs': 'import { execSync } from "node:child_process"; setTimeout(() => execSync("kill -9 " + process.pid), 300);' });
    const { code, stderr } = await plateau(['record', '--type', 'snapshot', '--', process.execPath, 'a.mjs'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('died before its heap was read');
    expect(recordings(cwd)).toEqual([]);
  });

  test('a folder that cannot be written to is told before anything runs', async () => {
    const { path: cwd } = folder({ 'a.mjs': 'import fs from "node:fs"; fs.writeFileSync("ran", "");' });
    const { code } = await plateau(['record', '--type', 'snapshot', '--out', path.join(cwd, 'nowhere', 'x.heapsnapshot'), '--', process.execPath, 'a.mjs'], {
      cwd,
    });
    expect(code).toBe(4);
    expect(existsSync(path.join(cwd, 'ran'))).toBe(false);
  });

  test('SIGTERM, then a second Ctrl+C: the pause is not waited for, and nothing is left', async () => {
    const { path: cwd } = folder({
      'a.mjs': `import fs from "node:fs";\n${KEEP}make(100); fs.writeFileSync("pid", String(process.pid)); setInterval(() => all.length, 1000); process.on("SIGINT", () => {});`,
    });
    const { code } = await plateau(['record', '--type', 'snapshot', '--', process.execPath, 'a.mjs'], {
      cwd,
      onStart: (_, kill) =>
        void until(() => existsSync(path.join(cwd, 'pid'))).then(async () => {
          for (let press = 0; press < 3; press++) {
            kill('SIGINT');
            await new Promise((resolve) => setTimeout(resolve, 350));
          }
        }),
    });
    const pid = Number(readFileSync(path.join(cwd, 'pid'), 'utf8'));
    await until(() => !isRunning(pid));
    expect([0, 2]).toContain(code);
    expect(recordings(cwd).filter((name) => /part|heapsnapshot\.\d/.test(name))).toEqual([]);
  });

  test.each(['snapshot', 'allocations'])(
    '--type %s: standard output is the program’s, the path goes beside it; with --json the other way round',
    async (type) => {
      const { path: cwd } = folder({ 'a.mjs': `${KEEP}make(50); console.log('of the program');` });
      const plain = await plateau(['record', '--type', type, '--out', 'a.heapsnapshot', '--', process.execPath, 'a.mjs'], { cwd });
      expect(plain.stdout).toBe('of the program\n');
      expect(lastLine(plain.stderr)).toBe('a.heapsnapshot');
      const json = await plateau(['record', '--type', type, '--force', '--json', '--out', 'a.heapsnapshot', '--', process.execPath, 'a.mjs'], { cwd });
      expect(JSON.parse(json.stdout).file).toBe('a.heapsnapshot');
      expect(json.stderr).toContain('of the program\n');
    },
  );

  test('usage', async () => {
    for (const args of [['--type', 'rubbish'], ['--type', 'snapshot', '--interval', '5'], ['--collected'], ['--type', 'heap', '--interval', '0']]) {
      expect((await plateau(['record', ...args, '--', 'node', 'x.js'])).code).toBe(2);
    }
  });
});
