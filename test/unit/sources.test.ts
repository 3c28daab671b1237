import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { functionCosts } from '../../src/core/profile/costs/function-costs';
import type { ProfileTables } from '../../src/core/profile/tables';
import { functionIndex } from '../../src/shared/brands';
import { alignLines, lineFingerprints } from '../../src/source/align-lines';
import { fileLocator } from '../../src/source/maps/locate';
import { sourceMappingUrl } from '../../src/source/maps/map-url';
import { parseSourceMap, sourceMapOf } from '../../src/source/maps/source-maps';
import { sourceView } from '../../src/source/source-view';
import { generator } from '../support/mutate';
import { readOk } from '../support/raw-profile';
import { plateau, temporaryFolder } from '../support/run';

const folders: { remove(): void }[] = [];
const folder = (files?: Record<string, string>) => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) one.remove();
});

const program = {
  'src/main.ts': `import { slow } from './lib/slow';\n\ninterface A { n: number }\nconst a: A = { n: 6e7 };\nconsole.log(slow(a.n));\n`,
  'src/lib/slow.ts': `// a comment\n\nexport type T = number;\nexport function slow(n: T): T {\n  let sum = 0;\n\n  for (let i = 0; i < n; i++) {\n    sum += i % 7;\n  }\n  return sum;\n}\n`,
};
/** Where `slow` stands in its source, counted by hand: line 4, its hot line 7 or 8. */
const SLOW_LINE = 4;

const rowOf = ({ strings, functions }: ProfileTables, name: string) => functionIndex([...functions.name].findIndex((index) => strings.at(index) === name));

async function recordAndView(folderPath: string, script: string, roots: readonly string[] = [folderPath]) {
  const out = path.join(folderPath, `${path.basename(script)}.cpuprofile`);
  const recorded = await plateau(['record', '--interval', '200', '--force', '--out', out, '--', process.execPath, '--enable-source-maps', script], {
    cwd: folderPath,
  });
  expect(recorded.code, recorded.stderr).toBe(0);
  const { tables } = readOk(new Uint8Array(readFileSync(out)));
  return { tables, view: sourceView(tables, functionCosts(tables), fileLocator(roots)), out };
}

describe('source maps of real bundles', () => {
  const build = (root: string, options: esbuild.BuildOptions) =>
    esbuild.build({
      absWorkingDir: root,
      entryPoints: ['src/main.ts'],
      bundle: true,
      platform: 'node',
      outfile: 'dist/main.js',
      logLevel: 'silent',
      ...options,
    });

  test.each<[string, esbuild.BuildOptions]>([
    ['inline', { sourcemap: 'inline' }],
    ['external', { sourcemap: true }],
    ['minified', { sourcemap: true, minify: true, keepNames: false }],
    ['with a sourceRoot', { sourcemap: true, sourceRoot: '../' }],
  ])('%s: the original function and line are found', async (name, options) => {
    const { path: root } = folder(program);
    await build(root, options);
    if (name === 'with a sourceRoot') {
      // As TypeScript writes it: sources relative to the root.
      const file = path.join(root, 'dist/main.js.map');
      const map = JSON.parse(readFileSync(file, 'utf8'));
      map.sources = ['src/lib/slow.ts', 'src/main.ts'];
      writeFileSync(file, JSON.stringify(map));
    }
    const { view, tables } = await recordAndView(root, 'dist/main.js');
    const costs = view.file(path.join(root, 'src/lib/slow.ts'));
    expect(costs?.functions.map(({ line }) => line)).toEqual([SLOW_LINE]);
    const func = costs?.functions[0]?.func ?? functionIndex(0);
    expect(view.place(func)).toMatchObject({ file: path.join(root, 'src/lib/slow.ts'), line: SLOW_LINE, exists: true });
    const hottest = [...(costs?.lines ?? [])].sort((a, b) => b[1].self - a[1].self)[0];
    if (name === 'minified') {
      // All on one line, and so are the loop and its body: no line of the source is said to be hot.
      expect(hottest).toBeUndefined();
      expect(view.functionLines(func)).toBeUndefined();
      expect(view.withoutLine(func)).toBeCloseTo(functionCosts(tables).self[func] as number, 3);
      return;
    }
    expect([7, 8]).toContain(hottest?.[0]);
    const self = functionCosts(tables).self[func] as number;
    expect([...(view.functionLines(func)?.lines.values() ?? [])].reduce((sum, { self: cost }) => sum + cost, 0)).toBeCloseTo(self, 3);
  });

  test('an indexed map (sections), webpack:// sources, another checkout', async () => {
    const { path: root } = folder(program);
    await build(root, { sourcemap: true });
    const file = path.join(root, 'dist/main.js.map');
    const map = JSON.parse(readFileSync(file, 'utf8')) as { sources: string[] };
    const renamed = { ...map, sources: map.sources.map((source) => `webpack://orders/./${source.replace(/^(\.\.\/)+/, '')}`) };
    writeFileSync(file, JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: renamed }] }));
    const { view } = await recordAndView(root, 'dist/main.js');
    expect(view.file(path.join(root, 'src/lib/slow.ts'))?.functions.map(({ line }) => line)).toEqual([SLOW_LINE]);
  });

  test('a profile from another checkout is matched by the end of its paths', () => {
    const { path: root } = folder(program);
    const raw = {
      nodes: [
        { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, children: [2] },
        {
          id: 2,
          callFrame: { functionName: 'slow', scriptId: '1', url: 'file:///home/ci/build/77/src/lib/slow.ts', lineNumber: 3, columnNumber: 20 },
          positionTicks: [{ line: 8, ticks: 2 }],
        },
      ],
      startTime: 0,
      endTime: 2000,
      samples: [2, 2],
      timeDeltas: [0, 1000],
    };
    const { tables } = readOk(raw);
    const view = sourceView(tables, functionCosts(tables), fileLocator([root]));
    expect(view.place(rowOf(tables, 'slow'))).toEqual({ file: path.join(root, 'src/lib/slow.ts'), line: SLOW_LINE, column: 21, exists: true });
    const elsewhere = sourceView(tables, functionCosts(tables), fileLocator([]));
    expect(elsewhere.place(rowOf(tables, 'slow'))).toMatchObject({ file: '/home/ci/build/77/src/lib/slow.ts', exists: false });
  });
});

test('a file is there however a loader spells it', () => {
  const { path: root } = folder({ 'my app/src/a b.js': '', 'src/100%.js': '', 'src/c#.js': '' });
  const locator = fileLocator([root]);
  const there = path.join(root, 'my app', 'src', 'a b.js');
  for (const recorded of [
    there,
    `${there}?v=17&t=3`,
    there.replaceAll(' ', '%20'),
    `${there.replaceAll(' ', '%20')}?import#x`,
    '/ci/my%20app/src/a%20b.js?v=1',
  ])
    expect(locator.locate(recorded), recorded).toBe(there);
  expect(locator.locate(path.join(root, 'src/100%.js'))).toBe(path.join(root, 'src/100%.js'));
  expect(locator.locate(path.join(root, 'src/c#.js'))).toBe(path.join(root, 'src/c#.js'));
  expect(locator.locate(path.join(root, 'src/none%00.js?x'))).toBeUndefined();
});

test('paths that are made to be looked for long are not', () => {
  const { path: root } = folder({ 'a/a/x.js': '', 'src/lib/deep.js': '', 'main.js': '', 'other/main.js': '' });
  const locator = fileLocator([root]);
  // Each as long as a system takes, and with each of its ends in a folder that is there.
  for (let i = 0; i < 5000; i++) expect(locator.locate(`/${'a/'.repeat(1500)}none${i}.js`)).toBeUndefined();
  for (let i = 0; i < 5000; i++) expect(locator.locate(`/${'b/'.repeat(1500)}none${i}.js`)).toBeUndefined();
  expect(locator.locate(`/${'b/'.repeat(1500)}src/lib/deep.js`)).toBe(path.join(root, 'src/lib/deep.js'));
  expect(locator.locate('C:\\build\\src\\lib\\deep.js')).toBe(path.join(root, 'src/lib/deep.js'));
  expect(locator.locate('/app/main.js')).toBe(path.join(root, 'main.js'));
  expect(locator.locate('/app/other/main.js')).toBe(path.join(root, 'other/main.js'));
  expect(locator.locate('/app/lib/deep.js')).toBe(path.join(root, 'src/lib/deep.js'));
  expect(locator.locate('/app/deep.js')).toBeUndefined();
  expect(locator.locate('deep.js')).toBe(path.join(root, 'src/lib/deep.js'));
}, 60_000);

describe('damaged source maps', () => {
  const script = (comment: string) => folder({ 'a.js': `function f(){}\n${comment}\n` });
  test.each([
    ['not JSON', '//# sourceMappingURL=data:application/json;base64,AAAA'],
    ['a file that is not there', '//# sourceMappingURL=gone.js.map'],
    ['a page of the web', '//# sourceMappingURL=https://example.com/a.js.map'],
    ['an empty url', '//# sourceMappingURL='],
    ['version 2', `//# sourceMappingURL=data:application/json,${encodeURIComponent('{"version":2}')}`],
    ['null sources', `//# sourceMappingURL=data:application/json,${encodeURIComponent('{"version":3,"sources":null,"names":[],"mappings":"AAAA"}')}`],
  ])('%s: the generated file is shown', (_, comment) => {
    const { path: root } = script(comment);
    const map = sourceMapOf(path.join(root, 'a.js'));
    expect(map?.original(1, 0)).toBeUndefined();
  });
  test('mappings that are none give nothing that could break a view', () => {
    const original = parseSourceMap('{"version":3,"sources":["a"],"names":[],"mappings":"!!!;~,~"}', 'file:///x/a.js.map')?.original(1, 0);
    expect(original === undefined || original.line >= 1).toBe(true);
  });
  test('the last comment counts', () => {
    const { path: root } = folder({ 'a.js': '//# sourceMappingURL=old.map\nx\n//# sourceMappingURL=new.map\n' });
    expect(sourceMappingUrl(path.join(root, 'a.js'))).toBe('new.map');
  });
  test.each([
    ['a short comment behind a megabyte of code', `${'code();\n'.repeat(130_000)}//# sourceMappingURL=a.map\n\n`, 'a.map'],
    [
      'a map in the comment itself, larger than what is read at first',
      `code();\n//# sourceMappingURL=data:${'x'.repeat(200_000)}`,
      `data:${'x'.repeat(200_000)}`,
    ],
    [
      'such a map with other comments behind it',
      `code();\n//# sourceMappingURL=data:${'x'.repeat(200_000)}\n//# debugId=1\n/* end */\n`,
      `data:${'x'.repeat(200_000)}`,
    ],
    ['a bundle of one line', `${'code();'.repeat(30_000)}//# sourceMappingURL=a.map`, 'a.map'],
    ['none, in a large file', 'code();\n'.repeat(130_000), undefined],
    ['nothing but line breaks', '\n'.repeat(200_000), undefined],
    ['an empty file', '', undefined],
  ])('%s', (_, text, url) => {
    const { path: root } = folder({ 'a.js': text });
    expect(sourceMappingUrl(path.join(root, 'a.js'))).toBe(url);
  });
  test('a prefix against script inclusion is stepped over', () => {
    expect(parseSourceMap(`)]}'\n{"version":3,"sources":["b.ts"],"names":[],"mappings":"AAAA"}`, pathToFileURL('/x/a.js.map').href)?.original(1, 0)).toEqual({
      source: '/x/b.ts',
      line: 1,
      column: 0,
    });
  });
});

describe('lines that move', () => {
  const align = (before: string, after: string) => [...alignLines(lineFingerprints(before), lineFingerprints(after))];
  test.each([
    ['nothing changed', 'a\nb\nc', 'a\nb\nc', [0, 1, 2]],
    ['a line before', 'a\nb\nc', 'x\na\nb\nc', [1, 2, 3]],
    ['a line between', 'a\nb\nc', 'a\nx\nb\nc', [0, 2, 3]],
    ['a changed line loses its place', 'a\nb\nc', 'a\nB\nc', [0, -1, 2]],
    ['a removed line', 'a\nb\nc', 'a\nc', [0, -1, 1]],
    ['white space at the end is nothing', 'a\nb', 'a  \nb\r', [0, 1]],
    ['all new', 'a\nb', 'x\ny', [-1, -1]],
    ['emptied', 'a\nb', '', [-1, -1]],
  ])('%s', (_, before, after, expected) => expect(align(before, after)).toEqual(expected));

  test('a long file with many edits', () => {
    const before = Array.from({ length: 5000 }, (_, i) => `line ${i}`);
    const after = before.flatMap((line, i) => (i % 10 === 0 ? [`new ${i}`, line] : i % 10 === 5 ? [] : [line]));
    const aligned = alignLines(lineFingerprints(before.join('\n')), lineFingerprints(after.join('\n')));
    for (const [i, now] of aligned.entries()) expect(now).toBe(i % 10 === 5 ? -1 : after.indexOf(`line ${i}`));
  });

  test('lines that were rewritten do not count as edits, however many they are', () => {
    const lines = (mark: string): string[] => Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? `line ${i}` : `${mark} ${i}`));
    expect([...alignLines(lines('old'), ['new', ...lines('new')])]).toEqual(Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? i + 1 : -1)));
  });

  test('as many lines are kept, in their order, as a longest common subsequence has', () => {
    const random = generator(7);
    for (let round = 0; round < 300; round++) {
      const text = (): string[] => Array.from({ length: random(12) }, () => 'abcdefgh'[random(8)] as string);
      const [before, after] = [text(), text()];
      const aligned = [...alignLines(before, after)];
      const kept = aligned.filter((row) => row >= 0);
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      for (const [row, now] of aligned.entries()) if (now >= 0) expect(after[now]).toBe(before[row]);
      expect(kept.length, `${before.join('')} ${after.join('')}`).toBe(commonLength(before, after));
    }
  });
});

/** The length of a longest common subsequence, by the table of the textbook. */
function commonLength(one: readonly string[], other: readonly string[]): number {
  const table = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = 1; i <= one.length; i++)
    for (let j = 1; j <= other.length; j++)
      (table[i] as number[])[j] = one[i - 1] === other[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
  return at(one.length, other.length);
}

test('git is not needed to know a commit, but used where it is', async () => {
  const made = folder({ 'a.js': 'let n = 0; for (let i = 0; i < 1e8; i++) n += i;' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: made.path, encoding: 'utf8' });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'x');
  const out = path.join(made.path, 'p.cpuprofile');
  await plateau(['record', '--out', out, 'a.js'], { cwd: made.path });
  const info = JSON.parse(readFileSync(path.join(made.path, 'p.plateau.json'), 'utf8'));
  expect(info).toMatchObject({ commit: git('rev-parse', 'HEAD').trim(), isDirty: false, node: process.version });
});
