import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/core/doctor/diagnose';
import { servedWindow } from '../../src/core/doctor/served-window';
import type { Vitals } from '../../src/core/doctor/vitals';
import { functionCosts, profileTotals } from '../../src/core/profile/costs/function-costs';
import { sliceTime } from '../../src/core/profile/views/time-slice';
import { judgedPart } from '../../src/service/doctor/doctor';
import { notesOf } from '../../src/service/doctor/doctor-notes';
import { profileFromText } from '../support/raw-profile';
import { quietVitals } from '../support/vitals';

const MS = 1000;
const S = 1_000_000;
const tablesOf = (text: string) => profileFromText(text).tables;

/** A server that is asked from second `from` to second `to`. */
const server = (from: number, to: number, more: readonly [number, number, number][] = []): Vitals => {
  const stretches = [...more, [from, to, 500] as const].map(([a, b, count]) => ({ from: a * S, to: b * S, count })).sort((a, b) => a.from - b.from);
  const incoming = { count: 500, total: 6 * S, busy: (to - from) * S, maxInFlight: 4, ports: [80], stretches };
  return quietVitals({ isListening: true, incoming, to: 12 * S, cpu: { user: 4 * S, system: 0 } });
};
const late = 'main x200\n(idle) x5800\nhandle > parse x2000\nhandle > render x800\n(idle) x3200';

describe('the part of a profile within a time', () => {
  const tables = tablesOf('a x100\n(idle) x300\na > b x400\nc x200');
  const part = sliceTime(tables, 350 * MS, 900 * MS);

  test('has the costs of that time, and all that is cut is what is missing', () => {
    const costs = functionCosts(part);
    const of = (name: string): number => {
      for (let func = 0; func < part.functions.length; func++)
        if (part.strings.at(part.functions.name[func] as number) === name) return costs.self[func] as number;
      return -1;
    };
    expect([of('a'), of('(idle)'), of('b'), of('c')]).toEqual([0, 50 * MS, 400 * MS, 100 * MS]);
    const totals = profileTotals(part, costs);
    expect([totals.duration, totals.active, totals.idle]).toEqual([550 * MS, 500 * MS, 50 * MS]);
    expect(part.nodes.total[0]).toBe(550 * MS);
  });
  test('is all of it where the time is, or there are no samples', () => {
    expect([...sliceTime(tables, -1, 1e9).nodes.self]).toEqual([...tables.nodes.self]);
    const none = { ...tables, samples: { length: 0, node: new Uint32Array(0), start: new Float64Array(0) } };
    expect(sliceTime(none, 0, 10)).toBe(none);
    expect(sliceTime(tables, 500 * MS, 500 * MS)).toBe(tables);
  });
});

describe('from the first to the last activity', () => {
  const windowOf = (text: string, vitals: Vitals | undefined, isWorker = false) => {
    const found = servedWindow(tablesOf(text), vitals, isWorker);
    return found && [found.from / S, found.to / S, found.leftOut / S];
  };

  test('a server that is idle before and after its requests', () => expect(windowOf(late, server(6, 8.8))).toEqual([6, 8.8, 9.2]));
  test('requests that wait for somebody else count as activity, without CPU time', () =>
    expect(windowOf('main x200\n(idle) x11800', server(6, 9))).toEqual([6, 9, 9]));
  test('a lone question whether it is alive does not', () => expect(windowOf(late, server(6, 8.8, [[1, 1.01, 1]]))).toEqual([6, 8.8, 9.2]));
  test('work between, without requests, is kept', () =>
    expect(windowOf('main x200\n(idle) x2800\njob x1000\n(idle) x2000\nhandle x2800\n(idle) x3200', server(6, 8.8))).toEqual([3, 8.8, 6.2]));
  test('a server of another kind, by its samples', () => {
    const other = quietVitals({ isListening: true, to: 12 * S });
    expect(windowOf(late, other)).toEqual([6, 8.8, 9.2]);
    expect(windowOf('main x200\n(idle) x11800', other), 'nobody came').toBeUndefined();
  });
  test('a worker that gets its task late', () => expect(windowOf(late, undefined, true)).toEqual([6, 8.8, 9.2]));
  test('a start that is most of the work is work', () =>
    expect(windowOf('main x3000\n(idle) x6000\nhandle x500\n(idle) x2500', server(9, 9.5))).toEqual([0, 9.5, 2.5]));
  test('nothing is left out of a program that waits for something of its own', () => {
    expect(windowOf(late, quietVitals())).toBeUndefined();
    const site = {
      kind: 'http' as const,
      target: 'GET http://127.0.0.1:80/',
      frames: [],
      count: 500,
      finished: 500,
      total: S,
      longest: S,
      busy: S,
      maxInFlight: 1,
    };
    expect(windowOf(late, { ...server(6, 8.8), sites: [site] }), 'its server is asked by itself').toBeUndefined();
  });
  test('nor where little would be, or older measurements do not tell', () => {
    expect(windowOf('handle x2800\n(idle) x200', server(0, 2.8))).toBeUndefined();
    const { incoming, ...rest } = server(6, 8.8);
    expect(windowOf(late, { ...rest, incoming: { ...incoming, stretches: undefined } })).toBeUndefined();
  });
});

describe('the verdict', () => {
  const judge = (text: string, vitals: Vitals) => {
    const part = judgedPart(tablesOf(text), vitals, false);
    return { part, found: diagnose({ ...part, heap: undefined, exit: undefined }) };
  };
  test('is of the time in which it worked, and says what was left out', () => {
    const { part, found } = judge(late, server(6, 8.8));
    expect(found.verdict.branch).toBe('cpu-hot');
    const figures = found.turns.flatMap((turn) => turn.figures);
    expect(figures.find(({ label }) => label === 'event-loop utilisation')?.amount).toBe(1);
    expect(figures.find(({ label }) => label === 'recorded')?.amount).toBe(12 * S);
    expect(figures.find(({ label }) => label.startsWith('idle before and after'))?.amount).toBe(9.2 * S);
    const notes = notesOf({ main: undefined, vitals: part.vitals, isWorker: false, threads: undefined, served: part.served }, { threads: [], missed: [] });
    expect(notes).toContain('Judged is the time from the first to the last activity, 2.80 s of 12.0 s: 9.20 s before and after, without work, are left out.');
  });
  test('names own functions by total time, too', () => {
    const { found } = judge(late, server(6, 8.8));
    expect(found.verdict.summary).toContain('By total time, with all that they call: handle 100.0 %, parse 71.4 %.');
    const even = Array.from({ length: 12 }, (_, at) => `serve > step${at} x100`).join('\n');
    const spread = judge(even, quietVitals());
    expect(spread.found.verdict.branch).toBe('cpu-spread');
    expect(spread.found.verdict.summary).toContain('By total time, with all that they call: serve 100.0 %.');
  });
  test('blocks of the loop before the first request do not count', () => {
    const block = { start: 0.1 * S, end: 2 * S, cpu: 1.9 * S, waiting: 1 };
    const vitals = { ...server(6, 8.8), blocks: { count: 1, longest: [block] } };
    expect(judge(late, vitals).found.verdict.branch).toBe('cpu-hot');
    expect(judge(late, { ...vitals, blocks: { count: 1, longest: [{ ...block, start: 6 * S, end: 8 * S }] } }).found.verdict.branch).toBe('loop-blocked');
  });
});
