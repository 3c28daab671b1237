import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCollapsed } from '../../src/core/formats/collapsed';
import { readCpuProfile } from '../../src/core/formats/cpuprofile';
import { writeSpeedscope } from '../../src/core/formats/speedscope';
import { checkTables } from '../../src/core/profile/check-tables';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import type { ProfileTables } from '../../src/core/profile/tables';
import { readOk } from '../support/raw-profile';
import { readThrough, sameReading, windows } from '../support/windows';

const program = `
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
const é𠮷 = () => fib(15);
let kept = [];
const end = performance.now() + 80;
while (performance.now() < end) {
  fib(16);
  kept.push(Array(200).fill({}), é𠮷(), 'a b'.replace(/\\s+/g, '"'));
  if (kept.length > 300) kept = [];
}`;

let folder = '';
/** What a real V8 wrote. */
let real: Uint8Array = new Uint8Array();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plateau-fuzz-'));
  fs.writeFileSync(path.join(folder, 'program.mjs'), program);
  execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-interval=4000', '--cpu-prof-name=real.cpuprofile', 'program.mjs'], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  real = fs.readFileSync(path.join(folder, 'real.cpuprofile'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Parsed {
  readonly nodes: readonly object[];
  readonly samples: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
  readonly timeDeltas: readonly number[];
}

function parse(bytes: Uint8Array): Partial<Parsed> | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Partial<Parsed>;
  } catch {
    return undefined;
  }
}

const sumOf = (numbers: Iterable<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0);

test('the real profile opens whole', () => {
  const { nodes, samples, startTime, endTime, timeDeltas } = parse(real) as Parsed;
  const { tables, warnings } = readOk(real);
  expect(warnings).toEqual([]);
  expect(checkTables(tables)).toEqual([]);
  expect([tables.nodes.length, tables.samples.length]).toEqual([nodes.length, samples.length]);
  const stamps = timeDeltas.map((_, i) => startTime + sumOf(timeDeltas.slice(0, i + 1)));
  expect(sumOf(tables.nodes.self)).toBe(Math.max(endTime, ...stamps) - Math.min(...stamps));
});

test('cut at every byte it keeps every whole node and sample, and says where it ends', () => {
  const { nodes, samples } = parse(real) as Parsed;
  const decoder = new TextDecoder();
  const text = decoder.decode(real);
  const nodeEnds: number[] = [];
  const encoder = new TextEncoder();
  let at = '{"nodes":['.length;
  for (const node of nodes) {
    at += encoder.encode(JSON.stringify(node)).length;
    nodeEnds.push(at++);
  }
  const end = encoder.encode(text.trimEnd()).length;
  const samplesStart = encoder.encode(text.slice(0, text.indexOf('"samples":['))).length + '"samples":['.length;
  const wrong: string[] = [];
  for (let cut = 0; cut < end; cut++) {
    const bytes = real.subarray(0, cut);
    const result = readCpuProfile(bytes);
    const wholeNodes = nodeEnds.findLastIndex((one) => one <= cut) + 1;
    if (result.ok !== wholeNodes > 0) wrong.push(`${cut}: ${result.ok ? 'opens' : JSON.stringify(result.error)}`);
    if (!result.ok) continue;
    const { tables, warnings } = result.value;
    const [first] = warnings;
    if (first?.kind !== 'truncated' || first.offset !== cut) wrong.push(`${cut}: ${JSON.stringify(first)}`);
    if (tables.nodes.length !== wholeNodes) wrong.push(`${cut}: ${tables.nodes.length} of ${wholeNodes} nodes`);
    // A number is whole where something stands behind it.
    const wholeSamples = Math.min(
      samples.length,
      cut < samplesStart ? 0 : decoder.decode(bytes.subarray(samplesStart)).replace(/\].*/s, ']').split(/[,\]]/).length - 1,
    );
    if (tables.samples.length !== wholeSamples) wrong.push(`${cut}: ${tables.samples.length} of ${wholeSamples} samples`);
    wrong.push(...checkTables(tables).map((sentence) => `${cut}: ${sentence}`));
  }
  expect(wrong).toEqual([]);
});

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const numbers = [
  '0',
  '-0',
  '-1',
  '1',
  '2',
  '1.5',
  '1e3',
  '1e308',
  '-1e308',
  '1e999',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '-',
  '1e',
  '00',
  '""',
  '"7"',
  'null',
  'true',
  '[]',
  '{}',
  '[[[',
  'NaN',
];
const pieces = [
  '"',
  '\\',
  '\\u',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\0',
  '\u001b[0m',
  '"__proto__":',
  '"nodes":[',
  '"samples":',
  '"id":',
  '"children":[',
  '"parent":1,',
  '"profile":{',
  '"timestamps":[1],',
  '\ufeff',
  ' \n\t ',
];

/** One to four changes of `source`. */
function mutate(source: Buffer, random: (below: number) => number, numberSpots: readonly { at: number; length: number }[]): Buffer {
  let bytes = Buffer.from(source);
  const splice = (at: number, removed: number, added: Uint8Array): void => {
    bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
  };
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(bytes.length);
    switch (random(7)) {
      case 0:
        bytes[at] = (bytes[at] as number) ^ (1 << random(8));
        break;
      case 1:
        bytes[at] = random(256);
        break;
      case 2:
        splice(at, 1 + random(random(4) === 0 ? 2000 : 8), Buffer.alloc(0));
        break;
      case 3:
        splice(at, 0, Buffer.from(pieces[random(pieces.length)] as string));
        break;
      case 4: {
        const from = random(bytes.length);
        splice(at, 0, Buffer.from(bytes.subarray(from, from + 1 + random(400))));
        break;
      }
      default: {
        // Most of a profile is numbers; wrong ones keep the JSON whole and go deepest.
        const spot = numberSpots[random(numberSpots.length)] as { at: number; length: number };
        splice(spot.at, spot.length, Buffer.from(random(2) === 0 ? (numbers[random(numbers.length)] as string) : String(random(60) - 5)));
      }
    }
  }
  return bytes;
}

/** What must hold for every profile that opens, as sentences where it does not. */
function untrue(tables: ProfileTables, isSpotCheck: boolean): string[] {
  const wrong = checkTables(tables);
  const { nodes, samples, startTime, endTime } = tables;
  const kept = sumOf(nodes.self);
  const expected = endTime - (samples.start[0] ?? Number.NaN);
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
  if (samples.length > 0 && !near(kept, expected)) wrong.push(`cost ${kept} of ${expected}`);
  if (!Number.isFinite(startTime) || nodes.self.some((self) => !(self >= 0))) wrong.push('a time is none');
  if (!isSpotCheck) return wrong;
  const slab = encodeSlab(tables);
  const decoded = decodeSlab(slab);
  if (!decoded.ok || Buffer.compare(new Uint8Array(encodeSlab(decoded.value)), new Uint8Array(slab)) !== 0) wrong.push('the slab differs');
  const { profiles } = JSON.parse([...writeSpeedscope(tables, 'a', 'b')].join('')) as { profiles: [{ weights: number[] }] };
  if (!near(sumOf(profiles[0].weights), kept)) wrong.push('speedscope weighs something else');
  const lines = [...writeCollapsed(tables)].join('').split('\n').slice(0, -1);
  if (!lines.every((line) => /^.+ \d+$/.test(line))) wrong.push('a collapsed line is none');
  return wrong;
}

/** The recording differs from run to run, so what fails is kept: plateau-fuzz-seed-N.cpuprofile in the folder for temporary files. */
test('20,000 damaged profiles: none throws, none lies, none loses what JSON still holds', () => {
  const text = Buffer.from(real).toString('latin1');
  const numberSpots = Array.from(text.matchAll(/(?<=[:,[])-?\d+(?=[,\]}])/g), (match) => ({ at: match.index, length: match[0].length }));
  const source = Buffer.from(real);
  const wrong: string[] = [];
  let opened = 0;
  for (let seed = 0; seed < 20_000 && wrong.length < 10; seed++) {
    const bytes = mutate(source, generator(seed), numberSpots);
    try {
      const result = readCpuProfile(bytes);
      const json = parse(bytes);
      const sentences: string[] = [];
      const window = windows[seed % windows.length] as number;
      if (!sameReading(result, readThrough(bytes, window))) sentences.push(`a window of ${window} bytes shows something else`);
      if (result.ok) {
        opened++;
        const { tables, warnings } = result.value;
        sentences.push(...untrue(tables, seed % 10 === 0));
        const stop = warnings.find(({ kind }) => kind === 'truncated' || kind === 'malformed');
        if (json && stop) sentences.push(`valid JSON is said to be ${stop.kind}`);
        if (json && tables.nodes.length < (json.nodes ?? []).length - warnings.reduce((sum, one) => sum + (one.kind === 'bad-values' ? one.count : 0), 0))
          sentences.push('nodes are lost');
        if (json && Array.isArray(json.samples) && tables.samples.length < json.samples.length) sentences.push('samples are lost');
      } else if (json && result.error.kind === 'not-json') sentences.push('valid JSON is said to be none');
      wrong.push(...sentences.map((sentence) => `seed ${seed}: ${sentence}`));
    } catch (error) {
      wrong.push(`seed ${seed}: throws ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (wrong.at(-1)?.startsWith(`seed ${seed}:`)) fs.writeFileSync(path.join(os.tmpdir(), `plateau-fuzz-seed-${seed}.cpuprofile`), bytes);
  }
  expect(wrong).toEqual([]);
  expect(opened).toBeGreaterThan(10_000);
});

test('4,000 damaged slabs are refused, or are true', () => {
  const slab = new Uint8Array(encodeSlab(readOk(real).tables));
  const wrong: string[] = [];
  for (let seed = 0; seed < 4_000; seed++) {
    const random = generator(seed);
    const bytes = slab.slice();
    for (let changes = 1 + random(3); changes > 0; changes--) bytes[random(4) === 0 ? random(240) : random(bytes.length)] = random(2) === 0 ? 255 : random(256);
    try {
      const result = decodeSlab(bytes.buffer);
      if (result.ok) wrong.push(...untrue(result.value, false).map((sentence) => `seed ${seed}: ${sentence}`));
    } catch (error) {
      wrong.push(`seed ${seed}: throws ${String(error)}`);
    }
  }
  expect(wrong).toEqual([]);
});
