import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyzeHeap } from '../../src/core/heap/analysis/analyze-heap';
import type { HeapGraph } from '../../src/core/heap/graph/heap-graph';
import type { Leak } from '../../src/core/heap/leaks/leak';
import { findLeaks, type LeakOptions } from '../../src/core/heap/leaks/leaks';
import { parseHeapSnapshot } from '../../src/core/heap/read/parse-snapshot';
import { readLengths } from '../../src/service/hunt/hunt-lengths';
import type { HuntResult } from '../../src/shared/hunt';
import { type SmallNode, snapshotText } from '../support/heap';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
const folder = (files: Record<string, string> = {}): Folder => {
  const made = temporaryFolder(files);
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) one.remove();
});

/** A global object with an array, a Map and a text; the bytes of their stores, the text and whether it is new. */
interface Heap {
  readonly array: number;
  readonly table: number;
  readonly text: string;
  readonly textId: number;
  /** Objects in the array, by their ids. */
  readonly items?: readonly number[];
}

function heap({ array, table, text, textId, items = [] }: Heap): HeapGraph {
  const nodes: SmallNode[] = [
    { type: 'synthetic', name: '', id: 1, size: 0, edges: [{ type: 'shortcut', name: 'global', to: 1 }] },
    {
      type: 'object',
      name: 'global',
      id: 3,
      size: 24,
      edges: [
        { type: 'property', name: 'durations', to: 2 },
        { type: 'property', name: 'seen', to: 4 },
        { type: 'property', name: 'report', to: 6 },
      ],
    },
    {
      type: 'object',
      name: 'Array',
      id: 5,
      size: 32,
      edges: [{ type: 'internal', name: 'elements', to: 3 }, ...items.map((_, i) => ({ type: 'element', name: i, to: 7 + i }))],
    },
    { type: 'array', name: '(object elements)', id: 7, size: array },
    { type: 'object', name: 'Map', id: 9, size: 32, edges: [{ type: 'internal', name: 'table', to: 5 }] },
    { type: 'array', name: '', id: 11, size: table },
    { type: 'string', name: text, id: textId, size: 16 + text.length },
    ...items.map((id): SmallNode => ({ type: 'object', name: 'Item', id, size: 40 })),
    { type: 'hidden', name: 'the last', id: Math.max(13, textId, ...items), size: 8 },
  ];
  const parsed = parseHeapSnapshot(new TextEncoder().encode(snapshotText(nodes)));
  if (!parsed.ok) throw new Error(parsed.error.kind);
  return parsed.value.graph;
}

/** Three snapshots of what grows, of what has stayed as it is otherwise. */
function leaks(change: (round: number) => Partial<Heap>, options: Partial<LeakOptions> = {}): readonly Leak[] {
  const [first, second, third] = [0, 1, 2].map((round) => heap({ array: 160, table: 160, text: 'nothing', textId: 13, ...change(round) })) as [
    HeapGraph,
    HeapGraph,
    HeapGraph,
  ];
  const found = findLeaks(first, second, analyzeHeap(third), { times: 10, ...options });
  if (!found.ok) throw new Error(found.error.kind);
  return found.value.leaks;
}

const brief = (found: readonly Leak[]): string[] => found.map(({ verdict, measure, className, counts }) => `${verdict} ${className} ${measure} ${counts}`);

describe('what a snapshot alone tells of numbers', () => {
  test.each([
    ['an array that was moved twice', { array: [360, 672, 1136] }, ['growth Array bytes 392,704,1168']],
    ['a Map that was doubled twice', { table: [936, 1832, 3624] }, ['growth Map bytes 968,1864,3656']],
    ['once, in the first round', { array: [360, 672, 672] }, []],
    ['once, in the second round', { table: [936, 936, 1832] }, []],
    ['up and down', { array: [672, 360, 672] }, []],
    ['a little each time, as a queue of steady length may', { array: [1600, 1800, 2000] }, []],
    ['less and less', { array: [360, 2000, 2200] }, []],
    ['small ones', { array: [40, 80, 120] }, []],
  ])('%s', (_, sizes: { array?: number[]; table?: number[] }, expected) => {
    expect(brief(leaks((round) => Object.fromEntries(Object.entries(sizes).map(([name, of]) => [name, of[round]]))))).toEqual(expected);
  });

  test('the path leads to the collection, and what it added is told in bytes', () => {
    const [leak] = leaks((round) => ({ array: [360, 672, 1136][round] as number }));
    expect(leak?.path.map(({ edge }) => edge)).toEqual(['', 'global', 'durations']);
    expect(leak).toMatchObject({ objectId: 5, holderId: 5, retainedSize: 776, bytesPerExercise: 38.8, isMultiple: false });
  });
});

describe('what the program tells of them', () => {
  const lengths = (of: [number, number, number], id = 5) => ({ lengths: new Map([[id, of]]) });

  test.each([
    ['as many each time', [20, 30, 40], ['leak Array elements 20,30,40']],
    ['three each time', [20, 50, 80], ['leak Array elements 20,50,80']],
    ['unevenly, but one each time at least', [20, 31, 43], ['leak Array elements 20,31,43']],
    ['less than one each time', [20, 24, 28], ['growth Array elements 20,24,28']],
    ['levelled off', [20, 60, 70], []],
  ] as const)('%s, whatever room V8 has taken', (_, of, expected) => {
    expect(brief(leaks(() => ({}), lengths([...of])))).toEqual(expected);
  });

  test('who was asked and did not grow is no leak, though V8 took more room', () => {
    expect(brief(leaks((round) => ({ array: [360, 672, 1136][round] as number, table: [936, 1832, 3624][round] as number }), { lengths: new Map() }))).toEqual(
      [],
    );
  });

  test('of the room that it has now, what was added has its share', () => {
    const [leak] = leaks(() => ({ array: 368 }), lengths([20, 30, 40]));
    expect(leak).toMatchObject({ retainedSize: 200, bytesPerExercise: 10, isMultiple: true });
  });

  test('objects are told as objects, and once', () => {
    const ids = [
      Array.from({ length: 10 }, (_, i) => 15 + 2 * i),
      Array.from({ length: 20 }, (_, i) => 15 + 2 * i),
      Array.from({ length: 30 }, (_, i) => 15 + 2 * i),
    ];
    const found = leaks((round) => ({ items: ids[round] as number[], array: [360, 672, 1136][round] as number }), lengths([10, 20, 30]));
    expect(brief(found)).toEqual(['leak Item objects 10,20,30']);
  });
});

describe('text that becomes longer', () => {
  const grown = (texts: readonly string[]) => leaks((round) => ({ text: texts[round] as string, textId: 13 + 2 * round }));
  const line = 'GET /orders 200\n';

  test.each([
    ['by as much each time', [10, 20, 30].map((n) => line.repeat(n)), ['leak string bytes 176,336,496']],
    ['another text each time', [10, 20, 30].map((n) => `${n}${line.repeat(n)}`), []],
    ['shorter, then longer', [20, 10, 30].map((n) => line.repeat(n)), []],
    ['hardly in the second round', [10, 40, 42].map((n) => line.repeat(n)), []],
    ['a few letters', ['ab', 'abc', 'abcd'], []],
  ])('%s', (_, texts, expected) => {
    expect(brief(grown(texts))).toEqual(expected);
  });

  test('the path ends with the text, by the property that has it', () => {
    const [leak] = grown([10, 20, 30].map((n) => line.repeat(n)));
    expect(leak?.path.map(({ edge, type }) => `${edge} ${type}`)).toEqual([' synthetic', 'global object', 'report string']);
    expect(leak).toMatchObject({ holderId: 3, objectId: 17, retainedSize: 320, isMultiple: true, perExercise: 16 });
  });
});

test('what stands beside a snapshot may be anything', () => {
  const { path: cwd } = folder();
  const snapshot = path.join(cwd, '3.heapsnapshot');
  const file = path.join(cwd, '3.lengths.json');
  expect(readLengths(snapshot)).toBeUndefined();
  for (const text of ['', '{"a":1}', '[[1,2', 'null']) {
    writeFileSync(file, text);
    expect(readLengths(snapshot), text).toBeUndefined();
  }
  writeFileSync(file, '[[5,1,2,3],[5],"a",[1,2,3,"4"],[7,1.5,2,3]]');
  expect(readLengths(snapshot)).toEqual(new Map([[5, [1, 2, 3]]]));
});

/** A hunt of 31 exercises a round, as many as there are without being told. */
async function hunt(text: string): Promise<{ code: number | null; result: HuntResult; cwd: string }> {
  const { path: cwd } = folder({ 'a.mjs': text });
  const { code, stdout, stderr } = await plateau(['heap', 'hunt', '--json', '--call', 'a.mjs#exercise'], { cwd });
  expect(stdout, stderr).not.toBe('');
  return { code, result: JSON.parse(stdout) as HuntResult, cwd };
}

test('snapshots without lengths beside them say that a Map grew, but not that it leaks', async () => {
  const { code, result, cwd } = await hunt('const seen = new Map(); let n = 0; export function exercise() { seen.set(n++, n); }');
  expect(code).toBe(1);
  expect(result.leaks.map(({ counts, measure }) => [measure, ...counts])).toEqual([['elements', 31, 62, 93]]);
  const files = result.snapshots.map(({ file }) => path.resolve(root, file));
  rmSync((files[2] as string).replace('.heapsnapshot', '.lengths.json'));
  const again = await plateau(['heap', 'leaks', ...files, '--times', '31'], { cwd });
  expect(again.code).toBe(3);
  expect(again.stdout).toMatch(/growth: Map \(its entries\), .*kB each time on average|growth: Map \(its entries\), \d+ B each time on average/);
  expect(again.stdout).toContain('kept at       a.mjs:1:7');
});

test('buffers that are put together anew, and longer', async () => {
  const { result } = await hunt('let all = Buffer.alloc(0);\nexport function exercise() { all = Buffer.concat([all, Buffer.alloc(8192)]); }');
  expect(result.leaks.map(({ className, counts }) => [className, ...counts])).toEqual([['Buffer (its length)', 31 * 8192, 62 * 8192, 93 * 8192]]);
  expect(result.leaks[0]?.retainedAt?.line).toBe(1);
});

test('what the program put in place of length and size is not asked', async () => {
  const { result } = await hunt(
    [
      'const kept = [];',
      'Object.defineProperty(Map.prototype, "size", { get() { throw new Error("no"); } });',
      'class Odd extends Array { get [Symbol.iterator]() { throw new Error("no"); } }',
      'export const odd = new Odd();',
      'export function exercise() { kept.push(1); odd.push(1); }',
    ].join('\n'),
  );
  expect(result.leaks.map(({ summary }) => summary.split(' ')[0]).sort()).toEqual(['`kept`', '`odd`']);
});

test.each([
  ['what all have in common', '{ id: "a", ["user" + (n % 7)]: true }', '{id, …}'],
  ['all that they have', '{ id: "a", name: "b" }', '{id, name}'],
  ['an object, where that is nothing', '{ ["user" + (n % 7)]: true }', 'Object'],
])('plain objects that pile up are called by %s', async (_, made, className) => {
  const { result } = await hunt(`const kept = [];\nlet n = 0;\nexport function exercise() { kept.push(${made}); n++; }`);
  expect(result.leaks.map((leak) => leak.className)).toEqual([className]);
});
