/** Every Node.js process of a program is reached, whatever scripts and launchers do to its environment. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hotFor, recordCommand } from '../support/recorded';
import { cli, type Folder, nodes, plateau, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
const folder = (files: Record<string, string>): Folder => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) one.remove();
});

const BUSY = { 'busy.js': hotFor(300) };
const hotIn = (threads: Awaited<ReturnType<typeof recordCommand>>['threads']): number => threads[0]?.self.get('hot') ?? 0;

describe.skipIf(process.platform === 'win32')('NODE_OPTIONS replaced', () => {
  test.each([
    ['by a script', { plain: 'NODE_OPTIONS=--max-old-space-size=3000 node busy.js' }, {}],
    [
      'by a launcher that is Node.js',
      { plain: 'node launcher.js' },
      {
        'launcher.js': `const { spawn } = require('node:child_process'); spawn('node', ['busy.js'], { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=3000' } });`,
      },
    ],
    ['by .npmrc', { plain: 'node busy.js' }, { '.npmrc': 'node-options=--max-old-space-size=3000\n' }],
    ['by export', { plain: 'sh a.sh' }, { 'a.sh': 'export NODE_OPTIONS=--max-old-space-size=3000\nnode busy.js\n' }],
    ['by nothing', { plain: 'unset NODE_OPTIONS; node busy.js' }, {}],
    ['by an --env-file', { plain: 'node --env-file=.env busy.js' }, { '.env': 'NODE_OPTIONS=--max-old-space-size=3000\n' }],
  ])('%s', async (_, scripts, files) => {
    const check = 'if (require("v8").getHeapStatistics().heap_size_limit > 2.9e9) console.log("limit is set");\n';
    const { path: cwd } = folder({ 'busy.js': check + hotFor(300), 'package.json': JSON.stringify({ private: true, scripts }), ...files });
    const { threads, stdout } = await recordCommand(cwd, ['npm', 'run', 'plain']);
    expect(hotIn(threads)).toBeGreaterThan(150);
    if (!/unset/.test(scripts.plain)) expect(stdout).toContain('limit is set');
  });
});

describe.skipIf(process.platform === 'win32')('a launcher that filters the environment', () => {
  // As turbo's strict mode: NODE_OPTIONS and PATH pass, nothing else; or PATH alone.
  test.each([
    ['NODE_OPTIONS and PATH', 'env -i NODE_OPTIONS="$NODE_OPTIONS" PATH="$PATH" node busy.js'],
    ['PATH alone', 'env -i PATH="$PATH" node busy.js'],
    ['NODE_OPTIONS alone', 'env -i NODE_OPTIONS="$NODE_OPTIONS" "$(command -v node)" busy.js'],
    ['PATH alone, and a script with a shebang', 'env -i PATH="$PATH" ./tool'],
  ])('%s', async (_, line) => {
    const made = folder({ ...BUSY, tool: `#!/usr/bin/env node\nrequire('./busy.js');\n`, 'launch.sh': `${line}\n` });
    chmodSync(path.join(made.path, 'tool'), 0o755);
    const { threads } = await recordCommand(made.path, ['sh', 'launch.sh']);
    expect(hotIn(threads)).toBeGreaterThan(150);
  });

  test('what cannot be reached is told by name, with what to do', async () => {
    const { path: cwd } = folder({
      'busy.js': `${hotFor(20_000)}`,
      'launch.js': `require('node:child_process').spawn('sh', ['-c', 'env -i "' + process.execPath + '" busy.js'], { stdio: 'inherit' }); ${hotFor(200, 'own')}`,
    });
    const { stderr, threads } = await recordCommand(cwd, ['node', 'launch.js'], { args: ['--seconds', '2'] });
    expect(stderr).toMatch(/node busy\.js \(\d+\) could not be reached: NODE_OPTIONS was taken from its environment\. Pass it on/);
    expect(threads[0]?.self.get('own')).toBeGreaterThan(100);
  });
});

describe.each(nodes())('the permission model, $version', ({ version, path: node }) => {
  const major = Number.parseInt(version.slice(1), 10);
  const permission = major < 24 ? '--experimental-permission' : '--permission';
  test('a program that is not given what recording needs runs, unrecorded, and that is said', async () => {
    const { path: cwd } = folder({ 'busy.js': `console.log('ran', process.permission !== undefined);` });
    const { code, stdout, stderr } = await plateau(['record', '--', node, permission, '--allow-fs-read=*', 'busy.js'], { cwd });
    expect(stdout).toContain('ran true');
    expect(stderr).toContain("ran unrecorded: Node.js's permission model hides the inspector");
    expect(stderr).toContain('--allow-inspector --allow-worker, and --allow-fs-read and --allow-fs-write');
    expect(code).not.toBe(0);
  });

  test('a child of a program that is recorded', async () => {
    const { path: cwd } = folder({
      'busy.js': 'console.log("child ran");',
      'a.js': `require('node:child_process').spawnSync(process.execPath, ['${permission}', '--allow-fs-read=*', 'busy.js'], { stdio: 'inherit' }); ${hotFor(150)}`,
    });
    const { stdout, stderr, threads } = await recordCommand(cwd, [node, 'a.js']);
    expect(stdout).toContain('child ran');
    expect(stderr).toContain('node --'); // its command
    expect(stderr).toContain('ran unrecorded: the permission model hides the inspector');
    expect(hotIn(threads)).toBeGreaterThan(70);
  });

  test.skipIf(major < 24 || !/^v(?:2[5-9]|24\.(?:1[2-9]|[2-9]\d))/.test(version))('with what it needs it is recorded', async () => {
    const { path: cwd } = folder(BUSY);
    const options = [permission, '--allow-inspector', '--allow-worker', '--allow-fs-read=*', '--allow-fs-write=*'];
    const { threads } = await recordCommand(cwd, [node, ...options, 'busy.js']);
    expect(hotIn(threads)).toBeGreaterThan(150);
  });
});

describe.skipIf(process.platform === 'win32')('a working folder that is gone', () => {
  test('of a child', async () => {
    const { path: cwd } = folder({ ...BUSY, 'a.sh': 'mkdir gone; cd gone; rmdir ../gone; node "$1/busy.js"\n' });
    const { threads } = await recordCommand(cwd, ['sh', 'a.sh', cwd]);
    expect(hotIn(threads)).toBeGreaterThan(150);
  });

  test("the recorder's own", () => {
    const { path: cwd } = folder(BUSY);
    const out = path.join(cwd, 'p.cpuprofile');
    const script = 'mkdir gone; cd gone; rmdir ../gone; "$0" "$1" record --out "$3" -- "$0" "$2/busy.js" && "$0" "$1" analyze "$3"';
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, cli, cwd, out], { cwd, encoding: 'utf8' });
    expect(stderr).not.toContain('bug in Plateau');
    expect(status).toBe(0);
    expect(stdout).toMatch(/hot {2}.*busy\.js:\d/);
  });
});

describe.skipIf(process.platform === 'win32')('the folder for temporary files', () => {
  test.each([
    ['with a space', 'a b/c'],
    ['that is long', 'long/'.repeat(30)],
  ])('%s', async (_, name) => {
    const made = folder({ ...BUSY, [`${name}/x`]: '' });
    const { threads } = await recordCommand(made.path, ['node', 'busy.js'], { run: { env: { TMPDIR: path.join(made.path, name) } } });
    expect(hotIn(threads)).toBeGreaterThan(150);
  });

  test('that is not there', async () => {
    const { path: cwd } = folder(BUSY);
    const { code, stderr } = await plateau(['record', '--', 'node', 'busy.js'], { cwd, env: { TMPDIR: path.join(cwd, 'nowhere') } });
    expect(stderr).toContain('The folder for temporary files does not exist');
    expect(code).toBe(4);
  });
});

describe.each(nodes())('node --test, $version', ({ path: node }) => {
  test('files run at the same time, as they do without Plateau', async () => {
    // Each waits for the other: one after another they would never end.
    const meet = (own: string, other: string): string =>
      `const fs = require('node:fs'); require('node:test')('${own}', async () => { fs.writeFileSync('${own}.up', ''); for (let i = 0; i < 1000 && !fs.existsSync('${other}.up'); i++) await new Promise((r) => setTimeout(r, 20)); if (!fs.existsSync('${other}.up')) throw new Error('alone'); ${hotFor(100)} });`;
    const { path: cwd } = folder({ 'a.test.js': meet('a', 'b'), 'b.test.js': meet('b', 'a') });
    const { exit, stdout, threads } = await recordCommand(cwd, [node, '--test', '--test-concurrency=2']);
    expect(exit, stdout).toEqual({ code: 0, signal: null });
    expect(threads.filter(({ self }) => (self.get('hot') ?? 0) > 40)).toHaveLength(2);
  });
});

describe.skipIf(process.platform !== 'linux')('what a program does to the folder for temporary files', () => {
  const emptied = (files: Record<string, string>): { cwd: string; run: { env: Record<string, string> } } => {
    const made = folder({ ...files, 'tmp/x': '' });
    return { cwd: made.path, run: { env: { TMPDIR: path.join(made.path, 'tmp') } } };
  };

  test('it is emptied before Node.js starts', async () => {
    const { cwd, run } = emptied({ ...BUSY, 'a.sh': 'rm -rf "$TMPDIR"/*\nnode busy.js\n' });
    const { exit, threads } = await recordCommand(cwd, ['sh', 'a.sh'], { run });
    expect(exit).toEqual({ code: 0, signal: null });
    expect(hotIn(threads)).toBeGreaterThan(150);
  });

  test('it is emptied by the program itself, which then starts another', async () => {
    const { cwd, run } = emptied({
      'busy.js': `${hotFor(300)} require('fs').rmSync(process.env.TMPDIR, { recursive: true }); require('child_process').execFileSync('node', ['-e', '0']);`,
    });
    const { exit, threads } = await recordCommand(cwd, ['node', 'busy.js'], { run });
    expect(exit).toEqual({ code: 0, signal: null });
    expect(threads).toHaveLength(2);
    expect(Math.max(...threads.map(({ self }) => self.get('hot') ?? 0))).toBeGreaterThan(150);
  });
});

test.skipIf(process.platform !== 'linux')('descriptors above standard error are the program’s too', async () => {
  const { path: cwd } = folder({
    'busy.js': `require('fs').writeSync(3, 'three'); require('fs').writeSync(7, require('fs').readFileSync(5, 'utf8')); ${hotFor(150)}`,
    'a.sh': `exec 3>out3 5<a.sh 7>out7\n"$@"\n`,
  });
  const finished = spawnSync('sh', ['a.sh', process.execPath, cli, 'record', '--force', '--out', 'p.cpuprofile', '--', 'node', 'busy.js'], { cwd });
  expect(String(finished.stderr)).not.toContain('EBADF');
  expect(readFileSync(path.join(cwd, 'out3'), 'utf8')).toBe('three');
  expect(readFileSync(path.join(cwd, 'out7'), 'utf8')).toBe(readFileSync(path.join(cwd, 'a.sh'), 'utf8'));
});

test('Node.js that starts the program itself is not told as missed', async () => {
  const { path: cwd } = folder({ 'a.test.js': `require('node:test')('a', () => { ${hotFor(1500)} });` });
  const { stderr } = await recordCommand(cwd, ['node', '--test', 'a.test.js']);
  expect(stderr).not.toMatch(/could not be reached|ran unrecorded|did not load/);
});
