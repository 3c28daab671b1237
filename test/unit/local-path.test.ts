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

test('macOS mounts other hosts by name', () => {
  for (const file of ['/net/host/share/x.js', '//net/host', '/x/../net/host/x', '/Network/Servers/host/x', 'file:///net/host/x.js']) {
    expect(isLocalPath(file, 'darwin'), file).toBe(false);
  }
  expect(isLocalPath('/network-tools/x.js', 'darwin')).toBe(true);
  expect(isLocalPath('/net/host/x.js', 'linux')).toBe(true);
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
  expect(walk('/code/x.js', { '/code/x.js': '../net/host/x.js' }, 'darwin')).toEqual({ answer: false, seen: ['/code', '/code/x.js'] });
});

test('links within the machine are followed, circles are not', () => {
  const links = { 'C:\\code\\src': '\\??\\D:\\real', 'D:\\real\\x.js': 'y.js' };
  expect(walk('C:\\code\\src\\x.js', links, 'win32')).toEqual({
    answer: true,
    seen: ['C:\\code', 'C:\\code\\src', 'D:\\real', 'D:\\real\\x.js', 'D:\\real', 'D:\\real\\y.js'],
  });
  expect(walk('/a', { '/a': '/b', '/b': '/a' }, 'linux').answer).toBe(false);
});
