import { describe, expect, test } from 'vitest';
import { findInProfile } from '../../src/core/findings/find';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { readAnyProfile } from '../../src/core/formats/read/read-any';
import { writeCpuProfile } from '../../src/core/formats/write/cpuprofile-write';
import { StackBuilder } from '../../src/core/profile/build/stack-builder';
import { checkTables } from '../../src/core/profile/check-tables';
import { effectiveSamples } from '../../src/core/profile/costs/effective-samples';
import { functionCosts, profileTotals } from '../../src/core/profile/costs/function-costs';
import { withLostFrames } from '../../src/core/profile/costs/lost-frames';
import type { ProfileTables } from '../../src/core/profile/tables';
import { bytesOf, profileFromText, type RawCpuProfile, rawFromText, readOk, treeText } from '../support/raw-profile';

const totals = (tables: ProfileTables) => profileTotals(tables, functionCosts(tables));
const found = (tables: ProfileTables) => findInProfile(tables, defaultThresholds).map(({ rule, title }) => `${rule}: ${title}`);

/** The profile with a pause, in microseconds, after one of its samples. */
function paused(text: string, after: number, pause: number): RawCpuProfile {
  const raw = rawFromText(text);
  return { ...raw, timeDeltas: raw.timeDeltas.map((delta, i) => (i === after + 1 ? delta + pause : delta)), endTime: raw.endTime + pause };
}

describe('a gap between samples', () => {
  test('of a machine that slept is nobody’s, and told', () => {
    const built = readOk(paused('work x200\nrest x100', 250, 3_600_000_000));
    expect(checkTables(built.tables)).toEqual([]);
    expect(built.warnings).toEqual([{ kind: 'not-sampled', count: 1, time: 3_600_000_000, longest: 3_600_000_000 }]);
    expect(totals(built.tables)).toMatchObject({ active: 300_000, idle: 0, notSampled: 3_600_000_000, samples: 300, effectiveSamples: 300 });
    expect(treeText(built)).toContain('- (not sampled) (total: 3600000, self: 3600000)');
    expect(found(built.tables)).toContain('plateau: work');
  });

  test('of a sampler that got no turn is nobody’s either, and makes the rest as unsure as one sample of its length', () => {
    const { tables } = readOk(paused('hot x99\nblip', 99, 399_000));
    // The last sample is a long one, of blip: the file ends 400 ms after it began.
    expect(totals(tables).notSampled).toBe(399_000);
    // (Σw)² / Σw² of 100 samples of 1 ms and one of 399 ms.
    expect(totals(tables).effectiveSamples).toBeCloseTo(499 ** 2 / (399 ** 2 + 100), 6);
    expect(found(tables)).toEqual([]);
  });

  test('an end on another clock is none', () => {
    const raw = rawFromText('main > work x49\nmain > last');
    const built = readOk({ ...raw, endTime: 470_030_000_000 });
    expect(built.warnings).toEqual([{ kind: 'end-elsewhere', time: 470_030_000_000 - 49_000 }]);
    expect(built.tables.endTime).toBe(50_000);
    expect(totals(built.tables)).toMatchObject({ active: 50_000, notSampled: 0 });
  });

  test('the same in a trace of Chrome', () => {
    const frame = (functionName: string) => ({ functionName, url: 'file:///a.js', lineNumber: 3, columnNumber: 1 });
    const chunk = {
      cpuProfile: {
        nodes: [
          { id: 1, callFrame: { ...frame('(root)'), url: '' } },
          { id: 2, callFrame: frame('build'), parent: 1 },
        ],
        samples: Array.from({ length: 50 }, () => 2),
        endTime: 470_030_000_000,
      },
      timeDeltas: Array.from({ length: 50 }, () => 1250),
    };
    const events = [
      { ph: 'P', name: 'Profile', pid: 1, tid: 1, id: '0x1', ts: 0, args: { data: { startTime: 0 } } },
      { ph: 'P', name: 'ProfileChunk', pid: 1, tid: 1, id: '0x1', ts: 1, args: { data: chunk } },
    ];
    const read = readAnyProfile(bytesOf({ traceEvents: events }));
    expect(read.ok && totals((read.value.profiles[0] as { built: { tables: ProfileTables } }).built.tables).active).toBe(62_500);
  });

  test('beside a native call is that call: the system holds the thread until it is done', () => {
    const { tables, warnings } = readOk(paused('main x50\nmain > read@- x50', 99, 300_000));
    expect(warnings).toEqual([]);
    expect(totals(tables).notSampled).toBe(0);
  });

  test('few samples, and uneven ones, have no clock', () => {
    expect(readOk(paused('work x20', 5, 10_000_000)).warnings).toEqual([]);
    const raw = rawFromText('a x50\nb x50');
    const uneven = raw.timeDeltas.map((_, i) => (i % 3 === 0 ? 200_000 : 10));
    expect(readOk({ ...raw, timeDeltas: uneven, endTime: uneven.reduce((so, one) => so + one, 0) }).warnings).toEqual([]);
  });

  test('a long span of a record of events is none, also when it was exported', () => {
    const builder = new StackBuilder('microseconds');
    const [a, b] = ['a', 'b'].map((name) => builder.child(builder.root, builder.func(name, 'file:///a.js', 1, 0))) as [number, number];
    for (let i = 0; i < 100; i++) builder.at(i % 2 === 0 ? a : b, i * 1000);
    builder.at(a, 100_000);
    builder.raw.endTime = 1_100_000;
    const built = builder.build();
    expect(functionCosts(built.tables).self[1]).toBe(1_050_000);
    const again = readOk([...writeCpuProfile(built.tables)].join(''));
    expect(again.warnings).toEqual([]);
    expect(totals(again.tables)).toMatchObject({ active: 1_100_000, notSampled: 0 });
  });
});

describe('the effective number of samples', () => {
  test('is their number where all cost the same, and 1.6 where one has 400 ms of 499', () => {
    expect(effectiveSamples(100, 100)).toBe(100);
    expect(effectiveSamples(499, 400 ** 2 + 99)).toBeCloseTo(1.5553, 4);
    expect(effectiveSamples(0, 0)).toBe(0);
  });

  test('decides: a finding stands on thirty of its own', () => {
    // 31 of 100 samples are enough, 29 are not.
    expect(found(profileFromText('main x69\nlate x31').tables).filter((one) => one.endsWith(': late'))).toEqual(['plateau: late']);
    expect(found(profileFromText('main x71\nlate x29').tables).filter((one) => one.endsWith(': late'))).toEqual([]);
    // Of a hundred, one of 20 ms: (100 + 19)² / (99 + 20²) = 28.4.
    const raw = rawFromText('main x60\nlate x40');
    const long = { ...raw, endTime: raw.endTime + 19_000 };
    const { tables } = readOk(long);
    expect(totals(tables).effectiveSamples).toBeCloseTo(119 ** 2 / (99 + 20 ** 2), 6);
    expect(found(tables)).toEqual([]);
  });
});

describe('samples whose frames V8 lost', () => {
  test('go to what the samples before and after them share', () => {
    const text = `
      evaluate@- > main > add x3
      evaluate@- x4
      evaluate@- > main > add x2
      evaluate@- x1
      evaluate@- > main > other x2
      evaluate@- x2`;
    const built = profileFromText(text);
    const tables = withLostFrames(built.tables);
    expect(checkTables(tables)).toEqual([]);
    expect(treeText({ ...built, tables })).toBe(
      '- (root) (total: 14, self: 0)\n  - evaluate (total: 14, self: 2)\n    - main (total: 12, self: 1)\n      - add (total: 9, self: 9)\n      - other (total: 2, self: 2)',
    );
  });

  test('those of other native functions are their own', () => {
    const built = profileFromText('all@- > each x3\nall@- x4\nall@- > each x2');
    expect(withLostFrames(built.tables)).toBe(built.tables);
  });
});
