import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCollapsed } from '../../src/core/formats/write/collapsed';
import { writeSpeedscope } from '../../src/core/formats/write/speedscope';
import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { checkTables } from '../../src/core/profile/check-tables';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import type { ProfileTables } from '../../src/core/profile/tables';
import type { ProfileIssue, ProfileWarning } from '../../src/shared/issue';
import { bytesOf, type RawNode, rawFromText, readOk, treeText } from '../support/raw-profile';
import { readEveryWay } from '../support/windows';

/** Ids: (root) 1, main 2, parse 3, next 4, render 5. Five samples at 0, 1, 2, 3 and 4 ms; the end is at 5 ms. */
const sound = rawFromText(`
  main > parse > next  x3
  main > render  x2`);
const soundCosts = { next: 3, render: 2 };
const soundTree = `
- (root) (total: 5, self: 0)
  - main (total: 5, self: 0)
    - parse (total: 3, self: 0)
      - next (total: 3, self: 3)
    - render (total: 2, self: 2)`.trim();
const text = JSON.stringify(sound);

const withNodes = (edit: (node: RawNode) => object): object => ({ ...sound, nodes: sound.nodes.map(edit) });
const withIds = (id: (old: number) => unknown): object => ({
  ...sound,
  nodes: sound.nodes.map((node) => ({ ...node, id: id(node.id), children: node.children?.map(id) })),
  samples: sound.samples.map(id),
});
const plus = (...nodes: { id: number; name: string; children?: number[] }[]): object => ({
  ...sound,
  nodes: [...sound.nodes, ...nodes.map(({ id, name, children = [] }) => ({ id, callFrame: { functionName: name }, children }))],
});
const without = (key: keyof typeof sound): object => ({ ...sound, [key]: undefined });

/** Opens a profile and checks what must hold for every one that opens: the invariants, every microsecond, and the way through a slab. */
function open(value: unknown): BuiltProfile {
  const built = readOk(value);
  const { tables } = built;
  expect(checkTables(tables)).toEqual([]);
  const sum = tables.nodes.self.reduce((a, b) => a + b, 0);
  if (tables.samples.length > 0) expect(sum).toBeCloseTo(tables.endTime - (tables.samples.start[0] as number), 3);
  const slab = encodeSlab(tables);
  const decoded = decodeSlab(slab);
  if (!decoded.ok) throw new Error(`slab refused: ${JSON.stringify(decoded.error)}`);
  expect(Buffer.compare(new Uint8Array(encodeSlab(decoded.value)), new Uint8Array(slab))).toBe(0);
  return built;
}

/** Self time in milliseconds by function name, where there is any. */
function costs({ tables }: BuiltProfile): Record<string, number> {
  const { nodes, functions, strings } = tables;
  const sums = new Map<string, number>();
  for (let i = 0; i < nodes.length; i++) {
    const name = strings.at(functions.name[nodes.func[i] as number] as number);
    if ((nodes.self[i] as number) > 0) sums.set(name, (sums.get(name) ?? 0) + (nodes.self[i] as number) / 1000);
  }
  return Object.fromEntries(sums);
}

const namesOf = ({ strings, functions }: ProfileTables): string[] => Array.from(functions.name, (name) => strings.at(name));

function issueOf(value: unknown): ProfileIssue {
  const result = readEveryWay(value instanceof Uint8Array ? value : bytesOf(value));
  if (result.ok) throw new Error('opens');
  return result.error;
}

describe('what is no profile gives an error that names the place', () => {
  const cut = '{"nodes":[{"id":1,"callF';
  const cases: [string, unknown, ProfileIssue][] = [
    ['an empty file', '', { kind: 'empty-file' }],
    ['white space', ' \n\t', { kind: 'not-json', offset: 3, expected: '{' }],
    ['a byte order mark alone', '\ufeff', { kind: 'not-json', offset: 3, expected: '{' }],
    ['words', 'hello', { kind: 'not-json', offset: 0, expected: '{' }],
    ['a page', '\n<html>', { kind: 'not-json', offset: 1, expected: '{' }],
    ['a key without quotes', '{nodes:[]}', { kind: 'not-json', offset: 1, expected: 'a key' }],
    ['a missing colon', '{"nodes" []}', { kind: 'not-json', offset: 9, expected: ':' }],
    ['a bad escape', '{"nodes":[{"callFrame":{"functionName":"\\q"}}]}', { kind: 'not-json', offset: 40, expected: 'a string' }],
    ['a bad word', '{"a":nul}', { kind: 'not-json', offset: 5, expected: 'a value' }],
    ['NaN', '{"a":NaN}', { kind: 'not-json', offset: 5, expected: 'a value' }],
    ['brackets that do not match', '{"a":[1}', { kind: 'not-json', offset: 7, expected: 'a matching bracket' }],
    ['no end', '{"a":1', { kind: 'not-json', offset: 6, expected: 'a number' }],
    ['an escape at the end', '{"a\\', { kind: 'not-json', offset: 4, expected: '"' }],
    ['a cut within the first node', cut, { kind: 'no-nodes', offset: cut.indexOf('[') }],
    ['no nodes', '{"nodes":[],"samples":[]}', { kind: 'no-nodes', offset: 9 }],
    ['nodes that are none', '{"nodes":[1,"a",null,[]]}', { kind: 'no-nodes', offset: 9 }],
    ['nodes that are no list', '{"nodes":{"id":1}}', { kind: 'no-nodes', offset: 9 }],
    ['an empty object', '{}', { kind: 'not-a-cpu-profile', found: 'unknown-json', offset: 0 }],
    ['an empty list', '[]', { kind: 'not-a-cpu-profile', found: 'unknown-json', offset: 0 }],
    ['other JSON', '{"name":"app","nested":{"nodes":[]}}', { kind: 'not-a-cpu-profile', found: 'unknown-json', offset: 0 }],
    ['gzip', gzipSync(text), { kind: 'not-a-cpu-profile', found: 'gzip', offset: 0 }],
    ['zip', 'PK\u0003\u0004', { kind: 'not-a-cpu-profile', found: 'zip', offset: 0 }],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le'), { kind: 'not-a-cpu-profile', found: 'utf-16', offset: 0 }],
    ['UTF-16, big-endian', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), { kind: 'not-a-cpu-profile', found: 'utf-16', offset: 0 }],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), { kind: 'not-json', offset: 1, expected: 'a key' }],
    [
      'a heap snapshot',
      { snapshot: { node_count: 1 }, nodes: [9, 1, 1, 0, 1, 0], edges: [], strings: [''] },
      { kind: 'not-a-cpu-profile', found: 'heap-snapshot', offset: 0 },
    ],
    [
      'a heap profile',
      { head: { callFrame: {}, selfSize: 0, id: 1, children: [] }, samples: [] },
      { kind: 'not-a-cpu-profile', found: 'heap-profile', offset: 0 },
    ],
    [
      'the tree form of old',
      { head: { functionName: '(root)', children: [] }, startTime: 0 },
      { kind: 'not-a-cpu-profile', found: 'nested-cpuprofile', offset: 0 },
    ],
    ['a trace', { traceEvents: [{ ph: 'X', name: 'a' }] }, { kind: 'not-a-cpu-profile', found: 'chrome-trace', offset: 0 }],
    ['a trace as a list', [{ pid: 1, ph: 'X', name: 'a' }], { kind: 'not-a-cpu-profile', found: 'chrome-trace', offset: 0 }],
    ['a trace that is cut', '{"traceEvents":[{"ph":', { kind: 'not-a-cpu-profile', found: 'chrome-trace', offset: 0 }],
    ['speedscope', [...writeSpeedscope(open(sound).tables, 'a', 'b')].join(''), { kind: 'not-a-cpu-profile', found: 'speedscope', offset: 0 }],
    ['a Firefox profile', { meta: { version: 30 }, threads: [] }, { kind: 'not-a-cpu-profile', found: 'firefox-profile', offset: 0 }],
    ['five million brackets', `{"x":${'['.repeat(5e6)}`, { kind: 'not-json', offset: 5 + 5e6, expected: 'a value' }],
  ];
  test.each(cases)('%s', (_, value, issue) => {
    expect(issueOf(value)).toEqual(issue);
  });
});

describe('another way to write the same opens without a warning', () => {
  const escaped = text.replace(/"(\w+)":/g, (_, key: string) => `"${key[0]}\\u${key.charCodeAt(1).toString(16).padStart(4, '0')}${key.slice(2)}":`);
  const parentOf = new Map(sound.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const cases: [string, unknown][] = [
    ['as it comes', text],
    ['on many lines', JSON.stringify(sound, null, '\t').replaceAll('\n', '\r\n')],
    ['much white space', text.replace(/[,:[\]{}]/g, (mark) => `${' '.repeat(500)}${mark}\n`)],
    ['a byte order mark', `\ufeff${text}`],
    ['keys with escapes', escaped],
    ['keys in another order', Object.fromEntries(Object.entries(sound).reverse())],
    ['nodes out of order', { ...sound, nodes: sound.nodes.toReversed() }],
    ['the answer of Profiler.stop', { profile: sound }],
    ['parents instead of children', withNodes(({ children: _, ...node }) => ({ ...node, parent: parentOf.get(node.id) }))],
    ['time stamps instead of deltas', { ...sound, timeDeltas: undefined, timestamps: [0, 1000, 2000, 3000, 4000] }],
    ['fractions and exponents', text.replace('"timeDeltas":[0,1000,', '"timeDeltas":[0.0,1e3,').replace('"endTime":5000', '"endTime":0.0000000000005E+16')],
    ['a number of 1,000 digits', text.replace('"endTime":5000', `"endTime":5000.${'0'.repeat(1000)}`)],
    ['negative ids', withIds((id) => -id)],
    ['ids with fractions', withIds((id) => id + 0.5)],
    ['ids far apart', withIds((id) => id * 1e12)],
    ['unknown keys, deep ones too', `{"x":${'['.repeat(5e6)}${']'.repeat(5e6)},"y":{"nodes":[{"id":1}]},${text.slice(1)}`],
    ['__proto__ as a key', text.replaceAll('{', '{"__proto__":{"polluted":1},')],
  ];
  test.each(cases)('%s', (_, value) => {
    const built = open(value);
    expect(built.warnings).toEqual([]);
    expect(treeText(built)).toBe(soundTree);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('what does not fit is repaired and told', () => {
  const noTimes = { kind: 'no-timestamps' } as const;
  const huge = text.replace('"endTime":5000', '"endTime":1e308');
  const infinite = text.replace('"endTime":5000', '"endTime":-1e999');
  const badDelta = text.replace('"timeDeltas":[0,1000,', '"timeDeltas":[0,1e308,');
  const badSample = text.replace('"samples":[4,4,', '"samples":["4",4,');
  const hits = (count: number): string =>
    JSON.stringify({ ...withNodes((node) => (node.id === 4 ? { ...node, hitCount: count } : node)), samples: [], timeDeltas: [] });
  const badHits = (count: number): ProfileWarning => ({ kind: 'bad-values', count: 1, offset: hits(count).indexOf(`${count}`) });
  const stringIds = JSON.stringify(withIds(String));

  const cases: [string, unknown, ProfileWarning[], Record<string, number>][] = [
    ['zero samples: hit counts share the time', { ...sound, samples: [], timeDeltas: [] }, [noTimes], soundCosts],
    ['samples missing', without('samples'), [{ kind: 'surplus-time-deltas', count: 5 }, noTimes], soundCosts],
    ['one sample', { ...sound, samples: [4], timeDeltas: [0] }, [{ kind: 'single-sample' }], { next: 5 }],
    [
      'negative time deltas',
      { ...sound, samples: [4, 4, 5], timeDeltas: [0, 4000, -3000] },
      [{ kind: 'unsorted-samples', count: 1 }],
      { next: 1 + 1, render: 3 },
    ],
    ['a first delta before the start', { ...sound, timeDeltas: [-1000, 1000, 1000, 1000, 1000] }, [], { next: 3, render: 1 + 2 }],
    ['time deltas missing', without('timeDeltas'), [noTimes], soundCosts],
    [
      'time deltas too few: the rest shares what is left',
      { ...sound, timeDeltas: [0, 500], endTime: 6500 },
      [{ kind: 'missing-time-deltas', count: 3 }],
      { next: 0.5 + 1.5 + 1.5, render: 1.5 + 1.5 },
    ],
    ['time deltas too many', { ...sound, timeDeltas: [...sound.timeDeltas, 7, 7] }, [{ kind: 'surplus-time-deltas', count: 2 }], soundCosts],
    [
      'time stamps too few',
      { ...sound, timeDeltas: undefined, timestamps: [0, 1000, 2000] },
      [{ kind: 'missing-time-deltas', count: 2 }],
      { next: 2 + 1, render: 1 + 1 },
    ],
    ['no times at all: a millisecond a sample', { nodes: sound.nodes, samples: sound.samples }, [noTimes], soundCosts],
    ['start and end the same', { ...sound, startTime: 7e10, endTime: 7e10, timeDeltas: [] }, [noTimes], soundCosts],
    ['an end before the last sample', { ...sound, endTime: 100 }, [{ kind: 'end-before-last-sample' }], { next: 3, render: 1 }],
    ['an end that is too large', huge, [{ kind: 'bad-values', count: 1, offset: huge.indexOf('1e308') }], { next: 3, render: 1 }],
    ['an end that is no number', infinite, [{ kind: 'bad-values', count: 1, offset: infinite.indexOf('-1e999') }], { next: 3, render: 1 }],
    ['a delta that is too large', badDelta, [{ kind: 'bad-values', count: 1, offset: badDelta.indexOf('1e308') }], { next: 2, render: 1 + 2 }],
    [
      'a sample of the wrong type',
      badSample,
      [
        { kind: 'bad-values', count: 1, offset: badSample.indexOf('"4"') },
        { kind: 'unknown-sample-nodes', count: 1 },
      ],
      { '(unknown node)': 1, next: 2, render: 2 },
    ],
    ['a negative hit count', hits(-3), [badHits(-3), noTimes], { render: 5 }],
    ['a hit count that no counter holds', hits(2 ** 32), [badHits(2 ** 32), noTimes], { render: 5 }],
    [
      'samples of unknown nodes',
      { ...sound, samples: [4, 99, 98, 5, -7] },
      [{ kind: 'unknown-sample-nodes', count: 3 }],
      { next: 1, '(unknown node)': 3, render: 1 },
    ],
    [
      'children that are not there',
      withNodes((node) => ({ ...node, children: [...(node.children ?? []), 77] })),
      [{ kind: 'unknown-children', count: 5 }],
      soundCosts,
    ],
    [
      'a node without a parent',
      { ...plus({ id: 6, name: 'lost' }), samples: [4, 4, 6, 5, 5] },
      [{ kind: 'orphans', count: 1 }],
      { next: 2, lost: 1, render: 2 },
    ],
    [
      'an id twice: samples go to the first',
      plus({ id: 4, name: 'twin' }),
      [
        { kind: 'duplicate-ids', count: 1, first: 4 },
        { kind: 'orphans', count: 1 },
      ],
      soundCosts,
    ],
    ['a node that is its own child', withNodes((node) => (node.id === 4 ? { ...node, children: [4] } : node)), [{ kind: 'cycles', count: 1 }], soundCosts],
    [
      'ids that are strings',
      stringIds,
      [
        { kind: 'bad-values', count: 5 + 4 + 5, offset: stringIds.indexOf('"1"') },
        { kind: 'unknown-sample-nodes', count: 5 },
        { kind: 'unknown-children', count: 4 },
        { kind: 'orphans', count: 4 },
      ],
      { '(unknown node)': 5 },
    ],
    ['something after the end', `${text}\n{}`, [{ kind: 'malformed', offset: text.length + 1, expected: 'the end of the file' }], soundCosts],
    ['a comma too many', text.replace(/\]\}$/, ',]}'), [], soundCosts],
    ['a comma too many in each list and object', text.replace(/(?<=[^[{,\s])(?=[\]}])/g, ' ,'), [], soundCosts],
  ];
  test.each(cases)('%s', (_, value, warnings, expected) => {
    const built = open(value);
    expect(built.warnings).toEqual(warnings);
    const found = costs(built);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, ms] of Object.entries(expected)) expect(found[name]).toBeCloseTo(ms, 9);
  });

  test('a cycle is cut in one place and stays a chain', () => {
    const looped = plus({ id: 10, name: 'a', children: [11] }, { id: 11, name: 'b', children: [12] }, { id: 12, name: 'c', children: [10] });
    const built = open({ ...looped, samples: [10, 10, 11, 12, 5] });
    expect(built.warnings).toEqual([{ kind: 'cycles', count: 1 }]);
    expect(treeText(built)).toBe(
      `
- (root) (total: 5, self: 0)
  - a (total: 4, self: 2)
    - b (total: 2, self: 1)
      - c (total: 1, self: 1)
  - main (total: 1, self: 0)
    - render (total: 1, self: 1)
    - parse (total: 0, self: 0)
      - next (total: 0, self: 0)`.trim(),
    );
  });

  test('a cycle through the root keeps every node', () => {
    const built = open(withNodes((node) => (node.id === 5 ? { ...node, children: [1] } : node)));
    expect(built.warnings).toEqual([{ kind: 'cycles', count: 1 }]);
    expect(costs(built)).toEqual(soundCosts);
  });

  test('a child of several parents stays with the first', () => {
    const built = open(withNodes((node) => (node.id === 3 ? { ...node, children: [4, 5] } : node)));
    expect(built.warnings).toEqual([{ kind: 'several-parents', count: 1 }]);
    expect(treeText(built)).toBe(soundTree);
  });

  test('a node that three name as their child is one node', () => {
    const frame = (functionName: string) => ({ functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 });
    const children: Record<number, number[]> = { 1: [2, 3, 4], 2: [5], 3: [5], 4: [5] };
    const nodes = [1, 2, 3, 4, 5].map((id) => ({ id, callFrame: frame(`f${id}`), hitCount: 1, children: children[id] ?? [] }));
    const built = open({ nodes, startTime: 0, endTime: 100, samples: [5, 5], timeDeltas: [0, 50] });
    expect(built.warnings).toEqual([{ kind: 'several-parents', count: 1 }]);
  });

  test('position ticks: missing ones make no lines, senseless ones are told', () => {
    expect(open(sound).tables.lines.length).toBe(0);
    const ticks = [{ line: 3, ticks: 2 }, { line: -1, ticks: 1 }, { line: 4, ticks: 1e12 }, { line: 5, ticks: '1' }, { ticks: 1 }, 7];
    const built = open(withNodes((node) => (node.id === 4 ? { ...node, positionTicks: ticks } : node)));
    expect(built.warnings).toEqual([{ kind: 'bad-values', count: 4, offset: expect.any(Number) }]);
    expect([...built.tables.lines.line]).toEqual([3]);
    expect([...built.tables.lines.ticks]).toEqual([2]);
  });

  test('a start that is missing is told by the end', () => {
    const built = open({ ...sound, startTime: undefined, endTime: 7e10 });
    expect(built.tables.startTime).toBe(7e10 - 4000);
    expect(costs(built)).toEqual({ next: 3, render: 1 });
  });

  test('call frames of the wrong type', () => {
    const built = open(
      withNodes((node) => ({
        ...node,
        callFrame: node.id === 1 ? node.callFrame : node.id === 4 ? { functionName: true, url: null, lineNumber: 1e12, columnNumber: '3' } : [],
      })),
    );
    expect(built.warnings).toEqual([{ kind: 'bad-values', count: 4 + 3, offset: expect.any(Number) }]);
    expect(costs(built)).toEqual({ '': 5 });
  });
});

describe('names', () => {
  const cases: [string, string, string?][] = [
    ['emoji', '🔥 → 日本'],
    ['HTML', '</script><script>alert(1)</script>'],
    ['ANSI codes', '\u001b[31mred\u001b[0m\u009b2J'],
    ['100,000 characters', 'ab'.repeat(50_000)],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['quotes and backslashes', '"\\"\\\\u0041'],
    ['line breaks and NUL', 'a\r\n\u2028\0b'],
    ['a byte order mark', '\ufeffname'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
  ];
  test.each(cases)('%s: one function, however it is written', (_, name, shown = name) => {
    const escapes = Array.from({ length: name.length }, (_, i) => `\\u${name.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
    const value = { ...plus({ id: 6, name }, { id: 7, name: 'ESCAPED' }), samples: [6, 6, 7, 7, 7] };
    const built = open(JSON.stringify(value).replace('ESCAPED', escapes));
    expect(costs(built)).toEqual(Object.fromEntries([[shown, 5]]));
    expect(namesOf(built.tables).filter((one) => one === shown)).toHaveLength(1);
    const frames = (JSON.parse([...writeSpeedscope(built.tables, name, 'test')].join('')) as { shared: { frames: { name: string }[] } }).shared.frames;
    expect(frames.map((frame) => frame.name)).toContain(shown);
    expect([...writeCollapsed(built.tables)].join('')).toMatch(/^[^\r\n]* 2000\n[^\r\n]* 3000\n$|^[^\r\n]* 3000\n[^\r\n]* 2000\n$/);
  });

  test.each([
    ['plain', ''],
    ['with an escape', '\\n'],
  ])('bytes that are no UTF-8, %s', (_, suffix) => {
    const bytes = bytesOf(text.replace('"next"', `"ne?xt${suffix}"`));
    bytes[text.indexOf('"next"') + 3] = 0xff;
    expect(costs(open(bytes))).toEqual({ [`ne\ufffdxt${suffix && '\n'}`]: 3, render: 2 });
  });
});

describe('depth', () => {
  const chain = (depth: number): object => ({
    nodes: Array.from({ length: depth }, (_, i) => ({
      id: i + 1,
      callFrame: { functionName: i === 0 ? '(root)' : `f${i % 100}` },
      children: i + 1 < depth ? [i + 2] : [],
    })),
    startTime: 0,
    endTime: 3000,
    samples: [depth, 1, depth],
    timeDeltas: [0, 1000, 1000],
  });
  test.each([20_000, 60_000])('%i frames, and through the exports', (depth) => {
    const built = open(chain(depth));
    expect(built.warnings).toEqual([]);
    const { nodes } = built.tables;
    expect(nodes.length).toBe(depth);
    expect(nodes.depth.at(-1)).toBe(depth - 1);
    expect([nodes.total[0], nodes.self[0], nodes.self.at(-1)]).toEqual([3000, 1000, 2000]);
    const [own, deep] = [...writeCollapsed(built.tables)].join('').split('\n') as [string, string];
    expect(own).toBe('(root) 1000');
    expect(deep.split(';')).toHaveLength(depth - 1);
    expect(deep.endsWith(' 2000')).toBe(true);
    const { samples, weights } = (
      JSON.parse([...writeSpeedscope(built.tables, 'deep', 'test')].join('')) as { profiles: [{ samples: number[][]; weights: number[] }] }
    ).profiles[0];
    expect(samples.map((stack) => stack.length)).toEqual([depth - 1, 0, depth - 1]);
    expect(weights).toEqual([1000, 1000, 1000]);
  });

  test('a loop of 60,000 nodes', () => {
    const { nodes, ...rest } = chain(60_000) as { nodes: RawNode[] };
    (nodes.at(-1) as RawNode).children = [2];
    (nodes[0] as RawNode).children = [];
    const built = open({ ...rest, nodes });
    expect(built.warnings).toEqual([{ kind: 'cycles', count: 1 }]);
    expect(built.tables.nodes.depth.at(-1)).toBe(59_999);
  });
});

test('a profile of one function without a root loses nothing in the exports', () => {
  const built = open({
    nodes: [{ id: 1, callFrame: { functionName: 'main', url: 'file:///a.js', lineNumber: 0 } }],
    startTime: 0,
    endTime: 5000,
    samples: [1, 1],
    timeDeltas: [0, 1000],
  });
  expect(built.warnings).toEqual([]);
  expect([...writeCollapsed(built.tables)].join('')).toBe('main (file:///a.js:1) 5000\n');
});

describe('slabs', () => {
  const slab = (): ArrayBuffer =>
    encodeSlab(open({ ...withNodes((node) => ({ ...node, positionTicks: [{ line: 1, ticks: 2 }] })), samples: [4, 4, 3, 5, 99] }).tables);

  test('a cut slab is refused at every length', () => {
    const whole = slab();
    for (let length = 0; length < whole.byteLength; length++) {
      expect(decodeSlab(whole.slice(0, length)), `cut at ${length}`).toMatchObject({ ok: false, error: { kind: 'bad-slab' } });
    }
  });

  test.each([1, 0x80, 0xff])('with any byte changed by %i it is refused, or still true', (mask) => {
    const whole = slab();
    let refused = 0;
    for (let i = 0; i < whole.byteLength; i++) {
      const damaged = whole.slice(0);
      const bytes = new Uint8Array(damaged);
      bytes[i] = (bytes[i] as number) ^ mask;
      const result = decodeSlab(damaged);
      if (!result.ok) {
        expect(result.error.kind).toBe('bad-slab');
        refused++;
        continue;
      }
      expect(checkTables(result.value), `byte ${i}`).toEqual([]);
      treeText({ tables: result.value, warnings: [] });
      namesOf(result.value);
    }
    expect(refused).toBeGreaterThan(32);
  });

  test('another version and another file are refused by name', () => {
    const other = slab();
    new DataView(other).setUint32(4, 99, true);
    expect(decodeSlab(other)).toEqual({ ok: false, error: { kind: 'bad-slab', detail: 'layout version 99' } });
    expect(decodeSlab(bytesOf(text).slice().buffer as ArrayBuffer)).toEqual({ ok: false, error: { kind: 'bad-slab', detail: 'not a slab' } });
  });
});

describe('checkTables finds what is not true', () => {
  type Edit = (tables: ProfileTables) => void;
  const cases: [string, Edit, string][] = [
    ['a parent that stands behind', ({ nodes }) => nodes.parent.set([3], 2), 'parent of node 2 comes before it'],
    ['a second root', ({ nodes }) => nodes.parent.set([-1], 4), 'parent of node 4 comes before it'],
    ['a wrong depth', ({ nodes }) => nodes.depth.set([7], 3), "depth of node 3 is its parent's + 1"],
    ['a subtree that is too wide', ({ nodes }) => nodes.subtreeEnd.set([5], 2), 'subtree of node 2 is the range of its descendants'],
    ['a subtree that is too narrow', ({ nodes }) => nodes.subtreeEnd.set([3], 2), 'subtree of node 2 is the range of its descendants'],
    ['lost self time', ({ nodes }) => nodes.self.set([2000], 3), "total of node 3 is its self and its children's total"],
    ['time that is no number', ({ nodes }) => nodes.self.set([Number.NaN], 3), 'Σ self equals the total of the root'],
    ['self time that is not that of its samples', ({ samples }) => samples.node.set([4], 0), 'self of node 3 is the time of its samples'],
    ['samples out of order', ({ samples }) => samples.start.set([9000], 1), 'sample 2 is in time order'],
    ['a sample of no node', ({ samples }) => samples.node.set([9], 1), 'node of sample 1 exists'],
    ['a function that is not there', ({ nodes }) => nodes.func.set([99], 1), 'function of node 1 exists'],
    ['a negative duration', ({ nodes }) => nodes.self.set([-1e-300], 1), 'self of node 1 is a duration'],
    ['a package that is not there', ({ functions }) => functions.package.set([99], 1), 'strings of function 1 exist'],
    ['a category that is none', ({ functions }) => functions.category.set([10], 1), 'category of function 1 exists'],
    ['a reason that is not there', ({ nodes }) => nodes.deopt.set([99], 1), 'deopt reason of node 1 exists'],
    ['an end that is no time', (tables) => Object.assign(tables, { endTime: Number.NaN }), 'start and end are times'],
    ['a name that is not there', ({ functions }) => functions.name.set([99], 1), 'strings of function 1 exist'],
  ];
  test.each(cases)('%s', (_, edit, sentence) => {
    const { tables } = open(sound);
    edit(tables);
    expect(checkTables(tables)).toContain(sentence);
  });
});

describe('the command line', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const cli = path.join(root, 'dist/cli.cjs');
  let folder = '';
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plateau-bad-input-'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8', timeout: 30_000, maxBuffer: 1 << 28 });
  function analyze(content: string | Uint8Array | undefined, ...options: string[]): SpawnSyncReturns<string> & { file: string } {
    const file = path.join(folder, 'bad.cpuprofile');
    fs.rmSync(file, { force: true });
    if (content !== undefined) fs.writeFileSync(file, content);
    if (!fs.existsSync(cli)) spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')]);
    return { ...run('analyze', file, ...options), file };
  }

  const cut = text.slice(0, text.indexOf('"samples"'));
  const refused: [string, string | Uint8Array | undefined, string][] = [
    ['an empty file', '', 'The file is empty.'],
    ['a missing file', undefined, 'The file does not exist.'],
    ['no JSON', 'hello', 'This is not a CPU profile: it is of none of the formats that Plateau reads (V8 CPU and heap profiles, '],
    ['JSON that is damaged at byte 1,234,567', `{"x":"${'a'.repeat(1_234_560)}"!`, 'This is not a CPU profile: at byte 1,234,567, , or } was expected.'],
    ['wrong JSON', '{}', 'has no "nodes" list'],
    ['gzip of nothing known', gzipSync('hello'), 'This is not a CPU profile: it is of none of the formats that Plateau reads'],
    ['five million brackets', `{"x":${'['.repeat(5e6)}`, 'This is not a CPU profile'],
  ];
  test.each(refused)('%s: exit code 4 and the reason', (_, content, reason) => {
    const { status, stdout, stderr, file } = analyze(content, '--json');
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toContain(`plateau: ${file}: `);
    expect(stderr).toContain(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a folder: exit code 4 and the reason', () => {
    const { status, stderr } = run('analyze', folder, '--json');
    expect(status).toBe(4);
    expect(stderr).toBe(`plateau: ${folder}: This is a folder, not a file.\n`);
  });

  test('a cut profile: exit code 0, the report, and the warning in both', () => {
    const { status, stdout, stderr, file } = analyze(cut, '--json');
    expect(status).toBe(0);
    const warning = `The file ends early, at byte ${cut.length}; what comes before it is shown.`;
    const report = JSON.parse(stdout) as { activeMs: number; warnings: string[]; functions: { name: string; selfMs: number }[] };
    expect(report.warnings).toContain(warning);
    expect(stderr).toContain(`plateau: ${file}: warning: ${warning}`);
    expect(report.activeMs).toBe(5);
    expect(report.functions.find((one) => one.name === 'next')?.selfMs).toBe(3);
  });

  test('ANSI codes in names, urls and packages never reach the terminal', () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u009b31m';
    const callFrame = { functionName: evil, url: `file:///app/node_modules/${evil}/${evil}.js`, lineNumber: 1, columnNumber: 1 };
    const many = Array.from({ length: 100 }, (_, i) => [4, 5][i % 2] as number);
    const value = {
      ...withNodes((node) => (node.id === 1 ? node : { ...node, callFrame, positionTicks: [{ line: 2, ticks: 50 }] })),
      samples: many,
      timeDeltas: many.map(() => 1000),
      endTime: 101_000,
    };
    const { status, stdout, stderr } = analyze(JSON.stringify(value));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('100.0 %');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const json = JSON.parse(analyze(JSON.stringify(value), '--json').stdout) as { functions: { name: string }[] };
    expect(json.functions[0]?.name).toBe(evil);
  });

  test('20,000 frames, long names and hostile urls end in time', () => {
    const urls = ['file:///dev/zero', 'file:///%00', 'file:///%zz', '../../etc/passwd', 'http://[', 'data:,', '__proto__', ''];
    const long = `file:///${'x'.repeat(100_000)}`;
    const nodes = Array.from({ length: 20_000 }, (_, i) => ({
      id: i + 1,
      callFrame: { functionName: i === 0 ? '(root)' : `f${i}`, url: i === 9 ? long : urls[i % urls.length], lineNumber: i, columnNumber: 0 },
      children: i < 19_999 ? [i + 2] : [],
      positionTicks: [{ line: i + 1, ticks: 1 }],
    }));
    const samples = nodes.map((node) => node.id);
    const value = JSON.stringify({ nodes, startTime: 0, endTime: 20_000, samples, timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 1)) });
    const { status, stdout } = analyze(value, '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { durationMs: number; functions: { selfMs: number }[] };
    expect(report.functions).toHaveLength(20_000);
    expect(report.functions.reduce((sum, one) => sum + one.selfMs, 0)).toBeCloseTo(20, 6);
  });
});
