import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEAD } from '../../src/core/formats/read/read-any';
import { writePprof } from '../../src/core/formats/write/pprof-write';
import type { ReadProfile } from '../../src/service/profile/import-profile';
import type { ReadOptions } from '../../src/service/profile/read-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { decompress } from '../../src/service/support/decompress';
import { zstdFrames } from '../../src/service/support/zstd-frames';
import { costsByFunction, fixture, mainOf, readAny, runProgram, stacksText } from '../support/formats';
import { bytesOf, profileFromText, rawFromText } from '../support/raw-profile';
import { type Folder, plateau, temporaryFolder } from '../support/run';

const stacks = 'main;parse;next 3\nmain;parse 1\nmain;print 4\n';
const stacksTree = 'main 8 (0)\n  parse 4 (1)\n    next 3 (3)\n  print 4 (4)';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

function save(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder.path, name);
  fs.writeFileSync(file, bytes);
  return file;
}

async function open(name: string, bytes: Uint8Array | string, options: ReadOptions = {}): Promise<ReadProfile> {
  const result = await readProfileFile(save(name, bytes), options);
  if (!result.ok) throw new Error(`does not open: ${JSON.stringify(result.error)}`);
  return result.value;
}

test('what is wrong with a damaged zstd stream is told in words', async () => {
  const whole = fixture('stacks.collapsed.zst');
  // One frame of a known size in eight bytes (RFC 8878, 3.1.1.1), of which some are not there.
  const cut = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0xf1, 0x2e, 0x25, 0x01, 0x00, 0xd8, 0x6d, 0x61, 0x69]);
  const damaged = Array.from({ length: whole.length - 4 }, (_, at) => [0, 0x80, 0xe4, 0xff].map((value) => whole.with(at + 4, value))).flat();
  const details = new Set<string>();
  for (const bytes of [cut, ...damaged]) {
    const result = await decompress(bytes);
    if (!result.ok && result.error.kind === 'bad-compression') details.add(result.error.detail);
  }
  expect(details.size).toBeGreaterThan(2);
  expect([...details].filter((detail) => /typed array|undefined|not a function|RangeError|allocation|[^\w ,'-]/.test(detail))).toEqual([]);
});

describe('packed files', () => {
  test.each([
    ['gzip', gzipSync(stacks)],
    ['gzip in two members', Buffer.concat([gzipSync(stacks.slice(0, 20)), gzipSync(stacks.slice(20))])],
    ['gzip twice', gzipSync(gzipSync(stacks))],
    ['zstd', fixture('stacks.collapsed.zst')],
    ['zstd in gzip', gzipSync(fixture('stacks.collapsed.zst'))],
  ])('%s', async (_, bytes) => {
    const read = await open('any.name', bytes);
    expect([read.format, read.warnings]).toEqual(['collapsed', []]);
    expect(stacksText(read)).toBe(stacksTree);
  });

  // gzip -d: "decompression OK, trailing garbage ignored"; zeros are padding.
  const named = Buffer.from([...gzipSync(stacks)].flatMap((byte, at) => (at === 3 ? [8] : at === 9 ? [byte, 0x61, 0] : [byte])));
  test.each([
    ['text', gzipSync(stacks), 'bytes of something else', 23],
    ['two bytes', gzipSync(stacks), 'xy', 2],
    ['a head that is none', gzipSync(stacks), '\x1f\x8b\x07\0\0\0\0\0\0\0', 10],
    ['text behind two members', Buffer.concat([gzipSync(stacks.slice(0, 20)), gzipSync(stacks.slice(20))]), 'more', 4],
    ['text behind a member with a name', named, 'more', 4],
    ['zeros', gzipSync(stacks), '\0\0\0\0', 0],
  ])('behind the end of gzip: %s', async (_, packed, rest, surplus) => {
    const read = await open('rest.gz', Buffer.concat([packed, Buffer.from(rest, 'latin1')]));
    expect(stacksText(read)).toBe(stacksTree);
    expect(read.warnings).toEqual(surplus === 0 ? [] : [{ kind: 'surplus-bytes', count: surplus, offset: packed.length }]);
  });

  test('behind the end of zstd', async () => {
    const packed = fixture('stacks.collapsed.zst');
    const read = await open('rest.zst', Buffer.concat([packed, Buffer.from('bytes of something else')]));
    expect(stacksText(read)).toBe(stacksTree);
    expect(read.warnings).toEqual([{ kind: 'surplus-bytes', count: 23, offset: packed.length }]);
  });

  test('a .cpuprofile in gzip is the same as outside', async () => {
    const raw = JSON.stringify(rawFromText('main > parse x3\nmain'));
    const [packed, plain] = [await open('a.gz', gzipSync(raw)), await open('a.cpuprofile', raw)];
    expect([packed.format, packed.warnings, plain.format]).toEqual(['cpuprofile', [], 'cpuprofile']);
    expect(stacksText(packed)).toBe(stacksText(plain));
  });

  test('three times is once too often', async () => {
    const result = await readProfileFile(save('three.gz', gzipSync(gzipSync(gzipSync(stacks)))));
    expect(result).toEqual({ ok: false, error: { kind: 'not-a-cpu-profile', found: 'gzip', offset: 0 } });
  });

  test('gzip that is cut anywhere gives what stands before the cut', async () => {
    const text = Array.from({ length: 3000 }, (_, i) => `main;f${(i * 7919) % 1009};g${i} ${i}\n`).join('');
    const packed = gzipSync(text);
    for (let cut = 0; cut < packed.length; cut += 97) {
      const result = await decompress(packed.subarray(0, cut));
      if (!result.ok) {
        expect(result.error.kind).toBe('bad-compression');
        expect(cut).toBeLessThan(packed.length / 10);
        continue;
      }
      if (cut < 2) continue; // no magic number: not packed at all
      expect(result.value.warnings).toEqual([{ kind: 'truncated', offset: cut }]);
      expect(text.startsWith(new TextDecoder().decode(result.value.bytes))).toBe(true);
    }
    const most = await decompress(packed.subarray(0, packed.length - 20));
    expect(most.ok && most.value.bytes.length).toBeGreaterThan(text.length * 0.9);
  });

  test('zstd that is cut anywhere does not throw', async () => {
    const packed = fixture('stacks.collapsed.zst');
    for (let cut = 4; cut < packed.length; cut++) {
      const result = await decompress(packed.subarray(0, cut));
      if (result.ok) expect(stacks.startsWith(new TextDecoder().decode(result.value.bytes)), `cut at ${cut}`).toBe(true);
      else expect(result.error.kind).toBe('bad-compression');
    }
  });

  test('damage gives no exception', async () => {
    for (const whole of [gzipSync(stacks.repeat(50)), Buffer.from(fixture('stacks.collapsed.zst'))]) {
      for (let at = 4; at < whole.length; at++) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] as number) ^ 0x55;
        const result = await decompress(bytes);
        expect(result.ok || ['bad-compression', 'too-large'].includes(result.error.kind)).toBe(true);
      }
    }
  });

  const head = stacks.repeat(10_000); // 440 kB: it is recognised before the rest comes
  /** A zstd stream (RFC 8878) of a text as it is, then blocks of one byte repeated 128 kB times, four bytes each. */
  const zstdOf = (text: string, repeated: number, { window = 0x58, byte = 0x20 } = {}): Buffer => {
    const block = (kind: number, size: number, isLast = false): number[] =>
      [0, 8, 16].map((shift) => (((size << 3) | (kind << 1) | Number(isLast)) >> shift) & 0xff);
    const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, window)];
    for (let at = 0; at < text.length; at += 1 << 17) {
      const part = Buffer.from(text.slice(at, at + (1 << 17)));
      parts.push(Uint8Array.from(block(0, part.length)), part);
    }
    const one = Uint8Array.from([...block(1, 1 << 17), byte]);
    for (let i = 0; i < repeated; i++) parts.push(one);
    return Buffer.concat([...parts, Uint8Array.from(block(0, 0, true))]);
  };

  test('zstd made by hand is what it says', async () => {
    const result = await decompress(zstdOf(head, 2, { byte: 0x0a }));
    expect(result.ok && Buffer.from(result.value.bytes).equals(Buffer.from(head + '\n'.repeat(1 << 18)))).toBe(true);
  });

  test.each([
    ['zstd', () => zstdOf(head, 160_000)], // 21 GB in 1.1 MB
    ['gzip', () => gzipSync(Buffer.concat([Buffer.from(head), Buffer.alloc(150 << 20, ' ')]))],
    ['zstd in gzip', () => gzipSync(zstdOf(head, 20_000))],
  ])('what is made to fill the memory is refused as soon as it is too much: %s', async (_, pack) => {
    const bomb = pack();
    const result = await decompress(bomb);
    const limit = (64 << 20) + bomb.length * 100;
    expect(result).toEqual({ ok: false, error: { kind: 'too-large', bytes: expect.any(Number), limit, packed: bomb.length } });
    if (!result.ok && result.error.kind === 'too-large') expect(result.error.bytes - limit).toBeLessThanOrEqual(1 << 20);
  });

  test.each([
    ['gzip of zeros', () => gzipSync(Buffer.alloc(30 << 20))],
    ['gzip of spaces', () => gzipSync(Buffer.alloc(30 << 20, ' '))],
    ['gzip of a bracket and spaces', () => gzipSync(`{${' '.repeat(30 << 20)}`)],
    ['zstd of spaces', () => zstdOf('', 160_000)],
    ['zstd of zeros', () => zstdOf('', 160_000, { byte: 0 })],
  ])('what begins like no profile is unpacked no further: %s', async (_, pack) => {
    const result = await decompress(pack());
    expect(result.ok && [result.value.bytes.length, result.value.bytes.buffer.byteLength]).toEqual([HEAD, HEAD]);
    expect(await readProfileFile(save('blank', pack()))).toMatchObject({ ok: false });
  });

  test('every format is known by its first bytes, and a large one unpacks whole', async () => {
    const many = (text: string): string => text.repeat(Math.ceil((HEAD * 2) / text.length));
    const large = {
      collapsed: many(stacks),
      python: many('<module> (a.py:1);f (a.py:2) 30\n'),
      perf: many(Buffer.from(fixture('perf-script.txt')).toString()),
      prof: `${Buffer.from(fixture('prof-process.txt')).toString()}${many('      1  100.0%          JS: ~f /a.js:1:1\n')}`,
      callgrind: `${Buffer.from(fixture('sums.callgrind')).toString()}${many('fn=f\n1 1\n')}`,
      trace: `[${many('{"ph":"X","name":"a","ts":1,"dur":1,"pid":1,"tid":1},')}`,
      cpuprofile: `{"nodes":[${many('{"id":1},')}{"id":2}]}`,
    };
    for (const [name, text] of Object.entries(large)) {
      const result = await decompress(gzipSync(text));
      expect(result.ok && result.value.bytes.length, name).toBe(text.length);
    }
    const pprof = writePprof(mainOf(readAny(Array.from({ length: 9000 }, (_, i) => `main;f${i};${'g'.repeat(30)}${i} 3\n`).join(''))).tables);
    expect(pprof.length).toBeGreaterThan(HEAD);
    const result = await decompress(gzipSync(pprof));
    expect(result.ok && result.value.bytes.length).toBe(pprof.length);
  });

  test('a stream that tells a wrong size is unpacked all the same', async () => {
    const packed = gzipSync(head);
    const two = await decompress(Buffer.concat([packed, gzipSync(stacks)])); // the last member's size is not that of all
    expect(two.ok && two.value.bytes.length).toBe(head.length + stacks.length);
    for (const size of [0, 1, 0x7fff_ffff, 0xffff_ffff]) {
      const behind = Buffer.alloc(4);
      behind.writeUInt32LE(size);
      const result = await decompress(Buffer.concat([packed, Buffer.alloc(8), behind])); // what stands behind the end is passed over
      expect(result.ok && result.value.bytes.length).toBe(head.length);
    }
  });

  test('a window of zstd that is larger than can be kept, and what to do', async () => {
    for (const [window, bytes] of [
      [0xa8, 2 ** 31],
      [0x90, 2 ** 28],
      [0xff, 2 ** 41 * 1.875],
    ] as const) {
      const result = await decompress(zstdOf(stacks, 1, { window }));
      expect(result).toEqual({ ok: false, error: { kind: 'zstd-window', bytes, limit: 2 ** 27 } });
    }
    expect((await decompress(zstdOf(stacks, 1, { window: 0x88 }))).ok).toBe(true);
    // The unpacker moves its window at every block, so that many of them would take hours.
    expect(await decompress(zstdOf(stacks, 20_000, { window: 0x88 }))).toMatchObject({ ok: false, error: { kind: 'zstd-window' } });
    const { stderr } = await plateau(['analyze', save('long.zst', zstdOf(stacks, 1, { window: 0xa8 }))]);
    expect(stderr).toContain('a window of 2.15 GB; up to 134 MB can be read. Unpack it first, or pack it without --long.');
  });

  test('the sizes that frames of zstd tell', () => {
    const frame = (...bytes: number[]): Uint8Array => Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, ...bytes]);
    expect(zstdFrames(frame(0x20, 3, 0x19, 0, 0, 1, 2, 3))).toMatchObject({ window: 3, blocks: 1, size: 3 });
    expect(zstdFrames(frame(0x60, 0, 1, 1, 0, 0))).toMatchObject({ window: 512, blocks: 1, size: 512 });
    expect(zstdFrames(frame(0xe0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0))).toMatchObject({ window: 2 ** 33, blocks: 1, size: 2 ** 33 });
    const skipped = Uint8Array.from([0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
    expect(zstdFrames(Buffer.concat([frame(0x24, 3, 0x1b, 0, 0, 7, 1, 1, 1, 1), skipped, frame(0, 0x58, 1, 0, 0)]))).toMatchObject({
      window: 2 ** 21,
      blocks: 2,
      size: 0,
    });
    for (let cut = 0; cut < 14; cut++) zstdFrames(frame(0xe3, 0, 0, 0, 0, 2, 0, 0, 0, 1).subarray(0, cut));
  });
});

const two = {
  shared: { frames: [{ name: 'a' }, { name: 'b' }] },
  profiles: ['first', 'second'].map((name, i) => ({ type: 'sampled', name, unit: 'milliseconds', samples: [[i]], weights: [i + 1] })),
};

describe('files of several profiles', () => {
  test('the busiest one by itself; by place, by name, merged on request', async () => {
    const text = JSON.stringify(two);
    const read = await open('two.json', text);
    expect([read.selected, read.format, read.profiles]).toMatchObject([
      1,
      'speedscope',
      [
        { name: 'first', unit: 'microseconds', samples: 1 },
        { name: 'second', unit: 'microseconds', samples: 1 },
      ],
    ]);
    expect(stacksText(await open('two.json', text, { select: 0 }))).toBe('a 1000 (1000)');
    expect(stacksText(await open('two.json', text, { select: { name: 'second' } }))).toBe('b 2000 (2000)');
    const merged = await open('two.json', text, { select: 'merge' });
    expect([merged.selected, stacksText(merged)]).toEqual(['merge', '[second] 2000 (0)\n  b 2000 (2000)\n[first] 1000 (0)\n  a 1000 (1000)']);
    expect(await readProfileFile(save('two.json', text), { select: 2 })).toEqual({
      ok: false,
      error: { kind: 'no-such-profile', wanted: '3', names: ['first', 'second'] },
    });
  });

  test('the command line lists them, and takes one', async () => {
    const file = save('two.json', JSON.stringify(two));
    const first = await plateau(['analyze', file, '--json']);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('this is profile 2 of 2; --profile N, NAME or merge takes another: 1 "first", 2 "second"');
    const nameOf = (stdout: string): string[] =>
      (JSON.parse(stdout) as { functions: { name: string; selfMs: number }[] }).functions.filter((one) => one.selfMs > 0).map(({ name }) => name);
    expect(nameOf(first.stdout)).toEqual(['b']);
    const chosen = await plateau(['analyze', file, '--json', '--profile', '1']);
    expect([nameOf(chosen.stdout), chosen.stderr.includes('--profile')]).toEqual([['a'], false]);
    expect(nameOf((await plateau(['analyze', file, '--json', '--profile', 'merge'])).stdout)).toEqual(['b', 'a']);
    const none = await plateau(['analyze', file, '--profile', 'third']);
    expect([none.code, none.stderr]).toEqual([4, `plateau: ${file}: The file has no profile "third". It has: 1 "first", 2 "second".\n`]);
  });
});

describe('the command line', () => {
  test('a heap profile: bytes, and the report says so', async () => {
    runProgram(folder.path, ['--heap-prof', '--heap-prof-interval=4096', '--heap-prof-name=real.heapprofile']);
    const file = path.join(folder.path, 'real.heapprofile');
    const { code, stdout } = await plateau(['analyze', file, '--json']);
    const report = JSON.parse(stdout) as { unit: string; activeMs: number; functions: { name: string; selfMs: number }[] };
    const bytes = Array.from(fs.readFileSync(file, 'utf8').matchAll(/"selfSize":(\d+)/g), (match) => Number(match[1])).reduce((a, b) => a + b, 0);
    expect([code, report.unit, report.activeMs]).toEqual([0, 'bytes', bytes]);
    expect((await plateau(['analyze', file])).stdout).toMatch(/\d (?:k|M)?B\b.*samples/);
  });

  test('exports pprof and .cpuprofile, of any format', async () => {
    const file = save('stacks.txt', stacks);
    const out = path.join(folder.path, 'out.pb.gz');
    expect((await plateau(['export', file, '--to', 'pprof', '--out', out])).code).toBe(0);
    const { tables } = mainOf(readAny(gunzipSync(fs.readFileSync(out))));
    expect(costsByFunction(tables).get('main :0')?.total).toBe(8);
    const json = await plateau(['export', save('timed.json', JSON.stringify(two)), '--to', 'cpuprofile']);
    expect(json.code).toBe(0);
    expect((JSON.parse(json.stdout) as { samples: number[] }).samples).toHaveLength(1);
    const wrong = await plateau(['export', file, '--to', 'xml']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'plateau: --to takes html, markdown, collapsed, speedscope, pprof or cpuprofile, not "xml". See plateau help export.\n',
    ]);
  });

  test('a file with two functions on a line has not changed because pprof has no columns', async () => {
    const app = save('app.mjs', 'export function sortBig(list){return list.sort((x,y)=>x-y)}\n');
    const url = pathToFileURL(app).href;
    const file = save('app.pprof', writePprof(profileFromText(`sortBig@${url}:1 > (anonymous)@${url}:1 x60`).tables));
    const { stderr } = await plateau(['analyze', file]);
    expect(stderr).toContain('stands in this profile by line alone');
    expect(stderr).not.toContain('changed since');
  });

  test('bytes and counts do not become times in a .cpuprofile', async () => {
    const head = { callFrame: { functionName: 'keep', url: '', lineNumber: 0, columnNumber: 0 }, selfSize: 5, id: 1, children: [] };
    const out = path.join(folder.path, 'bytes.cpuprofile');
    for (const [file, unit] of [
      [save('stacks.txt', stacks), 'counts'],
      [save('small.heapprofile', JSON.stringify({ head: { ...head, children: [{ ...head, id: 2 }] } })), 'bytes'],
    ] as const) {
      const { code, stdout, stderr } = await plateau(['export', file, '--to', 'cpuprofile', '--out', out]);
      expect([code, stdout]).toEqual([4, '']);
      const message = `A .cpuprofile holds times, and what this profile holds are ${unit}. Choose a format that keeps them: pprof, speedscope, collapsed.`;
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(`plateau: ${message}`);
      expect(fs.existsSync(out)).toBe(false);
    }
  });

  test.each([
    ['perf.data', 'PERFILE2', 'perf script -i FILE'],
    ['v8.log', 'v8-version,11,3,244,8,-node.38,0\n', 'node --prof-process --preprocess FILE'],
  ])('%s: what to do', async (name, content, advice) => {
    const { code, stderr } = await plateau(['analyze', save(name, content)]);
    expect(code).toBe(4);
    expect(stderr).toContain(advice);
  });

  test('an empty file', async () => {
    expect(await readProfileFile(save('empty', bytesOf('')))).toEqual({ ok: false, error: { kind: 'empty-file' } });
  });
});
