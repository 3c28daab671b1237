import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCpuProfile } from '../../src/core/formats/cpuprofile';
import { parseInWorker } from '../../src/service/profile/parse-in-worker';
import { streamCpuProfile } from '../../src/service/profile/stream-cpuprofile';
import { bytesOf, rawFromText } from '../support/raw-profile';
import { type Folder, root, temporaryFolder } from '../support/run';
import { piecesOf, readEveryWay, readThrough, sameReading, windows } from '../support/windows';

const workerFile = path.join(root, 'dist', 'profile-worker.mjs');
let folder: Folder;
/** 60 MB: the same few nodes, and samples without end. */
let large: string;
beforeAll(() => {
  folder = temporaryFolder();
  large = path.join(folder.path, 'large.cpuprofile');
  const { nodes, samples } = rawFromText('\n main > work x3');
  const out = openSync(large, 'w');
  writeSync(out, `{"nodes":${JSON.stringify(nodes)},"startTime":0,"samples":[${samples[0]}`);
  const piece = `,${samples[1]}`.repeat(1_000_000);
  for (let i = 0; i < 30; i++) writeSync(out, piece);
  writeSync(out, ']}');
  closeSync(out);
});
afterAll(() => folder.remove());

describe('through a window', () => {
  const text = JSON.stringify(rawFromText('\n main > work x3\n main > other'));

  test('a difference is told', () => {
    const other = readThrough(bytesOf(text.replace('work', 'play')), 7);
    expect(sameReading(readCpuProfile(bytesOf(text)), other)).toBe(false);
    expect(sameReading(readCpuProfile(bytesOf(text)), readThrough(bytesOf(text), 7))).toBe(true);
    expect(sameReading(readCpuProfile(bytesOf(text)), readThrough(bytesOf(text.slice(0, -1)), 7))).toBe(false);
  });

  test('every token may be cut anywhere: escapes, long names, numbers, white space, unknown keys', () => {
    const spaced = text.replace(/[,:[\]{}]/g, (mark) => ` \n${mark}\t`);
    const escaped = text.replace('"work"', '"\\u0077o\\"r\\\\k\\ud83d\\udd25"').replace('"nodes"', '"\\u006eodes"');
    const long = text.replace('"work"', `"${'w'.repeat(5_000)}"`).replace('"endTime":', `"endTime":${'0'.repeat(20)}`);
    const unknown = `{"x":${'['.repeat(500)}true,null,-1.5e-3,"a\\"]"${']'.repeat(500)},${text.slice(1)}`;
    for (const one of [spaced, escaped, long, unknown, `\ufeff${text}`]) {
      const whole = readEveryWay(bytesOf(one));
      expect(whole.ok && whole.value.warnings).toEqual([]);
    }
  });

  test('pieces may be shorter than the window', () => {
    const bytes = bytesOf(text);
    for (const window of windows) expect(sameReading(readCpuProfile(bytes), readCpuProfile(piecesOf(bytes, 3), window * 100))).toBe(true);
  });

  test('a name of 17 MB and a number of 5,000 digits are no values, and told where they stand', () => {
    const name = bytesOf(text.replace('"work"', `"${'x'.repeat(17 << 20)}"`));
    const number = bytesOf(text.replace('"hitCount":3', `"hitCount":${'3'.repeat(5_000)}`));
    for (const [bytes, mark] of [
      [name, '"xxx'],
      [number, '3333'],
    ] as const) {
      const whole = readEveryWay(bytes);
      const offset = Buffer.from(bytes.subarray(0, 5_000)).indexOf(mark);
      expect(whole.ok && whole.value.warnings).toEqual([{ kind: 'bad-values', count: 1, offset }]);
    }
  });

  test('of more samples than can be held the first are shown, and how many are not', () => {
    const bytes = bytesOf({ ...rawFromText('\n main > work x3'), samples: [3, 3, 3, 3, 3, 2, 2], timeDeltas: [0, 10, 10, 10, 10, 10, 10], endTime: 9_000 });
    const read = readCpuProfile(bytes, undefined, { mostSamples: 3 });
    if (!read.ok) return expect.fail();
    const { tables, warnings } = read.value;
    expect([tables.samples.length, tables.nodes.total[0], tables.endTime]).toEqual([3, 20, 20]);
    expect(warnings).toContainEqual({ kind: 'too-many-values', count: 8, limit: 3 });
    expect(readEveryWay(bytes)).toMatchObject({ value: { tables: { samples: { length: 7 } } } });
  });

  test('the window does not grow with what is passed over', () => {
    const pieces = [Buffer.from('{"x":"'), ...Array.from({ length: 300 }, () => Buffer.alloc(100_000, 'y')), Buffer.from(`",${text.slice(1)}`)];
    let largest = 0;
    const source = {
      read(into: Uint8Array): number {
        largest = Math.max(largest, into.length);
        const piece = pieces[0];
        if (!piece) return 0;
        const part = piece.subarray(0, into.length);
        into.set(part);
        if (part.length === piece.length) pieces.shift();
        else pieces[0] = piece.subarray(part.length);
        return part.length;
      },
    };
    expect(sameReading(readCpuProfile(source, 4096), readCpuProfile(bytesOf(text)))).toBe(true);
    expect(largest).toBeLessThanOrEqual(4096);
  });
});

describe('a file', () => {
  test('is read as its bytes are', () => {
    const file = folder.file('small.cpuprofile', JSON.stringify(rawFromText('\n main > work x3')));
    expect(sameReading(streamCpuProfile(file), readCpuProfile(bytesOf(rawFromText('\n main > work x3'))))).toBe(true);
  });

  test('progress comes while it is parsed, and to abort then ends it', () => {
    const told: number[] = [];
    const abort = new AbortController();
    const result = streamCpuProfile(large, {
      signal: abort.signal,
      onProgress(read, size) {
        told.push(read / size);
        if (told.length === 2) abort.abort();
      },
    });
    expect(result).toEqual({ ok: false, error: { kind: 'cancelled' } });
    expect(told).toHaveLength(2);
    expect(told[1]).toBeGreaterThan(told[0] as number);
    expect(told[1]).toBeLessThan(0.5);
  });

  test('cancelling a worker in the middle of parsing ends it', async () => {
    const abort = new AbortController();
    let read = 0;
    const result = await parseInWorker(workerFile, large, {
      signal: abort.signal,
      onProgress(at, size) {
        read = at / size;
        abort.abort();
      },
    });
    expect(result).toEqual({ ok: false, error: { kind: 'cancelled' } });
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(1);
  });

  test('of more than the limit is refused before it is read', () => {
    const file = folder.file('huge.cpuprofile', '{');
    truncateSync(file, 2 ** 32 + 1); // sparse
    let reads = 0;
    const result = streamCpuProfile(file, { onProgress: () => reads++ });
    expect(result).toEqual({ ok: false, error: { kind: 'too-large', bytes: 2 ** 32 + 1, limit: 2 ** 32 } });
    expect(reads).toBe(0);
    writeFileSync(file, '');
  });

  test('that is missing or a folder is told', () => {
    expect(streamCpuProfile(path.join(folder.path, 'none'))).toMatchObject({ ok: false, error: { kind: 'unreadable', code: 'ENOENT' } });
    expect(streamCpuProfile(folder.path)).toMatchObject({ ok: false, error: { kind: 'unreadable', code: 'EISDIR' } });
  });
});
