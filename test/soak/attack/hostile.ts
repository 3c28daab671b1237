/** Values that a file must not do harm with: texts in the place of a text, and JSON in the place of a number. */

/** Stands for the folder of the case until the mutated text is written, so that a seed means the same everywhere. */
export const WORK = '%WORK%';

/** Stands in a file outside of the folder, and may be shown nowhere; as short as what an error of JSON.parse quotes. */
export const SECRET = 'k4pt-0uts1';

const markup = ['</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', '<!-- --> ]]>', '&lt;b&gt;'];
const links = ['[open](command:workbench.action.terminal.new)', '![x](http://127.0.0.1:9/x.png)', '$(zap) `code` *bold* |a|b|', 'vscode://a.b/c?d', 'http://['];
const escapes = [
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;http://127.0.0.1:9/\u0007link',
  'a\rb\nc',
  '\u009b2J',
  '\u202egnp.exe',
  '\u2066x',
  'a\u2028b',
  '\u0000',
  '\u0007',
];
const names = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'then',
  '',
  ' ',
  '\ud800',
  'e\u0301𠮷',
  '%s %d %o',
  '$' + '{1+1}',
  '(idle)',
  '(program)',
];
const paths = [
  '/dev/zero',
  'file:///dev/zero',
  '/dev/stdin',
  '/proc/self/mem',
  'file:///proc/self/environ',
  `file://${WORK}/pipe`,
  `${WORK}/pipe`,
  'pipe',
  'folder',
  '../outside/secret.json',
  `file://${WORK}/../outside/secret.json`,
  'link.json',
  '\\\\host.invalid\\share\\x.js',
  '//host.invalid/share/x.js',
  'file://host.invalid/share/x.js',
  'file:////host.invalid/share/x.js',
  '/net/host.invalid/share/x.js',
  '/tmp/../net/host.invalid/x.js.map',
  'file:///net/host.invalid/share/x.js',
  '/afs/cell.invalid/x.js',
  'file:///afs/cell.invalid/x.js',
  '../../../../../../../../net/host.invalid/x.js',
  '/Network/Servers/host.invalid/x.js',
  '\\\\?\\C:\\x',
  'C:\\Windows\\win.ini',
  'file:///C:/x.js',
  'file:///%00',
  'file:///%zz',
  'file:///a%2f..%2fb',
  '../../../../etc/passwd',
  'data:application/json;base64,e30=',
  'data:,',
  'node:fs',
  'webpack://x/./../../y.js',
];
const patterns = ['(a+)+$', '((((((', '[', '\\', '$$$', '*', 'a|'];

export const hostileTexts: readonly string[] = [...markup, ...links, ...escapes, ...names, ...paths, ...patterns];

/** As they stand in JSON; some of them no parser can keep. */
export const hostileNumbers: readonly string[] = [
  '0',
  '-0',
  '1',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '1e999',
  '-1e999',
  '5e-324',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '-9007199254740993',
  '99999999999999999999',
];

export const hostileValues: readonly string[] = [
  ...hostileNumbers,
  'null',
  'true',
  'false',
  '""',
  '"NaN"',
  '"7"',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"__proto__":{"a":1}}',
];
