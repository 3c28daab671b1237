import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SessionFile, sessionFile, spareFolder } from '../../src/capture/records/session-file';
import { removeFolder } from '../../src/capture/session/remove-folder';
import { announcedProcesses } from '../../src/capture/session/session-results';
import { type Folder, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

/** Of root's recordings, programs that have become another user write in two folders, and know their names. */
const OTHER = { uid: 65534, gid: 65534 };
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder({ 'root/secret': 'of root alone', 'root/rc': 'as it was' });
  fs.chmodSync(folder.path, 0o711);
  fs.chmodSync(path.join(folder.path, 'root'), 0o700);
});
afterAll(() => folder.remove());

const asOther = (script: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(process.execPath, ['-e', script, ...args], { ...OTHER, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
};

/** A session as root has it: anyone may enter both folders and write into them. */
function sharedSession(name: string): { readonly session: string; readonly results: string } {
  const session = path.join(folder.path, name);
  const results = path.join(session, 'results');
  for (const one of [results, spareFolder(session)]) {
    fs.mkdirSync(one, { recursive: true });
    fs.chmodSync(one, 0o1733);
  }
  fs.chmodSync(session, 0o711);
  fs.writeFileSync(sessionFile(session), JSON.stringify({ results, interval: 1000, checkpoint: 60, socket: '', files: '' } satisfies SessionFile));
  return { session, results };
}

const announcement = (pid: number): string => JSON.stringify({ key: `k${pid}`, pid, ppid: 1, version: 'v1', argv: [] });

describe.skipIf(!isRoot)('another user in a recording of root’s', () => {
  test('what is gathered is not written through a link', () => {
    const { session, results } = sharedSession('written');
    const victim = path.join(folder.path, 'root', 'rc');
    asOther(
      `const fs = require('node:fs');
       fs.writeFileSync(process.argv[1] + '/a.process.json', process.argv[3]);
       fs.symlinkSync(process.argv[4], process.argv[2] + '/a.process.json');`,
      ...[spareFolder(session), results, announcement(7), victim],
    );
    expect(announcedProcesses(session).map(({ pid }) => pid)).toEqual([7]);
    expect(fs.readFileSync(victim, 'utf8')).toBe('as it was');
    expect(fs.lstatSync(path.join(results, 'a.process.json')).isFile()).toBe(true);
  });

  test('what is gathered is not written into a file that another can read', () => {
    const { session, results } = sharedSession('read');
    fs.writeFileSync(path.join(spareFolder(session), 'b.process.json'), announcement(8));
    const own = path.join(results, 'b.process.json');
    asOther(`require('node:fs').writeFileSync(process.argv[1], '', { mode: 0o666 })`, own);
    expect(announcedProcesses(session).map(({ pid }) => pid)).toEqual([8]);
    const { uid, mode } = fs.statSync(own);
    expect([uid, mode & 0o777]).toEqual([0, 0o600]);
  });

  test('a link that takes the place of a folder while that is removed leads nowhere', async () => {
    const { session, results } = sharedSession('removed');
    const victim = path.join(folder.path, 'root', 'files');
    fs.mkdirSync(victim);
    const names = Array.from({ length: 3000 }, (_, i) => `f${i}`);
    for (const name of names) fs.writeFileSync(path.join(victim, name), '');
    // It stands within its folder, waits until the removing has begun there, and puts the link in its place.
    const attacker = spawn(
      process.execPath,
      [
        '-e',
        `const fs = require('node:fs');
         const [, at, victim, names] = process.argv;
         fs.mkdirSync(at + '/own/a', { recursive: true });
         for (const name of names.split(' ')) fs.writeFileSync(at + '/own/a/' + name, '');
         process.chdir(at + '/own');
         console.log('ready');
         for (const end = Date.now() + 20000; Date.now() < end; ) {
           try {
             if (fs.existsSync('a/f0') && fs.existsSync('a/f2999')) continue;
             fs.renameSync('a', 'b');
             fs.symlinkSync(victim, 'a');
           } catch {}
           break;
         }`,
        ...[results, victim, names.join(' ')],
      ],
      { ...OTHER, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise((resolve) => attacker.once('exit', resolve));
    await new Promise((resolve) => attacker.stdout.once('data', resolve));
    try {
      removeFolder(session);
    } catch {
      // Before, a link that had come between was no folder any more.
    }
    await ended;
    await until('it is gone', () => !fs.existsSync(session));
    expect(fs.readdirSync(victim)).toHaveLength(names.length);
  });
});
