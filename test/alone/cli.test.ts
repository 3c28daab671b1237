import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import schema from '../../schema/analyze.schema.json';
import { functionCosts } from '../../src/core/profile/costs/function-costs';
import type { AnalyzeReport } from '../../src/service/export/report';
import { fileLocator } from '../../src/source/maps/locate';
import { sourceView } from '../../src/source/source-view';
import { rawFromText, readOk } from '../support/raw-profile';
import { cli, plateau, temporaryFolder } from '../support/run';

const folder = temporaryFolder({
  'hot.cpuprofile': JSON.stringify(rawFromText('main > hot x60\nmain > other x30\n(idle) x50\n(garbage collector) x10')),
  'even.cpuprofile': JSON.stringify(rawFromText(Array.from({ length: 50 }, (_, i) => `main > f${i} x2`).join('\n'))),
  'names.cpuprofile': JSON.stringify(rawFromText('main > \u001b[31mred;x\u001b[0m x40')),
});
afterAll(() => folder.remove());
const run = (...args: string[]) => plateau(args, { cwd: folder.path });

describe('help', () => {
  test.each([[['--help']], [['help', 'record']], [['analyze', '--help']], [['export', '-h']], [['lsp', '--help']]])(
    '%s explains itself and exits with 0',
    async (args) => {
      const { code, stdout } = await run(...args);
      expect(code).toBe(0);
      expect(stdout).toContain('Usage');
    },
  );
  test.each([
    [[]],
    [['fly']],
    [['help', 'fly']],
    [['analyze']],
    [['analyze', 'a', 'b']],
    [['export', 'hot.cpuprofile']],
    [['export', 'hot.cpuprofile', '--to', 'svg']],
    [['analyze', '--nope', 'x']],
    [['analyze', 'hot.cpuprofile', '--fail-on', 'fire']],
    [['lsp']],
  ])('%j is wrong usage', async (args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/plateau/);
  });
  test('every option that is documented is taken', async () => {
    const { stdout } = await run('help', 'analyze');
    for (const [, option] of stdout.matchAll(/^ {2}--([a-z-]+)/gm))
      expect((await run('analyze', 'gone', `--${option}`, '1')).stderr).not.toContain('Unknown option');
  });
  test('--version is the package version', async () => {
    const { version } = JSON.parse(readFileSync(path.join(path.dirname(cli), '..', 'package.json'), 'utf8'));
    expect((await run('--version')).stdout).toBe(`plateau ${version}\n`);
  });
});

describe('analyze', () => {
  test('JSON by its schema, shares of active time', async () => {
    const { code, stdout } = await run('analyze', 'hot.cpuprofile', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as AnalyzeReport;
    for (const key of schema.required) expect(report).toHaveProperty(key);
    expect(Object.keys(report).filter((key) => !(key in schema.properties))).toEqual([]);
    for (const one of report.functions) expect(Object.keys(one).sort()).toEqual(expect.arrayContaining(schema.properties.functions.items.required.sort()));
    // 150 samples of 1 ms, 50 of them idle: hot has 60 of the 100 active ones.
    expect(report).toMatchObject({ durationMs: 150, activeMs: 100, idleMs: 50, gcMs: 10, samples: 150 });
    expect(report.functions.find(({ name }) => name === 'hot')).toMatchObject({ selfMs: 60, totalMs: 60, selfPct: 60, totalPct: 60, line: 1, column: 1 });
    expect(report.functions.find(({ name }) => name === 'main')).toMatchObject({ selfMs: 0, totalMs: 90, totalPct: 90 });
    expect(report.functions[0]?.name).toBe('hot');
    expect(report.findings[0]).toMatchObject({ rule: 'plateau', level: 'error', sharePct: 60 });
  });
  test.each([
    [['hot.cpuprofile'], 0],
    [['hot.cpuprofile', '--fail-on', 'error'], 1],
    [['hot.cpuprofile', '--fail-on', 'error', '--bottleneck', '70'], 0],
    [['hot.cpuprofile', '--fail-on', 'warning', '--bottleneck', '70'], 1],
    [['even.cpuprofile', '--fail-on', 'warning'], 0],
    [['even.cpuprofile', '--fail-on', 'info'], 1],
    [['gone.cpuprofile'], 4],
    [['.'], 4],
  ])('%j exits with %i', async (args, code) => expect((await run('analyze', ...args)).code).toBe(code));
  test('text is plain in a pipe, and names cannot write to the terminal', async () => {
    const { stdout, stderr } = await run('analyze', 'names.cpuprofile');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stdout).toContain('red;x');
  });
  test('nor does JSON, which stays what it is, or what somebody typed', async () => {
    const place = temporaryFolder();
    const name = 'a\u009b31m\u007f\u202eb\u061c\u200f\u2028';
    const raw = rawFromText('main > a x40');
    for (const node of raw.nodes) node.callFrame.functionName = node.callFrame.functionName.replace('a', name);
    const file = place.file('p.cpuprofile', JSON.stringify(raw));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    const acts = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u202a-\u202e\u2066-\u2069]/;
    const read = await plateau(['analyze', file, '--json', '--sarif', '-'], { cwd: place.path });
    const json = await plateau(['analyze', file, '--json'], { cwd: place.path });
    expect(json.stdout).not.toMatch(acts);
    expect((JSON.parse(json.stdout) as AnalyzeReport).functions.map((one) => one.name)).toContain(name);
    expect(read.stdout + read.stderr).not.toMatch(acts);
    for (const args of [[`--${name}`], [name], ['export', file, '--to', name], ['help', name], ['analyze', `--\u001b[31m`]]) {
      const { stderr, stdout, code } = await plateau(args, { cwd: place.path });
      expect(stdout + stderr, String(args)).not.toMatch(acts);
      expect(code).toBe(2);
    }
    place.remove();
  });
  test('--top limits, a reader that closes early is no error', async () => {
    const report = JSON.parse((await run('analyze', 'even.cpuprofile', '--json', '--top', '3')).stdout) as AnalyzeReport;
    expect(report.functions.length).toBe(3);
    const child = spawn(process.execPath, [cli, 'analyze', path.join(folder.path, 'even.cpuprofile'), '--json']);
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    // A busy machine may not search all functions for patterns in time, and says so.
    expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('plateau: warning: '))).toEqual([]);
  });
});

test('a line has one cost, in the command line as in the editor: all functions on it together', async () => {
  const source = folder.file(
    'src/lines.mjs',
    `const wait = (ms) => { const end = Date.now() + ms; while (Date.now() < end) {} };
export function outer(n) { let s = 0; for (let i = 0; i < n; i++) { s += [i, i + 1, i + 2].map((x) => { let t = 0; for (let k = 0; k < 2000; k++) t += k % (x + 2); return t; }).length; wait(0.2); } return s; }
outer(2e4 / 100);
`,
  );
  const recorded = await plateau(['record', '--interval', '200', '--out', 'lines.cpuprofile', source], { cwd: folder.path });
  expect(recorded.code, recorded.stderr).toBe(0);
  const { tables } = readOk(new Uint8Array(readFileSync(path.join(folder.path, 'lines.cpuprofile'))));
  const view = sourceView(tables, functionCosts(tables), fileLocator([folder.path]));
  const inEditor = view.file(source)?.lines;
  const report = JSON.parse((await run('analyze', 'lines.cpuprofile', '--json')).stdout) as AnalyzeReport;
  const inReport = report.lines.filter(({ url }) => url === pathToFileURL(source).href);
  expect(inReport.length).toBe(inEditor?.size);
  for (const row of inReport) expect(row.selfMs).toBeCloseTo((inEditor?.get(row.line)?.self ?? 0) / 1000, 6);
  // Independently: the second line holds two functions of the profile.
  const onSecond = report.functions.filter(({ url, line }) => url === pathToFileURL(source).href && line === 2);
  expect(onSecond.map(({ name }) => name).sort()).toEqual(['(anonymous)', 'outer']);
  const sum = onSecond.reduce((all, { selfMs }) => all + selfMs, 0);
  expect(inReport.find(({ line }) => line === 2)?.selfMs).toBeGreaterThan(sum * 0.98);
  const text = (await run('analyze', 'lines.cpuprofile')).stdout;
  expect(text).toContain(path.join('src', 'lines.mjs:2'));
  expect(text).not.toMatch(/\(idle\)| :\d/);
});

describe('export', () => {
  test('collapsed stacks, idle left out, separators in names replaced', async () => {
    const { stdout } = await run('export', 'hot.cpuprofile', '--to', 'collapsed');
    expect(stdout.trim().split('\n').sort()).toEqual([
      '(garbage collector) 10000',
      'main (file:///app/main.js:1);hot (file:///app/main.js:1) 60000',
      'main (file:///app/main.js:1);other (file:///app/main.js:1) 30000',
    ]);
    const odd = await run('export', 'names.cpuprofile', '--to', 'collapsed');
    expect(odd.stdout.trim().split('\n').length).toBe(1);
    expect(odd.stdout.split(' ').length).toBeGreaterThan(1);
  });
  test('an existing file is kept unless --force says otherwise', async () => {
    folder.file('out.txt', 'precious');
    const refused = await run('export', 'hot.cpuprofile', '--to', 'collapsed', '--out', 'out.txt');
    expect([refused.code, readFileSync(path.join(folder.path, 'out.txt'), 'utf8')]).toEqual([4, 'precious']);
    expect((await run('export', 'hot.cpuprofile', '--to', 'collapsed', '--out', 'out.txt', '--force')).code).toBe(0);
  });
});

test('plateau lsp serves hovers, hints, lenses and diagnostics to any editor', async () => {
  const source = folder.file(
    'src/a.mjs',
    'export function hot(n) {\n  let sum = 0;\n  for (let i = 0; i < n; i++) sum += i % 7;\n  return sum;\n}\nhot(8e7);\n',
  );
  const recorded = await plateau(['record', '--out', 'lsp.cpuprofile', source], { cwd: folder.path });
  expect(recorded.code, recorded.stderr).toBe(0);
  const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { cwd: folder.path });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const diagnostics = new Promise<{ uri: string; diagnostics: { message: string; range: { start: { line: number } } }[] }>((resolve) =>
    connection.onNotification('textDocument/publishDiagnostics', resolve),
  );
  const unasked: string[] = [];
  connection.onRequest((method) => {
    unasked.push(method);
    return null;
  });
  connection.listen();
  try {
    const uri = pathToFileURL(source).href;
    await connection.sendRequest('initialize', {
      processId: process.pid,
      capabilities: {},
      rootUri: pathToFileURL(folder.path).href,
      workspaceFolders: [{ uri: pathToFileURL(folder.path).href, name: 'w' }],
      initializationOptions: { profile: path.join(folder.path, 'lsp.cpuprofile'), costLenses: true },
    });
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'javascript', version: 1, text: readFileSync(source, 'utf8') },
    });
    const hover = (await connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 2, character: 40 } })) as {
      contents: { value: string };
    };
    expect(hover.contents.value, 'asked at once, before the profile is read').toMatch(/\*\*hot\*\* · .* total/);
    expect(hover.contents.value).not.toContain('command:');
    const found = await diagnostics;
    expect(found.uri).toBe(uri);
    expect(found.diagnostics[0]).toMatchObject({ range: { start: { line: 2 } } }); // the hot line
    expect(found.diagnostics[0]?.message).toMatch(/hot: Almost certainly the bottleneck/);
    const hints = (await connection.sendRequest('textDocument/inlayHint', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    })) as { label: string; position: { line: number } }[];
    expect(hints.some(({ label, position }) => position.line === 2 && / · \d[\d.]* %/.test(label))).toBe(true);
    const lenses = (await connection.sendRequest('textDocument/codeLens', { textDocument: { uri } })) as { command: { title: string } }[];
    expect(lenses.map(({ command }) => command.title)).toEqual([expect.stringMatching(/total · .* %/), expect.stringMatching(/^Bottleneck: .* %$/)]);
    expect(unasked, 'this client offers no refreshing').toEqual([]);
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await new Promise((resolve) => child.once('exit', resolve));
  } finally {
    connection.dispose();
    child.kill();
  }
});

test('a recording that could not be kept is refused before the program runs', async () => {
  const place = temporaryFolder({ '.plateau': 'a file, not a folder', 'a.mjs': "import fs from 'node:fs'; fs.writeFileSync('ran', '');" });
  for (const command of ['record', 'doctor']) {
    const { code, stderr } = await plateau([command, '--', 'node', 'a.mjs'], { cwd: place.path });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^plateau: .*profiles cannot be made, for .*\.plateau is not a folder; give another place with --out F(?:ILE|OLDER)\.\n$/);
    expect(existsSync(path.join(place.path, 'ran'))).toBe(false);
  }
  place.remove();
});

describe('a profile that was cut', () => {
  const place = temporaryFolder();
  const whole = JSON.stringify(rawFromText(Array.from({ length: 60 }, (_, i) => `main > f${i} x3`).join('\n')));
  afterAll(() => place.remove());

  test('proves nothing, and says so once', async () => {
    place.file('cut.cpuprofile', whole.slice(0, whole.indexOf('"samples"') / 2));
    const { code, stdout, stderr } = await plateau(['analyze', 'cut.cpuprofile', '--fail-on', 'error'], { cwd: place.path });
    expect(code).toBe(3);
    expect(stdout).toContain('ms left of a cut file');
    expect(stdout).toContain('Too little is left of the file to judge.');
    expect(stdout + stderr).not.toMatch(/nothing ran|No findings|recorded/);
    expect((await plateau(['analyze', 'cut.cpuprofile'], { cwd: place.path })).code, 'nothing was asked').toBe(0);
  });

  test('and packed, is told of once', async () => {
    const packed = gzipSync(whole);
    writeFileSync(path.join(place.path, 'cut.gz'), packed.subarray(0, packed.length - 40));
    const { code, stderr } = await plateau(['analyze', 'cut.gz', '--fail-on', 'error'], { cwd: place.path });
    expect(code).toBe(3);
    expect(stderr.match(/ends early/g)).toHaveLength(1);
  });

  test('but what is found in it counts', async () => {
    const hot = JSON.stringify(rawFromText('main > hot x400\nmain > other x200'));
    place.file('hot.cpuprofile', hot.slice(0, -300));
    expect((await plateau(['analyze', 'hot.cpuprofile', '--fail-on', 'error'], { cwd: place.path })).code).toBe(1);
  });
});

test('mistakes name what was given and what to do', async () => {
  const place = temporaryFolder({ 'there.sarif': '{}', 'a.heapsnapshot': '{"snapshot":{"meta":{}},"nodes":[]}' });
  place.file('p.cpuprofile', JSON.stringify(rawFromText('main > a x40')));
  const told = async (...args: string[]): Promise<string> => (await plateau(args, { cwd: place.path })).stderr;
  expect(await told('analyze', 'p.cpuprofile', '--sarif', 'there.sarif')).toContain('there.sarif exists already; give another file to --sarif, or --force');
  expect((await told('analyze', 'p.cpuprofile', '--top', '-3')).trim().split('\n')).toHaveLength(1);
  expect(await told('analyze', '')).toContain('plateau analyze needs a file, not an empty name.');
  expect(await told('analyze', 'a.heapsnapshot')).toContain('plateau heap summary');
  expect(await told('record', '--attach', '1')).toContain('--pid');
  place.remove();
});
