import { describe, expect, test } from 'vitest';
import { explainFinding } from '../../src/core/findings/explain';
import { findInProfile } from '../../src/core/findings/find';
import { shareMargin } from '../../src/core/findings/finding';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import type { ProfileTables } from '../../src/core/profile/tables';
import { profileFromText } from '../support/raw-profile';

const nameOf = ({ strings, functions }: ProfileTables, func: number | undefined) =>
  func === undefined ? undefined : strings.at(functions.name[func] as number);
const find = (text: string, thresholds = defaultThresholds) => {
  const { tables } = profileFromText(text);
  return { tables, findings: findInProfile(tables, thresholds) };
};
const kinds = (text: string) => find(text).findings.map(({ kind, level }) => `${kind} ${level}`);
/** Nineteen functions of 2 % and twenty-one smaller ones: nothing stands out. */
const many = (count: number, times: number) => Array.from({ length: count }, (_, i) => `main > f${i} x${times}`).join('\n');

describe('plateau', () => {
  test('20 % is to be investigated, 40 % almost certainly the bottleneck', () => {
    expect(kinds(`main > hot x20\n${many(40, 2)}`)).toEqual(['plateau warning']);
    expect(kinds(`main > hot x40\n${many(30, 2)}`)).toEqual(['plateau error']);
    expect(kinds(`main > hot x19\n${many(40, 2)}\nmain > g`)).toEqual([]);
  });

  test('shares are of active time: idle does not hide it', () => {
    expect(kinds(`main > hot x45\n${many(27, 2)}\n(idle) x1000`)).toEqual(['plateau error']);
  });

  test('a dependency names the nearest own code, by the most of its cost', () => {
    const { tables, findings } = find(`
      main > route > validate@file:///app/node_modules/ajv/v.js:1 > hot@file:///app/node_modules/ajv/v.js:9 x50
      main > other > hot@file:///app/node_modules/ajv/v.js:9 x10
      ${many(20, 2)}
    `);
    const [plateau] = findings;
    if (plateau?.kind !== 'plateau') throw new Error('no plateau');
    expect(nameOf(tables, plateau.func)).toBe('hot');
    expect(nameOf(tables, plateau.blame?.func)).toBe('route');
    expect(plateau.blame?.cost).toBe(50_000);
    expect(explainFinding(tables, plateau, 100).summary).toContain('Reached from your route (83.3 % of it)');
  });

  test('own code needs no one else to blame', () => {
    const [plateau] = find(`main > hot x60\n${many(20, 2)}`).findings;
    expect(plateau).toMatchObject({ kind: 'plateau', share: 0.6, cost: 60_000, samples: 60, blame: undefined });
  });

  test('V8 bookkeeping is no plateau', () => {
    expect(kinds(`(program) x90\n${many(10, 1)}`)).toEqual([]);
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
  const { tables, findings } = find(`main > alloc x2\n(garbage collector) x10\n${many(44, 2)}`);
  const gc = findings.find(({ kind }) => kind === 'gc');
  if (gc?.kind !== 'gc') throw new Error('no GC finding');
  expect(gc).toMatchObject({ level: 'warning', share: 0.1, samples: 10 });
  expect(nameOf(tables, gc.func)).toBe('alloc');
  expect(kinds(`main > alloc x2\n(garbage collector) x9\n${many(45, 2)}`)).not.toContain('gc warning');
});

test('too few samples say nothing', () => {
  expect(kinds('main > hot x29')).toEqual([]);
  expect(kinds('main > hot x30')).toContain('plateau error');
});

test('thresholds are settings', () => {
  const { findings } = find(`main > hot x15\n${many(42, 2)}\nmain > g`, { ...defaultThresholds, plateau: 0.1, bottleneck: 0.14 });
  expect(findings.map(({ kind, level }) => `${kind} ${level}`)).toEqual(['plateau error']);
});

test('the margin is the 95 % interval of a share', () => {
  // p = 0.5, n = 100: 1.96 * sqrt(0.25 / 100) = 0.098
  expect(shareMargin(0.5, 100)).toBeCloseTo(0.098, 6);
  expect(shareMargin(0.5, 0)).toBe(1);
});

test('names from a profile cannot bring control characters into a sentence', () => {
  const { tables, findings } = find('main > \u001b[31mred\u202e x60');
  for (const finding of findings) {
    const { title, summary } = explainFinding(tables, finding, 60);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(title + summary).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
  }
});
