import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostsOf, inspectHostOf, inspectPortOf, isNodeFile } from '../../src/capture/attach/attach-process';
import { appendNodeOptions } from '../../src/capture/environment/node-options';
import { parseAddress } from '../../src/capture/inspector/inspector-address';
import {
  atHost,
  parseListeners,
  parseLsof,
  parseLsofConnections,
  parseLsofOwners,
  parsePortLines,
  parseProcTcp,
} from '../../src/capture/inspector/listening-ports';
import { lineReader, toRunnerSchema } from '../../src/capture/launch/runner-protocol';
import { isNodeCommand } from '../../src/capture/processes/node-command';
import { splitArguments } from '../../src/cli/recipe';
import { launchSpec } from '../../src/service/recording/launch';
import { recordingName } from '../../src/service/recordings/recordings';
import { fileLocator, longestSuffix, urlToPath } from '../../src/source/maps/locate';
import { root, temporaryFolder } from '../support/run';

describe('processes', () => {
  test.each([
    ['node app.js', true],
    ['/usr/local/bin/node --inspect app.js', true],
    ['"C:\\Program Files\\nodejs\\node.exe" app.js', true],
    ['C:\\nodejs\\node.exe app.js', true],
    ['nodemon app.js', false],
    ['/bin/bash -c node', false],
    ['vim node', false],
  ])('%s is Node.js: %s', (command, expected) => expect(isNodeCommand(command)).toBe(expected));
});

describe('listening ports', () => {
  test('Linux: /proc/PID/net/tcp', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:240D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1
   1: 0100007F:240E 00000000:0000 01 00000000:00000000 00:00000000 00000000  1000        0 12346 1
   2: 0100007F:240F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 99999 1
   3: 00000000000000000000000001000000:2410 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 7 1
   4: 00000000000000000000000000000000:2411 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 8 1
   5: 0000000000000000FFFF00000100007F:2412 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 9 1`;
    expect(parseProcTcp(table)).toEqual([
      { address: '127.0.0.1', port: 9229, state: '0A', inode: '12345' },
      { address: '127.0.0.1', port: 9230, state: '01', inode: '12346' },
      { address: '127.0.0.1', port: 9231, state: '0A', inode: '99999' },
      { address: '::1', port: 9232, state: '0A', inode: '7' },
      { address: '::', port: 9233, state: '0A', inode: '8' },
      { address: '127.0.0.1', port: 9234, state: '0A', inode: '9' },
    ]);
    expect(parseProcTcp('')).toEqual([]);
  });
  test('macOS: lsof -Fn', () =>
    expect(parseLsof('p502\nf20\nn127.0.0.1:9229\nf21\nn[::1]:3000\nf22\nn*:80\n')).toEqual([
      { address: '127.0.0.1', port: 9229 },
      { address: '::1', port: 3000 },
      { address: '*', port: 80 },
    ]));
  test('Windows: an address and a port', () =>
    expect(parseListeners('127.0.0.1 9229\r\n:: 3000\r\n')).toEqual([
      { address: '127.0.0.1', port: 9229 },
      { address: '::', port: 3000 },
    ]));
  test.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['127.0.0.2', ['127.0.0.2']],
    ['0.0.0.0', ['127.0.0.1']],
    ['::1', ['[::1]']],
    ['::', ['[::1]']],
    ['*', ['127.0.0.1', '[::1]']],
  ])('a listener at %s is reached at %j', (address, hosts) => expect(hostsOf(address)).toEqual(hosts));
  test('macOS: lsof of connections and of owners', () => {
    const connections = 'p502\nf20\nn127.0.0.1:9229->127.0.0.1:51000\nf21\nn[::1]:9229->[::1]:51001\nf22\nn127.0.0.1:51002->127.0.0.1:9229\n';
    expect(parseLsofConnections(connections, 9229)).toBe(2);
    expect(parseLsofOwners('p502\nf20\nn127.0.0.1:9229\nf21\nn[::1]:9229\np503\nf9\nn*:9229\n')).toEqual([
      { address: '127.0.0.1', pid: 502 },
      { address: '::1', pid: 502 },
      { address: '*', pid: 503 },
    ]);
  });
  test('Windows: one a line', () => expect(parsePortLines('9229\r\n 3000\r\n')).toEqual([9229, 3000]));
});

describe('options that name the port of an inspector', () => {
  test.each([
    ['node app.js', 9229],
    ['node --inspect app.js', 9229],
    ['node --inspect=9300 app.js', 9300],
    ['node --inspect=0.0.0.0:9301 app.js', 9301],
    ['--inspect-port=0 node --inspect=127.0.0.1:9302 app.js', 9302],
    ['node --inspect-brk=[::1]:9303 app.js', 9303],
    ['node --debug-port=9304 app.js', 9304],
    ['node --inspect-publish-uid=http app.js', 9229],
    ['node app.js --my-inspect=1', 9229],
  ])('%s: %d', (command, port) => expect(inspectPortOf(command)).toBe(port));
});

describe('where an inspector listens, by the options', () => {
  test.each([
    ['node app.js', '127.0.0.1'],
    ['node --inspect app.js', '127.0.0.1'],
    ['node --inspect=9230 app.js', '127.0.0.1'],
    ['node --inspect-port=0 app.js', '127.0.0.1'],
    ['node --inspect=localhost:9230 app.js', 'localhost'],
    ['node --inspect=[::1]:9230 app.js', '[::1]'],
    ['node --inspect=0.0.0.0 app.js', '0.0.0.0'],
    ['node --inspect-brk=127.0.0.2:0 app.js', '127.0.0.2'],
    ['node --inspect=localhost:1 --inspect-port=9230 app.js', 'localhost'],
  ])('%s: %s', (command, host) => expect(inspectHostOf(command)).toBe(host));
});

describe('who is reached at an address', () => {
  const listeners = ['::1', '0.0.0.0', '127.0.0.1', '::', '10.0.0.1', '*'].map((address) => ({ address }));
  test.each([
    ['127.0.0.1', ['127.0.0.1', '0.0.0.0', '::', '*']],
    ['[::1]', ['::1', '::', '*']],
    ['127.0.0.2', ['0.0.0.0', '::', '*']],
    ['localhost', ['::1', '127.0.0.1', '0.0.0.0', '::', '*']],
  ])('%s', (host, expected) => expect(atHost(listeners, host).map(({ address }) => address)).toEqual(expected));
});

test.each([
  ['/usr/bin/node', true],
  ['/opt/node-v20.1/bin/nodejs', true],
  ['/usr/bin/node20', true],
  ['/usr/bin/node-22 (deleted)', true],
  ['/usr/bin/node_exporter', false],
  ['/usr/bin/nodemon', false],
  ['/usr/bin/bun', false],
])('the program file %s is Node.js: %s', (file, expected) => expect(isNodeFile(file)).toBe(expected));

describe('inspector addresses', () => {
  test.each([
    ['9229', { host: '127.0.0.1', port: 9229, path: '/' }],
    ['localhost:9300', { host: 'localhost', port: 9300, path: '/' }],
    ['http://127.0.0.1:9229', { host: '127.0.0.1', port: 9229, path: '/' }],
    ['ws://127.0.0.1:4321/0f2c-11', { host: '127.0.0.1', port: 4321, path: '/0f2c-11' }],
    ['Debugger listening on ws://127.0.0.1:9229/abc', { host: '127.0.0.1', port: 9229, path: '/abc' }],
    ['[::1]:9229', { host: '[::1]', port: 9229, path: '/' }],
  ])('%s', (text, expected) => expect(parseAddress(text)).toEqual({ ok: true, value: expected }));
  test.each(['192.168.1.5:9229', 'example.com', 'ws://10.0.0.1:9229/x', '127.0.0.1.example.com:9229'])('%s is not this machine', (address) =>
    expect(parseAddress(address)).toEqual({ ok: false, error: { kind: 'not-loopback', address } }),
  );
  test.each(['', 'http://', 'a b', '127.0.0.1:99999'])('"%s" is no address', (address) =>
    expect(parseAddress(address)).toEqual({ ok: false, error: { kind: 'bad-address', address } }),
  );
});

describe('NODE_OPTIONS', () => {
  test('what is there is kept, paths with spaces are quoted', () => {
    expect(appendNodeOptions('--max-old-space-size=4096 ', ['--require', '/my app/hook.cjs'])).toBe('--max-old-space-size=4096 --require "/my app/hook.cjs"');
    expect(appendNodeOptions(undefined, ['--require', 'C:\\Users\\me\\hook.cjs'])).toBe('--require "C:\\\\Users\\\\me\\\\hook.cjs"');
  });
});

describe('launching', () => {
  const files = { folder: '/t', esbuild: '/e' };
  const script = { kind: 'script', script: 'bench', cwd: '/w' } as const;
  test('npm is a program on POSIX, a batch file for a shell on Windows', () => {
    expect(launchSpec({ recipe: script, nodePath: 'node', files }, [], 'linux')).toMatchObject({ command: 'npm', args: ['run', 'bench'], shell: false });
    expect(launchSpec({ recipe: script, nodePath: 'node', files }, [], 'win32')).toMatchObject({ command: 'npm run "bench"', args: [], shell: true });
  });
  test("the command's own options are left to it", () => {
    expect(splitArguments(['--interval', '200', '--', 'node', '--json', 'a.js'])).toEqual({ own: ['--interval', '200'], target: ['node', '--json', 'a.js'] });
    expect(splitArguments(['--json', 'a.ts', '--out', 'x'])).toEqual({ own: ['--json'], target: ['a.ts', '--out', 'x'] });
  });
});

describe('file names', () => {
  test.each([
    ['get value', 'get-value-2026-11-21T03-04-05'],
    ['a/b\\c:d*e?"<>|', 'a-b-c-d-e-2026-11-21T03-04-05'],
    ['…', 'profile-2026-11-21T03-04-05'],
    ['größe', 'größe-2026-11-21T03-04-05'],
    ['x'.repeat(300), `${'x'.repeat(60)}-2026-11-21T03-04-05`],
  ])('%s', (subject, expected) => expect(recordingName(new Date('2026-11-21T03:04:05Z'), subject)).toBe(expected));
});

describe('urls and paths', () => {
  test.each([
    ['file:///home/me/a%20b.js', '/home/me/a b.js'],
    ['/home/me/a.js', '/home/me/a.js'],
    ['C:\\me\\a.js', 'C:\\me\\a.js'],
    ['webpack://app/./src/a.ts', 'src/a.ts'],
    ['webpack:///src/a.ts?1a2b', 'src/a.ts'],
    ['node:fs', undefined],
    ['evalmachine.<anonymous>', undefined],
    ['https://example.com/a.js', undefined],
    ['', undefined],
  ])('%s', (url, expected) => expect(urlToPath(url)).toBe(expected));
  test('the longest common end wins, a tie says nothing', () => {
    const candidates = ['/w/a/src/x.ts', '/w/b/src/x.ts', '/w/b/lib/x.ts'];
    expect(longestSuffix(['ci', 'b', 'src', 'x.ts'], candidates)).toBe('/w/b/src/x.ts');
    expect(longestSuffix(['src', 'x.ts'], candidates)).toBeUndefined();
  });
});

test('a path of another machine is found by its end, by a bare name only at the top', () => {
  const folder = temporaryFolder({ 'deep/er/main.js': '', 'src/app.js': '', 'server.js': '', 'deep/server.js': '' });
  try {
    const { locate } = fileLocator([folder.path]);
    expect(locate('/elsewhere/main.js')).toBeUndefined();
    expect(locate('/elsewhere/er/main.js')).toBe(path.join(folder.path, 'deep/er/main.js'));
    expect(locate('/elsewhere/src/app.js')).toBe(path.join(folder.path, 'src/app.js'));
    expect(locate('/elsewhere/server.js')).toBe(path.join(folder.path, 'server.js'));
    expect(locate('main.js')).toBe(path.join(folder.path, 'deep/er/main.js'));
  } finally {
    folder.remove();
  }
});

test('messages may be split anywhere, and what is none is passed over', () => {
  const seen: unknown[] = [];
  const read = lineReader(toRunnerSchema, (message) => seen.push(message));
  const end = { kind: 'end', farewell: 'x y' };
  for (const char of `{"a":1}\nnull\n{"kind":"end"}\n{"kind":"end","far\n${JSON.stringify(end)}\n[]\n${JSON.stringify({ ...end, farewell: '' })}\n`) read(char);
  expect(seen).toEqual([end, { ...end, farewell: '' }]);
});

test('what npm run starts in a fresh clone needs no dependency before it has got them', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  for (const name of ['build', 'watch', 'demo', 'start', 'test']) {
    const file = /^node (scripts\/[\w-]+\.mjs)/.exec(scripts[name] ?? '')?.[1] ?? '';
    const text = readFileSync(path.join(root, file), 'utf8');
    expect(text, file).toContain('ensureDependencies()');
    const packages = [...text.matchAll(/^import .*from '([^']+)'/gm)].map(([, from = '']) => from).filter((from) => !/^(?:node:|\.)/.test(from));
    expect(packages, file).toEqual([]);
  }
});
