import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type AttackOptions, attack, guardIn } from '../soak/attack/attack';
import type { Row } from '../soak/attack/batch';
import { judge } from '../soak/attack/judge';
import { kinds } from '../soak/attack/kinds';
import { type Case, makeCase, wholeCase } from '../soak/attack/make-case';
import { rangesLeft, readState, writeState } from '../soak/attack/state';
import { addRow, addTally, emptyTally } from '../soak/attack/tally';
import { temporaryFolder } from '../support/run';

/** A small batch of `npm run soak -- attack`; the seeds are always the same. */
const FIRST = 20_000;
const COUNT = 260;

async function rowsOf(options: Omit<AttackOptions, 'onRow'>): Promise<Row[]> {
  const rows: Row[] = [];
  await attack({ ...options, onRow: (row) => rows.push(row) });
  return rows;
}

test('what is attacked opens as long as nothing is changed', async () => {
  const rows = await rowsOf({ first: 0, count: kinds.length, lanes: 1, isWhole: true });
  expect(rows.filter(({ outcome, problems }) => outcome !== 'opened' || problems.length > 0)).toEqual([]);
  expect(rows.map(({ kind }) => kind)).toEqual(kinds.map(({ name }) => name));
}, 120_000);

test('mutated inputs of every kind do no harm, and most open', async () => {
  const rows = await rowsOf({ first: FIRST, count: COUNT, lanes: 1 });
  expect(rows.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(rows.map(({ seed }) => seed)).toEqual(Array.from({ length: COUNT }, (_, i) => FIRST + i));
  expect(new Set(rows.map(({ kind }) => kind)).size).toBe(kinds.length);
  const structural = rows.filter(({ change, packing }) => change === 'structure' && !packing.includes('damaged'));
  expect(structural.filter(({ outcome }) => outcome === 'opened').length).toBeGreaterThan(structural.length / 2);
}, 120_000);

test('what is made long many times over stays a text', () => {
  // A list of lists, each of some megabytes.
  expect(makeCase(326_719, '/work').bytes.length).toBeLessThan(64 << 20);
});

test('a run that was stopped goes on with the seeds that are left, and adds up to the same', () => {
  expect(rangesLeft([0, 100], [], 40)).toEqual([
    [0, 40],
    [40, 80],
    [80, 100],
  ]);
  expect(
    rangesLeft(
      [10, 100],
      [
        [50, 70],
        [0, 20],
      ],
      40,
    ),
  ).toEqual([
    [20, 50],
    [70, 100],
  ]);
  expect(rangesLeft([0, 10], [[0, 10]], 40)).toEqual([]);

  const row = { kind: 'trace', change: 'structure', packing: 'plain', outcome: 'opened', ms: 5, cpuMs: 3, megabytes: 90, problems: [] } as const;
  const rows: Row[] = [
    { ...row, seed: 1 },
    { ...row, seed: 2, outcome: 'refused', packing: 'gzip damaged' },
    { ...row, seed: 3, kind: 'perf', ms: 70, problems: ['exit code 7: at 3'] },
    { ...row, seed: 4, kind: 'perf', outcome: 'refused', cpuMs: 8, megabytes: 200, problems: ['exit code 7: at 4'] },
  ];
  const whole = emptyTally();
  for (const one of rows) addRow(whole, one);
  expect(whole.kinds).toEqual({
    trace: { cases: 2, opened: 1, structural: 1, structuralOpened: 1, refused: 1, failed: 0, ms: 5, cpuMs: 3, megabytes: 90 },
    perf: { cases: 2, opened: 1, structural: 2, structuralOpened: 1, refused: 0, failed: 2, ms: 70, cpuMs: 8, megabytes: 200 },
  });
  expect(Object.values(whole.failures)).toEqual([{ count: 2, seeds: [3, 4] }]);

  const folder = temporaryFolder({});
  try {
    const file = path.join(folder.path, 'out', 'state.json');
    expect(readState(file)).toEqual({ done: [], tally: emptyTally(), seconds: 0 });
    const state = readState(file);
    for (const one of rows.slice(0, 3)) addRow(state.tally, one);
    writeState(file, { ...state, done: [[1, 4]], seconds: 7 });
    const again = readState(file);
    expect(again).toMatchObject({ done: [[1, 4]], seconds: 7 });
    const rest = emptyTally();
    for (const one of rows.slice(3)) addRow(rest, one);
    addTally(again.tally, rest);
    expect(again.tally).toEqual(whole);
  } finally {
    folder.remove();
  }
});

test('a seed gives the same case each time, and changes to the structure of JSON stay JSON', () => {
  let changed = 0;
  for (let seed = 0; seed < 400; seed++) {
    const one = makeCase(seed, '/work');
    expect(Buffer.compare(one.bytes, makeCase(seed, '/work').bytes)).toBe(0);
    if (one.kind.shape !== 'json' || one.change !== 'structure' || one.packing !== 'plain') continue;
    const text = Buffer.from(one.bytes).toString('utf8');
    // Deeper than JSON.parse takes on its stack.
    if (!/\[{2000}|(?:\{"children":\[){2000}/.test(text)) expect(() => JSON.parse(text), String(seed)).not.toThrow();
    if (Buffer.compare(one.bytes, wholeCase(one.kind, '/work').bytes) !== 0) changed++;
  }
  expect(changed).toBeGreaterThan(90);
});

test('the guard tells of devices, pipes, other hosts, writes outside, processes and connections, and lets the rest be', async () => {
  const folder = temporaryFolder({
    'lane/guard.log': '',
    'lane/case/a.json': '{}',
    'try.cjs': `const fs = require('node:fs');
const { Worker, isMainThread } = require('node:worker_threads');
const tries = [
  () => fs.readFileSync('/dev/zero'),
  () => fs.statSync('//host.invalid/share/x.js'),
  () => fs.statSync('\\\\\\\\host.invalid\\\\share'),
  () => fs.writeFileSync('../../outside.txt', ''),
  () => require('node:child_process').execFileSync('true'),
  () => require('node:net').connect(9),
  () => fs.readFileSync('a.json'),
  () => fs.writeFileSync('b.json', ''),
];
for (const one of tries) try { one(); } catch {}
fs.promises.readFile('/dev/zero').catch(() => {});
if (isMainThread) new Worker(__filename);
`,
  });
  try {
    const lane = fs.realpathSync(path.join(folder.path, 'lane'));
    const guard = await guardIn(folder.path);
    const ran = spawnSync(process.execPath, ['--import', guard, path.join(folder.path, 'try.cjs')], {
      cwd: path.join(lane, 'case'),
      env: { ...process.env, ATTACK_ROOT: lane, NODE_OPTIONS: '' },
      encoding: 'utf8',
    });
    expect(ran.stderr).toBe('');
    const told = fs.readFileSync(path.join(lane, 'guard.log'), 'utf8').trim().split('\n');
    const sentences = told.map((line) => (JSON.parse(line) as string).split('\n')[0]?.replace(/: .*/, ''));
    const once = [
      'a connection is opened',
      'a device or a pipe is read',
      'a path on another host is touched',
      'a process is started',
      'something is written outside',
    ];
    // Two slashes are one but on Windows.
    const again = process.platform === 'win32' ? ['a path on another host is touched'] : [];
    expect(sentences.sort()).toEqual([...once, 'a device or a pipe is read', ...again].flatMap((one) => [one, one]).sort());
    expect(fs.existsSync(path.join(folder.path, 'outside.txt'))).toBe(false);
  } finally {
    folder.remove();
  }
});

const find = (name: string): Case => wholeCase(kinds.find((one) => one.name === name) as (typeof kinds)[number], '/work');
const asked = (name: string, ...args: string[]): Case => ({ ...find(name), ask: { bundle: 'analyze', args } });

test.each<[string, Case, { code?: number; stdout?: string; stderr?: string }, RegExp]>([
  ['an exception', asked('trace', 'a'), { code: 4, stderr: 'plateau: this is a bug in Plateau, please report it.\nError\n at x' }, /^a bug: /],
  ['an exception as a sentence', asked('trace', 'a'), { code: 4, stderr: "plateau: a: Cannot read properties of null (reading 'x')." }, /^a mistake in code/],
  ['a refusal without words', asked('trace', 'a'), { code: 4 }, /^refused without a sentence/],
  ['an exit code that is none', asked('trace', 'a'), { code: 7, stderr: 'plateau: it is so' }, /^exit code 7/],
  ['JSON that is none', asked('trace', 'a', '--json'), { stdout: '{"a":' }, /^output that is no JSON/],
  ['an escape', asked('trace', 'a'), { stdout: 'a \u001b[31m b' }, /^a control character in standard output/],
  ['an override', asked('trace', 'a'), { stderr: 'a \u202e b' }, /^a control character in standard error/],
  ['a sidecar that costs its profile', asked('sidecar', 'a'), { code: 4, stderr: 'plateau: a: it is damaged.' }, /^what stands beside it costs the profile/],
  ['text of a file outside', asked('trace', 'a'), { stdout: 'k4pt-0uts1' }, /^a file outside is shown/],
])('%s is a failure', (_, one, { code = 0, stdout = '', stderr = '' }, sentence) => {
  const problems = judge(one, { code, stdout, stderr });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(sentence);
});
