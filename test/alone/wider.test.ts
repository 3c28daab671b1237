import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { selfShares, widerFunctions } from '../../src/core/compare/wider';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { functionCosts, profileTotals } from '../../src/core/profile/costs/function-costs';
import { functionAt } from '../../src/core/profile/tables';
import { type FindingSearch, findingStore } from '../../src/server/findings/findings';
import { sourceCache } from '../../src/server/sources';
import { baselineFindings, findBaseline } from '../../src/service/findings/baseline-findings';
import { openProfile } from '../../src/service/profile/opened-profile';
import { streamCpuProfile } from '../../src/service/profile/stream-cpuprofile';
import type { RecordingInfo } from '../../src/service/recordings/recording-info';
import { readInfo } from '../../src/service/recordings/recordings';
import type { Recipe } from '../../src/shared/recipe';
import { fileLocator } from '../../src/source/maps/locate';
import { profileFromText, rawFromText } from '../support/raw-profile';
import { plateau, temporaryFolder } from '../support/run';

const sharesOf = (text: string) => {
  const { tables } = profileFromText(text);
  const costs = functionCosts(tables);
  return { tables, shares: selfShares(tables, profileTotals(tables, costs)) };
};
const widerIn = (before: string, now: string, threshold = 0.05) => {
  const { tables, shares } = sharesOf(now);
  return widerFunctions(shares, sharesOf(before).shares, threshold).map(({ func, shareBefore, share }) => [functionAt(tables, func).name, shareBefore, share]);
};

describe('wider functions', () => {
  test('by name and file, whatever line they stand on', () => {
    expect(widerIn('parse@file:///a.js:1 x100\nrest x900', 'parse@file:///a.js:30 x400\nrest x900')).toEqual([['parse', 0.1, 400 / 1300]]);
    expect(widerIn('parse@file:///a.js:1 x400\nrest x900', 'parse@file:///b.js:1 x400\nrest x900')).toEqual([['parse', 0, 400 / 1300]]);
  });
  test('not where the intervals overlap, the growth is small, or only the rest has shrunk', () => {
    expect(widerIn('parse x10\nrest x90', 'parse x16\nrest x84')).toEqual([]);
    expect(widerIn('parse x100\nrest x900', 'parse x140\nrest x860')).toEqual([]);
    expect(widerIn('parse x400\nrest x900', 'parse x400\nrest x100')).toEqual([]);
    expect(widerIn('parse x100\nrest x900', 'parse x100\nrest x900')).toEqual([]);
    // Three standard deviations by Wilson: 0.1 of 1000 reaches to 0.132; 0.15 begins at 0.119, 0.17 at 0.137.
    expect(widerIn('parse x100\nrest x900', 'parse x170\nrest x830', 0.04), 'intervals apart is asked besides').toEqual([['parse', 0.1, 0.17]]);
    expect(widerIn('parse x100\nrest x900', 'parse x150\nrest x850', 0.03)).toEqual([]);
  });
  test('what has no name, or is no code, is not compared', () => {
    expect(widerIn('rest x900', '(anonymous) x500\n(program) x500\nrest x900')).toEqual([]);
  });
});

describe('what the runtime does for itself is not compared', () => {
  const module = 'Module@node:internal/modules/cjs/loader:1';
  test.each([
    ['a module that is parsed', 'parseCJS@node:internal/deps/cjs-module-lexer/lexer:1'],
    ['one that a function of yours asks for', `main@file:///a.js:1 > ${module} > wrapSafe@node:internal/modules/cjs/loader:9`],
    ['native code below the loader', `main@file:///a.js:1 > ${module} > compileFunction@-`],
    ['what Plateau does', '(Plateau)@node:plateau'],
    ['the start of Node.js', 'prepareMainThreadExecution@node:internal/process/pre_execution:1'],
    ['what runs between two tasks', 'processTicks@node:internal/process/task_queues:1 > stat@-'],
  ])('%s', (_, stack) => expect(widerIn('rest@file:///b.js:1 x1000', `${stack} x900\nrest@file:///b.js:1 x1000`)).toEqual([]));
  test('what a function of yours has it do is, and the code of modules too', () => {
    const main = 'main@file:///a.js:1';
    expect(widerIn(`${main} x1000`, `${main} > readFileSync@node:fs:1 x900\n${main} x1000`)).toEqual([['readFileSync', 0, 900 / 1900]]);
    expect(widerIn(`${main} x1000`, `${main} > stringify@- x900\n${main} x1000`)).toEqual([['stringify', 0, 900 / 1900]]);
    const loaded = `${module} > build@file:///app/node_modules/x/a.js:1`;
    expect(widerIn(`${main} x1000`, `${loaded} x900\n${main} x1000`)).toEqual([['build', 0, 900 / 1900]]);
  });
});

describe('real programs', () => {
  const folder = temporaryFolder({
    'a.cjs': `const fs = require('node:fs');
const texts = Array.from({ length: 60 }, (_, at) => Array.from({ length: 3000 }, (_, i) => 'w' + ((i * (at + 7)) % 500)).join(' '));
function count(text) { const found = new Map(); for (const word of text.split(' ')) found.set(word, (found.get(word) ?? 0) + 1); return found; }
function rank(found) { return [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)); }
function render(rows) { return rows.map(([word, times]) => word.padEnd(12) + times).join('\\n'); }
let size = 0;
for (let round = 0; round < 8; round++) for (const text of texts) size += render(rank(count(text))).length + JSON.stringify(text).length;
function checksum(text) { let sum = 7; for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) % 65521; return sum; }
for (let round = 0; round < (process.env.SLOWER ? 120 : 4); round++) for (const text of texts) size += checksum(text);
fs.writeFileSync(require('node:os').devNull, String(size));`,
  });
  afterAll(() => folder.remove());
  const record = async (name: string, env: Record<string, string> = {}) => {
    const out = path.join(folder.path, `${name}.cpuprofile`);
    const { stderr } = await plateau(['record', '--out', out, '--', process.execPath, 'a.cjs'], { cwd: folder.path, env: { ...process.env, ...env } });
    const read = streamCpuProfile(out);
    if (!read.ok) throw new Error(stderr);
    const { tables } = read.value;
    const costs = functionCosts(tables);
    return { tables, shares: selfShares(tables, profileTotals(tables, costs)) };
  };

  test('an unchanged one stays silent in nineteen of twenty repeats, a slower one is told', async () => {
    const all: Awaited<ReturnType<typeof record>>[] = [];
    for (let run = 0; run < 5; run++) all.push(await record(`run${run}`));
    const pairs = all.flatMap((before) => all.filter((one) => one !== before).map((now) => widerFunctions(now.shares, before.shares, 0.05).length));
    expect(pairs).toHaveLength(20);
    expect(pairs.filter((found) => found > 0).length).toBeLessThanOrEqual(1);
    const slower = await record('slower', { SLOWER: '1' });
    for (const before of all)
      expect(widerFunctions(slower.shares, before.shares, 0.05).map(({ func }) => functionAt(slower.tables, func).name)).toEqual(['checksum']);
  }, 120_000);
});

describe('the recording before', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  const recipe: Recipe = { kind: 'script', script: 'bench', cwd: '/app' };
  const add = (name: string, text: string, minute: number, more: Partial<RecordingInfo> = {}) => {
    const info: RecordingInfo = {
      version: 1,
      title: name,
      recordedAt: new Date(Date.UTC(2026, 0, 5, 12, minute)).toISOString(),
      recipe,
      node: 'v20.0.0',
      pid: 1,
      interval: 1000,
      headline: { duration: 1, active: 1, samples: 1 },
      sources: {},
      ...more,
    };
    folder.file(`${name}.plateau.json`, JSON.stringify(info));
    return folder.file(`${name}.cpuprofile`, JSON.stringify(rawFromText(text)));
  };
  const main = 'file:///app/a.js';
  const slow = `main@${main} > parse@${main} x400\nmain@${main} > rest@${main} x900`;
  const fast = `main@${main} > parse@${main} x100\nmain@${main} > rest@${main} x900`;
  const open = async (file: string, text: string) =>
    openProfile(file, profileFromText(text), { thresholds: defaultThresholds, locator: fileLocator([]), info: await readInfo(file) });

  test('is the newest earlier one that was made in the same way', async () => {
    add('oldest', slow, 1);
    const before = add('before', fast, 2);
    add('other-recipe', slow, 3, { recipe: { ...recipe, script: 'other' } });
    add('other-interval', slow, 3, { interval: 100 });
    add('other-focus', slow, 3, { focus: { file: '/app/a.js', name: 'rest', line: 1, column: 1 } });
    folder.file('foreign.cpuprofile', JSON.stringify(rawFromText(slow)));
    const now = add('now', slow, 10);
    add('later', fast, 11);
    const opened: string[] = [];
    const found = await baselineFindings(await open(now, slow), defaultThresholds, async (file) => {
      opened.push(file);
      return open(file, fast);
    });
    expect(opened).toEqual([before]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      rule: 'wider-than-before',
      level: 'warning',
      origin: 'heuristic',
      samples: 400,
      page: 'docs/findings/wider-than-before.md',
    });
    expect(found[0]?.title).toBe('parse is wider than before');
    expect(found[0]?.summary).toMatch(/30\.8 % of active time .* In the recording of 2026-01-05 \d\d:02 it took 10\.0 %, 100 ms, by the same recipe/);
    expect(found[0]?.id).toBe(`wider-than-before:parse@app/a.js`);
  });
  test('nothing is opened where there is none', async () => {
    const first = path.join(folder.path, 'oldest.cpuprofile');
    const info = await readInfo(first);
    expect(info && (await findBaseline(first, info))).toBeUndefined();
    const found = await baselineFindings(await open(first, slow), defaultThresholds, () => Promise.reject(new Error('must not be opened')));
    expect(found).toEqual([]);
  });
  test('joins what is known of a profile after it has been opened', async () => {
    const now = await open(path.join(folder.path, 'now.cpuprofile'), slow);
    const rules = (): string[] => store.of(now).map(({ finding }) => finding.rule);
    const searchBaseline: FindingSearch = (profile) => baselineFindings(profile, defaultThresholds, (file) => open(file, fast));
    const store = findingStore({
      roots: () => [folder.path],
      sources: sourceCache(
        () => undefined,
        () => [],
        { functions: async () => [] },
      ),
      searches: [searchBaseline, () => Promise.reject(new Error('broken'))],
      ignoredRules: () => [],
      warn: (message) => warned.push(message),
    });
    const warned: string[] = [];
    let told = 0;
    store.onDidChange((profile) => {
      if (profile === now) told++;
    });
    await store.load(now);
    await store.settled(now);
    expect(rules()).toEqual(expect.arrayContaining([...now.findings.map(({ rule }) => rule), 'wider-than-before']));
    expect(told).toBe(1);
    // One search that fails takes nothing from the others.
    expect(warned).toEqual([expect.stringMatching(/now\.cpuprofile could not be looked for: broken/)]);
  });
  test('one that cannot be read any more gives none', async () => {
    expect(await baselineFindings(await open(path.join(folder.path, 'now.cpuprofile'), slow), defaultThresholds, async () => undefined)).toEqual([]);
  });
});
