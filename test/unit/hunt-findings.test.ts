import { afterAll, describe, expect, test } from 'vitest';
import { huntFindings } from '../../src/service/hunt/hunt-findings';
import type { HuntLeak, HuntResult } from '../../src/shared/hunt';
import { lineFingerprints } from '../../src/source/align-lines';
import { temporaryFolder } from '../support/run';

const TEXT = 'const sessions = new Map();\n\nexport function visit() {\n  sessions.set(1, {});\n}\n';
const folder = temporaryFolder({ 'app.mjs': TEXT });
afterAll(() => folder.remove());
const file = `${folder.path}/app.mjs`;

const leak = (change: Partial<HuntLeak> = {}): HuntLeak => ({
  verdict: 'leak',
  className: 'Session',
  counts: [7, 14, 21],
  perExercise: 1,
  isMultiple: true,
  retainedSize: 4200,
  bytesPerExercise: 300,
  summary: '`sessions` (Map) in module app.mjs',
  path: [
    { text: '`sessions` (Map)', place: undefined, id: 5 },
    { text: 'Session', place: undefined, id: 9 },
  ],
  retainedAt: { file, line: 1, column: 7 },
  alsoKeptBy: [],
  allocatedAt: { file, line: 3, column: 8 },
  allocation: [],
  objectId: 9,
  holderId: 5,
  holders: 1,
  ...change,
});
const result = (...leaks: HuntLeak[]): HuntResult => ({
  schema: 'plateau/hunt/1',
  verdict: 'leak',
  title: 'a hunt',
  recordedAt: '2026-01-01T10:00:00.000Z',
  snapshots: [],
  leaks,
  settled: 0,
  warnings: [],
});
const recipe = { kind: 'command', command: 'node app.mjs', cwd: folder.path } as const;
const found = (...leaks: HuntLeak[]) => huntFindings('/r.hunt.json', result(...leaks), recipe, [folder.path]);

describe('what a hunt found, as findings', () => {
  test('stands where it is kept, word for word, and where it is allocated', () => {
    const [one] = found(leak()).findings;
    expect(one).toMatchObject({ rule: 'leak', origin: 'heap', level: 'error', title: 'Leak of Session', cost: 4200, samples: 14 });
    expect(one?.place).toEqual({ file, line: 1, column: 7, endLine: 1, endColumn: 7 + 'sessions'.length });
    expect(one?.also?.place).toEqual({ file, line: 3, column: 8, endLine: 3, endColumn: 8 + 'function'.length });
    expect(one?.summary).toBe('14 more are kept after the hunt than before, 4.20 kB. `sessions` (Map) in module app.mjs.');
  });

  test('has the same id in the next hunt, wherever the lines are then; another holder has another', () => {
    const idOf = (change: Partial<HuntLeak>): string => found(leak(change)).findings[0]?.id ?? '';
    expect(idOf({})).toBe('leak:Session in sessions (Map)@app.mjs');
    expect(idOf({ retainedAt: { file, line: 90, column: 1 }, counts: [1, 2, 3], objectId: 77 })).toBe(idOf({}));
    expect(idOf({ className: '{user-1, user-2}' })).toBe(idOf({ className: '{user-7, user-9}' }));
    expect(idOf({ holderId: 9 })).not.toBe(idOf({}));
    expect(new Set(found(leak(), leak()).findings.map(({ id }) => id)).size).toBe(2);
  });

  test('growth is quieter than a leak; one place is shown once; without a place it is on the list alone', () => {
    const [growth, same, nowhere] = found(
      leak({ verdict: 'growth' }),
      leak({ allocatedAt: { file, line: 1, column: 1 } }),
      leak({ retainedAt: undefined, allocatedAt: undefined }),
    ).findings;
    expect(growth).toMatchObject({ level: 'warning', title: 'Growth of Session' });
    expect(same?.also).toBeUndefined();
    expect(nowhere?.place).toBeUndefined();
  });

  test('what becomes larger without more objects is told by its size', () => {
    const [one] = found(leak({ className: 'Array (its elements)', measure: 'elements' })).findings;
    expect(one?.title).toBe('Leak of Array (its elements)');
    expect(one?.summary).toBe('It is 4.20 kB larger after the hunt than before. `sessions` (Map) in module app.mjs.');
  });

  test('knows the lines of its sources as they are; a source that is gone keeps its place', () => {
    expect(found(leak()).info?.sources[file]).toEqual(lineFingerprints(TEXT));
    const gone = { file: `${folder.path}/gone.mjs`, line: 4, column: 2 };
    const { findings, info } = found(leak({ retainedAt: gone }));
    expect(findings[0]?.place).toMatchObject({ file: gone.file, line: 4, column: 2, endColumn: 3 });
    expect(Object.keys(info?.sources ?? {})).toEqual([file]);
  });
});
