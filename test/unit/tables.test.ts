import { describe, expect, test } from 'vitest';
import { StackBuilder } from '../../src/core/profile/build/stack-builder';
import { Category, packageOf } from '../../src/core/profile/categories';
import { checkTables } from '../../src/core/profile/check-tables';
import { functionCosts, gcByFunction, profileTotals } from '../../src/core/profile/costs/function-costs';
import { lineCosts } from '../../src/core/profile/costs/line-costs';
import type { ProfileTables } from '../../src/core/profile/tables';
import { neighbours } from '../../src/core/profile/views/neighbours';
import { functionIndex } from '../../src/shared/brands';
import { profileFromText, rawFromText, readOk, treeText } from '../support/raw-profile';

const funcNamed = ({ strings, functions }: ProfileTables, name: string) => functionIndex([...functions.name].findIndex((index) => strings.at(index) === name));
const costOf = (tables: ProfileTables, name: string) => {
  const costs = functionCosts(tables);
  const func = funcNamed(tables, name);
  return { self: (costs.self[func] as number) / 1000, total: (costs.total[func] as number) / 1000 };
};

test('stacks become a tree, siblings by falling total', () => {
  const built = profileFromText(`
    main > parse > next x2
    main > parse
    main > print x4
    (garbage collector)
  `);
  expect(treeText(built)).toBe(
    [
      '- (root) (total: 8, self: 0)',
      '  - main (total: 7, self: 0)',
      '    - print (total: 4, self: 4)',
      '    - parse (total: 3, self: 1)',
      '      - next (total: 2, self: 2)',
      '  - (garbage collector) (total: 1, self: 1)',
    ].join('\n'),
  );
  expect(checkTables(built.tables)).toEqual([]);
});

test('a function that recurses counts once per stack', () => {
  const { tables } = profileFromText(`
    main > walk > walk > walk x3
    main > walk > visit > walk x2
    main > walk
  `);
  expect(costOf(tables, 'walk')).toEqual({ self: 6, total: 6 });
  expect(costOf(tables, 'visit')).toEqual({ self: 0, total: 2 });
});

test('a sample costs the time to the next one, the last one the time to the end', () => {
  const raw = rawFromText('a\nb\na');
  raw.timeDeltas = [100, 400, 50];
  raw.startTime = 1000;
  raw.endTime = 1000 + 550 + 7;
  const { tables } = readOk(raw);
  expect(costOf(tables, 'a')).toEqual({ self: (400 + 7) / 1000, total: (400 + 7) / 1000 });
  expect(costOf(tables, 'b')).toEqual({ self: 0.05, total: 0.05 });
});

test('samples out of time order are sorted before they are costed', () => {
  const raw = rawFromText('a\nb\nc');
  raw.timeDeltas = [10, 30, -20]; // a at 10, b at 40, c at 20
  raw.endTime = 45;
  const { tables, warnings } = readOk(raw);
  expect(warnings).toEqual([{ kind: 'unsorted-samples', count: 1 }]);
  expect([costOf(tables, 'a').self, costOf(tables, 'c').self, costOf(tables, 'b').self]).toEqual([0.01, 0.02, 0.005]);
});

test('callers and callees split the total without counting anything twice', () => {
  const { tables } = profileFromText(`
    a > f > g > f > h x3
    b > f x2
    a > f > f > k
  `);
  const near = neighbours(tables, funcNamed(tables, 'f'));
  const named = (list: typeof near.callers) =>
    Object.fromEntries(list.map((one) => [tables.strings.at(tables.functions.name[one.func] as number), one.total / 1000]));
  expect(named(near.callers)).toEqual({ a: 4, b: 2 });
  expect(named(near.callees)).toEqual({ h: 3, k: 1 });
  expect(near.self).toBe(2000);
  expect(near.total).toBe(6000);
});

test('totals tell active, idle and GC time apart', () => {
  const { tables } = profileFromText('main x5\n(idle) x3\n(garbage collector) x2\n(program)');
  const totals = profileTotals(tables, functionCosts(tables));
  expect(totals).toMatchObject({ active: 8000, idle: 3000, gc: 2000, program: 1000, samples: 11, activeSamples: 8 });
});

test('GC belongs to the function that ran before it', () => {
  const { tables } = profileFromText('main > alloc x2\n(garbage collector) x3\nmain > other\n(garbage collector)');
  const gc = gcByFunction(tables);
  expect(gc[funcNamed(tables, 'alloc')]).toBe(3000);
  expect(gc[funcNamed(tables, 'other')]).toBe(1000);
});

test('self time is shared out over position ticks', () => {
  const raw = rawFromText('main > f x4');
  (raw.nodes[2] as { positionTicks?: unknown }).positionTicks = [
    { line: 12, ticks: 3 },
    { line: 14, ticks: 1 },
  ];
  const { tables } = readOk(raw);
  expect(lineCosts(tables).map(({ line, self, ticks }) => [line, self, ticks])).toEqual([
    [12, 3000, 3],
    [14, 1000, 1],
  ]);
});

test('ticks that are parts of a cost, and no samples, are not told as samples', () => {
  const builder = new StackBuilder('bytes');
  const node = builder.child(builder.root, builder.func('alloc', '/a.go', 9, 0));
  builder.add(node, 4000, 2);
  builder.addLine(node, 12, 3900, 1);
  builder.addLine(node, 14, 100, 1);
  const costs = lineCosts(builder.build().tables);
  expect(costs.map(({ line, self, ticks }) => [line, Math.round(self), ticks])).toEqual([
    [12, 3900, Number.NaN],
    [14, 100, Number.NaN],
  ]);
});

describe('packages by url', () => {
  test.each([
    ['file:///app/node_modules/lodash/index.js', 'lodash'],
    ['file:///app/node_modules/@babel/parser/lib/index.js', '@babel/parser'],
    ['/app/node_modules/.pnpm/ajv@8.1.0/node_modules/ajv/dist/ajv.js', 'ajv'],
    ['/app/.yarn/cache/semver-npm-7.0.0-ab.zip/node_modules/semver/index.js', 'semver'],
    ['C:\\app\\node_modules\\@scope\\name\\x.js', '@scope/name'],
    ['/app/node_modules/a/node_modules/b/c.js', 'b'],
    ['file:///app/src/node_modules.js', undefined],
  ])('%s', (url, expected) => expect(packageOf(url)).toBe(expected));
});

test('categories follow names and urls', () => {
  const raw = rawFromText('own\n(idle)\n(garbage collector)\n(program)');
  const frame = (functionName: string, url: string) => ({
    id: raw.nodes.length + 1,
    callFrame: { functionName, scriptId: '9', url, lineNumber: 0, columnNumber: 0 },
    hitCount: 0,
    children: [],
  });
  for (const [name, url] of [
    ['read', 'node:fs'],
    ['sort', ''],
    ['RegExp: a+', ''],
    ['merge', 'file:///x/node_modules/lodash/m.js'],
    ['w', 'wasm://wasm/1'],
  ]) {
    const node = frame(name as string, url as string);
    raw.nodes.push(node);
    raw.nodes[0]?.children?.push(node.id);
    raw.samples.push(node.id);
    raw.timeDeltas.push(1000);
  }
  const { tables } = readOk(raw);
  const category = (name: string) => tables.functions.category[funcNamed(tables, name)];
  expect(['own', '(idle)', '(garbage collector)', '(program)', 'read', 'sort', 'RegExp: a+', 'merge', 'w', '(root)'].map(category)).toEqual([
    Category.User,
    Category.Idle,
    Category.Gc,
    Category.Program,
    Category.Node,
    Category.Native,
    Category.RegExp,
    Category.Dependency,
    Category.Native,
    Category.Root,
  ]);
});

test('over random trees, self sums to the root, callers and callees to the function', () => {
  let state = 12345;
  const random = (n: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state % n;
  };
  for (let round = 0; round < 200; round++) {
    const text = Array.from(
      { length: 1 + random(30) },
      () => `${Array.from({ length: 1 + random(8) }, () => 'abcdef'[random(6)]).join(' > ')} x${1 + random(5)}`,
    ).join('\n');
    const { tables } = profileFromText(text);
    expect(checkTables(tables)).toEqual([]);
    const costs = functionCosts(tables);
    for (let func = 0; func < tables.functions.length; func++) {
      const near = neighbours(tables, functionIndex(func));
      const sum = (list: typeof near.callers) => list.reduce((total, one) => total + one.total, 0);
      expect(sum(near.callees) + near.self).toBeCloseTo(costs.total[func] as number, 6);
      if (func > 0) expect(sum(near.callers)).toBeCloseTo(costs.total[func] as number, 6);
    }
  }
});
