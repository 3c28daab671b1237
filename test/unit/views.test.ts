import { describe, expect, test } from 'vitest';
import { Category } from '../../src/core/profile/categories';
import type { ProfileTables } from '../../src/core/profile/tables';
import { flameModel, sortedByName } from '../../src/core/profile/views/flame-model';
import { invertTree } from '../../src/core/profile/views/invert';
import { globExpression, mineExcept } from '../../src/core/profile/views/my-code';
import { parseQuery, searchProfile } from '../../src/core/profile/views/search';
import { compareRows, flatRows, treeRows } from '../../src/core/profile/views/table-rows';
import { activity, timeOrder } from '../../src/core/profile/views/time-order';
import { isOwnCategory, transformProfile } from '../../src/core/profile/views/transform';
import { initialHeapState, readHeapState } from '../../src/protocol/heap-webview';
import { initialState, readViewState } from '../../src/protocol/view-state';
import { timeChart } from '../../webview/chart/charts';
import { layoutFlame } from '../../webview/chart/flame-layout';
import { profileFromText, rawFromText, readOk, treeText } from '../support/raw-profile';

const tree = (text: string): ProfileTables => profileFromText(text).tables;
const nameOf = ({ strings, functions }: ProfileTables, func: number): string => strings.at(functions.name[func] as number);

describe('the search language', () => {
  const tables = tree(`
    main > parse@file:///app/node_modules/@org/lib/parser.js > onEnd x6
    main > Parse@file:///app/src/parse.ts x3
    main > other x1`);
  const model = flameModel(tables);
  const find = (text: string): string[] => {
    const query = parseQuery(text);
    if (query.kind === 'bad') throw new Error(query.reason);
    const { matches } = searchProfile(tables, model.costs, model, query.terms);
    return [...matches.keys()].filter((func) => matches[func]).map((func) => nameOf(tables, func));
  };
  test.each([
    ['parse', ['parse', 'Parse']],
    ['fn:parse file:src/', ['Parse']],
    ['pkg:@org/lib', ['parse']],
    ['pkg:org -fn:parse', []],
    ['/^on[A-Z]/', ['onEnd']],
    ['/^PARSE$/i', ['parse', 'Parse']],
    ['fn:/^P/', ['Parse']],
    ['self>50%', ['onEnd']],
    ['self>=3ms total<5ms', ['Parse']],
    ['total>1000', ['main', 'parse', 'onEnd', 'Parse']],
    ['-parse total>0', ['main', 'onEnd', 'other']],
    ['"no such thing"', []],
    ['selfish', []],
  ])('%s', (query, names) => expect(find(query)).toEqual(names));

  test.each([
    ['/(/', 'regex', 0],
    ['a /x/g', 'regex', 2],
    ['self>', 'number', 0],
    ['self>many', 'number', 0],
    ['total>5parsecs', 'unit', 0],
    ['self=5%', 'operator', 0],
    ['"open', 'quote', 0],
  ])('%s says what is wrong, and where', (query, reason, at) => expect(parseQuery(query)).toMatchObject({ kind: 'bad', reason, at }));

  test('what expressions match may be worked out elsewhere: it is taken as it comes', () => {
    const query = parseQuery('-fn:/never tried/ parse fn:/nor this/');
    if (query.kind === 'bad') return expect.fail();
    const { strings } = tables;
    const answer = (...texts: string[]) => Uint8Array.from({ length: strings.length }, (_, i) => (texts.includes(strings.at(i)) ? 1 : 0));
    const { matches } = searchProfile(tables, model.costs, model, query.terms, [answer('parse'), answer('parse', 'Parse', 'main')]);
    expect([...matches.keys()].filter((func) => matches[func]).map((func) => nameOf(tables, func))).toEqual(['Parse']);
  });

  test('the share counts each stack once', () => {
    const query = parseQuery('/parse|onEnd/i');
    if (query.kind === 'bad') return expect.fail();
    expect(searchProfile(tables, model.costs, model, query.terms).share).toBeCloseTo(0.9, 9);
  });
});

describe('time order', () => {
  /** `level: name from–to` in ms. */
  const segments = (text: string, ...transforms: Parameters<typeof transformProfile>[2]): string[] => {
    const base = tree(text);
    const shown = transformProfile(base, undefined, transforms, isOwnCategory);
    return timeOrder(base, shown).levels.flatMap((level, row) =>
      [...level.start.keys()].map(
        (i) =>
          `${row}: ${nameOf(shown.tables, shown.tables.nodes.func[level.node[i] as number] as number)} ${(level.start[i] as number) / 1000}–${(level.end[i] as number) / 1000}`,
      ),
    );
  };
  test('neighbouring samples share their frames; idle is a gap', () => {
    expect(segments('a > b x2\na > c x1\n(idle) x2\na x1')).toEqual(['0: a 0–3', '0: a 5–6', '1: b 0–2', '1: c 2–3']);
  });
  test('what was left between two stacks begins anew', () => {
    const raw = rawFromText('a > b x1\nc x1');
    const again = readOk({ ...raw, samples: [3, 4, 3], timeDeltas: [0, 1000, 1000], endTime: 3000 }).tables;
    const shown = transformProfile(again, undefined, [], isOwnCategory);
    expect(timeOrder(again, shown).levels.map(({ start }) => [...start])).toEqual([
      [0, 1000, 2000],
      [0, 2000],
    ]);
  });
  test('transforms apply: what is dropped is a gap, what is hidden gives way', () => {
    const text = 'a > b > c x2\nd x1';
    const base = tree(text);
    const func = (name: string): number => [...base.functions.name.keys()].find((row) => nameOf(base, row) === name) as number;
    expect(segments(text, { kind: 'drop-function', func: func('a') })).toEqual(['0: d 2–3']);
    expect(segments(text, { kind: 'merge-function', func: func('b') })).toEqual(['0: a 0–2', '0: d 2–3', '1: c 0–2']);
  });
  test('covered time is the active time, at every zoom of the chart', () => {
    let state = 5;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const raw = rawFromText('a > b > c\na > d\n(idle)\na');
    const ids = [3, 4, 5, 6, 2];
    const samples = Array.from({ length: 20_000 }, () => ids[random(5)] as number);
    const base = readOk({ ...raw, samples, timeDeltas: samples.map(() => 1 + random(300)), startTime: 0, endTime: 4_000_000 }).tables;
    const shown = transformProfile(base, undefined, [], isOwnCategory);
    const order = timeOrder(base, shown);
    const idle = base.nodes.self.reduce((sum, self, node) => sum + (base.functions.category[base.nodes.func[node] as number] === Category.Idle ? self : 0), 0);
    const active = (base.nodes.total[0] as number) - idle;
    expect(order.levels[0]?.covered.at(-1)).toBeCloseTo(active, 3);
    const chart = timeChart(order, shown.tables, base.startTime, base.endTime);
    for (const [from, to] of [
      [0, 4_000_000],
      [1_000_000, 1_200_000],
      [1_000_000, 1_003_000],
    ] as const) {
      let drawn = 0;
      let boxes = 0;
      let right = -1;
      chart.layout({ from, to, width: 1000, firstRow: 0, lastRow: 0 }, (x, width, _row, id, count, cost) => {
        boxes++;
        // In order, and never more than half a pixel over one another.
        expect(x).toBeGreaterThan(right - 1.5);
        right = x + width;
        const place = chart.place(id);
        drawn += count === 1 ? Math.min(to, place.left + place.size) - Math.max(from, place.left) : cost;
      });
      const level = order.levels[0] as (typeof order.levels)[0];
      let expected = 0;
      for (let i = 0; i < level.start.length; i++) expected += Math.max(0, Math.min(to, level.end[i] as number) - Math.max(from, level.start[i] as number));
      // A run at an edge counts whole.
      expect(Math.abs(drawn - expected)).toBeLessThan(((to - from) / 1000) * 8 + 1);
      expect(boxes).toBeLessThanOrEqual(1000);
    }
  });
  test('stacks of 50,000 frames, by turns: cut where nobody scrolls, and said', () => {
    const deep = (from: number) => Array.from({ length: 50_000 }, (_, i) => from + i);
    const frame = (functionName: string) => ({ functionName, scriptId: '1', url: 'file:///a.js', lineNumber: 0, columnNumber: 0 });
    const chain = (ids: number[], name: string) => ids.map((id, i) => ({ id, callFrame: frame(name), children: i + 1 < ids.length ? [id + 1] : [] }));
    const left = deep(2);
    const right = deep(60_000);
    const base = readOk({
      nodes: [{ id: 1, callFrame: { ...frame('(root)'), url: '' }, children: [2, 60_000] }, ...chain(left, 'l'), ...chain(right, 'r')],
      startTime: 0,
      endTime: 2_001_000,
      samples: Array.from({ length: 2000 }, (_, i) => (i % 2 ? 50_001 : 109_999)),
      timeDeltas: Array.from({ length: 2000 }, () => 1000),
    }).tables;
    const order = timeOrder(base, transformProfile(base, undefined, [], isOwnCategory));
    expect(order.isCut).toBe(true);
    expect(order.levels.length).toBeLessThanOrEqual(1000);
    expect(order.levels[0]?.start.length).toBe(2000);
  });
  test('more segments than can be held: the deepest frames go, the callers stay', () => {
    const names = (from: number): string => Array.from({ length: 8 }, (_, i) => `f${from + i}`).join(' > ');
    const raw = rawFromText(`main > ${names(0)}\nmain > ${names(10)}`);
    const leaves = [10, 18];
    const count = 800_000;
    const base = readOk({
      ...raw,
      samples: Array.from({ length: count }, (_, i) => leaves[i % 2]),
      timeDeltas: Array.from({ length: count }, () => 10),
      startTime: 0,
      endTime: count * 10 + 10,
    }).tables;
    const order = timeOrder(base, transformProfile(base, undefined, [], isOwnCategory));
    expect(order.isCut).toBe(true);
    expect([...(order.levels[0]?.start ?? [])]).toHaveLength(1);
    expect(order.levels[1]?.start.length).toBe(count);
    let boxes = 0;
    timeChart(order, base, base.startTime, base.endTime).layout(
      { from: base.startTime, to: base.endTime, width: 1400, firstRow: 0, lastRow: 40 },
      () => boxes++,
    );
    expect(boxes).toBeLessThan(1400 * order.levels.length);
  });
  test('the overview holds the time of every sample', () => {
    const base = tree('a x7\n(idle) x5\n(garbage collector) x2\na x3');
    for (const steps of [1, 3, 17, 400]) {
      const sums = activity(base, steps, Category.Unknown + 1).map((column) => column.reduce((sum, one) => sum + one, 0));
      expect(sums[Category.User]).toBeCloseTo(10_000, 6);
      expect(sums[Category.Idle]).toBeCloseTo(5000, 6);
      expect(sums[Category.Gc]).toBeCloseTo(2000, 6);
    }
    // 6.5 to 12.5 ms: half a sample of a, all of idle, half a sample of GC.
    const part = activity(base, 13, Category.Unknown + 1, { from: 6500, to: 12_500 }).map((column) => column.reduce((sum, one) => sum + one, 0));
    expect(part[Category.User]).toBeCloseTo(500, 6);
    expect(part[Category.Idle]).toBeCloseTo(5000, 6);
    expect(part[Category.Gc]).toBeCloseTo(500, 6);
  });
});

describe('only my code', () => {
  test.each([
    ['generated/**', '/app/src/generated/deep/api.ts', true],
    ['generated/**', '/app/src/degenerated/api.ts', false],
    ['*.pb.ts', '/app/src/orders.pb.ts', true],
    ['*.pb.ts', '/app/src/orders.ts', false],
    ['src/*/x.ts', '/app/src/a/x.ts', true],
    ['src/*/x.ts', '/app/src/a/b/x.ts', false],
    ['src/**/x.ts', '/app/src/a/b/x.ts', true],
    ['vendor', 'C:/app/vendor/lib.js', true],
    ['a+(b)?.js', '/app/a+(b)c.js', true],
  ])('%s on %s', (glob, path, isMatch) => expect(globExpression(glob).test(path)).toBe(isMatch));

  test('what a glob names folds into its callers, on Windows too', () => {
    const before = tree(`
      main > api@file:///C:/app/generated/api.ts > callback x2
      main x1`);
    const result = transformProfile(before, undefined, [{ kind: 'only-my-code' }], mineExcept(before, ['generated/**']));
    expect(treeText({ tables: result.tables, warnings: [] })).toBe(
      '- (root) (total: 3, self: 0)\n  - main (total: 3, self: 1)\n    - callback (total: 2, self: 2)',
    );
  });
});

describe('table rows', () => {
  const tables = tree(`
    main > parse > next x3
    main > render > next x2
    main > render x4
    (idle) x9`);
  const model = flameModel(tables);
  const shown = (rows: ReturnType<typeof flatRows>, of = tables): string[] =>
    rows.map(({ func, depth, self, total }) => `${'  '.repeat(depth)}${nameOf(of, func)} ${self / 1000} ${total / 1000}`);

  test('functions by what is asked for; idle has no row', () => {
    expect(shown(flatRows(model, compareRows(model, 'self', false)))).toEqual(['next 5 5', 'render 4 6', 'main 0 9', 'parse 0 3']);
    expect(shown(flatRows(model, compareRows(model, 'name', true)))).toEqual(['main 0 9', 'next 5 5', 'parse 0 3', 'render 4 6']);
  });
  test('top down, as it is opened', () => {
    const node = (name: string): number => [...tables.nodes.func.keys()].find((row) => nameOf(tables, tables.nodes.func[row] as number) === name) as number;
    const by = compareRows(model, 'total', false);
    expect(shown(treeRows(model, new Set(), by, false))).toEqual(['main 0 9']);
    expect(shown(treeRows(model, new Set([node('main'), node('parse')]), by, false))).toEqual(['main 0 9', '  render 4 6', '  parse 0 3', '    next 3 3']);
  });
  test('bottom up: self on the functions, where it goes below them', () => {
    const inverted = flameModel(invertTree(tables).tables);
    const next = [...inverted.tables.nodes.func.keys()].find((row) => nameOf(inverted.tables, inverted.tables.nodes.func[row] as number) === 'next') as number;
    const rows = treeRows(inverted, new Set([next]), compareRows(inverted, 'total', false), true);
    expect(shown(rows, inverted.tables)).toEqual(['next 5 5', '  parse 0 3', '  render 0 2', 'render 4 4']);
  });
});

test('idle time below another frame: no sibling hides what is wider', () => {
  const model = flameModel(tree('worker > (idle) x10000\nworker > spin x1\nmain > work x9000'));
  const row: string[] = [];
  layoutFlame(model, { from: 0, to: model.width, width: 1000, firstRow: 1, lastRow: 1 }, (_x, width, _row, node, count) => {
    if (count === 1 && width > 900) row.push(nameOf(model.tables, model.tables.nodes.func[node] as number));
  });
  expect(row).toEqual(['main']);
});

test('siblings by name: the same boxes in another order, the narrow ones between them still there', () => {
  const tables = tree(
    `main > b x9000\nmain > a x5000\n${Array.from({ length: 300 }, (_, i) => `main > c${String(i).padStart(3, '0')}`).join('\n')}\nmain > z x700`,
  );
  const model = flameModel(sortedByName(tables), false);
  const row: string[] = [];
  let sum = 0;
  layoutFlame(model, { from: 0, to: model.width, width: 1000, firstRow: 2, lastRow: 2 }, (_x, _width, _row, node, count, cost) => {
    row.push(count > 1 ? `${count} smaller` : nameOf(model.tables, model.tables.nodes.func[node] as number));
    sum += cost;
  });
  expect(row).toEqual(['a', 'b', '300 smaller', 'z']);
  expect(sum).toBe(15_000_000);
});

describe('a state from outside', () => {
  test('of a heap snapshot: what fits is taken', () => {
    const state = {
      ...initialHeapState,
      view: 'strings' as const,
      selected: 7,
      open: { classes: ['a\nb'] },
      diffSort: { sortBy: 'name' as const, isRising: true },
    };
    expect(readHeapState(JSON.parse(JSON.stringify(state)))).toMatchObject(JSON.parse(JSON.stringify(state)));
    for (const given of [null, 7, [], { view: 'moon', selected: -1, icicleRoot: 0.5, open: { classes: 'a' }, classSort: [], base: {} }])
      expect(readHeapState(given), JSON.stringify(given)).toMatchObject({ ...initialHeapState, open: { classes: [] } });
    const many = readHeapState({ filter: 'x'.repeat(9999), open: { classes: [...Array.from({ length: 5000 }, (_, i) => String(i)), 7, 'y'.repeat(30_000)] } });
    expect(many.filter).toHaveLength(1000);
    expect(many.open.classes).toHaveLength(2000);
    expect(many.open.classes?.at(-1)).toBe('4999');
  });
  test('what fits is taken', () => {
    const state = {
      ...initialState,
      view: 'table' as const,
      transforms: [{ kind: 'focus-function' as const, func: 3 }, { kind: 'only-my-code' as const }],
      range: { from: 1, to: 2 },
    };
    expect(readViewState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
  test.each([
    undefined,
    null,
    7,
    'x',
    [],
    { view: 'moon', transforms: 'no', range: { from: 2, to: 1 }, path: [-1], selected: 1.5 },
    { transforms: [{ kind: 'focus-function' }, { kind: 'rm -rf' }, null] },
    {
      transforms: [
        { kind: 'focus-category', category: 99 },
        { kind: 'focus-node', path: [1, 'x'] },
        { kind: 'collapse-file', url: 2 ** 60 },
      ],
    },
    { range: { from: 0, to: Number.POSITIVE_INFINITY }, path: Array(100_001).fill(1), zoom: { length: 1 }, isRising: 'true', side: '__proto__' },
  ])('%j is the state at the start', (given) => expect(readViewState(given)).toEqual(initialState));
});
