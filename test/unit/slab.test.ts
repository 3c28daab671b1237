import { describe, expect, test } from 'vitest';
import { checkTables } from '../../src/core/profile/check-tables';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import { formOf, type Numbers, planeBytes, readNumbers, writeNumbers } from '../../src/core/profile/slab-numbers';
import type { ProfileTables } from '../../src/core/profile/tables';
import { hasTwins, withoutTwins } from '../../src/core/profile/views/rebuild-tree';
import { generator } from '../support/mutate';
import { readOk } from '../support/raw-profile';

/** Every column and every value, by name; costs of a thousand times the size would not show up in a text. */
function differences(a: object, b: object, path = ''): string[] {
  return Object.entries(a).flatMap(([key, value]): string[] => {
    const other = (b as Record<string, unknown>)[key];
    if (ArrayBuffer.isView(value)) {
      const one = value as Uint32Array;
      const two = other as Uint32Array;
      if (one.constructor !== two.constructor || one.length !== two.length) return [`${path}${key}: another kind or length`];
      const at = one.findIndex((number, i) => !Object.is(number, two[i]));
      return at < 0 ? [] : [`${path}${key}[${at}]: ${one[at]} is ${two[at]}`];
    }
    if (typeof value === 'object') return differences(value as object, other as object, `${path}${key}.`);
    return Object.is(value, other) ? [] : [`${path}${key}: ${String(value)} is ${String(other)}`];
  });
}

const through = (tables: ProfileTables): ProfileTables => {
  const decoded = decodeSlab(encodeSlab(tables));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  return decoded.value;
};

/** A profile of so many nodes; times are whole microseconds, or not. */
function randomProfile(seed: number, isWhole: boolean): object {
  const random = generator(seed);
  const count = 1 + random(400);
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    parent: i === 0 ? undefined : 1 + random(i),
    callFrame: {
      functionName: i === 0 ? '(root)' : `f${random(30)}`,
      scriptId: '1',
      url: random(3) === 0 ? '' : `file:///${random(9)}.js`,
      lineNumber: random(70_000) - 1,
      columnNumber: random(300) - 1,
    },
    ...(random(4) === 0 ? { positionTicks: [{ line: 1 + random(1 << (1 + random(25))), ticks: 1 + random(300) }] } : {}),
    ...(random(9) === 0 ? { deoptReason: `reason ${random(3)}` } : {}),
  }));
  const samples = Array.from({ length: random(600) }, () => 1 + random(count));
  const step = (): number => (isWhole ? random(1 << (1 + random(20))) : random(5000) / 7);
  return { nodes, startTime: 1e9 + (isWhole ? 0 : 0.3), endTime: isWhole ? 1e12 : 1e12 + 0.1, samples, timeDeltas: samples.map(step) };
}

describe('a slab gives the tables again, to the last bit', () => {
  test.each([true, false])('400 random profiles, times whole: %s', (isWhole) => {
    const wrong: string[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const { tables } = readOk(randomProfile(seed, isWhole));
      const back = through(tables);
      wrong.push(...[...differences(tables, back), ...checkTables(back)].map((sentence) => `seed ${seed}: ${sentence}`));
    }
    expect(wrong).toEqual([]);
  });

  test('without samples, costs and hits are stored', () => {
    const { tables } = readOk(randomProfile(7, false));
    const nodes = { ...tables.nodes, hits: tables.nodes.hits.map((n) => n + 3) };
    const alone = { ...tables, nodes, samples: { length: 0, node: new Uint32Array(0), start: new Float64Array(0) } };
    expect(differences(alone, through(alone))).toEqual([]);
  });

  test('a stack of 70,000 frames, and 70,000 functions', () => {
    const count = 70_000;
    const nodes = Array.from({ length: count }, (_, i) => ({
      id: i + 1,
      callFrame: { functionName: `f${i}`, url: '', lineNumber: i - 1, columnNumber: -1 },
      ...(i + 1 < count ? { children: [i + 2] } : {}),
    }));
    const { tables } = readOk({ nodes, startTime: 0, endTime: 1000, samples: [count], timeDeltas: [0] });
    expect(tables.nodes.depth.at(-1)).toBeGreaterThanOrEqual(count - 1);
    expect(differences(tables, through(tables))).toEqual([]);
  });

  test('it holds no number twice: at most a third of the tables', () => {
    const { tables } = readOk(randomProfile(11, true));
    const { strings, functions, nodes, samples, lines } = tables;
    const columns = [strings.bytes, strings.offsets, ...[functions, nodes, samples, lines].flatMap((table) => Object.values(table))];
    const bytes = columns.reduce((sum: number, column) => sum + (typeof column === 'number' ? 0 : column.byteLength), 0);
    expect(encodeSlab(tables).byteLength).toBeLessThan(bytes / 3);
  });
});

describe('columns take the form that their values need', () => {
  const ints = (...values: number[]): Int32Array => Int32Array.from(values);
  const uints = (...values: number[]): Uint32Array => Uint32Array.from(values);
  const floats = (...values: number[]): Float64Array => Float64Array.from(values);
  const cases: readonly [Numbers, string, 'u32' | 'i32' | 'f64', number?][] = [
    [uints(0, 0), 'zeros', 'u32'],
    [uints(0, 255), 'u8', 'u32'],
    [uints(0, 256), 'u16', 'u32'],
    [uints(0xffff, 1), 'u16', 'u32'],
    [uints(0x10000, 0xffffff), 'u24', 'u32'],
    [uints(0x1000000), 'u32', 'u32'],
    [uints(0xffffffff), 'u32', 'u32'],
    [ints(-1, 254), 'u8', 'i32'],
    [ints(-1, 255), 'u16', 'i32'],
    [ints(0xfffffe, -1), 'u24', 'i32'],
    [ints(-2), 'u32', 'i32'],
    [ints(-2147483648, 2147483647), 'u32', 'i32'],
    [floats(0, 0), 'zeros', 'f64'],
    [floats(1, 70_000), 'u24', 'f64'],
    [floats(0.5), 'f64', 'f64'],
    [floats(-0), 'f64', 'f64'],
    [floats(-1), 'f64', 'f64'],
    [floats(2 ** 32), 'f64', 'f64'],
    [floats(Number.NaN), 'f64', 'f64'],
    [floats(Number.POSITIVE_INFINITY), 'f64', 'f64'],
    [floats(1e15, 1e15 + 255), 'steps-u8', 'f64', 1e15],
    [floats(1e15, 1e15 + 256), 'steps-u16', 'f64', 1e15],
    [floats(10, 70_000), 'steps-u32', 'f64', 0],
    [floats(10, 9), 'u8', 'f64', 0],
    [floats(0.1, 0.3), 'f64', 'f64', 0.1],
    [uints(0, 3, 3, 300), 'steps-u16', 'u32', 0],
  ];
  test.each(cases)('%j: %s', (values, form, as, first) => {
    expect(formOf(values, false, first)).toBe(form);
    const buffer = new ArrayBuffer(Math.ceil(planeBytes(formOf(values, false, first), values.length) / 8) * 8 + 8);
    writeNumbers(buffer, 8, formOf(values, false, first), values, first);
    expect(readNumbers(buffer, 8, formOf(values, false, first), values.length, as, first)).toEqual(values);
  });
});

test('twins become one node, and keep every cost, sample and line', () => {
  const frame = (functionName: string): object => ({ functionName, url: functionName === '(root)' ? '' : 'file:///a.js', lineNumber: 0, columnNumber: 0 });
  const node = (id: number, name: string, children: number[], ticks: number): object => ({
    id,
    callFrame: frame(name),
    children,
    positionTicks: [{ line: 1, ticks }],
  });
  const { tables } = readOk({
    nodes: [node(1, '(root)', [2, 3], 1), node(2, 'a', [4], 2), node(3, 'a', [5], 3), node(4, 'b', [], 4), node(5, 'b', [], 5)],
    startTime: 0,
    endTime: 100,
    samples: [2, 3, 4, 5, 1],
    timeDeltas: [0, 1, 2, 4, 8],
  });
  expect(hasTwins(tables)).toBe(true);
  const merged = withoutTwins(tables);
  expect(hasTwins(merged)).toBe(false);
  expect(checkTables(merged)).toEqual([]);
  // Root, a, b: a has 1 + 2, b has 4 + 8, the root what is left of 100.
  expect([...merged.nodes.self]).toEqual([85, 3, 12]);
  expect([...merged.nodes.total]).toEqual([100, 15, 12]);
  expect([...merged.nodes.hits]).toEqual([1, 2, 2]);
  expect([...merged.samples.node]).toEqual([1, 1, 2, 2, 0]);
  expect([...merged.lines.node].map((at, i) => [at, merged.lines.ticks[i]])).toEqual([
    [0, 1],
    [1, 2],
    [1, 3],
    [2, 4],
    [2, 5],
  ]);
  expect(withoutTwins(merged)).toBe(merged);
});
