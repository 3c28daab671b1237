import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { launch } from '../../src/capture/session/spawn';
import type { RawPart } from '../../src/core/formats/merge-cpuprofiles';
import { loopRate, meanInterval, studentT95 } from '../../src/core/statistics/mean-interval';
import { describeCaptureIssue } from '../../src/service/recording/describe-capture-issue';
import { record } from '../../src/service/recording/record';
import type { StagedThread } from '../../src/service/recording/stage-thread';
import { targetFiles } from '../../src/service/recording/target-files';
import type { Recipe } from '../../src/shared/recipe';
import { ok } from '../../src/shared/result';
import { nodes, root, temporaryFolder } from '../support/run';

const folder = temporaryFolder({
  'package.json': '{"type":"module"}',
  'm.ts': `export function add(a: number, b: number): number { let n = 0; for (let i = 0; i < 2000; i++) n += (a * i) % b; return n; }
export async function later(ms: number): Promise<void> { await new Promise((resolve) => setTimeout(resolve, ms)); }
export class Counter { #n: number; constructor(start: number) { this.#n = start; } next(step: number): number { for (let i = 0; i < 2000; i++) this.#n += step % (i + 1); return this.#n; } static make(): Counter { return new Counter(1); } get value(): number { return this.#n; } }
export const notCallable = 3;
export function bad(): never { throw new TypeError('no good'); }
export default (text: string) => text.length;
`,
  'c.cjs': 'module.exports = { twice: (n) => { let s = 0; for (let i = 0; i < 2000; i++) s += n % (i + 1); return s; } };',
  'basket.mjs': `export class Basket {
  constructor(size) { this.prices = Array.from({ length: size }, (_, i) => i % 97); }
  get total() { let sum = 0; for (const price of this.prices) sum += Math.sqrt(price); return sum; }
  sum() { let sum = 0; for (const price of this.prices) sum += Math.sqrt(price); return sum; }
}
export function tiny(n) { let s = 0; for (let i = 0; i < n; i++) s += i % 7; return s; }
export class Sub extends Basket {}`,
  'scope.ts': `const FACTOR: number = 2;
function hidden(n: number): number { return n * FACTOR; }
export function expect(actual: unknown, wanted: unknown): void { if (actual !== wanted) throw new Error(String(actual) + ' is not ' + String(wanted)); }
export class Shelf { #size: number; constructor(size: number) { this.#size = size; } static ofSize(size: number): Shelf { return new Shelf(hidden(size) / FACTOR); } count(wanted?: number): number { if (wanted !== undefined) expect(this.#size, wanted); return this.#size; } }`,
  'scope.cjs': `function inner() { return 5; }
module.exports = { expect(actual, wanted) { if (actual !== wanted) throw new Error(String(actual)); }, outer: () => inner() };`,
  'beside.mjs': 'export const seven = 7;',
  'made.mjs': 'export default async () => 11;',
  'broken.ts': 'export const x = ;',
  'burn.mjs': `export const burn = (us) => { const end = performance.now() + us / 1000; while (performance.now() < end); };`,
});
afterAll(() => folder.remove());

const disposals: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(disposals.splice(0).map((dispose) => dispose())).then(() => {}));

const loop = async (
  file: string,
  exported: Extract<Recipe, { kind: 'loop' }>['exported'],
  args: string,
  constructorArgs = '',
  node = process.execPath,
  durationMs = 600,
) => {
  const result = await record({
    recipe: { kind: 'loop', file: path.join(folder.path, file), exported, args, constructorArgs, warmupMs: 100, durationMs, cwd: folder.path },
    nodePath: node,
    files: targetFiles(path.join(root, 'dist')),
    openLauncher: async () => ok({ environment: { PATH: process.env.PATH }, launch }),
    capture: { interval: 500, stop: new AbortController().signal, cancel: new AbortController().signal },
  });
  if (result.ok) disposals.push(result.value.dispose);
  return result;
};
const method = (name: string, rest: { isStatic?: boolean; isGetter?: boolean } = {}) => ({
  name: 'Counter',
  method: { name, isStatic: false, isGetter: false, ...rest },
});

describe.each(nodes())('calling in a loop on Node.js $version', ({ path: node }) => {
  test.each<[string, string, Parameters<typeof loop>[1], string, string]>([
    ['an exported function', 'm.ts', { name: 'add' }, '3, 1 + 6', ''],
    ['an async function', 'm.ts', { name: 'later' }, '1', ''],
    ['a method', 'm.ts', method('next'), '5', '7'],
    ['a static method', 'm.ts', method('make', { isStatic: true }), '', ''],
    ['a getter', 'm.ts', method('value', { isGetter: true }), '', '7'],
    ['the default export', 'm.ts', { name: 'default' }, '"text"', ''],
    ['CommonJS', 'c.cjs', { name: 'twice' }, '4', ''],
  ])('%s', async (_, file, exported, args, constructorArgs) => {
    const result = await loop(file, exported, args, constructorArgs, node);
    if (!result.ok) throw new Error(describeCaptureIssue(result.error));
    const rate = result.value.info.loop;
    expect(rate?.calls).toBeGreaterThan(100);
    expect(rate?.rate.low).toBeLessThanOrEqual(rate?.rate.mean as number);
    expect(rate?.rate.high).toBeGreaterThanOrEqual(rate?.rate.mean as number);
    expect(result.value.info.headline.duration).toBeGreaterThan(400_000);
    // Half a second is asked for; a busy machine ends it late.
    expect(result.value.info.headline.duration).toBeLessThan(15_000_000);
  });
});

describe.each(nodes())('what V8 would inline has a frame of its own on Node.js $version', ({ path: node }) => {
  test.each([
    ['get total', { name: 'Basket', method: { name: 'total', isStatic: false, isGetter: true } }],
    ['get total', { name: 'Sub', method: { name: 'total', isStatic: false, isGetter: true } }],
    ['sum', { name: 'Basket', method: { name: 'sum', isStatic: false, isGetter: false } }],
    ['tiny', { name: 'tiny' }],
  ])('%s', async (frame, exported) => {
    const result = await loop('basket.mjs', exported, exported.name === 'tiny' ? '3000' : '', '20000', node);
    if (!result.ok) throw new Error(describeCaptureIssue(result.error));
    const { nodes: calls, samples } = JSON.parse(readFileSync((result.value.threads[0] as StagedThread).file, 'utf8')) as RawPart & { samples: number[] };
    const own = new Set(calls.filter(({ callFrame }) => callFrame.functionName === frame).map(({ id }) => id));
    // Inlined, it would have next to none; how many there are depends on what else the machine does.
    expect(samples.filter((id) => own.has(id)).length).toBeGreaterThan(samples.length / 10);
  });
});

describe.each(nodes())('what the expressions of a loop may name on Node.js $version', ({ path: node }) => {
  const withMore = (exported: string, args: string, more: Partial<Extract<Recipe, { kind: 'loop' }>> = {}, file = 'scope.ts') =>
    record({
      recipe: {
        kind: 'loop',
        file: path.join(folder.path, file),
        exported: { name: exported },
        args,
        constructorArgs: '',
        warmupMs: 20,
        durationMs: 100,
        cwd: folder.path,
        ...more,
      },
      nodePath: node,
      files: targetFiles(path.join(root, 'dist')),
      openLauncher: async () => ok({ environment: { PATH: process.env.PATH }, launch }),
      capture: { interval: 500, stop: new AbortController().signal, cancel: new AbortController().signal },
    }).then((result) => {
      if (result.ok) disposals.push(result.value.dispose);
      return result.ok ? 'called' : describeCaptureIssue(result.error);
    });
  const method = { exported: { name: 'Shelf', method: { name: 'count', isStatic: false, isGetter: false } } };
  test.each<[string, string, string, Partial<Extract<Recipe, { kind: 'loop' }>>]>([
    ['exports', 'expect', 'Shelf.ofSize(3).count(), 3', {}],
    ['what is not exported', 'expect', 'hidden(2), 4', {}],
    ['constants at the top', 'expect', 'FACTOR, 2', {}],
    ['a function that is not exported is called', 'hidden', '3', {}],
    ['import() of a file beside the module', 'expect', "(await import('./beside.mjs')).seven, 7", {}],
    ['import() of a package', 'expect', "(await import('node:path')).sep.length, 1", {}],
    ['require', 'expect', "require('node:path').sep.length, 1", {}],
    ['an instance as an expression', 'Shelf', '3', { ...method, instance: 'Shelf.ofSize(3)' }],
    ['an instance that is awaited', 'Shelf', '7', { ...method, instance: "Shelf.ofSize((await import('./beside.mjs')).seven)" }],
    ['a setup expression', 'expect', 'setup.size, 9', { setup: '({ size: 9 })' }],
    ['setup statements', 'expect', 'setup, 6', { setup: 'const a = hidden(2); return a + FACTOR;' }],
    ['a setup file', 'expect', 'seven, 7', { setup: 'beside.mjs' }],
    ['a setup file that gives a function', 'expect', 'setup, 11', { setup: './made.mjs' }],
  ])('%s', async (_, exported, args, more) => expect(await withMore(exported, args, more)).toBe('called'));

  test('CommonJS too', async () => expect(await withMore('expect', 'inner(), 5', {}, 'scope.cjs')).toBe('called'));
  test('a setup that fails is told as that, and a name that is nowhere', async () => {
    expect(await withMore('expect', '1, 1', { setup: 'missing()' })).toBe('The setup failed: ReferenceError: missing is not defined.');
    expect(await withMore('missing', '1, 1')).toMatch(/has no export missing\. It exports /);
  });
});

test('time per call is what a call takes', async () => {
  const result = await loop('burn.mjs', { name: 'burn' }, '2000', '', process.execPath, 1000);
  if (!result.ok) throw new Error(describeCaptureIssue(result.error));
  const { perCall, rate } = result.value.info.loop as NonNullable<typeof result.value.info.loop>;
  // A call takes 2 ms and the time it is kept from running by others.
  expect(perCall.mean).toBeGreaterThanOrEqual(2e6);
  expect(perCall.mean).toBeLessThan(20e6);
  expect(rate.mean).toBeCloseTo(1e9 / perCall.mean, 6);
});

test.each<[string, string, Parameters<typeof loop>[1], string, RegExp]>([
  ['not exported', 'm.ts', { name: 'missing' }, '', /no export missing\. It exports .*add.*later/],
  ['no function', 'm.ts', { name: 'notCallable' }, '', /notCallable is no function/],
  ['it throws', 'm.ts', { name: 'bad' }, '', /The function threw: TypeError: no good/],
  ['the module does not load', 'broken.ts', { name: 'x' }, '', /could not be imported/],
  ['the arguments throw', 'm.ts', { name: 'add' }, 'nothingLikeThat', /The arguments failed: ReferenceError/],
])('%s: told with the next step', async (_, file, exported, args, message) => {
  const result = await loop(file, exported, args);
  expect(result.ok ? 'it worked' : describeCaptureIssue(result.error)).toMatch(message);
});

describe('statistics', () => {
  test('mean and 95 % interval of a known sample', () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sample deviation √(32/7); t(7) = 2.3646
    const { mean, low, high } = meanInterval([2, 4, 4, 4, 5, 5, 7, 9]);
    const half = 2.3646 * Math.sqrt(32 / 7 / 8);
    expect(mean).toBe(5);
    expect(low).toBeCloseTo(5 - half, 10);
    expect(high).toBeCloseTo(5 + half, 10);
  });
  test.each([
    [1, 12.7062],
    [10, 2.2281],
    [40, 2.0211],
    [120, 1.9799],
    [100_000, 1.96],
  ])("Student's t with %i degrees of freedom", (degrees, expected) => expect(studentT95(degrees)).toBeCloseTo(expected, 3));
  test('small first batches do not weigh as much as full ones', () => {
    const { perCall, calls } = loopRate([
      { calls: 1, ns: 1000 },
      { calls: 100, ns: 10_000 },
      { calls: 100, ns: 10_000 },
    ]);
    expect(calls).toBe(201);
    expect(perCall.mean).toBe(100);
  });
});
