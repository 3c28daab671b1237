import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCollapsed } from '../../src/core/formats/write/collapsed';
import { writeCpuProfile } from '../../src/core/formats/write/cpuprofile-write';
import { writePprof } from '../../src/core/formats/write/pprof-write';
import { writeSpeedscope } from '../../src/core/formats/write/speedscope';
import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { Category } from '../../src/core/profile/categories';
import type { ProfileTables } from '../../src/core/profile/tables';
import { packedPprof } from '../../src/service/profile/packed-pprof';
import { type Cost, costsByFunction, functionKey, linesOf, mainOf, readAny, runProgram } from '../support/formats';
import { readOk } from '../support/raw-profile';
import { type Folder, temporaryFolder } from '../support/run';

let folder: Folder;
let real: BuiltProfile;
const fileOf = (name: string): Buffer => fs.readFileSync(path.join(folder.path, name));

beforeAll(() => {
  folder = temporaryFolder();
  // One run, recorded in three ways: a profile, the same as trace events, and what is allocated.
  runProgram(folder.path, [
    '--cpu-prof',
    '--cpu-prof-interval=500',
    '--cpu-prof-name=real.cpuprofile',
    '--heap-prof',
    '--heap-prof-interval=4096',
    '--heap-prof-name=real.heapprofile',
    '--trace-event-categories=disabled-by-default-v8.cpu_profiler',
    '--trace-event-file-pattern=trace.json',
  ]);
  real = readOk(fileOf('real.cpuprofile'));
});
afterAll(() => folder.remove());

const text = (chunks: Iterable<string>): string => [...chunks].join('');
/** Everything but the root, whose own frame formats have or do not have, and idle time, which some leave out. */
function costs(tables: ProfileTables, keyOf = functionKey): Map<string, Cost> {
  const found = costsByFunction(tables, keyOf);
  for (const key of found.keys()) if (/^\((?:root|idle|not sampled)\) /.test(key)) found.delete(key);
  return found;
}

/** Idle, and what no sample was taken of. */
const idleOf = (tables: ProfileTables): number =>
  ['(idle) :0', '(not sampled) :0'].reduce((sum, key) => sum + (costsByFunction(tables).get(key)?.self ?? 0), 0);

function expectSame(found: ReadonlyMap<string, Cost>, expected: ReadonlyMap<string, Cost>, slack: number): void {
  const wrong: string[] = [];
  for (const key of new Set([...found.keys(), ...expected.keys()])) {
    const [a, b] = [found.get(key) ?? { self: 0, total: 0 }, expected.get(key) ?? { self: 0, total: 0 }];
    if (Math.abs(a.self - b.self) > slack || Math.abs(a.total - b.total) > slack) wrong.push(`${key}: ${JSON.stringify(a)} instead of ${JSON.stringify(b)}`);
  }
  expect(wrong).toEqual([]);
}

describe('a real profile, written and read again, has the same costs', () => {
  test('it is one worth the name', () => {
    expect(real.tables.nodes.length).toBeGreaterThan(30);
    expect([...costs(real.tables).keys()].some((key) => key.startsWith('fib file:'))).toBe(true);
    expect(real.tables.lines.length).toBeGreaterThan(3);
  });

  test('speedscope', () => {
    const file = readAny(text(writeSpeedscope(real.tables, 'real', 'test')));
    expect([file.format, mainOf(file).tables.unit]).toEqual(['speedscope', 'microseconds']);
    expectSame(costs(mainOf(file).tables), costs(real.tables), 1e-6);
  });

  test('collapsed stacks', () => {
    const file = readAny(text(writeCollapsed(real.tables)));
    expect([file.format, mainOf(file).tables.unit, mainOf(file).warnings]).toEqual(['collapsed', 'count', []]);
    expectSame(costs(mainOf(file).tables), costs(real.tables), 1e-6);
  });

  test('collapsed stacks whose counts have fractions', () => {
    const stacks = mainOf(readAny('main;parse 3.5\nmain;print 0.25\nmain 2\n'));
    expect(text(writeCollapsed(stacks.tables)).split('\n').sort()).toEqual(['', 'main 2', 'main;parse 3.5', 'main;print 0.25']);
  });

  test('collapsed stacks of names with control characters, none of which reaches a terminal', () => {
    const names = ['nul\0', 'escape\u001b[31m', 'rtl\u202e', 'c1\u009b', 'a;b', 'a\nb', 'plain'];
    const nodes = names.map((functionName, i) => ({ id: i + 2, callFrame: { functionName, url: '', lineNumber: -1, columnNumber: -1 }, hitCount: 1 }));
    const ids = nodes.map(({ id }) => id);
    const root = { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 }, children: ids };
    const profile = readOk({ nodes: [root, ...nodes], startTime: 0, endTime: 70, samples: ids, timeDeltas: ids.map((_, i) => (i > 0 ? 10 : 0)) });
    const written = text(writeCollapsed(profile.tables));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none but line breaks
    expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect([...costs(mainOf(readAny(written)).tables).keys()].sort()).toEqual(
      ['nul\u2400', 'escape\u241b[31m', 'rtl\ufffd', 'c1\ufffd', 'a:b', 'a b', 'plain'].map((name) => `${name} :0`).sort(),
    );
  });

  test('pprof, with the lines of leaves', () => {
    const file = readAny(writePprof(real.tables));
    expect([file.format, file.profiles.map(({ name }) => name), file.main]).toEqual(['pprof', ['samples', 'cpu'], 1]);
    const { tables } = mainOf(file);
    expectSame(costs(tables), costs(real.tables), 0.01); // nanoseconds are whole
    const lines = new Map(linesOf(tables).map((line) => line.split(/ (?=[\d.]+$)/) as [string, string]));
    for (const line of linesOf(real.tables)) {
      const [place = '', self] = line.split(/ (?=[\d.]+$)/);
      // A function without ticks of its own stands on its first line: there may be more, not less.
      expect(Number(lines.get(place)), place).toBeGreaterThanOrEqual(Number(self) - 0.1);
    }
    const hits = (list: ProfileTables): number =>
      list.nodes.hits.reduce((sum, n, node) => sum + (list.functions.category[list.nodes.func[node] as number] === Category.Idle ? 0 : n), 0);
    expect((file.profiles[0] as { built: BuiltProfile }).built.tables.nodes.total[0]).toBe(hits(real.tables));
  });

  test('pprof, packed, as its own library reads it', () => {
    const profile = Profile.decode(gunzipSync(packedPprof(real.tables)));
    const strings = profile.stringTable.strings;
    expect(profile.sampleType.map(({ type, unit }) => `${strings[Number(type)]}/${strings[Number(unit)]}`)).toEqual(['samples/count', 'cpu/nanoseconds']);
    const sum = profile.sample.reduce((total, { value }) => total + Number(value[1]), 0);
    const idle = idleOf(real.tables);
    expect(sum / 1000).toBeCloseTo((real.tables.nodes.total[0] as number) - idle, 0);
  });

  test('.cpuprofile: node by node, sample by sample, line by line', () => {
    const again = readOk(text(writeCpuProfile(real.tables)));
    expect(again.warnings).toEqual([]);
    expect([...again.tables.nodes.self]).toEqual([...real.tables.nodes.self]);
    expect([...again.tables.nodes.parent]).toEqual([...real.tables.nodes.parent]);
    expect([...again.tables.samples.start]).toEqual([...real.tables.samples.start]);
    expect([...again.tables.samples.node]).toEqual([...real.tables.samples.node]);
    expect([again.tables.startTime, again.tables.endTime]).toEqual([real.tables.startTime, real.tables.endTime]);
    expect(linesOf(again.tables).sort()).toEqual(linesOf(real.tables).sort());
    expectSame(costs(again.tables), costs(real.tables), 0);
  });

  test('.cpuprofile of a profile without samples: each node’s cost is the length of its sample', () => {
    const stacks = mainOf(readAny('main;parse;next 3\nmain;parse 1\nmain;print 4\n'));
    const json = JSON.parse(text(writeCpuProfile(stacks.tables))) as { samples: number[]; timeDeltas: number[]; startTime: number; endTime: number };
    expect([json.samples.length, json.timeDeltas.length, json.endTime - json.startTime]).toEqual([3, 3, 8]);
    expectSame(costs(readOk(json).tables), costs(stacks.tables), 0);
  });
});

describe('other recordings of the same run', () => {
  test('the trace has the profile’s samples', () => {
    const file = readAny(fileOf('trace.json'));
    expect([file.format, file.profiles.every(({ name }) => name.startsWith('JavaScriptMainThread'))]).toEqual(['chrome-trace', true]);
    // Node.js has profilers of its own besides; the one that was asked for has as many nodes.
    const one = file.profiles.map(({ built }) => built).find(({ tables }) => tables.nodes.length === real.tables.nodes.length);
    if (!one) throw new Error(`no profile of ${real.tables.nodes.length} nodes: ${file.profiles.map(({ built }) => built.tables.nodes.length)}`);
    expect(one.tables.samples.length).toBe(real.tables.samples.length);
    // The trace ends with its last sample, the profile a little later.
    const slack = real.tables.endTime - (real.tables.samples.start.at(-1) as number) + 1;
    expectSame(costs(one.tables), costs(real.tables), slack);
    expect(one.tables.lines.ticks.reduce((a, b) => a + b, 0)).toBeGreaterThan(real.tables.samples.length / 4);
  });

  test('the heap profile: every byte, and the function that keeps them', () => {
    const json = fileOf('real.heapprofile').toString();
    const sizes = Array.from(json.matchAll(/"selfSize":(\d+)/g), (match) => Number(match[1]));
    const file = readAny(json);
    const { tables, warnings } = mainOf(file);
    expect([file.format, tables.unit, warnings]).toEqual(['heapprofile', 'bytes', []]);
    expect(tables.nodes.length).toBe(sizes.length);
    expect(tables.nodes.total[0]).toBe(sizes.reduce((a, b) => a + b, 0));
    expect([...costs(tables).keys()].some((key) => key.startsWith('keep file:'))).toBe(true);
    const again = readAny(writePprof(tables));
    expect(mainOf(again).tables.unit).toBe('bytes');
    expectSame(costs(mainOf(again).tables), costs(tables), 0.5 * tables.nodes.length);
  });
});

test('node --prof: the processed log of a real run, as JSON', async () => {
  const own = temporaryFolder();
  try {
    runProgram(own.path, ['--prof', '--logfile=v8.log', '--no-logfile-per-isolate']);
    const { execFileSync } = await import('node:child_process');
    const env = { ...process.env, NODE_OPTIONS: '' };
    const json = execFileSync(process.execPath, ['--prof-process', '--preprocess', 'v8.log'], {
      cwd: own.path,
      env,
      maxBuffer: 1 << 29,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { ticks } = JSON.parse(json.toString()) as { ticks: { tm: number; vm: number }[] };
    const file = readAny(json);
    const { tables } = mainOf(file);
    expect([file.format, tables.unit]).toEqual(['node-prof-json', 'microseconds']);
    const isIdle = (node: number): boolean => tables.functions.category[tables.nodes.func[node] as number] === Category.Idle;
    expect(tables.samples.node.filter((node) => !isIdle(node)).length).toBe(new Set(ticks.map(({ tm }) => tm)).size);
    const total = (tables.nodes.total[0] as number) - idleOf(tables);
    const fib = [...costs(tables)].find(([key]) => /^fib file:.*main\.mjs:2$/.test(key));
    expect(fib?.[1].total).toBeGreaterThan(total * 0.05);
    expect([...costs(tables)].reduce((sum, [, { self }]) => sum + self, 0)).toBeCloseTo(total, 3);
  } finally {
    own.remove();
  }
});
