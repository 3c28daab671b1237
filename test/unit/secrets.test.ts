import { describe, expect, test } from 'vitest';
import type { MissedProcess } from '../../src/capture/records/captured';
import { describeMissed } from '../../src/service/recording/describe-capture';
import type { Recipe } from '../../src/shared/recipe';
import { recipeText, recipeTitle } from '../../src/shared/recipe';
import { fillRecipe, isSecretName, MASK, maskRecipe, maskText, maskWords, missingValues, withoutSecrets } from '../../src/shared/secrets';

/** The secret is what stands between « and ». */
const marked = (text: string): { readonly plain: string; readonly shown: string } => ({
  plain: text.replace(/[«»]/g, ''),
  shown: text.replace(/«[^»]*»/g, MASK),
});

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const texts: readonly string[] = [
  'node app.js --token=«abc» --port=3000',
  'node app.js --password «hunter2» --verbose',
  "node app.js --client-secret '«two words»' x",
  'API_KEY=«abc123» DB_PASSWORD="«p w»" NODE_ENV=production node x.js',
  'psql postgres://«me:pa55»@db.local:5432/app?sslmode=off',
  'git clone https://«oauth2:tok»@example.com/x.git',
  'curl -H "Authorization: «Bearer abcdefgh»" http://127.0.0.1/',
  "curl -H 'Cookie: «sid=1; b=2»' http://127.0.0.1/",
  'curl -u «bob:builder» http://127.0.0.1/',
  'GET http://127.0.0.1:3000/a?access_token=«xyz»&page=2',
  `node x.js «${jwt}»`,
  'node x.js «AKIAIOSFODNN7EXAMPLE»',
  'node x.js «ghp_abcdefghijklmnopqrstuvwxyz0123456789»',
  'node x.js «sk_live_abcdefghijklmnop1234»',
  "login({ password: '«geheim»', user: 'bob' })",
  '{"apiKey":"«k-1»","n":1}',
  'x-api-key: «abc»',
  'PGPASSWORD=«abc» psql --dbpass «x» --authtoken=«y» --clientsecret «z» SMTPPASS=«q»',
  'psql postgres://«me:p@ss»@db.local/app',
  'curl -d "{\\"password\\":\\"«ge heim»\\",\\"n\\":1}" http://127.0.0.1/',
  'export PASSWORD="«a\\"b»" TOKEN=«a\\ b» x',
  'PASSWORD=«C:\\pass\\word» x',
  'node x.js https://hooks.slack.com/«services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX»',
  'node x.js https://discord.com/api/«webhooks/123456/ab-cd_EF»?wait=true',
  'node x.js --key «a8f5f167f44f4964e6c998dee827110c»',
];
const harmless: readonly string[] = [
  'node app.js --port 3000 --author=bob --keyboard us',
  'npm run build -- --mode production',
  'node --max-old-space-size=4096 dist/server.js',
  "match(['a', 'b'], { deep: true })",
  'http://127.0.0.1:3000/items?page=2&sort=key',
  'node x.js --hash short --key up',
  'C:\\Users\\me\\app.js --out C:\\tmp',
  'node --import ./register.mjs app.ts',
  'node x.js --compass north --bypass all --tokenizer fast --secretary bob user@host',
];

describe('texts', () => {
  test.each(texts)('%s', (text) => {
    const { plain, shown } = marked(text);
    const { masked, values } = maskText(plain);
    expect(masked).toBe(shown);
    let at = 0;
    expect(masked.replaceAll(MASK, () => values[at++] ?? '')).toBe(plain);
  });
  test.each(harmless)('%s stays', (text) => expect(withoutSecrets(text)).toBe(text));
  test('what is masked already stays so', () => {
    for (const text of texts) expect(withoutSecrets(marked(text).shown)).toBe(marked(text).shown);
  });
  test('a megabyte of what could begin anything takes no longer than its length', () => {
    for (const piece of ['a', 'a=', 'eyJ', '://', '--a ', '"', "'a:", 'token=\\', 'token="\\', '://a@', 'bearer ', 'Authorization: ', '-----BEGIN A', '•']) {
      const text = piece.repeat(Math.ceil(300_000 / piece.length));
      expect(typeof maskText(text).masked).toBe('string');
    }
  });
});

test('words: an option and its value are two', () => {
  const { masked, values } = maskWords(['--token', 'abc', '-u', 'bob:x', '--password', '--verbose', '--port', '3000', 'TOKEN=1']);
  expect(masked).toEqual(['--token', MASK, '-u', MASK, '--password', '--verbose', '--port', '3000', `TOKEN=${MASK}`]);
  expect(values).toEqual(['abc', 'bob:x', '1']);
});

test('names', () => {
  for (const name of ['API_KEY', 'apiKey', 'x-api-key', 'dbPassword', 'AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', '--client-secret', 'sessionId'])
    expect(isSecretName(name), name).toBe(true);
  for (const name of ['author', 'keyboard', 'sortKey', 'NODE_ENV', 'PATH', 'compass', 'tokenize', 'primary_key']) expect(isSecretName(name), name).toBe(false);
});

const loopOfF = { file: '/a/x.js', exported: { name: 'f' }, warmupMs: 1, durationMs: 2, cwd: '/a' } as const;
const recipes: readonly Recipe[] = [
  { kind: 'file', file: '/a/x.js', args: ['--token', 't1', `a ${MASK} b`], env: { API_KEY: 'k1', NODE_ENV: 'x', URL: 'http://u:p@h/' }, cwd: '/a' },
  { kind: 'program', command: 'node', args: ['x.js', '--password=p1'], cwd: '/a' },
  { kind: 'command', command: 'TOKEN=t2 node x.js', cwd: '/a' },
  { kind: 'script', script: 'start', cwd: '/a' },
  {
    kind: 'loop',
    ...loopOfF,
    args: "{ secret: 's1' }",
    constructorArgs: "{ token: 's2' }",
  },
  { kind: 'attach', address: 'ws://u:p@127.0.0.1:9229/x' },
  { kind: 'process', pid: 3, command: 'node x.js --token=t3' },
];

test.each(recipes)('a $kind recipe comes back as it was', (recipe) => {
  const { masked, values } = maskRecipe(recipe);
  expect(missingValues(masked)).toBe(values.length);
  expect(fillRecipe(masked, values)).toEqual(recipe);
  expect(fillRecipe(masked, [...values, 'x'])).toBeUndefined();
  for (const value of values) {
    if (value === MASK) continue;
    for (const text of [JSON.stringify(masked), recipeTitle(recipe), recipeText(masked)]) expect(text).not.toContain(value);
  }
});

test('what a recipe runs is shown whole, also what hides', () => {
  const recipe: Recipe = { kind: 'command', command: `ls\nrm -rf x \u202e\u200b\u00a0${' '.repeat(300)}; evil`, cwd: '/a' };
  expect(recipeText(recipe)).toBe('ls\\u{a}rm -rf x \\u{202e}\\u{200b}\\u{a0}\\u{20}×300 ; evil\nin /a');
});

test.each([
  ['a command', { kind: 'command', command: 'echo token="$(evil)"', cwd: '/a' }],
  ['a program', { kind: 'program', command: 'sh', args: ['-c', 'PASSWORD=`evil` true', '--token', '$(evil)'], cwd: '/a' }],
  ['an environment', { kind: 'file', file: '/a/x.js', args: [], env: { API_KEY: '--require evil' }, cwd: '/a' }],
  ['arguments', { kind: 'loop', ...loopOfF, args: "{ secret: '', [evil()]: 1 }", constructorArgs: "{ token: '' + evil() }" }],
  ['an address', { kind: 'attach', address: 'ws://127.0.0.1:9229@evil/x' }],
] satisfies [string, Recipe][])('%s that calls what it runs a secret is shown whole', (_, recipe) => {
  expect(recipeText(recipe)).toContain('evil');
  expect(recipeText(recipe)).not.toContain(MASK);
});

test('of a process that was not recorded, whatever the reason', () => {
  const argv = (name: string): string[] => [name, 'run', 'app.ts', '--token', 'geheim', '--password=geheim'];
  const reasons = ['own-end', 'too-old', 'no-option', 'blank-in-path', 'no-way', 'not-reached', 'unloaded', 'permission-model', 'policy', 'killed'] as const;
  const missed = reasons.flatMap((reason) =>
    ['deno', 'bun', '/usr/bin/node'].map((name): MissedProcess => ({ pid: 7, argv: argv(name), reason, detail: '2' })),
  );
  for (const reason of ['unwritten', 'failed'] as const) missed.push({ pid: 7, argv: argv('node'), reason, detail: 'cannot open db://me:geheim@host' });
  const told = describeMissed(missed).join('\n');
  expect(told).toContain('--token ••• --password=•••');
  expect(told).not.toContain('geheim');
});
