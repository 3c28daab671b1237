import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readCpuProfile } from '../../src/core/formats/cpuprofile';
import { writeCollapsed } from '../../src/core/formats/write/collapsed';
import { writeSpeedscope } from '../../src/core/formats/write/speedscope';
import { checkTables } from '../../src/core/profile/check-tables';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import type { ProfileTables } from '../../src/core/profile/tables';
import { generator, mutator } from './mutate';
import { readThrough, sameReading, windows } from './windows';

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

/** A small real profile, as V8 writes it. */
export function recordSmall(folder: string): Uint8Array {
  fs.writeFileSync(path.join(folder, 'program.mjs'), program);
  execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-interval=4000', '--cpu-prof-name=real.cpuprofile', 'program.mjs'], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return fs.readFileSync(path.join(folder, 'real.cpuprofile'));
}

export interface Parsed {
  readonly nodes: readonly object[];
  readonly samples: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
  readonly timeDeltas: readonly number[];
}

export function parse(bytes: Uint8Array): Partial<Parsed> | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Partial<Parsed>;
  } catch {
    return undefined;
  }
}

export const sumOf = (numbers: Iterable<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0);

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

/** What must hold for every profile that opens, as sentences where it does not. */
export function untrue(tables: ProfileTables, isSpotCheck: boolean): string[] {
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

export interface Damaged {
  readonly bytes: Uint8Array;
  readonly isOpened: boolean;
  /** What must hold and does not. */
  readonly sentences: readonly string[];
}

/** Damages a real profile, differently for each seed, and reads it, whole and through a window. */
export function damageChecker(real: Uint8Array): (seed: number) => Damaged {
  const change = mutator(real, { pieces, numbers, number: /(?<=[:,[])-?\d+(?=[,\]}])/g });
  return (seed) => {
    const bytes = change(generator(seed));
    const sentences: string[] = [];
    let isOpened = false;
    try {
      const result = readCpuProfile(bytes);
      const json = parse(bytes);
      const window = windows[seed % windows.length] as number;
      if (!sameReading(result, readThrough(bytes, window))) sentences.push(`a window of ${window} bytes shows something else`);
      if (result.ok) {
        isOpened = true;
        const { tables, warnings } = result.value;
        sentences.push(...untrue(tables, seed % 10 === 0));
        const stop = warnings.find(({ kind }) => kind === 'truncated' || kind === 'malformed');
        if (json && stop) sentences.push(`valid JSON is said to be ${stop.kind}`);
        if (json && tables.nodes.length < (json.nodes ?? []).length - warnings.reduce((sum, one) => sum + (one.kind === 'bad-values' ? one.count : 0), 0))
          sentences.push('nodes are lost');
        if (json && Array.isArray(json.samples) && tables.samples.length < json.samples.length) sentences.push('samples are lost');
      } else if (json && result.error.kind === 'not-json') sentences.push('valid JSON is said to be none');
    } catch (error) {
      sentences.push(`throws ${error instanceof Error ? error.stack : String(error)}`);
    }
    return { bytes, isOpened, sentences: sentences.map((sentence) => `seed ${seed}: ${sentence}`) };
  };
}
