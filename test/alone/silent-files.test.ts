import { type ChildProcess, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askMounts, isSilent } from '../../src/files/answering';
import { mountsIn, namedMount, otherMount } from '../../src/files/mounts';
import { isRegularFileSync, readRegularTextSync } from '../../src/files/read-regular-sync';
import { fileLocator, fileScope } from '../../src/source/maps/locate';
import { type Folder, temporaryFolder } from '../support/run';
import { mountSilent } from '../support/silent-mount';
import { until } from '../support/wait';

test('where Linux has mounted something, the innermost first', () => {
  const text = `22 1 0:20 / / rw - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw,nosuid shared:5 - proc proc rw
31 22 0:44 / /mnt/my\\040disk rw - ext4 x rw
32 31 0:45 / /mnt/my\\040disk/in\\134ner rw - fuse y rw
33 22 0:46 / /mnt/my\\040disk rw - fuse z rw
`;
  const mounts = mountsIn(text);
  expect(mounts.map(({ point, type }) => [point, type])).toEqual([
    ['/mnt/my disk/in\\ner', 'fuse'],
    ['/mnt/my disk', 'fuse'],
    ['/proc', 'proc'],
    ['/', 'ext4'],
  ]);
  expect(mountsIn('')).toEqual([]);
  expect(['/mnt/my disk/x', '/mnt/my disk', '/mnt/my disks/x', '/proc/1/maps', '/home/x'].map((file) => otherMount(file, mounts, 'linux'))).toEqual([
    ...['/mnt/my disk', '/mnt/my disk', undefined, undefined, undefined],
  ]);
  expect(['nfs4', 'cifs', '9p', 'fuse.sshfs', 'fuseblk', 'virtiofs', 'autofs', 'afs', 'ceph', 'a-new-one'].map(only)).not.toContain(undefined);
  expect(['ext4', 'xfs', 'btrfs', 'tmpfs', 'overlay', 'cgroup2'].map(only)).toEqual(Array(6).fill(undefined));
});

/** What is said of a file on a file system of that type. */
const only = (type: string): string | undefined => otherMount('/m/x', [{ point: '/m', type }], 'linux');

test.each<[string, NodeJS.Platform, string | undefined]>([
  ['/Volumes/share/src/x.js', 'darwin', '/Volumes/share'],
  ['/Volumes', 'darwin', undefined],
  ['/Users/a/x.js', 'darwin', undefined],
  ['Z:\\src\\x.js', 'win32', 'Z:\\'],
  ['z:/src/x.js', 'win32', 'z:\\'],
  ['\\\\host\\share\\x.js', 'win32', '\\\\host\\share\\'],
  ['src\\x.js', 'win32', undefined],
])('%j on %s is of %j', (file, platform, mount) => expect(namedMount(file, platform)).toBe(mount));

let folder: Folder;
let mount = '';
let program: ChildProcess | undefined;
beforeAll(async () => {
  folder = temporaryFolder({ 'mount/.keep': '', 'src/here.js': '' });
  mount = path.join(folder.path, 'mount');
  program = await mountSilent(mount);
});
afterAll(() => {
  program?.kill('SIGKILL');
  if (program) spawnSync('umount', ['-l', mount]);
  folder.remove();
});

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
