import { describe, expect, test } from 'vitest';
import { writeCollapsed } from '../../src/core/formats/write/collapsed';
import { StackBuilder } from '../../src/core/profile/build/stack-builder';
import { selectProfile } from '../../src/service/profile/import-profile';
import { costsByFunction, mainOf, readAny, stacksText } from '../support/formats';

describe('collapsed stacks', () => {
  test('flamegraph.pl takes any blank before the count', () => {
    expect(stacksText(mainOf(readAny('main;parse\t3\nmain;print \t4\n')))).toBe('main 7 (0)\n  print 4 (4)\n  parse 3 (3)');
  });

  // difffolded.pl: `stack before after`; flamegraph.pl sums the last column.
  test('two counts a line are two runs', () => {
    const file = readAny('main;parse 31 56\nmain;print 6 2\nmain;run;parse 19 35\nmain;new 0 5\n');
    expect(file.profiles.map(({ name, built }) => [name, built.tables.nodes.total[0]])).toEqual([
      ['after', 56 + 2 + 35 + 5],
      ['before', 31 + 6 + 19],
    ]);
    expect([...costsByFunction(mainOf(file).tables)].map(([key, { self }]) => [key, self])).toEqual(
      expect.arrayContaining([
        ['parse :0', 91],
        ['print :0', 2],
      ]),
    );
    expect(file.profiles.every(({ built }) => built.warnings.length === 0)).toBe(true);
  });

  test('two runs are never added up', () => {
    const merged = selectProfile(readAny('main;parse 31 56\nmain;print 6 2\n'), 'merge');
    expect(merged.ok && [merged.value.tables.nodes.total[0], merged.value.warnings]).toEqual([58, [{ kind: 'left-out', count: 1 }]]);
  });

  test('a number at the end of some names is no count', () => {
    expect(stacksText(mainOf(readAny('main;step 1 5\nmain;other 2\n')))).toBe('main 7 (0)\n  step 1 5 (5)\n  other 2 (2)');
  });

  test.each([
    ['one stack of one frame', ['main']],
    ['names that end in numbers', ['step 1', 'step 2', 'v 1.5']],
    ['names that are numbers', ['1', '22']],
    ['a private method first', ['#hot', '//x']],
    ['blanks around', [' a ']],
  ])('what is exported opens: %s', (_, functions) => {
    const builder = new StackBuilder('count');
    functions.forEach((name, i) => {
      builder.add(builder.child(builder.root, builder.func(name)), 10 - i);
    });
    const again = readAny([...writeCollapsed(builder.build().tables)].join(''));
    expect(again.format).toBe('collapsed');
    expect(stacksText(mainOf(again))).toBe(functions.map((name, i) => `${name.trim()} ${10 - i} (${10 - i})`).join('\n'));
  });
});

describe('perf script', () => {
  const frame = '7f21a3 JS:*fib file:///app/main.js:12:9+0x1a (/tmp/perf-4279.map)';
  const head = (event: string, period = 10_101_010): string => `node 4279 14529.471948:   ${period} ${event}: `;

  // stackcollapse-perf.pl: "Merging together different types … produces misleading results": the first event.
  test.each([
    ['the first of two counts', 'cycles', 'cache-misses', 'node 4279 (cycles)'],
    ['time, wherever it stands', 'cache-misses', 'cpu-clock', 'node 4279 (cpu-clock)'],
    ['time first', 'task-clock', 'cache-misses', 'node 4279 (task-clock)'],
  ])('several events: %s', (_, one, two, shown) => {
    const file = readAny(`${head(one, 1000)}\n\t${frame}\n\n${head(two, 75_000_000)}\n\t${frame}\n\n`);
    expect(file.profiles[file.main]?.name).toBe(shown);
    const merged = selectProfile(file, 'merge');
    expect(merged.ok && merged.value.warnings).toEqual([{ kind: 'left-out', count: 1 }]);
  });

  // inferno's perf collapser: one frame a sample.
  test('recorded without -g: the frame stands behind the head', () => {
    const file = readAny(`${head('cpu-clock:u')} ${frame}\n${head('cpu-clock:u')} ${frame}\n`);
    expect([file.profiles.length, mainOf(file).warnings]).toEqual([1, []]);
    expect(stacksText(mainOf(file))).toBe('fib 20202.02 (20202.02)');
    const short = readAny('false 39654 19115.489713:          1 cycles:u:  ffffffff9b201293 work ([kernel])\n');
    expect(stacksText(mainOf(short))).toBe('work 1 (1)');
    const bare = readAny('false 39654/39654 [002] 19115.489713:  ffffffff9b201293 work ([kernel])\n');
    expect(stacksText(mainOf(bare))).toBe('work 1 (1)');
  });

  test('both forms in one file', () => {
    const file = readAny(
      `${head('cpu-clock', 1000)} ${frame}\n${head('cpu-clock', 1000)}\n\t${frame}\n\t1f main (/app/node)\n\n${head('cpu-clock', 1000)} ${frame}\n`,
    );
    expect(mainOf(file).warnings).toEqual([]);
    expect(stacksText(mainOf(file))).toBe('fib 2 (2)\nmain 1 (0)\n  fib 1 (1)');
  });

  test('a head whose text ends in brackets has its stack below', () => {
    const file = readAny('app 7 [001] 1.5: sched:sched_switch: prev_pid=7 ==> next (x)\n\t 1f work (/bin/app)\n\t 2f main (/bin/app)\n\n');
    expect(stacksText(mainOf(file))).toBe('main 1 (0)\n  work 1 (1)');
  });

  test('pasted without its indent', () => {
    const file = readAny(`${head('cpu-clock', 1000)}\n${frame}\n1f main (/app/node)\n\n${head('cpu-clock', 1000)}\n2f main (/app/node)\n`);
    expect(mainOf(file).warnings).toEqual([]);
    expect(stacksText(mainOf(file))).toBe('main 2 (1)\n  fib 1 (1)');
  });
});

describe('node --prof-process', () => {
  const noise = 'Testing v8 version different from logging version\n';
  const npm = '\n> app@1.0.0 prof\n> node --prof-process v8.log\n\n';
  const text =
    'Statistical profiling result from v8.log, (40 ticks, 0 unaccounted, 0 excluded).\n\n [Bottom up (heavy) profile]:\n\n   ticks parent  name\n     40  100.0%  JS: *fib file:///app/main.js:1:13\n\n';
  const json = `${JSON.stringify({
    code: [{ name: 'fib', type: 'JS', kind: 'Opt', func: 0 }],
    functions: [{ name: 'fib file:///app/a.js:1:1', codes: [0] }],
    scripts: [],
    ticks: Array.from({ length: 40 }, (_, i) => ({ tm: i * 1000, vm: 0, s: [0, 5] })),
  })}\n`;

  test.each([
    ['its own line, text', noise + text, 'node-prof-text', 40],
    ['its own line, JSON', noise + json, 'node-prof-json', 40_000],
    ['npm’s lines, text', npm + text, 'node-prof-text', 40],
    ['npm’s lines and its own, JSON', npm + noise + json, 'node-prof-json', 40_000],
    ['with the line ends of Windows', (npm + noise + json).replaceAll('\n', '\r\n'), 'node-prof-json', 40_000],
  ])('lines before it: %s', (_, whole, format, cost) => {
    const file = readAny(whole);
    expect([
      file.format,
      mainOf(file).warnings,
      costsByFunction(mainOf(file).tables).get(`fib file:///app/${format.endsWith('json') ? 'a' : 'main'}.js:1`)?.self,
    ]).toEqual([format, [], cost]);
  });

  test('a cut is told where it is in the whole file', () => {
    const cut = (noise + json).slice(0, -30);
    expect(mainOf(readAny(cut)).warnings[0]).toEqual({ kind: 'truncated', offset: cut.length });
  });
});
