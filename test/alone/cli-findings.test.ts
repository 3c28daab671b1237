import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import schema from '../../schema/analyze.schema.json';
import type { AnalyzeReport, FindingReport } from '../../src/service/export/report';
import { rawFromText } from '../support/raw-profile';
import { plateau, temporaryFolder } from '../support/run';
import { sarifSchema } from '../support/sarif-schema';

const text = 'export function hot() {\n  work();\n}\n';
const folder = temporaryFolder({ 'src/app.js': text });
const app = path.join(folder.path, 'src', 'app.js');
folder.file(
  'hot.cpuprofile',
  JSON.stringify(
    rawFromText(`main@file://${encodeURI(app)}:9 > hot@file://${encodeURI(app)}:1 x60\nmain@file://${encodeURI(app)}:9 > other x30\nmain > more x10`),
  ),
);
const run = (...args: string[]) => plateau(args, { cwd: folder.path });
const findings = async (): Promise<readonly FindingReport[]> =>
  (JSON.parse((await run('analyze', 'hot.cpuprofile', '--json')).stdout) as AnalyzeReport).findings;
const hot = async (): Promise<FindingReport> => {
  const found = (await findings()).find(({ title }) => title === 'hot');
  if (!found) throw new Error('hot is no finding');
  return found;
};
const decisions = path.join('.plateau', 'findings.json');

let id = '';
beforeAll(async () => {
  ({ id } = await hot());
});
afterAll(() => folder.remove());

test('a stack that V8 has cut is known in other formats of it too', async () => {
  const down = Array.from({ length: 254 }, () => 'down').join(' > ');
  folder.file('deep.cpuprofile', JSON.stringify(rawFromText(`main > ${down} x2\n(garbage collector)\nmain > other\n`.repeat(30).trimEnd())));
  const rules = async (file: string): Promise<readonly string[]> =>
    (JSON.parse((await run('analyze', file, '--json')).stdout) as AnalyzeReport).findings.map(({ rule }) => rule);
  expect(await rules('deep.cpuprofile')).toContain('deep-recursion');
  for (const format of ['pprof', 'speedscope']) {
    await run('export', 'deep.cpuprofile', '--to', format, '--out', `deep.${format}`);
    expect(await rules(`deep.${format}`), format).toContain('deep-recursion');
  }
});

describe('analyze tells findings', () => {
  test('as JSON by its schema, with place and status', async () => {
    const fits = new Ajv2020({ strict: false }).compile(schema);
    const report = JSON.parse((await run('analyze', 'hot.cpuprofile', '--json')).stdout);
    fits(report);
    expect(fits.errors).toBeNull();
    expect(await hot()).toMatchObject({ rule: 'plateau', level: 'error', sharePct: 60, status: 'open', place: { file: app, line: 1 } });
  });

  test('in words, with the place', async () => {
    const { stdout } = await run('analyze', 'hot.cpuprofile');
    expect(stdout).toMatch(/^error: hot {2}src\/app\.js:1\n {2}Almost certainly/m);
  });

  test('code in what they say has marks where a reader makes code of them, and none in plain text', async () => {
    const files = {
      'app.js': 'export function hot(x) {\n  return slow(`a|b c`);\n}\n',
      '.plateau/rules/own.yaml':
        'id: own-rule\nlanguages: [javascript]\nmessage: "`$X` is slow, `slow` too."\ngate: { minFunctionPct: 1 }\nast: { pattern: slow($X) }\nfix: { advice: Use `fast`. }\n',
    };
    const own = temporaryFolder(files);
    const url = `file://${encodeURI(path.join(own.path, 'app.js'))}`;
    const raw = rawFromText(`main > hot@${url}:1 x60\nmain x40`);
    for (const { callFrame } of raw.nodes) if (callFrame.functionName === 'hot') callFrame.columnNumber = 'export function hot'.length;
    own.file('own.cpuprofile', JSON.stringify(raw));
    const told = async (...args: string[]): Promise<string> => (await plateau(['analyze', 'own.cpuprofile', ...args], { cwd: own.path })).stdout;
    expect(await told()).toContain('  `a|b c` is slow, slow too. ');
    expect(await told()).toContain('  Use fast.\n');
    const json = (JSON.parse(await told('--json')) as AnalyzeReport).findings.find(({ rule }) => rule === 'own-rule');
    expect(json?.message).toMatch(/^`` `a\|b c` `` is slow, `slow` too\. /);
    expect(await told('--sarif', '-')).toContain('`a|b c` is slow, slow too. ');
    own.remove();
  });

  test('too few samples to judge are said to be that, and pass no gate', async () => {
    const profile = (text: string): string => JSON.stringify(rawFromText(text));
    const even = Array.from({ length: 40 }, (_, i) => `main > ${'abcdefgh'[i % 8]}${i} x1`).join('\n');
    const small = temporaryFolder({
      'few.cpuprofile': profile('main > hot x29'),
      'enough.cpuprofile': profile('main > hot x30'),
      'even.cpuprofile': profile(even),
      'few.folded': 'main;hot 20000\nmain 9000\n',
    });
    const told = (...args: string[]) => plateau(['analyze', ...args], { cwd: small.path });
    const few = await told('few.cpuprofile');
    const why = 'Only 29 active samples: findings need 30. Record for longer or with a shorter interval.';
    expect([few.code, few.stdout]).toEqual([0, expect.stringContaining('\nToo few samples to judge.\n')]);
    expect(few.stderr).toBe(`plateau: few.cpuprofile: warning: ${why}\n`);
    const report = JSON.parse((await told('few.cpuprofile', '--json')).stdout) as AnalyzeReport;
    expect([report.findings, report.warnings]).toEqual([[], [why]]);
    expect((await told('few.cpuprofile', '--fail-on', 'info')).code).toBe(3);
    // Counts without a unit may be samples or nanoseconds: the stacks are what is known.
    expect((await told('few.folded')).stderr).toContain('Only 2 different stacks: findings need 30.');
    for (const to of ['html', 'markdown'])
      expect((await plateau(['export', 'few.cpuprofile', '--to', to], { cwd: small.path })).stdout).toContain('Too few samples to judge.');
    // One more is enough, as is a lower bound.
    const enough = await told('enough.cpuprofile');
    expect([enough.stderr, enough.stdout]).toEqual(['', expect.stringContaining('error: hot')]);
    expect((await told('few.cpuprofile', '--min-samples', '29')).stdout).toContain('error: hot');
    // Where it is enough and nothing stands out, that is what is said.
    const none = await told('even.cpuprofile', '--fail-on', 'info', '--threshold', 'spread=1');
    expect([none.code, none.stdout, none.stderr]).toEqual([0, expect.stringContaining('\nNo findings.\n'), '']);
    small.remove();
  });

  test('ignored ones are counted, not shown, and fail nothing', async () => {
    const decided = (status: string): string => JSON.stringify({ version: 1, findings: { [id]: { status, at: '2030-01-01T00:00:00Z', title: 'hot' } } });
    folder.file(decisions, decided('ignored'));
    const { code, stdout } = await run('analyze', 'hot.cpuprofile', '--fail-on', 'error');
    expect(code).toBe(0);
    expect(stdout).not.toContain('error: hot');
    expect(stdout).toContain('1 finding done or ignored; --all-findings shows it.');
    expect((await run('analyze', 'hot.cpuprofile', '--all-findings')).stdout).toMatch(/^error: hot \(ignored\)[\s\S]*Ignored on 2030-01-01\./m);
    // Done in 2020, and here it is again.
    folder.file(decisions, decided('done').replace('2030', '2020'));
    const again = await run('analyze', 'hot.cpuprofile', '--fail-on', 'error');
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('Marked done on 2020-01-01, and seen again in this newer recording.');
  });

  test('a damaged file of decisions is told, and everything counts', async () => {
    folder.file(decisions, '{"version":1,');
    const { code, stderr } = await run('analyze', 'hot.cpuprofile', '--fail-on', 'error');
    expect(code).toBe(1);
    expect(stderr).toMatch(/warning: .*findings\.json.* is damaged/);
    folder.file(decisions, '{"version":1,"findings":{}}');
  });

  test('a comment in the source ignores one', async () => {
    folder.file('src/app.js', '// plateau-ignore-next-line plateau -- it is what it is for\nexport function hot() {\n');
    // The profile says line 1, which is the comment itself: nothing stands before it.
    expect((await hot()).status).toBe('open');
    folder.file('hot2.cpuprofile', JSON.stringify(rawFromText(`main@file://${encodeURI(app)}:9 > hot@file://${encodeURI(app)}:2 x60`)));
    const report = JSON.parse((await run('analyze', 'hot2.cpuprofile', '--json')).stdout) as AnalyzeReport;
    expect(report.findings.find(({ rule }) => rule === 'plateau')).toMatchObject({ status: 'ignored', note: 'Ignored by a comment in the source.' });
    folder.file('src/app.js', text);
  });
});

describe('--sarif', () => {
  const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(sarifSchema);

  test('writes a file, and none over another', async () => {
    const { code, stdout, stderr } = await run('analyze', 'hot.cpuprofile', '--sarif', 'out.sarif');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/Written to out\.sarif\n$/)]);
    expect(stdout).toContain('error: hot');
    const log = JSON.parse(readFileSync(path.join(folder.path, 'out.sarif'), 'utf8'));
    fits(log);
    expect(fits.errors).toBeNull();
    const result = log.runs[0].results.find(({ ruleId }: { ruleId: string }) => ruleId === 'plateau');
    expect(result.level).toBe('error');
    expect(result.locations[0].physicalLocation.artifactLocation).toEqual({ uri: 'src/app.js', uriBaseId: 'SRCROOT' });
    expect(result.fingerprints).toEqual({ 'plateau/v1': id });
    const again = await run('analyze', 'hot.cpuprofile', '--sarif', 'out.sarif', '--fail-on', 'error');
    expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('out.sarif exists already')]);
    expect((await run('analyze', 'hot.cpuprofile', '--sarif', 'out.sarif', '--force', '--fail-on', 'error')).code).toBe(1);
  });

  test('- is standard output, which has room for one', async () => {
    const { stdout } = await run('analyze', 'hot.cpuprofile', '--sarif', '-');
    expect(JSON.parse(stdout).version).toBe('2.1.0');
    expect((await run('analyze', 'hot.cpuprofile', '--sarif', '-', '--json')).code).toBe(2);
    expect(existsSync(path.join(folder.path, '-'))).toBe(false);
  });

  test('a folder that is not there is told', async () => {
    const { code, stderr } = await run('analyze', 'hot.cpuprofile', '--sarif', 'no/where.sarif');
    expect([code, stderr]).toEqual([4, expect.stringContaining('The folder of no/where.sarif does not exist')]);
  });
});

test('a recording ends with its loudest findings', async () => {
  folder.file(
    'busy.mjs',
    'function spin() {\n  let s = 0;\n  const end = Date.now() + 1200;\n  while (Date.now() < end) s += Math.sqrt(s + 1);\n  return s;\n}\nspin();\n',
  );
  const { stdout, stderr } = await run('record', '--interval', '200', '--', 'node', 'busy.mjs');
  expect(stderr).toMatch(/^ {2}error: .*\d %, busy\.mjs:\d/m);
  expect({ stdout, last: stderr.trim() }).toEqual({ stdout: '', last: expect.stringMatching(/\.cpuprofile$/) });
  const json = JSON.parse((await run('record', '--json', '--interval', '200', '--', 'node', 'busy.mjs')).stdout) as { findings: FindingReport[] };
  expect(json.findings.some(({ place }) => place?.file.endsWith('busy.mjs'))).toBe(true);
});

describe('a line that has been judged', () => {
  const search = `export function search(words, list) {
  const known = list.map(String);
  let n = 0;
  for (const word of words) {
    // plateau-ignore-next-line includes-in-loop -- small
    if (known.includes(word)) n++;
  }
  return n;
}
`;
  const place = temporaryFolder({ 'search.js': search });
  const url = `file://${encodeURI(path.join(place.path, 'search.js'))}`;
  afterAll(() => place.remove());

  test('comes back neither as a pattern nor as a plateau, and is listed when asked for', async () => {
    const raw = rawFromText(`main > search@${url}:1 x90\nmain > other@${url}:8 x10`);
    const node = raw.nodes.find(({ callFrame }) => callFrame.functionName === 'search');
    if (!node) throw new Error('no node');
    node.callFrame.columnNumber = 'export function search'.length;
    node.positionTicks = [{ line: 6, ticks: 90 }];
    place.file('s.cpuprofile', JSON.stringify(raw));
    const { code, stdout } = await plateau(['analyze', 's.cpuprofile', '--fail-on', 'error'], { cwd: place.path });
    expect(code).toBe(0);
    expect(stdout).not.toContain('Almost certainly');
    expect(stdout).toContain('2 findings done or ignored; --all-findings shows them.');
    const all = (await plateau(['analyze', 's.cpuprofile', '--all-findings'], { cwd: place.path })).stdout;
    expect(all).toMatch(/^error: .* \(ignored\) {2}search\.js:6\n[\s\S]*Ignored by a comment in the source\.$/m);
    expect(all).toMatch(/^error: search: searches .* \(ignored\)[\s\S]*includes-in-loop explains it, which is ignored there\.$/m);
  });

  test('a function that stands by its line alone has not changed', async () => {
    const stacks = Array.from({ length: 40 }, (_, i) => `main${i};(anonymous) (${url}:4) 9`).join('\n');
    place.file('s.collapsed', `${stacks}\n`);
    const { stderr } = await plateau(['analyze', 's.collapsed'], { cwd: place.path });
    expect(stderr).toContain('search.js stands in this profile by line alone');
    expect(stderr).not.toMatch(/changed since/);
  });
});
