import { describe, expect, test } from 'vitest';
import { findInProfile } from '../../src/core/findings/find';
import { shareMargin } from '../../src/core/findings/finding';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { readAnyProfile } from '../../src/core/formats/read/read-any';
import { functionCosts, profileTotals } from '../../src/core/profile/costs/function-costs';
import type { ProfileTables } from '../../src/core/profile/tables';
import { interval, reaches } from '../../src/core/statistics/share-interval';
import { profileFromText, type RawCpuProfile, rawFromText, readOk } from '../support/raw-profile';

const nameOf = ({ strings, functions }: ProfileTables, func: number | undefined) =>
  func === undefined ? undefined : strings.at(functions.name[func] as number);
const find = (text: string, thresholds = defaultThresholds) => {
  const { tables } = profileFromText(text);
  return { tables, findings: findInProfile(tables, thresholds) };
};
const kinds = (text: string) => find(text).findings.map(({ rule, level }) => `${rule} ${level}`);
/** Nineteen functions of 2 % and twenty-one smaller ones: nothing stands out. */
const many = (count: number, times: number) => Array.from({ length: count }, (_, i) => `main > f${i} x${times}`).join('\n');

describe('plateau', () => {
  test('20 % is to be investigated, 40 % almost certainly the bottleneck', () => {
    expect(kinds(`main > hot x40\n${many(40, 4)}`)).toEqual(['plateau warning']);
    expect(kinds(`main > hot x80\n${many(30, 4)}`)).toEqual(['plateau error']);
    expect(kinds(`main > hot x38\n${many(40, 4)}\nmain > g x2`)).toEqual([]);
  });

  test('shares are of active time: idle does not hide it', () => {
    expect(kinds(`main > hot x45\n${many(27, 2)}\n(idle) x100`)).toEqual(['plateau error']);
  });

  test('a dependency names the nearest own code, by the most of its cost', () => {
    const { tables, findings } = find(`
      main > route > validate@file:///app/node_modules/ajv/v.js:1 > hot@file:///app/node_modules/ajv/v.js:9 x50
      main > other > hot@file:///app/node_modules/ajv/v.js:9 x10
      ${many(20, 2)}
    `);
    const [plateau] = findings;
    expect(plateau?.functions.map((func) => nameOf(tables, func))).toEqual(['hot', 'route']);
    expect(nameOf(tables, plateau?.blame?.func)).toBe('route');
    expect(nameOf(tables, plateau?.blame?.callee)).toBe('validate');
    expect(plateau?.blame?.cost).toBe(50_000);
    expect(plateau?.summary).toContain('Reached from your route (83.3 % of it)');
  });

  test('own code needs no one else to blame', () => {
    const [plateau] = find(`main > hot x60\n${many(20, 2)}`).findings;
    expect(plateau).toMatchObject({ rule: 'plateau', share: 0.6, cost: 60_000, samples: 60, blame: { func: plateau?.functions[0], callee: undefined } });
  });

  test('V8 bookkeeping is no plateau', () => {
    expect(kinds(`(program) x90\n${many(10, 1)}`)).toEqual(['program info']);
  });
});

test('the top three at 80 % mean focused work will pay', () => {
  expect(kinds(`main > a x30\nmain > b x30\nmain > c x20\n${many(20, 1)}`)).toContain('focus info');
  expect(kinds(`main > a x30\nmain > b x30\nmain > c x19\n${many(21, 1)}`)).not.toContain('focus info');
});

test('an even spread points at the architecture', () => {
  expect(kinds(many(50, 2))).toEqual(['spread info']);
  expect(kinds(many(39, 2))).toEqual([]); // the top twenty hold more than half
});

test('GC at 10 % is memory pressure, blamed on who ran before', () => {
  const { tables, findings } = find(`main > alloc x20\n(garbage collector) x100\n${many(44, 20)}`);
  const gc = findings.find(({ rule }) => rule === 'gc');
  expect(gc).toMatchObject({ level: 'info', share: 0.1, samples: 100 });
  expect(nameOf(tables, gc?.functions[0])).toBe('alloc');
  expect(kinds(`main > alloc x20\n(garbage collector) x99\n${many(45, 20)}`).join()).not.toContain('gc');
  expect(kinds(`main > alloc x20\n(garbage collector) x200\n${many(39, 20)}`)).toContain('gc warning');
  expect(kinds(`main > alloc x2\n(garbage collector) x40\n${many(20, 2)}`).join(), '40 ms are not worth a word').not.toContain('gc');
});

test('one long gap is no evidence: what ran in it was seen once', () => {
  // A program that ends: eight collections of a millisecond, and one sample that lasts up to the end of the recording.
  const ending = (frame: string): RawCpuProfile => {
    const raw = rawFromText(`main > work x560\n${frame} x9`);
    return { ...raw, endTime: raw.endTime + 90_000 };
  };
  const rules = (frame: string): string[] => findInProfile(readOk(ending(frame)).tables, defaultThresholds).map(({ rule }) => rule);
  const { tables } = readOk(ending('(garbage collector)'));
  expect(profileTotals(tables, functionCosts(tables)), 'the end is nobody’s').toMatchObject({ gc: 9000, notSampled: 90_000 });
  expect(rules('(garbage collector)')).toEqual(['plateau']);
  expect(rules('main > readFileSync@node:fs:1')).toEqual(['plateau']);
  // Half of the threshold in samples is enough.
  expect(kinds('main > work x560\n(garbage collector) x70')).toContain('gc info');
});

test('too few samples say nothing', () => {
  expect(kinds('main > hot x29')).toEqual([]);
  expect(kinds('main > hot x30')).toContain('plateau error');
});

test('thresholds are settings', () => {
  const { findings } = find(`main > hot x45\n${many(42, 6)}\nmain > g x3`, { ...defaultThresholds, plateau: 0.1, bottleneck: 0.14 });
  expect(findings.map(({ rule, level }) => `${rule} ${level}`)).toEqual(['plateau error']);
});

test("the interval is Wilson's", () => {
  // Worked out by hand from the formula; 1.959964 is the normal quantile.
  // p = 0.5, n = 100: centre 0.5, half 1.959964 / 1.0384146 * sqrt(0.0025 + 3.8414589 / 40000)
  expect(interval(0.5, 100).low).toBeCloseTo(0.403832, 5);
  expect(interval(0.5, 100).high).toBeCloseTo(0.596168, 5);
  // Published: 0 of 10 gives 0 to 27.75 %.
  expect(interval(0, 10).low).toBe(0);
  expect(interval(0, 10).high).toBeCloseTo(0.2775, 4);
  expect(interval(0.3, 0)).toEqual({ low: 0, high: 1 });
  expect(shareMargin(0.5, 100)).toBeCloseTo(0.096168, 5);
});

test('a share speaks when it is measured, and the samples rule out half of it', () => {
  expect(reaches(0.2, 0.2, 100)).toBe(true);
  expect(reaches(0.199, 0.2, 100_000)).toBe(false);
  expect(reaches(0.1, 0.1, 30)).toBe(false); // from 3.5 %
});

test('names from a profile cannot bring control characters into a sentence', () => {
  const { findings } = find('main > \u001b[31mred\u202e x60');
  for (const { title, summary } of findings) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(title + summary).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
  }
});

test('merged stacks are no samples: no interval is made up', () => {
  const stacks = readAnyProfile(new TextEncoder().encode(`main;hot 9000\n${Array.from({ length: 40 }, (_, i) => `main;f${i} 25`).join('\n')}\n`));
  const tables = stacks.ok ? stacks.value.profiles[0]?.built.tables : undefined;
  if (!tables) throw new Error('does not open');
  const hot = findInProfile(tables, defaultThresholds).find(({ rule }) => rule === 'plateau');
  expect(hot?.summary).toContain('90.0 % of all that is counted, 9,000.');
  expect(hot?.summary).not.toMatch(/sample|confidence/);
});

test('words fit what is measured', () => {
  const { tables } = profileFromText(`main > hot x60\nmain > b x20\nmain > c x10\n${many(10, 1)}`);
  const words = findInProfile({ ...tables, unit: 'bytes' }, defaultThresholds).map(({ summary, advice }) => `${summary} ${advice}`);
  expect(words.join(' ')).toContain('its own code allocates 60.0 % of all bytes');
  expect(words.join(' ')).not.toMatch(/bottleneck|less often|run time|active time/);
});
