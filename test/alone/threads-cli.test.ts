import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';
import { type RecordedGroup, recordGroup, threadedProgram } from '../support/thread-group';

let folder: Folder;
let group: RecordedGroup;
let pids: { main: number; child: number };
beforeAll(() => {
  folder = temporaryFolder(threadedProgram);
  group = recordGroup(folder.path, path.join(folder.path, 'profiles'), 'run');
  const pidOf = (name: string): number => group.info.threads?.find((one) => one.name === name)?.pid as number;
  pids = { main: pidOf('main.mjs'), child: pidOf('child.mjs') };
});
afterAll(() => folder.remove());

/** On a busy machine the sampler may have had no turn for a while, which is told. */
const asked = async (args: string[]) => {
  const finished = await plateau(args, { cwd: folder.path });
  return {
    ...finished,
    stderr: finished.stderr.replace(/^plateau: .*: warning: (?:For [\d.]+ m?s no sample was taken|The \d+ active samples are worth).*\n/gm, ''),
  };
};
const analyze = (...args: string[]) => asked(['analyze', group.file, ...args]);
/** The rows of the table of threads: what is marked, and by which name. */
const marked = (stdout: string): string[] => [...stdout.matchAll(/^\* +\d+ +(\d+) +(\S+)/gm)].map(([, thread, name]) => `${name} ${thread}`);

test('analyze begins with a table of the threads, the busiest first and marked, and says which is shown', async () => {
  const { code, stdout, stderr } = await analyze('--top', '3');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^ +process +thread +name +CPU +waiting +samples$/m);
  expect(stdout.match(/^[* ] +\d+ +\d +\S+ +[\d.]+ m?s +0 ms +[\d,]+$/gm)).toHaveLength(4);
  expect(marked(stdout)).toEqual(['task.mjs 1']);
  expect(stdout).toMatch(/^Shown: the busiest of 4; the others: task\.mjs \(thread 2 of \d+\) [\d.]+ ms, child\.mjs [\d.]+ ms, main\.mjs [\d.]+ ms\.$/m);
});

test.each([
  [['--thread', '2'], ['task.mjs 2'], 'crunch'],
  [['--thread', 'child.mjs'], ['child.mjs 0'], 'dig'],
  [['--process', 'CHILD'], ['child.mjs 0'], 'dig'],
  [['--process', 'MAIN', '--thread', '0'], ['main.mjs 0'], undefined],
  [['--process', 'MAIN'], ['task.mjs 1'], 'crunch'],
  [['--process', 'MAIN', '--thread', 'all'], ['task.mjs 1', 'task.mjs 2', 'main.mjs 0'], 'crunch'],
  [['--thread', 'all'], ['task.mjs 1', 'task.mjs 2', 'child.mjs 0', 'main.mjs 0'], 'crunch'],
])('%j shows %j', async (args, shown, hot) => {
  const { code, stdout, stderr } = await analyze('--top', '1', ...args.map((one) => ({ CHILD: `${pids.child}`, MAIN: `${pids.main}` })[one] ?? one));
  expect([code, stderr]).toEqual([0, '']);
  expect(marked(stdout)).toEqual(shown);
  if (hot !== undefined) expect(stdout).toMatch(new RegExp(`%  ${hot} `));
});

test('of several of one name the busiest is shown, which is said', async () => {
  const { stdout, stderr } = await analyze('--thread', 'task.mjs');
  expect(marked(stdout)).toEqual(['task.mjs 1']);
  expect(stderr).toMatch(/: 2 threads have the name "task\.mjs", and this is the busiest; --thread with a number/);
});

test.each([
  [
    ['--thread', 'nope'],
    /: There is no thread "nope"\. It has: 1 "task\.mjs" of process \d+, 2 "task\.mjs" of process \d+, 0 "child\.mjs" of process \d+, 0 "main\.mjs" of process \d+\.$/,
  ],
  [['--thread', '9'], /: There is no thread "9"\. It has: /],
  [['--thread', '0'], /: There is a thread 0 in each of 2 processes: give --process too, one of \d+, \d+\.$/],
  [['--process', '1'], /: There is no process 1 in it\. It has: \d+ \(task\.mjs\), \d+ \(child\.mjs\)\.$/],
  [['--process', 'CHILD', '--thread', 'task.mjs'], /: There is no thread "task\.mjs" in process \d+\. It has: 0 "child\.mjs"\.$/],
])('%j: what there is stands in the answer', async (args, words) => {
  const { code, stdout, stderr } = await analyze(...args.map((one) => (one === 'CHILD' ? `${pids.child}` : one)));
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr.trim()).toMatch(words);
});

test.each([
  [['--thread', '1', '--profile', '2'], /--profile and --thread or --process say the same/],
  [['--process', 'x'], /--process takes the number of a process, not "x"/],
  [['--thread', ' '], /--thread takes a number, a name or all/],
])('%j is no use of them', async (args, words) => {
  const { code, stderr } = await analyze(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(words);
});

test('the JSON has every thread, fits its schema, and says which is shown', async () => {
  const { stdout } = await analyze('--json', '--thread', 'child.mjs');
  const report = JSON.parse(stdout);
  const isValid = new Ajv2020().compile(JSON.parse(readFileSync(path.join(root, 'schema', 'analyze.schema.json'), 'utf8')));
  expect([isValid(report), isValid.errors]).toEqual([true, null]);
  expect(report.shown).toMatch(/^number 3 of 4 by CPU time; the others: task\.mjs /);
  expect(report.threads.map(({ name, selected }: { name: string; selected: boolean }) => [name, selected])).toEqual([
    ['task.mjs', false],
    ['task.mjs', false],
    ['child.mjs', true],
    ['main.mjs', false],
  ]);
  for (const thread of report.threads) {
    const info = group.info.threads?.find(({ pid, threadId }) => pid === thread.process && threadId === thread.thread);
    expect(thread).toMatchObject({
      cpuMs: ((info?.active ?? 0) - (info?.waiting ?? 0)) / 1000,
      samples: info?.samples,
      file: path.join(path.dirname(group.file), info?.file ?? ''),
    });
  }
  expect(report.durationMs).toBeCloseTo(report.threads[2].durationMs, 1);
});

test('export takes the same options, and says on standard error which thread it wrote', async () => {
  const collapsed = (...args: string[]) => asked(['export', group.file, '--to', 'collapsed', ...args]);
  const plain = await collapsed();
  expect(plain.stdout).toContain('crunch');
  expect(plain.stdout).not.toContain('dig');
  expect(plain.stderr).toMatch(
    /: thread task\.mjs \(thread 1 of \d+\), the busiest of 4; the others: .* --thread T takes another, --thread all puts all together\.$/m,
  );
  expect((await collapsed('--thread', 'child.mjs')).stdout).toContain('dig');
  const all = await collapsed('--thread', 'all');
  expect(all.stderr).toBe('');
  expect(all.stdout).toContain('crunch');
  expect(all.stdout).toContain('dig');
});

test('a report says which thread it is of', async () => {
  const { stdout } = await asked(['export', group.file, '--to', 'markdown', '--thread', 'child.mjs']);
  expect(stdout).toMatch(/thread child\.mjs, number 3 of 4 by CPU time; the others: /);
  expect((await asked(['export', group.file, '--to', 'html', '--thread', 'all'])).stdout).toContain('all 4 threads together');
});

test("a thread's own file shows that thread, among the others", async () => {
  const at = group.info.threads?.findIndex(({ name }) => name === 'child.mjs') as number;
  const { stdout } = await plateau(['analyze', group.files[at] as string], { cwd: folder.path });
  expect(marked(stdout)).toEqual(['child.mjs 0']);
});

test("other tools' files with several threads take the same options; what is no thread is told", async () => {
  const profile = (name: string, frame: number, unit: string) => ({
    type: 'sampled',
    name,
    unit,
    startValue: 0,
    endValue: 90,
    samples: Array(90).fill([frame]),
    weights: Array(90).fill(1 + frame),
  });
  const file = (unit: string) => ({
    shared: { frames: [{ name: 'alpha' }, { name: 'beta' }] },
    profiles: [profile('one', 0, 'milliseconds'), profile('two', 1, unit)],
  });
  const threads = folder.file('threads.speedscope.json', JSON.stringify(file('milliseconds')));
  const one = await plateau(['analyze', threads, '--thread', 'one']);
  expect(one.stdout).toMatch(/^\* +1 +one +90\.0 ms/m);
  expect(one.stdout).toContain('alpha');
  expect((await plateau(['analyze', threads, '--thread', 'all'])).stdout).toMatch(/Shown: all 2 threads together\./);
  const sizes = folder.file('sizes.speedscope.json', JSON.stringify(file('bytes')));
  const none = await plateau(['analyze', sizes, '--thread', 'one']);
  expect(none).toMatchObject({ code: 4, stderr: expect.stringContaining('There are no threads in it, but profiles that --profile takes: 1 "one", 2 "two".') });
  const [alone] = [folder.file('alone.cpuprofile', readFileSync(group.file, 'utf8'))];
  expect((await plateau(['analyze', alone, '--thread', '1'])).stderr).toContain('There is one thread in it. Leave --thread and --process out.');
  expect((await plateau(['analyze', alone, '--thread', 'all'])).code).toBe(0);
});
