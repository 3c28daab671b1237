import { expect, test } from 'vitest';
import { movedLines, shareCell } from '../../src/shared/cost-column';
import { formatShare } from '../../src/shared/format';

test('every share is a cell of one width, without a space that an editor would drop', () => {
  const shares = [0, 0.0004, 0.001, 0.05, 0.123, 0.999, 0.9999, 1].map((share) => shareCell(formatShare(share)));
  expect(new Set(['', ...shares].map((cell) => shareCell(cell).length))).toEqual(new Set([7]));
  expect(shares.join('')).not.toContain(' ');
  expect(shareCell('5.0 %')).toBe('\u00a0\u00a05.0\u00a0%');
});

/** What VS Code does to a text, as the lines that its decorations stand on: letters mark lines, changes come with the places before them. */
test('marks follow edits as their lines do', () => {
  const text = Array.from('abcdefghij');
  const edit = (changes: readonly { startLine: number; endLine: number; put: readonly string[] }[]): string[] => {
    const after = [...text];
    // From the last to the first, so that places stay.
    for (const { startLine, endLine, put } of [...changes].sort((a, b) => b.startLine - a.startLine))
      after.splice(startLine, endLine - startLine + 1, `${text[startLine]}${put[0] ?? ''}`, ...put.slice(1));
    return after;
  };
  const cases = [
    [{ startLine: 2, endLine: 2, put: ['', 'X', 'Y'] }],
    [{ startLine: 3, endLine: 6, put: [''] }],
    [
      { startLine: 1, endLine: 1, put: ['', 'X'] },
      { startLine: 5, endLine: 7, put: [''] },
    ],
    [{ startLine: 0, endLine: 9, put: ['', 'X'] }],
    [{ startLine: 9, endLine: 9, put: ['', 'X', 'X'] }],
  ];
  for (const changes of cases) {
    const after = edit(changes);
    const lines = changes.map(({ startLine, endLine, put }) => ({ startLine, endLine, added: put.length - 1 }));
    for (const [line, letter] of text.entries()) {
      const now = after.findIndex((one) => one.startsWith(letter));
      if (now >= 0) expect([...movedLines(new Set([line]), lines)], `${letter} after ${JSON.stringify(changes)}`).toEqual([now]);
    }
  }
});
