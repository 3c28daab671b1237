import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { copyName } from '../../src/files/copy-name';
import { linkWalk } from '../../src/files/link-walk';
import { isInside, isLocalPath, mayTouch } from '../../src/files/local-path';
import { mountOf, namedMount } from '../../src/files/mounts';

const WINDOWS_REMOTE = [
  '\\\\host\\share\\x.js',
  '//host/share/x.js',
  '/\\host/share/x.js',
  '\\/host/share/x.js',
  '\\\\?\\UNC\\host\\share\\x.js',
  '\\\\?\\unc\\host\\share\\x.js',
  '//?/UNC/host/share/x.js',
  '\\??\\UNC\\host\\share\\x.js',
  '\\\\?\\GLOBALROOT\\Device\\Mup\\host\\share',
  '\\\\.\\UNC\\host\\share\\x.js',
  '\\\\.\\pipe\\anything',
  '\\\\?\\pipe\\anything',
  '\\\\.\\PhysicalDrive0',
  '\\\\host@SSL\\DavWWWRoot\\x.js',
  'file://host/share/x.js',
  'FILE://host/share/x.js',
  ' file://host/share/x.js',
  'file:\\\\host\\share\\x.js',
  'file:/\t/host/share/x.js',
  'file:////host/share/x.js',
  'file://///host/share/x.js',
  'file:///%5C%5Chost/share/x.js',
  'file://127.0.0.1/share/x.js',
  'file:///C:/x/NUL',
  'http://host/x.js',
  'smb://host/share/x.js',
  'C:x.js',
  'c:',
  'NUL',
  'nul.txt',
  'C:\\code\\con',
  'C:\\code\\COM1.js',
  'C:\\code\\com\u00b9',
  'C:\\code\\lpt9',
  'C:\\code\\aux \\x.js',
  'CONIN$',
  'C:\\code\\x.js:stream',
  'C:\\code\\x\0.js',
  '',
];
const WINDOWS_LOCAL = [
  'C:\\code\\x.js',
  'c:/code/x.js',
  '\\\\?\\C:\\code\\x.js',
  'src\\x.js',
  '../x.js',
  '\\code\\x.js',
  '/code/x.js',
  'file:///C:/code/x.js',
  'file:///c%3A/code/x.js',
  'file://localhost/C:/code/x.js',
  'C:\\code\\console.js',
  'C:\\code\\com10.js',
  'C:\\code\\null.js',
  'C:\\code\\my.con\\x.js',
];

test.each(WINDOWS_REMOTE)('on Windows %j is not of this machine', (file) => {
  expect(isLocalPath(file, 'win32')).toBe(false);
});

test.each(WINDOWS_LOCAL)('on Windows %j is of this machine', (file) => {
  expect(isLocalPath(file, 'win32')).toBe(true);
});

test.each(['linux', 'darwin'] as const)('on %s only urls name other hosts, and paths are what they are', (platform) => {
  for (const file of ['file://host/share/x.js', 'FILE://host/x', 'file://127.0.0.1/x', 'https://host/x.js', 'smb://host/x', '/x\0', '']) {
    expect(isLocalPath(file, platform), file).toBe(false);
  }
  for (const file of ['/code/x.js', '//host/share/x.js', '\\\\host\\share', 'NUL', 'C:x.js', 'file:///code/x.js', 'file://localhost/code/x.js', 'x:y.js']) {
    expect(isLocalPath(file, platform), file).toBe(true);
  }
});

test('macOS and Linux mount other hosts by name', () => {
  for (const file of [
    '/net/host/share/x.js',
    '//net/host',
    '/x/../net/host/x',
    '/net',
    'file:///net/host/x.js',
    '/afs/cell.example/user/x.js',
    '/./afs/cell',
  ]) {
    expect(isLocalPath(file, 'darwin'), file).toBe(false);
    expect(isLocalPath(file, 'linux'), file).toBe(false);
  }
  expect(isLocalPath('/Network/Servers/host/x', 'darwin')).toBe(false);
  for (const platform of ['darwin', 'linux'] as const)
    for (const file of ['/network-tools/x.js', '/home/net/x.js', '/nets/x.js', 'net/x.js', '/x/net/host/x.js'])
      expect(isLocalPath(file, platform), file).toBe(true);
  // Another folder there, in which names count by case.
  expect(isLocalPath('/Net/host/x.js', 'linux')).toBe(true);
  expect(mayTouch('/net/host/project/src/x.js', ['/net/host/project'], 'linux')).toBe(true);
  expect(mayTouch('/net/host/other/x.js', ['/net/host/project'], 'linux')).toBe(false);
});

test('the machine that has the home folder is not another one', () => {
  const home = '/net/homes.example/users/a';
  const ask = `import { isLocalPath } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../src/files/local-path.ts'))};
console.log(['/net/homes.example/other/x.js', '/net/homes.example', '/net/host/x.js', '/net'].map((file) => isLocalPath(file, process.platform)).join());`;
  const { outputFiles } = buildSync({
    stdin: { contents: ask, loader: 'ts', resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const env = { ...process.env, HOME: home };
  const ran = spawnSync(process.execPath, ['-'], { input: outputFiles[0]?.text ?? '', env, encoding: 'utf8' });
  expect(`${ran.stdout}${ran.stderr}`).toBe(process.platform === 'win32' ? 'true,true,true,true\n' : 'true,true,false,false\n');
});

test('a path of a million steps up is told by its text at once', () => {
  for (const platform of ['win32', 'darwin', 'linux'] as const) {
    for (const up of ['../', '..\\']) {
      const file = `${up.repeat(1_000_000)}net/host/x.js`;
      expect(isLocalPath(file, platform)).toBe(true);
      expect(namedMount(file, platform)).toBeUndefined();
      expect(mountOf(file, [])).toBeUndefined();
    }
  }
});

test('what the user has opened on a share may be touched, and nothing beside it', () => {
  const own = ['\\\\host\\share\\project', 'C:\\code'];
  expect(mayTouch('\\\\host\\share\\project\\src\\x.js', own, 'win32')).toBe(true);
  expect(mayTouch('//HOST/share/project/src/x.js', own, 'win32')).toBe(true);
  expect(mayTouch('C:\\elsewhere\\x.js', own, 'win32')).toBe(true);
  for (const file of [
    '\\\\host\\share\\other\\x.js',
    '\\\\host\\share\\project\\..\\other\\x.js',
    '\\\\host\\other\\project\\x.js',
    '\\\\other\\share\\project\\x.js',
    '\\\\host\\share\\project\\NUL',
    'file://host/share/project/x.js',
    '\\\\?\\UNC\\host\\share\\other',
  ]) {
    expect(mayTouch(file, own, 'win32'), file).toBe(false);
  }
  expect(mayTouch('\\\\.\\pipe\\x', ['\\\\.\\pipe'], 'win32')).toBe(false);
});

test('a folder holds itself and what is below, not its namesakes', () => {
  expect(isInside('/code', '/code', 'linux')).toBe(true);
  expect(isInside('/code', '/code/..x/a', 'linux')).toBe(true);
  expect(isInside('/code', '/coder', 'linux')).toBe(false);
  expect(isInside('/code', '/code/../etc', 'linux')).toBe(false);
  expect(isInside('C:\\Code', 'c:\\code\\x', 'win32')).toBe(true);
  expect(isInside('C:\\Code', 'D:\\code\\x', 'win32')).toBe(false);
});

/** Walks with links from a table; gives the answer and what was looked at. */
function walk(file: string, links: Readonly<Record<string, string>>, platform: NodeJS.Platform): { answer: boolean; seen: string[] } {
  const seen: string[] = [];
  const steps = linkWalk(file, (one) => isLocalPath(one, platform), platform);
  let step = steps.next();
  while (!step.done) {
    seen.push(step.value);
    step = steps.next(links[step.value]);
  }
  return { answer: step.value, seen };
}

test('a link to another host is not followed, and nothing looks at what is behind it', () => {
  for (const target of ['\\\\host\\share', '\\??\\UNC\\host\\share', '//host/share']) {
    expect(walk('C:\\code\\src\\x.js', { 'C:\\code\\src': target }, 'win32')).toEqual({ answer: false, seen: ['C:\\code', 'C:\\code\\src'] });
  }
  for (const platform of ['darwin', 'linux'] as const)
    expect(walk('/code/x.js', { '/code/x.js': '../net/host/x.js' }, platform)).toEqual({ answer: false, seen: ['/code', '/code/x.js'] });
});

test('a link to a place above is not followed where what stands behind it is on another host', () => {
  for (const platform of ['darwin', 'linux'] as const) {
    expect(walk('/code/up/net/host/x.js', { '/code/up': '/' }, platform)).toEqual({ answer: false, seen: ['/code', '/code/up'] });
    expect(walk('/code/net/host/x.js', { '/code/net': '../net' }, platform).answer).toBe(false);
    expect(walk('/code/up/net/host/x.js', { '/code/up': '/proc/self/root', '/proc/self': '7', '/proc/7/root': '/' }, platform).answer).toBe(false);
    expect(walk('/code/up/code/x.js', { '/code/up': '/' }, platform).answer).toBe(true);
  }
});

test('links within the machine are followed, circles are not', () => {
  const links = { 'C:\\code\\src': '\\??\\D:\\real', 'D:\\real\\x.js': 'y.js' };
  expect(walk('C:\\code\\src\\x.js', links, 'win32')).toEqual({
    answer: true,
    seen: ['C:\\code', 'C:\\code\\src', 'D:\\real', 'D:\\real\\x.js', 'D:\\real', 'D:\\real\\y.js'],
  });
  expect(walk('/a', { '/a': '/b', '/b': '/a' }, 'linux').answer).toBe(false);
});

test.each([
  ['a.cpuprofile', 'a.cpuprofile'],
  ['é 𠮷.heapsnapshot', 'é 𠮷.heapsnapshot'],
  ['..\\..\\Startup\\a.cpuprofile', '.._.._Startup_a.cpuprofile'],
  ['C:\\a.cpuprofile', 'C__a.cpuprofile'],
  ['a.cpuprofile:stream', 'a.cpuprofile_stream'],
  ['..', '_'],
  ['.', '_'],
  ['', '_'],
  ['a.cpuprofile. .', 'a.cpuprofile_'],
  ['nul.cpuprofile', '_nul.cpuprofile'],
  ['COM1', '_COM1'],
  ['a\0b\n.cpuprofile', 'a_b_.cpuprofile'],
  ['a\ud800.cpuprofile', 'a\ufffd.cpuprofile'],
])('the copy of %j is called %j', (name, expected) => {
  expect(copyName(name)).toBe(expected);
  for (const rules of [path.win32, path.posix]) {
    const folder = rules === path.win32 ? 'C:\\copies' : '/copies';
    expect(rules.dirname(rules.join(folder, copyName(name)))).toBe(folder);
  }
});

test('the copy of a long name keeps its end, and is short enough for every file system', () => {
  const name = copyName(`${'𠮷'.repeat(300)}.cpuprofile`);
  expect(name).toMatch(/\.cpuprofile$/);
  expect(Buffer.byteLength(name)).toBeLessThan(256);
});
