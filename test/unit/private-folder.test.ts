import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identify } from '../../src/capture/processes/identity';
import { type FolderOwner, privateFolder, removeStale } from '../../src/capture/session/private-folder';
import { describeCaptureIssue } from '../../src/service/recording/describe-capture-issue';
import { bundleScript } from '../support/pid-namespace';
import { type Folder, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

const variable = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
const before = process.env[variable];
let parent: Folder;
const children: ChildProcess[] = [];
beforeEach(() => {
  parent = temporaryFolder();
  process.env[variable] = parent.path;
});
afterEach(() => {
  if (before === undefined) delete process.env[variable];
  else process.env[variable] = before;
  for (const child of children.splice(0)) child.kill('SIGKILL');
  parent.remove();
});

const made = (): string => {
  const folder = privateFolder('plateau-');
  if (!folder.ok) throw new Error(describeCaptureIssue(folder.error));
  return folder.value;
};
const ownerOf = (folder: string): FolderOwner => JSON.parse(readFileSync(path.join(folder, 'owner.json'), 'utf8')) as FolderOwner;
const setOwner = (folder: string, owner: Partial<FolderOwner>): void => writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner));
const owned = async (): Promise<string> => {
  const folder = made();
  await until('the owner is told', () => ownerOf(folder).started !== '');
  return folder;
};

describe('a private folder', () => {
  test('is for this user alone, and tells whose it is', async () => {
    const folder = await owned();
    expect(path.dirname(folder)).toBe(parent.path);
    if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(ownerOf(folder)).toEqual({ ...(await identify(process.pid)), host: os.hostname() });
  });

  test.each([
    ['missing', () => path.join(parent.path, 'no', 'such'), 'ENOENT', /does not exist: .*such\. Make it, or let \w+ name/],
    ['a file', () => parent.file('a', ''), 'ENOTDIR', /is no folder: /],
  ])('where the folder for temporary files is %s', (_, place, code, words) => {
    process.env[variable] = place();
    const folder = privateFolder('plateau-');
    expect(folder).toEqual({ ok: false, error: { kind: 'no-temporary-folder', folder: process.env[variable], code } });
    if (!folder.ok) expect(describeCaptureIssue(folder.error)).toMatch(words);
  });

  test.skipIf(process.platform !== 'linux')('where nothing may be made in it', () => {
    process.env[variable] = '/sys'; // root may not either
    const folder = privateFolder('plateau-');
    expect(folder).toMatchObject({ ok: false, error: { kind: 'no-temporary-folder', folder: '/sys', code: expect.stringMatching(/^(EPERM|EACCES|EROFS)$/) } });
    if (!folder.ok) expect(describeCaptureIssue(folder.error)).toMatch(/none can be made there \(E\w+\)/);
  });

  test.skipIf(process.platform === 'win32')('where its path is too long for a socket in it, another is taken', () => {
    process.env[variable] = path.dirname(parent.file(`${'x'.repeat(100)}/a`, ''));
    const folder = made();
    rmSync(folder, { recursive: true });
    expect(path.dirname(folder)).toBe(realpathSync('/tmp'));
  });

  test('a relative path is taken from the working folder, once', () => {
    process.env[variable] = path.relative(process.cwd(), parent.path);
    expect(path.isAbsolute(made())).toBe(true);
  });
});

describe('folders that were left', () => {
  test('one of a recorder that was killed goes, with links in it but not what they lead to', async () => {
    const script = await bundleScript('make-folder', parent.path);
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    await until('the folder is told', () => stdout.endsWith('\n'));
    const folder = (JSON.parse(stdout) as { value: string }).value;
    await until('the owner is told', () => ownerOf(folder).started !== '');
    const elsewhere = parent.file('elsewhere/a.txt', 'kept');
    symlinkSync(path.dirname(elsewhere), path.join(folder, 'link'), 'junction');
    expect(await removeStale()).toEqual([]);
    child.kill('SIGKILL');
    await until('it has ended', () => child.signalCode !== null || child.exitCode !== null);
    expect(await removeStale()).toEqual(process.platform === 'win32' ? [] : [folder]);
    expect(existsSync(elsewhere)).toBe(true);
    if (process.platform !== 'win32') expect(existsSync(folder)).toBe(false);
  });

  test.skipIf(process.platform === 'win32').each<[string, (owner: FolderOwner) => Partial<FolderOwner>, boolean]>([
    ['a number that another process has now', (owner) => ({ ...owner, started: `1${owner.started}` }), true],
    ['a number that nobody has, before its start was known', (owner) => ({ ...owner, pid: 2 ** 22 + 1, started: '' }), true],
    ['a number that is in use, before its start was known', (owner) => ({ ...owner, started: '' }), false],
    ['another machine', (owner) => ({ ...owner, host: 'elsewhere', started: `1${owner.started}` }), false],
    ['nobody', () => ({}), false],
  ])('the owner is %s', async (_, change, isStale) => {
    const folder = await owned();
    setOwner(folder, change(ownerOf(folder)));
    expect(await removeStale()).toEqual(isStale ? [folder] : []);
    expect(existsSync(folder)).toBe(!isStale);
  });

  test.skipIf(process.platform !== 'linux')('of another container nothing is known; of the machine before its restart it is', async () => {
    const [there, before] = [await owned(), await owned()];
    const owner = ownerOf(there);
    const [ticks, boot, namespace] = owner.started.split('/');
    setOwner(there, { ...owner, pid: 2 ** 22 + 1, started: `${ticks}/${boot}/pid:[1]` });
    setOwner(before, { ...owner, started: `${ticks}/00000000-0000-0000-0000-000000000000/${namespace}` });
    expect(await removeStale()).toEqual([before]);
  });

  test.skipIf(process.platform !== 'linux')('one that a process has in its environment stays until that ends', async () => {
    const folder = await owned();
    setOwner(folder, { ...ownerOf(folder), pid: 2 ** 22 + 1 });
    const child = spawn('sleep', ['60'], { env: { ...process.env, NODE_OPTIONS: `--require "${folder}/hook.cjs"` } });
    children.push(child);
    await until('it runs', () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').startsWith('sleep'));
    expect(await removeStale()).toEqual([]);
    child.kill('SIGKILL');
    await until('it has ended', () => child.signalCode !== null);
    expect(await removeStale()).toEqual([folder]);
  });

  test.skipIf(process.platform === 'win32')('what is not ours stays: other names, no owner, a damaged one, links, files, other users’', async () => {
    const dead = { pid: 2 ** 22 + 1, started: 'long ago', host: os.hostname() };
    const folders = ['other-1', 'plateau-link-target/x', 'plateau-none', 'plateau-damaged', 'plateau-foreign'].map((name) => path.join(parent.path, name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    const [other, target, , damaged, foreign] = folders as [string, string, string, string, string];
    setOwner(other, dead);
    setOwner(target, dead);
    symlinkSync(target, path.join(parent.path, 'plateau-link'));
    writeFileSync(path.join(damaged, 'owner.json'), '{"pid":');
    parent.file('plateau-file', JSON.stringify(dead));
    if (process.getuid?.() === 0) {
      setOwner(foreign, dead);
      chownSync(foreign, 65534, 65534);
    }
    expect(await removeStale()).toEqual([]);
    for (const folder of folders) expect(existsSync(folder), folder).toBe(true);
  });

  test('no folder for temporary files at all: nothing is said', async () => {
    process.env[variable] = path.join(parent.path, 'no');
    expect(await removeStale()).toEqual([]);
  });
});
