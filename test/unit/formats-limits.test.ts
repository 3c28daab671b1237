import { Line, Location, Function as PprofFunction, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { mainOf, readAny, stacksText } from '../support/formats';

describe('depth: 60,000 frames', () => {
  const depth = 60_000;
  test('collapsed', () => {
    const { nodes } = mainOf(readAny(`${Array.from({ length: depth }, (_, i) => `f${i % 100}`).join(';')} 5\n`)).tables;
    expect([nodes.length, nodes.total[0]]).toEqual([depth + 1, 5]);
  });
  test('speedscope, evented', () => {
    const events = [
      ...Array.from({ length: depth }, (_, i) => ({ type: 'O', at: i, frame: i % 2 })),
      ...Array.from({ length: depth }, (_, i) => ({ type: 'C', at: depth + i, frame: (depth - 1 - i) % 2 })),
    ];
    const built = mainOf(
      readAny({
        shared: { frames: [{ name: 'a' }, { name: 'b' }] },
        profiles: [{ type: 'evented', name: '', unit: 'microseconds', startValue: 0, endValue: 2 * depth, events }],
      }),
    );
    expect([built.tables.nodes.total[0], built.warnings]).toEqual([2 * depth - 1 + 1, []]);
  });
  test('callgrind', () => {
    const text = `events: Ir\n${Array.from({ length: depth }, (_, i) => `fn=f${i}\n1 1\n${i + 1 < depth ? `cfn=f${i + 1}\ncalls=1 1\n1 ${depth - 1 - i}\n` : ''}`).join('')}`;
    expect(mainOf(readAny(`# callgrind format\n${text}`)).tables.nodes.total[0]).toBeCloseTo(depth, 3);
  });
});

/** Small files that ask for far more than they hold; the runner's own limit is the only clock. */
describe('what is made to take forever ends', () => {
  test('pprof: one location of 2,000 inlined functions, named 2,000 times in a stack', () => {
    const strings = new StringTable();
    const count = 2000;
    const bytes = new Profile({
      stringTable: strings,
      sampleType: Array.from({ length: 200 }, () => new ValueType({ type: strings.dedup('cpu'), unit: strings.dedup('count') })),
      function: [new PprofFunction({ id: 1, name: strings.dedup('f') })],
      location: [new Location({ id: 1, line: Array.from({ length: count }, () => new Line({ functionId: 1, line: 1 })) })],
      sample: [new Sample({ locationId: Array.from({ length: count }, () => 1), value: [7] })],
    }).encode();
    const file = readAny(bytes);
    expect(file.profiles.length).toBeLessThanOrEqual(16);
    expect((file.profiles[0] as { built: BuiltProfile }).built.tables.nodes.total[0]).toBe(7);
  });

  test('speedscope: 20,000 profiles of one name', () => {
    const profiles = Array.from({ length: 20_000 }, () => ({ type: 'sampled', name: 't', unit: 'none', samples: [[0]], weights: [1] }));
    expect(readAny({ shared: { frames: [{ name: 'a' }] }, profiles }).profiles.at(-1)?.name).toBe('t (20000)');
  });

  test('speedscope: 200,000 frames open, 200,000 that are not closed', () => {
    const events = [
      ...Array.from({ length: 200_000 }, (_, at) => ({ type: 'O', at, frame: 0 })),
      ...Array.from({ length: 200_000 }, () => ({ type: 'C', at: 200_000, frame: 1 })),
    ];
    const profile = { type: 'evented', name: '', unit: 'none', startValue: 0, endValue: 200_001, events };
    expect(mainOf(readAny({ shared: { frames: [{ name: 'a' }, { name: 'b' }] }, profiles: [profile] })).warnings).toEqual([
      { kind: 'unbalanced-events', count: 400_000 },
    ]);
  });

  test('callgrind: 300 functions that all call each other', () => {
    const count = 300;
    const text = Array.from(
      { length: count },
      (_, f) => `fn=f${f}\n1 10\n${Array.from({ length: count }, (_, g) => `cfn=f${g}\ncalls=1 1\n1 ${f < g ? 1 : 0}\n`).join('')}`,
    ).join('');
    expect(mainOf(readAny(`# callgrind format\nevents: Ir\n${text}`)).tables.nodes.total[0]).toBeCloseTo(10 * count, 3);
  });

  test('perf: 5,000 threads are a thousand, and the others together', () => {
    const file = readAny(Array.from({ length: 5000 }, (_, i) => `p ${i + 1} 1.5: 10 cycles: \n\t1f work (/bin/app)\n\n`).join(''));
    expect([file.profiles.length, file.profiles.reduce((sum, { built }) => sum + (built.tables.nodes.total[0] as number), 0)]).toEqual([1001, 50_000]);
  });

  test('a trace: frames whose parents are a loop', () => {
    const stackFrames = { 1: { name: 'a', parent: 2 }, 2: { name: 'b', parent: 1 } };
    const samples = [1, 2].map((sf, ts) => ({ pid: 1, tid: 1, ts, sf }));
    expect(stacksText(mainOf(readAny({ traceEvents: [], samples, stackFrames })))).toContain('a');
  });
});
