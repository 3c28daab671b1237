import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { now } from '../../src/capture/target/vitals/clock';
import { watchGrowth } from '../../src/capture/target/vitals/watch-growth';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';

/** While V8 samples allocations, `shift()` takes time in proportion to the length of an array: the doctor samples only what grows. */

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

/** Whether V8 samples is asked of V8 itself: it refuses a profile of a sampler that does not run. */
const asks = `
const { Session } = require('node:inspector');
const isSampling = () => {
  const session = new Session();
  session.connect();
  let answer;
  session.post('HeapProfiler.getSamplingProfile', (error) => { answer = !error; });
  session.disconnect();
  return answer;
};
const tell = () => require('node:fs').writeFileSync('sampling', String(isSampling()));
`;

async function judge(source: string): Promise<{ report: Report; folder: string }> {
  const folder = temporaryFolder({ 'a.js': asks + source });
  folders.push(folder);
  const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.js'], { cwd: folder.path });
  return { report: JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as Report, folder: folder.path };
}

const sampling = (folder: string): string => readFileSync(`${folder}/sampling`, 'utf8');

/** Keeps 800 kB more each 20 ms for three seconds: large arrays, which no collection has to move. */
const growing = `
const kept = (globalThis.kept = []);
const remember = () => kept.push(new Array(100_000).fill(kept.length));
const until = Date.now() + 3000;
const turn = () => {
  remember();
  if (Date.now() < until) setTimeout(turn, 20);
  else { tell(); process.exitCode = 3; }
};
turn();`;

describe('allocations are sampled', () => {
  test('not in a program whose memory is steady', async () => {
    const { report, folder } = await judge(`
const queue = Array.from({ length: 5000 }, (_, id) => ({ id }));
let turns = 0;
const turn = () => {
  for (let i = 0; i < 100; i++) queue.push(queue.shift());
  if (++turns < 120) setTimeout(turn, 20);
  else tell();
};
turn();`);
    expect(sampling(folder)).toBe('false');
    expect(report.notes.join(' ')).not.toContain('sampled');
    // What is alive at the end is known nevertheless.
    expect(JSON.stringify(report.diagnosis.turns.find(({ id }) => id === 'growth'))).toContain('at the end');
  });

  test('where live memory grows, and what holds it is named', async () => {
    const { report, folder } = await judge(growing);
    expect(sampling(folder)).toBe('true');
    expect(report.diagnosis.verdict.branch).toBe('memory-growth');
    expect(report.diagnosis.verdict.summary).toContain('allocated by remember');
    expect(report.notes.join(' ')).toMatch(/Its memory grew, so what it allocates was sampled from \d.* after the start to the end\./);
  });

  const MB = 1e6;
  /** A reading each 0.1 s for four seconds: of memory that grows by so much in each, while so much of a core is used. */
  const readings = (bytes: number, share: number, watch = watchGrowth()): ReturnType<typeof watch.read> => {
    const from = now();
    for (let turn = 1; turn <= 40; turn++) watch.look(from + turn * 1e5, 10 * MB + turn * bytes, turn * 1e5 * share);
    const read = watch.read();
    watch.stop();
    return read;
  };
  test.each<[string, number, number, boolean]>([
    ['a thread with time to spare', 1 * MB, 0.3, true],
    ['a busy thread, where it would be felt', 1 * MB, 0.8, false],
    ['growth of 4 MB, as of caches and compiled code', 0.1 * MB, 0.3, false],
  ])('of %s', (_, bytes, share, expected) => {
    expect(readings(bytes, share) !== undefined).toBe(expected);
  });

  test('only until the thread becomes busy', () => {
    const watch = watchGrowth();
    expect(readings(1 * MB, 0.3, { ...watch, stop() {} })).not.toHaveProperty('to');
    const at = now() + 5e6;
    for (let turn = 0; turn <= 10; turn++) watch.look(at + turn * 1e5, 60 * MB, 2e6 + turn * 1e5);
    expect(watch.read()).toHaveProperty('to');
  });
});
