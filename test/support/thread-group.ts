import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { functionCosts, profileTotals } from '../../src/core/profile/costs/function-costs';
import { waitingTime } from '../../src/core/profile/costs/waiting';
import type { RecordedThread, RecordingInfo } from '../../src/service/recordings/recording-info';
import { readOk } from './raw-profile';

/**
 * A program with a main thread that mostly waits, two workers that compute in `task.mjs`, one
 * longer than the other, and a forked process that computes in `child.mjs`.
 */
export const threadedProgram: Readonly<Record<string, string>> = {
  'main.mjs': `import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
const workers = [900, 450].map((ms) => new Worker(new URL('./task.mjs', import.meta.url), { workerData: ms }));
const child = fork(fileURLToPath(new URL('./child.mjs', import.meta.url)));
await Promise.all([...workers.map((worker) => once(worker, 'exit')), once(child, 'exit')]);
`,
  'task.mjs': `import { workerData } from 'node:worker_threads';
function crunch(ms) {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) for (let i = 0; i < 1000; i++) sum += Math.sqrt(i);
  return sum;
}
crunch(workerData);
`,
  'child.mjs': `function dig() {
  const end = performance.now() + 250;
  let sum = 0;
  while (performance.now() < end) for (let i = 0; i < 1000; i++) sum += Math.cbrt(i);
  return sum;
}
dig();
`,
};

export interface RecordedGroup {
  /** The profile of the thread that stands first. */
  readonly file: string;
  readonly info: RecordingInfo;
  /** Paths, in the order of the threads. */
  readonly files: readonly string[];
}

/**
 * Records `main.mjs` of a folder with Node.js' own `--cpu-prof`, which writes a profile a thread, and
 * puts them into `into` as one recording: `NAME.cpuprofile`, `NAME.t2.cpuprofile` and so on, and
 * what stands beside it. The busiest comes first, unless `first` names another.
 */
export function recordGroup(folder: string, into: string, name = 'threads', first?: string): RecordedGroup {
  const out = path.join(folder, 'raw-profiles');
  const ran = spawnSync(process.execPath, ['--cpu-prof', `--cpu-prof-dir=${out}`, 'main.mjs'], { cwd: folder, encoding: 'utf8' });
  if (ran.status !== 0 || ran.stderr !== '') throw new Error(ran.stderr);
  const own = Number(
    /^CPU\.\d+\.\d+\.(\d+)\./.exec(readdirSync(out).find((one) => /\.0\.\d+\.cpuprofile$/.test(one) && hasUrl(path.join(out, one), 'main.mjs')) ?? '')?.[1],
  );
  const found = readdirSync(out).map((one) => threadOf(path.join(out, one), own));
  const place = ({ thread }: { thread: RecordedThread }): number => (thread.name === first ? Number.POSITIVE_INFINITY : thread.active - thread.waiting);
  found.sort((a, b) => place(b) - place(a));
  mkdirSync(into, { recursive: true });
  const names = found.map((_, at) => `${name}${at === 0 ? '' : `.t${at + 1}`}.cpuprofile`);
  for (const [at, { text }] of found.entries()) writeFileSync(path.join(into, names[at] as string), text);
  const threads = found.map(({ thread }, at): RecordedThread => ({ ...thread, file: names[at] as string }));
  const info = groupInfo(threads, folder);
  writeFileSync(path.join(into, `${name}.plateau.json`), JSON.stringify(info));
  rmSync(out, { recursive: true });
  return { file: path.join(into, names[0] as string), info, files: names.map((one) => path.join(into, one)) };
}

const hasUrl = (file: string, script: string): boolean => readFileSync(file, 'utf8').includes(`/${script}"`);

/** `CPU.DATE.TIME.PID.THREAD.SEQUENCE.cpuprofile`, with what its profile holds. */
function threadOf(file: string, main: number): { readonly thread: RecordedThread; readonly text: string } {
  const [, pid, threadId] = /\.(\d+)\.(\d+)\.\d+\.cpuprofile$/.exec(file) ?? [];
  const text = readFileSync(file, 'utf8');
  const { tables } = readOk(text);
  const totals = profileTotals(tables, functionCosts(tables));
  const script = ['task.mjs', 'child.mjs', 'main.mjs'].find((name) => text.includes(`/${name}"`)) ?? 'node';
  const thread: RecordedThread = {
    file: '',
    pid: Number(pid),
    ppid: Number(pid) === main ? process.pid : main,
    threadId: Number(threadId),
    name: script,
    argv: ['node', script],
    node: process.version,
    startTime: tables.startTime,
    endTime: tables.endTime,
    active: totals.active,
    waiting: waitingTime(tables),
    samples: totals.samples,
  };
  return { thread, text };
}

/** What stands beside a recording with these threads. */
export function groupInfo(threads: readonly RecordedThread[], cwd = '/app'): RecordingInfo {
  const [front] = threads as [RecordedThread];
  return {
    version: 1,
    title: 'node main.mjs',
    recordedAt: '2026-11-27T10:00:00.000Z',
    recipe: { kind: 'program', command: 'node', args: ['main.mjs'], cwd },
    node: process.version,
    pid: front.pid,
    interval: 1000,
    headline: { duration: front.endTime - front.startTime, active: front.active, samples: front.samples },
    threads,
    sources: {},
  };
}
