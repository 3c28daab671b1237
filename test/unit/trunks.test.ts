import { describe, expect, test } from 'vitest';
import { flameModel, sortedByName } from '../../src/core/profile/views/flame-model';
import { invertTree } from '../../src/core/profile/views/invert';
import { initialState, readUnfolded, readViewState } from '../../src/protocol/view-state';
import { flameChart } from '../../webview/chart/charts';
import { layoutFlame } from '../../webview/chart/flame-layout';
import { trunkLabel } from '../../webview/chart/trunk-words';
import { findTrunks, foldedRows, plainRows, type Trunk } from '../../webview/chart/trunks';
import { profileFromText } from '../support/raw-profile';

type Model = ReturnType<typeof flameModel>;
const model = (text: string): Model => flameModel(profileFromText(text).tables);
const isUser =
  ({ tables: { functions } }: Model) =>
  (func: number): boolean =>
    functions.category[func] === 0;
const trunksOf = (m: Model, isMine = isUser(m)) => findTrunks(m, isMine);
const nameOf = ({ tables: { strings, functions, nodes } }: Model, node: number): string =>
  strings.at(functions.name[nodes.func[node] as number] as number).replace('(anonymous)', '');
const named = (m: Model, trunks: ReadonlyMap<number, Trunk>): string[] =>
  [...trunks.values()].map(({ frames }) => frames.map((node) => nameOf(m, node)).join(' '));
const chain = (kind: 'node:internal/modules' | 'file:///app/node_modules/express/lib/router.js', count: number, name: string): string =>
  Array.from({ length: count }, (_, i) => `${name}${i}@${kind}${kind.startsWith('node:') ? `/${name}` : ''}:${i + 1}`).join(' > ');
const node = (count: number, name = 'load'): string => chain('node:internal/modules', count, name);
const express = (count: number, name = 'next'): string => chain('file:///app/node_modules/express/lib/router.js', count, name);
const names = (count: number, name: string, from = 0): string => Array.from({ length: count }, (_, i) => `${name}${i + from}`).join(' ');
/** `row: name` of every box that is drawn, from the top. */
const drawn = (m: Model, rows = plainRows(m)): string[] => {
  const found: string[] = [];
  layoutFlame(
    m,
    { from: 0, to: m.width, width: 1000, firstRow: 0, lastRow: 1000 },
    (_x, _width, row, at, count) => found.push(`${row}: ${count > 1 ? `${count} more` : (rows.folded.get(at)?.frames.length ?? nameOf(m, at))}`),
    rows,
  );
  return found;
};

describe('which frames fold', () => {
  test('22 frames of the module loader before the first own function are one run, and it is not in it', () => {
    const m = model(`${node(22)} > main > a x3\n${node(22)} > main > b`);
    expect(named(m, trunksOf(m))).toEqual([names(22, 'load')]);
    expect(drawn(m, foldedRows(m, trunksOf(m)))).toEqual(['0: (root)', '1: 22', '2: main', '3: a', '3: b']);
  });

  test('four are shown, five fold', () => {
    expect(named(model(`${node(4)} > main`), trunksOf(model(`${node(4)} > main`)))).toEqual([]);
    expect(named(model(`${node(5)} > main`), trunksOf(model(`${node(5)} > main`)))).toEqual([names(5, 'load')]);
  });

  test('own code never folds, however long it calls one function after the other', () => {
    const m = model(names(40, 'own').split(' ').join(' > '));
    expect(trunksOf(m).size).toBe(0);
  });

  test('what the settings take out of own code folds like a dependency', () => {
    const m = model(names(9, 'generated').split(' ').join(' > '));
    expect(
      named(
        m,
        trunksOf(m, () => false),
      ),
    ).toEqual([names(8, 'generated')]);
  });

  test('Node.js and dependencies above own code are one run; without own code the first frame of a dependency ends it', () => {
    const own = model(`${node(9)} > ${express(9)} > handler`);
    expect(named(own, trunksOf(own))).toEqual([`${names(9, 'load')} ${names(9, 'next')}`]);
    const tool = model(`${node(9)} > ${express(9)}`);
    expect(named(tool, trunksOf(tool))).toEqual([names(9, 'load'), names(8, 'next')]);
  });

  test('own time of 1 % is not worth a row, more is; the frame that has it is shown', () => {
    const folds = (text: string): string[] => named(model(text), trunksOf(model(text)));
    const own = (parts: number): string => `${node(14)} > main x${100 - parts}\n${node(8)} x${parts}`;
    expect(folds(own(1))).toEqual([names(14, 'load')]);
    expect(folds(own(2))).toEqual([names(7, 'load'), names(6, 'load', 8)]);
    // Of a narrow trunk 0.5 % of everything may be more than that.
    const narrow = (parts: number): string => `rest x900\n${own(parts)}`;
    expect(folds(narrow(5))).toEqual([names(14, 'load')]);
    expect(folds(narrow(6))).toEqual([names(7, 'load'), names(6, 'load', 8)]);
  });

  test('all frames of a run keep a tenth of it at most', () => {
    const text = [`${node(20)} > main x81`, ...Array.from({ length: 19 }, (_, i) => node(i + 1))].join('\n');
    const m = model(text);
    for (const { frames } of trunksOf(m).values()) {
      const after = m.tables.nodes.parent.indexOf(frames.at(-1) as number);
      expect(m.span[after] as number).toBeGreaterThanOrEqual(0.9 * (m.span[frames[0] as number] as number));
    }
    expect([...trunksOf(m).values()].map(({ frames }) => frames.length)).toEqual([10]);
  });

  test('the body of a module of a dependency is loaded: it goes with the loader', () => {
    const m = model(
      `${node(6)} > (anonymous)@file:///app/node_modules/tool/bin.js:1 > ${node(6, 'require')} > start@file:///app/node_modules/tool/cli.js:9 > work x9`,
    );
    const [first] = trunksOf(m, () => false).values();
    expect(first?.frames).toHaveLength(13);
  });

  test('own code beside a run is never hidden in it', () => {
    const m = model(`${node(12)} > main x99\n${node(7)} > early`);
    expect(named(m, trunksOf(m))).toEqual([names(7, 'load'), names(5, 'load', 7)]);
    expect(drawn(m, foldedRows(m, trunksOf(m)))).toEqual(['0: (root)', '1: 7', '2: 5', '3: main', '2: early']);
  });

  test('what is hidden beside a run has no rows, the children of its last frame have', () => {
    const m = model(`${node(8)} > main x990\n${node(3)} > ${node(30, 'side')} x5\n${node(8)} > emit@node:events:1 x5`);
    const rows = foldedRows(m, trunksOf(m));
    expect(drawn(m, rows)).toEqual(['0: (root)', '1: 8', '2: main', '2: emit']);
    expect(rows.count).toBe(3);
    const side = Array.from({ length: m.tables.nodes.length }, (_, at) => at).filter((at) => nameOf(m, at).startsWith('side'));
    expect(new Set(side.map((at) => rows.hiddenIn(at)))).toEqual(new Set([1]));
    expect(new Set(side.map((at) => rows.of[at]))).toEqual(new Set([1]));
  });

  test('also from the leaves, and with siblings by name', () => {
    const { tables } = profileFromText(`${node(9)} > zeta x980\n${node(3)} > aside@node:fs:1 x10\n${node(9)} > alpha x10`);
    const byName = flameModel(sortedByName(tables), false);
    expect(drawn(byName, foldedRows(byName, trunksOf(byName)))).toEqual(['0: (root)', '1: 9', '2: alpha', '2: zeta']);
    const inverted = flameModel(invertTree(tables).tables);
    expect(drawn(inverted, foldedRows(inverted, trunksOf(inverted))).filter((one) => one.startsWith('2') || one.startsWith('3'))).toEqual([
      '2: 8',
      '3: load0',
      '2: 8',
      '3: load0',
      '2: load2',
      '3: load1',
    ]);
  });
});

test('whatever is folded, boxes have the places, widths and parents of the tree without the hidden frames', () => {
  let state = 7;
  const random = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  for (let round = 0; round < 30; round++) {
    const stacks = Array.from({ length: 40 }, () => {
      const parts = [
        node(random(12), `l${random(2)}`),
        random(3) ? `own${random(3)}` : '',
        express(random(9), `e${random(2)}`),
        random(2) ? `work${random(4)}` : '',
      ];
      return `${parts.filter(Boolean).join(' > ') || 'main'} x${1 + (random(4) ? random(9) : 300)}`;
    });
    const m = model(stacks.join('\n'));
    const { nodes } = m.tables;
    const all = [...trunksOf(m)];
    const chosen = new Map(all.filter(() => random(4) > 0));
    const rows = foldedRows(m, chosen);
    const expected: string[] = [];
    /** The same by recursion: a run's row, then the children of its last frame. */
    const walk = (at: number, row: number): void => {
      if (!((m.span[at] as number) > 0)) return;
      const last = chosen.get(at)?.frames.at(-1) ?? at;
      const x = Math.round(((m.left[at] as number) / m.width) * 1e6);
      expected.push(`${row} ${at} ${x} ${Math.round(((m.span[at] as number) / m.width) * 1e6)}`);
      for (let child = last + 1; child < (nodes.subtreeEnd[last] as number); child = nodes.subtreeEnd[child] as number) {
        expect(rows.parentOf(child)).toBe(at);
        walk(child, row + 1);
      }
    };
    walk(0, 0);
    const found: string[] = [];
    const view = { from: 0, to: m.width, width: 1e6, firstRow: 0, lastRow: 1000 };
    layoutFlame(m, view, (x, width, row, at) => found.push(`${row} ${at} ${Math.round(x)} ${Math.round(width)}`), rows);
    expect(found).toEqual(expected);
    expect(rows.count).toBe(1 + Math.max(...expected.map((one) => Number(one.split(' ')[0]))));
    for (const isFlipped of [false, true]) {
      const chart = flameChart(m, isFlipped, 0, rows);
      expect([chart.rows, chart.isFlipped]).toEqual([rows.count, isFlipped]);
      for (const one of expected) {
        const [row, at, x, width] = one.split(' ').map(Number) as [number, number, number, number];
        expect(chart.place(at).row).toBe(row);
        expect(chart.boxAt(view, x + width / 2, row)?.node).toBe(at);
        expect(chart.trunk?.(at)?.funcs.length).toBe(rows.hiddenIn(at) < 0 ? chosen.get(at)?.frames.length : undefined);
      }
    }
  }
});

test('a row says how many frames it stands for, and whose they are', () => {
  const label = (text: string): string => {
    const m = model(text);
    return trunkLabel(m.tables, [...trunksOf(m).values()][0] as Trunk);
  };
  expect(label(`${node(22)} > main`)).toBe('22 frames ▸ Node.js');
  expect(label(`${node(5)} > ${express(15)} > handler`)).toBe('20 frames ▸ express, Node.js');
  const pages = ['a', 'b', 'c'].map((name) => `${name}@file:///app/node_modules/${name}/index.js:1`).join(' > ');
  expect(label(`${node(3)} > ${pages} > handler`)).toBe('6 frames ▸ Node.js, a, …');
});

test('20,000 rows of one dependency are one', () => {
  const m = model(`${express(20_000)} > handler`);
  const rows = foldedRows(m, trunksOf(m));
  expect([rows.count, drawn(m, rows)]).toEqual([3, ['0: (root)', '1: 20000', '2: handler']]);
});

test('what is unfolded comes back from outside as far as it fits', () => {
  expect(readViewState({ unfolded: [[1, 2], [3]], isFolded: false })).toMatchObject({ unfolded: [[1, 2], [3]], isFolded: false });
  expect(readViewState({ unfolded: 'all' })).toMatchObject({ unfolded: initialState.unfolded, isFolded: true });
  expect(readUnfolded([[1], [-1], [0.5], 'x', [2]])).toEqual([[1], [2]]);
  expect(readUnfolded(Array.from({ length: 500 }, (_, i) => [i])).map(([first]) => first)).toEqual(Array.from({ length: 100 }, (_, i) => i + 400));
  const long = Array.from({ length: 15_000 }, (_, i) => i);
  expect(readUnfolded([long, [1], long])).toEqual([[1], long]);
});
