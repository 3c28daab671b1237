import { describe, expect, test } from 'vitest';
import { markedCode, plainWords, textParts } from '../../src/shared/code-text';
import { gistOf } from '../../webview/profile/finding-words';
import { hostileNames } from '../support/raw-profile';

/** The parts as one text: code in angle brackets. */
const parted = (text: string): string =>
  textParts(text)
    .map((part) => (part.isCode ? `<${part.text}>` : part.text))
    .join('');

describe('code in a sentence', () => {
  test.each([
    ['', ''],
    ['no code', 'no code'],
    ['`map` copies `a.b` again', '<map> copies <a.b> again'],
    ['`whole`', '<whole>'],
    ['`a``b`', '<a``b>'],
    ['one ` is text', 'one ` is text'],
    ['`a` and one ` more', '<a> and one ` more'],
    ['``a ` b`` then `c`', '<a ` b> then <c>'],
    ['`` `a` `` is a string', '<`a`> is a string'],
    ['``` alone, `c`', '``` alone, <c>'],
    ['`` not `x` closed', '`` not <x> closed'],
    ['`   `', '<   >'],
    ['` a `', '<a>'],
    ['`\\` is no escape', '<\\> is no escape'],
  ])('%j: %j', (text, expected) => expect(parted(text)).toBe(expected));

  test.each([...hostileNames, 'plain', '`', '``', '`a`', 'a`b', '`a``b```c', ' a ', '   ', '\\', 'a\\'])('%j stays whole between its marks', (code) => {
    const sentence = `before ${markedCode(code)} after \`x\``;
    expect(textParts(sentence)).toEqual([
      { text: 'before ', isCode: false },
      { text: code, isCode: true },
      { text: ' after ', isCode: false },
      { text: 'x', isCode: true },
    ]);
    expect(plainWords(sentence)).toBe(`before ${code} after x`);
  });
  test('nothing has no marks', () => expect(markedCode('')).toBe(''));

  test('hostile runs end', () => {
    const runs = Array.from({ length: 2000 }, (_, i) => '`'.repeat(i + 1)).join(' ');
    expect(textParts(runs)).toEqual([{ text: runs, isCode: false }]);
    expect(textParts('` '.repeat(500_000)).length).toBe(500_000);
  });

  test('the gist of a finding has no marks', () => {
    expect(gistOf({ summary: 'Copied by `map`: much.', where: undefined })).toBe('copied by map');
  });
});
