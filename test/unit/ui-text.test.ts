import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { doctorPage, heapPage, huntPage, namesFile, profilePage } from '../../src/extension/editors/page-messages';
import { pagePolicy } from '../../src/extension/editors/webview-policy';
import { commandLink, joinMarkdown, markdown, markdownSentence, markdownText } from '../../src/shared/markdown';
import { plainLines, plainText } from '../../src/shared/plain-text';
import { hostileNames } from '../support/raw-profile';

describe('plain text', () => {
  // What VS Code makes links and icons of.
  const link = /\[[^\]]+\]\(/;
  const icon = /\$\([a-z]/i;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
  const unseen = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
  const names = [
    ...hostileNames,
    '[Open source](command:workbench.action.terminal.new)',
    '[[a](b)](command:x)',
    '$($(error))',
    '\u001b[31mred\u001b]8;;https://a.example\u0007link',
    'a\u202egpj.exe',
    '\u2066a\u2069',
    'a\r\nb\tc\u2028d',
    `${'x'.repeat(10_000)}[a](command:b)`,
  ];
  test.each(names)('%j makes no link, no icon and stays on its line', (name) => {
    for (const text of [plainText(name), plainText(`${name} is not there.`), plainText(name, 40)]) {
      expect(text).not.toMatch(link);
      expect(text).not.toMatch(icon);
      expect(text).not.toMatch(unseen);
    }
    expect(Array.from(plainText(name, 40)).length).toBeLessThanOrEqual(60);
  });
  test('reads as it was', () => {
    expect(plainText('main.js: λ → 100 % (50 ms), $ {a} [b] (c)')).toBe('main.js: λ → 100 % (50 ms), $ {a} [b] (c)');
    expect(plainText('[a](b) $(c)').replaceAll('\u200b', '')).toBe('[a](b) $(c)');
    expect(plainText('a\u001b\u202eb')).toBe('a\u241b\ufffdb');
    expect(plainText(`${'x'.repeat(10_000)} could not be saved.`)).toMatch(/^x+…x* could not be saved\.$/);
  });
  test('several lines are those that were given', () => {
    expect(plainLines(['a\nb', 'c'])).toBe('a b\nc');
  });
});

describe('Markdown', () => {
  test('what is put in is text, what stands in the template is markup', () => {
    expect(markdown`**${'a*b'}** ${3} ${markdown`_c_`}`.value).toBe('**a\\*b** 3 _c_');
    expect(joinMarkdown([markdown`a`, markdown`${'|'}`], ' | ').value).toBe('a | \\|');
    expect(markdownSentence('`$A` and <b>').value).toBe('`$A` and \\<b\\>');
  });
  test.each(['https://a.example/b', 'see ftp://a.example', 'www.a.example', 'mail a.b@c.example', 'HTTP://A.example'])('%s is no link', (text) => {
    // GitHub's addresses: a scheme and two slashes, www and a dot, a name and a host.
    expect(markdownText(text).replace(/\\/g, '')).not.toMatch(/(?:https?|ftp):\/\/|www\.|@[a-z]/i);
    expect(markdownText(text).replace(/[\\\u200b]/g, '')).toBe(text);
  });
  test('every character of markup has a backslash', () => {
    const all = '\\`*_{}[]<>()#+-.!|~&$="';
    expect(markdownText(all)).toBe(Array.from(all, (char) => `\\${char}`).join(''));
    expect(markdownText('a\n\n# b')).toBe('a \\# b');
  });
  test('a link ends where its address does', () => {
    const { value } = commandLink('a](command:b)', 'plateau.revealFrame', [`/x) "y" 'z'`, 1], 'say "it"');
    expect(value).toMatch(/^\[a\\\]\\\(command:b\\\)\]\(command:plateau\.revealFrame\?[\w%.-]+ "say \\"it\\""\)$/);
  });
});

describe('messages of pages', () => {
  const takes = (page: v.GenericSchema<unknown, unknown>, given: unknown): boolean => v.safeParse(page, given).success;
  test('those that the pages send', () => {
    for (const kind of ['ready', 'retry', 'openSpeedscope', 'profileAgain']) expect(takes(profilePage, { kind })).toBe(true);
    expect(takes(profilePage, { kind: 'openSource', func: 3, beside: true })).toBe(true);
    expect(takes(profilePage, { kind: 'openSource', func: 3, line: 7, beside: true })).toBe(true);
    expect(takes(profilePage, { kind: 'choose', select: 'merge' })).toBe(true);
    expect(takes(profilePage, { kind: 'copyLink', state: { view: 'flame', slab: 'a' } })).toBe(true);
    expect(takes(profilePage, { kind: 'finding', act: 'goTo', id: 'a' })).toBe(true);
    expect(takes(heapPage, { kind: 'query', token: 1, name: 'rows', query: { list: { kind: 'classes' }, from: 0, to: 10 } })).toBe(true);
    expect(takes(heapPage, { kind: 'compare' })).toBe(true);
    for (const kind of ['ready', 'flame', 'line', 'hunt', 'again', 'retry']) expect(takes(doctorPage, { kind })).toBe(true);
    expect(takes(huntPage, { kind: 'place', file: '/a.js', line: 1, column: 1 })).toBe(true);
  });
  test.each([
    null,
    'ready',
    [],
    {},
    { kind: 'constructor' },
    { kind: '__proto__' },
    { kind: ['ready'] },
    { kind: 'ready', more: 1 },
    { kind: 'openSource', func: -1, beside: true },
    { kind: 'openSource', func: 1.5, beside: true },
    { kind: 'openSource', func: '1', beside: true },
    { kind: 'choose', select: '../x' },
    { kind: 'finding', act: 'constructor', id: 'a' },
    { kind: 'finding', act: 'workbench.action.terminal.new', id: 'a' },
    { kind: 'query', token: 1, name: 'compare', query: { base: '/etc/passwd' } },
    { kind: 'query', token: 1, name: 'rows', query: { from: -1, to: 1 } },
    { kind: 'place', file: 1, line: 1, column: 1 },
    { kind: 'snapshot', file: '/a', id: 'x' },
    { kind: 'line', file: '/etc/passwd' },
  ])('%j is none', (given) => {
    for (const page of [profilePage, heapPage, doctorPage, huntPage]) expect(takes(page, given)).toBe(false);
  });
  test('a page may ask for the files that it was told', () => {
    const sent = [
      { kind: 'begin', title: '/c.js' },
      { kind: 'result', result: { leaks: [{ place: { file: '/a.js' } }], snapshots: [{ file: '/b.heapsnapshot' }] } },
    ];
    expect(namesFile(sent, '/a.js')).toBe(true);
    expect(namesFile(sent, '/b.heapsnapshot')).toBe(true);
    expect(namesFile(sent, '/c.js')).toBe(false);
    expect(namesFile(sent, '/etc/passwd')).toBe(false);
  });
});

test('a page runs its own script and loads nothing from a network', () => {
  const policy = Object.fromEntries(
    pagePolicy('abc', "'self'")
      .split('; ')
      .map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]),
  );
  expect(policy).toEqual({
    'default-src': "'none'",
    'script-src': "'nonce-abc'",
    'style-src': "'nonce-abc' 'self'",
    'font-src': "'self'",
    'connect-src': "'self'",
    'worker-src': 'blob:',
    'base-uri': "'none'",
    'form-action': "'none'",
  });
});
