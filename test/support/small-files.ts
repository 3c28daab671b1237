import { writePprof } from '../../src/core/formats/write/pprof-write';
import { fixture } from './formats';
import { bytesOf, profileFromText } from './raw-profile';

const frames = [{ name: 'main', file: 'file:///a.js', line: 1 }, { name: 'parse', file: 'a.py', line: 3 }, { name: 'é𠮷' }];
const frame = (functionName: string) => ({ functionName, url: 'file:///a.js', lineNumber: 3, columnNumber: 1 });
const pieces = (id: string, tid: number) => [
  { ph: 'M', name: 'thread_name', pid: 1, tid, args: { name: `thread ${tid}` } },
  { ph: 'P', name: 'Profile', pid: 1, tid, id, ts: 0, args: { data: { startTime: 1000 } } },
  {
    ph: 'P',
    name: 'ProfileChunk',
    pid: 1,
    tid: 9,
    id,
    ts: 5,
    args: {
      data: {
        cpuProfile: {
          nodes: [
            { id: 1, callFrame: frame('(root)') },
            { id: 2, callFrame: frame('a'), parent: 1 },
          ],
          samples: [1, 2, 2],
        },
        timeDeltas: [0, 5, 5],
        lines: [0, 4, 5],
      },
    },
  },
];

/** A small whole file of every format. */
export const smallFiles: Readonly<Record<string, Uint8Array>> = {
  collapsed: bytesOf('main;parse (a.py:3);next 3\nmain;parse (a.py:4) 1\nmain;print 4\n'),
  speedscope: bytesOf({
    $schema: 'x',
    shared: { frames },
    profiles: [
      { type: 'sampled', name: 'a', unit: 'milliseconds', startValue: 0, endValue: 3, samples: [[0, 1], [0], [0, 2]], weights: [1, 1, 1] },
      {
        type: 'evented',
        name: 'b',
        unit: 'microseconds',
        startValue: 0,
        endValue: 9,
        events: [
          { type: 'O', at: 0, frame: 0 },
          { type: 'O', at: 2, frame: 1 },
          { type: 'C', at: 5, frame: 1 },
          { type: 'C', at: 9, frame: 0 },
        ],
      },
    ],
  }),
  trace: bytesOf({ traceEvents: [...pieces('0x1', 1), ...pieces('0x2', 2)] }),
  spans: bytesOf([
    { ph: 'B', name: 'a', ts: 0, pid: 1, tid: 1 },
    { ph: 'X', name: 'b', ts: 1, dur: 5, pid: 1, tid: 1 },
    { ph: 'E', name: 'a', ts: 9, pid: 1, tid: 1 },
  ]),
  hermes: bytesOf({
    traceEvents: [],
    samples: [
      { pid: 1, tid: '1', ts: '5', sf: 2 },
      { pid: 1, tid: '1', ts: '9', sf: 1 },
    ],
    stackFrames: { 1: { name: 'a' }, 2: { name: 'b(http://x/y.js:1:2)', parent: 1 } },
  }),
  pprof: writePprof(profileFromText('main > parse > next x3\nmain > print x2').tables),
  perf: fixture('perf-script.txt').subarray(0, 3000),
  firefox: bytesOf({
    meta: { interval: 1, categories: [{ name: 'Idle' }] },
    threads: [
      {
        name: 't',
        samples: { stack: [0, 1, null], time: [1, 2, 3] },
        stackTable: { frame: [0, 1], prefix: [null, 0], category: [1, 0] },
        frameTable: { func: [0, 1], line: [1, 2] },
        funcTable: { name: [0, 1], fileName: [1, null], lineNumber: [1, 2] },
        stringArray: ['a', 'b'],
      },
    ],
  }),
  gecko: bytesOf({
    meta: { interval: 1 },
    threads: [
      {
        name: 't',
        samples: {
          schema: { stack: 0, time: 1 },
          data: [
            [0, 1],
            [1, 2],
          ],
        },
        stackTable: {
          schema: { prefix: 0, frame: 1 },
          data: [
            [null, 0],
            [0, 1],
          ],
        },
        frameTable: {
          schema: { location: 0, line: 1 },
          data: [
            [0, 1],
            [1, 2],
          ],
        },
        stringTable: ['a (x.js:1:2)', 'b'],
      },
    ],
    processes: [],
  }),
  profText: fixture('prof-process.txt').subarray(0, 6000),
  profJson: bytesOf({
    code: [
      { name: 'a /x.js:1:2', type: 'JS', kind: 'Opt', func: 0 },
      { name: 'b', type: 'CPP' },
    ],
    functions: [{ name: 'a /x.js:1:2', codes: [0] }],
    ticks: [
      { tm: 1, vm: 0, s: [1, 5, 0, 6] },
      { tm: 2, vm: 1, s: [] },
    ],
    scripts: [],
  }),
  callgrind: fixture('sums.callgrind'),
  heapprofile: bytesOf({
    head: { callFrame: frame('(root)'), selfSize: 0, id: 1, children: [{ callFrame: frame('a'), selfSize: 5, id: 2, children: [] }] },
    samples: [{ size: 5, nodeId: 2 }],
  }),
  nested: bytesOf({
    head: { ...frame('(root)'), id: 1, hitCount: 0, children: [{ ...frame('a'), id: 2, hitCount: 2, children: [], positionTicks: [{ line: 1, ticks: 2 }] }] },
    startTime: 1,
    endTime: 2,
    samples: [2, 2],
    timestamps: [1_000_000, 1_500_000],
  }),
};
