import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { describe, expect, test } from 'vitest';
import { withEdits } from '../../src/core/findings/patterns/fixes/fixer';
import type { PatternRule } from '../../src/core/findings/patterns/pattern-rule';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import { javascriptRules } from '../../src/core/findings/patterns/rules/javascript';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { type FindPatternsOptions, findPatterns, type PatternFindings } from '../../src/service/patterns/pattern-findings';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { readInfo } from '../../src/service/recordings/recordings';
import { lineFingerprints } from '../../src/source/align-lines';
import { fileLocator } from '../../src/source/maps/locate';
import { patternSearch } from '../support/pattern-search';
import { dist } from '../support/patterns';
import { rawFromText, readOk } from '../support/raw-profile';
import { plateau, root } from '../support/run';

const fixtures = path.join(root, 'test/fixtures/patterns');

const search = patternSearch();

const readText = (file: string): Promise<string | undefined> => fs.readFile(file, 'utf8').catch(() => undefined);

const find = (profile: OpenedProfile, options: Partial<FindPatternsOptions> = {}): Promise<PatternFindings> =>
  findPatterns(profile, { partsFolder: dist, scanner: search.scanner, readText, ...options });

async function open(file: string): Promise<OpenedProfile> {
  const built = await readProfileFile(file, {});
  if (!built.ok) throw new Error(built.error.kind);
  return openProfile(file, built.value, { thresholds: defaultThresholds, locator: fileLocator([]), info: await readInfo(file) });
}

/** Most of the time of the one is garbage collection, of the other that of Node.js. */
const LONGER: Readonly<Record<string, number>> = { 'never-removed': 2500, 'request-in-loop': 4000 };

/** Records a fixture with the product's own recorder, for long enough that each finding has thirty samples of its own. */
async function recordFixture(name: string, cwd = fixtures, ms = LONGER[name] ?? 900): Promise<OpenedProfile> {
  const out = path.join(search.folder.path, `${path.basename(cwd)} ${name}.cpuprofile`);
  const { code, stderr } = await plateau(['record', '--interval', '500', '--force', '--out', out, '--', 'node', 'run.mjs', name, String(ms)], { cwd });
  expect(code, stderr).toBe(0);
  return open(out);
}

/** On a busy machine a run may have too few samples to say anything, as it should be: then a longer one. */
async function findIn(name: string): Promise<PatternFindings> {
  for (const ms of [undefined, 4000]) {
    const found = await find(await recordFixture(name, fixtures, ms));
    if (found.findings.some(({ rule }) => rule === name)) return found;
  }
  return find(await recordFixture(name, fixtures, 10_000));
}

/** The 1-based lines of an exported function of a fixture. */
function linesOf(name: string, func: string): { first: number; last: number } {
  const lines = readFileSync(path.join(fixtures, `${name}.mjs`), 'utf8').split('\n');
  const first = lines.findIndex((line) => line.includes(`function ${func}(`));
  const last = lines.findIndex((line, i) => i >= first && line === '}');
  return { first: first + 1, last: last + 1 };
}

describe('what a real run makes hot', () => {
  // Where the slow function of a fixture has another name, or another function of it is slow too.
  const named: Readonly<Record<string, string>> = { 'sync-in-handler': 'slowPage', 'file-rewritten': 'save' };
  // A rule about packages alone has none here: pattern-packages.test.ts.
  const withFixture = javascriptRules.filter(({ gate }) => Object.keys(gate).some((name) => name.startsWith('min')));
  test.each(withFixture.map(({ id }) => id))('%s is found where it is slow, and only there', async (id) => {
    const { findings, warnings } = await findIn(id);
    expect(warnings).toEqual([]);
    const mine = findings.filter(({ rule }) => rule === id);
    const { first, last } = linesOf(id, named[id] ?? 'slow');
    expect(mine.map(({ place }) => place !== undefined && place.line >= first && place.endLine <= last)).toEqual([true]);
    const [finding] = mine;
    expect(finding?.place?.file).toBe(path.join(fixtures, `${id}.mjs`));
    expect(finding?.share).toBeGreaterThan(0.01);
    expect(finding?.samples).toBeGreaterThan(0); // how many depends on the machine
    const text = readFileSync(path.join(fixtures, `${id}.mjs`), 'utf8');
    if (finding?.fix) expect(withEdits(text, finding.fix.edits)).not.toBe(text);
  });
});

const typed = `interface User { id: number; name: string }
class Store {
  private readonly users: User[] = Array.from({ length: 3000 }, (_, id) => ({ id, name: 'n' }));

  public count(ids: readonly number[]): number {
    let n = 0;
    for (const id of ids) {
      const user = this.users.find((one) => one.id === id);
      if (user) n++;
    }
    return n;
  }
}
const store = new Store();
const ids = Array.from({ length: 1000 }, (_, i) => i * 3);
const end = performance.now() + 400;
while (performance.now() < end) store.count(ids);
`;

describe('TypeScript', () => {
  test('is searched in its own text, with a fix that fits its types', async () => {
    const file = search.folder.file('typed/main.ts', typed);
    const out = `${file}.cpuprofile`;
    const { code, stderr } = await plateau(['record', '--interval', '500', '--out', out, 'main.ts'], { cwd: path.dirname(file) });
    expect(code, stderr).toBe(0);
    const { findings, warnings } = await find(await open(out));
    expect(warnings).toEqual([]);
    const found = findings.find(({ rule }) => rule === 'find-in-loop');
    expect(found?.place).toMatchObject({ file, line: 8 });
    expect(found?.share).toBeGreaterThan(0.5);
    expect(withEdits(typed, found?.fix?.edits ?? [])).toContain('const usersById = new Map(this.users.map((one) => [one.id, one] as const));');
  });

  test('is found through the source map of a minified bundle', async () => {
    const file = search.folder.file('bundled/main.ts', typed);
    const cwd = path.dirname(file);
    await esbuild.build({
      entryPoints: [file],
      outfile: path.join(cwd, 'out.js'),
      bundle: true,
      minify: true,
      sourcemap: true,
      format: 'esm',
      platform: 'node',
    });
    await fs.rename(path.join(cwd, 'out.js'), path.join(cwd, 'out.mjs'));
    const out = `${file}.cpuprofile`;
    const { code, stderr } = await plateau(['record', '--interval', '500', '--out', out, '--', 'node', 'out.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    const { findings, warnings } = await find(await open(out));
    expect(warnings).toEqual([]);
    // V8 tells of a minified script one line for all: only what the callback costs is known to be the pattern's.
    expect(findings.filter(({ rule }) => rule === 'find-in-loop').every(({ place }) => place?.file === file && place.line === 8)).toBe(true);
  });
});

/** A profile over a file of its own: each function by its line, in samples of a millisecond. */
function profileOver(file: string, stacks: string): OpenedProfile {
  const raw = rawFromText(stacks.replaceAll('@', `@file://${file.replaceAll(' ', '%20')}:`));
  for (const { callFrame } of raw.nodes) {
    if (!callFrame.url.startsWith('file://')) continue;
    const line = readFileSync(file, 'utf8').split('\n')[callFrame.lineNumber] ?? '';
    callFrame.columnNumber = Math.max(0, line.indexOf('('));
  }
  for (const node of raw.nodes) {
    const [, , tick] = /^(.*)#(\d+)$/.exec(node.callFrame.functionName) ?? [];
    if (tick === undefined) continue;
    node.callFrame.functionName = node.callFrame.functionName.replace(/#\d+$/, '');
    node.positionTicks = [{ line: Number(tick), ticks: node.hitCount ?? 0 }];
  }
  return openProfile(`${file}.cpuprofile`, readOk(raw), { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
}

const SEARCH = `function search(words, list) {
  const known = list.map(String);
  let n = 0;
  for (const word of words) {
    if (known.includes(word)) n++;
  }
  return n;
}
`;

describe('evidence', () => {
  test('a pattern speaks with the samples of its lines, and is silent where they are elsewhere', async () => {
    const file = search.folder.file('search.js', SEARCH);
    const hot = await find(profileOver(file, 'search#5@1 x90\nsearch#2@1 x10'));
    expect(hot.findings.map(({ rule, share, samples, level }) => [rule, share.toFixed(2), samples, level])).toEqual([
      ['includes-in-loop', '0.90', 90, 'error'],
    ]);
    expect((await find(profileOver(file, 'search#2@1 x100'))).findings).toEqual([]);
    expect((await find(profileOver(file, 'search#5@1 x2\nother@9 x98'))).findings).toEqual([]);
  });

  test('too few samples say nothing', async () => {
    const file = search.folder.file('few.js', SEARCH);
    expect((await find(profileOver(file, 'search#5@1 x20'))).findings).toEqual([]);
  });

  test('what a callback in the match costs is explained with it, also where natives stand between, and recursion counts once', async () => {
    const file = search.folder.file(
      'callback.js',
      `function join(orders, list) {
  const users = list.filter(Boolean);
  return orders.map((order) => {
    const user = users.find((one) => one.id === order.userId);
    return [order, user];
  });
}
`,
    );
    const raw = rawFromText(`join@f:1 > map > cb@f:3 > find > one@f:4 x60\njoin@f:1 > map > cb@f:3 x20\nother@f:7 x20`);
    const lines = readFileSync(file, 'utf8').split('\n');
    const at = (line: number, text: string): number => (lines[line - 1] as string).indexOf(text);
    for (const node of raw.nodes) {
      const frame = node.callFrame;
      if (frame.functionName === 'map' || frame.functionName === 'find') Object.assign(frame, { url: '', lineNumber: -1, columnNumber: -1 });
      else if (frame.lineNumber >= 0) frame.url = `file://${file.replaceAll(' ', '%20')}`;
      if (frame.functionName === 'join') frame.columnNumber = at(1, '(');
      if (frame.functionName === 'cb') Object.assign(frame, { functionName: '', columnNumber: at(3, '(order)') });
      if (frame.functionName === 'one') Object.assign(frame, { functionName: '', columnNumber: at(4, '(one)') });
    }
    const profile = openProfile('p.cpuprofile', readOk(raw), { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
    const { findings } = await find(profile);
    expect(findings.map(({ rule, share, samples }) => [rule, share.toFixed(2), samples])).toEqual([['find-in-loop', '0.60', 60]]);
  });
});

test('the function that has most of what a pattern leads to is one of the finding, so that it is not told twice', async () => {
  const file = search.folder.file(
    'events.js',
    `function set(grid, x) {
  grid.emit('change', { x });
}
const watch = (grid) => grid.on('change', () => recompute());
function recompute() {
  work();
}
`,
  );
  const profile = profileOver(file, 'set@1 > emit > recompute@5 x90\nset@1 > emit > other@6 x5\nmain@9 x5');
  const { findings } = await find(profile);
  const { functions, strings } = profile.tables;
  const named = findings.map(({ rule, functions: rows }) => [rule, rows.map((row) => strings.at(functions.name[row] as number))]);
  expect(named).toEqual([['event-for-each-change', ['set', 'recompute']]]);
});

describe('suppressions', () => {
  const withComment = (comment: string): string => SEARCH.replace('    if (known', `    ${comment}\n    if (known`);

  test.each([
    '// plateau-ignore-next-line includes-in-loop -- ten at most',
    '/* plateau-ignore-next-line includes-in-loop, find-in-loop -- ten at most */',
    '// plateau-ignore-next-line -- all of them',
    '// plateau-ignore-next-line includes-in-loop -- a reason\n    // and more of it',
  ])('%s silences the line after it', async (comment) => {
    const text = withComment(comment);
    const file = search.folder.file('suppressed.js', text);
    const line = text.split('\n').findIndex((one) => one.includes('known.includes')) + 1;
    expect((await find(profileOver(file, `search#${line}@1 x100`))).findings).toEqual([]);
  });

  test('one that is not needed is told, where its function ran', async () => {
    const text = SEARCH.replace('  let n', '  // plateau-ignore-next-line includes-in-loop -- once\n  let n');
    const file = search.folder.file('unused.js', text);
    const { findings } = await find(profileOver(file, 'search#6@1 x100'));
    expect(findings.map(({ rule, place }) => [rule, place?.line])).toEqual([
      ['includes-in-loop', 6],
      ['unused-suppression', 3],
    ]);
    expect((await find(profileOver(file, 'search#6@1 x1\nother@90 x99'))).findings).toEqual([]);
  });

  test('one of an unknown rule, or in a text, is nobody’s', async () => {
    const text = SEARCH.replace('  let n', "  // plateau-ignore-next-line my-own-rule\n  const note = 'plateau-ignore-next-line includes-in-loop';\n  let n");
    const file = search.folder.file('others.js', text);
    expect((await find(profileOver(file, 'search#7@1 x100'))).findings.map(({ rule }) => rule)).toEqual(['includes-in-loop']);
  });

  test('ignored rules say nothing', async () => {
    const file = search.folder.file('ignored.js', SEARCH);
    expect((await find(profileOver(file, 'search#5@1 x100'), { ignoredRules: ['includes-in-loop'] })).findings).toEqual([]);
  });
});

describe('texts that have changed', () => {
  test('lines that moved are found, and told where they were; a changed pattern is not', async () => {
    const copy = search.folder.path;
    for (const name of ['run.mjs', 'find-in-loop.mjs']) await fs.copyFile(path.join(fixtures, name), path.join(copy, name));
    const profile = await recordFixture('find-in-loop', copy);
    const text = readFileSync(path.join(copy, 'find-in-loop.mjs'), 'utf8');
    const was = (await find(profile)).findings.find(({ rule }) => rule === 'find-in-loop');
    expect(was?.place?.line).toBe(6);

    const only = (now: string) => async (file: string) => (file.endsWith('find-in-loop.mjs') ? now : readText(file));
    const moved = `// one\n// two\n${text}`;
    const now = (await find(profile, { readText: only(moved) })).findings.find(({ rule }) => rule === 'find-in-loop');
    expect(now?.place).toEqual(was?.place);
    expect(now?.id).toBe(was?.id);
    expect(withEdits(moved, now?.fix?.edits ?? [])).toContain('usersById.get(order.userId)');

    const edited = text.replace('users.find(', 'users.find( ');
    expect((await find(profile, { readText: only(edited) })).findings.map(({ rule }) => rule)).not.toContain('find-in-loop');

    const other = text.replace('export function slow({ users, orders }) {', 'export function other({ users, orders }, more) {');
    const changed = await find(profile, { readText: only(other) });
    expect(changed.findings.map(({ rule }) => rule)).not.toContain('find-in-loop');
    expect(changed.warnings.map(({ kind }) => kind)).toEqual(['changed-source']);
  });

  test('a place without a function, in a text that is as it was recorded, is the fault of its map', async () => {
    const file = search.folder.file('wrong map.js', SEARCH);
    const profile = profileOver(file, 'search#5@2 x100');
    const info = { sources: { [file]: lineFingerprints(SEARCH) } } as unknown as OpenedProfile['info'];
    expect((await find({ ...profile, info })).warnings).toEqual([{ kind: 'wrong-map', file, functions: 1 }]);
    expect((await find(profile)).warnings).toEqual([{ kind: 'changed-source', file, functions: 1 }]);
  });
});

describe('bad input is told, skipped, and the rest goes on', () => {
  test('a source that is missing', async () => {
    const file = search.folder.file('gone.js', SEARCH);
    const profile = profileOver(file, 'search#5@1 x100');
    expect(await find(profile, { readText: async () => undefined })).toMatchObject({
      findings: [],
      warnings: [{ kind: 'missing-source', file, functions: 1 }],
    });
  });

  test('a source that does not parse is searched as far as it does', async () => {
    const file = search.folder.file('broken.js', `${SEARCH}\nfunction ( { ]] class = ;\n`);
    expect((await find(profileOver(file, 'search#5@1 x100'))).findings.map(({ rule }) => rule)).toEqual(['includes-in-loop']);
  });

  test('a minified line of 1 MB', async () => {
    const file = search.folder.file('min.js', `${'var a=[1];'.repeat(100_000)}${SEARCH.replaceAll('\n', ' ')}\n${SEARCH.replace('search', 'plain')}`);
    const raw = rawFromText('search x50\nplain x50');
    for (const { callFrame } of raw.nodes) {
      if (callFrame.functionName === '(root)') continue;
      const isLong = callFrame.functionName === 'search';
      Object.assign(callFrame, { url: `file://${file.replaceAll(' ', '%20')}`, lineNumber: isLong ? 0 : 1, columnNumber: isLong ? 1_000_015 : 14 });
    }
    const ticked = raw.nodes.find(({ callFrame }) => callFrame.functionName === 'plain');
    if (ticked) ticked.positionTicks = [{ line: 6, ticks: 50 }];
    const profile = openProfile('p.cpuprofile', readOk(raw), { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
    const { findings, warnings } = await find(profile);
    expect(warnings).toEqual([{ kind: 'long-lines', file, length: 1_000_000 + SEARCH.length, isMapped: false }]);
    expect(findings.map(({ rule, place }) => [rule, place?.line])).toEqual([['includes-in-loop', 6]]);
  });

  test('deep nesting', async () => {
    const deep = `function deep() { return ${'['.repeat(20_000)}${']'.repeat(20_000)}; }\n`;
    const file = search.folder.file('deep.js', `${SEARCH}${deep.replace(/(\[{100})/g, '$1\n')}`);
    expect((await find(profileOver(file, 'search#5@1 x100\ndeep@9 x50'))).findings.map(({ rule }) => rule)).toEqual(['includes-in-loop']);
  });

  const rule = (id: string, change: Partial<PatternRule>): PatternRule => ({
    ...(builtInRules.find((one) => one.id === 'includes-in-loop') as PatternRule),
    id,
    ...change,
  });

  test('a rule whose expression backtracks for ever is left out, the others are not', async () => {
    const file = search.folder.file('slow-rule.js', `${SEARCH}function quiet() { return '${'a'.repeat(60)}!'; }\n`);
    const endless = rule('endless', { words: ['aaaa'], ast: { kind: 'string', pattern: '$S' }, where: [{ is: 'text', capture: 'S', regex: "^'(a+)+'$" }] });
    const { findings, warnings } = await find(profileOver(file, 'search#5@1 x60\nquiet@9 x60'), { rules: [endless], ruleLimitMs: 2000 });
    expect(warnings).toEqual([{ kind: 'too-slow', file, rule: 'endless', limitMs: 2000 }]);
    expect(findings.map((one) => one.rule)).toEqual(['includes-in-loop']);
  });

  test('a rule that ast-grep does not take', async () => {
    const file = search.folder.file('bad-rule.js', SEARCH);
    const { findings, warnings } = await find(profileOver(file, 'search#5@1 x100'), { rules: [rule('unfit', { ast: { patern: '$A' } })] });
    expect(warnings).toMatchObject([{ kind: 'rule-failed', file, rule: 'unfit', detail: expect.stringContaining('patern') }]);
    expect(findings.map((one) => one.rule)).toEqual(['includes-in-loop']);
  });

  test('a search that is cancelled ends', async () => {
    const file = search.folder.file('cancelled.js', SEARCH);
    const abort = new AbortController();
    const result = find(profileOver(file, 'search#5@1 x100'), { signal: abort.signal });
    abort.abort();
    expect((await result).findings).toEqual([]);
  });

  test('an installation without its parts', async () => {
    const file = search.folder.file('parts.js', SEARCH);
    const { findings, warnings } = await findPatterns(profileOver(file, 'search#5@1 x100'), { partsFolder: search.folder.path, readText });
    expect(findings).toEqual([]);
    expect(warnings).toMatchObject([{ kind: 'engine-failed' }]);
  });
});

test('the same code in two packages has two ids, which hold when lines move', async () => {
  const slow = `export function slow(ids, given) {
  const users = given.filter(Boolean);
  let n = 0;
  for (const id of ids) if (users.find((one) => one.id === id)) n++;
  return n;
}
`;
  const idsAt = async (name: string, head: string): Promise<string[]> => {
    for (const one of ['a', 'b']) search.folder.file(`${name}/packages/${one}/src/index.mjs`, head + slow);
    const main = search.folder.file(
      `${name}/main.mjs`,
      `import { slow as a } from './packages/a/src/index.mjs';
import { slow as b } from './packages/b/src/index.mjs';
const users = Array.from({ length: 3000 }, (_, id) => ({ id }));
const ids = users.map(({ id }) => id * 3);
const end = performance.now() + 500;
while (performance.now() < end) { a(ids, users); b(ids, users); }
`,
    );
    const out = `${main}.cpuprofile`;
    const cwd = path.dirname(main);
    const { code, stderr } = await plateau(['record', '--interval', '500', '--out', out, '--', 'node', 'main.mjs'], { cwd });
    expect(code, stderr).toBe(0);
    const built = readOk(new Uint8Array(readFileSync(out)));
    const profile = openProfile(out, built, { thresholds: defaultThresholds, locator: fileLocator([cwd]), info: await readInfo(out) });
    const { findings } = await find(profile);
    return findings.flatMap(({ id, rule }) => (rule === 'find-in-loop' ? [id] : [])).sort();
  };
  const ids = await idsAt('ids', '');
  expect(ids).toEqual(['a', 'b'].map((one) => expect.stringMatching(new RegExp(`^find-in-loop:slow@packages/${one}/src/index\\.mjs~[0-9a-f]{6}$`))));
  expect(await idsAt('ids again', '// moved\n\n\n')).toEqual(ids);
});
