import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { namesFolder } from '../../src/capture/processes/carries-session';
import { descendants, orphansOf, selfAndAncestors } from '../../src/capture/processes/descent';
import { identify, isAlive, isRunning, isSame, listProcesses } from '../../src/capture/processes/identity';
import { parseNamespacePids, parseStat } from '../../src/capture/processes/linux';
import { parsePs } from '../../src/capture/processes/mac';
import type { ProcessRow } from '../../src/capture/processes/process-row';
import { sortMembers } from '../../src/capture/processes/sort-members';
import { parseWindowsProcesses, taskkillCalls } from '../../src/capture/processes/windows';
import { until } from '../support/wait';

describe('Linux: /proc/PID/stat', () => {
  const stat = (name: string, state: string, threads = 1): string =>
    `42 (${name}) ${state} 7 40 39 0 -1 4194304 75 0 0 0 1 2 0 0 20 0 ${threads} 0 222242 3133440 394 18446744073709551615`;
  test('a name with parentheses and spaces', () =>
    expect(parseStat(stat('a) S 9 (b c', 'S'), 'boot')).toEqual({
      pid: 42,
      started: '222242/boot',
      ppid: 7,
      order: 222242,
      group: 40,
      isZombie: false,
      isStopped: false,
      command: 'a) S 9 (b c',
    }));
  test.each([
    ['Z', 1, true, false],
    ['X', 1, true, false],
    ['Z', 3, false, false], // its first thread has ended, others go on
    ['T', 1, false, true],
    ['t', 1, false, false], // held by a debugger
    ['D', 1, false, false],
  ])('state %s with %d threads', (state, threads, isZombie, isStopped) =>
    expect(parseStat(stat('node', state, threads), '')).toMatchObject({ isZombie, isStopped }),
  );
  test('numbers of the namespaces within', () => {
    expect(parseNamespacePids('Name:\tnode\nNSpid:\t5120\t17\t2\nNSpgid:\t1\t1\t1\n')).toEqual([5120, 17, 2]);
    expect(parseNamespacePids('Name:\tnode\n')).toEqual([]);
  });
});

describe('macOS: ps', () => {
  test('numbers, state, start, command line', () => {
    const stdout = `    1     0     1 Ss   Sat Nov 28 07:01:02 2026     /sbin/launchd
  502     1   502 S+   Sat Nov  7 14:20:33 2026     node /Users/me/my app/server.js --port 1
  503   502   502 Z    Sat Nov 28 14:20:34 2026     (node)
  504   502   502 T    Sat Nov 28 14:20:35 2026
`;
    const rows = parsePs(stdout);
    expect(rows.map(({ pid, ppid, group, command }) => [pid, ppid, group, command])).toEqual([
      [1, 0, 1, '/sbin/launchd'],
      [502, 1, 502, 'node /Users/me/my app/server.js --port 1'],
      [503, 502, 502, '(node)'],
      [504, 502, 502, ''],
    ]);
    expect(rows[1]).toMatchObject({ started: 'Sat Nov 7 14:20:33 2026', order: Date.UTC(2026, 10, 7, 14, 20, 33), isZombie: false, isStopped: false });
    expect(rows.map((row) => [row.isZombie, row.isStopped])).toEqual([
      [false, false],
      [false, false],
      [true, false],
      [false, true],
    ]);
  });
  test.skipIf(process.platform === 'win32')('a real ps says what the system says', async () => {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const stdout = execFileSync('ps', ['-ww', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command=', '-p', String(process.pid)], { encoding: 'utf8', env });
    const [row] = parsePs(stdout);
    const listed = (await listProcesses()).find(({ pid }) => pid === process.pid);
    expect(row).toMatchObject({ pid: process.pid, ppid: process.ppid, group: listed?.group, command: listed?.command });
    const age = Date.now() - (row as ProcessRow).order;
    expect(Math.abs(age - process.uptime() * 1000)).toBeLessThan(5000); // the clock of ps is coarse
  });
});

describe('Windows: Get-CimInstance as JSON', () => {
  const row = { ProcessId: 8, ParentProcessId: 4, CommandLine: '"C:\\nodejs\\node.exe" app.js', Name: 'node.exe', Started: '2026-11-28T14:20:33.1234560Z' };
  const expected = {
    pid: 8,
    started: row.Started,
    ppid: 4,
    order: Date.UTC(2026, 10, 28, 14, 20, 33, 123),
    group: undefined,
    isZombie: false,
    isStopped: false,
    command: row.CommandLine,
  };
  test('several, one, none', () => {
    expect(parseWindowsProcesses(JSON.stringify([row, { ...row, ProcessId: 9, CommandLine: null }]))).toEqual([
      expected,
      { ...expected, pid: 9, command: 'node.exe' },
    ]);
    expect(parseWindowsProcesses(`\ufeff${JSON.stringify(row)}\r\n`)).toEqual([expected]);
    expect(parseWindowsProcesses('\r\n')).toEqual([]);
  });
  test('what the system is made of has no start, and so no identity', () =>
    expect(parseWindowsProcesses(JSON.stringify({ ...row, ProcessId: 0, ParentProcessId: 0, Started: null }))).toMatchObject([{ started: '', order: 0 }]));
  test('taskkill: children first, no trees, lines that are not too long', () => {
    const processes = Array.from({ length: 120 }, (_, i) => ({ pid: i + 1, started: 'x' }));
    const calls = taskkillCalls(processes);
    expect(calls.map((call) => call.length)).toEqual([101, 101, 41]);
    expect(calls[0]?.slice(0, 5)).toEqual(['/F', '/PID', '120', '/PID', '119']);
    expect(calls.flat()).not.toContain('/T');
    expect(taskkillCalls([])).toEqual([]);
  });
});

const process1 = { pid: 1, ppid: 0, order: 0, group: 1 };
const table = (...rows: readonly { pid: number; ppid: number; order: number; group?: number }[]): ProcessRow[] =>
  rows.map((row) => ({ group: undefined, ...row, started: String(row.order), isZombie: false, isStopped: false, command: '' }));
const pids = (rows: readonly ProcessRow[]): number[] => rows.map(({ pid }) => pid).sort((a, b) => a - b);

describe('descent', () => {
  test('also of what comes earlier in the list', () => {
    const rows = table({ pid: 30, ppid: 20, order: 3 }, { pid: 20, ppid: 10, order: 2 }, { pid: 40, ppid: 1, order: 1 }, { pid: 10, ppid: 1, order: 1 });
    expect(pids(descendants(rows, [{ pid: 10, started: '1' }]))).toEqual([10, 20, 30]);
  });
  test('a parent that started after its child is not its parent', () => {
    const rows = table({ pid: 10, ppid: 1, order: 50 }, { pid: 20, ppid: 10, order: 20 }, { pid: 30, ppid: 10, order: 60 });
    expect(pids(descendants(rows, [{ pid: 10, started: '50' }]))).toEqual([10, 30]);
  });
  test('a root of another start is not there', () =>
    expect(descendants(table({ pid: 10, ppid: 1, order: 50 }, { pid: 20, ppid: 10, order: 60 }), [{ pid: 10, started: '9' }])).toEqual([]));
  test('two that claim to be the parent of each other', () => {
    const rows = table({ pid: 10, ppid: 20, order: 5 }, { pid: 20, ppid: 10, order: 5 });
    expect(pids(descendants(rows, [{ pid: 10, started: '5' }]))).toEqual([10, 20]);
    expect([...selfAndAncestors(rows, 10, 20)].sort((a, b) => a - b)).toEqual([0, 1, 10, 20]);
  });
  test('Windows: what a process that has ended has left', () => {
    const dead = { pid: 10, started: '100' };
    const child = { pid: 20, ppid: 10, order: 150 };
    const before = { pid: 21, ppid: 10, order: 90 };
    const after = { pid: 22, ppid: 10, order: 250 };
    expect(pids(orphansOf(table(child, before, after), dead, 100, 200))).toEqual([20]);
    expect(pids(orphansOf(table(child, { pid: 10, ppid: 1, order: 120 }), dead, 100, 200))).toEqual([]);
    expect(pids(orphansOf(table(child, { pid: 10, ppid: 1, order: 180 }), dead, 100, 200))).toEqual([20]);
    expect(orphansOf(table(child, { pid: 10, ppid: 1, order: 100 }), dead, 100, 200)).toEqual([]);
  });
});

describe('what belongs to a launched program', () => {
  const launch = { pid: 10, started: '100' };
  const groups = new Set([5]);
  const never = new Set([0, 1, 4, 5]);
  const self = { pid: 5, ppid: 4, order: 50, group: 5 };
  const sort = (rows: ProcessRow[], known: ProcessRow[] = []) => {
    const { ours, daemons } = sortMembers(rows, { roots: [launch], known, groups, never });
    return { ours: pids(ours), daemons: pids(daemons) };
  };
  test('all below it, whatever their groups', () =>
    expect(sort(table(process1, self, { pid: 10, ppid: 5, order: 100, group: 5 }, { pid: 11, ppid: 10, order: 101, group: 11 }))).toEqual({
      ours: [10, 11],
      daemons: [],
    }));
  test('what has left it goes by its group, what is below goes with it', () => {
    const rows = table(
      process1,
      self,
      { pid: 20, ppid: 1, order: 110, group: 5 },
      { pid: 21, ppid: 20, order: 111, group: 21 },
      { pid: 30, ppid: 1, order: 120, group: 29 },
      { pid: 31, ppid: 30, order: 121, group: 5 },
    );
    expect(sort(rows, [rows[2], rows[4]] as ProcessRow[])).toEqual({ ours: [20, 21], daemons: [30, 31] });
  });
  test('this process and those above it are no one’s, even where they are named', () => {
    const rows = table(process1, { pid: 4, ppid: 1, order: 40, group: 4 }, self, { pid: 60, ppid: 4, order: 60, group: 5 });
    expect(sort(rows, rows.slice(0, 3))).toEqual({ ours: [], daemons: [] });
  });
});

describe('a session in an environment', () => {
  const folder = '/tmp/plateau-aB3x9Z';
  test.each([
    [`NODE_OPTIONS=--require ${folder}/hook.cjs`, true],
    [`A=1\0PATH=/bin:${folder}/bin:/usr/bin\0`, true],
    [`PATH=${folder}`, true],
    [`NODE_OPTIONS=--import file://${folder}/register.mjs`, true],
    [`NODE_OPTIONS="--require=${folder}/hook.cjs"`, true],
    [`PATH=${folder}2/bin`, false],
    [`PATH=${folder}.old/bin`, false],
    [`PATH=/home${folder}/bin`, false],
    ['PATH=/tmp/plateau-other', false],
    [`PATH=/home${folder}/bin:${folder}/bin`, true],
    ['', false],
  ])('%j: %s', (environment, expected) => expect(namesFolder(environment, folder)).toBe(expected));
  test('folders with spaces and quotes, as NODE_OPTIONS and URLs write them', () => {
    expect(namesFolder('NODE_OPTIONS=--require "/my \\"tmp\\"/plateau-1/hook.cjs"', '/my "tmp"/plateau-1')).toBe(true);
    expect(namesFolder('NODE_OPTIONS=--import file:///my%20tmp/plateau-1/a.mjs', '/my tmp/plateau-1')).toBe(true);
  });
});

describe('identity', () => {
  test.skipIf(process.platform === 'win32')('a process is the same until it ends; a zombie has the number, and runs no more', async () => {
    // The parent takes no note of its child's end.
    const parent = spawn(process.execPath, ['-e', 'require("fs").writeSync(1,require("child_process").spawn("sleep",["30"]).pid+"\\n");for(;;);']);
    try {
      let text = '';
      parent.stdout.on('data', (chunk) => {
        text += chunk;
      });
      await until('the child is told', () => text.endsWith('\n'));
      const child = await identify(Number(text));
      if (!child) throw new Error('the child has no identity');
      expect([await isSame(child), await isRunning(child), isAlive(child.pid)]).toEqual([true, true, true]);
      process.kill(child.pid, 'SIGKILL');
      await until('the child is a zombie', async () => !(await isRunning(child)));
      expect([await isSame(child), isAlive(child.pid)]).toEqual([true, false]);
      parent.kill('SIGKILL');
      await until('the child is gone', async () => !(await isSame(child)));
      expect(await isRunning(child)).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
  });
  test.each([0, -1, 1.5, Number.NaN, 2 ** 22 + 1])('no process has the number %d', async (pid) => expect(await identify(pid)).toBeUndefined());
  test.skipIf(process.platform !== 'linux')('it is of this start of the machine, and of this namespace of numbers', async () => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    expect((await identify(process.pid))?.started).toMatch(new RegExp(`^\\d+/${boot}/pid:\\[\\d+\\]$`));
  });
});
