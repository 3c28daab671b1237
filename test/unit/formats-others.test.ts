import { describe, expect, test } from 'vitest';
import { costsByFunction, linesOf, mainOf, readAny, stacksText } from '../support/formats';

describe('Bun before 1.3.13 (oven-sh/bun issue 29240): the line that runs, counted from 1, as a function of its own', () => {
  const root = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  const frame = (functionName: string, lineNumber: number, scriptId = '0') => ({ functionName, scriptId, url: '/app/a.js', lineNumber, columnNumber: 3 });
  const file = (frames: readonly object[], rest: object = {}) => ({
    nodes: [
      { id: 1, callFrame: root, children: frames.map((_, i) => i + 2) },
      ...frames.map((callFrame, i) => ({ id: i + 2, callFrame, hitCount: 1, ...rest })),
    ],
    startTime: 0,
    endTime: frames.length * 1000,
    samples: frames.map((_, i) => i + 2),
    timeDeltas: frames.map((_, i) => (i === 0 ? 0 : 1000)),
  });

  test('one function with its lines', () => {
    const { tables } = mainOf(readAny(file([2, 3, 4, 5].map((line) => frame('fib', line)))));
    expect([...costsByFunction(tables)].filter(([key]) => key.startsWith('fib'))).toEqual([['fib /app/a.js:0', { self: 4000, total: 4000 }]]);
    expect(linesOf(tables)).toEqual(['/app/a.js:2 1000', '/app/a.js:3 1000', '/app/a.js:4 1000', '/app/a.js:5 1000']);
  });

  test('functions without a name are not taken for one', () => {
    const { tables } = mainOf(readAny(file([frame('fib', 2), frame('fib', 3), frame('', 7), frame('', 9)])));
    expect([...costsByFunction(tables).keys()].sort()).toEqual(['(anonymous) /app/a.js:7', '(anonymous) /app/a.js:9', '(root) :0', 'fib /app/a.js:0']);
    expect(linesOf(tables).sort()).toEqual(['/app/a.js:2 1000', '/app/a.js:3 1000', '/app/a.js:7 1000', '/app/a.js:9 1000']);
  });

  test.each([
    ['of V8, with scripts of their own', file([frame('fib', 2, '7'), frame('fib', 3, '7')])],
    ['with ticks of lines', file([frame('fib', 2), frame('fib', 3)], { positionTicks: [{ line: 9, ticks: 1 }] })],
    ['of which none is in parts', file([frame('fib', 2), frame('main', 3)])],
  ])('functions %s stay as they are', (_, value) => {
    const keys = [...costsByFunction(mainOf(readAny(value)).tables).keys()];
    expect(keys.filter((key) => /^(?:fib|main) /.test(key)).map((key) => key.split(':')[1])).toEqual(['3', '4']);
  });
});

test('a .cpuprofile with counts alone has samples, of unknown times', () => {
  const node = (id: number, functionName: string, hitCount: number, children: number[] = []) => ({
    id,
    hitCount,
    children,
    callFrame: { functionName, scriptId: '5', url: id > 1 ? 'a.js' : '', lineNumber: id, columnNumber: 0 },
  });
  const value = (hits: number) => ({ nodes: [node(1, '(root)', 0, [2]), node(2, 'a', hits)], startTime: 0, endTime: 40_000 });
  expect(mainOf(readAny(value(40))).warnings).toEqual([{ kind: 'no-timestamps' }]);
  expect(mainOf(readAny(value(0))).warnings).toEqual([{ kind: 'no-samples' }]);
});

describe('Gecko: other processes', () => {
  const thread = (name: string, count: number) => ({
    name,
    tid: 3,
    samples: { schema: { stack: 0, time: 1 }, data: Array.from({ length: count }, (_, i) => [0, i]) },
    stackTable: { schema: { prefix: 0, frame: 1 }, data: [[null, 0]] },
    frameTable: { schema: { location: 0 }, data: [[0]] },
    stringTable: [`in${name}`],
  });
  const process = (startTime: number, threads: unknown[], processes: unknown[] = []) => ({ meta: { interval: 1, startTime }, libs: [], threads, processes });
  const names = (value: unknown): string[] => readAny(value).profiles.map(({ name }) => name);

  // Firefox Profiler, fixtures/upgrades/gecko-1.json: a child process as JSON text among the threads.
  test('as text among the threads', () => {
    const file = readAny(process(0, [thread('GeckoMain', 10), JSON.stringify(process(0, [thread('Content', 10)]))]));
    expect(file.profiles.map(({ name, built }) => [name, built.tables.nodes.total[0], built.warnings])).toEqual([
      ['GeckoMain', 10_000, []],
      ['Content', 10_000, []],
    ]);
  });

  test('a thread as text', () => {
    expect(names(process(0, [thread('GeckoMain', 2), JSON.stringify(thread('Worker', 2))]))).toEqual(['GeckoMain', 'Worker']);
  });

  test('in processes of processes, as objects and as texts', () => {
    const grandchild = process(0, [thread('C', 2)]);
    const child = process(0, [thread('B', 2)], [grandchild, JSON.stringify(process(0, [thread('D', 2)]))]);
    expect(names(process(0, [thread('A', 2)], [child]))).toEqual(['A', 'B', 'C', 'D']);
  });

  // Firefox Profiler, process-profile.js: times of a child are moved by the difference of the starts.
  test('each counts from its own start', () => {
    const file = readAny(process(1000, [thread('A', 2)], [process(1500, [thread('B', 2)])]));
    expect(file.profiles.map(({ built }) => built.tables.startTime)).toEqual([0, 500_000]);
  });

  test('what is none is told', () => {
    expect(mainOf(readAny(process(0, [thread('A', 2), 'no JSON', 7], ['{"threads": ['])))).toMatchObject({ warnings: [{ kind: 'unread-threads', count: 2 }] });
  });
});

describe('callgrind', () => {
  // valgrind --tool=callgrind --cache-sim=yes
  const events = 'Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw';
  const file = (costs: string, names = events): string => `# callgrind format\nevents: ${names}\nfl=a.c\nfn=main\n1 ${costs}\n\n`;

  test('all events are profiles', () => {
    expect(readAny(file('10 5 3 1 1 1 0 0 7')).profiles.map(({ name, built }) => [name, built.tables.nodes.total[0]])).toEqual(
      events.split(' ').map((name, i) => [name, [10, 5, 3, 1, 1, 1, 0, 0, 7][i]]),
    );
  });

  test('more than are read are told', () => {
    const names = Array.from({ length: 20 }, (_, i) => `e${i}`).join(' ');
    expect(mainOf(readAny(file('1', names))).warnings).toContainEqual({ kind: 'unread-measures', count: 4 });
  });

  test('a cost that is no number is told', () => {
    expect(mainOf(readAny(file('10 many -300'))).warnings).toContainEqual({ kind: 'bad-costs', count: 2 });
  });

  // speedscope, sample callgrind.subposition-compression.log and its snapshot.
  test('costs may be relative to the one before', () => {
    const text =
      '# callgrind format\nevents: Ir\nfl=a.c\nfn=main\n16 20\ncfn=f\ncalls=1 50\n* 400\n\nfn=f\n+35 -300\ncfn=g\ncalls=2 20\n* 300\n\nfn=g\n-31 +400\n';
    const costs = [...costsByFunction(mainOf(readAny(text)).tables)].map(([key, { self }]) => [key, Math.round(self)]);
    expect(Object.fromEntries(costs)).toMatchObject({ 'main a.c:0': 20, 'f a.c:0': 100, 'g a.c:0': 700 });
  });

  test.each([
    ['cpu(ms)', 'microseconds', 10_000],
    ['Time_(10ns)', 'microseconds', 0.1],
    ['inuse_space(MB)', 'bytes', 10 * 2 ** 20],
    ['Memory_(bytes)', 'bytes', 10],
    ['Ir', 'count', 10],
    ['f(x)', 'count', 10],
  ])('%s', (event, unit, cost) => {
    const { tables } = mainOf(readAny(file('10', event)));
    expect([tables.unit, tables.nodes.total[0]]).toEqual([unit, cost]);
  });

  test('time comes first', () => {
    const read = readAny(file('900 10', 'Memory_(bytes) Time_(10ns)'));
    expect([read.profiles[read.main]?.name, stacksText(mainOf(read))]).toEqual(['Time_(10ns)', 'main 0.1 (0.1)']);
  });
});
