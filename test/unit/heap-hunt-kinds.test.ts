import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeTracking, trackingPlan } from '../../src/service/hunt/hunt-tracking';
import { foldCauses } from '../../src/service/hunt/leak-causes';
import type { HuntLeak, HuntResult } from '../../src/shared/hunt';
import { parseHeader, parseRequest, requestHeaders } from '../../src/shared/hunt-request';
import { freePort } from '../support/free-port';
import { type Folder, plateau, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
const folder = (files: Record<string, string> = {}): string => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made.path;
};
afterAll(() => {
  for (const one of folders) one.remove();
});

test('handles that stay open are named with who opens them; what is logged meanwhile is no leak', async () => {
  const cwd = folder({
    'a.mjs': [
      "import dgram from 'node:dgram';",
      "import fs from 'node:fs';",
      'function measure() {',
      "  dgram.createSocket('udp4').bind(0, '127.0.0.1');",
      '}',
      'function follow() {',
      '  fs.watch(new URL(import.meta.url), () => {});',
      '}',
      'export function exercise() {',
      '  console.log({ at: Date.now() });',
      '  measure();',
      '  follow();',
      '}',
    ].join('\n'),
  });
  const { code, stdout } = await plateau(['heap', 'hunt', '--times', '11', '--json', '--call', 'a.mjs#exercise'], { cwd });
  const result = JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as HuntResult;
  const told = result.leaks.map(({ className, allocatedAt, retainedAt, counts }) => [className, allocatedAt?.line, retainedAt, counts[2] - counts[1]]);
  expect(told.sort()).toEqual([
    ['FSWatcher', 6, undefined, 11],
    ['Socket', 3, undefined, 11],
  ]);
  for (const { summary } of result.leaks) expect(summary).toContain('kept until it is closed');
  expect(code).toBe(1);
});

test('in a bundle, places and names are those of the sources', async () => {
  const cwd = folder({
    'registry.ts':
      'interface Entry { url: string }\n\nconst entries: Entry[] = [];\n\nexport function remember(url: string): void {\n  entries.push({ url });\n}\n',
    'main.ts': "import { remember } from './registry';\n\nexport function exercise(): void {\n  remember(String(Math.random()));\n}\n",
  });
  await build({
    entryPoints: [path.join(cwd, 'main.ts')],
    outfile: path.join(cwd, 'out', 'main.mjs'),
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    platform: 'node',
  });
  const { stdout } = await plateau(['heap', 'hunt', '--times', '11', '--json', '--call', 'out/main.mjs#exercise'], { cwd });
  const [leak, ...more] = (JSON.parse(stdout) as HuntResult).leaks;
  expect(more).toEqual([]);
  const source = path.join(cwd, 'registry.ts');
  expect(leak).toMatchObject({ retainedAt: { file: source, line: 3, column: 7 }, allocatedAt: { file: source, line: 5 } });
  expect(leak?.summary).toContain('`entries` (Array) in module registry.ts, closure `remember` at registry.ts:5');
});

describe('snapshots of a program', () => {
  let cwd: string;
  beforeAll(() => {
    const take = (n: number): string => `for (let i = 0; i < 11; i++) all.push(new Order()); require('v8').writeHeapSnapshot('${n}.heapsnapshot');`;
    cwd = folder({ 'a.cjs': `class Order {} const all = []; ${[1, 2, 3].map(take).join(' ')} all.length;` });
    expect(spawnSync(process.execPath, ['a.cjs'], { cwd }).status).toBe(0);
  });

  test('packed ones are as those that are not', async () => {
    const whole = await plateau(['heap', 'leaks', '1.heapsnapshot', '2.heapsnapshot', '3.heapsnapshot', '--times', '11', '--json'], { cwd });
    const gzip = (n: number): string => {
      const name = `${n}.heapsnapshot.gz`;
      writeFileSync(path.join(cwd, name), zlib.gzipSync(readFileSync(path.join(cwd, `${n}.heapsnapshot`))));
      return name;
    };
    const packed = await plateau(['heap', 'leaks', gzip(1), gzip(2), gzip(3), '--times', '11', '--json'], { cwd });
    const [expected, found] = [whole, packed].map(({ stdout }) => JSON.parse(stdout) as HuntResult);
    expect(expected?.leaks.map(({ className }) => className)).toEqual(['Order']);
    expect(found?.leaks).toEqual(expected?.leaks);
    expect(packed.code).toBe(1);
  });

  test.each([0.6, 0.95, 0.999])('one that ends at %d of its bytes is told as such', async (share) => {
    const file = path.join(cwd, 'cut.heapsnapshot');
    const bytes = Math.floor(statSync(path.join(cwd, '3.heapsnapshot')).size * share);
    writeFileSync(file, readFileSync(path.join(cwd, '3.heapsnapshot')));
    truncateSync(file, bytes);
    const { code, stdout, stderr } = await plateau(['heap', 'leaks', '1.heapsnapshot', '2.heapsnapshot', 'cut.heapsnapshot', '--times', '11'], { cwd });
    expect(stderr).toContain('cut.heapsnapshot: The snapshot ends early, at byte ');
    expect(stdout).toBe('');
    expect(code).toBe(4);
  });

  test('a packed one that is cut, and what is no packing', async () => {
    const packed = zlib.gzipSync(readFileSync(path.join(cwd, '1.heapsnapshot')));
    writeFileSync(path.join(cwd, 'cut.gz'), packed.subarray(0, packed.length * 0.9));
    expect((await plateau(['heap', 'summary', 'cut.gz'], { cwd })).stderr).toContain('ends early');
    writeFileSync(path.join(cwd, 'bad.gz'), Uint8Array.of(0x1f, 0x8b, 99, 99, 99, 99, 99, 99, 99, 99));
    const bad = await plateau(['heap', 'summary', 'bad.gz'], { cwd });
    expect(bad.stderr).toContain('bad.gz: The file is packed with gzip, and cannot be unpacked');
    expect(bad.code).toBe(4);
  });
});

describe('requests', () => {
  test('headers and the type of a body reach the server', async () => {
    const port = await freePort();
    const cwd = folder({
      'a.cjs': `require('http').createServer((request, response) => {
        const { authorization, 'content-type': type } = request.headers;
        response.statusCode = authorization === 'Bearer abc' && type === 'application/json' ? 200 : 400;
        response.end();
      }).listen(${port}, '127.0.0.1');`,
    });
    const args = ['heap', 'hunt', '--no-track', '--times', '7', '--request', `POST http://127.0.0.1:${port}/ {"id":1}`];
    const { code, stderr } = await plateau([...args, '--header', 'Authorization: Bearer abc', '--', process.execPath, 'a.cjs'], { cwd });
    expect(stderr).not.toContain('answered');
    expect(code).toBe(0);
    const wrong = await plateau([...args, '--header', 'no header, but s3cret', '--', process.execPath, 'a.cjs'], { cwd });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).not.toContain('s3cret');
  });

  test.each([
    ['GET http://a/', 'GET', undefined],
    ['http://a/b?c', 'GET', undefined],
    ['http://a/ {"id": 1}', 'POST', '{"id": 1}'],
    ['PUT https://a/ two\nlines', 'PUT', 'two\nlines'],
  ])('%s', (text, method, body) => expect(parseRequest(text)).toMatchObject({ method, body }));

  test.each(['', 'ftp://a/', 'GET', 'get http://a/'])('no request: "%s"', (text) => expect(parseRequest(text)).toBeUndefined());

  test.each([
    ['{"id":1}', 'application/json'],
    [' [1, 2] ', 'application/json'],
    ['{"id":1', 'text/plain;charset=UTF-8'],
    ['a=1&b=two%20words', 'application/x-www-form-urlencoded'],
    ['<order id="1"/>', 'application/xml'],
    ['some words', 'text/plain;charset=UTF-8'],
  ])('the body %s is sent as %s', (body, type) =>
    expect(requestHeaders({ kind: 'requests', method: 'POST', url: 'http://a/', body })).toEqual({ 'content-type': type }),
  );

  test('a type that is given stays, and names may be given twice', () => {
    const headers = ['Content-Type: text/csv', 'cookie: a=1', 'Cookie: b=2'].map((text) => parseHeader(text) ?? (['', ''] as const));
    expect(requestHeaders({ kind: 'requests', method: 'POST', url: 'http://a/', body: '{}', headers })).toEqual({
      'content-type': 'text/csv',
      cookie: ['a=1', 'b=2'],
    });
    expect(parseHeader('x-empty:')).toEqual(['x-empty', '']);
    for (const bad of ['', 'no colon', 'two words: a', 'a: line\u0001', ': a']) expect(parseHeader(bad)).toBeUndefined();
  });
});

describe('the price of tracking', () => {
  test.each([
    [10e6, false, 'rounds', 62],
    [15e6, false, 'rounds', 62],
    [105e6, false, 'last', 3],
    [105e6, true, 'off', 0],
    [400e6, false, 'off', 0],
  ] as const)('a heap of %d bytes, by hand: %s', (bytes, isByHand, kind, exercises) =>
    expect(trackingPlan(bytes, 31, isByHand)).toMatchObject({ kind, exercises }),
  );

  test('is told where it is one, and grows with the heap', () => {
    const costs = [5e6, 10e6, 15e6].map((bytes) => trackingPlan(bytes, 31, false).costMs);
    expect([...costs].sort((a, b) => a - b)).toEqual(costs);
    expect(describeTracking(trackingPlan(1e6, 10_000, false))).toBeUndefined();
    expect(trackingPlan(15e6, 10_000, false)).toMatchObject({ kind: 'last', exercises: 3 });
    expect(describeTracking(trackingPlan(105e6, 31, false))).toContain('the last 3 exercises of round 2');
    expect(describeTracking(trackingPlan(400e6, 31, false))).toContain('is not recorded');
  });

  test('of a heap that is not small, the last exercises are enough to see who allocates', async () => {
    const cwd = folder({
      'a.mjs': [
        'globalThis.table = Array.from({ length: 110_000 }, (_, i) => ({ i, text: String(i), tags: [i] }));',
        'const orders = [];',
        'function order() {',
        '  orders.push({ at: new Date() });',
        '}',
        'export const exercise = () => order();',
      ].join('\n'),
    });
    const { stdout } = await plateau(['heap', 'hunt', '--times', '11', '--json', '--call', 'a.mjs#exercise'], { cwd });
    const { leaks, snapshots } = JSON.parse(stdout) as HuntResult;
    expect(trackingPlan(snapshots[0]?.heapBytes ?? 0, 11, false).kind).toBe('last');
    const [leak] = leaks;
    expect(leak).toMatchObject({ isMultiple: true, retainedAt: { line: 2 }, allocatedAt: { line: 3 } });
  });
});

describe('one cause is one entry', () => {
  const leak = (className: string, more: Partial<HuntLeak>): HuntLeak => ({
    verdict: 'leak',
    measure: 'objects',
    className,
    counts: [1, 2, 3],
    perExercise: 1,
    isMultiple: true,
    retainedSize: 100,
    bytesPerExercise: 50,
    summary: className,
    path: [],
    retainedAt: undefined,
    alsoKeptBy: [],
    allocatedAt: undefined,
    allocation: [],
    objectId: 1,
    holderId: 1,
    holders: 1,
    ...more,
  });
  const at = (line: number, column = 1) => ({ file: '/a.ts', line, column });
  const brief = (leaks: readonly HuntLeak[]): string[] =>
    foldCauses(leaks).map(({ className, retainedSize, withIt = [] }) => [className, retainedSize, ...withIt.map((one) => one.className)].join(' '));

  test('what one declaration keeps: objects speak for it, its bytes are those of all', () => {
    const kept = { retainedAt: at(5), allocatedAt: at(9) };
    expect(brief([leak('string', { ...kept, retainedSize: 300 }), leak('Entry', kept), leak('Array', { ...kept, measure: 'elements' })])).toEqual([
      'Entry 500 string Array',
    ]);
  });

  test('what two declarations keep is two, though one function makes both', () => {
    expect(brief([leak('A', { retainedAt: at(5), allocatedAt: at(9) }), leak('B', { retainedAt: at(5, 30), allocatedAt: at(9) })])).toEqual(['A 100', 'B 100']);
  });

  test('what nothing of the program keeps goes by who makes it, or stands alone', () => {
    expect(brief([leak('Worker', { allocatedAt: at(9) }), leak('MessagePort', { allocatedAt: at(9) }), leak('X', {}), leak('Y', {})])).toEqual([
      'Worker 200 MessagePort',
      'X 100',
      'Y 100',
    ]);
  });
});
