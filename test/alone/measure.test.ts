import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020';
import { afterEach, beforeEach, expect, test } from 'vitest';
import schema from '../../schema/comparison.schema.json';
import type { ComparisonReport } from '../../src/shared/comparison';
import { inNamespace, noNamespaces } from '../support/pid-namespace';
import { cli, type Folder, plateau, temporaryFolder, until } from '../support/run';

const work = (times: number): string => `function steady(n) { let s = 1; for (let i = 0; i < n; i++) s = (s * 17 + i) % 999983; return s; }
function changed(n) { let s = 1; for (let i = 0; i < n; i++) s = (s * 31 + i) % 999979; return s; }
let sum = 0;
for (let i = 0; i < 30; i++) sum += steady(200000) + changed(${200_000 * times});
console.log(sum);
`;
let repo: Folder;
let temporary: Folder;
const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.email=a@b.c', '-c', 'user.name=a', ...args], { cwd: repo.path, encoding: 'utf8' });
beforeEach(() => {
  repo = temporaryFolder({ 'main.js': work(1) });
  temporary = temporaryFolder();
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'first');
});
afterEach(() => {
  repo.remove();
  temporary.remove();
});
const measure = (args: readonly string[], options: Parameters<typeof plateau>[1] = {}) =>
  plateau(['measure', ...args], { cwd: repo.path, env: { TMPDIR: temporary.path }, ...options });
/** What lies in the folder for temporary files, and git's worktrees besides the user's. */
const left = (): string[] => [
  ...readdirSync(temporary.path).filter((name) => name.startsWith('plateau-')),
  ...git('worktree', 'list').trim().split('\n').slice(1),
];

test('five times the work of one function: what ran is measured, and that function is named', async () => {
  repo.file('main.js', work(5));
  const { stdout, stderr, code } = await measure(['--before', 'HEAD', '--json', '--', 'node', 'main.js']);
  const report = JSON.parse(stdout) as ComparisonReport;
  const validate = new Ajv({ strict: false }).compile(schema);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(report).toMatchObject({ scaled: 'run', before: { name: 'HEAD', runs: 10 }, after: { name: 'working tree', runs: 10 } });
  expect(report.metrics.map(({ name }) => name)).toEqual(['wall', 'cpu', 'gc', 'allocated', 'peak memory', 'longest event-loop delay']);
  for (const { before, after } of report.metrics) expect([before.length, after.length]).toEqual([10, 10]);
  const changed = report.functions.find(({ name }) => name === 'changed');
  expect(changed, stderr).toMatchObject({ verdict: 'slower', state: 'both', url: 'main.js', line: 2 });
  expect(changed?.ratio).toBeGreaterThan(3);
  expect(report.functions.find(({ name }) => name === 'steady')?.state).toBe('both');
  // A busy machine may vary by more than the change; it never says that this is faster, or nothing.
  expect(['slower', 'inconclusive']).toContain(report.verdict);
  expect(code).toBe(report.verdict === 'slower' ? 1 : 3);
  expect(report.warnings.some((warning) => warning.startsWith('Profiled runs took '))).toBe(true);
  expect(left()).toEqual([]);
  expect(git('status', '--porcelain').trim()).toBe('M main.js');
});

test('a version against itself is not said to differ', async () => {
  const { stderr, code } = await measure(['--self-check', '--pairs', '6', '--', 'node', 'main.js']);
  expect([code, stderr.trim().split('\n').at(-1)]).toEqual([0, 'plateau: a version against itself does not differ, as it should be.']);
});

test('a command that fails is not measured; nor is what cannot be', async () => {
  repo.file('fails.js', 'process.exit(7);');
  const failed = await measure(['--before', 'HEAD', '--', 'node', 'fails.js']);
  expect([failed.code, failed.stderr]).toEqual([2, expect.stringContaining('in HEAD, so nothing was measured')]);
  const unknown = await measure(['--before', 'nowhere', '--', 'node', 'main.js']);
  expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('git knows no commit "nowhere"')]);
  repo.file('typed.ts', 'const a: number = 1;');
  expect((await measure(['--before', 'HEAD', '--', 'typed.ts'])).stderr).toContain('has to be translated first');
  for (const args of [
    ['--', 'node', 'main.js'],
    ['--before', 'HEAD'],
    ['--before', 'HEAD', '--pairs', '1', '--', 'node', 'main.js'],
    ['--self-check', '--before', 'HEAD', '--after', 'HEAD', '--', 'x'],
  ])
    expect((await measure(args)).code, args.join(' ')).toBe(2);
  expect(left()).toEqual([]);
});

test.skipIf(process.platform === 'win32')('Ctrl+C ends what runs, and leaves nothing', async () => {
  repo.file('main.js', "require('node:fs').writeFileSync(process.env.SEEN, String(process.pid)); setTimeout(() => {}, 60_000);");
  git('commit', '-qam', 'waits');
  const seen = path.join(temporary.path, 'seen');
  let kill: (signal: NodeJS.Signals) => void = () => {};
  const running = measure(['--before', 'HEAD', '--', 'node', 'main.js'], {
    env: { TMPDIR: temporary.path, SEEN: seen },
    isGroup: true,
    onStart: (_, own) => {
      kill = own;
    },
  });
  await until(() => existsSync(seen));
  const pid = Number(execFileSync('cat', [seen], { encoding: 'utf8' }));
  expect(left().length).toBeGreaterThan(0);
  kill('SIGINT');
  expect(await running).toMatchObject({ code: 2, stderr: expect.stringContaining('Cancelled. Nothing was measured, and nothing is left.') });
  expect(() => process.kill(pid, 0)).toThrow();
  expect(left()).toEqual([]);
  expect(git('status', '--porcelain')).toBe('');
});

test.skipIf(noNamespaces !== undefined)('a run that is killed leaves a worktree, which the next start prunes', async () => {
  repo.file('main.js', "require('node:fs').writeFileSync(process.env.SEEN, String(process.pid)); setTimeout(() => {}, 60_000);");
  git('commit', '-qam', 'waits');
  const seen = path.join(temporary.path, 'seen');
  const start = `"${process.execPath}" "${cli}" measure --before HEAD -- node`;
  const list = 'ls -d "$TMPDIR"/plateau-*; git worktree list';
  const printed = await inNamespace(
    `${start} main.js & own=$!; while [ ! -s "$SEEN" ]; do sleep 0.05; done; kill -9 $own $(cat "$SEEN"); sleep 0.3; ${list}; echo then; ${start} missing.js; ${list}`,
    { cwd: repo.path, env: { ...process.env, TMPDIR: temporary.path, SEEN: seen } },
  );
  const [killed = '', next = ''] = printed.split('then\n');
  expect(killed).toMatch(/plateau-measure-\w+\/plateau test /);
  expect(next.trim().split('\n')).toEqual([expect.stringContaining(repo.path)]);
  expect(left()).toEqual([]);
});
