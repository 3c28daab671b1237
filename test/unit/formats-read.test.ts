import { Line, Location, Function as PprofFunction, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { mergeProfiles } from '../../src/core/formats/merge-profiles';
import { readAnyProfile } from '../../src/core/formats/read/read-any';
import { Category } from '../../src/core/profile/categories';
import { lineCosts } from '../../src/core/profile/costs/line-costs';
import { costsByFunction, linesOf, mainOf, readAny, stacksText } from '../support/formats';
import { bytesOf } from '../support/raw-profile';

describe('collapsed stacks', () => {
  test('stacks become a tree, numbers are counts', () => {
    const file = readAny('main;parse;next 3\nmain;parse 1\n\n# a comment\nmain;print 4\n');
    expect(file.format).toBe('collapsed');
    expect(stacksText(mainOf(file))).toBe('main 8 (0)\n  parse 4 (1)\n    next 3 (3)\n  print 4 (4)');
    expect([mainOf(file).tables.unit, mainOf(file).tables.samples.length, mainOf(file).warnings]).toEqual(['count', 0, []]);
  });

  test('a place in a frame is the function’s own, in Python and Ruby the line that runs', () => {
    const { tables } = mainOf(
      readAny(
        'run (file:///app/my app (1)/a.js:12);f (src/b.js:3) 5\nrun (app.py:4);load (app.py:10) 2\nrun (app.py:4);load (app.py:11) 6\nalloc(int, char) 1\n',
      ),
    );
    expect([...costsByFunction(tables).keys()].sort()).toEqual([
      '(root) :0',
      'alloc(int, char) :0',
      'f src/b.js:3',
      'load app.py:0',
      'run app.py:0',
      'run file:///app/my app (1)/a.js:12',
    ]);
    expect(linesOf(tables)).toEqual(['app.py:10 2', 'app.py:11 6']);
  });

  test.each([
    ['py-spy', '<module> (a.py:1);f (a.py:2) 30\n', ['<module> a.py:0', 'f a.py:0']],
    ['async-profiler with threads', '[main tid=123];java/lang/Thread.run;Foo.bar_[j] 30\n', ['[main tid=123] :0', 'java/lang/Thread.run :0', 'Foo.bar :0']],
    ['a thread whose name begins like a word of JSON', '[null tid=1];f 30\n', ['[null tid=1] :0', 'f :0']],
    ['a thread by its number', '[123];f 30\n', ['[123] :0', 'f :0']],
    ['perf', '[unknown];main;f 30\n[unknown];main 2\n', ['[unknown] :0', 'main :0', 'f :0']],
    ['the kernel', '[[kernel]];f 30\n', ['[[kernel]] :0', 'f :0']],
    ['PHP', '{closure#0};main;f 30\n', ['{closure#0} :0', 'main :0', 'f :0']],
    ['Rust', '{{closure}};f 30\n<T as core::fmt::Debug>::fmt 2\n', ['{{closure}} :0', 'f :0', '<T as core::fmt::Debug>::fmt :0']],
    ['PHP behind a byte order mark', '\ufeff{main};f 30\n', ['{main} :0', 'f :0']],
  ])('%s: a stack may begin with a bracket', (_, text, functions) => {
    const file = readAny(text);
    expect([file.format, mainOf(file).warnings]).toEqual(['collapsed', []]);
    expect([...costsByFunction(mainOf(file).tables).keys()].filter((key) => key !== '(root) :0').sort()).toEqual([...functions].sort());
  });

  test('costs below zero and beyond all numbers are left out with a warning, powers of ten are numbers', () => {
    const negative = mainOf(readAny('a;b 3\na;c -1\na;d 9\n'));
    expect([stacksText(negative), negative.warnings]).toEqual(['a 12 (0)\n  d 9 (9)\n  b 3 (3)\n  c 0 (0)', [{ kind: 'bad-costs', count: 1 }]]);
    const powers = mainOf(readAny('a;b 1e3\na;c 4\na;d 1e999\n'));
    expect([powers.tables.nodes.total[0], powers.warnings]).toEqual([1004, [{ kind: 'bad-costs', count: 1 }]]);
  });

  test('words are no profile; one stack is, also of one frame, as it is exported', () => {
    for (const text of ['node', '13706\n', 'node 13706 is up\n']) expect(readAnyProfile(bytesOf(text)).ok, text).toBe(false);
    for (const text of ['main 7', 'main 7\n', 'main (a.js:3) 7\n', '(program) 7\n', 'main 3\nother 4\n', 'a;b 7'])
      expect(mainOf(readAny(text)).tables.nodes.total[0]).toBe(7);
  });

  test.each([
    ['in a frame', 'main;parse 3\nmain;pri', 3],
    ['behind a frame', 'main;parse 3\nmain;print ', 3],
    ['nowhere, but the line break is missing', 'main;parse 3\nmain;print 4', 7],
    ['nowhere, and a comment comes last', 'main;parse 3\n# end', 3],
  ])('cut %s', (where, text, total) => {
    const built = mainOf(readAny(text));
    expect([built.tables.nodes.total[0], built.warnings]).toEqual([total, where.startsWith('nowhere') ? [] : [{ kind: 'truncated', offset: text.length }]]);
  });

  test.each([
    ['JSON of lines', '[\n1,\n2\n]\n'],
    ['JSON on one line', '[1, 2]'],
    ['JSON that names stacks', '{"stack": "a;b 3", "count": 4}\n'],
    ['JSON that is cut', '{"stack": "a;b 3'],
    ['JSON of 300 kB with a semicolon', `{"a": "${';'.repeat(300_000)}"}`],
    ['damaged JSON of 300 kB with a semicolon', `{"a": nul, "b": "${';'.repeat(300_000)}"}`],
    ['XML', '<?xml version="1.0"?>\na;b 1\na;b 2\na;b 3\na;b 4\na;b 5\n'],
    ['HTML', '<!DOCTYPE html>\n<html>\n<body>a &lt; b; 12</body>\n</html>\n'],
    ['HTML without a head', '<html lang=en> 5\na;b 1\n'],
  ])('%s is none', (_, text) => expect(readAnyProfile(bytesOf(text)).ok).toBe(false));

  test('async-profiler: the kernel and the JVM are not the user’s own, how code was compiled makes no other function', () => {
    const { tables } = mainOf(readAny('java/lang/Thread.run_[j];app/Main.work_[j];app/Main.work_[i];do_syscall_64_[k] 7\n'));
    expect([...tables.functions.category]).toEqual([Category.Root, Category.Native, Category.User, Category.Native]);
  });

  test('lines that do not fit are told', () => {
    expect(mainOf(readAny('a;b 1\na;c 2\na;b 1\na;b 1\nno number\na;d 1\n')).warnings).toEqual([{ kind: 'bad-lines', count: 1, first: 5 }]);
  });
});

describe('speedscope', () => {
  const frames = [{ name: 'main', file: 'file:///a.js', line: 1, col: 5 }, { name: 'parse' }, { name: 'print' }];
  const file = (profiles: unknown[], rest = {}): object => ({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames },
    profiles,
    ...rest,
  });

  test('sampled: times are microseconds, the weight of a sample is its cost', () => {
    const one = { type: 'sampled', name: 'one', unit: 'milliseconds', startValue: 10, endValue: 16, samples: [[0, 1], [0], [0, 1]], weights: [1, 2, 3] };
    const built = mainOf(readAny(file([one])));
    expect(stacksText(built)).toBe('main 6000 (2000)\n  parse 4000 (4000)');
    expect([built.tables.startTime, built.tables.endTime, [...built.tables.samples.start]]).toEqual([10_000, 16_000, [10_000, 11_000, 13_000]]);
    expect([...costsByFunction(built.tables).keys()]).toContain('main file:///a.js:1');
  });

  test.each([
    ['nanoseconds', 'microseconds', 0.005],
    ['seconds', 'microseconds', 5e6],
    ['bytes', 'bytes', 5],
    ['none', 'count', 5],
  ])('unit %s', (unit, expected, cost) => {
    const { tables } = mainOf(readAny(file([{ type: 'sampled', name: '', unit, samples: [[0]], weights: [5] }])));
    expect(tables.unit).toBe(expected);
    expect(tables.nodes.total[0]).toBeCloseTo(cost, 9);
  });

  test('evented: what is open has the time, gaps are idle', () => {
    const event = (type: string, at: number, frame: number) => ({ type, at, frame });
    const events = [event('O', 0, 0), event('O', 2, 1), event('C', 5, 1), event('C', 6, 0), event('O', 8, 2), event('C', 9, 2)];
    const built = mainOf(readAny(file([{ type: 'evented', name: 'e', unit: 'microseconds', startValue: 0, endValue: 9, events }])));
    expect(stacksText(built)).toBe('main 6 (3)\n  parse 3 (3)\n(idle) 2 (2)\nprint 1 (1)');
    expect(built.warnings).toEqual([]);
  });

  test('events that do not match are told, and no time is lost', () => {
    const events = [
      { type: 'O', at: 0, frame: 0 },
      { type: 'O', at: 1, frame: 1 },
      { type: 'C', at: 4, frame: 0 },
      { type: 'C', at: 5, frame: 1 },
    ];
    const built = mainOf(readAny(file([{ type: 'evented', name: 'e', unit: 'none', startValue: 0, endValue: 5, events }])));
    expect(built.warnings).toEqual([{ kind: 'unbalanced-events', count: 2 }]);
    // When parse ended is not known: no later than main, and that time is not its own.
    expect(stacksText(built)).toBe('main 4 (1)\n  parse 3 (0)\n    (no end recorded) 3 (3)');
  });

  test('py-spy writes the line that runs: one function, its lines with their costs', () => {
    const lines = [4, 9, 10].map((line, i) => ({ name: i === 0 ? 'run' : 'load', file: 'app.py', line }));
    const one = {
      type: 'sampled',
      name: 't',
      unit: 'seconds',
      samples: [
        [0, 1],
        [0, 2],
        [0, 1],
      ],
      weights: [0.01, 0.01, 0.01],
    };
    const { tables } = mainOf(readAny({ exporter: 'py-spy@0.3.14', shared: { frames: lines }, profiles: [one] }));
    expect(tables.functions.length).toBe(3);
    expect(linesOf(tables)).toEqual(['app.py:9 20000', 'app.py:10 10000']);
  });

  test('several profiles: the active one is shown first', () => {
    const one = (name: string) => ({ type: 'sampled', name, unit: 'none', samples: [[0]], weights: [1] });
    const read = readAny(file([one('a'), one('b'), one('a')], { activeProfileIndex: 1 }));
    expect([read.main, read.profiles.map(({ name }) => name)]).toEqual([1, ['a', 'b', 'a (2)']]);
  });
});

describe('Chrome traces', () => {
  const node = (id: number, functionName: string, parent?: number) => ({
    id,
    parent,
    callFrame: { functionName, url: parent ? 'file:///a.js' : '', lineNumber: id, columnNumber: 0 },
  });
  const chunk = (id: string, tid: number, ts: number, data: object) => ({ ph: 'P', name: 'ProfileChunk', pid: 1, tid, id, ts, args: { data } });
  const start = (id: string, tid: number) => ({ ph: 'P', name: 'Profile', pid: 1, tid, id, ts: 0, args: { data: { startTime: 1000 } } });
  const thread = (tid: number, name: string) => ({ ph: 'M', name: 'thread_name', pid: 1, tid, args: { name } });
  const nodes = [node(1, '(root)'), node(2, 'main', 1), node(3, 'parse', 2)];
  const events = [
    thread(7, 'CrRendererMain'),
    thread(8, 'Worker'),
    start('0x1', 7),
    start('0x2', 8),
    // Out of order, from the sampler's own thread, nodes in parts.
    chunk('0x1', 99, 20, { cpuProfile: { nodes: nodes.slice(2), samples: [3, 3] }, timeDeltas: [100, 100], lines: [5, 6] }),
    chunk('0x1', 99, 10, { cpuProfile: { nodes: nodes.slice(0, 2), samples: [2] }, timeDeltas: [100], lines: [2] }),
    chunk('0x2', 99, 15, { cpuProfile: { nodes: nodes.slice(0, 2), samples: [2, 2] }, timeDeltas: [0, 50], lines: [0, 0], endTime: 1060 }),
  ];

  test.each([
    ['an object', { traceEvents: events }],
    ['a list', events],
    ['a list without an end', JSON.stringify(events).slice(0, -1)],
  ])('CPU profiles by thread, in %s', (_, value) => {
    const file = readAny(value);
    expect([file.format, file.main]).toEqual(['chrome-trace', 0]);
    expect(file.profiles.map(({ name }) => name)).toEqual(['CrRendererMain (process 1)', 'Worker (process 1)']);
    const main = mainOf(file);
    expect(main.warnings).toEqual([]);
    expect(stacksText(main)).toBe('main 200 (100)\n  parse 100 (100)');
    expect([...main.tables.samples.start]).toEqual([1100, 1200, 1300]);
    expect(linesOf(main.tables)).toEqual(['file:///a.js:2 100', 'file:///a.js:5 50', 'file:///a.js:6 50']);
  });

  test('merged: a frame for each thread, costs add up', () => {
    const file = readAny(events);
    const merged = mergeProfiles(
      file.profiles.map(({ built }) => built),
      file.profiles.map(({ name }) => name),
    );
    expect(stacksText(merged)).toBe('[CrRendererMain (process 1)] 200 (0)\n  main 200 (100)\n    parse 100 (100)\n[Worker (process 1)] 60 (0)\n  main 60 (60)');
    expect(linesOf(merged.tables)).toEqual(['file:///a.js:2 100', 'file:///a.js:5 50', 'file:///a.js:6 50']);
  });

  test('without CPU profiles the events are spans; what is between them is idle', () => {
    const at = (ph: string, name: string, ts: number, dur?: number) => ({ ph, name, ts, dur, pid: 1, tid: 1 });
    const file = readAny([at('B', 'alpha', 0), at('X', 'gamma', 2, 5), at('B', 'beta', 8), at('E', 'beta', 9), at('E', 'alpha', 14), at('X', 'late', 20, 1)]);
    expect(stacksText(mainOf(file))).toBe('alpha 14 (8)\n  gamma 5 (5)\n  beta 1 (1)\n(idle) 6 (6)\nlate 1 (1)');
  });
});

describe('pprof', () => {
  function make(): Uint8Array {
    const strings = new StringTable();
    const s = (text: string): number => strings.dedup(text);
    const type = (name: string, unit: string) => new ValueType({ type: s(name), unit: s(unit) });
    const func = (id: number, name: string, file: string, startLine = 0) => new PprofFunction({ id, name: s(name), filename: s(file), startLine });
    return new Profile({
      stringTable: strings,
      sampleType: [type('samples', 'count'), type('cpu', 'nanoseconds')],
      function: [
        func(1, 'main.main', '/app/main.go', 3),
        func(2, 'main.parse', '/app/parse.go'),
        func(3, 'mux.Route', '/go/pkg/mod/github.com/gorilla/mux@v1.8.0/mux.go'),
      ],
      location: [
        new Location({ id: 1, line: [new Line({ functionId: 1, line: 8 })] }),
        // parse is inlined into Route: the innermost stands first.
        new Location({ id: 2, line: [new Line({ functionId: 2, line: 20 }), new Line({ functionId: 3, line: 99 })] }),
        new Location({ id: 3, line: [new Line({ functionId: 2, line: 21 })] }),
      ],
      sample: [
        new Sample({ locationId: [2, 1], value: [3, 30_000_000] }),
        new Sample({ locationId: [3, 1], value: [1, 10_000_000] }),
        new Sample({ locationId: [1], value: [2, 20_000_000] }),
      ],
    }).encode();
  }

  test('sample types, inlined functions, the lines of leaves, packages', () => {
    const file = readAny(make());
    expect([file.format, file.main, file.profiles.map(({ name }) => name)]).toEqual(['pprof', 1, ['samples', 'cpu']]);
    const built = mainOf(file);
    expect(stacksText(built)).toBe('main.main 60000 (20000)\n  mux.Route 30000 (0)\n    main.parse 30000 (30000)\n  main.parse 10000 (10000)');
    expect(linesOf(built.tables)).toEqual(['/app/main.go:8 20000', '/app/parse.go:20 30000', '/app/parse.go:21 10000']);
    expect([...costsByFunction(built.tables).keys()]).toContain('main.main /app/main.go:3');
    expect(built.tables.nodes.hits.reduce((a, b) => a + b, 0)).toBe(6);
    const { functions, strings } = built.tables;
    expect(Array.from(functions.package, (row) => strings.at(row))).toContain('github.com/gorilla/mux');
    expect(stacksText((file.profiles[0] as { built: typeof built }).built)).toContain('main.main 6 (2)');
  });

  test('functions have lines and no columns', () => {
    const { functions } = mainOf(readAny(make())).tables;
    expect([...functions.column].every((column) => column === -1)).toBe(true);
  });

  test('the lines of a function share its cost to the digit, whatever the samples', () => {
    const strings = new StringTable();
    const s = (text: string): number => strings.dedup(text);
    const bytes = new Profile({
      stringTable: strings,
      sampleType: [new ValueType({ type: s('samples'), unit: s('count') }), new ValueType({ type: s('cpu'), unit: s('nanoseconds') })],
      function: [new PprofFunction({ id: 1, name: s('f'), filename: s('f.go') })],
      location: [5, 6, 7].map((line) => new Location({ id: line, line: [new Line({ functionId: 1, line })] })),
      sample: [
        new Sample({ locationId: [5], value: [2, 5_000] }),
        new Sample({ locationId: [6], value: [1, 7_000] }),
        new Sample({ locationId: [7], value: [1, 1_234_567_891] }),
      ],
    }).encode();
    expect(lineCosts(mainOf(readAny(bytes)).tables).map(({ line, self, ticks }) => [line, Number(self.toFixed(6)), ticks])).toEqual([
      [5, 5, Number.NaN],
      [6, 7, Number.NaN],
      [7, 1_234_567.891, Number.NaN],
    ]);
  });

  test('a location that is not in the file is an (unknown node)', () => {
    const strings = new StringTable();
    const s = (text: string): number => strings.dedup(text);
    const bytes = new Profile({
      stringTable: strings,
      sampleType: [new ValueType({ type: s('cpu'), unit: s('microseconds') })],
      function: [new PprofFunction({ id: 1, name: s('f'), filename: s('f.go') })],
      location: [new Location({ id: 1, line: [new Line({ functionId: 1, line: 5 })] })],
      sample: [new Sample({ locationId: [9, 8, 1], value: [7] }), new Sample({ locationId: [1], value: [3] })],
    }).encode();
    const built = mainOf(readAny(bytes));
    expect(stacksText(built)).toBe('f 10 (3)\n  (unknown node) 7 (7)');
    expect(built.warnings).toEqual([{ kind: 'unknown-sample-nodes', count: 1 }]);
  });

  test('cut anywhere it gives the samples that are whole, and says so', () => {
    const bytes = make();
    // Strings stand last, units among them: without its unit a value is a count.
    const full = mainOf(readAny(bytes)).tables.nodes.total[0] as number;
    let some = 0;
    for (let cut = 1; cut < bytes.length; cut++) {
      const result = readAnyProfile(bytes.subarray(0, cut));
      if (!result.ok) continue;
      some++;
      const { tables, warnings } = mainOf(result.value);
      expect(tables.nodes.total[0]).toBeLessThanOrEqual(tables.unit === 'count' ? full * 1000 : full);
      // A cut between two fields cannot be seen.
      expect(['truncated', 'unknown-sample-nodes', 'no-samples', undefined]).toContain(warnings[0]?.kind);
    }
    expect(some).toBeGreaterThan(bytes.length / 2);
  });

  test('numbers of endless length and lengths beyond the end are refused at once', () => {
    const endless = new Uint8Array(4_000_000).fill(0xff);
    // A sample type, the strings "", "cpu" and "count", then timeNanos without an end.
    endless.set([0x0a, 4, 8, 1, 0x10, 2, 0x32, 0, 0x32, 3, 0x63, 0x70, 0x75, 0x32, 5, 0x63, 0x6f, 0x75, 0x6e, 0x74, 0x48]);
    const result = readAnyProfile(endless);
    if (!result.ok) throw new Error('refused whole');
    expect(mainOf(result.value).warnings[0]).toMatchObject({ kind: 'malformed', offset: 21 });
  });

  test('negative values (a difference of two profiles) are told', () => {
    const strings = new StringTable();
    const bytes = new Profile({
      stringTable: strings,
      sampleType: [new ValueType({ type: strings.dedup('space'), unit: strings.dedup('bytes') })],
      function: [new PprofFunction({ id: 1, name: strings.dedup('f') })],
      location: [new Location({ id: 1, line: [new Line({ functionId: 1 })] })],
      sample: [new Sample({ locationId: [1], value: [-5] }), new Sample({ locationId: [1], value: [7] })],
    }).encode();
    const built = mainOf(readAny(bytes));
    expect([built.tables.unit, built.tables.nodes.total[0], built.warnings]).toEqual(['bytes', 7, [{ kind: 'difference', unit: 'bytes', more: 7, less: 5 }]]);
  });
});
