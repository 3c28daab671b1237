import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCpuProfile } from '../../src/core/formats/cpuprofile';
import { checkTables } from '../../src/core/profile/check-tables';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import { damageChecker, type Parsed, parse, recordSmall, sumOf, untrue } from '../support/damage';
import { generator } from '../support/mutate';
import { readOk } from '../support/raw-profile';

let folder = '';
/** What a real V8 wrote. */
let real: Uint8Array = new Uint8Array();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plateau-fuzz-'));
  real = recordSmall(folder);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

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

/** The recording differs from run to run, so what fails is kept: plateau-fuzz-seed-N.cpuprofile in the folder for temporary files. */
test('20,000 damaged profiles: none throws, none lies, none loses what JSON still holds', () => {
  const check = damageChecker(real);
  const wrong: string[] = [];
  let opened = 0;
  for (let seed = 0; seed < 20_000 && wrong.length < 10; seed++) {
    const { bytes, isOpened, sentences } = check(seed);
    if (isOpened) opened++;
    wrong.push(...sentences);
    if (sentences.length > 0) fs.writeFileSync(path.join(os.tmpdir(), `plateau-fuzz-seed-${seed}.cpuprofile`), bytes);
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
