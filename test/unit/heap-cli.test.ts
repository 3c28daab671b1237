import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import diffSchema from '../../schema/heap-diff.schema.json';
import retainersSchema from '../../schema/heap-retainers.schema.json';
import summarySchema from '../../schema/heap-summary.schema.json';
import type { HeapComparison } from '../../src/service/heap/heap-compare';
import type { HeapRetainers } from '../../src/service/heap/heap-retainers';
import type { HeapSummary } from '../../src/service/heap/heap-summary';
import { realSnapshot, snapshotText } from '../support/heap';
import { plateau, temporaryFolder } from '../support/run';

const validator = new Ajv({ strict: false });
const small = snapshotText([
  { type: 'synthetic', name: '', id: 1, size: 0, edges: [{ type: 'shortcut', name: 'global', to: 1 }] },
  { type: 'object', name: 'Global', id: 3, size: 10, edges: [{ type: 'property', name: 'it', to: 2 }] },
  { type: 'object', name: 'Foo', id: 5, size: 32 },
]);
const folder = temporaryFolder({
  'small.heapsnapshot': small,
  'cut.heapsnapshot': small.slice(0, small.indexOf('"strings"')),
  'app.cpuprofile': '{"nodes":[{"id":1}],"samples":[]}',
});
afterAll(() => folder.remove());
const run = (...args: string[]) => plateau(['heap', ...args], { cwd: folder.path });

test('diff says what grew in place: a Map and an array of numbers', async () => {
  const real = realSnapshot(`globalThis.seen = new Map(); globalThis.rates = [];
    const fill = (from, to) => { for (let i = from; i < to; i++) { seen.set(i, i); rates.push(i + 0.5); } };
    fill(0, 100);
    require('v8').writeHeapSnapshot(process.env.BEFORE);
    fill(100, 30_000);`);
  try {
    const { stdout } = await run('diff', `${real.file}.before`, real.file);
    expect(stdout).toMatch(/\n[\d.]+ MB more are in objects that were there before: Map @\d+ \+\d+ kB, Array @\d+ \+\d+ kB/);
    const json = await run('diff', `${real.file}.before`, real.file, '--json');
    const comparison = JSON.parse(json.stdout) as HeapComparison;
    expect(validator.validate(diffSchema, comparison), JSON.stringify(validator.errors)).toBe(true);
    const summaries = await Promise.all(
      [`${real.file}.before`, real.file].map(async (file) => JSON.parse((await run('summary', file, '--json')).stdout) as HeapSummary),
    );
    const [before, after] = summaries.map(({ classes }) => classes.reduce((sum, { shallowSize }) => sum + shallowSize, 0)) as [number, number];
    // New objects, and old ones that grew: together they are the whole difference.
    expect(comparison.rows.reduce((sum, { sizeDelta }) => sum + sizeDelta, 0) + comparison.grown.sizeDelta).toBe(after - before);
    expect((await run('diff', real.file, real.file)).stdout).not.toContain('were there before');
  } finally {
    rmSync(path.dirname(real.file), { recursive: true, force: true });
  }
});

describe('two snapshots of one process', () => {
  // The second snapshot stands beside the first: the program takes that one itself.
  let real: ReturnType<typeof realSnapshot>;
  let before: string;
  beforeAll(() => {
    real = realSnapshot(`class Leaked { constructor(i) { this.data = [i, i]; } }
      globalThis.kept = new Map();
      for (let i = 0; i < 10; i++) kept.set(i, new Leaked(i));
      require('v8').writeHeapSnapshot(process.env.BEFORE);
      for (let i = 10; i < 60; i++) kept.set(i, new Leaked(i));`);
    before = `${real.file}.before`;
  });
  afterAll(() => rmSync(path.dirname(real.file), { recursive: true, force: true }));

  test('summary counts what the program made', async () => {
    const { code, stdout, stderr } = await run('summary', real.file, '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const summary = JSON.parse(stdout) as HeapSummary;
    expect(validator.validate(summarySchema, summary), JSON.stringify(validator.errors)).toBe(true);
    expect(summary.classes.find(({ name }) => name === 'Leaked')?.count).toBe(60);
    const { statistics, totalSize, classes } = summary;
    expect(Object.values(statistics).reduce((sum, size) => sum + size, 0)).toBe(totalSize);
    expect(classes.reduce((sum, { shallowSize }) => sum + shallowSize, 0)).toBeLessThanOrEqual(totalSize);
    const top = JSON.parse((await run('summary', real.file, '--json', '--top', '2')).stdout) as HeapSummary;
    expect(top.classes).toEqual(classes.slice(0, 2));
    expect((await run('summary', real.file)).stdout).toMatch(/retained.*shallow.*count.*class/);
  });

  test('diff shows what came, retainers why the newest of it is alive', async () => {
    const { code, stdout } = await run('diff', before, real.file, '--json');
    expect(code).toBe(0);
    const comparison = JSON.parse(stdout) as HeapComparison;
    expect(validator.validate(diffSchema, comparison), JSON.stringify(validator.errors)).toBe(true);
    expect(comparison.isSameProcess).toBe(true);
    const leaked = comparison.rows.find(({ name }) => name === 'Leaked');
    expect(leaked).toMatchObject({ added: 50, removed: 0, delta: 50 });
    const explained = await run('retainers', real.file, '--id', `@${leaked?.addedIds[0]}`, '--json');
    const retainers = JSON.parse(explained.stdout) as HeapRetainers;
    expect(validator.validate(retainersSchema, retainers), JSON.stringify(validator.errors)).toBe(true);
    expect(retainers.object.name).toBe('Leaked');
    expect(retainers.paths[0]?.map(({ edge }) => edge)).toContain('.kept');
    expect((await run('retainers', real.file, '--id', String(leaked?.addedIds[0]))).stdout).toContain('.kept of global');
    expect((await run('diff', before, real.file)).stdout).toMatch(/\+50 .*Leaked/);
  });

  test('snapshots of different processes are told, and compared by class', async () => {
    const { code, stdout, stderr } = await run('diff', path.join(folder.path, 'small.heapsnapshot'), real.file, '--json');
    expect(code).toBe(0);
    expect(stderr).toContain('different processes');
    const comparison = JSON.parse(stdout) as HeapComparison;
    expect(comparison.isSameProcess).toBe(false);
    expect(comparison.rows.find(({ name }) => name === 'Foo')).toMatchObject({ added: 0, removed: 1, removedSize: 32 });
    expect(comparison.rows.find(({ name }) => name === 'Leaked')?.added).toBe(60);
  });
});

test('names of types with control characters, and of objects, do not reach the terminal as they are', async () => {
  const text = readFileSync(path.join(folder.path, 'small.heapsnapshot'), 'utf8').replace('"object"', '"obj\\u0000\\u001b[31mect"');
  writeFileSync(path.join(folder.path, 'types.heapsnapshot'), text);
  let shown = 0;
  for (let id = 1; id < 12; id++) {
    const { code, stdout, stderr } = await run('retainers', 'types.heapsnapshot', '--id', String(id));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    if (code === 0 && stdout.includes('ect · ')) shown++;
  }
  expect(shown).toBeGreaterThan(0);
});

test('a snapshot that ends early is shown with a warning', async () => {
  const { code, stderr, stdout } = await run('summary', 'cut.heapsnapshot', '--json');
  expect(code).toBe(0);
  expect(stderr).toContain('warning: The snapshot ends early');
  expect((JSON.parse(stdout) as HeapSummary).nodeCount).toBe(3);
});

test.each([
  [['summary', 'gone.heapsnapshot'], /does not exist/],
  [['summary', 'app.cpuprofile'], /it is a CPU profile/],
  [['diff', 'small.heapsnapshot', 'app.cpuprofile'], /app\.cpuprofile: This is not a heap snapshot/],
  [['retainers', 'small.heapsnapshot', '--id', '77'], /no object @77/],
])('%j is an input that does not fit', async (args, message) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(4);
  expect(stderr).toMatch(message);
});

test.each([[[]], [['fly']], [['summary']], [['summary', 'a', 'b']], [['diff', 'a']], [['retainers', 'a']], [['retainers', 'a', '--id', 'x']]])(
  '%j is wrong usage',
  async (args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('See plateau help heap.');
  },
);
