import { expect, test } from 'vitest';
import { linkWalk } from '../../src/files/link-walk';
import { isInside, isLocalPath, mayTouch } from '../../src/files/local-path';

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
  'C:\\work\\con',
  'C:\\work\\COM1.js',
  'C:\\work\\com\u00b9',
  'C:\\work\\lpt9',
  'C:\\work\\aux \\x.js',
  'CONIN$',
  'C:\\work\\x.js:stream',
  'C:\\work\\x\0.js',
  '',
];
const WINDOWS_LOCAL = [
  'C:\\work\\x.js',
  'c:/work/x.js',
  '\\\\?\\C:\\work\\x.js',
  'src\\x.js',
  '../x.js',
  '\\work\\x.js',
  '/work/x.js',
  'file:///C:/work/x.js',
  'file:///c%3A/work/x.js',
  'file://localhost/C:/work/x.js',
  'C:\\work\\console.js',
  'C:\\work\\com10.js',
  'C:\\work\\null.js',
  'C:\\work\\my.con\\x.js',
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
  for (const file of ['/work/x.js', '//host/share/x.js', '\\\\host\\share', 'NUL', 'C:x.js', 'file:///work/x.js', 'file://localhost/work/x.js', 'x:y.js']) {
    expect(isLocalPath(file, platform), file).toBe(true);
  }
});

test('macOS mounts other hosts by name', () => {
  for (const file of ['/net/host/share/x.js', '//net/host', '/x/../net/host/x', '/Network/Servers/host/x', 'file:///net/host/x.js']) {
    expect(isLocalPath(file, 'darwin'), file).toBe(false);
  }
  expect(isLocalPath('/network-tools/x.js', 'darwin')).toBe(true);
  expect(isLocalPath('/net/host/x.js', 'linux')).toBe(true);
});

test('what the user has opened on a share may be touched, and nothing beside it', () => {
  const own = ['\\\\host\\share\\project', 'C:\\work'];
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
  expect(isInside('/work', '/work', 'linux')).toBe(true);
  expect(isInside('/work', '/work/..x/a', 'linux')).toBe(true);
  expect(isInside('/work', '/worker', 'linux')).toBe(false);
  expect(isInside('/work', '/work/../etc', 'linux')).toBe(false);
  expect(isInside('C:\\Work', 'c:\\work\\x', 'win32')).toBe(true);
  expect(isInside('C:\\Work', 'D:\\work\\x', 'win32')).toBe(false);
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
    expect(walk('C:\\work\\src\\x.js', { 'C:\\work\\src': target }, 'win32')).toEqual({ answer: false, seen: ['C:\\work', 'C:\\work\\src'] });
  }
  expect(walk('/work/x.js', { '/work/x.js': '../net/host/x.js' }, 'darwin')).toEqual({ answer: false, seen: ['/work', '/work/x.js'] });
});

test('links within the machine are followed, circles are not', () => {
  const links = { 'C:\\work\\src': '\\??\\D:\\real', 'D:\\real\\x.js': 'y.js' };
  expect(walk('C:\\work\\src\\x.js', links, 'win32')).toEqual({
    answer: true,
    seen: ['C:\\work', 'C:\\work\\src', 'D:\\real', 'D:\\real\\x.js', 'D:\\real', 'D:\\real\\y.js'],
  });
  expect(walk('/a', { '/a': '/b', '/b': '/a' }, 'linux').answer).toBe(false);
});
