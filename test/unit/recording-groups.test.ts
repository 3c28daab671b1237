import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { movableFolder } from '../../src/extension/movable-files';
import { groupRecordings, isGroup, isShown, type RecordingRow } from '../../src/extension/views/recording-groups';
import type { RecordingDto } from '../../src/protocol/lsp';
import { listHunts } from '../../src/service/recordings/hunts';
import { listRecordings } from '../../src/service/recordings/recordings';
import { temporaryFolder } from '../support/run';

const DAY = 86_400_000;
const row = (at: number, group: string, more: Partial<RecordingDto> = {}): RecordingDto => ({
  file: `/r/${at}.cpuprofile`,
  title: `t${at}`,
  time: at,
  headline: '1.2 s',
  detail: '',
  canRepeat: true,
  beside: [],
  kind: 'cpu',
  group,
  size: 10,
  ...more,
});
const dayOf = (time: number): string => `day ${Math.floor(time / DAY)}`;
/** As the list looks: `group(…)`, folded ones with a `-`. */
const drawn = (rows: readonly RecordingRow[]): string =>
  rows.map((one) => (isGroup(one) ? `${one.isFolded ? '-' : ''}${one.title}(${drawn(one.rows)})` : one.title)).join(' ');

describe('the list of recordings', () => {
  test('few are a plain list, newest first', () => {
    expect(drawn(groupRecordings([row(1, 'a'), row(3, 'b'), row(2, 'a')], dayOf))).toBe('t3 t2 t1');
  });
  test('many are grouped by what was run, the newest open', () => {
    const rows = [1, 2, 3, 4, 5, 6].map((at) => row(at, 'npm run bench')).concat([7, 8, 9].map((at) => row(at, 'node main.js')));
    expect(drawn(groupRecordings(rows, dayOf))).toBe('node main.js(t9 t8 t7) -npm run bench(t6 t5 t4 t3 t2 t1)');
  });
  test('and within by day, where there are many of several days', () => {
    const rows = Array.from({ length: 9 }, (_, at) => row(at * (DAY / 3), 'a'));
    const [group] = groupRecordings(rows, dayOf);
    expect(group && isGroup(group) && group.rows.map((one) => (isGroup(one) ? [one.title, one.recordings.length, one.isFolded] : []))).toEqual([
      ['day 2', 3, false],
      ['day 1', 3, true],
      ['day 0', 3, true],
    ]);
    expect(group && isGroup(group) && group.recordings.length).toBe(9);
  });
  test('a filter asks for all of its words, in whatever is shown', () => {
    const one = row(1, 'npm run bench', { headline: '1.2 s · parse 40 %', detail: 'commit abc1234' });
    for (const filter of ['bench', 'PARSE', 't1 bench', 'abc1234', '']) expect(isShown(one, filter), filter).toBe(true);
    expect(isShown(one, 'bench draw')).toBe(false);
  });
});

describe('what else is kept there', () => {
  const folder = temporaryFolder({});
  afterAll(() => folder.remove());
  const profiles = path.join(folder.path, '.plateau', 'profiles');
  const hunt = path.join(profiles, 'hunt-a');
  mkdirSync(hunt, { recursive: true });
  const result = { schema: 'plateau/hunt/1', verdict: 'leak', title: 'node a.js, GET /', recordedAt: '2026-01-05T12:00:00.000Z', leaks: [{}, {}] };
  writeFileSync(path.join(hunt, 'result.hunt.json'), JSON.stringify(result));
  for (const round of [1, 3]) writeFileSync(path.join(hunt, `${round}.heapsnapshot`), 'x'.repeat(round));

  test('a hunt, with the size of its snapshots', async () => {
    expect(await listHunts(profiles)).toEqual([
      {
        folder: hunt,
        title: result.title,
        recordedAt: result.recordedAt,
        verdict: 'leak',
        leaks: 2,
        snapshots: [1, 3].map((round) => path.join(hunt, `${round}.heapsnapshot`)),
        size: 4,
      },
    ]);
    expect(await movableFolder(hunt)).toEqual([hunt]);
  });
  test('no folder that is none, is damaged or leads elsewhere', async () => {
    mkdirSync(path.join(profiles, 'empty'));
    mkdirSync(path.join(profiles, 'damaged'));
    writeFileSync(
      path.join(profiles, 'damaged', 'result.hunt.json'),
      '{"schema":"plateau/hunt/1","verdict":"leak","title":"x","recordedAt":"never","leaks":[]}',
    );
    mkdirSync(path.join(folder.path, 'outside'));
    writeFileSync(path.join(folder.path, 'outside', 'result.hunt.json'), JSON.stringify(result));
    symlinkSync(path.join(folder.path, 'outside'), path.join(profiles, 'linked'));
    expect((await listHunts(profiles)).map((one) => path.basename(one.folder))).toEqual(['hunt-a']);
    expect(await movableFolder(path.join(profiles, 'linked')), 'nothing is moved through a link').toEqual([]);
    expect(await movableFolder(path.join(profiles, 'empty'))).toEqual([]);
  });
  test('the report of a bottleneck goes with its recording', async () => {
    writeFileSync(path.join(profiles, 'a.cpuprofile'), '{}');
    writeFileSync(path.join(profiles, 'b.cpuprofile'), '{}');
    writeFileSync(path.join(profiles, 'b.doctor.json'), '{}');
    const found = await listRecordings(profiles);
    expect(found.map(({ file, report }) => [path.basename(file), report && path.basename(report)]).sort()).toEqual([
      ['a.cpuprofile', undefined],
      ['b.cpuprofile', 'b.doctor.json'],
    ]);
  });
});
