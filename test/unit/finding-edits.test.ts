import { describe, expect, test } from 'vitest';
import { ignoreComment, silencer } from '../../src/source/parse/ignore-comment';
import { commentStarts } from '../../src/source/parse/parse-source';
import { applyEdits, rebaseEdits } from '../../src/source/rebase-edits';

describe('a comment that silences', () => {
  const put = (text: string, file: string, line: number): string | undefined => {
    const comment = ignoreComment(text, file, line, 'find-in-loop');
    const { script } = comment ?? {};
    if (script && commentStarts(script.text, script.name)?.has(script.at) === false) return undefined;
    return comment && applyEdits(text, [{ start: comment.offset, end: comment.offset, text: comment.text }]);
  };

  test.each([
    ['a.ts', 'for (;;) {\n  find();\n}\n', 'for (;;) {\n  // plateau-ignore-next-line find-in-loop -- reason\n  find();\n}\n'],
    ['a.py', 'for x in y:\n\tfind()\n', 'for x in y:\n\t# plateau-ignore-next-line find-in-loop -- reason\n\tfind()\n'],
    ['a.go', 'for {\r\n\tfind()\r\n}', 'for {\r\n\t// plateau-ignore-next-line find-in-loop -- reason\r\n\tfind()\r\n}'],
    ['a.vue', '<script>\n  y()\n</script>', '<script>\n  // plateau-ignore-next-line find-in-loop -- reason\n  y()\n</script>'],
    ['a.svelte', '<script lang="ts">\nlet a: number\n', '<script lang="ts">\n// plateau-ignore-next-line find-in-loop -- reason\nlet a: number\n'],
    ['a.xml', '<a>\n  <b/>\n', '<a>\n  <!-- plateau-ignore-next-line find-in-loop -- reason -->\n  <b/>\n'],
  ])('in %s has its syntax, indentation and line ends', (file, text, expected) => {
    expect(put(text, file, 1)).toBe(expected);
  });

  test('is not offered where it would be text', () => {
    expect(put('const a = `\n  find()\n`;\n', 'a.ts', 1)).toBeUndefined();
    expect(put('const a = (\n  <p>\n    {find()}\n  </p>\n);\n', 'a.tsx', 2)).toBeUndefined();
    expect(put('const a = `\n  find()\n`;\n', 'a.ts', 0)).toMatch(/^\/\/ plateau-ignore-next-line find-in-loop -- reason\nconst a/);
    expect(put('one line', 'a.ts', 7)).toBeUndefined();
  });

  test('is not offered before what must be first, and comes after a byte order mark', () => {
    expect(put('#!/usr/bin/env node\nfind()\n', 'a.js', 0)).toBeUndefined();
    expect(put('\ufeff#!/usr/bin/env python\nfind()\n', 'a.py', 0)).toBeUndefined();
    expect(put('#!/usr/bin/env node\nfind()\n', 'a.js', 1)).toContain('node\n// plateau-ignore');
    expect(put('\ufefffind()\n', 'a.js', 0)).toBe('\ufeff// plateau-ignore-next-line find-in-loop -- reason\nfind()\n');
    expect(put('x = 1 + \\\n  find()\n', 'a.py', 1)).toBeUndefined();
  });

  test.each([
    ['a.vue', '<template>\n  <p>{{ find() }}</p>\n</template>\n<script>\n</script>\n', 1, false],
    ['a.vue', '<script>\nlet a;\n</script>\n<template>\n  <p/>\n</template>\n', 4, false],
    ['a.svelte', '<script>\nlet a = `\n  find()`;\n</script>\n', 2, false],
    ['a.html', '<script>\nfind()\n</script>\n', 1, true],
    ['a.py', 'x = """\n  find()\n"""\n', 1, false],
    ['a.py', "x = '''\n  \"\"\"\n  find()\n'''\nfind()\n", 2, false],
    ['a.py', "x = '''\n  \"\"\"\n  find()\n'''\nfind()\n", 4, true],
    ['a.py', '# """\nfind()\n', 1, true],
    ['a.py', "x = \"a ''' b\"\nfind()\n", 1, true],
    ['a.py', 'x = ""\nfind()\n', 1, true],
    ['a.go', 'x := `\n  find()\n`\n', 1, false],
    ['a.go', 'x := `a\\`\nfind()\n', 1, true],
    ['A.java', 'var x = """\n  // """;\nfind();\n', 2, true],
  ])('in %s, %j, before line %i: %s', (file, text, line, expected) => {
    expect(put(text, file, line) !== undefined).toBe(expected);
  });

  test.each([
    ['// plateau-ignore-next-line find-in-loop -- small', true],
    ['// plateau-ignore-next-line gc, find-in-loop', true],
    ['// plateau-ignore-next-line gc -- not find-in-loop', false],
    ['/* plateau-ignore-next-line -- all of it */', true],
    ['# plateau-ignore-next-line', true],
    ['const text = "plateau-ignore-next-line find-in-loop";', false],
    ['find();', false],
  ])('%s: %s', (comment, expected) => {
    expect(silencer(`one();\n${comment}\nfind();\n`)(2, 'find-in-loop')).toBe(expected);
  });

  test('may stand with others over the line', () => {
    const text = '// plateau-ignore-next-line gc\n// plateau-ignore-next-line plateau\nfind();\nfind();';
    expect(['gc', 'plateau', 'focus'].map((rule) => silencer(text)(2, rule))).toEqual([true, true, false]);
    expect(silencer(text)(3, 'gc')).toBe(false);
    expect(silencer(text)(0, 'gc')).toBe(false);
  });
});

describe('edits of an older text', () => {
  const before = 'one\ntwo three\nfour\nfive\n';
  const start = before.indexOf('three');
  const edits = [{ start, end: start + 5, text: 'THREE' }];
  const on = (now: string): string | undefined => {
    const moved = rebaseEdits(before, now, edits);
    return moved && applyEdits(now, moved);
  };

  test('are the same where nothing has changed, and move with their lines', () => {
    expect(on(before)).toBe('one\ntwo THREE\nfour\nfive\n');
    expect(on(`zero\n${before}`)).toBe('zero\none\ntwo THREE\nfour\nfive\n');
    expect(on('two three\nfour\nsix\n')).toBe('two THREE\nfour\nsix\n');
    expect(on('one\ntwo three')).toBe('one\ntwo THREE');
  });

  test('are refused where what they touch has changed', () => {
    expect(on('one\ntwo  three\nfour\nfive\n')).toBeUndefined();
    expect(on('one\nfour\nfive\n')).toBeUndefined();
    expect(on('')).toBeUndefined();
  });

  test('are refused where anything between them has changed', () => {
    const two = [
      { start: 0, end: 3, text: 'ONE' },
      { start: before.indexOf('four'), end: before.indexOf('four') + 4, text: 'FOUR' },
    ];
    expect(rebaseEdits(before, 'one\ntwo 3\nfour\nfive\n', two)).toBeUndefined();
    expect(rebaseEdits(before, 'one\ntwo three\nnew\nfour\nfive\n', two)).toBeUndefined();
    const below = 'one\ntwo three\nfour\nnew\nfive\n';
    expect(applyEdits(below, rebaseEdits(before, below, two) ?? [])).toBe('ONE\ntwo three\nFOUR\nnew\nfive\n');
  });

  test('never overlap or leave the text', () => {
    expect(rebaseEdits('abc', 'abc', [{ start: 2, end: 9, text: '' }])).toBeUndefined();
    expect(rebaseEdits('abc', 'abc', [{ start: 2, end: 1, text: '' }])).toBeUndefined();
    expect(
      applyEdits('abc', [
        { start: 0, end: 2, text: 'x' },
        { start: 1, end: 3, text: 'y' },
      ]),
    ).toBeUndefined();
    expect(
      applyEdits('abc', [
        { start: 1, end: 1, text: 'x' },
        { start: 1, end: 1, text: 'y' },
      ]),
    ).toBe('axybc');
  });
});

test('a text of comments is read once, line by line', () => {
  // Were it read once a line, it would not end within the test's time.
  const count = 300_000;
  const silences = silencer(`${'// plateau-ignore-next-line gc */\n'.repeat(count)}find();\n`);
  expect([silences(count, 'gc'), silences(count, 'plateau'), silences(0, 'gc')]).toEqual([true, false, false]);
  expect(silencer(`// plateau-ignore-next-line gc ${'*/'.repeat(1_000_000)}\r\nfind();`)(1, 'gc')).toBe(true);
});
