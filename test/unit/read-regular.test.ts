import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectFolder } from '../../src/files/folder-sync';
import { leadsElsewhere, type OpenRegularOptions } from '../../src/files/open-regular';
import { readRegularFile, readRegularText } from '../../src/files/read-regular';
import { isRegularFileSync, readRegularFileSync, readRegularTextSync } from '../../src/files/read-regular-sync';
import { describeFileIssue } from '../../src/service/support/describe-file-issue';
import type { FileIssue } from '../../src/shared/issue';
import type { Result } from '../../src/shared/result';

let folder: string;
let outside: string;
let server: net.Server;
const at = (...names: string[]): string => path.join(folder, ...names);
const isPosix = process.platform !== 'win32';

beforeAll(async () => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'plateau-files-')));
  outside = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'plateau-outside-')));
  fs.writeFileSync(at('plain.txt'), '\ufeffhello');
  fs.writeFileSync(path.join(outside, 'secret.txt'), 'correct horse battery staple');
  fs.mkdirSync(at('sub'));
  fs.symlinkSync(path.join(outside, 'secret.txt'), at('out.txt'));
  fs.symlinkSync(outside, at('out'));
  fs.symlinkSync(at('plain.txt'), at('sub', 'in.txt'));
  fs.symlinkSync(at('nowhere'), at('broken'));
  fs.symlinkSync(at('circle'), at('circle'));
  if (isPosix) execFileSync('mkfifo', [at('pipe')]);
  if (isPosix) fs.symlinkSync('/dev/zero', at('zero'));
  execFileSync('truncate', ['-s', '4G', at('sparse')]);
  server = net.createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
});

afterAll(() => {
  server.close();
  for (const one of [folder, outside]) fs.rmSync(one, { recursive: true, force: true });
});

/** Both doors, which have to agree. */
async function read(file: string, options: OpenRegularOptions & { most?: number } = {}): Promise<Result<string, FileIssue>> {
  const all = { most: 1 << 20, ...options };
  const [one, other] = [await readRegularText(file, all), readRegularTextSync(file, all)];
  expect(other).toEqual(one);
  return one;
}

const issue = async (file: string, options: OpenRegularOptions & { most?: number } = {}): Promise<unknown> => {
  const result = await read(file, options);
  return result.ok ? result : result.error;
};

test('a regular file is read, without its byte order mark', async () => {
  expect(await read(at('plain.txt'))).toEqual({ ok: true, value: 'hello' });
  expect(await readRegularFile(at('plain.txt'), { most: 8 })).toEqual({ ok: true, value: Buffer.from('\ufeffhello') });
});

test('what is no regular file is named and not waited for', async () => {
  expect(await issue(at('pipe'))).toEqual({ kind: 'not-regular', found: 'pipe' });
  expect(await issue(at('socket'))).toEqual({ kind: 'not-regular', found: 'socket' });
  expect(await issue(at('sub'))).toEqual({ kind: 'not-regular', found: 'folder' });
  expect(await issue(at('zero'))).toEqual({ kind: 'not-regular', found: 'device' });
  expect(await issue('/dev/zero')).toEqual({ kind: 'not-regular', found: 'device' });
  expect(await issue('/dev/stdin', { isChosen: true })).toMatchObject({ kind: 'not-regular' });
  expect(await issue(at('broken'))).toEqual({ kind: 'not-regular', found: 'link' });
  expect(await issue(at('circle'))).toEqual({ kind: 'not-regular', found: 'link' });
  expect(await issue(at('nowhere'))).toEqual({ kind: 'missing' });
  expect(await issue(at('plain.txt', 'x'))).toEqual({ kind: 'missing' });
  expect(await issue(at('x'.repeat(5000)))).toEqual({ kind: 'unreadable', code: 'ENAMETOOLONG' });
  expect(await issue(at('x\0y'))).toEqual({ kind: 'not-local' });
});

test('a file over the limit is not read, whatever it says of its size', async () => {
  expect(await issue(at('sparse'))).toEqual({ kind: 'too-large', bytes: 2 ** 32, limit: 1 << 20 });
  expect(await issue(at('plain.txt'), { most: 7 })).toEqual({ kind: 'too-large', bytes: 8, limit: 7 });
  expect(await read(at('plain.txt'), { most: 8 })).toMatchObject({ ok: true });
});

test.runIf(process.platform === 'linux')('files that the kernel makes up while they are read keep the limit', async () => {
  expect(fs.statSync('/proc/self/maps').size).toBe(0);
  expect(await issue('/proc/self/maps', { most: 100 })).toMatchObject({ kind: 'too-large', limit: 100 });
  expect(await readRegularText('/proc/self/maps', { most: 1 << 20 })).toMatchObject({ ok: true });
  expect(await issue('/proc/self/mem')).toEqual({ kind: 'unreadable', code: 'EIO' });
});

test('a file that grows while it is read is given up at the limit', async () => {
  const file = at('growing');
  fs.writeFileSync(file, 'x');
  const writer = spawn(process.execPath, [
    '-e',
    `const fs = require('node:fs'); const bytes = Buffer.alloc(1 << 20); const handle = fs.openSync(${JSON.stringify(file)}, 'a');
     for (let i = 0; i < 64; i++) fs.writeSync(handle, bytes); console.log('full'); setInterval(() => {}, 1000);`,
  ]);
  let result: Result<Buffer, FileIssue>;
  do {
    result = await readRegularFile(file, { most: 48 << 20 });
  } while (result.ok);
  writer.kill();
  expect(result.error).toMatchObject({ kind: 'too-large', limit: 48 << 20 });
});

test('what lies outside is not read, by name or by link, and its text is in no sentence', async () => {
  const within = [folder];
  expect(await read(at('sub', 'in.txt'), { within })).toEqual({ ok: true, value: 'hello' });
  expect(await read(at('sub', 'in.txt'), { within: [path.join(outside, 'not-there'), folder] })).toMatchObject({ ok: true });
  const issues = [
    await issue(at('out.txt'), { within }),
    await issue(at('out', 'secret.txt'), { within }),
    await issue(path.join(outside, 'secret.txt'), { within }),
    await issue(at('sub', '..', '..', path.basename(outside), 'secret.txt'), { within }),
  ];
  expect(issues).toEqual([
    { kind: 'outside', isLink: true },
    { kind: 'outside', isLink: true },
    { kind: 'outside', isLink: false },
    { kind: 'outside', isLink: false },
  ]);
  expect(await issue(at('zero'), { within })).toEqual({ kind: 'outside', isLink: true });
  expect(await issue(at('plain.txt'), { within: [] })).toEqual({ kind: 'outside', isLink: false });
});

test('what stands above a link is what its text says, but where the user typed it', async () => {
  fs.mkdirSync(path.join(outside, 'deep'));
  fs.symlinkSync(path.join(outside, 'deep'), at('deep'));
  fs.writeFileSync(at('beside.txt'), 'inside');
  fs.writeFileSync(path.join(outside, 'beside.txt'), 'beside the target');
  const raw = `${at('deep')}/../beside.txt`;
  expect(await read(raw)).toEqual({ ok: true, value: 'inside' });
  expect(isRegularFileSync(`${at('deep')}/../plain.txt`)).toBe(true);
  expect(isRegularFileSync(`${at('deep')}/../secret.txt`)).toBe(false);
  if (isPosix) expect(await read(raw, { isChosen: true })).toEqual({ ok: true, value: 'beside the target' });
});

test.skipIf(!isPosix)('where links lead to another machine is told by their text', async () => {
  fs.symlinkSync('/net/host/x', at('far'));
  fs.symlinkSync('/', at('up'));
  for (const way of ['far', 'far/a.js', 'up/net/host/a.js']) expect(await leadsElsewhere(at(way)), way).toBe(true);
  for (const way of ['plain.txt', 'out.txt', 'up/usr', 'gone/a.js']) expect(await leadsElsewhere(at(way)), way).toBe(false);
  expect(await leadsElsewhere(at('far'), ['/net/host'])).toBe(false);
});

test('a link to nowhere makes a folder a project, and is not followed for it', () => {
  fs.mkdirSync(at('top', 'src'), { recursive: true });
  fs.symlinkSync(at('nowhere'), at('top', '.git'));
  expect(projectFolder(at('top', 'src', 'x.js'))).toBe(at('top'));
});

test('a folder that is a link itself is where it leads to', async () => {
  expect(await read(at('out', 'secret.txt'), { within: [at('out')] })).toMatchObject({ ok: true });
});

test('reading ends with its signal and with its time', async () => {
  expect(await readRegularFile(at('plain.txt'), { most: 100, signal: AbortSignal.abort() })).toEqual({ ok: false, error: { kind: 'cancelled' } });
  const cancel = new AbortController();
  const reading = readRegularFile(at('sparse'), { most: 2 ** 33, signal: cancel.signal });
  cancel.abort();
  expect(await reading).toEqual({ ok: false, error: { kind: 'cancelled' } });
  // It takes longer than that to read, and there is a buffer for it.
  fs.writeFileSync(at('long'), '');
  fs.truncateSync(at('long'), 2 ** 29);
  expect(await readRegularFile(at('long'), { most: 2 ** 29, milliseconds: 1 })).toEqual({ ok: false, error: { kind: 'too-slow', milliseconds: 1 } });
});

test('the bytes are those of the file, over many pieces', async () => {
  const bytes = Buffer.from(Array.from({ length: 3 << 20 }, (_, i) => (i * 31 + (i >> 8)) & 255));
  fs.writeFileSync(at('large'), bytes);
  for (const result of [await readRegularFile(at('large'), { most: 4 << 20 }), readRegularFileSync(at('large'), { most: 4 << 20 })]) {
    expect(result.ok && result.value.equals(bytes)).toBe(true);
  }
});

test('each issue has a sentence of its own', () => {
  const issues: FileIssue[] = [
    { kind: 'missing' },
    { kind: 'not-regular', found: 'pipe' },
    { kind: 'not-regular', found: 'device' },
    { kind: 'too-large', bytes: 10, limit: 5 },
    { kind: 'outside', isLink: true },
    { kind: 'outside', isLink: false },
    { kind: 'not-local' },
    { kind: 'too-slow', milliseconds: 2000 },
    { kind: 'unreadable', code: 'EIO' },
    { kind: 'unreadable', code: 'EACCES' },
    { kind: 'cancelled' },
  ];
  expect(new Set(issues.map(describeFileIssue)).size).toBe(issues.length);
});
