import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { attack, guardIn } from '../soak/attack/attack';
import { judge } from '../soak/attack/judge';
import { kinds } from '../soak/attack/kinds';
import { type Case, makeCase, wholeCase } from '../soak/attack/make-case';
import { temporaryFolder } from '../support/run';

/** A small batch of `npm run soak -- attack`; the seeds are always the same. */
const FIRST = 20_000;
const COUNT = 220;

test('what is attacked opens as long as nothing is changed', async () => {
  const rows = await attack({ first: 0, count: kinds.length, lanes: 1, isWhole: true });
  expect(rows.filter(({ outcome, problems }) => outcome !== 'opened' || problems.length > 0)).toEqual([]);
  expect(rows.map(({ kind }) => kind)).toEqual(kinds.map(({ name }) => name));
}, 120_000);

test('mutated inputs of every kind do no harm, and most open', async () => {
  const rows = await attack({ first: FIRST, count: COUNT, lanes: 1 });
  expect(rows.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(rows.map(({ seed }) => seed)).toEqual(Array.from({ length: COUNT }, (_, i) => FIRST + i));
  expect(new Set(rows.map(({ kind }) => kind)).size).toBe(kinds.length);
  const structural = rows.filter(({ change, packing }) => change === 'structure' && !packing.includes('damaged'));
  expect(structural.filter(({ outcome }) => outcome === 'opened').length).toBeGreaterThan(structural.length / 2);
}, 120_000);

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
