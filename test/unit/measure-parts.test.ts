import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joined, type ThreadMetrics } from '../../src/capture/records/run-metrics';
import { noiseCauses } from '../../src/service/measure/describe-noise';
import { withoutRepository } from '../../src/service/measure/git';
import {
  busiest,
  lookAtMachine,
  type MachineLook,
  parseAvailable,
  parseMacBattery,
  parsePressure,
  parsePs,
  parseSteal,
  parseTicks,
} from '../../src/service/measure/machine';
import { orderOf } from '../../src/service/measure/measure';
import { movedRecipe } from '../../src/service/measure/moved-recipe';
import { isOurs, parseRenames, prepareVersions } from '../../src/service/measure/versions';
import { type Folder, temporaryFolder } from '../support/run';

describe('versions beside each other', () => {
  let repo: Folder;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.email=a@b.c', '-c', 'user.name=a', ...args], { cwd: repo.path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const prepare = (before: string | undefined, after?: string) =>
    prepareVersions({ cwd: repo.path, before, after, install: undefined, signal: new AbortController().signal });
  const made = async (before: string | undefined, after?: string) => {
    const result = await prepare(before, after);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value;
  };
  beforeEach(() => {
    repo = temporaryFolder({ 'main.js': 'one', 'src/old.js': 'let a = 1;\nlet b = 2;\nlet c = 3;\n', 'package.json': '{}', 'package-lock.json': '{"a":1}' });
    git('init', '-q');
    writeFileSync(path.join(repo.path, '.gitignore'), 'node_modules\n');
    git('add', '-A');
    git('commit', '-qm', 'first');
  });
  afterEach(() => repo.remove());

  test('a commit is checked out elsewhere, and nothing of the user is touched or left', async () => {
    writeFileSync(path.join(repo.path, 'main.js'), 'two');
    git('add', 'main.js');
    writeFileSync(path.join(repo.path, 'main.js'), 'three');
    // A hook of the user's would run in a checkout of theirs.
    writeFileSync(path.join(repo.path, '.git/hooks/post-checkout'), '#!/bin/sh\ntouch "$(git rev-parse --git-common-dir)/hook-ran"\n', { mode: 0o755 });
    const status = git('status', '--porcelain');
    const index = readFileSync(path.join(repo.path, '.git/index'));
    const versions = await made('HEAD');
    expect(path.relative(repo.path, versions.before.root).startsWith('..')).toBe(true);
    expect(readFileSync(path.join(versions.before.root, 'main.js'), 'utf8')).toBe('one');
    expect(versions.after).toMatchObject({ root: versions.root, name: 'working tree', commit: undefined });
    expect(versions.before.commit).toBe(git('rev-parse', 'HEAD').trim());
    await versions.dispose();
    expect(existsSync(path.dirname(versions.before.root))).toBe(false);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(git('status', '--porcelain')).toBe(status);
    expect(readFileSync(path.join(repo.path, '.git/index'))).toEqual(index);
    expect(readFileSync(path.join(repo.path, 'main.js'), 'utf8')).toBe('three');
    expect(existsSync(path.join(repo.path, '.git/hook-ran'))).toBe(false);
  });

  test("within a hook of git's, whose environment names the user's index, it is not touched either", async () => {
    const index = path.join(repo.path, '.git/index');
    const before = readFileSync(index);
    repo.file('added.js', 'new');
    process.env.GIT_INDEX_FILE = index;
    process.env.GIT_DIR = path.join(repo.path, '.git');
    try {
      const versions = await made('HEAD');
      expect(readFileSync(path.join(versions.before.root, 'main.js'), 'utf8')).toBe('one');
      await versions.dispose();
    } finally {
      delete process.env.GIT_INDEX_FILE;
      delete process.env.GIT_DIR;
    }
    expect(readFileSync(index)).toEqual(before);
    const listed = execFileSync('git', ['rev-parse', '--local-env-vars'], { encoding: 'utf8' }).trim().split('\n');
    expect(Object.keys(withoutRepository(Object.fromEntries([...listed, 'GIT_SSH_COMMAND', 'PATH'].map((name) => [name, 'x']))))).toEqual([
      'GIT_SSH_COMMAND',
      'PATH',
    ]);
  });

  test('a worktree that was being made when everything was killed is pruned too', async () => {
    const left = await made('HEAD');
    git('worktree', 'lock', '--reason', 'initializing', left.before.root);
    rmSync(path.dirname(left.before.root), { recursive: true });
    await (await made('HEAD')).dispose();
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  test("git's renames, and lock files that differ", async () => {
    git('mv', 'src/old.js', 'src/new.js');
    writeFileSync(path.join(repo.path, 'package-lock.json'), '{"a":2}');
    git('add', '-A');
    git('commit', '-qm', 'second');
    const versions = await made('HEAD~1', 'HEAD');
    expect([...versions.renames]).toEqual([['src/old.js', 'src/new.js']]);
    expect(versions.warnings).toEqual([
      'package-lock.json differs between the versions, and both run with the dependencies that are installed; --install installs their own.',
    ]);
    await versions.dispose();
    const same = await made('HEAD');
    expect(same.warnings).toEqual([]);
    await same.dispose();
  });

  test('dependencies are linked; a package of the repository itself is the version’s own', async () => {
    const modules = path.join(repo.path, 'node_modules');
    for (const name of ['left', '@org/right']) {
      mkdirSync(path.join(modules, name), { recursive: true });
      writeFileSync(path.join(modules, name, 'index.js'), name);
    }
    const plain = await made('HEAD');
    const linked = path.join(plain.before.root, 'node_modules');
    expect(lstatSync(linked).isSymbolicLink()).toBe(true);
    expect(readFileSync(path.join(linked, 'left/index.js'), 'utf8')).toBe('left');
    await plain.dispose();
    expect(readFileSync(path.join(modules, 'left/index.js'), 'utf8'), 'not removed through the link').toBe('left');

    repo.file('packages/ui/package.json', '{}');
    repo.file('packages/ui/index.js', 'ui one');
    git('add', '-A');
    git('commit', '-qm', 'ui');
    repo.file('packages/ui/index.js', 'ui two');
    symlinkSync('../../packages/ui', path.join(modules, '@org/ui'), 'dir');
    const workspace = await made('HEAD');
    const own = path.join(workspace.before.root, 'node_modules');
    expect(readFileSync(path.join(own, '@org/ui/index.js'), 'utf8')).toBe('ui one');
    expect(readFileSync(path.join(own, '@org/right/index.js'), 'utf8')).toBe('@org/right');
    expect(readFileSync(path.join(own, 'left/index.js'), 'utf8')).toBe('left');
    await workspace.dispose();
    expect(readFileSync(path.join(modules, '@org/right/index.js'), 'utf8')).toBe('@org/right');
    expect(readlinkSync(path.join(modules, '@org/ui'))).toBe('../../packages/ui');
    expect(readFileSync(path.join(repo.path, 'packages/ui/index.js'), 'utf8')).toBe('ui two');
  });

  test("what a killed run left is pruned at the next start; a worktree of the user's that is missing is not", async () => {
    const left = await made('HEAD');
    rmSync(path.dirname(left.before.root), { recursive: true });
    const mine = path.join(repo.path, '..', `${path.basename(repo.path)} mine`);
    git('worktree', 'add', '-q', '--detach', mine);
    rmSync(mine, { recursive: true });
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(3);
    await (await made('HEAD')).dispose();
    const list = git('worktree', 'list');
    expect(list).not.toContain('plateau-measure-');
    expect(list).toContain(' mine');
  });

  test('what is no version, and where there is no repository', async () => {
    expect(await prepare('nowhere')).toEqual({ ok: false, error: { kind: 'no-such-version', ref: 'nowhere' } });
    expect(await prepare('--output=x')).toEqual({ ok: false, error: { kind: 'no-such-version', ref: '--output=x' } });
    expect(await prepare('HEAD', 'nowhere')).toMatchObject({ ok: false });
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    const elsewhere = temporaryFolder();
    const none = await prepareVersions({ cwd: elsewhere.path, before: 'HEAD', after: undefined, install: undefined, signal: new AbortController().signal });
    expect(none).toMatchObject({ ok: false, error: { kind: 'no-repository' } });
    elsewhere.remove();
  });
});

test('which worktrees are ours', () => {
  expect(isOurs('/tmp/plateau-measure-abc123/app')).toBe(true);
  expect(isOurs('C:\\Temp\\plateau-measure-abc123\\app')).toBe(true);
  expect(isOurs('/home/me/plateau-measure-notes')).toBe(false);
});

test('renames as git prints them with zeros, whatever is in a name', () => {
  expect([...parseRenames('R100\0a b.js\0src/ä\n.js\0R087\0x.js\0y.js\0')]).toEqual([
    ['a b.js', 'src/ä\n.js'],
    ['x.js', 'y.js'],
  ]);
  expect([...parseRenames('')]).toEqual([]);
});

test('paths of a command are those of the version that runs', () => {
  const root = path.resolve('/repo');
  const to = path.resolve('/tmp/tree');
  const at = (...parts: string[]): string => path.join(root, ...parts);
  expect(
    movedRecipe(
      { kind: 'file', file: at('bench.js'), args: [`--in=${at('data.json')}`, 'src/x.js', '/etc/hosts', at('..', 'repository', 'x')], env: {}, cwd: at('sub') },
      root,
      to,
    ),
  ).toEqual({
    kind: 'file',
    file: path.join(to, 'bench.js'),
    args: [`--in=${path.join(to, 'data.json')}`, 'src/x.js', '/etc/hosts', at('..', 'repository', 'x')],
    env: {},
    cwd: path.join(to, 'sub'),
  });
  const program = { kind: 'program', command: 'npm', args: ['run', 'bench'], cwd: root } as const;
  expect(movedRecipe(program, root, root)).toBe(program);
  expect(movedRecipe(program, root, to)).toEqual({ ...program, cwd: to });
});

test('pairs are run before, after, after, before', () => {
  expect([0, 1, 2, 3].flatMap(orderOf)).toEqual(['before', 'after', 'after', 'before', 'before', 'after', 'after', 'before']);
});

test('the figures of a run are the sums of its processes, but memory and event loop are those of the busiest', () => {
  const thread = (one: Partial<ThreadMetrics>): ThreadMetrics => ({ pid: 1, thread: 0, gc: 0, allocated: 0, cpu: 0, maxRss: 0, longestDelay: 0, ...one });
  expect(
    joined([
      thread({ pid: 1, cpu: 100, gc: 1, allocated: 10, maxRss: 900, longestDelay: 70 }),
      thread({ pid: 2, cpu: 500, gc: 2, allocated: 20, maxRss: 500, longestDelay: 30 }),
      thread({ pid: 2, thread: 1, gc: 4, allocated: 40 }),
    ]),
  ).toEqual({ cpu: 600, gc: 7, allocated: 70, maxRss: 500, longestDelay: 30 });
  expect(joined([])).toBeUndefined();
  expect(joined([thread({ thread: 3 })])).toBeUndefined();
});

describe('what a machine tells of noise', () => {
  test('on Linux', () => {
    // proc(5): 8th field of the line is steal.
    expect(parseSteal('cpu  100 0 50 800 10 0 5 35 7 0\ncpu0 1 2 3')).toEqual({ stolen: 35, all: 1000 });
    expect(parseSteal('nothing')).toBeUndefined();
    expect(parseAvailable('MemTotal:       1000 kB\nMemAvailable:    250 kB\n')).toBe(256_000);
    expect(parsePressure('some avg10=0.00 avg60=1.50 avg300=0.1 total=9\nfull avg10=0.00 avg60=0.50 avg300=0.1 total=3')).toBe(0.015);
    const stat = '42 (a (b) c) S 7 42 42 0 -1 4194560 1 0 0 0 30 12 0 0 20 0 1 0 100 1000 10';
    expect(parseTicks(stat)).toEqual({ ppid: 7, command: 'a (b) c', ticks: 42 });
    const ticks = (ppid: number, count: number, command = 'x') => ({ ppid, ticks: count, command });
    const before = new Map([
      [1, ticks(0, 0)],
      [5, ticks(1, 10, 'build')],
      [9, ticks(1, 0, 'own')],
      [10, ticks(9, 0, 'child')],
    ]);
    const after = new Map([...before].map(([pid, one]) => [pid, { ...one, ticks: one.ticks + (pid === 1 ? 0 : 15) }]));
    expect(busiest(before, after, 300, 9), 'half of 300 ms; nothing of its own').toEqual([{ command: 'build', share: 0.5 }]);
  });

  test('on macOS', () => {
    expect(parseMacBattery("Now drawing from 'Battery Power'\n -InternalBattery-0")).toBe(true);
    expect(parseMacBattery("Now drawing from 'AC Power'")).toBe(false);
    expect(parseMacBattery('No batteries')).toBeUndefined();
    expect(parsePs('  10   1  55.0 /Applications/A b.app/A b\n  11  10   3.0 /bin/zsh\n  77   1  99.9 node\n  78  77  90,0 node', 77)).toEqual([
      { command: 'A b', share: 0.55 },
    ]);
  });

  test('each cause that is seen, and no other', async () => {
    const quiet: MachineLook = {
      ...{ cpus: 4, load: 0.5, busy: [], governor: 'performance', turbo: false, isOnBattery: false, steal: { stolen: 0, all: 1000 } },
      ...{ throttled: 0, limited: 0, memory: { free: 50, all: 100 }, memoryPressure: 0 },
    };
    expect(noiseCauses([quiet, { ...quiet, steal: { stolen: 1, all: 2000 } }])).toEqual([]);
    const seen = (more: Partial<MachineLook>): string => noiseCauses([quiet, { ...quiet, ...more }]).join('\n');
    expect(seen({ busy: [{ command: 'webpack', share: 0.9 }] })).toContain('webpack (90.0 % of a CPU)');
    expect(seen({ load: 6 })).toContain('load is 6.0 on 4 CPUs');
    expect(seen({ governor: 'powersave' })).toContain('governor is powersave');
    expect(seen({ turbo: true })).toContain('Turbo');
    expect(seen({ isOnBattery: true })).toContain('battery');
    expect(seen({ steal: { stolen: 100, all: 2000 } })).toContain('took 10.0 %');
    expect(seen({ throttled: 3 })).toContain('3 times');
    expect(seen({ limited: 8 })).toContain('8 times');
    expect(seen({ memory: { free: 2, all: 100 } })).toContain('Memory is short');
    expect(seen({ memoryPressure: 0.2 })).toContain('Memory is short');
    const look = await lookAtMachine();
    expect(look.cpus).toBeGreaterThan(0);
    expect(look.memory.free).toBeLessThanOrEqual(look.memory.all);
  });
});
