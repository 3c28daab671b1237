import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findInProfile } from '../../src/core/findings/find';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { withoutCovered } from '../../src/service/findings/all-findings';
import { openProfile } from '../../src/service/profile/opened-profile';
import type { TrackedFinding } from '../../src/shared/finding-status';
import type { ReportedFinding } from '../../src/shared/reported-finding';
import { fileLocator } from '../../src/source/maps/locate';
import { scanText } from '../support/patterns';
import { profileFromText, type RawCpuProfile, rawFromText, readOk } from '../support/raw-profile';
import { temporaryFolder } from '../support/run';

/** What was false of the findings in well-known packages (docs/precision.md), told here in small. */
const folder = temporaryFolder();
afterAll(() => folder.remove());

const many = (count: number, times: number, prefix = 'main') => Array.from({ length: count }, (_, i) => `${prefix} > f${i} x${times}`).join('\n');
const find = (text: string, rule: string) => findInProfile(profileFromText(text).tables, defaultThresholds).find((one) => one.rule === rule);

const open = (raw: RawCpuProfile) =>
  openProfile(path.join(folder.path, 'a.cpuprofile'), readOk(raw), { thresholds: defaultThresholds, locator: fileLocator([folder.path]), info: undefined });

describe('a small part of a cost is not blamed for it', () => {
  test('garbage collection after many functions, and after one', () => {
    const spread = find(Array.from({ length: 20 }, (_, i) => `main > f${i} x8\n(garbage collector) x4`).join('\n'), 'gc');
    expect(spread).toMatchObject({ functions: [], blame: undefined });
    expect(spread?.summary).not.toMatch(/follows|reached/);
    expect(spread?.advice).toMatch(/^No function dominates/);
    const one = find(`main > copy x80\n(garbage collector) x60\n${many(20, 8)}`, 'gc');
    expect(one?.summary).toContain('It follows copy');
    expect(one?.blame).toBeDefined();
  });

  test('loading of many modules, and of one in a function', () => {
    const load = (from: string) => `${from}@file:///app/${from}.js:1 > require@node:internal/modules/helpers x60`;
    const spread = find(`${Array.from({ length: 6 }, (_, i) => load(`module${i}`)).join('\n')}\n${many(30, 20)}`, 'module-loading');
    expect(spread?.cost).toBe(360_000);
    expect(spread?.blame).toBeUndefined();
    expect(spread?.summary).not.toContain('Reached from');
    const one = find(
      `main@file:///app/main.js:1 > render@file:///app/render.js:1 > require@node:internal/modules/helpers x300\n${many(30, 20)}`,
      'module-loading',
    );
    expect(one?.summary).toContain('Reached from your render (100.0 % of it)');
  });
});

test('code that was made from text is told as such; what is built in is not', () => {
  const raw = rawFromText(`main > template@- x90\n${many(20, 2)}`);
  const made = raw.nodes.find(({ callFrame }) => callFrame.functionName === 'template');
  Object.assign(made?.callFrame ?? {}, { functionName: '', lineNumber: 18, columnNumber: 24 });
  const advice = (profile: RawCpuProfile) => findInProfile(readOk(profile).tables, defaultThresholds).find((one) => one.rule === 'plateau')?.advice;
  expect(advice(raw)).toMatch(/^It was made from text while the program ran/);
  Object.assign(made?.callFrame ?? {}, { functionName: 'sort', lineNumber: -1, columnNumber: -1 });
  expect(advice(raw)).toMatch(/^Call it less often/);
});

test('code that was made from text while a module was loaded is no loading', () => {
  const text = `main@file:///app/main.js:1 > page@file:///app/page.js:1 > require@node:internal/modules/helpers > template@- x300\n${many(30, 20)}`;
  expect(find(text, 'module-loading')?.cost).toBe(300_000);
  const raw = rawFromText(text);
  Object.assign(raw.nodes.find(({ callFrame }) => callFrame.functionName === 'template')?.callFrame ?? {}, { scriptId: '7', lineNumber: 0, columnNumber: 9 });
  expect(findInProfile(readOk(raw).tables, defaultThresholds).find((one) => one.rule === 'module-loading')).toBeUndefined();
});

describe('the line of a plateau', () => {
  const text = `${'//\n'.repeat(9)}function hot(n) {\n  let sum = 0;\n\n  // up to n\n  for (let i = 0; i < n; i++) sum += i;\n  return sum;\n}\n${'//\n'.repeat(200)}`;
  const file = folder.file('hot.js', text);
  const profile = (ticks: readonly [line: number, ticks: number][]) => {
    const raw = rawFromText(`hot@file://${file}:10 x90`);
    const node = raw.nodes.find(({ callFrame }) => callFrame.functionName === 'hot');
    if (!node) throw new Error('no node');
    node.callFrame.columnNumber = 'function hot'.length;
    node.positionTicks = ticks.map(([line, count]) => ({ line, ticks: count }));
    return open(raw);
  };
  const line = (ticks: readonly [number, number][]) => profile(ticks).findings.find(({ rule }) => rule === 'plateau')?.place?.line;
  test('is its hottest one', () => {
    expect(line([[14, 60], [11, 30]])).toBe(14); // biome-ignore format: pairs
  });
  test('is not that of an inlined function, which V8 counts by its line in another place or file', () => {
    expect(line([[3, 60], [14, 30]])).toBe(14); // biome-ignore format: pairs
    expect(line([[150, 60], [14, 30]])).toBe(14); // biome-ignore format: pairs
    for (const empty of [12, 13])
      expect(
        line([
          [empty, 60],
          [14, 30],
        ]),
      ).toBe(14);
  });
});

test('a source that was not shipped with its map is no file of the same name in another package', () => {
  const map = JSON.stringify({ version: 3, sources: ['../src/tokenizer.ts'], names: [], mappings: 'AAAA;AACA;AACA' });
  folder.file('packages/a/package.json', '{ "name": "a" }');
  folder.file('packages/a/dist/package.json', '{ "type": "commonjs" }');
  folder.file('packages/a/dist/a.js.map', map);
  const script = folder.file('packages/a/dist/a.js', 'let x;\nfunction f() {}\nf();\n//# sourceMappingURL=a.js.map\n');
  folder.file('packages/b/package.json', '{ "name": "b" }');
  folder.file('packages/b/src/tokenizer.ts', 'export {};\n');
  const placeOf = () => {
    const { findings, sources, tables } = open(rawFromText(`f@file://${script}:2 x90`));
    const [func = -1] = findings.find(({ rule }) => rule === 'plateau')?.functions ?? [];
    expect(tables.functions.length).toBeGreaterThan(func);
    return sources.place(func as never);
  };
  expect(placeOf()).toMatchObject({ file: path.join(folder.path, 'packages/a/src/tokenizer.ts'), exists: false });
  const own = folder.file('packages/a/lib/src/tokenizer.ts', 'export {};\n');
  folder.file('packages/b/src/tokenizer.ts', '');
  expect([own, path.join(folder.path, 'packages/a/src/tokenizer.ts')]).toContain(placeOf()?.file);
});

test('constructors and functions that V8 names after their surroundings are searched', async () => {
  const far = `class Store {\n${'  // a long head\n'.repeat(40)}  constructor(words, list) {\n    const known = list.map(String);\n    for (const word of words) if (known.includes(word)) this.n++;\n  }\n}\n`;
  const scan = await scanText(far);
  expect(scan.missing).toBe(0);
  expect(scan.matches.map(({ rule }) => rule)).toEqual(['includes-in-loop']);
});

test('JSON and its pattern are told once', () => {
  const finding = (rule: string, share: number): TrackedFinding => ({
    finding: { rule, share, origin: rule === 'json' ? 'heuristic' : 'pattern', functions: [1] } as unknown as ReportedFinding,
    status: 'open',
    note: undefined,
  });
  const kept = (json: number) => withoutCovered([finding('json', json), finding('json-clone', 0.48)]).map(({ finding: { rule } }) => rule);
  expect(kept(0.59)).toEqual(['json-clone']);
  expect(kept(0.9)).toEqual(['json', 'json-clone']);
});
