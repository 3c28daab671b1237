import { describe, expect, test } from 'vitest';
import { readAnyProfile } from '../../src/core/formats/read/read-any';
import { describeProfileIssue } from '../../src/service/profile/describe-profile-issue';
import { mainOf, readAny, stacksText } from '../support/formats';
import { bytesOf } from '../support/raw-profile';

const issueText = (text: string): string => {
  const result = readAnyProfile(bytesOf(text));
  if (result.ok) throw new Error('opens');
  return describeProfileIssue(result.error);
};

const frame = (functionName: string): object => ({ functionName, scriptId: '5', url: 'file:///app/a.js', lineNumber: 0, columnNumber: 0 });
const root = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
const cpu = {
  nodes: [
    { id: 1, callFrame: root, children: [2] },
    { id: 2, callFrame: frame('work'), hitCount: 3 },
  ],
  startTime: 0,
  endTime: 3000,
  samples: [2, 2, 2],
  timeDeltas: [0, 1000, 1000],
};
const heap = { head: { callFrame: root, selfSize: 0, id: 1, children: [{ callFrame: frame('keep'), selfSize: 512, id: 2, children: [] }] }, samples: [] };

describe('answers of the V8 inspector, saved as they came', () => {
  test.each([
    ['of Profiler.stop', { profile: cpu }, 'work 3000 (3000)'],
    ['of Profiler.stop, with its number', { id: 5, result: { profile: cpu } }, 'work 3000 (3000)'],
    ['of Profiler.stop, through a session', { result: { profile: cpu }, id: 5, sessionId: 'A' }, 'work 3000 (3000)'],
    ['Profiler.consoleProfileFinished', { method: 'Profiler.consoleProfileFinished', params: { id: '1', location: {}, profile: cpu } }, 'work 3000 (3000)'],
    ['of HeapProfiler.stopSampling', { profile: heap }, 'keep 512 (512)'],
    ['of HeapProfiler.stopSampling, with its number', { id: 6, result: { profile: heap } }, 'keep 512 (512)'],
  ])('%s', (_, value, stacks) => {
    expect([stacksText(mainOf(readAny(value))), mainOf(readAny(value)).warnings]).toEqual([stacks, []]);
  });

  test('cut: the place is that in the file', () => {
    const text = JSON.stringify({ id: 5, result: { profile: cpu } });
    const cut = text.slice(0, text.indexOf('"samples"') - 1);
    expect(mainOf(readAny(cut)).warnings[0]).toEqual({ kind: 'truncated', offset: cut.length });
  });

  const events = [{ ph: 'X', name: 'work', ts: 0, dur: 5, pid: 1, tid: 1 }];
  const collected = { method: 'Tracing.dataCollected', params: { value: events } };
  test.each([
    ['one message', collected],
    ['a list of them', [collected, { method: 'Tracing.dataCollected', params: { value: [{ ...events[0], ts: 5 }] } }]],
    ['its parameters', { value: events }],
  ])('Tracing.dataCollected: %s', (_, value) => {
    expect(stacksText(mainOf(readAny(value)))).toBe(Array.isArray(value) ? 'work 10 (10)' : 'work 5 (5)');
  });

  test('an answer without a profile is none', () => {
    expect(issueText('{"id":5,"result":{"result":{"type":"undefined"}}}')).toContain('it is JSON, but has no "nodes" list');
  });
});

test('nodes without call frames are no functions', () => {
  const graph = {
    nodes: [
      { id: 0, children: [1] },
      { id: 1, selfTime: 5 },
    ],
    samples: [1, 1],
    timeDeltas: [1, 1],
  };
  expect(issueText(JSON.stringify(graph))).toContain('none of them has a "callFrame"');
  expect(issueText('{"nodes":[{"id":"a"},{"id":"b"}],"links":[{"source":"a","target":"b"}]}')).toContain('none of them has a "callFrame"');
});

// google/perfetto reads them (test_json_trailing_comma), as does JSON5; RFC 8259 does not know them.
describe('a comma before the end of a list or object means nothing', () => {
  const trace =
    '{"displayTimeUnit":"ms","traceEvents":[{"name":"Foo","ph":"X","tid":0,"pid":1,"ts":4,"dur":3,},{"name":"Bar","ph":"X","tid":0,"pid":1,"ts":7,"dur":2,},],\n"otherData":{"a":[1,],},}';

  test('in a trace', () => {
    const built = mainOf(readAny(trace));
    expect([stacksText(built), built.warnings]).toEqual(['Foo 3 (3)\nBar 2 (2)', []]);
  });

  test.each([
    ['a value missing behind a key', '{"a":1,"traceEvents":[{"name":"Foo","ph":"X","ts":0,"dur":3,"pid":}]}'],
    ['two commas', '[{"name":"Foo","ph":"X","ts":0,"dur":3,,}]'],
  ])('%s is damage', (_, text) => {
    const result = readAnyProfile(bytesOf(text));
    expect(result.ok ? mainOf(result.value).warnings[0]?.kind : result.error.kind).toMatch(/malformed|not-json|nothing/);
  });
});

// The format's documentation has texts there; tools number their tasks.
test('names that are numbers are names', () => {
  const span = (name: unknown, ts: number): object => ({ ph: 'X', name, ts, dur: 5, pid: 1, tid: 1 });
  expect(stacksText(mainOf(readAny([span(7, 0), span(8, 5)])))).toBe('7 5 (5)\n8 5 (5)');
  const scope = { shared: { frames: [{ name: 7 }, { name: 8 }] }, profiles: [{ type: 'sampled', name: 1, unit: 'none', samples: [[0, 1]], weights: [2] }] };
  expect(stacksText(mainOf(readAny(scope)))).toBe('7 2 (0)\n  8 2 (2)');
  expect(readAny(scope).profiles[0]?.name).toBe('1');
  const nested = {
    head: { functionName: '(root)', id: 1, children: [{ functionName: 7, id: 2, hitCount: 1, children: [] }] },
    startTime: 0,
    endTime: 1,
    samples: [2],
    timestamps: [5],
  };
  expect(stacksText(mainOf(readAny(nested)))).toContain('7 ');
  const numbered = { ...cpu, nodes: [cpu.nodes[0], { id: 2, callFrame: { ...frame('x'), functionName: 7 }, hitCount: 3 }] };
  expect([stacksText(mainOf(readAny(numbered))), mainOf(readAny(numbered)).warnings]).toEqual(['7 3000 (3000)', []]);
});
