import { expect, test } from 'vitest';
import type { FindingDto } from '../../src/protocol/findings';
import { findingLines, gistOf, isNamed, marksOf } from '../../webview/profile/finding-words';
import { finding } from '../support/findings';
import { profileFromText } from '../support/raw-profile';

const dto = (given: Partial<FindingDto> = {}): FindingDto => ({
  ...finding(),
  status: 'open',
  note: undefined,
  fix: undefined,
  where: 'src/match.ts:3',
  ...given,
});

test('each function carries the mark of its loudest open finding', () => {
  const marks = marksOf([
    dto({ level: 'info', functions: [1, 2] }),
    dto({ level: 'error', functions: [2] }),
    dto({ level: 'warning', functions: [2, 3] }),
    dto({ level: 'error', functions: [1, 4], status: 'done' }),
    dto({ level: 'error', functions: [3], status: 'ignored' }),
  ]);
  expect([...marks].sort()).toEqual([
    [1, 'info'],
    [2, 'error'],
    [3, 'warning'],
  ]);
});

test.each([
  ['Almost certainly the bottleneck: its own code takes 60 %.', 'almost certainly the bottleneck'],
  ['Garbage collection takes 12.0 % of it: much.', 'match.ts:3'],
  ['It walks the list.', 'match.ts:3'],
])('in few words, %s: %s', (summary, expected) => {
  expect(gistOf(dto({ summary }))).toBe(expected);
});

test('a tooltip tells what is open of the function, by gist where the headline is its name', () => {
  const { tables: base } = profileFromText('main > hot x3');
  const hot = Array.from({ length: base.functions.length }, (_, i) => i).find((row) => base.strings.at(base.functions.name[row] as number) === 'hot') as number;
  const named = dto({ title: 'hot', level: 'error', summary: 'A plateau to investigate: 20 %.', functions: [hot] });
  expect(isNamed(base, named)).toBe(true);
  expect(isNamed(base, dto({ title: 'hot', functions: [9999] }))).toBe(false);
  const findings = [named, dto({ title: 'find in a loop', functions: [0, hot] }), dto({ functions: [hot], status: 'done' })];
  expect(findingLines({ findings, base }, hot).map(({ text }) => text)).toEqual(['Bottleneck: a plateau to investigate', 'Investigate: find in a loop']);
  expect(findingLines({ findings, base }, 9999)).toEqual([]);
});
