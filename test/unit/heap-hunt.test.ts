import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import path from 'node:path';
import Ajv from 'ajv';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { residentBytes } from '../../src/service/hunt/hunt-samples';
import { goneLeaks, type HuntResult } from '../../src/shared/hunt';
import { freePort } from '../support/free-port';
import { cli, type Folder, isRunning, plateau, root, temporaryFolder, until } from '../support/run';

const programs = path.join(root, 'test', 'programs');
const folders: Folder[] = [];
const folder = (files?: Record<string, string>): Folder => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  for (const one of folders) one.remove();
});

const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(path.join(root, 'schema', 'heap-hunt.schema.json'), 'utf8')));

/** Hunts with 11 exercises a round, a prime, after as many as fill the caches of the programs. */
async function hunt(
  args: readonly string[],
  cwd = folder().path,
  env: Record<string, string> = {},
): Promise<{ code: number | null; stderr: string; result: HuntResult }> {
  const { code, stdout, stderr } = await plateau(['heap', 'hunt', '--times', '11', '--warmup', '55', '--json', ...args], { cwd, env });
  expect(stdout, stderr).not.toBe('');
  const result = JSON.parse(stdout) as HuntResult;
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  return { code, stderr, result };
}

interface Expected {
  readonly file: string;
  readonly retained: number;
  readonly allocated?: number;
  readonly class?: string;
}

const manifest = JSON.parse(readFileSync(path.join(programs, 'leaks', 'manifest.json'), 'utf8')) as Expected[];

/** What a hunt has left in the folder of recordings, which hides itself from git. */
const kept = (cwd: string): string[] => readdirSync(path.join(cwd, '.plateau', 'profiles')).filter((name) => name !== '.gitignore');

describe('programs that leak', () => {
  test.concurrent.each(manifest)('$file', async ({ file, retained, allocated, class: className }) => {
    const program = path.join(programs, 'leaks', file);
    const { code, result } = await hunt(['--call', `${program}#exercise`]);
    const [leak, ...more] = result.leaks.filter(({ verdict }) => verdict === 'leak');
    expect(more.map(({ summary }) => summary)).toEqual([]);
    expect(code).toBe(1);
    expect(leak?.retainedAt).toMatchObject({ file: program, line: retained });
    expect(leak?.isMultiple).toBe(true);
    const grown = (leak?.counts[2] ?? 0) - (leak?.counts[1] ?? 0);
    expect(grown % 11).toBe(0);
    expect(grown).toBeGreaterThan(0);
    if (allocated !== undefined) expect(leak?.allocatedAt).toMatchObject({ file: program, line: allocated });
    if (className !== undefined) expect(leak?.className).toBe(className);
  });
});

describe('programs that only look like it', () => {
  test.concurrent.each(readdirSync(path.join(programs, 'clean')))('%s', async (file) => {
    const { code, result } = await hunt(['--call', `${path.join(programs, 'clean', file)}#exercise`]);
    expect(result.leaks.map(({ summary }) => summary)).toEqual([]);
    expect(result.verdict).toBe('clean');
    expect(code).toBe(0);
  });
});

test('a real one: the sessions that express keeps in memory, under requests', async () => {
  const port = await freePort();
  const program = path.join(programs, 'leaks', 'express-sessions.mjs');
  const { code, result } = await hunt(['--request', `GET http://127.0.0.1:${port}/`, '--', process.execPath, program], root, { PORT: String(port) });
  expect(code).toBe(1);
  const leak = result.leaks[0];
  expect(leak?.retainedAt).toMatchObject({ file: program, line: 5 });
  expect(leak?.counts[2]).toBe((leak?.counts[0] ?? 0) + 22);
  expect(leak?.path.map(({ text }) => text).join(' ')).toContain('`sessions`');
  expect(existsSync(path.dirname(result.snapshots[0]?.file as string))).toBe(true);
  for (const { file } of result.snapshots) expect(existsSync(file)).toBe(true);
});

test('what two collections keep is told with both, and with the next step', async () => {
  const { path: cwd } = folder({
    'a.mjs': [
      'const cache = new Map();',
      'const store = { items: [] };',
      'let n = 0;',
      'class Item {}',
      'export function exercise() { const item = new Item(); cache.set(n++, { item }); store.items.push(item); }',
    ].join('\n'),
  });
  const { result } = await hunt(['--call', 'a.mjs#exercise'], cwd);
  const leaks = result.leaks.filter(({ className }) => className === 'Item');
  expect(leaks).toHaveLength(1);
  const lines = [leaks[0]?.retainedAt, ...(leaks[0]?.alsoKeptBy.map(({ place }) => place) ?? [])].map((place) => place?.line);
  expect(lines.sort()).toEqual([1, 2]);
  const [a, b, c] = result.snapshots.map(({ file }) => file) as [string, string, string];
  const { code, stdout } = await plateau(['heap', 'leaks', a, b, c, '--times', '11'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/also kept by .*a\.mjs:[12]:7\n/);
  expect(stdout).toContain('allocated in  function exercise at a.mjs:5:');
  const next = /plateau (heap retainers) "?(.*?)"? --id (\d+)/.exec(stdout);
  const kept = await plateau(['heap', 'retainers', next?.[2] as string, '--id', next?.[3] as string], { cwd });
  expect(kept.code).toBe(0);
  expect(kept.stdout).toMatch(/\{context\} of \w+ @\d+ {2}a\.mjs:[45]/);
  expect(kept.stdout.match(/\(root\) @(?!1\b)/)).toBeNull();
  const root = await plateau(['heap', 'retainers', next?.[2] as string, '--id', '@1'], { cwd });
  expect(root.stdout).toMatch(/^\(root\) @1/);
  expect(kept.stdout).toMatch(/^(?:Item|\{item\}) @/);
});

test('functions that pile up are told with their place', async () => {
  const { path: cwd } = folder({ 'a.mjs': 'const kept = [];\nexport function exercise(i) { kept.push(() => i); }' });
  const { result } = await hunt(['--call', 'a.mjs#exercise'], cwd);
  expect(result.leaks[0]?.className).toBe('function (anonymous)');
  const [a, b, c] = result.snapshots.map(({ file }) => file) as [string, string, string];
  expect((await plateau(['heap', 'leaks', a, b, c, '--times', '11'], { cwd })).stdout).toContain('leak: function (anonymous) at a.mjs:2:');
});

test('an object used as a table: the summary tells what it is, not what it holds, and a second hunt knows it again', async () => {
  const { path: cwd } = folder({
    'a.mjs': 'const byUser = {};\nexport function exercise() { byUser["user-" + process.hrtime.bigint()] = { data: [1, 2] }; }',
  });
  const hunts = [await hunt(['--call', 'a.mjs#exercise'], cwd), await hunt(['--call', 'a.mjs#exercise'], cwd)];
  const [first, second] = hunts.map(({ result }) => result.leaks) as [HuntResult['leaks'], HuntResult['leaks']];
  expect(first[0]?.summary).toMatch(/^`byUser` \(Object\) in module a\.mjs/);
  expect(goneLeaks(first, second)).toEqual([]);
  const renamed = first.map((leak) => ({ ...leak, summary: 'other words', className: leak.className.replace(/^\{.*/, '{other}') }));
  expect(goneLeaks(renamed, second)).toEqual([]);
  expect(goneLeaks(first, [])).toEqual(first);
  const elsewhere = first.map((leak) => ({ ...leak, retainedAt: { file: 'b.mjs', line: 1, column: 1 } }));
  expect(goneLeaks(elsewhere, second)).toEqual(elsewhere);
});

test('resident memory is what Linux says in kB, whatever the size of its pages', () => {
  expect(residentBytes('Name:\tnode\nVmHWM:\t   90112 kB\nVmRSS:\t   65536 kB\nThreads:\t11\n')).toBe(64 << 20);
  expect(residentBytes('Name:\tkthreadd\n')).toBeUndefined();
});

describe('by hand', () => {
  const program = 'import fs from "node:fs"; fs.writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000);';
  /** Hunts with this on standard input, which stays open where `isOpen`. */
  const byHand = async (input: string, isOpen: boolean): Promise<{ code: number | null; stderr: string; cwd: string }> => {
    const { path: cwd } = folder({ 'a.mjs': program });
    const child = spawn(process.execPath, [cli, 'heap', 'hunt', '--no-track', '--', process.execPath, 'a.mjs'], { cwd, stdio: 'pipe' });
    children.push(child);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => {}); // it ends with lines left over
    child.stdin.write(input);
    if (!isOpen) child.stdin.end();
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    expect(isRunning(Number(readFileSync(path.join(cwd, 'pid'), 'utf8')))).toBe(false);
    return { code, stderr, cwd };
  };

  test('lines that come all at once count one a round', async () => {
    const { code, stderr } = await byHand('\n\n\n\n', false);
    expect([0, 1], stderr).toContain(code);
    expect(stderr.match(/press Enter/g)).toHaveLength(3);
  });

  test('it ends though standard input stays open', async () => {
    const { code, stderr } = await byHand('\n\n\n', true);
    expect([0, 1], stderr).toContain(code);
  });

  test('an input that ends too early ends the hunt', async () => {
    const { code, stderr, cwd } = await byHand('\n', false);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('standard input has ended');
    expect(kept(cwd)).toEqual([]);
  });
});

describe('what can go wrong', () => {
  test('nothing listens where the requests go', async () => {
    const { path: cwd } = folder({ 'a.mjs': 'setTimeout(() => {}, 1500);' });
    const { code, stderr } = await plateau(['heap', 'hunt', '--request', `GET http://127.0.0.1:${await freePort()}/`, '--', process.execPath, 'a.mjs'], {
      cwd,
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain('nothing listens there');
    expect(kept(cwd)).toEqual([]);
  });

  test('the program dies between two snapshots: nothing is left', async () => {
    const { path: cwd } = folder({ 'a.mjs': 'let n = 0; export function exercise() { if (++n > 15) process.kill(process.pid, "SIGKILL"); }' });
    const { code, stderr } = await plateau(['heap', 'hunt', '--times', '11', '--call', 'a.mjs#exercise'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('died before its heap was read');
    expect(kept(cwd)).toEqual([]);
  });

  test('a call that throws names the error', async () => {
    const { path: cwd } = folder({ 'a.mjs': 'export function exercise() { throw new Error("no orders"); }' });
    const { code, stderr } = await plateau(['heap', 'hunt', '--call', 'a.mjs#exercise'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toContain('no orders');
  });

  test.each([
    ['a.mjs#nope', '', 'has no export nope. It exports exercise.'],
    ['a.mjs', '', 'has no export default. It exports exercise.'],
    ['a.mjs#exercise', '1,(', 'The arguments failed: SyntaxError'],
    ['broken.mjs#exercise', '', 'The module could not be imported'],
  ])('a call that cannot be made says why, and nothing else: %s %s', async (call, args, reason) => {
    const { path: cwd } = folder({ 'a.mjs': 'export function exercise() {}', 'broken.mjs': 'export const = 1;' });
    const { code, stderr } = await plateau(['heap', 'hunt', '--call', call, '--args', args], { cwd });
    expect(stderr).toContain(reason);
    expect(stderr).not.toMatch(/died|out of memory/);
    if (call !== 'broken.mjs#exercise') expect(stderr).not.toContain('loop.mjs');
    expect(code).toBe(4);
    expect(kept(cwd)).toEqual([]);
  });

  test('Ctrl+C leaves neither a process nor a file', async () => {
    const { path: cwd } = folder({
      'a.mjs': 'import fs from "node:fs"; fs.writeFileSync("pid", String(process.pid)); export const exercise = () => new Promise((r) => setTimeout(r, 50));',
    });
    const { code, stderr } = await plateau(['heap', 'hunt', '--times', '500', '--call', 'a.mjs#exercise'], {
      cwd,
      onStart: (_, kill) => void until(() => existsSync(path.join(cwd, 'pid'))).then(() => setTimeout(() => kill('SIGINT'), 500)),
    });
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('The hunt was cancelled');
    expect(isRunning(Number(readFileSync(path.join(cwd, 'pid'), 'utf8')))).toBe(false);
    expect(kept(cwd)).toEqual([]);
  });

  test('snapshots in the wrong order, of different processes, or none', async () => {
    const { path: cwd } = folder({ 'a.mjs': 'const all = []; export function exercise() { all.push({ all }); }' });
    const one = await hunt(['--no-track', '--call', 'a.mjs#exercise'], cwd);
    const file = path.join(cwd, 'other.heapsnapshot');
    writeFileSync(path.join(cwd, 'b.cjs'), 'const all = []; for (let i = 0; i < 20000; i++) all.push({ i }); setTimeout(() => all.length, 1000);');
    await plateau(['record', '--type', 'snapshot', '--out', file, '--', process.execPath, 'b.cjs'], { cwd });
    const [a, b, c] = one.result.snapshots.map(({ file }) => file) as [string, string, string];
    const again = await plateau(['heap', 'leaks', a, b, c, '--times', '11', '--json'], { cwd });
    expect(again.code).toBe(1);
    expect((JSON.parse(again.stdout) as HuntResult).leaks[0]?.retainedAt).toMatchObject({ line: 1 });
    const turned = await plateau(['heap', 'leaks', c, b, a], { cwd });
    expect(turned.code).toBe(4);
    expect(turned.stderr).toContain('do not follow each other');
    const mixed = await plateau(['heap', 'leaks', a, file, c], { cwd });
    expect(mixed.code).toBe(4);
    expect(mixed.stderr).toMatch(/is of another process|do not follow each other/);
    const missing = await plateau(['heap', 'leaks', a, 'nowhere.heapsnapshot', c], { cwd });
    expect(missing.code).toBe(4);
    expect(missing.stderr).toContain('nowhere.heapsnapshot');
    const broken = path.join(cwd, 'broken.heapsnapshot');
    writeFileSync(broken, '{"snapshot":');
    expect((await plateau(['heap', 'leaks', a, broken, c], { cwd })).code).toBe(4);
  });

  test('usage', async () => {
    expect((await plateau(['heap', 'hunt'])).stderr).toContain('plateau heap hunt needs a command');
    for (const args of [
      ['--request', 'ftp://x'],
      ['--call', 'a#b', '--', 'node', 'x'],
      ['--times', '0', '--call', 'a#b'],
      [],
      ['--command', 'a', '--request', 'http://127.0.0.1/'],
    ]) {
      expect((await plateau(['heap', 'hunt', ...args])).code).toBe(2);
    }
  });
});

test('detached elements of a page in Chromium, attached to over its inspector', async ({ skip }) => {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!chromium) return skip();
  const home = folder();
  const page = path.join(programs, 'leaks', 'detached-dom.html');
  const child = spawn(
    chromium,
    ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', `--user-data-dir=${home.path}`, `file://${page}`],
    { stdio: 'ignore' },
  );
  children.push(child);
  const portFile = path.join(home.path, 'DevToolsActivePort');
  await until(() => existsSync(portFile) && readFileSync(portFile, 'utf8').includes('\n'), 30_000);
  const port = readFileSync(portFile, 'utf8').split('\n')[0];
  // One connection for all calls: whoever leaves a page resets V8's numbers of objects.
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { type: string; webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl as string);
  await new Promise((resolve) => socket.once('open', resolve));
  const driver = http.createServer((_, response) => {
    socket.once('message', () => response.end());
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'exercise()' } }));
  });
  await new Promise<void>((resolve) => driver.listen(0, '127.0.0.1', resolve));
  const { port: driverPort } = driver.address() as net.AddressInfo;
  const { code, result } = await hunt(['--attach', `127.0.0.1:${port}`, '--request', `http://127.0.0.1:${driverPort}/`]);
  socket.close();
  driver.close();
  expect(code).toBe(1);
  const leak = result.leaks.find(({ className }) => /section/i.test(className)) ?? result.leaks[0];
  expect(leak?.retainedAt).toMatchObject({ file: page, line: 6 });
});
