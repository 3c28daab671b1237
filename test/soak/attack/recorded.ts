/** Recordings of real programs: profiles and sidecars as Plateau keeps them. */
import fs from 'node:fs';
import path from 'node:path';
import type { RecordedThread } from '../../../src/service/recordings/recording-info';
import { lineFingerprints } from '../../../src/source/align-lines';
import { rawFromText } from '../../support/raw-profile';
import { root } from '../../support/run';
import { groupInfo } from '../../support/thread-group';
import { WORK } from './hostile';

const maps = path.join(root, 'test/fixtures/maps');
export const mapFixture = (name: string): string => fs.readFileSync(path.join(maps, name), 'utf8');

/** What V8 wrote of a program that was loaded by tsx; its urls lead into the folder of the case. */
export function recordedProfile(): Uint8Array {
  const { profile } = JSON.parse(mapFixture('recorded/tsx.json').replaceAll('%MAPS%', WORK)) as { profile: { samples: number[]; timeDeltas: number[] } };
  const some = 120;
  return new TextEncoder().encode(JSON.stringify({ ...profile, samples: profile.samples.slice(0, some), timeDeltas: profile.timeDeltas.slice(0, some) }));
}

/** A profile of a built script, hot on a line that its source map knows. */
export function profileOfScript(script: string): string {
  const profile = rawFromText(`main@${script}:1 > slowSum@${script}:8 x90\nmain@${script}:1 > totalOf@${script}:27 x30`);
  const nodes = profile.nodes.map((node) =>
    node.callFrame.functionName === 'slowSum'
      ? { ...node, callFrame: { ...node.callFrame, columnNumber: 16 }, positionTicks: [{ line: 15, ticks: 90 }] }
      : node,
  );
  return JSON.stringify({ ...profile, nodes });
}

const thread = (at: number, active: number): RecordedThread => ({
  file: `a${at === 0 ? '' : `.t${at + 1}`}.cpuprofile`,
  pid: 40 + (at >> 1),
  ppid: 7,
  threadId: at % 2,
  name: ['main.mjs', 'task.mjs', 'child.mjs'][at] ?? 'worker',
  argv: ['node', 'main.mjs', '--token=abc'],
  node: 'v20.20.2',
  startTime: 0,
  endTime: 60_000,
  active,
  waiting: 1000 * at,
  samples: 50,
});

/** What stands beside a recording of three threads. */
export const threadsInfo = (): string =>
  JSON.stringify({
    ...groupInfo(
      [0, 1, 2].map((at) => thread(at, 50_000 - at * 9000)),
      WORK,
    ),
    node: 'v20.20.2',
  });

/** What stands beside the recording of a function in a loop. */
export function loopInfo(): string {
  const about = (mean: number) => ({ mean, low: mean * 0.9, high: mean * 1.1 });
  return JSON.stringify({
    version: 1,
    title: 'slowSum in a loop',
    recordedAt: '2026-11-27T10:00:00.000Z',
    recipe: {
      kind: 'loop',
      file: `${WORK}/hot.js`,
      exported: { name: 'slowSum' },
      args: '{ rounds: 9 }',
      constructorArgs: '',
      warmupMs: 100,
      durationMs: 900,
      cwd: WORK,
    },
    focus: { file: `${WORK}/hot.js`, name: 'slowSum', line: 8, column: 17 },
    node: 'v20.20.2',
    pid: 40,
    commit: '0123456789abcdef0123456789abcdef01234567',
    isDirty: true,
    interval: 1000,
    exit: { code: 0, signal: null },
    headline: { duration: 120_000, active: 120_000, samples: 120, top: { name: 'slowSum', selfShare: 0.75 } },
    loop: { calls: 900, perCall: about(810_000), rate: about(1234) },
    workers: 1,
    sources: { [`${WORK}/hot.js`]: lineFingerprints(mapFixture('built/tsc/hot.js')) },
  });
}

/** What stands beside a heap snapshot. */
export const heapInfo = (): string =>
  JSON.stringify({
    version: 1,
    heap: 'snapshot',
    title: 'node server.js',
    recordedAt: '2026-11-27T11:00:00.000Z',
    recipe: { kind: 'process', pid: 40, command: 'node server.js' },
    node: 'v20.20.2',
    pid: 40,
    bytes: 5_000_000,
    pauseMs: 120,
    otherProcesses: 1,
    thread: { threadId: 0, name: 'main' },
    others: [{ pid: 40, threadId: 1, name: 'task.mjs', bytes: 9000 }],
  });
