import { describe, expect, test } from 'vitest';
import { changedNeighbours, compareRuns, functionChanges, stateOf } from '../../src/core/compare/comparison';
import { callersInUnion, invertUnion } from '../../src/core/compare/inverted-union';
import { scaled, scaleFactors } from '../../src/core/compare/scaling';
import { costsThrough, identitiesOf, type SideCosts, totals, type UnionTree } from '../../src/core/compare/union-tree';
import { checkTables } from '../../src/core/profile/check-tables';
import { functionCosts } from '../../src/core/profile/costs/function-costs';
import type { ProfileTables } from '../../src/core/profile/tables';
import { isOwnCategory, pathOfNode, type Transform, transformProfile } from '../../src/core/profile/views/transform';
import { seededRandom } from '../../src/core/statistics/random';
import { functionIndex, nodeIndex } from '../../src/shared/brands';
import { profileFromText } from '../support/raw-profile';

const runOf = (text: string) => {
  const { tables } = profileFromText(text);
  return { tables, identities: identitiesOf(tables) };
};
const sum = (costs: Float64Array): number => costs.reduce((total, cost) => total + cost, 0);

/** The union as text: `- name before after (total before, after)`, in milliseconds. */
function unionText({ tables }: Pick<UnionTree, 'tables'>, own: SideCosts): string {
  const { nodes, functions, strings } = tables;
  const all = totals(nodes, own);
  const ms = (costs: Float64Array, node: number): number => (costs[node] as number) / 1000;
  const lines = Array.from({ length: nodes.length }, (_, node) => {
    const name = strings.at(functions.name[nodes.func[node] as number] as number);
    const figures = `${ms(own.before, node)} ${ms(own.after, node)} (${ms(all.before, node)}, ${ms(all.after, node)})`;
    return `${'  '.repeat(nodes.depth[node] as number)}- ${name} ${figures}`;
  });
  return `\n${lines.join('\n')}\n`;
}

test('the union has a node for each stack of either side, with both costs', () => {
  const { union, active } = compareRuns([runOf('main > parse x3\nmain > print x1\n(idle) x9')], [runOf('main > parse x2\nmain > check x5')]);
  expect(checkTables(union.tables)).toEqual([]);
  expect(active).toEqual({ before: [4000], after: [7000] });
  expect(unionText(union, union.nodes)).toBe(`
- (root) 0 0 (13, 7)
  - main 0 0 (4, 7)
    - parse 3 2 (3, 2)
    - check 0 5 (0, 5)
    - print 1 0 (1, 0)
  - (idle) 9 0 (9, 0)
`);
  const states = Object.fromEntries(union.functions.map((pair, row) => [union.tables.strings.at(union.tables.functions.name[row] as number), stateOf(pair)]));
  expect(states).toMatchObject({ main: 'both', parse: 'both', check: 'new', print: 'gone' });
});

test('a function that moved is one node below one parent', () => {
  const { union } = compareRuns(
    [runOf('main > parse@file:///a.js:3 > next@file:///b.js:2 x4')],
    [runOf('main > parse@file:///c.js:8 > next@file:///b.js:2 x1')],
  );
  expect(unionText(union, union.nodes)).toContain('    - parse 0 0 (4, 1)');
});

test('several runs a side: the tree has their sum, and each run its own costs', () => {
  const { union, runs } = compareRuns([runOf('main > f > f x3'), runOf('main > f x5')], [runOf('main > f x2')]);
  const f = [...union.tables.functions.name].findIndex((name) => union.tables.strings.at(name) === 'f');
  expect(runs.before.map(({ self, total }) => [self[f], total[f]])).toEqual([
    [3000, 3000],
    [5000, 5000],
  ]);
  expect(runs.after.map(({ total }) => total[f])).toEqual([2000]);
  expect([sum(union.nodes.before), sum(union.nodes.after)]).toEqual([8000, 2000]);
});

test('scaling is what its name says, and unknown where a side does not tell', () => {
  const [before, after] = [
    { runs: 2, calls: 100, active: 5000 },
    { runs: 3, active: 9000 },
  ];
  expect(scaleFactors('raw', before, after)).toEqual({ before: 1, after: 1 });
  expect(scaleFactors('run', before, after)).toEqual({ before: 1 / 2, after: 1 / 3 });
  expect(scaleFactors('share', before, after)).toEqual({ before: 1 / 5000, after: 1 / 9000 });
  expect(scaleFactors('call', before, after)).toBeUndefined();
  expect(scaleFactors('request', before, after)).toBeUndefined();
  expect(scaleFactors('share', before, { runs: 1, active: 0 })).toBeUndefined();
  const costs = { before: Float64Array.of(4, 2), after: Float64Array.of(3, 9) };
  expect(scaled(costs, { before: 1 / 2, after: 1 / 3 })).toEqual({ before: Float64Array.of(2, 1), after: Float64Array.of(1, 3) });
});

describe('Σ of the changes is the change of the whole', () => {
  const files = ['file:///a.js', 'file:///b.js', 'file:///p/node_modules/lib/i.js', 'node:fs'];

  /** Random stacks over a few functions, some at other places than on the other side. */
  function randomRun(random: () => number, shift: number): string {
    const pick = (count: number): number => Math.floor(random() * count);
    return Array.from({ length: 3 + pick(40) }, () => {
      const frames = Array.from({ length: 1 + pick(7) }, () => {
        const at = pick(9);
        const name = at < 2 ? '(anonymous)' : `f${at < 7 ? at : at + shift}`;
        return `${name}@${files[(at + (at === 4 ? shift : 0)) % files.length]}:${2 + at + pick(2) * shift}`;
      });
      const end = pick(8);
      const own = end === 0 ? ['(garbage collector)'] : end === 1 ? ['push@-'] : [];
      return `${[...frames, ...own].join(' > ')} x${1 + pick(5)}`;
    }).join('\n');
  }

  /** One of each kind that a view can apply. */
  function transformsOf({ tables }: UnionTree, random: () => number): Transform[] {
    const { nodes, functions } = tables;
    const func = nodes.func[Math.floor(random() * nodes.length)] as number;
    const path = pathOfNode(tables, nodeIndex(Math.floor(random() * nodes.length)));
    return [
      { kind: 'focus-function', func },
      { kind: 'focus-node', path },
      { kind: 'focus-category', category: 0 },
      { kind: 'merge-function', func },
      { kind: 'merge-node', path },
      { kind: 'drop-function', func },
      { kind: 'collapse-recursion', func },
      { kind: 'collapse-package', package: functions.package.find((one) => one !== 0) ?? 0 },
      { kind: 'collapse-file', url: functions.url[func] as number },
      { kind: 'only-my-code' },
    ];
  }

  function expectSums(tables: ProfileTables, own: SideCosts, dropped: SideCosts, whole: { before: number; after: number }, what: string): void {
    expect(checkTables(tables), what).toEqual([]);
    const changes = functionChanges(tables, own);
    const all = totals(tables.nodes, own);
    for (const side of ['before', 'after'] as const) {
      const left = whole[side] - sum(dropped[side]);
      expect(sum(own[side]), `${what}: tree, ${side}`).toBeCloseTo(left, 6);
      expect(all[side][0], `${what}: root, ${side}`).toBeCloseTo(left, 6);
      expect(sum(changes.self[side]), `${what}: table, ${side}`).toBeCloseTo(left, 6);
    }
    for (let func = 0; func < tables.functions.length; func++) {
      const { callers, callees, self, total } = changedNeighbours(tables, own, functionIndex(func));
      for (const side of ['before', 'after'] as const) {
        expect(total[side], `${what}: total`).toBeCloseTo(changes.total[side][func] as number, 6);
        const below = callees.reduce((cost, one) => cost + one[side], self[side]);
        expect(below, `${what}: callees`).toBeCloseTo(total[side], 6);
        const above = callers.reduce((cost, one) => cost + one[side], 0);
        if (func !== tables.nodes.func[0]) expect(above, `${what}: callers`).toBeCloseTo(total[side], 6);
      }
    }
  }

  test('in the tree, the table, the callers and the inverted tree, after each transform', () => {
    const random = seededRandom(42);
    for (let round = 0; round < 12; round++) {
      const runs = (shift: number) => Array.from({ length: 1 + Math.floor(random() * 3) }, () => runOf(randomRun(random, shift)));
      const [before, after] = [runs(0), runs(1)];
      const { union, runs: ofRuns } = compareRuns(before, after);
      const wholeOf = (side: typeof before): number => side.reduce((cost, { tables }) => cost + (tables.nodes.total[0] as number), 0);
      const whole = { before: wholeOf(before), after: wholeOf(after) };
      const nothing = { before: new Float64Array(0), after: new Float64Array(0) };
      expectSums(union.tables, union.nodes, nothing, whole, 'as it is');
      const table = functionChanges(union.tables, union.nodes);
      for (const [side, own] of [
        ['before', ofRuns.before],
        ['after', ofRuns.after],
      ] as const)
        for (let row = 0; row < union.functions.length; row++)
          for (const which of ['self', 'total'] as const)
            expect(own.reduce((cost, run) => cost + (run[which][row] as number), 0)).toBeCloseTo(table[which][side][row] as number, 6);
      for (const transform of transformsOf(union, random)) {
        const shown = transformProfile(union.tables, undefined, [transform], isOwnCategory);
        const own = costsThrough(union.nodes, shown);
        const isOut = (node: number): boolean => shown.target !== undefined && (shown.target[node] as number) < 0;
        const dropped = { before: union.nodes.before.filter((_, node) => isOut(node)), after: union.nodes.after.filter((_, node) => isOut(node)) };
        expect(sum(dropped.before) + sum(dropped.after)).toBeCloseTo(shown.dropped, 6);
        expectSums(shown.tables, own, dropped, whole, transform.kind);
        const inverted = invertUnion(shown.tables, own);
        expectSums(inverted.tables, inverted.nodes, dropped, whole, `${transform.kind}, inverted`);
        // Row by row the two sides are what the profile's own views have for their sum.
        for (let node = 0; node < inverted.tables.nodes.length; node++)
          expect((inverted.nodes.before[node] as number) + (inverted.nodes.after[node] as number)).toBeCloseTo(inverted.tables.nodes.self[node] as number, 6);
      }
      const costliest = functionCosts(union.tables).total.indexOf(Math.max(...functionCosts(union.tables).total.subarray(1)));
      const callers = callersInUnion(union.tables, union.nodes, costliest);
      const { total } = functionChanges(union.tables, union.nodes);
      for (const side of ['before', 'after'] as const) expect(sum(callers.nodes[side])).toBeCloseTo(total[side][costliest] as number, 6);
    }
  });
});
