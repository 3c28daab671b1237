import { type ChildProcess, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSilent } from '../../src/files/answering';
import { folderEntriesSync, projectFolder } from '../../src/files/folder-sync';
import { isRegularFileSync, readRegularTextSync, statRegularFileSync } from '../../src/files/read-regular-sync';
import { useWaitedThread, type WaitedThread, waitedThread } from '../../src/files/waited-thread';
import { sourceParser } from '../../src/service/support/source-parser';
import { fileLocator } from '../../src/source/maps/locate';
import { sourceMappingUrl } from '../../src/source/maps/map-url';
import { originalTexts } from '../../src/source/maps/original-texts';
import { parseSourceMap } from '../../src/source/maps/source-maps';
import { callLine, lastLine } from '../../src/source/parse/call-line';
import { isInLoopInTime } from '../../src/source/parse/parse-in-time';
import { type Folder, root, temporaryFolder } from '../support/run';
import { mountSilent } from '../support/silent-mount';
import { slowToParse } from '../support/slow-source';
import { until } from '../support/wait';

const worker = path.join(root, 'dist', 'helper-worker.mjs');
const tooSlow = { ok: false, error: { kind: 'too-slow', milliseconds: 2000 } };

let folder: Folder;
let thread: WaitedThread;
let mount = '';
let program: ChildProcess | undefined;
beforeAll(async () => {
  folder = temporaryFolder({ 'mount/.keep': '', 'src/here.js': 'text\n//# sourceMappingURL=here.js.map\n', 'package.json': '{}' });
  mount = path.join(folder.path, 'mount');
  fs.symlinkSync(mount, path.join(folder.path, 'src', 'linked'));
  fs.symlinkSync(path.join(mount, 'x.js'), path.join(folder.path, 'src', 'x.js'));
  // As the server does, which has others to answer.
  thread = waitedThread(worker);
  useWaitedThread(thread);
});
afterAll(() => {
  program?.kill('SIGKILL');
  if (program) spawnSync('umount', ['-l', mount]);
  thread.end();
  folder.remove();
});

describe('a file system that falls silent after it was asked', () => {
  // Each of these would wait for ever.
  test.each<[string, (at: string) => unknown, unknown]>([
    ['whether a file is there', (at) => isRegularFileSync(path.join(at, 'x.js')), false],
    ['its stamp', (at) => statRegularFileSync(path.join(at, 'x.js')), tooSlow],
    ['its text', (at) => readRegularTextSync(path.join(at, 'x.js'), { most: 9 }), tooSlow],
    ['its map', (at) => sourceMappingUrl(path.join(at, 'x.js')), undefined],
    ['what is in a folder', (at) => folderEntriesSync(at), []],
    ['its project', (at) => projectFolder(path.join(at, 'x.js')), undefined],
    ['a place in it', (at) => fileLocator([at]).locate('/app/src/x.js'), undefined],
  ])('holds nobody up who asks for %s, be it by a link', async (_, ask, expected) => {
    program ??= await mountSilent(mount);
    if (!program) return;
    expect(ask(mount)).toEqual(expected);
    expect(ask(path.join(folder.path, 'src', 'linked'))).toEqual(expected);
    expect(isRegularFileSync(path.join(folder.path, 'src', 'x.js'))).toBe(false);
    expect(isSilent(mount)).toBe(true);
    // Its own disk is read all the while.
    expect(sourceMappingUrl(path.join(folder.path, 'src', 'here.js'))).toBe('here.js.map');
  });

  test('is read again when it answers', async () => {
    if (!program) return;
    program.kill('SIGKILL');
    await until('it has answered', () => !isSilent(mount));
    spawnSync('umount', ['-l', mount]);
    program = undefined;
    const file = path.join(mount, 'x.js');
    fs.writeFileSync(file, 'export {};\n//# sourceMappingURL=x.js.map');
    expect(isRegularFileSync(path.join(folder.path, 'src', 'x.js'))).toBe(true);
    expect(sourceMappingUrl(file)).toBe('x.js.map');
  });
});

test('the other thread answers as this one does', () => {
  const file = path.join(folder.path, 'src', 'here.js');
  const asked = (name: string, ...given: unknown[]): unknown => {
    const waited = thread.wait(name, given, 5000);
    return waited.kind === 'done' ? waited.value : 'late';
  };
  const stat = statRegularFileSync(file);
  expect(asked('stat', file)).toMatchObject({
    ok: true,
    value: { stat: { size: stat.ok ? stat.value.stat.size : 0n, mtimeNs: stat.ok && stat.value.stat.mtimeNs } },
  });
  expect(asked('isFile', file, [])).toBe(true);
  expect(asked('isFile', `${file}s`, [])).toBe(false);
  expect(asked('read', file, { most: 3 })).toMatchObject({ ok: false, error: { kind: 'too-large' } });
  expect(Buffer.from((asked('read', file, { most: 99 }) as { value: Uint8Array }).value).toString()).toBe(fs.readFileSync(file, 'utf8'));
  expect(asked('folder', folder.path)).toEqual(folderEntriesSync(folder.path));
  expect(asked('project', file, [])).toBe(projectFolder(file));
});

describe('a text that is made to be parsed for ever', () => {
  test('is one that this parser takes ever longer for', async () => {
    const parser = sourceParser(worker, 1000);
    expect(await parser.functions(slowToParse(1, 2), 'a.js')).toHaveLength(5);
    expect(await parser.functions(slowToParse(), 'a.js')).toBe('late');
    parser.dispose();
  });

  test('holds up no other, and its thread is ended', async () => {
    const parser = sourceParser(worker, 5000);
    const order: string[] = [];
    const note = (name: string) => (): void => void order.push(name);
    await Promise.all([
      parser.functions(slowToParse(), 'a.js').then(note('endless')),
      parser.functions('function f() {}', 'b.js').then(note('plain')),
      parser.isComment('// x', 'c.js', 0).then((is) => order.push(`comment ${is}`)),
    ]);
    expect(order).toEqual(['plain', 'comment true', 'endless']);
    expect((await parser.functions('const g = () => {};', 'a.ts')) as object[]).toMatchObject([{ name: 'g' }]);
    parser.dispose();
  });

  test('of what is typed meanwhile only the last is parsed', async () => {
    const parser = sourceParser(worker, 2000);
    const asked = ['a.js', 'b.js'].map((name) => parser.functions(slowToParse(), name));
    const typed = ['f', 'g', 'h'].map((name) => parser.functions(`function ${name}() {}`, 'c.js'));
    expect(await Promise.all(asked)).toEqual(['late', 'late']);
    expect(await Promise.all(typed)).toEqual(['late', 'late', [expect.objectContaining({ name: 'h' })]]);
    parser.dispose();
  });

  test('costs an opening profile the line alone that is looked for in it', () => {
    const place = { line: 1, column: 15 };
    const text = 'function outer() {\n  inner();\n}\n';
    expect(callLine(slowToParse(), '/a/slow.js', { line: 1, column: 11 }, 'b', () => 0)).toBeUndefined();
    expect(lastLine(slowToParse(), '/a/slow.js', 1)).toBeUndefined();
    expect(isInLoopInTime(slowToParse(), '/a/slow.js', 2, 1)).toBe(false);
    expect(callLine(text, '/a/plain.js', place, 'inner', () => 0)).toBe(2);
    expect(isInLoopInTime('for (;;) {\n  f();\n}\n', '/a/loop.js', 2, 3)).toBe(true);
  });

  test('in a map is not known, and what stands beside it is', () => {
    const json = {
      version: 3,
      sources: ['endless.js', 'plain.js'],
      sourcesContent: [slowToParse(), 'function f() {}'],
      names: [],
      mappings: 'AAAA',
    };
    const map = parseSourceMap(JSON.stringify(json), 'file:///a/x.js.map');
    if (!map) throw new Error('it is a map');
    const texts = originalTexts(() => undefined);
    expect(texts('/a/plain.js', map)?.functions).toMatchObject([{ name: 'f' }]);
    expect(texts('/a/endless.js', map)).toBeUndefined();
  });
});
