import { describe, expect, test } from 'vitest';
import { analyzeHeap } from '../../src/core/heap/analysis/analyze-heap';
import type { HeapGraph } from '../../src/core/heap/graph/heap-graph';
import { findLeaks, type LeakReport } from '../../src/core/heap/leaks/leaks';
import { parseHeapSnapshot } from '../../src/core/heap/read/parse-snapshot';
import { type SmallEdge, type SmallNode, snapshotText } from '../support/heap';

/** Exercises in each round, and the objects that there are at each snapshot. */
const TIMES = 10;
const COUNTS = [10, 20, 30] as const;

interface Made {
  add(node: Omit<SmallNode, 'edges'>, edges?: readonly SmallEdge[]): number;
  link(from: number, edge: SmallEdge): void;
  /** V8's number of what was made for an exercise, from 0: an odd one that grows with time. */
  idOf(exercise: number, part: number): number;
}

/** Three snapshots: the root is node 0, the global object node 1, the synthetic `(Global handles)` node 2. */
function hunt(make: (made: Made, count: number, round: number) => void, lengths?: ReadonlyMap<number, readonly [number, number, number]>): LeakReport {
  const graphs = COUNTS.map((count, round): HeapGraph => {
    const nodes: (SmallNode & { edges: SmallEdge[] })[] = [];
    const made: Made = {
      add: (node, edges = []) => nodes.push({ ...node, edges: [...edges] }) - 1,
      link: (from, edge) => void nodes[from]?.edges.push(edge),
      idOf: (exercise, part) => 1001 + 100 * exercise + 2 * part,
    };
    made.add({ type: 'synthetic', name: '', id: 1, size: 0 }, [
      { type: 'shortcut', name: 'global', to: 1 },
      { type: 'element', name: 1, to: 2 },
    ]);
    made.add({ type: 'object', name: 'global', id: 3, size: 24 });
    made.add({ type: 'synthetic', name: '(Global handles)', id: 5, size: 0 });
    // What stays as it is, by which the snapshots are known to be of one process.
    for (let i = 0; i < 40; i++) {
      const to = made.add({ type: 'object', name: `Steady${i}`, id: 101 + 2 * i, size: 16 });
      made.link(1, { type: 'property', name: `steady${i}`, to });
    }
    make(made, count, round);
    made.link(1, { type: 'property', name: 'newest', to: made.add({ type: 'object', name: 'Newest', id: made.idOf(count, 0) - 4, size: 8 }) });
    const parsed = parseHeapSnapshot(new TextEncoder().encode(snapshotText(nodes)));
    if (!parsed.ok) throw new Error(parsed.error.kind);
    return parsed.value.graph;
  });
  const [first, second, third] = graphs as [HeapGraph, HeapGraph, HeapGraph];
  const found = findLeaks(first, second, analyzeHeap(third), { times: TIMES, lengths });
  if (!found.ok) throw new Error(found.error.kind);
  return found.value;
}

const brief = ({ leaks }: LeakReport): string[] => leaks.map(({ verdict, className, counts }) => `${verdict} ${className} ${counts}`);

/** An address that no other snapshot has. */
const address = (round: number, i: number): number => 0x10_0000 * (round + 1) + 64 * i;

describe('what native objects keep', () => {
  const handles = ({ add, link, idOf }: Made, count: number, round: number): void => {
    for (let i = 0; i < count; i++) {
      const owner = add({ type: 'object', name: 'Socket', id: idOf(i, 1), size: 88 });
      const handle = add({ type: 'object', name: 'UDP', id: idOf(i, 0), size: 48 }, [{ type: 'property', name: '<symbol owner_symbol>', to: owner }]);
      const native = add({ type: 'synthetic', name: 'Node / UDPWrap', id: address(round, i), size: 352 }, [
        { type: 'internal', name: 'native_to_javascript', to: handle },
      ]);
      link(0, { type: 'element', name: 2 + i, to: native });
    }
  };

  test('is found though every snapshot has other ids for them, and is called by its owner', () => {
    const report = hunt(handles);
    expect(brief(report)).toEqual(['leak Socket 10,20,30']);
    // 30 × (352 + 48 + 88)
    expect(report.leaks[0]).toMatchObject({ isMultiple: true, retainedSize: 14_640 });
  });

  test('levels off as anything else does', () => {
    expect(brief(hunt((made, count, round) => handles(made, Math.min(count, 20), round)))).toEqual([]);
  });

  test('two kinds of handles are two', () => {
    const report = hunt((made, count, round) => {
      handles(made, count, round);
      for (let i = 0; i < count; i++) {
        const port = made.add({ type: 'object', name: 'MessagePort', id: made.idOf(i, 2), size: 40 });
        const native = made.add({ type: 'synthetic', name: 'Node / MessagePort', id: address(round, 500 + i), size: 8 }, [
          { type: 'internal', name: 'native_to_javascript', to: port },
        ]);
        made.link(0, { type: 'element', name: 600 + i, to: native });
      }
    });
    expect(brief(report).sort()).toEqual(['leak MessagePort 10,20,30', 'leak Socket 10,20,30']);
  });

  test('native objects alone are told, once for what hangs on each other', () => {
    const report = hunt(({ add, link }, count, round) => {
      const map = add({ type: 'native', name: 'Node / std::unordered_map', id: address(round, 9000), size: 40 });
      link(1, { type: 'internal', name: 'javascript_to_native', to: map });
      for (let i = 0; i < count; i++) {
        const data = add({ type: 'native', name: 'Node / BackingStore', id: address(round, 2 * i), size: 1000 });
        const blob = add({ type: 'native', name: 'Node / Blob', id: address(round, 2 * i + 1), size: 50 }, [{ type: 'internal', name: 'data', to: data }]);
        link(map, { type: 'element', name: i, to: blob });
      }
    });
    expect(brief(report)).toEqual(['leak Node / Blob 10,20,30']);
    expect(report.leaks[0]?.retainedSize).toBe(31_500);
    expect(report.leaks[0]?.path[report.leaks[0].holder]?.name).toBe('Node / std::unordered_map');
  });
});

describe('what keeps nothing for good', () => {
  /** `count` objects of each round, held by edges like this one of a node like that. */
  const held = (holder: Omit<SmallNode, 'edges' | 'id' | 'size'>, by: (i: number) => SmallEdge, above: Partial<SmallEdge> = {}) => {
    return ({ add, link, idOf }: Made, count: number): void => {
      const from = add({ ...holder, id: 301, size: 16 });
      link(1, { type: 'property', name: 'held', ...above, to: from } as SmallEdge);
      for (let i = 0; i < count; i++) link(from, { ...by(i), to: add({ type: 'object', name: 'Item', id: idOf(i, 0), size: 40 }) });
    };
  };
  const element = (i: number): SmallEdge => ({ type: 'element', name: i, to: 0 });

  test.each([
    [
      'the console of the inspector',
      held({ type: 'synthetic', name: '(Global handles)' }, (i) => ({ type: 'internal', name: `${i} / DevTools console`, to: 0 })),
      0,
    ],
    ['another global handle', held({ type: 'synthetic', name: '(Global handles)' }, (i) => ({ type: 'internal', name: `${i} / audio`, to: 0 })), 1],
    ['ticks that wait', held({ type: 'object', name: 'FixedQueue' }, element, { type: 'context', name: 'queue' }), 0],
    ['a queue of the program', held({ type: 'object', name: 'Queue' }, element, { type: 'context', name: 'queue' }), 1],
    ['another FixedQueue', held({ type: 'object', name: 'FixedQueue' }, element, { type: 'context', name: 'unconsumedEvents' }), 1],
    ['timings of resources', held({ type: 'object', name: 'Array' }, element, { type: 'context', name: 'resourceTimingBuffer' }), 0],
    ['marks, which nobody bounds', held({ type: 'object', name: 'Array' }, element, { type: 'context', name: 'markEntryBuffer' }), 1],
    ["Plateau's own", held({ type: 'object', name: 'Array' }, element, { type: 'property', name: '<symbol plateau.recorder>' }), 0],
  ] as const)('%s', (_, make, leaks) => expect(brief(hunt(make))).toHaveLength(leaks));

  test("what the console keeps and the program too is the program's", () => {
    const report = hunt(({ add, link, idOf }, count) => {
      const list = add({ type: 'object', name: 'Array', id: 301, size: 16 });
      link(1, { type: 'property', name: 'list', to: list });
      for (let i = 0; i < count; i++) {
        const item = add({ type: 'object', name: 'Item', id: idOf(i, 0), size: 40 });
        link(list, { type: 'element', name: i, to: item });
        link(2, { type: 'internal', name: `${i} / DevTools console`, to: item });
      }
    });
    expect(brief(report)).toEqual(['leak Item 10,20,30']);
    expect(report.leaks[0]?.path.map(({ edge }) => edge)).toEqual(['', 'global', 'list', '10']);
  });

  test('the timings are a leak where the program keeps more of them than Node.js would', () => {
    const many = held({ type: 'object', name: 'Array' }, element, { type: 'context', name: 'resourceTimingBuffer' });
    expect(brief(hunt((made, count) => many(made, count + 300)))).toHaveLength(1);
  });

  const places = (name: string): ((made: Made) => void) => {
    return ({ add, link }) => {
      const list = add({ type: 'object', name: 'Array', id: 301, size: 16 });
      link(1, {
        type: 'property',
        name: 'client',
        to: add({ type: 'object', name, id: 303, size: 24 }, [{ type: 'property', name: '<symbol queue>', to: list }]),
      });
    };
  };

  test.each([
    ["undici's queue", 'Client', [40, 50, 60], 0],
    ["undici's queue, beyond what it cuts off", 'Client', [600, 610, 620], 1],
    ['a queue of something else', 'Mailer', [40, 50, 60], 1],
  ] as const)('%s', (_, name, lengths, leaks) => expect(hunt(places(name), new Map([[301, lengths]])).leaks).toHaveLength(leaks));
});

describe('no leak is only said when the classes agree', () => {
  /** Everything is made anew for each exercise, as immutable states are. */
  const state = (count: (of: number) => number) => {
    return ({ add, link, idOf }: Made, all: number): void => {
      const list = add({ type: 'object', name: 'Array', id: idOf(all, 0), size: 16 });
      link(1, { type: 'property', name: 'state', to: list });
      for (let i = 0; i < count(all); i++) link(list, { type: 'element', name: i, to: add({ type: 'object', name: 'Row', id: idOf(all, i + 1), size: 40 }) });
    };
  };

  test('of a class there are as many more each time, though no holder stayed', () => {
    const report = hunt(state((all) => all));
    expect(report.leaks).toEqual([]);
    expect(report.classes).toEqual([{ name: 'Row', counts: [10, 20, 30], bytes: 800 }]);
  });

  test.each([
    ['no more of it than before', () => 30],
    ['another number than that of the exercises', (all: number) => (all * 3) / 2],
  ])('%s', (_, count) => expect(hunt(state(count)).classes).toEqual([]));
});

test('bound functions are told apart by what is bound', () => {
  const report = hunt(({ add, link, idOf }, count) => {
    const list = add({ type: 'object', name: 'Array', id: 301, size: 16 });
    link(1, { type: 'property', name: 'listeners', to: list });
    const save = add({ type: 'closure', name: 'save', id: 303, size: 32 });
    link(1, { type: 'property', name: 'save', to: save });
    for (let i = 0; i < count; i++) {
      const bound = add({ type: 'closure', name: 'native_bind', id: idOf(i, 0), size: 32 }, [{ type: 'internal', name: 'bound_function', to: save }]);
      link(list, { type: 'element', name: i, to: bound });
    }
  });
  expect(brief(report)).toEqual(['leak bound save 10,20,30']);
});
