import { expect, test } from 'vitest';
import { cut, isAscii } from '../../webview/chart/chart-boxes';

test.each([
  ['parse', 5, 'parse'],
  ['parse', 9, 'parse'],
  ['parse', 4, 'par…'],
  ['parse', 2, 'p…'],
  ['parse', 1, 'p…'],
  ['', 3, ''],
  // A wide character takes the room of two.
  ['読み込み', 8, '読み込み'],
  ['読み込み', 7, '読み…'],
  ['größe', 5, 'größe'],
  ['größe', 4, 'grö…'],
])('%j in room for %i: %j', (label, room, shown) => {
  expect(cut(label, room)).toBe(shown);
});

test('what takes one column a character', () => {
  expect(['a~ Z', '', 'é', '\u007f', '…'].map(isAscii)).toEqual([true, true, false, false, false]);
});
