import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askMounts, isSilent, mountPoints, namedMount } from '../../src/files/answering';
import { isRegularFileSync, readRegularTextSync } from '../../src/files/read-regular-sync';
import { fileLocator, fileScope } from '../../src/source/locate';
import { type Folder, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

test('where Linux has mounted something, the innermost first', () => {
  const text = `22 1 0:20 / / rw - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw,nosuid shared:5 - proc proc rw
31 22 0:44 / /mnt/my\\040disk rw - fuse x rw
32 31 0:45 / /mnt/my\\040disk/in\\134ner rw - fuse y rw
33 22 0:46 / /mnt/my\\040disk rw - fuse z rw
`;
  expect(mountPoints(text)).toEqual(['/mnt/my disk/in\\ner', '/mnt/my disk', '/proc']);
  expect(mountPoints('')).toEqual([]);
});

test.each<[string, NodeJS.Platform, string | undefined]>([
  ['/Volumes/share/src/x.js', 'darwin', '/Volumes/share'],
  ['/Volumes', 'darwin', undefined],
  ['/Users/a/x.js', 'darwin', undefined],
  ['Z:\\src\\x.js', 'win32', 'Z:\\'],
  ['z:/src/x.js', 'win32', 'z:\\'],
  ['\\\\host\\share\\x.js', 'win32', '\\\\host\\share\\'],
  ['src\\x.js', 'win32', undefined],
])('%j on %s is of %j', (file, platform, mount) => expect(namedMount(file, platform)).toBe(mount));

/** A file system in user space whose program reads no request: each call to it waits for ever. */
const SILENT = `const { spawnSync } = require('node:child_process');
const handle = require('node:fs').openSync('/dev/fuse', 'r+');
const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
const { status } = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'silent', process.argv[1]], { stdio: ['ignore', 'ignore', 'ignore', handle] });
console.log(status === 0 ? 'mounted' : 'refused');
setInterval(() => {}, 1000);`;

let folder: Folder;
let mount = '';
let program: ChildProcess | undefined;
beforeAll(async () => {
  folder = temporaryFolder({ 'mount/.keep': '', 'src/here.js': '' });
  mount = path.join(folder.path, 'mount');
  program = await mounted(mount);
});
afterAll(() => {
  program?.kill('SIGKILL');
  if (program) spawnSync('umount', ['-l', mount]);
  folder.remove();
});

/** Undefined where this user may not mount. */
async function mounted(at: string): Promise<ChildProcess | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !fs.existsSync('/dev/fuse')) return undefined;
  const child = spawn(process.execPath, ['-e', SILENT, at], { stdio: ['ignore', 'pipe', 'ignore'] });
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (text) => resolve(String(text)));
    child.once('exit', () => resolve('ended'));
  });
  if (said.trim() === 'mounted') return child;
  child.kill('SIGKILL');
  return undefined;
}

describe('a file system that does not answer', () => {
  test('is asked without waiting for it, then not touched, and found again when it answers', async ({ skip }) => {
    if (!program) return skip();
    const [there, here] = [path.join(mount, 'src', 'x.js'), path.join(folder.path, 'src', 'here.js')];
    await askMounts([here]);
    expect(isSilent(there)).toBe(false);
    await askMounts([there, here], 200);
    expect([isSilent(there), isSilent(mount), isSilent(here), isSilent(`${mount}er/x.js`)]).toEqual([true, true, false, false]);
    expect(isRegularFileSync(there)).toBe(false);
    expect(readRegularTextSync(there, { most: 9 })).toEqual({ ok: false, error: { kind: 'too-slow', milliseconds: 2000 } });
    expect(fileScope([]).within(there)).toEqual([]);
    const locator = fileLocator([mount, folder.path]);
    expect(locator.locate(there)).toBeUndefined();
    expect(locator.locate('/app/src/here.js')).toBe(here);
    program.kill('SIGKILL');
    await until('it has answered', () => !isSilent(there));
    spawnSync('umount', ['-l', mount]);
    fs.mkdirSync(path.dirname(there));
    fs.writeFileSync(there, 'text');
    expect(locator.locate(there)).toBe(there);
    expect(readRegularTextSync(there, { most: 9 })).toEqual({ ok: true, value: 'text' });
  });
});
