/** What only the language server reads: reports, lists of recordings. Requests stand as `METHOD JSON`. */
import { wholeSnapshot } from '../../support/heap-damage';
import { WORK } from './hostile';
import type { Kind } from './kind';
import { heapInfo, loopInfo, mapFixture, profileOfScript, threadsInfo } from './recorded';

const figure = { label: 'share of the widest function', value: '75 %', amount: 0.75, unit: 'share', limit: '20 %', limitAmount: 0.2, isOver: true };
const answers = [
  { label: 'yes', isTaken: true },
  { label: 'no', isTaken: false },
];
const doctor = JSON.stringify({
  schema: 'plateau/doctor/1',
  title: 'node hot.js',
  recordedAt: '2026-11-27T10:00:00.000Z',
  profile: 'a.cpuprofile',
  diagnosis: {
    turns: ['enough', 'growth', 'computing'].map((id) => ({
      id,
      question: `${id}?`,
      figures: [figure, { label: 'b', value: '1 ms' }],
      answers,
      reason: 'it is',
    })),
    verdict: {
      branch: 'cpu-hot',
      area: 'CPU',
      level: 'error',
      title: 'slowSum computes',
      summary: 'It takes `75 %`.',
      advice: 'Make it faster.',
      next: 'line',
      blame: { kind: 'function', func: 2 },
    },
  },
  place: { file: `${WORK}/built/tsc/hot.js`, line: 15, name: 'slowSum', func: 2 },
  pattern: { rule: 'find-in-loop', title: 'b', summary: 'c', advice: 'd', page: 'docs/rules/find-in-loop.md', file: `${WORK}/built/tsc/hot.js`, line: 15 },
  notes: ['one'],
  processes: [{ pid: 40, command: 'node hot.js', cpu: 90_000 }],
});
const scriptFiles = { 'a.cpuprofile': profileOfScript(`file://${WORK}/built/tsc/hot.js`), 'built/tsc/hot.js': mapFixture('built/tsc/hot.js') };

interface Asked {
  readonly name: string;
  readonly target: string;
  readonly files: Readonly<Record<string, string>>;
  readonly requests: readonly string[];
  readonly mustOpen: boolean;
  /** 1 where nothing is said. */
  readonly weight?: number;
}

const recordings = `plateau/recordings {"folder":"${WORK}"}`;
const open = `plateau/open {"file":"${WORK}/a.cpuprofile","storage":"${WORK}/storage"}`;
/** A profile that is opened gets threads of its own, which take time to start: of so many cases one. */
const OPENED = 4;
const recipe = `plateau/recipe {"file":"${WORK}/a.cpuprofile"}`;

const asked: readonly Asked[] = [
  {
    name: 'server: doctor report',
    target: 'a.doctor.json',
    files: { ...scriptFiles, 'a.doctor.json': doctor },
    requests: [`plateau/doctor {"file":"${WORK}/a.doctor.json"}`],
    mustOpen: false,
    weight: 2,
  },
  {
    name: 'server: sidecar',
    target: 'a.plateau.json',
    files: { ...scriptFiles, 'a.plateau.json': loopInfo() },
    requests: [recordings, open, recipe],
    mustOpen: true,
  },
  {
    name: 'server: sidecar of threads',
    target: 'a.plateau.json',
    files: { ...scriptFiles, 'a.t2.cpuprofile': scriptFiles['a.cpuprofile'], 'a.t3.cpuprofile': scriptFiles['a.cpuprofile'], 'a.plateau.json': threadsInfo() },
    requests: [recordings, open, recipe],
    mustOpen: true,
  },
  {
    name: 'server: sidecar of a snapshot',
    target: 'b.plateau.json',
    files: { ...scriptFiles, 'b.heapsnapshot': wholeSnapshot(), 'b.plateau.json': heapInfo() },
    requests: [recordings],
    mustOpen: true,
    weight: 2,
  },
  { name: 'server: cpuprofile', target: 'a.cpuprofile', files: scriptFiles, requests: [open, recordings], mustOpen: false },
];

export const serverKinds = (): readonly Kind[] =>
  asked.map(
    ({ name, target, files, requests, mustOpen, weight = 1 }): Kind => ({
      name,
      target,
      files,
      shape: 'json',
      isPackable: false,
      mustOpen,
      weight,
      ask: (below) => ({ bundle: 'server', args: requests.length > 1 && below(OPENED) > 0 ? requests.filter((one) => one !== open) : requests }),
    }),
  );
