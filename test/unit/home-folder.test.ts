import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportFormats } from '../../src/service/export/export-formats';
import { sharer } from '../../src/service/export/share-text';
import { rawFromText } from '../support/raw-profile';
import { cli, type Folder, plateau, temporaryFolder } from '../support/run';

/** A home folder whose name stands nowhere else, with a project in it. */
const USER = 'adalovelace';
let folder: Folder;
let home: string;
let project: string;

beforeAll(() => {
  folder = temporaryFolder();
  home = path.join(folder.path, USER);
  project = path.join(home, 'my project');
  fs.mkdirSync(path.join(project, '.plateau'), { recursive: true });
  fs.writeFileSync(path.join(project, 'hot.js'), 'export function hot() {}\n');
  const url = (...names: string[]): string => encodeURI(`file://${path.join(home, ...names)}`);
  const raw = rawFromText('main > hot x60\nmain > other x40\nmain > third x40');
  const places = [url('my project', 'hot.js'), url('lib', 'other.js'), path.join(home, 'plain', 'third.js')];
  for (const [i, name] of ['hot', 'other', 'third'].entries()) {
    const node = raw.nodes.find(({ callFrame }) => callFrame.functionName === name);
    if (node) Object.assign(node.callFrame, { url: places[i], lineNumber: 0, columnNumber: 20, functionName: `${name} (${home}/x)` });
    Object.assign(node ?? {}, { deoptReason: `at ${home}/y`, positionTicks: [{ line: 1, ticks: 40 }] });
  }
  fs.writeFileSync(path.join(project, 'run.cpuprofile'), JSON.stringify(raw));
  const info = {
    version: 1,
    title: `run of ${home}/z`,
    recordedAt: '2026-01-01T00:00:00Z',
    recipe: { kind: 'program', command: 'node', args: ['hot.js', `${home}/data.json`], cwd: project },
    node: 'v22.0.0',
    pid: 1,
    interval: 1000,
    headline: { duration: 1, active: 1, samples: 1 },
    sources: {},
  };
  fs.writeFileSync(path.join(project, 'run.plateau.json'), JSON.stringify(info));
});
afterAll(() => folder.remove());

const run = (...args: string[]) => plateau(args, { cwd: project, env: { ...process.env, HOME: home, USERPROFILE: home } });

describe.skipIf(process.platform === 'win32')('nothing of the home folder is in what is passed on', () => {
  test.each(exportFormats.map(({ name }) => name))('%s', async (name) => {
    const out = path.join(folder.path, `out.${name}`);
    const { code, stderr } = await run('export', 'run.cpuprofile', '--to', name, '--out', out);
    expect([code, stderr]).toEqual([0, `Written to ${out}\n`]);
    const bytes = fs.readFileSync(out);
    const text = (name === 'pprof' ? gunzipSync(bytes) : bytes).toString('utf8');
    expect(text).not.toContain(USER);
    expect(text).toContain('hot');
    if (name !== 'collapsed') expect(text).toMatch(/~\/lib\/other\.js/);
  });
  test.each([['analyze --sarif', ['analyze', 'run.cpuprofile', '--sarif', '-', '--plateau', '5']]])('%s', async (_, args) => {
    const { code, stdout } = await run(...args);
    expect(code).toBe(0);
    expect(stdout).not.toContain(USER);
    expect(stdout).toContain('hot.js');
  });
});

describe.skipIf(process.platform === 'win32')('one function', () => {
  const share = sharer(['/home/ada/app', '/home', '/'], ['/home/ada']);
  test.each([
    ['file:///home/ada/app/src/a.js', 'src/a.js'],
    ['/home/ada/app/src/a.js', 'src/a.js'],
    ['/home/ada/app', '.'],
    ['/home/ada/application/a.js', '~/application/a.js'],
    ['file:///home/ada/lib/a.js', '~/lib/a.js'],
    ['at f (/home/ada/lib/a.js:3:4), then /home/ada', 'at f (~/lib/a.js:3:4), then ~'],
    ['/home/adam/a.js', '/home/adam/a.js'],
    ['/home/ada-b/a.js', '/home/ada-b/a.js'],
    ['node:fs', 'node:fs'],
    ['', ''],
    // A path within the query of a url, as bundlers and test runners have it.
    ['/srv/a.js?from=%2Fhome%2Fada%2Fb.js', '/srv/a.js?from=~%2Fb.js'],
    ['/srv/a.js?from=%2fhome%2fada%2fapp%2fsrc%2fb.js', '/srv/a.js?from=src%2fb.js'],
    ['{"a":"\\/home\\/ada\\/b.js"}', '{"a":"~\\/b.js"}'],
    // What the address of a script may hold.
    ['https://a.test/x.js?v=3&token=geheim', 'https://a.test/x.js?v=3&token=•••'],
    ['/srv/x.js#access_token=geheim', '/srv/x.js#access_token=•••'],
    ['https://me:geheim@a.test/x.js', 'https://•••@a.test/x.js'],
    ['https://a.test/x.js?v=3&page=token', 'https://a.test/x.js?v=3&page=token'],
    ['setPassword', 'setPassword'],
  ])('%s', (text, shared) => expect(share(text)).toBe(shared));
  test('of Windows, with either slash, in either case, encoded', () => {
    const windows = sharer([], ['C:\\Users\\Ada L']);
    expect(windows('file:///c:/users/ada%20l/app/a.js')).toBe('~/app/a.js');
    expect(windows('C:\\Users\\Ada L\\app\\a.js')).toBe('~\\app\\a.js');
    expect(windows('C:\\\\Users\\\\Ada L\\\\app')).toMatch(/^~/);
    expect(windows('x.js?at=c%3A%5CUsers%5cAda%20L%5Ca.js')).toBe('x.js?at=~%5Ca.js');
    expect(windows('C:\\Users\\Ada Lo\\a.js')).toBe('C:\\Users\\Ada Lo\\a.js');
  });
  test('accents in either form', () => {
    const accents = sharer([], ['/home/jos\u00e9']);
    for (const name of ['jos\u00e9', 'jose\u0301', 'jos%C3%A9', 'jose%CC%81']) expect(accents(`/home/${name}/a.js`)).toBe('~/a.js');
  });
});

/** Whether another user than root may run what is there. */
const isForAll = (file: string): boolean => {
  for (let at = fs.realpathSync(file); at !== path.dirname(at); at = path.dirname(at)) if ((fs.statSync(at).mode & 1) === 0 && at !== file) return false;
  return true;
};
const asNobody = process.platform === 'linux' && process.getuid?.() === 0 && isForAll(process.execPath) && isForAll(cli);

test.skipIf(!asNobody)('a user number that no entry and no HOME belongs to records as others do', () => {
  const place = temporaryFolder({ 'hot.js': 'function hot() { for (const end = Date.now() + 300; Date.now() < end; ); }\nhot();\n' });
  fs.chmodSync(place.path, 0o777);
  const run = (...args: string[]) =>
    spawnSync('setpriv', ['--reuid=54321', '--clear-groups', 'env', '-u', 'HOME', `TMPDIR=${place.path}`, process.execPath, ...args], {
      cwd: place.path,
      encoding: 'utf8',
    });
  expect(run('-e', 'os.homedir()').stderr).toContain('ENOENT');
  const { status, stderr } = run(cli, 'record', '--out', 'p.cpuprofile', '--', process.execPath, 'hot.js');
  expect(stderr).toMatch(/hot/);
  expect(status).toBe(0);
  expect(run(cli, 'analyze', 'p.cpuprofile').stdout).toMatch(/hot +hot\.js:1/);
});
