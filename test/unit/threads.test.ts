import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computingElsewhere } from '../../src/core/findings/thread-activity';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { activityStrip, byCpu, cpuOf, STRIP, stripValues, type ThreadSummary } from '../../src/core/profile/views/threads';
import { recordingDto } from '../../src/server/opened-dto';
import type { ReadProfile } from '../../src/service/profile/import-profile';
import { openProfile } from '../../src/service/profile/opened-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { describeShown, shownThreads } from '../../src/service/profile/shown-threads';
import { firstProfileOf, recordedFiles } from '../../src/service/recordings/recorded-threads';
import type { RecordedThread } from '../../src/service/recordings/recording-info';
import { listRecordings, readInfo, renameRecording } from '../../src/service/recordings/recordings';
import { fileLocator } from '../../src/source/maps/locate';
import { profileFromText, rawFromText, readOk } from '../support/raw-profile';
import { type Folder, temporaryFolder } from '../support/run';
import { groupInfo, type RecordedGroup, recordGroup, threadedProgram } from '../support/thread-group';

let folder: Folder;
let group: RecordedGroup;
beforeAll(() => {
  folder = temporaryFolder(threadedProgram);
  group = recordGroup(folder.path, path.join(folder.path, 'profiles'), 'run');
});
afterAll(() => folder.remove());

/** A copy of the recording that a test may break. */
function copied(): { readonly folder: string; file(name: string): string } {
  const to = path.join(folder.path, `copy ${Math.random().toString(36).slice(2)}`);
  cpSync(path.dirname(group.file), to, { recursive: true });
  return { folder: to, file: (name) => path.join(to, name) };
}

async function read(file: string, select?: Parameters<typeof readProfileFile>[1]): Promise<ReadProfile> {
  const done = await readProfileFile(file, select);
  return done.ok ? done.value : expect.fail(JSON.stringify(done.error));
}

const functionsOf = ({ tables }: ReadProfile): Set<string> => new Set([...tables.functions.name].map((name) => tables.strings.at(name)));

describe('a recording of several threads', () => {
  test('opens its first thread, and offers all of them', async () => {
    const opened = await read(group.file);
    expect(opened.selected).toBe(0);
    expect(opened.profiles.map(({ thread }) => [thread?.process, thread?.thread, thread?.name])).toEqual(
      group.info.threads?.map(({ pid, threadId, name }) => [pid, threadId, name]),
    );
    expect(opened.profiles.map(({ name }) => name).sort()).toEqual(
      [
        'child.mjs',
        'main.mjs',
        ...(group.info.threads ?? []).filter(({ name }) => name === 'task.mjs').map(({ threadId, pid }) => `task.mjs (thread ${threadId} of ${pid})`),
      ].sort(),
    );
    expect(functionsOf(opened)).toContain('crunch');
    expect(functionsOf(opened)).not.toContain('dig');
  });

  test("a thread's own file leads to the recording, with that thread chosen", async () => {
    const at = group.info.threads?.findIndex(({ name }) => name === 'child.mjs') as number;
    const opened = await read(group.files[at] as string);
    expect(opened.selected).toBe(at);
    expect(opened.profiles).toHaveLength(4);
    expect(functionsOf(opened)).toContain('dig');
    expect((await readInfo(group.files[at] as string))?.title).toBe('node main.mjs');
  });

  test('all as one has what each has, a frame for each thread', async () => {
    const all = await read(group.file, { select: 'merge' });
    expect(all.selected).toBe('merge');
    const singles = await Promise.all(group.files.map((_, select) => read(group.file, { select })));
    const sum = singles.reduce((total, { tables }) => total + (tables.nodes.total[0] as number), 0);
    expect(all.tables.nodes.total[0]).toBeCloseTo(sum, 3);
    for (const { name } of all.profiles) expect(functionsOf(all)).toContain(`[${name}]`);
  });

  test('a profile that is gone or damaged costs itself, and is told', async () => {
    const copy = copied();
    rmSync(copy.file('run.t2.cpuprofile'));
    writeFileSync(copy.file('run.t3.cpuprofile'), 'no profile');
    const first = await read(copy.file('run.cpuprofile'));
    expect(first.profiles.map(({ isMissing }) => isMissing === true)).toEqual([false, true, false, false]);
    expect(first.warnings.filter(({ kind }) => kind === 'lost-thread')).toEqual([]);
    const all = await read(copy.file('run.cpuprofile'), { select: 'merge' });
    expect(all.together).toEqual([0, 3]);
    const lost = all.warnings.flatMap((one) => (one.kind === 'lost-thread' ? [[one.file, one.issue.kind]] : []));
    expect(lost).toEqual([
      ['run.t2.cpuprofile', 'unreadable'],
      ['run.t3.cpuprofile', 'not-json'],
    ]);
    const asked = await readProfileFile(copy.file('run.cpuprofile'), { select: 2 });
    expect(asked.ok).toBe(false);
  });

  test('where the first profile cannot be read, the next one is shown, and it is told', async () => {
    const copy = copied();
    writeFileSync(copy.file('run.cpuprofile'), '');
    const opened = await read(copy.file('run.cpuprofile'));
    expect(opened.selected).toBe(1);
    expect(opened.warnings).toContainEqual({ kind: 'lost-thread', name: opened.profiles[0]?.name, file: 'run.cpuprofile', issue: { kind: 'empty-file' } });
  });

  test.each([
    ['a number', 4],
    ['a name', { name: 'nope' }],
  ] as const)('%s that is none of it is told with what there is', async (_, select) => {
    const done = await readProfileFile(group.file, { select });
    expect(done).toMatchObject({ ok: false, error: { kind: 'no-such-profile', wanted: typeof select === 'number' ? '5' : 'nope' } });
    expect(!done.ok && done.error.kind === 'no-such-profile' && done.error.names).toHaveLength(4);
  });

  test('without what stands beside it, each file is a profile of its own', async () => {
    const copy = copied();
    rmSync(copy.file('run.plateau.json'));
    const opened = await read(copy.file('run.t2.cpuprofile'));
    expect(opened.profiles).toEqual([expect.objectContaining({ name: 'CPU' })]);
    expect(opened.selected).toBe(0);
  });

  test('renamed by hand, the files are still found', async () => {
    const copy = copied();
    for (const name of readdirSync(copy.folder)) renameSync(copy.file(name), copy.file(name.replace('run', 'other.run')));
    const opened = await read(copy.file('other.run.t3.cpuprofile'));
    expect(opened.selected).toBe(2);
    expect(opened.profiles.map(({ isMissing }) => isMissing)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('the list of recordings', () => {
  test('a group is one entry: its size is that of all profiles', async () => {
    const copy = copied();
    const [only, ...more] = await listRecordings(copy.folder);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ file: copy.file('run.cpuprofile'), info: { title: 'node main.mjs' } });
    expect(only?.size).toBe(group.files.reduce((sum, file) => sum + readFileSync(file).length, 0));
    expect(only?.beside).toEqual([2, 3, 4].map((n) => copy.file(`run.t${n}.cpuprofile`)));
  });

  test('a new title is that of the group, by whichever of its files', async () => {
    const copy = copied();
    expect(await renameRecording(copy.file('run.t3.cpuprofile'), 'Before the fix')).toBe(true);
    expect((await readInfo(copy.file('run.cpuprofile')))?.title).toBe('Before the fix');
    expect(readdirSync(copy.folder).filter((name) => name.endsWith('.json'))).toEqual(['run.plateau.json']);
  });

  test('where the sidecar is gone, every file is an entry; where the first profile is, the next one stands for all', async () => {
    const copy = copied();
    rmSync(copy.file('run.cpuprofile'));
    expect((await listRecordings(copy.folder)).map(({ file, beside }) => [path.basename(file), beside.length])).toEqual([['run.t2.cpuprofile', 2]]);
    // What is known of it goes with it all the same.
    expect((await listRecordings(copy.folder)).map(recordingDto)[0]?.beside.map((one) => path.basename(one))).toEqual([
      'run.t3.cpuprofile',
      'run.t4.cpuprofile',
      'run.plateau.json',
    ]);
    rmSync(copy.file('run.plateau.json'));
    expect((await listRecordings(copy.folder)).map(({ file }) => path.basename(file)).sort()).toEqual([
      'run.t2.cpuprofile',
      'run.t3.cpuprofile',
      'run.t4.cpuprofile',
    ]);
  });

  test('a profile that is merely called like a thread is an entry', async () => {
    const copy = copied();
    cpSync(copy.file('run.t2.cpuprofile'), copy.file('run.t9.cpuprofile'));
    cpSync(copy.file('run.t2.cpuprofile'), copy.file('mine.t2.cpuprofile'));
    expect((await listRecordings(copy.folder)).map(({ file }) => path.basename(file)).sort()).toEqual([
      'mine.t2.cpuprofile',
      'run.cpuprofile',
      'run.t9.cpuprofile',
    ]);
  });
});

const row = (change: Partial<RecordedThread>): RecordedThread => ({
  file: 'a.cpuprofile',
  pid: 1,
  ppid: 0,
  threadId: 0,
  name: 'a.js',
  argv: [],
  node: 'v20.0.0',
  startTime: 0,
  endTime: 10,
  active: 5,
  waiting: 0,
  samples: 5,
  ...change,
});

describe('what a sidecar may say', () => {
  const second = row({ file: 'a.t2.cpuprofile', threadId: 1 });
  const third = row({ file: 'a.t3.cpuprofile', threadId: 2 });

  test.each([['../a.t2.cpuprofile'], ['/etc/passwd'], ['sub/a.t2.cpuprofile'], ['a\\b.cpuprofile'], ['..cpuprofile'], ['a.json'], ['']])(
    'a file %j is none of the folder: its row is passed over',
    (file) => {
      expect(recordedFiles({ threads: [row({}), row({ file }), third] }, 'a.cpuprofile')?.names).toEqual(['a.cpuprofile', 'a.t3.cpuprofile']);
    },
  );

  test.each([
    ['no list', 'x'],
    ['one alone', [row({})]],
    ['numbers that are none', [row({}), { ...second, active: '7' }]],
    ['nothing in rows', [null, 7, 'x']],
    ['the same file twice', [row({}), row({ threadId: 1 })]],
    ['an end before the start', [row({}), row({ file: 'a.t2.cpuprofile', startTime: 9, endTime: 3 })]],
  ])('%s is no group', (_, threads) => {
    expect(recordedFiles({ threads } as never, 'a.cpuprofile')).toBeUndefined();
  });

  test.each([
    ['/x/run.t2.cpuprofile', '/x/run.cpuprofile'],
    ['C:\\x\\run.t12.cpuprofile', 'C:\\x\\run.cpuprofile'],
    ['a.b.t2.CPUPROFILE', 'a.b.CPUPROFILE'],
    ['run.cpuprofile', undefined],
    ['/x/.t2.cpuprofile', undefined],
    ['run.t.cpuprofile', undefined],
    ['run.t2.heapprofile', undefined],
  ])('%s is of %s', (file, first) => expect(firstProfileOf(file)).toBe(first));
});

const summary = (name: string, active: number, change: Partial<ThreadSummary> = {}): ThreadSummary => ({
  name,
  process: 7,
  thread: 0,
  startTime: 0,
  endTime: 1_000_000,
  active: active * 1000,
  waiting: 0,
  samples: active,
  ...change,
});

describe('which thread is shown', () => {
  const all = [summary('main.js', 900, { waiting: 880_000 }), summary('a.js', 300), summary('b.js', 500)];

  test('waiting is no work', () => {
    expect(all.map(cpuOf)).toEqual([20_000, 300_000, 500_000]);
    expect(byCpu(all)).toEqual([2, 1, 0]);
  });

  test.each([
    [[2], 'the busiest of 3; the others: a.js 300 ms, main.js 20.0 ms'],
    [[0], 'number 3 of 3 by CPU time; the others: b.js 500 ms, a.js 300 ms'],
    [[0, 1, 2], 'all 3 threads together'],
    [[0, 2], '2 of 3 threads together; the other: a.js 300 ms'],
  ])('%j: %s', (shown, words) => expect(describeShown({ all, shown })).toBe(words));

  test('one that is shown for the function asked for says so', () => {
    expect(describeShown({ all, shown: [0], focus: 'main.js' })).toBe(
      'shown for its time in main.js, number 3 of 3 by CPU time; the others: b.js 500 ms, a.js 300 ms',
    );
    expect(describeShown({ all, shown: [1], focus: 'main.js' })).toMatch(/^number 2 of 3/);
    expect(describeShown({ all, shown: [2], focus: 'main.js' })).toMatch(/^the busiest/);
  });

  test('one that chance may have put behind another says so', () => {
    // 480 and 500 samples of 1 ms differ by less than two standard deviations, 2 * sqrt(980) = 63; 400 and 500 do not.
    const close = [summary('main.js', 480, { samples: 500, endTime: 500_000 }), summary('a.js', 500, { samples: 500, endTime: 500_000 })];
    expect(describeShown({ all: close, shown: [0] })).toBe('number 2 of 2 by CPU time, within sampling error of the busiest; the other: a.js 500 ms');
    const far = [summary('main.js', 400, { samples: 500, endTime: 500_000 }), summary('a.js', 500, { samples: 500, endTime: 500_000 })];
    expect(describeShown({ all: far, shown: [0] })).toBe('number 2 of 2 by CPU time; the other: a.js 500 ms');
  });

  test('of hundreds the largest are named', () => {
    const many = Array.from({ length: 200 }, (_, at) => summary(`w${at}`, 200 - at));
    expect(describeShown({ all: many, shown: [0] })).toBe('the busiest of 200; the others: w1 199 ms, w2 198 ms, w3 197 ms, w4 196 ms, w5 195 ms and 194 more');
  });
});

describe('what the others did meanwhile', () => {
  const main = summary('main.js', 20);

  test('workers that computed are what a waiting thread waits for', () => {
    const found = computingElsewhere({ all: [main, summary('task.js', 940), summary('task.js', 400), summary('log.js', 3)], shown: [0] }, 980_000);
    expect(found).toMatchObject({ count: 2, cpu: 1_343_000, busiestCpu: 940_000, busiest: { name: 'task.js' } });
    expect(found?.share).toBeCloseTo(20 / 1363, 6);
  });

  test('of many short ones, each with little, most are counted', () => {
    const many = Array.from({ length: 40 }, () => summary('task.js', 50));
    expect(computingElsewhere({ all: [main, ...many], shown: [0] }, 980_000)?.count).toBe(38);
  });

  test('nothing is said of threads that ran before or after', () => {
    const before = summary('old.js', 900, { startTime: -2_000_000, endTime: -1 });
    expect(computingElsewhere({ all: [main, before], shown: [0] }, 980_000)).toBeUndefined();
  });

  test('one that lives partly meanwhile counts by that part', () => {
    const half = summary('half.js', 900, { startTime: 500_000, endTime: 1_500_000 });
    expect(computingElsewhere({ all: [main, half], shown: [0] }, 980_000)?.cpu).toBe(450_000);
  });

  test('too little, all together, and waiting in blocks are no work elsewhere', () => {
    expect(computingElsewhere({ all: [main, summary('log.js', 50)], shown: [0] }, 980_000)).toBeUndefined();
    expect(computingElsewhere({ all: [main, summary('a.js', 900)], shown: [0, 1] }, 980_000)).toBeUndefined();
    expect(computingElsewhere({ all: [main, summary('a.js', 900, { waiting: 890_000 })], shown: [0] }, 980_000)).toBeUndefined();
  });
});

describe('advice', () => {
  const open = (threads: readonly RecordedThread[], text: string) => {
    const built = profileFromText(text);
    const content = {
      profiles: threads.map((one) => ({
        name: one.name,
        unit: 'microseconds' as const,
        samples: 1,
        thread: { ...one, process: one.pid, thread: one.threadId },
      })),
      selected: 0,
    };
    return openProfile('a.cpuprofile', built, { thresholds: defaultThresholds, locator: fileLocator([]), info: groupInfo(threads), content });
  };
  const waits = '(idle) x950\nmain x50';
  const busyWorker = row({ file: 'a.t2.cpuprofile', name: 'task.js', threadId: 1, endTime: 1_000_000, active: 940_000 });
  const main = row({ endTime: 1_000_000, active: 50_000 });

  test('a thread that waits while workers compute is not told to look at the network', () => {
    const finding = open([main, busyWorker], waits).findings.find(({ rule }) => rule === 'mostly-idle');
    expect(finding).toMatchObject({ level: 'info', title: 'Waiting while another thread computes' });
    expect(`${finding?.summary} ${finding?.advice}`).toContain('940 ms');
    expect(finding?.advice).toContain('`task.js` (thread 1 of process 1)');
    expect(`${finding?.summary} ${finding?.advice}`).not.toMatch(/network|database/);
  });

  test('alone, or beside workers that idle, it is', () => {
    const idle = open([main, { ...busyWorker, active: 1000 }], waits).findings.find(({ rule }) => rule === 'mostly-idle');
    expect(idle?.advice).toMatch(/network/);
  });

  test('standing in Atomics.wait is waiting, and no bottleneck', () => {
    const blocked = 'main > waitForWorker x950\nmain x50';
    const rules = (threads: readonly RecordedThread[]) => open(threads, blocked).findings.map(({ rule, level }) => `${rule} ${level}`);
    expect(rules([{ ...main, active: 1_000_000, waiting: 950_000 }, busyWorker])).toEqual(['plateau warning', 'mostly-idle info']);
    expect(rules([{ ...main, active: 1_000_000, waiting: 0 }, busyWorker])).toEqual(['plateau error']);
    // Where it has a frame of its own, nobody is told to call it less often; alone it is a function like others.
    const framed = (threads: readonly RecordedThread[]) => open(threads, 'main > stand > Atomics.wait@- x950\nmain x50').findings.map(({ rule }) => rule);
    expect(framed([{ ...main, active: 1_000_000, waiting: 950_000 }, busyWorker])).toEqual(['mostly-idle']);
    expect(
      framed([
        { ...main, active: 1_000_000, waiting: 950_000 },
        { ...busyWorker, active: 10 },
      ]),
    ).toEqual(['plateau']);
  });
});

describe('the strip of activity', () => {
  test('is full where the thread works, empty where it idles or stands still, blank where it is not', () => {
    const raw = rawFromText(`main x20\n(idle) x20\nexecSync@node:child_process:9 > spawnSync@node:internal/child_process:9 x20`);
    const { tables } = readOk({ ...raw, startTime: 0 });
    const strip = activityStrip(tables, 0, 120_000);
    expect(strip).toHaveLength(STRIP);
    expect(strip).toBe('z'.repeat(10) + '0'.repeat(20) + ' '.repeat(30));
    expect(stripValues(strip.slice(9, 11))).toEqual([1, 0]);
    expect(stripValues(strip).slice(30).every(Number.isNaN)).toBe(true);
  });

  test('says nothing where there are no times', () => {
    const { tables } = profileFromText('main x3');
    expect(activityStrip({ ...tables, samples: { ...tables.samples, length: 0 } }, 0, 3000)).toBe('');
    expect(activityStrip(tables, 5, 5)).toBe('');
  });
});

test('threads of other tools are told apart from what one run is counted in', async () => {
  const speedscope = {
    shared: { frames: [{ name: 'a' }, { name: 'b' }] },
    profiles: ['one', 'two'].map((name, at) => ({
      type: 'sampled',
      name,
      unit: 'milliseconds',
      startValue: 0,
      endValue: 4,
      samples: [[at], [0]],
      weights: [3, at],
    })),
  };
  const file = folder.file('two.speedscope.json', JSON.stringify(speedscope));
  const threads = shownThreads(await read(file));
  expect(threads?.all.map(({ name, process, thread, active }) => [name, process, thread, active])).toEqual([
    ['one', undefined, undefined, 3000],
    ['two', undefined, undefined, 4000],
  ]);
  expect(threads?.shown).toEqual([1]);
  const units = { ...speedscope, profiles: speedscope.profiles.map((one, at) => (at === 0 ? one : { ...one, unit: 'bytes' })) };
  expect(shownThreads(await read(folder.file('units.speedscope.json', JSON.stringify(units))))).toBeUndefined();
});

test("a trace of Chrome's tells the numbers of process and thread, and the name without them", async () => {
  const node = (id: number, functionName: string, parent?: number) => ({ id, parent, callFrame: { functionName, url: '', lineNumber: -1, columnNumber: -1 } });
  const thread = (tid: number, name: string, busy: number) => [
    { ph: 'M', name: 'thread_name', pid: 77, tid, args: { name } },
    { ph: 'P', name: 'Profile', id: `0x${tid}`, pid: 77, tid, ts: 0, args: { data: { startTime: 1000 } } },
    {
      ph: 'P',
      name: 'ProfileChunk',
      id: `0x${tid}`,
      pid: 77,
      tid: 99,
      ts: 1,
      args: {
        data: {
          endTime: 11_000,
          cpuProfile: {
            nodes: [node(1, '(root)'), node(2, 'work', 1), node(3, '(program)', 1)],
            samples: Array.from({ length: 10 }, (_, i) => (i < busy ? 2 : 3)),
          },
          timeDeltas: Array.from({ length: 10 }, (_, i) => (i === 0 ? 0 : 1000)),
        },
      },
    },
  ];
  const events = [...thread(5, 'CrRendererMain', 3), ...thread(6, 'DedicatedWorker', 8)];
  const opened = await read(folder.file('trace.json', JSON.stringify({ traceEvents: events })));
  const threads = shownThreads(opened);
  expect(threads?.all.map(({ name, process, thread: number }) => [name, process, number])).toEqual([
    ['CrRendererMain', 77, 5],
    ['DedicatedWorker', 77, 6],
  ]);
  // What V8 has no name for is what a browser does while there is nothing to do.
  expect(threads?.all.map((one) => [cpuOf(one), one.waiting])).toEqual([
    [3000, 7000],
    [8000, 2000],
  ]);
  expect(describeShown(threads as NonNullable<typeof threads>)).toBe('the busiest of 2; the other: CrRendererMain 3.00 ms');
  expect(opened.profiles.map(({ strip }) => strip?.length)).toEqual([60, 60]);
});
