import { describe, expect, test } from 'vitest';
import { heapIcicle } from '../../src/core/heap/views/icicle';
import { sortRows } from '../../src/core/heap/views/node-order';
import { checkTables } from '../../src/core/profile/check-tables';
import { functionAt } from '../../src/core/profile/tables';
import { functionIndex } from '../../src/shared/brands';
import { type LazyTree, lazyTree, type TreeSource } from '../../webview/grid/lazy-tree';
import { MAX_HEIGHT, scrollScale } from '../../webview/grid/scroll-scale';
import { PAGE } from '../../webview/grid/tree-branches';

/** Numbers whose children are their tens: 4 has 40 to 49. What was asked for is noted. */
function numbers(counts: Readonly<Record<string, number>>): TreeSource<string, number> & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async load(list, from, to) {
      asked.push(`${list} ${from}`);
      const total = counts[list] ?? 0;
      const start = list === 'root' ? 0 : Number(list) * 10;
      return { total, from, rows: Array.from({ length: Math.max(0, Math.min(to, total) - from) }, (_, i) => start + from + i) };
    },
    keyOf: (row) => String(row),
    childrenOf: (row) => (counts[String(row)] === undefined ? undefined : String(row)),
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a tree of rows that live elsewhere', () => {
  const shown = (tree: LazyTree<number>): string =>
    Array.from({ length: tree.length }, (_, at) => {
      const entry = tree.at(at);
      return `${'  '.repeat(entry?.depth ?? 0)}${entry?.row ?? '?'}${entry?.isOpen ? ' -' : entry?.hasChildren ? ' +' : ''}`;
    }).join('\n');

  test('opens, closes, and knows parents', async () => {
    const tree = lazyTree('root', numbers({ root: 3, '1': 2, '11': 1 }), [], () => {});
    await settled();
    expect(shown(tree)).toBe('0\n1 +\n2');
    tree.open(1);
    await settled();
    tree.open(3);
    await settled();
    expect(shown(tree)).toBe('0\n1 -\n  10\n  11 -\n    110\n2');
    expect(tree.at(4)).toMatchObject({ depth: 2, path: '1\n11\n110', position: 1, siblings: 1 });
    expect([0, 1, 2, 3, 4, 5].map((at) => tree.parentOf(at))).toEqual([-1, -1, 1, 1, 3, -1]);
    expect(tree.find('1\n11\n110')).toBe(4);
    tree.close(1);
    expect(shown(tree)).toBe('0\n1 +\n2');
    tree.open(1);
    await settled();
    expect(shown(tree)).toBe('0\n1 -\n  10\n  11 -\n    110\n2');
  });

  test('of a million rows only those in sight are fetched', async () => {
    const source = numbers({ root: 1_000_000, '999999': 5 });
    const tree = lazyTree('root', source, [], () => {});
    await settled();
    expect(tree.length).toBe(1_000_000);
    expect(tree.at(500_020)).toMatchObject({ row: undefined, depth: 0 });
    tree.want(500_000, 500_040);
    await settled();
    expect(tree.at(500_020)?.row).toBe(500_020);
    tree.want(999_960, 1_000_000);
    await settled();
    tree.open(999_999);
    await settled();
    expect(tree.length).toBe(1_000_005);
    expect(tree.at(1_000_004)).toMatchObject({ row: 9_999_994, depth: 1, position: 5 });
    expect(source.asked).toEqual(['root 0', 'root 500000', 'root 999900', '999999 0']);
  });

  test('what was open opens again when its row comes back', async () => {
    const source = numbers({ root: 300, '250': 2 });
    const tree = lazyTree('root', source, ['250', 'gone'], () => {});
    await settled();
    expect(tree.length).toBe(300);
    tree.want(240, 260);
    await settled();
    expect(tree.length).toBe(302);
    expect(tree.at(251)).toMatchObject({ row: 2500, depth: 1 });
  });

  test('a row is sought over pages and levels', async () => {
    const tree = lazyTree('root', numbers({ root: 1000, '730': 500, '7650': 3 }), [], () => {});
    tree.seek([
      { key: '730', at: 730 },
      { key: '7650', at: 350 },
      { key: '76502', at: 2 },
    ]);
    await settled();
    const at = tree.find('730\n7650\n76502');
    expect(at).toBe(730 + 1 + 350 + 1 + 2);
    expect(tree.at(at)).toMatchObject({ row: 76_502, depth: 2 });
  });

  test('scrolling through all of it keeps a few pages only', async () => {
    const source = numbers({ root: 20_000 });
    const tree = lazyTree('root', source, [], () => {});
    for (let at = 0; at < 20_000; at += PAGE) {
      tree.want(at, at + 40);
      await settled();
    }
    expect(tree.at(0)?.row).toBeUndefined();
    expect(tree.at(19_900)?.row).toBe(19_900);
    tree.want(0, 40);
    await settled();
    expect(tree.at(0)?.row).toBe(0);
  });

  test('an answer that fails is told, and does not stop the rest', async () => {
    const source: TreeSource<string, number> = { ...numbers({}), load: () => Promise.reject(new Error('memory ran out')) };
    const tree = lazyTree('root', source, [], () => {});
    await settled();
    expect([tree.isLoaded, tree.length, tree.failure]).toEqual([true, 0, 'memory ran out']);
  });
});

describe('a scrollbar over more than a page can hold', () => {
  const rows = 2_000_000 * 22;
  test('reaches the first and the last row', () => {
    const scale = scrollScale();
    scale.resize(rows, 500);
    expect(scale.height).toBe(MAX_HEIGHT);
    scale.scrolled(MAX_HEIGHT - 500);
    expect(scale.top).toBe(rows - 500);
    scale.scrolled(0);
    expect(scale.top).toBe(0);
  });
  test('a wheel moves by its pixels, the bar by its place', () => {
    const scale = scrollScale();
    scale.resize(rows, 500);
    const middle = scale.scrolled((MAX_HEIGHT - 500) / 2);
    expect(scale.top).toBeCloseTo((rows - 500) / 2, 0);
    const before = scale.top;
    scale.scrolled(middle + 100);
    expect(scale.top - before).toBeCloseTo(100, 6);
  });
  test('a list that fits is not scaled', () => {
    const scale = scrollScale();
    scale.resize(22_000, 500);
    expect([scale.height, scale.scrolled(123), scale.top]).toEqual([22_000, 123, 123]);
  });
});

describe('orders', () => {
  test('rows by number, equal ones as they stood', () => {
    const value = [5, 1, 5, 0, 3];
    const rows = Uint32Array.from([0, 1, 2, 3, 4]);
    expect([...sortRows(rows, (row) => value[row] as number, false)]).toEqual([0, 2, 4, 1, 3]);
    expect([...sortRows(rows, (row) => value[row] as number, true)]).toEqual([3, 1, 4, 0, 2]);
  });
  test('numbers that cannot be packed give the same order', () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed;
    };
    for (const largest of [10, 2 ** 52]) {
      const value = Array.from({ length: 500 }, () => (random() % 2 === 0 ? random() % 10 : (random() * random()) % largest));
      const rows = Uint32Array.from(value.keys());
      for (const isRising of [true, false]) {
        const expected = [...value.keys()].sort((a, b) => (isRising ? 1 : -1) * ((value[a] as number) - (value[b] as number)) || a - b);
        expect([...sortRows(rows, (row) => value[row] as number, isRising)]).toEqual(expected);
      }
    }
  });
});

describe('the icicle of the dominator tree', () => {
  const children: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 3, 4], 1: [5, 6] };
  const retained = [1000, 600, 300, 4, 3, 350, 150];
  const make = (frames: number, share: number, depth: number) =>
    heapIcicle(
      0,
      (node) => Uint32Array.from(children[node] ?? []),
      (node) => retained[node] as number,
      (node) => ({ label: `n${node}`, is: 'object' }),
      {
        frames,
        share,
        depth,
      },
    );
  const text = ({ tables, nodes }: ReturnType<typeof make>): string =>
    nodes
      .map((node, frame) => {
        const { depth, total, self, func } = tables.nodes;
        return `${'  '.repeat(depth[frame] as number)}${functionAt(tables, functionIndex(func[frame] as number)).name} ${total[frame]} ${self[frame]}${node < 0 ? ' merged' : ''}`;
      })
      .join('\n');

  test('totals are what is retained, the small are one frame', () => {
    const icicle = make(100, 0.01, 100);
    expect(text(icicle)).toBe(['n0 1000 93', '  n1 600 100', '    n5 350 350', '    n6 150 150', '  n2 300 300', '  2 smaller 7 7 merged'].join('\n'));
    expect(checkTables(icicle.tables)).toEqual([]);
  });
  test('the largest are taken first, and nothing vanishes', () => {
    const icicle = make(3, 0, 100);
    expect(text(icicle)).toBe(['n0 1000 93', '  n1 600 100', '    n5 350 350', '    1 smaller 150 150 merged', '  3 smaller 307 307 merged'].join('\n'));
    expect(checkTables(icicle.tables)).toEqual([]);
  });
  test('what is too deep is one frame', () => {
    expect(text(make(100, 0, 1))).toBe(['n0 1000 93', '  n1 600 100', '    2 smaller 500 500 merged', '  n2 300 300', '  n3 4 4', '  n4 3 3'].join('\n'));
  });
});
