import { rgb } from 'd3';
import { describe, expect, test } from 'vitest';
import { flameModel, widestNode } from '../../src/core/profile/views/flame-model';
import { parseQuery, searchProfile } from '../../src/core/profile/views/search';
import { boxColours, contrast, type ThemeKind } from '../../webview/chart/colours';
import { layoutFlame, nodeAt, type Viewport } from '../../webview/chart/flame-layout';
import { profileFromText } from '../support/raw-profile';

const search = (m: ReturnType<typeof model>, text: string) => {
  const query = parseQuery(text);
  return query.kind === 'bad' ? query : searchProfile(m.tables, m.costs, m, query.terms);
};
const model = (text: string) => flameModel(profileFromText(text).tables);
const whole = (m: ReturnType<typeof model>, width = 1000): Viewport => ({ from: 0, to: m.width, width, firstRow: 0, lastRow: 1000 });
const boxes = (m: ReturnType<typeof model>, view = whole(m)) => {
  const found: { x: number; width: number; row: number; node: number; count: number; cost: number }[] = [];
  layoutFlame(m, view, (x, width, row, node, count, cost) => found.push({ x, width, row, node, count, cost }));
  return found;
};
const nameOf = (m: ReturnType<typeof model>, node: number) => m.tables.strings.at(m.tables.functions.name[m.tables.nodes.func[node] as number] as number);

describe('layout', () => {
  test('boxes are as wide as their share of active time; idle has no width', () => {
    const m = model('main > a x3\nmain > b\n(idle) x96');
    expect(m.width).toBe(4000);
    expect(boxes(m).map(({ x, width, row, node }) => [nameOf(m, node), row, x, width])).toEqual([
      ['(root)', 0, 0, 1000],
      ['main', 1, 0, 1000],
      ['a', 2, 0, 750],
      ['b', 2, 750, 250],
    ]);
  });

  test('frames too narrow to see become one box that says how many and how much', () => {
    const m = model(`main > wide x9000\n${Array.from({ length: 500 }, (_, i) => `main > f${i} > g${i}`).join('\n')}`);
    const found = boxes(m);
    const merged = found.filter(({ count }) => count > 1);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({ row: 2, count: 1000, cost: 500_000 });
    expect(merged[0]?.width).toBeCloseTo((1000 * 500) / 9500, 6);
  });

  test('no cost vanishes: each row of children is as wide as its parents say, at every zoom', () => {
    let state = 99;
    const random = (n: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % n;
    };
    const text = Array.from(
      { length: 800 },
      () => `${Array.from({ length: 1 + random(9) }, () => 'abcdefghij'[random(10)]).join(' > ')} x${1 + random(9)}`,
    ).join('\n');
    const m = model(text);
    for (const [from, to] of [
      [0, 1],
      [0.2, 0.3],
      [0.5, 0.501],
      [0.99, 1],
    ] as const) {
      const view = { ...whole(m), from: from * m.width, to: to * m.width };
      const found = boxes(m, view);
      for (let row = 0; row < 9; row++) {
        const { depth, length } = m.tables.nodes;
        let expected = 0;
        for (let node = 0; node < length; node++) {
          if (depth[node] !== row) continue;
          const left = Math.max(view.from, m.left[node] as number);
          const right = Math.min(view.to, (m.left[node] as number) + (m.span[node] as number));
          expected += Math.max(0, right - left);
        }
        const drawn = found.filter((box) => box.row === row).reduce((sum, box) => sum + (box.width * (view.to - view.from)) / view.width, 0);
        const below = found.filter((box) => box.row < row && box.count > 1);
        const hidden = below.reduce((sum, box) => sum + (Math.max(box.width, 0) * (view.to - view.from)) / view.width, 0);
        expect(drawn).toBeLessThanOrEqual(expected + 1 + (view.to - view.from) / 1000);
        expect(drawn + hidden).toBeGreaterThanOrEqual(expected - 1 - (view.to - view.from) / 1000);
      }
    }
  });

  test('the node under a point is the one that is drawn there', () => {
    const m = model('main > a x3\nmain > b');
    expect(nameOf(m, nodeAt(m, whole(m), 800, 2)?.node ?? 0)).toBe('b');
    expect(nodeAt(m, whole(m), 800, 7)).toBeUndefined();
  });

  test('20,000 frames deep is laid out', () => {
    const m = model(Array.from({ length: 20_000 }, (_, i) => `f${i % 50}`).join(' > '));
    expect(boxes(m, { ...whole(m), lastRow: 40 }).length).toBe(41);
    expect(m.maxDepth).toBe(20_000);
  });
});

describe('search', () => {
  const m = model('main > parse > visit x2\nmain > visit x1\nmain > print x7');
  test('the share counts a stack once, however often it matches', () => {
    expect(search(m, 'VISIT')).toMatchObject({ functions: 1, share: 0.3 });
    expect(search(m, '/^(parse|visit)$/')).toMatchObject({ functions: 2, share: 0.3 });
    expect(search(m, 'main.js')).toMatchObject({ share: 1 });
    expect(search(m, 'nothing')).toMatchObject({ functions: 0, share: 0 });
  });
  test('a bad expression is told', () => expect(search(m, '/(/')).toMatchObject({ kind: 'bad', reason: 'regex' }));
});

test("a function's widest frame is the one to focus on", () => {
  const m = model('a > f x1\nb > f > f x5');
  const node = widestNode(m, m.tables.nodes.func[boxes(m).find(({ node }) => nameOf(m, node) === 'f')?.node ?? 0] as number);
  expect([nameOf(m, m.tables.nodes.parent[node] as number), m.span[node]]).toEqual(['b', 5000]);
});

describe.each<ThemeKind>(['dark', 'light', 'hc-dark', 'hc-light'])('colours, %s', (theme) => {
  test('text on every box passes 4.5:1, the dimmer share too', () => {
    for (let category = 0; category < 10; category++) {
      for (let seed = 0; seed < 200_000; seed += 137) {
        const { fill, text, dimText } = boxColours(theme, category, seed);
        expect(contrast(rgb(fill), rgb(text))).toBeGreaterThanOrEqual(theme.startsWith('hc') ? 7 : 4.5);
        expect(contrast(rgb(fill), rgb(dimText))).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
