import { expect, test } from 'vitest';
import { computedCosts } from '../../src/core/compare/computed-costs';
import { checkTables } from '../../src/core/profile/check-tables';
import { rawFromText, readOk, treeText } from '../support/raw-profile';

test('a sample costs three usual intervals at most; others of the same function keep theirs', () => {
  const raw = rawFromText('main > busy x30\nmain > other x30');
  // 15 ms and 9 ms without a CPU, in the place of a millisecond each.
  raw.timeDeltas[10] = 15_000;
  raw.timeDeltas[40] = 9_000;
  raw.endTime += 14_000 + 8_000;
  const read = readOk(raw);
  expect(treeText(read)).toContain('- busy (total: 44, self: 44)');
  const tables = computedCosts(read.tables);
  expect(treeText({ ...read, tables })).toBe(`- (root) (total: 64, self: 0)
  - main (total: 64, self: 0)
    - busy (total: 32, self: 32)
    - other (total: 32, self: 32)`);
  const even = readOk(rawFromText('main > busy x30\nmain > other x30'));
  expect(treeText({ ...even, tables: computedCosts(even.tables) })).toBe(treeText(even));
});

test('what no clock has sampled is as it was', () => {
  const { tables } = readOk(rawFromText('a x3\nb x2'));
  expect(computedCosts(tables)).toBe(tables);
  expect(checkTables(tables)).toEqual([]);
});
