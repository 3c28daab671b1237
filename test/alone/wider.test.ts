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
import type { RecordingInfo } from '../../src/service/recordings/recording-info';
import { readInfo } from '../../src/service/recordings/recordings';
import type { Recipe } from '../../src/shared/recipe';
import { fileLocator } from '../../src/source/maps/locate';
import { profileFromText, rawFromText } from '../support/raw-profile';
import { temporaryFolder } from '../support/run';

const sharesOf = (text: string) => {
  const { tables } = profileFromText(text);
  const costs = functionCosts(tables);
  return { tables, shares: selfShares(tables, costs, profileTotals(tables, costs)) };
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
    expect(widerIn('parse x100\nrest x900', 'parse x145\nrest x855', 0.04), 'intervals apart is asked besides').toEqual([['parse', 0.1, 0.145]]);
    expect(widerIn('parse x100\nrest x900', 'parse x140\nrest x860', 0.03)).toEqual([]);
  });
  test('what has no name, or is no code, is not compared', () => {
    expect(widerIn('rest x900', '(anonymous) x500\n(program) x500\nrest x900')).toEqual([]);
  });
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
