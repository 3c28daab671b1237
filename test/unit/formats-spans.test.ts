import { describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import type { Span } from '../../src/core/formats/read/span';
import { buildSpans } from '../../src/core/formats/read/span-stacks';
import { checkTables } from '../../src/core/profile/check-tables';
import { openProfile } from '../../src/service/profile/opened-profile';
import { fileLocator } from '../../src/source/maps/locate';
import { costsByFunction, mainOf, readAny, stacksText } from '../support/formats';

const at = (ph: string, name: unknown, ts: unknown, dur?: unknown, args?: object): object => ({ ph, name, ts, dur, pid: 1, tid: 1, args });
const read = (events: readonly object[]) => mainOf(readAny(events));
const totals = (events: readonly object[]): Record<string, number> =>
  Object.fromEntries([...costsByFunction(read(events).tables)].map(([key, { total }]) => [key.replace(/ :0$/, ''), total]));

// Trace Event Format: nested events of a thread have to be inside of each other. Tools write others all the same.
describe('overlapping spans', () => {
  const requests = [0, 1, 2, 3, 4, 5].map((i) => at('X', `req${i}`, i * 1000, 5000));

  test('each keeps its length, and is told', () => {
    expect(totals(requests)).toMatchObject({ '(root)': 10_000, ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`req${i}`, 5000])) });
    expect(read(requests).warnings).toEqual([{ kind: 'overlapping-spans', count: 5, lost: 0 }]);
  });

  test('time in which several were at work is no one’s own', () => {
    const self = [...costsByFunction(read(requests).tables)].map(([key, cost]) => [key, cost.self]);
    // Alone are the first and the last one, for a millisecond each.
    expect(Object.fromEntries(self)).toMatchObject({ 'req0 :0': 1000, 'req1 :0': 0, 'req5 :0': 1000, '(several at once) :0': 8000 });
  });

  test('what is inside of both has its own time', () => {
    expect(stacksText(read([at('X', 'a', 0, 100), at('X', 'b', 50, 100), at('X', 'c', 60, 10)]))).toBe(
      'a 100 (50)\n  b 50 (0)\n    (several at once) 40 (40)\n    c 10 (10)\nb 50 (50)',
    );
  });

  test('pairs overlap as spans do', () => {
    const pairs = [at('B', 'a', 0), at('B', 'b', 40), at('E', 'a', 60), at('E', 'b', 100)];
    expect(totals(pairs)).toMatchObject({ a: 60, b: 60, '(root)': 100 });
    expect(read(pairs).warnings).toEqual([{ kind: 'overlapping-spans', count: 1, lost: 0 }]);
  });

  test('a microsecond that rounding makes is none', () => {
    expect(stacksText(read([at('X', 'a', 0, 1000), at('X', 'b', 500, 501)]))).toBe('a 1000 (500)\n  b 500 (500)');
    expect(read([at('X', 'a', 0, 1000), at('X', 'b', 500, 501)]).warnings).toEqual([]);
  });

  test('beyond a number of steps they are cut, and the lost time is told', () => {
    const spans = Array.from(
      { length: 400 },
      (_, i): Span => ({
        start: i * 10,
        end: i * 10 + 1000,
        name: `s${i % 7}`,
        url: '',
        line: -1,
        column: -1,
        order: i,
        isOpenEnded: false,
      }),
    );
    const built = buildSpans(spans, [], 1000);
    expect(checkTables(built.tables)).toEqual([]);
    const [warning] = built.warnings;
    if (warning?.kind !== 'overlapping-spans') throw new Error(`is ${warning?.kind}`);
    expect(warning.count).toBeGreaterThan(100);
    // What is covered and what is lost is all there was, but for what still overlaps.
    expect(warning.lost).toBeGreaterThan(0);
    expect(warning.lost).toBeLessThan(400 * 1000);
    const whole = buildSpans(
      spans.map((span) => ({ ...span, end: span.start + 1000 })),
      [],
    );
    expect([whole.tables.nodes.total[0], whole.warnings]).toEqual([399 * 10 + 1000, [{ kind: 'overlapping-spans', count: 399, lost: 0 }]]);
  });

  test('a hundred at once, all the time', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => at('X', `s${i % 50}`, i, 100));
    expect(read(many).tables.nodes.total[0]).toBe(9999 + 100);
    expect(read(many).warnings).toEqual([{ kind: 'overlapping-spans', count: 9999, lost: 0 }]);
  });

  test('ten thousand at once open', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => at('X', `s${i % 50}`, i, 10_000));
    const [warning] = read(many).warnings;
    expect(warning?.kind === 'overlapping-spans' && warning.lost).toBeGreaterThan(0);
  });
});

describe('spans without an end', () => {
  test('their own time is not theirs, that of what is inside is', () => {
    const events = [at('B', 'main', 0), at('X', 'work', 100, 50), at('B', 'lost', 200), at('X', 'late', 900, 100)];
    const built = read(events);
    expect(built.warnings).toEqual([{ kind: 'unbalanced-events', count: 2 }]);
    expect(stacksText(built)).toBe(
      'main 1000 (0)\n  lost 800 (0)\n    (no end recorded) 700 (700)\n    late 100 (100)\n  (no end recorded) 150 (150)\n  work 50 (50)',
    );
  });

  test('are never the bottleneck', () => {
    const work = Array.from({ length: 100 }, (_, i) => at('X', `work${i % 5}`, i * 10_000, 5));
    const built = read([at('B', 'lost', 0), ...work, at('X', 'last', 1_000_000, 5)]);
    const profile = openProfile('a.json', built, { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
    expect(profile.findings).toEqual([]);
    const closed = read([at('X', 'lost', 0, 1_000_005), ...work, at('X', 'last', 1_000_000, 5)]);
    const named = openProfile('a.json', closed, { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
    expect(named.findings[0]?.title).toBe('lost');
  });

  test('closed with what is around them', () => {
    const events = [at('B', 'a', 0), at('B', 'b', 10), at('E', 'a', 50), at('B', 'a', 60), at('E', 'a', 70)];
    expect([stacksText(read(events)), read(events).warnings]).toEqual([
      'a 60 (20)\n  b 40 (0)\n    (no end recorded) 40 (40)\n(idle) 10 (10)',
      [{ kind: 'unbalanced-events', count: 1 }],
    ]);
  });

  test('ends without a begin are told, also of a thread with nothing else', () => {
    expect(read([at('X', 'a', 0, 5), { ...at('E', 'b', 3), tid: 2 }, at('E', 'c', 4)]).warnings).toContainEqual({ kind: 'unbalanced-events', count: 2 });
  });

  // speedscope: an end at the time of its begin belongs to it, wherever it stands.
  test('an end that stands before its begin, at one time, is its own', () => {
    const built = read([at('B', 'a', 0), at('E', 'c', 2), at('B', 'c', 2), at('E', 'a', 10)]);
    expect([stacksText(built), built.warnings]).toEqual(['a 10 (10)\n  c 0 (0)', []]);
  });

  test('an end without a name ends what began last', () => {
    expect(stacksText(read([at('B', 'a', 0), at('B', 'b', 2), at('E', undefined, 5), at('E', undefined, 9)]))).toBe('a 9 (6)\n  b 3 (3)');
  });
});

// google/perfetto: a duration below zero is one of a clock that was set back, and no length.
test.each([
  ['below zero', -1_690_794_002_733_406.8],
  ['none', undefined],
  ['a word', 'long'],
  ['beyond all numbers', 1e300],
])('a duration that is %s takes no time, and is told', (_, dur) => {
  const built = read([at('X', 'build', 0, 2000), at('X', 'lint', 3000, dur), at('X', 'test', 5000, 10)]);
  expect([stacksText(built).split('\n').sort(), built.warnings]).toEqual([
    ['(idle) 3000 (3000)', 'build 2000 (2000)', 'lint 0 (0)', 'test 10 (10)'],
    [{ kind: 'bad-spans', count: 1 }],
  ]);
});

test('an event without a time is told', () => {
  expect(read([at('X', 'a', 0, 5), at('X', 'b', 'soon', 5), at('B', 'c', null), at('X', 'd', 5, 5)]).warnings).toEqual([{ kind: 'bad-spans', count: 2 }]);
});

// speedscope: of equal extent, as they stand in the file.
describe('spans of one time', () => {
  test.each([
    ['X and X', [at('X', 'A', 0, 2), at('X', 'B', 0, 2)]],
    ['the longer one is around, wherever it stands', [at('X', 'B', 0, 2), at('X', 'A', 0, 3)]],
    ['pair, then X', [at('B', 'A', 0), at('E', 'A', 2), at('X', 'B', 0, 2)]],
    ['X, then pair', [at('X', 'A', 0, 2), at('B', 'B', 0), at('E', 'B', 2)]],
    ['pair and pair, ends in their order', [at('B', 'A', 0), at('B', 'B', 0), at('E', 'B', 2), at('E', 'A', 2)]],
    ['pair and pair, ends in the other order', [at('B', 'A', 0), at('B', 'B', 0), at('E', 'A', 2), at('E', 'B', 2)]],
  ])('%s: A > B', (_, events) => {
    expect(stacksText(read(events)).replaceAll(/ \d.*/gm, '')).toBe('A\n  B');
    expect(read(events).warnings).toEqual([]);
  });
});

describe('threads', () => {
  // google/perfetto test_x_event_order: without tid the thread is the process's.
  test('a missing tid is the pid', () => {
    const span = (name: string, dur: number, rest: object): object => ({ ph: 'X', name, ts: 1, dur, ...rest });
    const file = readAny([
      span('Child', 5, { pid: 1 }),
      span('Parent', 10, { pid: 1, tid: 1 }),
      { ph: 'M', name: 'thread_name', pid: 1, args: { name: 'Main' } },
    ]);
    expect(file.profiles.map(({ name }) => name)).toEqual(['Main (process 1)']);
    expect(stacksText(mainOf(file))).toBe('Parent 10 (5)\n  Child 5 (5)');
  });

  test('ids and names may be numbers or texts', () => {
    const file = readAny([
      { ph: 'X', name: 'a', ts: 0, dur: 1, pid: 1, tid: '2' },
      { ph: 'X', name: 'b', ts: 1, dur: 1, pid: '1', tid: 2 },
      { ph: 'M', name: 'thread_name', pid: 1, tid: 2, args: { name: 7 } },
    ]);
    expect(file.profiles.map(({ name }) => name)).toEqual(['7 (process 1)']);
  });
});

describe('what a span worked on is part of its name', () => {
  test.each([
    ['TypeScript’s --generateTrace', 'checkSourceFile', { path: '/app/a.ts' }, 'checkSourceFile /app/a.ts'],
    ['clang’s -ftime-trace', 'InstantiateFunction', { detail: 'std::sort<int *>' }, 'InstantiateFunction std::sort<int *>'],
    ['Chrome', 'EvaluateScript', { data: { url: 'https://a.example/x.js', lineNumber: 1 } }, 'EvaluateScript https://a.example/x.js'],
    ['Chrome, a function', 'FunctionCall', { data: { functionName: 'tick', url: 'https://a.example/x.js' } }, 'FunctionCall tick https://a.example/x.js'],
    ['Chrome, its begin', 'ParseHTML', { beginData: { url: 'https://a.example/' } }, 'ParseHTML https://a.example/'],
    ['nothing more', 'Compile a.ts', { path: 'a.ts' }, 'Compile a.ts'],
    ['numbers and lists say nothing', 'work', { path: 5, url: [], detail: ' ' }, 'work'],
  ])('%s', (_, name, args, shown) => {
    expect(stacksText(read([at('X', name, 0, 5, args)]))).toBe(`${shown} 5 (5)`);
    expect(stacksText(read([at('B', name, 0, undefined, args), at('E', name, 5)]))).toBe(`${shown} 5 (5)`);
    expect(stacksText(read([at('B', name, 0), at('E', name, 5, undefined, args)]))).toBe(`${shown} 5 (5)`);
  });

  test('Hermes says where the function stands', () => {
    const args = { url: 'http://host/index.bundle', line: '12', column: '3', name: 'render' };
    const { tables } = read([at('B', 'render', 0, undefined, args), at('E', 'render', 5, undefined, args)]);
    expect([...costsByFunction(tables).keys()]).toContain('render http://host/index.bundle:12');
  });
});
