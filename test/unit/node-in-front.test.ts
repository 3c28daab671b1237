/** The `node` in front of PATH, in both languages that it is written in; and what else decides how a program is reached. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { withHook, withoutHook } from '../../src/capture/environment/child-environment';
import { besideNode, type FrontPaths } from '../../src/capture/environment/node-in-front';
import { perlScript } from '../../src/capture/environment/node-in-front-perl';
import { shellScript } from '../../src/capture/environment/node-in-front-shell';
import { inheritedOf } from '../../src/capture/session/passed-on';
import { isRoomy } from '../../src/capture/target/room-for-agent';
import { type Folder, temporaryFolder } from '../support/run';

const made: Folder[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const REAL = '#!/bin/sh\necho "real [$NODE_OPTIONS] $# $*"\n';

/** A session's folder, and a `node` that prints what it is given. */
function session(script: (paths: FrontPaths) => string, files: Record<string, string> = {}): { folder: string; run: (line: string, PATH?: string) => string } {
  const one = temporaryFolder({ 's/session.json': '{}', 's/hook.cjs': '', 'real/node': REAL, ...files });
  made.push(one);
  const folder = one.path;
  const bin = path.join(folder, 's', 'bin');
  mkdirSync(bin);
  const paths = { bin, hook: path.join(folder, 's', 'hook.cjs'), results: folder, option: '--require=HOOK' };
  one.file('s/bin/node', script(paths));
  for (const name of ['s/bin/node', 'real/node', ...Object.keys(files).filter((name) => name.endsWith('/node'))]) chmodSync(path.join(folder, name), 0o755);
  const run = (line: string, PATH = `${bin}:${folder}/real:/usr/bin:/bin`): string => {
    const { stdout, stderr } = spawnSync('/bin/sh', ['-c', line], { cwd: folder, encoding: 'utf8', timeout: 20_000, env: { PATH, BIN: bin } });
    return stdout + stderr;
  };
  return { folder, run };
}

describe.skipIf(process.platform === 'win32').each([
  ['Perl', perlScript],
  ['a shell', shellScript],
])('the node in front of PATH, in %s', (_, script) => {
  test.each([
    ['node a.js "b c"', 'real [--require=HOOK] 2 a.js b c\n'],
    ['NODE_OPTIONS=--x node', 'real [--require=HOOK --x] 0 \n'],
    ['NODE_OPTIONS="--y --require=HOOK --x" node', 'real [--y --require=HOOK --x] 0 \n'],
    ['NODE_OPTIONS="--y --require=HOOK --x" node --permission', 'real [--y --x] 1 --permission\n'],
    ['NODE_OPTIONS="--y --require=HOOK" node --experimental-policy=p', 'real [--y] 1 --experimental-policy=p\n'],
    ['node a.js --permission', 'real [--require=HOOK] 2 a.js --permission\n'],
    ['rm s/session.json; NODE_OPTIONS="--require=HOOK --x" node', 'real [--x] 0 \n'],
    ['PATH="$BIN"; node', 'node: command not found\n'],
  ])('%s', (line, expected) => {
    expect(session(script).run(line)).toBe(expected);
  });

  test('a wrapper that looks for the next one, by becoming it or by starting it, is come through once', () => {
    const wrapper = (start: string): string =>
      `#!/bin/sh\necho wrapped\nIFS='\n'\nfor one in $(which -a node); do case $one in */w/node) ;; *) ${start} "$one" "$@"; exit ;; esac; done\n`;
    for (const start of ['exec', '']) {
      const { folder, run } = session(script, { 'w/node': wrapper(start) });
      expect(run('node a.js', `${folder}/s/bin:${folder}/w:${folder}/real:/usr/bin:/bin`)).toBe('wrapped\nreal [--require=HOOK] 1 a.js\n');
    }
  });

  test('where PATH has none, the one that was first when the recording began', () => {
    const { folder, run } = session(script);
    symlinkSync(path.join(folder, 'real', 'node'), path.join(folder, 's', 'first'));
    expect(run('"$BIN/node" a.js', '/nowhere')).toBe('real [--require=HOOK] 1 a.js\n');
  });
});

test.skipIf(process.platform === 'win32')('what lies beside Node.js lies beside the one in front, unless PATH has another', () => {
  const { folder, run } = session(perlScript, {
    'real/npx': '#!/bin/sh\necho npx\n',
    'real/npm': '#!/bin/sh\necho npm\n',
    'other/npm': '#!/bin/sh\necho other\n',
  });
  for (const name of ['real/npx', 'real/npm', 'other/npm']) chmodSync(path.join(folder, name), 0o755);
  besideNode(path.join(folder, 's', 'bin'), `${folder}/other:${folder}/real:/usr/bin:/bin`);
  expect(run('"$(dirname "$(command -v node)")/npx"; npm', `${folder}/s/bin:${folder}/other:${folder}/real:/usr/bin:/bin`)).toBe('npx\nother\n');
});

test('the hook in NODE_OPTIONS comes and goes without a trace', () => {
  expect(withHook('--a  --b ', '/h')).toBe('--require=/h --a  --b ');
  expect(withHook('--a --require=/h', '/h')).toBe('--a --require=/h');
  for (const own of ['--a  --b ', '--a', '--require "./p q.cjs"']) expect(withoutHook(withHook(own, '/h'), '/h')).toBe(own);
  expect(withoutHook(withHook(undefined, '/h'), '/h')).toBeUndefined();
  expect(withoutHook('--y --require=/h --x', '/h')).toBe('--y --x');
  expect(withoutHook('--y --require=/h', '/h')).toBe('--y');
});

test('descriptors that a process was started with are told from its own', () => {
  const open = (targets: Record<number, string>) => Object.entries(targets).map(([number, target]) => ({ number: Number(number), target }));
  const own = { 4: 'anon_inode:[eventpoll]', 5: 'pipe:[9]', 6: 'pipe:[9]', 8: 'anon_inode:[eventfd]', 9: 'socket:[5]', 10: '/dev/null' };
  const standard = { 0: '/dev/pts/0', 1: 'pipe:[1]', 2: '/dev/pts/0' };
  expect(inheritedOf(open({ ...standard, ...own, 3: 'socket:[7]', 7: '/etc/passwd', 11: 'pipe:[1]', 63: 'pipe:[8]' }))).toEqual([3, 7, 11]);
  expect(inheritedOf(open({ ...standard, 3: 'anon_inode:[eventpoll]', 4: 'pipe:[9]', 5: 'pipe:[9]' }))).toEqual([]);
  expect(inheritedOf(open(standard))).toEqual([]);
});

test('room for another thread in the address space', () => {
  const limits = (soft: string): string => `Limit  Soft Limit  Hard Limit  Units\nMax address space         ${soft}            unlimited            bytes\n`;
  const statm = (): string => '200000 100 100 1 0 1 0\n'; // 0.8 GB
  expect(isRoomy(limits('unlimited'), statm)).toBe(true);
  expect(isRoomy(limits('1024000000'), statm)).toBe(false);
  expect(isRoomy(limits('8000000000'), statm)).toBe(true);
  expect(isRoomy('', statm)).toBe(true);
});
