import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020';
import { afterAll, describe, expect, test } from 'vitest';
import schema from '../../schema/comparison.schema.json';
import { seededRandom } from '../../src/core/statistics/random';
import type { ComparisonReport } from '../../src/shared/comparison';
import { rawFromText } from '../support/raw-profile';
import { plateau, temporaryFolder } from '../support/run';

const validate = new Ajv({ strict: false }).compile(schema);
const folder = temporaryFolder();
afterAll(() => folder.remove());
const profile = (name: string, text: string): string => {
  writeFileSync(path.join(folder.path, name), JSON.stringify(rawFromText(text)));
  return name;
};
const compare = (...args: string[]) => plateau(['compare', ...args], { cwd: folder.path });
async function report(...args: string[]): Promise<{ report: ComparisonReport; code: number | null; stderr: string }> {
  const { stdout, stderr, code } = await compare(...args, '--json');
  const parsed = JSON.parse(stdout) as ComparisonReport;
  expect(validate(parsed), JSON.stringify(validate.errors)).toBe(true);
  return { report: parsed, code, stderr };
}
const find = ({ functions }: ComparisonReport, name: string) => functions.find((one) => one.name === name);

describe('two files', () => {
  const before = profile('before.cpuprofile', 'main > parse@file:///app/a.js:3 x60\nmain > print@file:///app/a.js:9 x40\n(idle) x500');
  const after = profile('after.cpuprofile', 'main > parse@file:///app/a.js:5 x30\nmain > check@file:///app/b.js:1 x50\n(idle) x20');

  test('have sizes, states and no verdict, as JSON that fits its schema', async () => {
    const { report: found, code } = await report(before, after);
    expect(code).toBe(3);
    expect(found).toMatchObject({ unit: 'ms', scaled: 'run', verdict: null, total: { before: 100, after: 80, change: -20, ratio: 0.8 } });
    expect(found.metrics).toMatchObject([{ name: 'active', before: [100], after: [80], p: null, verdict: null, low: null }]);
    expect(find(found, 'parse')).toMatchObject({ before: 60, after: 30, change: -30, ratio: 0.5, p: null, verdict: null, state: 'both', line: 5 });
    expect(find(found, 'check')).toMatchObject({ before: 0, after: 50, ratio: null, state: 'new' });
    expect(find(found, 'print')).toMatchObject({ before: 40, after: 0, ratio: 0, state: 'gone' });
    expect(find(found, 'main')).toMatchObject({ change: 0, total: { before: 100, after: 80 } });
    expect(found.functions.map(({ name }) => name)).toEqual(['check', 'print', 'parse', 'main']);
    expect(found.functions.reduce((sum, { change }) => sum + change, 0)).toBeCloseTo(found.total.change, 9);
    const { report: same, code: sameCode } = await report(before, before);
    expect([sameCode, same.total.change, same.functions.every(({ change }) => change === 0)]).toEqual([3, 0, true]);
  });

  test('as text, with what is new, gone and moved', async () => {
    const { stdout } = await compare(before, after);
    expect(stdout).toContain('before.cpuprofile → after.cpuprofile\nper run · 1 run before, 1 after\n');
    expect(stdout).toContain('total  100 ms → 80.0 ms  −20 %');
    expect(stdout).toMatch(/60\.0 ms {2}30\.0 ms {2}−30\.0 ms {2}−50 % .*parse/);
    expect(stdout).toMatch(/– {2}50\.0 ms {2}\+50\.0 ms {2,}new .*check \(new\)/);
    const moved = [
      profile('from.cpuprofile', 'main > parse@file:///app/a.js:3 > next x20'),
      profile('to.cpuprofile', 'main > parse@file:///app/c.js:8 > next x30'),
    ] as const;
    const { report: found } = await report(...moved);
    expect(find(found, 'parse')).toMatchObject({ state: 'moved', url: expect.stringContaining('c.js'), was: { name: 'parse', line: 3 } });
    expect((await compare(...moved)).stdout).toMatch(/parse \(moved from \S*a\.js:3\)/);
  });

  test('scaled by name only', async () => {
    const { report: found, stderr } = await report(before, after, '--scale', 'share');
    expect(found).toMatchObject({ unit: 'percent', scaled: 'share' });
    expect(find(found, 'parse')).toMatchObject({ before: 60, after: 37.5 });
    expect(found.total).toMatchObject({ before: 100, after: 100, change: 0 });
    expect(stderr).toContain('Shares are compared');
    const { code, stderr: why } = await compare(before, after, '--scale', 'call');
    expect([code, why]).toEqual([4, 'plateau: --scale call: before.cpuprofile and after.cpuprofile do not both say how many calls there were.\n']);
  });

  test('of other formats, of bytes, and of units that do not go together', async () => {
    writeFileSync(path.join(folder.path, 'a.collapsed'), 'main;parse 30\nmain;print 10\n');
    writeFileSync(path.join(folder.path, 'b.collapsed'), 'main;parse 10\nmain;print 10\n');
    const { report: found } = await report('a.collapsed', 'b.collapsed');
    expect(found).toMatchObject({ unit: 'count', total: { before: 40, after: 20 } });
    const heap = (self: number) => ({
      head: {
        callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
        selfSize: 0,
        id: 1,
        children: [
          { callFrame: { functionName: 'make', scriptId: '1', url: 'file:///a.js', lineNumber: 0, columnNumber: 0 }, selfSize: self, id: 2, children: [] },
        ],
      },
      samples: [],
    });
    for (const [name, size] of Object.entries({ 'a.heapprofile': 5000, 'b.heapprofile': 8000 }))
      writeFileSync(path.join(folder.path, name), JSON.stringify(heap(size)));
    const { report: bytes } = await report('a.heapprofile', 'b.heapprofile');
    expect(bytes).toMatchObject({ unit: 'bytes', total: { before: 5000, after: 8000, ratio: 1.6 } });
    const { code, stderr } = await compare(before, 'a.heapprofile');
    expect([code, stderr]).toEqual([4, 'plateau: a.heapprofile: this counts bytes, and before.cpuprofile counts time.\n']);
  });

  test('that are not there, or are no profiles, and wrong usage', async () => {
    expect((await compare(before, 'missing.cpuprofile')).code).toBe(4);
    writeFileSync(path.join(folder.path, 'broken.cpuprofile'), '{"nodes": 7}');
    const broken = await compare('broken.cpuprofile', after);
    expect(broken.code).toBe(4);
    expect(broken.stderr).toContain('broken.cpuprofile: ');
    for (const args of [
      [before],
      [before, after, after],
      ['--before', before],
      [before, '--after', after],
      [before, after, '--scale', 'size'],
      ['', after],
      [],
    ]) {
      const { code, stderr } = await compare(...args);
      expect([code, stderr.startsWith('plateau: ') && stderr.endsWith('See plateau help compare.\n')], args.join(' ')).toEqual([2, true]);
    }
    expect((await compare('--help')).stdout).toContain('plateau compare BEFORE AFTER');
  });
});

describe('several files a side', () => {
  const random = seededRandom(5);
  const side = (name: string, slow: number): string[] =>
    Array.from({ length: 6 }, (_, at) => {
      const around = (count: number): number => Math.round(count * (0.98 + 0.04 * random()));
      return profile(`${name}-${at}.cpuprofile`, `main > steady x${around(500)}\nmain > changed x${around(300 * slow)}\nmain > small x5`);
    });
  const old = side('old', 1);
  const same = side('same', 1);
  const slow = side('slow', 2);

  test('slower: exit 1, with the function that is', async () => {
    const { report: found, code } = await report('--before', ...old, '--after', ...slow);
    expect([code, found.verdict]).toEqual([1, 'slower']);
    expect(found.before).toMatchObject({ name: '6 runs', runs: 6, files: old });
    expect(found.metrics[0]?.before).toHaveLength(6);
    // Six against six that do not overlap: 2 of 924 choices; Holm over the two functions of 1 % or more.
    expect(find(found, 'changed')).toMatchObject({ verdict: 'slower', p: expect.closeTo(2 / 924, 9), pAdjusted: expect.closeTo(4 / 924, 9) });
    expect(find(found, 'steady')?.verdict).toBe('no difference');
    expect(find(found, 'small')).toMatchObject({ p: null, verdict: null });
    expect(found.sentence).toMatch(
      /^`changed` \d{3} ms → \d{3} ms \(\+\d+ %, \+\d+ to \+\d+ %\), p = 0\.0043; total \+\d+ %, \+\d+ to \+\d+ %, p = 0\.0022 \(6 runs a side\)$/,
    );
    expect((await compare('--before', ...old, '--after', ...slow)).stdout).toContain(found.sentence);
  });

  test('faster and no difference: exit 0; too few: exit 3', async () => {
    expect(await report('--before', ...slow, '--after', ...old)).toMatchObject({ code: 0, report: { verdict: 'faster' } });
    expect(await report('--before', ...old, '--after', ...same)).toMatchObject({ code: 0, report: { verdict: 'no difference' } });
    expect(await report('--before', ...old.slice(0, 2), '--after', ...slow.slice(0, 3))).toMatchObject({ code: 3, report: { verdict: 'inconclusive' } });
  });

  test('of loops, which run for a given time, the calls a second decide', async () => {
    const loops = (name: string, rate: number): string[] =>
      Array.from({ length: 6 }, (_, at) => {
        const file = profile(`${name}-${at}.cpuprofile`, `loop > step x${500 + at}`);
        const mean = rate + at;
        const loop = { calls: Math.round(mean * 5), perCall: { mean: 1e9 / mean, low: null, high: null }, rate: { mean, low: null, high: null } };
        const info = {
          version: 1,
          title: 'step in a loop',
          recordedAt: '2026-01-01T00:00:00.000Z',
          node: 'v20.0.0',
          pid: 1,
          interval: 1000,
          sources: {},
          loop,
        };
        const recipe = { kind: 'loop', file: '/app/a.js', exported: { name: 'step' }, args: '', constructorArgs: '', warmupMs: 1, durationMs: 1, cwd: '/app' };
        const headline = { duration: 1, active: 1, samples: 1 };
        writeFileSync(path.join(folder.path, `${name}-${at}.plateau.json`), JSON.stringify({ ...info, recipe, headline }));
        return file;
      });
    const [first, second] = [loops('loop-old', 1000), loops('loop-new', 2000)];
    const { report: found, code } = await report('--before', ...first, '--after', ...second);
    expect([code, found.verdict]).toEqual([0, 'faster']);
    expect(found.metrics).toMatchObject([{ name: 'calls a second', before: [1000, 1001, 1002, 1003, 1004, 1005], verdict: 'faster' }]);
    const perCall = await report('--before', ...first, '--after', ...second, '--scale', 'call');
    // 3,015 samples of a millisecond in 5 × 6,015 calls.
    expect(perCall.report.total.before).toBeCloseTo(3015 / (5 * 6015), 9);
    expect((await compare('--before', ...second, '--after', ...first)).code).toBe(1);
  });

  test('costs are per run, unless they are asked for as they are', async () => {
    const some = ['--before', ...old.slice(0, 2), '--after', ...slow.slice(0, 4)];
    const perRun = await report(...some);
    const raw = await report(...some, '--scale', 'raw');
    expect(raw.report.total.before).toBeCloseTo(2 * perRun.report.total.before, 9);
    expect(raw.report.total.after).toBeCloseTo(4 * perRun.report.total.after, 9);
    expect(raw.report.warnings).toEqual(['Costs are sums of 2 runs before and 4 after; --scale run compares runs.']);
  });
});
