import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { isPlainCpuProfile, readAnyProfile } from '../../src/core/formats/read/read-any';
import { packageOf } from '../../src/core/profile/categories';
import { openProfile } from '../../src/service/profile/opened-profile';
import type { ProfileIssue } from '../../src/shared/issue';
import { fileLocator } from '../../src/source/maps/locate';
import { costsByFunction, fixture, linesOf, mainOf, readAny, stacksText } from '../support/formats';
import { bytesOf, rawFromText } from '../support/raw-profile';
import { plateau, temporaryFolder } from '../support/run';

const issueOf = (value: unknown): ProfileIssue => {
  const result = readAnyProfile(value instanceof Uint8Array ? value : bytesOf(value));
  if (result.ok) throw new Error('opens');
  return result.error;
};
const names = (value: unknown): string[] => readAny(value).profiles.map(({ name }) => name);

describe('perf script', () => {
  test('a real one: threads, nanoseconds of cpu-clock, names that V8 gives', () => {
    const text = new TextDecoder().decode(fixture('perf-script.txt'));
    const heads = text.split('\n').filter((line) => /cpu-clock/.test(line));
    const nanoseconds = heads.reduce((sum, line) => sum + Number(/(\d+) cpu-clock/.exec(line)?.[1]), 0);
    const file = readAny(text);
    const total = file.profiles.reduce((sum, { built }) => sum + (built.tables.nodes.total[0] as number), 0);
    expect([file.format, file.profiles.every(({ built }) => built.tables.unit === 'microseconds' && built.warnings.length === 0)]).toEqual([
      'perf-script',
      true,
    ]);
    expect(total).toBeCloseTo(nanoseconds / 1000, 3);
    expect(file.profiles.length).toBe(new Set(heads.map((line) => line.trim().split(/\s+/)[1])).size);
    const fib = [...costsByFunction(mainOf(file).tables).keys()].filter((key) => key.startsWith('fib '));
    expect(fib).toEqual(['fib file:///app/main.mjs:1']);
  });

  test('other heads, lines of source, programs with spaces in their names', () => {
    const file = readAny(
      'my prog 2   12/13   [003]  1.5:     77 cycles:u: \n\t 1f work+0x1a (/bin/app)\n  app.c:31\n\t 2f main (/bin/app)\n\nmy prog 2   12/13   [003]  1.6: cycles:u: \n\t 1f work+0x2a (/bin/app)\n  app.c:33\n\t 2f main (/bin/app)\n\n',
    );
    expect(file.profiles.map(({ name }) => name)).toEqual(['my prog 2 12/13 (cycles)']);
    expect(stacksText(mainOf(file))).toBe('main 78 (0)\n  work 78 (78)');
    expect(linesOf(mainOf(file).tables)).toEqual(['app.c:31 77', 'app.c:33 1']);
  });
});

describe('Firefox', () => {
  // main -> parse; samples: main, main;parse, main;parse, idle
  const categories = [{ name: 'Other' }, { name: 'Idle' }];
  const processed = {
    meta: { version: 30, interval: 1, categories },
    threads: [
      {
        name: 'GeckoMain',
        samples: { stack: [0, 1, 1, 2], time: [10, 11, 12, 13], length: 4 },
        stackTable: { frame: [0, 1, 2], prefix: [null, 0, null], category: [0, 0, 1], length: 3 },
        frameTable: { func: [0, 1, 2], line: [4, 9, null], length: 3 },
        funcTable: { name: [0, 1, 3], fileName: [2, 2, null], lineNumber: [1, 7, null], columnNumber: [1, 3, null], isJS: [true, true, false], length: 3 },
        stringArray: ['main', 'parse', 'https://a.example/app.js', 'poll'],
      },
    ],
  };
  const gecko = {
    meta: { version: 24, interval: 1, categories },
    threads: [],
    processes: [
      {
        meta: { interval: 1, categories },
        threads: [
          {
            name: 'GeckoMain',
            samples: {
              schema: { stack: 0, time: 1 },
              data: [
                [0, 10],
                [1, 11],
                [1, 12],
                [2, 13],
              ],
            },
            stackTable: {
              schema: { prefix: 0, frame: 1 },
              data: [
                [null, 0],
                [0, 1],
                [null, 2],
              ],
            },
            frameTable: {
              schema: { location: 0, line: 4, category: 5 },
              data: [
                [0, null, null, null, 4, 0],
                [1, null, null, null, 9, 0],
                [2, null, null, null, null, 1],
              ],
            },
            stringTable: ['main (https://a.example/app.js:1:1)', 'parse (https://a.example/app.js:7:3)', 'poll'],
          },
        ],
      },
    ],
  };
  const { stackTable, frameTable, funcTable, stringArray, ...rest } = processed.threads[0] as (typeof processed.threads)[0];
  const shared = { ...processed, threads: [rest], shared: { stackTable, frameTable, funcTable, stringArray } };

  test.each([
    ['processed', processed, 'firefox'],
    ['processed, with shared tables', shared, 'firefox'],
    ['gecko', gecko, 'gecko'],
    ['gecko inside of what old developer tools saved', { label: '', profile: gecko }, 'gecko'],
  ])('%s', (_, value, format) => {
    const file = readAny(value);
    expect([file.format, names(value)]).toEqual([format, ['GeckoMain']]);
    const built = mainOf(file);
    expect(stacksText(built)).toBe('main 3000 (1000)\n  parse 2000 (2000)\n(idle) 1000 (1000)');
    expect([...costsByFunction(built.tables).keys()]).toContain('parse https://a.example/app.js:7');
    expect(linesOf(built.tables)).toEqual(['https://a.example/app.js:4 1000', 'https://a.example/app.js:9 2000']);
  });
});

describe('node --prof', () => {
  test('the text of a real one: every tick is there, and functions have theirs', () => {
    const text = new TextDecoder().decode(fixture('prof-process.txt'));
    const ticks = Number(/\((\d+) ticks/.exec(text)?.[1]);
    const fib = Number(/^ +(\d+) .*JS: \*fib /m.exec(text)?.[1]);
    const file = readAny(text);
    const { tables, warnings } = mainOf(file);
    expect([file.format, tables.unit, warnings, tables.nodes.total[0]]).toEqual(['node-prof-text', 'count', [], ticks]);
    expect(costsByFunction(tables).get('fib file:///app/main.mjs:1')?.self).toBe(fib);
  });
});

describe('node --prof-process --preprocess', () => {
  const file = (times: readonly number[]) => ({
    code: [{ name: 'work /x.js:1:2', type: 'JS', kind: 'Opt', func: 0 }],
    functions: [{ name: 'work /x.js:1:2', codes: [0] }],
    scripts: [],
    ticks: times.map((tm) => ({ tm, vm: 0, s: [0, 5] })),
  });

  test('there are no ticks while a program waits: the usual time is its, the rest is idle', () => {
    const built = mainOf(readAny(file([1000, 2000, 3000, 4900, 5900, 405_900, 406_900])));
    expect(stacksText(built)).toBe('(idle) 399000 (399000)\nwork 7900 (7900)\n(program) 0 (0)\n(garbage collector) 0 (0)');
  });

  test('one tick, two, and times that fall', () => {
    for (const times of [[5], [5, 9], [9, 5, 1], []]) readAny(file(times));
    expect(costsByFunction(mainOf(readAny(file([5, 9]))).tables).get('work /x.js:1')?.self).toBe(8);
  });

  test('a real one that waits', () => {
    const folder = temporaryFolder({
      'wait.cjs': `let rounds = 0;
function burn() { const end = process.cpuUsage().user + 30_000; while (process.cpuUsage().user < end); }
(function step() { burn(); if (++rounds < 4) setTimeout(step, 300); })();`,
    });
    try {
      const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder.path, encoding: 'utf8', maxBuffer: 1 << 28 });
      run('--prof', '--logfile=v8.log', '--no-logfile-per-isolate', 'wait.cjs');
      const { totals } = openProfile('wait.json', mainOf(readAny(JSON.parse(run('--prof-process', '--preprocess', 'v8.log')))), {
        thresholds: defaultThresholds,
        locator: fileLocator([]),
        info: undefined,
      });
      // Three waits of 300 ms; another program may have had the processor too.
      expect(totals.idle).toBeGreaterThan(850_000);
      expect(totals.active).toBeLessThan(totals.duration - 850_000);
    } finally {
      folder.remove();
    }
  });
});

describe('texts that are cut', () => {
  const perf = new TextDecoder().decode(fixture('perf-script.txt'));
  const prof = new TextDecoder().decode(fixture('prof-process.txt'));
  const warningsOf = (text: string) => mainOf(readAny(text)).warnings;

  test('perf script: in a line, unless all of it is there', () => {
    const lineEnd = perf.indexOf('\n', perf.length / 2);
    for (let cut = lineEnd + 2; cut < lineEnd + 300; cut += 7) {
      const text = perf.slice(0, cut);
      const last = text.slice(text.lastIndexOf('\n') + 1);
      const isWhole = last.trim() === '' || /^\s.*\)$/.test(last);
      expect(warningsOf(text), JSON.stringify(last)).toEqual(isWhole ? [] : [{ kind: 'truncated', offset: cut }]);
    }
    expect(warningsOf(perf.trimEnd())).toEqual([]);
  });

  test('--prof-process: in a line, or before its stacks', () => {
    const stacks = prof.indexOf('[Bottom up');
    for (const cut of [stacks - 1, stacks - 200, stacks - 2, prof.length - 40]) {
      expect(warningsOf(prof.slice(0, cut)), String(cut)).toEqual([{ kind: 'truncated', offset: cut }]);
    }
    expect(warningsOf(prof)).toEqual([]);
  });

  test('to a build it is no proof that there is nothing', async () => {
    const stacks = Array.from({ length: 60 }, (_, i) => `main;f${i} 3\n`).join(''); // enough to judge
    const folder = temporaryFolder({ 'cut.txt': `${stacks}main;pri`, 'whole.txt': `${stacks}main;print 4\n` });
    try {
      const [cut, whole] = await Promise.all(['cut.txt', 'whole.txt'].map((name) => plateau(['analyze', name, '--fail-on', 'error'], { cwd: folder.path })));
      expect([cut?.code, whole?.code]).toEqual([3, 0]);
      expect(cut?.stderr).toContain('The file ends early');
    } finally {
      folder.remove();
    }
  });
});

describe('callgrind', () => {
  test('a real one: own costs are exact, totals follow the calls', () => {
    const file = readAny(fixture('sums.callgrind'));
    const built = mainOf(file);
    expect([file.format, built.tables.unit, built.warnings]).toEqual(['callgrind', 'count', [{ kind: 'call-graph' }]]);
    const costs = costsByFunction(built.tables);
    const cost = (name: string) => {
      const { self, total } = costs.get(`${name} /app/sums.c:0`) as { self: number; total: number };
      return [Math.round(self), Math.round(total)];
    };
    // The numbers stand in the file: sums of cost lines, and of the lines below calls=.
    expect(built.tables.nodes.total[0]).toBeCloseTo(1_117_637, 3);
    expect(cost('next')).toEqual([3600 + 1_083_600 + 7200, 3600 + 1_083_600 + 7200]);
    expect(cost('parse')).toEqual([90 + 120 + 30 + 60 + 5940 + 12_000 + 150, 18_390 + 9120 + 902_880]);
    expect(linesOf(built.tables)).toContain('/app/sums.c:4 1083600');
  });

  test('compressed names and positions, Xdebug’s units, recursion', () => {
    const file = readAny(`version: 1
events: Time_(10ns) Memory_(bytes)
fl=(1) a.php
fn=(1) main
16 20 5
cfn=(2) walk
calls=1 50
16 400 7
fn=(2)
+35 100 7
cfn=(2)
calls=3 51
* 300 0
`);
    expect(file.profiles.map(({ name, built }) => [name, built.tables.unit])).toEqual([
      ['Time_(10ns)', 'microseconds'],
      ['Memory_(bytes)', 'bytes'],
    ]);
    const { tables } = mainOf(file);
    const walk = costsByFunction(tables).get('walk a.php:0');
    expect(walk?.self).toBeCloseTo(1, 9);
    expect(tables.nodes.total[0]).toBeCloseTo(1.2, 9);
    expect(linesOf(tables)).toEqual(['a.php:16 0.2', 'a.php:51 1']);
  });
});

describe('trees below "head"', () => {
  const frame = (functionName: string, lineNumber: number) => ({
    functionName,
    url: functionName === '(root)' ? '' : 'file:///a.js',
    lineNumber,
    columnNumber: 1,
  });

  test('.heapprofile: bytes', () => {
    const file = readAny({
      head: {
        callFrame: frame('(root)', -1),
        selfSize: 0,
        id: 1,
        children: [{ callFrame: frame('keep', 3), selfSize: 100, id: 2, children: [{ callFrame: frame('copy', 9), selfSize: 50, id: 3, children: [] }] }],
      },
      samples: [
        { size: 100, nodeId: 2, ordinal: 1 },
        { size: 25, nodeId: 3, ordinal: 2 },
        { size: 25, nodeId: 3, ordinal: 3 },
      ],
    });
    const { tables } = mainOf(file);
    expect([file.format, tables.unit, [...tables.nodes.hits]]).toEqual(['heapprofile', 'bytes', [0, 1, 2]]);
    expect(stacksText(mainOf(file))).toBe('keep 150 (100)\n  copy 50 (50)');
    expect(costsByFunction(tables).has('keep file:///a.js:4')).toBe(true);
  });

  test('.cpuprofile of before 2016: lines from 1, seconds, stamps', () => {
    const file = readAny({
      head: {
        ...frame('(root)', 0),
        hitCount: 0,
        id: 1,
        children: [{ ...frame('main', 3), hitCount: 2, id: 2, children: [], positionTicks: [{ line: 4, ticks: 2 }] }],
      },
      startTime: 100,
      endTime: 100.003,
      samples: [2, 2],
      timestamps: [100_000_000, 100_001_000],
    });
    const { tables } = mainOf(file);
    expect([file.format, tables.startTime, tables.endTime]).toEqual(['nested-cpuprofile', 100e6, 100.003e6]);
    expect(costsByFunction(tables).get('main file:///a.js:3')).toEqual({ self: 3000, total: 3000 });
    expect(linesOf(tables)).toEqual(['file:///a.js:4 3000']);
  });

  test('60,000 deep', () => {
    const depth = 60_000;
    const text = `{"head":${Array.from({ length: depth }, (_, i) => `{"callFrame":{"functionName":"f${i % 50}"},"selfSize":1,"id":${i},"children":[`).join('')}${']}'.repeat(depth)}}`;
    expect(mainOf(readAny(text)).tables.nodes.total[0]).toBe(depth);
  });
});

describe('what is known and cannot be read is named', () => {
  const foreign = (found: string) => ({ kind: 'not-a-cpu-profile', found, offset: 0 });
  test.each([
    ['perf.data', 'PERFILE2\0\0\0', foreign('perf-data')],
    ['a log of --prof', 'v8-version,11,3,244,8,-node.38,0\nshared-library,/usr/bin/node,0x1,0x2,0\n', foreign('v8-log')],
    ['a Java flight recording', 'FLR\0\u0000\u0002', foreign('flight-recording')],
    ['zip', 'PK\u0003\u0004', foreign('zip')],
    ['UTF-16', Buffer.from('\ufeffa;b 1\n', 'utf16le'), foreign('utf-16')],
    ['a heap snapshot', { snapshot: { node_count: 1 }, nodes: [1], edges: [], strings: [] }, foreign('heap-snapshot')],
    ['other JSON', { name: 'app' }, foreign('unknown-json')],
    ['words', 'hello', foreign('unknown')],
    ['nothing', '', { kind: 'empty-file' }],
    ['speedscope without profiles', { shared: { frames: [] }, profiles: [] }, { kind: 'nothing-in-it', format: 'speedscope' }],
    ['a trace without anything', { traceEvents: [] }, { kind: 'nothing-in-it', format: 'chrome-trace' }],
  ])('%s', (_, value, issue) => expect(issueOf(value)).toEqual(issue));
});

test('a .cpuprofile is what it was', () => {
  const raw = rawFromText('main > parse x3\nmain');
  const file = readAny(raw);
  expect([file.format, mainOf(file).warnings]).toEqual(['cpuprofile', []]);
  expect(isPlainCpuProfile(bytesOf(raw))).toBe(true);
  expect(isPlainCpuProfile(bytesOf({ traceEvents: [] }))).toBe(false);
  expect(mainOf(readAny({ meta: { x: 1 }, ...raw })).tables.samples.length).toBe(4);
});

test('names like __proto__ are names', () => {
  const built = mainOf(readAny('__proto__;constructor 3\n__proto__;toString 2\n'));
  expect(stacksText(built)).toBe('__proto__ 5 (0)\n  constructor 3 (3)\n  toString 2 (2)');
  const trace = readAny([{ ph: 'X', name: '__proto__', ts: 0, dur: 5, pid: '__proto__', tid: 'constructor' }]);
  expect(stacksText(mainOf(trace))).toBe('__proto__ 5 (5)');
});

describe('packages of other languages', () => {
  test.each([
    ['/usr/lib/python3.11/site-packages/numpy/core/numeric.py', 'numpy'],
    ['/usr/lib/python3/dist-packages/six.py', 'six'],
    ['/root/go/pkg/mod/github.com/gorilla/mux@v1.8.0/mux.go', 'github.com/gorilla/mux'],
    ['/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/serde-1.0.1/src/de.rs', 'serde'],
    ['/usr/lib/ruby/gems/3.1.0/gems/rack-2.2.3/lib/rack.rb', 'rack'],
    ['/app/vendor/github.com/pkg/errors/errors.go', 'github.com/pkg/errors'],
    ['/app/vendor/chart.js', undefined],
    ['/app/src/main.go', undefined],
    [`/gems/${'-1'.repeat(1_000_000)}`, undefined],
  ])('%.60s', (url, expected) => expect(packageOf(url)).toBe(expected));
});
