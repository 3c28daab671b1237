import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { checkTables } from '../../src/core/profile/check-tables';
import { functionCosts } from '../../src/core/profile/costs/function-costs';
import { lineCosts } from '../../src/core/profile/costs/line-costs';
import { moveInlined } from '../../src/core/profile/costs/move-inlined';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import type { ProfileTables } from '../../src/core/profile/tables';
import { asWritten } from '../../src/source/as-written';
import { withInlinedFunctions } from '../../src/source/inlined-functions';
import { type RawCpuProfile, type RawNode, readOk, treeText } from '../support/raw-profile';
import { root, temporaryFolder } from '../support/run';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Self time by name, milliseconds. */
function selfTimes(tables: ProfileTables): Record<string, number> {
  const { self } = functionCosts(tables);
  const times: Record<string, number> = {};
  for (let func = 0; func < tables.functions.length; func++) {
    const name = tables.strings.at(tables.functions.name[func] as number);
    if ((self[func] as number) > 0) times[name] = (times[name] ?? 0) + (self[func] as number) / 1000;
  }
  return times;
}
const sum = (column: ArrayLike<number>): number => Array.from(column).reduce((so, one) => so + one, 0);

/** A profile of a file: nodes by stack (`run:8:13 > work:1:14`, positions as V8 has them, from 0), samples, and samples by line. */
function profileOf(url: string, stacks: readonly (readonly [stack: string, samples: number, lines?: Record<number, number>])[]): RawCpuProfile {
  const nodes: RawNode[] = [
    { id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, hitCount: 0, children: [] },
  ];
  const samples: number[] = [];
  for (const [stack, count, lines = {}] of stacks) {
    let at = nodes[0] as RawNode;
    for (const frame of stack.split(' > ')) {
      const [, name = '', own = url, line = '0', column = '0'] = /^(.*?)(?:@(.*?))?:(\d+):(\d+)$/.exec(frame) ?? [];
      const callFrame = { functionName: name, scriptId: own === url ? '1' : '2', url: own, lineNumber: Number(line), columnNumber: Number(column) };
      let next = (at.children ?? []).map((id) => nodes[id - 1] as RawNode).find((one) => JSON.stringify(one.callFrame) === JSON.stringify(callFrame));
      if (!next) {
        next = { id: nodes.length + 1, callFrame, hitCount: 0, children: [] };
        nodes.push(next);
        at.children?.push(next.id);
      }
      at = next;
    }
    at.hitCount = (at.hitCount ?? 0) + count;
    at.positionTicks = Object.entries(lines).map(([line, ticks]) => ({ line: Number(line), ticks }));
    for (let i = 0; i < count; i++) samples.push(at.id);
  }
  return { nodes, startTime: 0, endTime: samples.length * 1000, samples, timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 1000)) };
}

const hot = `function work(n) {
  let x = n;
  for (let i = 0; i < 100; i++) {
    x = (x * 1103515245 + 12345) % 2147483648;
  }
  return x;
}
function run() {
  let s = 0;
  for (let i = 0; i < 150000; i++) {
    s += work(i);
  }
  return s;
}
console.log(run());
`;

describe('samples of an inlined function', () => {
  test('go to it, below its caller; no cost, sample or tick is lost', () => {
    const built = readOk(
      profileOf('file:///a.js', [
        ['run:7:12', 100, { 4: 80, 10: 15, 11: 5 }],
        ['run:7:12 > work:0:13', 2, { 4: 2 }],
      ]),
    );
    const { tables } = built;
    const row = Array.from(tables.lines.line.keys()).find((at) => tables.lines.line[at] === 4 && tables.lines.ticks[at] === 80) as number;
    const work = tables.nodes.func[tables.lines.node[Array.from(tables.lines.ticks).indexOf(2)] as number] as number;
    const moved = moveInlined(tables, new Map([[row, { kind: 'inlined', path: [work] }]]));
    expect(checkTables(moved)).toEqual([]);
    expect(treeText({ ...built, tables: moved })).toBe('- (root) (total: 102, self: 0)\n  - run (total: 102, self: 20)\n    - work (total: 82, self: 82)');
    expect(sum(moved.nodes.hits)).toBe(102);
    expect(sum(moved.nodes.inlined)).toBe(80);
    expect(lineCosts(moved).map(({ line, self, ticks }) => [line, Math.round(self / 1000), ticks])).toEqual(expect.arrayContaining([[4, 82, 82]]));
    // Every tenth of the time has its part of it.
    for (let from = 0; from < 100; from += 10) {
      const within = Array.from(moved.samples.node.subarray(from, from + 10)).filter((node) => moved.nodes.func[node] === work);
      expect(within.length).toBeGreaterThanOrEqual(7);
      expect(within.length).toBeLessThanOrEqual(9);
    }
    const again = decodeSlab(encodeSlab(moved));
    expect(again.ok && again.value.nodes.inlined).toEqual(moved.nodes.inlined);
  });

  test('are told by the text of the file, also of a function that was never seen by itself', () => {
    const file = folder.file('never-seen.mjs', hot);
    const { tables } = readOk(profileOf(pathToFileURL(file).href, [['run:7:12', 100, { 4: 94, 10: 4, 11: 2 }]]));
    const moved = withInlinedFunctions(tables);
    expect(checkTables(moved)).toEqual([]);
    expect(selfTimes(moved)).toEqual({ run: 6, work: 94 });
  });

  test('stay where the text is another, or not there', () => {
    const changed = folder.file('changed.mjs', `// a line more\n${hot}`);
    for (const url of [pathToFileURL(changed).href, 'file:///nowhere/at/all.mjs']) {
      const { tables } = readOk(profileOf(url, [['run:7:12', 100, { 10: 94, 11: 6 }]]));
      expect(selfTimes(withInlinedFunctions(tables))).toEqual({ run: 100 });
    }
  });

  test('without a text, a line before the head is of what was seen below', () => {
    const { tables } = readOk(
      profileOf('file:///nowhere/at/all.mjs', [
        ['run:7:12', 100, { 4: 94, 10: 6 }],
        ['run:7:12 > work:0:13', 2, { 4: 2 }],
      ]),
    );
    expect(selfTimes(withInlinedFunctions(tables))).toEqual({ run: 6, work: 96 });
  });

  test('of a file without line breaks stay: the line says nothing', () => {
    const bundle = folder.file('bundle.js', 'function a(x){return x*2}function b(x){return a(x)+1}function c(x){return b(x)}function d(x){return c(x)}d(1);\n');
    const { tables } = readOk(profileOf(pathToFileURL(bundle).href, [['d:0:91', 100, { 1: 100 }]]));
    expect(selfTimes(withInlinedFunctions(tables))).toEqual({ d: 100 });
  });

  test('in Node.js’ own code are the user’s, which was seen below it', () => {
    const file = folder.file('ticks.mjs', hot);
    const url = pathToFileURL(file).href;
    const { tables } = readOk(
      profileOf('node:internal/process/task_queues', [
        ['processTicksAndRejections:66:35', 100, { 4: 90, 70: 10 }],
        [`processTicksAndRejections:66:35 > run@${url}:7:12`, 5, { 10: 5 }],
        [`processTicksAndRejections:66:35 > run@${url}:7:12 > work@${url}:0:13`, 5, { 4: 5 }],
      ]),
    );
    const moved = withInlinedFunctions(tables);
    expect(selfTimes(moved)).toEqual({ processTicksAndRejections: 10, run: 5, work: 95 });
    expect(treeText({ tables: moved, warnings: [] })).toContain('    - run (total: 100, self: 5)\n      - work (total: 95, self: 95)');
  });

  test('of another file go to the one function that was seen; a line that nobody has is nobody’s', () => {
    const main = folder.file('caller.mjs', "import { far } from './far.mjs';\nexport function call(x) {\n  return far(x);\n}\n");
    const far = folder.file('far.mjs', `${'\n'.repeat(40)}export function far(x) {\n  return x ** 3;\n}\n`);
    const url = pathToFileURL(far).href;
    const { tables } = readOk(
      profileOf(pathToFileURL(main).href, [
        ['call:1:20', 100, { 3: 10, 42: 60, 3210: 30 }],
        [`call:1:20 > far@${url}:40:19`, 3, { 42: 3 }],
      ]),
    );
    const moved = withInlinedFunctions(tables);
    expect(selfTimes(moved)).toEqual({ call: 40, far: 63 });
    expect(Array.from(moved.lines.line)).not.toContain(3210);
  });

  test('of a callback go to it, unless its line has code of the function around it too', () => {
    const file = folder.file(
      'callbacks.mjs',
      'export function all(list) {\n  list.forEach((one) => {\n    one.x = one.y * 2;\n  });\n  return list.map((one) => one.x);\n}\n',
    );
    const { tables } = readOk(profileOf(pathToFileURL(file).href, [['all:0:19', 100, { 3: 60, 5: 40 }]]));
    expect(selfTimes(withInlinedFunctions(tables))).toEqual({ all: 40, '': 60 });
  });
});

describe('real programs', () => {
  const real = folder.file('real.mjs', hot);
  const parsing = folder.file(
    'parsing.cjs',
    `const { parse } = require(${JSON.stringify(path.join(root, 'node_modules/@babel/parser'))});
const text = 'var a = { b: [1, 2, (x) => x * 2], c };\\n'.repeat(2000);
for (let i = 0; i < 6; i++) parse(text, { sourceType: 'module' });
`,
  );
  const recorded = (file: string): ProfileTables => {
    const name = `${path.basename(file)}.cpuprofile`;
    execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', folder.path, '--cpu-prof-name', name, file], { stdio: 'ignore' });
    return readOk(new Uint8Array(readFileSync(path.join(folder.path, name)))).tables;
  };

  test('the function that holds the line has the time', () => {
    const tables = asWritten(recorded(real));
    const times = selfTimes(tables);
    expect(checkTables(tables)).toEqual([]);
    expect(times.work).toBeGreaterThan(10 * (times.run ?? 0));
  });

  test('Σ over functions and over lines stays the total', () => {
    for (const file of [real, parsing]) {
      const before = recorded(file);
      const after = asWritten(before);
      expect(checkTables(after)).toEqual([]);
      const slack = 1e-6 * (before.nodes.total[0] as number);
      expect(Math.abs(sum(functionCosts(after).self) - sum(functionCosts(before).self))).toBeLessThan(slack);
      expect(sum(after.nodes.hits)).toBe(sum(before.nodes.hits));
      const rows = lineCosts(after);
      const { self } = functionCosts(after);
      // What a function's lines have is never more than the function has.
      const byFunction = new Float64Array(self.length);
      for (const row of rows) byFunction[row.func] = (byFunction[row.func] as number) + row.self;
      for (let func = 0; func < self.length; func++) expect(byFunction[func]).toBeLessThanOrEqual((self[func] as number) + slack);
      expect(sum(rows.map((row) => row.self))).toBeGreaterThan(0.5 * sum(lineCosts(before).map((row) => row.self)));
    }
  });
});
