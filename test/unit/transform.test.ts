import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Category } from '../../src/core/profile/categories';
import { checkTables } from '../../src/core/profile/check-tables';
import { functionCosts } from '../../src/core/profile/costs/function-costs';
import type { ProfileTables } from '../../src/core/profile/tables';
import { flameModel } from '../../src/core/profile/views/flame-model';
import { callersOf, invertTree } from '../../src/core/profile/views/invert';
import { compareRows, treeRows } from '../../src/core/profile/views/table-rows';
import {
  isOwnCategory,
  nodeAtPath,
  pathOfNode,
  type Transform,
  type Transformed,
  transformProfile,
  withoutTransform,
} from '../../src/core/profile/views/transform';
import { profileFromText, type RawNode, rawFromText, readOk, treeText } from '../support/raw-profile';
import { type Folder, temporaryFolder } from '../support/run';

const funcOf = (tables: ProfileTables, name: string): number => {
  const found = [...tables.functions.name].findIndex((index) => tables.strings.at(index) === name);
  if (found < 0) throw new Error(`no function ${name}`);
  return found;
};
const tree = (text: string) => profileFromText(text).tables;
const apply = (tables: ProfileTables, ...transforms: Transform[]): Transformed => transformProfile(tables, undefined, transforms, isOwnCategory);
const shown = ({ tables }: { tables: ProfileTables }): string => `\n${treeText({ tables, warnings: [] })}\n`;
const lib = (name: string) => `${name}@file:///app/node_modules/@org/lib/index.js`;

describe('transforms', () => {
  const base = tree(`
    main > load > parse > next x3
    main > load > parse x1
    main > render > parse > next x2
    idle > next x4`);

  test('focus on a function: its stacks alone, under one root', () => {
    const result = apply(base, { kind: 'focus-function', func: funcOf(base, 'parse') });
    expect(shown(result)).toBe(`
- (root) (total: 6, self: 0)
  - parse (total: 6, self: 1)
    - next (total: 5, self: 5)
`);
    expect(result.dropped).toBe(4000);
  });

  test('focus on a subtree: this one node', () => {
    const path = [funcOf(base, 'main'), funcOf(base, 'load'), funcOf(base, 'parse')];
    const result = apply(base, { kind: 'focus-node', path });
    expect(shown(result)).toBe(`
- (root) (total: 4, self: 0)
  - parse (total: 4, self: 1)
    - next (total: 3, self: 3)
`);
    expect(pathOfNode(base, nodeAtPath(base, path))).toEqual(path);
    expect(nodeAtPath(base, [funcOf(base, 'next')])).toBe(-1);
  });

  test('merge a function: its cost goes to its callers, namesakes below meet', () => {
    const result = apply(
      tree(`
      main > wrap > work x2
      main > wrap x1
      main > work x3`),
      { kind: 'merge-function', func: 2 },
    );
    const name = result.tables.strings.at(result.tables.functions.name[2] as number);
    expect(name).toBe('wrap');
    expect(shown(result)).toBe(`
- (root) (total: 6, self: 0)
  - main (total: 6, self: 1)
    - work (total: 5, self: 5)
`);
  });

  test('merge one node leaves the function elsewhere', () => {
    const path = [funcOf(base, 'main'), funcOf(base, 'load')];
    expect(shown(apply(base, { kind: 'merge-node', path }))).toContain(`
  - main (total: 6, self: 0)
    - parse (total: 4, self: 1)
      - next (total: 3, self: 3)
    - render (total: 2, self: 0)`);
  });

  test('drop a function: its samples are gone, and counted', () => {
    const result = apply(base, { kind: 'drop-function', func: funcOf(base, 'parse') });
    expect(shown(result)).toBe(`
- (root) (total: 4, self: 0)
  - idle (total: 4, self: 0)
    - next (total: 4, self: 4)
  - main (total: 0, self: 0)
    - load (total: 0, self: 0)
    - render (total: 0, self: 0)
`);
    expect(result.dropped).toBe(6000);
  });

  test('collapse recursion, direct and through others', () => {
    const before = tree(`
      main > walk > walk > leaf x2
      main > walk > visit > walk > leaf x3
      main > walk > visit x1`);
    expect(shown(apply(before, { kind: 'collapse-recursion', func: funcOf(before, 'walk') }))).toBe(`
- (root) (total: 6, self: 0)
  - main (total: 6, self: 0)
    - walk (total: 6, self: 0)
      - leaf (total: 5, self: 5)
      - visit (total: 1, self: 1)
`);
  });

  test('collapse a package and a file: runs of frames become one', () => {
    const before = tree(`
      main > ${lib('a')} > ${lib('b')} > callback > ${lib('a')} x2
      main > ${lib('a')} x3`);
    const scoped = before.functions.package[funcOf(before, 'a')] as number;
    expect(before.strings.at(scoped)).toBe('@org/lib');
    expect(shown(apply(before, { kind: 'collapse-package', package: scoped }))).toBe(`
- (root) (total: 5, self: 0)
  - main (total: 5, self: 0)
    - @org/lib (total: 5, self: 3)
      - callback (total: 2, self: 0)
        - @org/lib (total: 2, self: 2)
`);
    const url = before.functions.url[funcOf(before, 'b')] as number;
    expect(shown(apply(before, { kind: 'collapse-file', url }))).toContain('- file:///app/node_modules/@org/lib/index.js (total: 5, self: 3)');
  });

  test("only my code: what others' code costs goes to the caller; V8's own frames stay", () => {
    const before = tree(`
      run@node:internal/main > main > ${lib('a')} > callback x2
      run@node:internal/main > main > ${lib('a')} x3
      run@node:internal/main x1
      (garbage collector) x2`);
    expect(shown(apply(before, { kind: 'only-my-code' }))).toBe(`
- (root) (total: 8, self: 1)
  - main (total: 5, self: 3)
    - callback (total: 2, self: 2)
  - (garbage collector) (total: 2, self: 2)
`);
  });

  test('focus on a category keeps the stacks that lead to it, and their cost alone', () => {
    const before = tree(`
      main > ${lib('a')} > callback x2
      main > ${lib('a')} x3
      main x4`);
    const result = apply(before, { kind: 'focus-category', category: Category.Dependency });
    expect(shown(result)).toBe(`
- (root) (total: 3, self: 0)
  - main (total: 3, self: 0)
    - a (total: 3, self: 3)
`);
    expect(result.dropped).toBe(6000);
  });

  test('a time range counts samples that reach over its edges in part', () => {
    // main 0–3 ms, other 3–5 ms
    const before = tree('main x3\nother x2');
    const result = transformProfile(before, { from: 2500, to: 4500 }, [], isOwnCategory);
    expect(shown(result)).toBe(`
- (root) (total: 2, self: 0)
  - other (total: 1.5, self: 1.5)
  - main (total: 0.5, self: 0.5)
`);
    expect(result.dropped).toBe(3000);
  });

  test('they compose in their order', () => {
    const result = apply(base, { kind: 'merge-function', func: funcOf(base, 'load') }, { kind: 'focus-function', func: funcOf(base, 'main') });
    expect(shown(result)).toBe(`
- (root) (total: 6, self: 0)
  - main (total: 6, self: 0)
    - parse (total: 4, self: 1)
      - next (total: 3, self: 3)
    - render (total: 2, self: 0)
      - parse (total: 2, self: 0)
        - next (total: 2, self: 2)
`);
  });

  test('inverted: from the functions that cost time to those that called them', () => {
    expect(shown(invertTree(base))).toBe(`
- (root) (total: 10, self: 0)
  - next (total: 9, self: 0)
    - parse (total: 5, self: 0)
      - load (total: 3, self: 0)
        - main (total: 3, self: 3)
      - render (total: 2, self: 0)
        - main (total: 2, self: 2)
    - idle (total: 4, self: 4)
  - parse (total: 1, self: 0)
    - load (total: 1, self: 0)
      - main (total: 1, self: 1)
`);
  });

  test('inverted beside hours of waiting: callers are still told', () => {
    const waiting = tree('main > parse > next x3\nmain > other x2\n(idle) x60000');
    expect(shown(invertTree(waiting))).toContain(`
  - next (total: 3, self: 0)
    - parse (total: 3, self: 0)
      - main (total: 3, self: 3)`);
  });

  test('200,000 callers of one function', () => {
    const frame = (functionName: string) => ({ functionName, scriptId: '1', url: 'file:///a.js', lineNumber: 1, columnNumber: 0 });
    const ids = Array.from({ length: 200_000 }, (_, i) => i + 2);
    const many = readOk({
      nodes: [
        { id: 1, callFrame: { ...frame('(root)'), url: '' }, children: ids },
        ...ids.map((id) => ({ id, callFrame: frame(`f${id}`), children: [id + 300_000] })),
        ...ids.map((id) => ({ id: id + 300_000, callFrame: frame('malloc') })),
      ],
      startTime: 0,
      endTime: 200_000_000,
      samples: ids.map((id) => id + 300_000),
      timeDeltas: ids.map((_, i) => (i === 0 ? 0 : 1000)),
    }).tables;
    const { tables } = invertTree(many);
    expect(tables.nodes.total[0]).toBe(200_000_000);
    const model = flameModel(tables);
    const malloc = [...tables.nodes.func.keys()].find((node) => tables.nodes.func[node] === funcOf(many, 'malloc')) as number;
    expect(treeRows(model, new Set([malloc]), compareRows(model, 'total', false), true).length).toBeGreaterThan(100_000);
  });

  test('several nodes of one function below one parent are one: no path could tell them apart', () => {
    const raw = rawFromText('main > a > b x2\nmain > a > c x3');
    const [root, main, a, b, c] = raw.nodes as [RawNode, RawNode, RawNode, RawNode, RawNode];
    const twin = { ...a, id: 9, children: [c.id] };
    const twins = readOk({ ...raw, nodes: [root, { ...main, children: [a.id, 9] }, { ...a, children: [b.id] }, twin, b, c] }).tables;
    expect(twins.nodes.length).toBe(6);
    const result = apply(twins);
    expect(shown(result)).toBe(`
- (root) (total: 5, self: 0)
  - main (total: 5, self: 0)
    - a (total: 5, self: 0)
      - c (total: 3, self: 3)
      - b (total: 2, self: 2)
`);
    holds(twins, result, 'twins');
  });

  test('focus on the root keeps everything', () => {
    expect(apply(base, { kind: 'focus-function', func: base.nodes.func[0] as number }).tables.nodes.total[0]).toBe(10_000);
  });

  test('a transform that is taken away takes with it what was applied to the row that it made; later rows move up', () => {
    const length = base.functions.length;
    const list: Transform[] = [
      { kind: 'collapse-file', url: 1 },
      { kind: 'collapse-file', url: 2 },
      { kind: 'drop-function', func: length },
      { kind: 'merge-function', func: length + 1 },
      { kind: 'focus-node', path: [0, length] },
      { kind: 'focus-node', path: [0, length + 1] },
      { kind: 'only-my-code' },
    ];
    expect(withoutTransform(list, 0, length)).toEqual({
      gone: length,
      transforms: [
        { kind: 'collapse-file', url: 2 },
        { kind: 'merge-function', func: length },
        { kind: 'focus-node', path: [0, length] },
        { kind: 'only-my-code' },
      ],
    });
    expect(withoutTransform(list, 6, length)).toEqual({ gone: undefined, transforms: list.slice(0, 6) });
  });

  test('callers of a function count each stack once, recursion or not', () => {
    const before = tree(`
      main > walk > walk > leaf x2
      other > walk x1`);
    expect(shown(callersOf(before, funcOf(before, 'walk')))).toBe(`
- (root) (total: 3, self: 0)
  - walk (total: 3, self: 0)
    - main (total: 2, self: 2)
    - other (total: 1, self: 1)
`);
  });
});

/** A small generator of numbers that is the same in every run (Numerical Recipes' LCG). */
const random = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const every = (tables: ProfileTables, pick: (below: number) => number): Transform[] => {
  const { nodes, functions } = tables;
  const func = (): number => nodes.func[pick(nodes.length)] as number;
  const own = func();
  return [
    { kind: 'focus-function', func: own },
    { kind: 'focus-node', path: pathOfNode(tables, pick(nodes.length)) },
    { kind: 'focus-category', category: functions.category[func()] as Category },
    { kind: 'merge-function', func: func() },
    { kind: 'merge-node', path: pathOfNode(tables, pick(nodes.length)) },
    { kind: 'drop-function', func: func() },
    { kind: 'collapse-recursion', func: func() },
    { kind: 'collapse-package', package: functions.package[func()] as number },
    { kind: 'collapse-file', url: functions.url[func()] as number },
    { kind: 'only-my-code' },
  ];
};

/** Σ self of what is shown and what was dropped is the whole; the tables hold what tables promise. */
const holds = (base: ProfileTables, result: Transformed, note: string): void => {
  const whole = base.nodes.total[0] as number;
  const sum = result.tables.nodes.self.reduce((all, one) => all + one, 0);
  expect(Math.abs(sum + result.dropped - whole), note).toBeLessThan(1e-6 * whole + 1e-6);
  expect(checkTables(result.tables), note).toEqual([]);
};

describe('no cost vanishes', () => {
  test('random trees, every transform, pairs of them, ranges, inverted', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const pick = random(seed);
      const names = ['a', 'b', 'c', lib('x'), lib('y'), 'n@node:fs', '(garbage collector)', '(idle)'];
      const lines = Array.from({ length: 1 + pick(40) }, () => {
        const stack = Array.from({ length: 1 + pick(8) }, () => names[pick(6)]);
        return `${stack.join(' > ')} x${1 + pick(5)}`;
      });
      const base = tree([...lines, '(garbage collector) x2', '(idle) x3'].join('\n'));
      const first = every(base, pick);
      const all = every(base, pick);
      for (const [i, transform] of first.entries()) {
        const note = `seed ${seed}: ${JSON.stringify(transform)}`;
        holds(base, apply(base, transform), note);
        const both = apply(base, transform, all[(i * 7 + seed) % all.length] as Transform);
        holds(base, both, `${note} and another`);
        const inverted = invertTree(both.tables);
        holds({ ...both.tables, nodes: both.tables.nodes }, inverted, `${note}, inverted`);
      }
      const from = pick(base.endTime);
      const ranged = transformProfile(base, { from, to: from + 1 + pick(base.endTime) }, [first[seed % first.length] as Transform], isOwnCategory);
      holds(base, ranged, `seed ${seed}, range`);
    }
  });

  let folder: Folder;
  let real: ProfileTables;
  beforeAll(() => {
    folder = temporaryFolder();
    const modules = path.join(import.meta.dirname, '../../node_modules');
    const args = [
      path.join(modules, 'terser/bin/terser'),
      path.join(modules, 'prettier/index.mjs'),
      '--module',
      '--compress',
      '--output',
      path.join(folder.path, 'out.js'),
    ];
    execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', path.join(folder.path, 'profile'), ...args], { stdio: 'ignore' });
  });
  afterAll(() => folder.remove());

  test('a real profile: every transform, and its focus tells what the function costs', () => {
    const [name] = readdirSync(path.join(folder.path, 'profile'));
    real = readOk(new Uint8Array(readFileSync(path.join(folder.path, 'profile', name as string)))).tables;
    expect(real.nodes.length).toBeGreaterThan(1000);
    const costs = functionCosts(real);
    const pick = random(7);
    for (let round = 0; round < 20; round++) for (const transform of every(real, pick)) holds(real, apply(real, transform), JSON.stringify(transform));
    holds(real, invertTree(real), 'inverted');
    for (let round = 0; round < 30; round++) {
      const func = real.nodes.func[1 + pick(real.nodes.length - 1)] as number;
      expect(apply(real, { kind: 'focus-function', func }).tables.nodes.total[0]).toBeCloseTo(costs.total[func] as number, 3);
      expect(callersOf(real, func).tables.nodes.total[0]).toBeCloseTo(costs.total[func] as number, 3);
      const { tables, dropped } = apply(real, { kind: 'drop-function', func });
      expect(dropped).toBeCloseTo(costs.total[func] as number, 3);
      expect(functionCosts(tables).self[func]).toBe(0);
    }
    // Inverted, the rows below the root are the functions by what they cost themselves.
    const inverted = invertTree(real).tables;
    for (let node = 1; node < inverted.nodes.length; node = inverted.nodes.subtreeEnd[node] as number)
      expect(inverted.nodes.total[node]).toBeCloseTo(costs.self[inverted.nodes.func[node] as number] as number, 3);
  });

  test('stacks of 50,000 frames', () => {
    const ids = Array.from({ length: 50_000 }, (_, i) => i + 2);
    const frame = (functionName: string, lineNumber: number) => ({ functionName, scriptId: '1', url: 'file:///a.js', lineNumber, columnNumber: 0 });
    const deep = readOk({
      nodes: [
        { id: 1, callFrame: { ...frame('(root)', -1), url: '' }, children: [2] },
        ...ids.map((id) => ({ id, callFrame: frame(`f${id % 3}`, id % 3), children: id < 50_001 ? [id + 1] : [] })),
      ],
      startTime: 0,
      endTime: 2000,
      samples: [50_001, 25_000],
      timeDeltas: [0, 1000],
    }).tables;
    for (const transform of every(deep, random(3))) holds(deep, apply(deep, transform), transform.kind);
    holds(deep, invertTree(deep), 'inverted');
  });
});
