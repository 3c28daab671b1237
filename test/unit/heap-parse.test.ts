import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeapGraph, ParsedHeap } from '../../src/core/heap/graph/heap-graph';
import { parseHeapSnapshot } from '../../src/core/heap/read/parse-snapshot';
import { describeHeapIssue } from '../../src/service/heap/describe-heap-issue';
import { readHeapSnapshot } from '../../src/service/heap/heap-read';
import { memoryNeeded } from '../../src/service/support/heap-memory';
import type { HeapIssue } from '../../src/shared/issue';
import type { Result } from '../../src/shared/result';
import { pieces, realSnapshot, type SmallNode, snapshotText } from '../support/heap';

const small: readonly SmallNode[] = [
  { type: 'synthetic', name: '', id: 1, size: 0, edges: [{ type: 'shortcut', name: 'global', to: 1 }] },
  {
    type: 'object',
    name: 'Global "quoted" \\ \ud800 é 𝄞\n',
    id: 3,
    size: 24,
    edges: [
      { type: 'property', name: 'list', to: 2 },
      { type: 'weak', name: '7', to: 3 },
    ],
  },
  { type: 'array', name: '', id: 5, size: 4_000_000_000, edges: [{ type: 'element', name: 0, to: 3 }] },
  { type: 'native', name: '<div id="a">', id: 140_000_000_000_000, size: 5_000_000_000, detachedness: 2 },
];
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function parsed(result: Result<ParsedHeap, HeapIssue>): ParsedHeap {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** The graph as the rows that were put in. */
function rows({ nodes, edges, strings, nodeTypes, edgeTypes }: HeapGraph): SmallNode[] {
  return Array.from({ length: nodes.length }, (_, n) => ({
    type: nodeTypes[nodes.type[n] ?? -1] ?? '',
    name: strings.at(nodes.name[n] ?? -1),
    id: nodes.id[n] ?? -1,
    size: nodes.selfSize[n] ?? -1,
    detachedness: nodes.detachedness[n] ?? -1,
    edges: Array.from({ length: (edges.first[n + 1] ?? 0) - (edges.first[n] ?? 0) }, (_, i) => {
      const e = (edges.first[n] ?? 0) + i;
      const type = edgeTypes[edges.type[e] ?? -1] ?? '';
      const index = edges.nameOrIndex[e] ?? -1;
      return { type, name: type === 'element' ? index : strings.at(index), to: edges.to[e] ?? -1 };
    }),
  }));
}
const complete = (nodes: readonly SmallNode[]): SmallNode[] => nodes.map((node) => ({ detachedness: 0, edges: [], ...node }));

test('a small snapshot is read as it was written, through any window', () => {
  const text = snapshotText(small, { locations: [3, 9, 1, 2, 1, 7, 11, 13, 3, 9, 4, 5, 99, 1, 1, 1], header: { extra_native_bytes: 77 } });
  for (const window of [64, 65, 66, 67, 100, 1000, 1 << 20]) {
    for (const step of [1, 3, 1 << 20]) {
      const { graph, warnings } = parsed(parseHeapSnapshot(pieces(bytesOf(text), step), { window }));
      expect(warnings).toEqual([]);
      expect(rows(graph)).toEqual(complete(small));
      expect([...graph.locations.node]).toEqual([1, 3]);
      expect([...graph.locations.line]).toEqual([11, 4]);
      expect(graph.extraNativeBytes).toBe(77);
      expect(graph.fileBytes).toBe(bytesOf(text).length);
    }
  }
});

test('sections may come in any order', () => {
  const json = JSON.parse(snapshotText(small)) as Record<string, unknown>;
  const names = Object.keys(json);
  for (let turn = 0; turn < names.length; turn++) {
    const turned = [...names.slice(turn), ...names.slice(0, turn)];
    for (const order of [turned, [...turned].reverse()]) {
      const text = JSON.stringify(Object.fromEntries(order.map((name) => [name, json[name]])));
      const { graph, warnings } = parsed(parseHeapSnapshot(bytesOf(text)));
      expect(warnings).toEqual([]);
      expect(rows(graph)).toEqual(complete(small));
    }
  }
});

test('cut at any byte it is an issue, or what stands before that place and a warning', () => {
  const bytes = bytesOf(snapshotText(small));
  for (let length = 0; length < bytes.length; length++) {
    const result = parseHeapSnapshot(bytes.subarray(0, length));
    if (!result.ok) {
      expect(['empty-file', 'not-json', 'no-nodes']).toContain(result.error.kind);
      continue;
    }
    const { graph, warnings } = result.value;
    expect(warnings).toContainEqual({ kind: 'truncated', offset: length });
    const wanted = complete(small).slice(0, graph.nodes.length);
    expect(rows(graph).map(({ id, size, type }) => ({ id, size, type }))).toEqual(wanted.map(({ id, size, type }) => ({ id, size, type })));
  }
});

describe('damage', () => {
  const damaged = (change: (json: { nodes: unknown[]; edges: unknown[]; strings: unknown[]; snapshot: Record<string, unknown> }) => void): ParsedHeap => {
    const json = JSON.parse(snapshotText(small));
    change(json);
    return parsed(parseHeapSnapshot(bytesOf(JSON.stringify(json))));
  };

  test('edges that lead outside are left out, the others stay where they were', () => {
    const { graph, warnings } = damaged(({ edges }) => {
      edges[5] = 6000;
      edges[8] = 7; // within a node
    });
    expect(warnings).toEqual([{ kind: 'edges-outside', count: 2 }]);
    expect(rows(graph).map((row) => row.edges?.map(({ to }) => to))).toEqual([[1], [], [3], []]);
  });

  test('counts that lie are told', () => {
    const { graph, warnings } = damaged(({ snapshot, nodes }) => {
      snapshot.node_count = 4_000_000_000;
      snapshot.edge_count = 2;
      nodes[4] = 100;
    });
    expect(graph.nodes.length).toBe(4);
    expect(warnings).toEqual([
      { kind: 'count-mismatch', of: 'nodes', told: 4_000_000_000, found: 4 },
      { kind: 'count-mismatch', of: 'edges', told: 2, found: 4 },
      { kind: 'edge-counts', told: 103, found: 4 },
    ]);
    expect([...graph.edges.first]).toEqual([0, 4, 4, 4, 4]);
  });

  test('values that are no whole numbers, and types that nobody has, count as bad', () => {
    const { warnings } = damaged(({ nodes }) => {
      nodes[6] = 99;
      nodes[9] = -5;
      nodes[14] = '8';
      nodes[15] = 1e300;
    });
    expect(warnings).toMatchObject([{ kind: 'bad-values', count: 4 }]);
  });

  test('strings that are none are empty, names outside of the list too', () => {
    const { graph } = damaged(({ strings, nodes }) => {
      strings[0] = { deep: [[[1]]] };
      nodes[7] = 4_000_000;
    });
    expect(graph.strings.at(0)).toBe('');
    expect(rows(graph)[1]?.name).toBe('');
  });

  test.each([
    ['an empty file', '', { kind: 'empty-file' }],
    ['a CPU profile', '{"nodes":[{"id":1}],"samples":[]}', { kind: 'not-a-heap-snapshot', found: 'cpuprofile' }],
    ['a heap profile', '{"head":{"callFrame":{},"selfSize":3}}', { kind: 'not-a-heap-snapshot', found: 'heap-profile' }],
    ['other JSON', '{"a":1}', { kind: 'not-a-heap-snapshot', found: 'unknown-json' }],
    ['gzip', '\u001f\u008b\u0008', { kind: 'not-a-heap-snapshot', found: 'gzip' }],
    ['text', 'hello', { kind: 'not-json', offset: 0, expected: '{' }],
  ])('%s is told', (_, text, error) => {
    expect(parseHeapSnapshot(Uint8Array.from(text, (char) => char.charCodeAt(0)))).toEqual({ ok: false, error });
  });

  test('a header without the fields that are needed is told', () => {
    const json = JSON.parse(snapshotText(small));
    json.snapshot.meta.node_fields[3] = 'size';
    expect(parseHeapSnapshot(bytesOf(JSON.stringify(json)))).toEqual({ ok: false, error: { kind: 'missing-section', name: 'snapshot.meta: self_size' } });
  });
});

test('where memory cannot do, the header says so before anything is read', () => {
  const issue = { kind: 'too-little-memory', needed: 9e12, available: 1e9 } as const;
  const result = parseHeapSnapshot(bytesOf(snapshotText(small, { header: { node_count: 7e10 } })), {
    onHeader: ({ nodeCount }) => (nodeCount > 1e10 ? issue : undefined),
  });
  expect(result).toEqual({ ok: false, error: issue });
  expect(describeHeapIssue(issue)).toContain('needs about 9.00 TB of memory, and 1.00 GB are free');
});

test('the memory that is asked for follows the counts, but no more than the file can hold', () => {
  const gigabyte = 2 ** 30;
  expect(memoryNeeded({ nodeCount: 1e7, edgeCount: 5e7 }, gigabyte)).toBeGreaterThan(2 * gigabyte);
  expect(memoryNeeded({ nodeCount: 1e7, edgeCount: 5e7 }, gigabyte)).toBeLessThan(3.5 * gigabyte);
  expect(memoryNeeded({ nodeCount: 1e18, edgeCount: 1e18 }, gigabyte)).toBeLessThan(20 * gigabyte);
});

describe('a real snapshot', () => {
  let real: ReturnType<typeof realSnapshot>;
  beforeAll(() => {
    real = realSnapshot('globalThis.kept = [new Map([[{ a: 1 }, "é\\n"]]), class Foo {}, /x/g, new Uint8Array(9)];');
  });
  afterAll(() => rmSync(path.dirname(real.file), { recursive: true, force: true }));

  test('is what JSON.parse gives, number by number and string by string', async () => {
    const json = JSON.parse(Buffer.from(real.bytes).toString());
    const fields: readonly string[] = json.snapshot.meta.node_fields;
    const { graph, warnings } = parsed(await readHeapSnapshot(real.file));
    expect(warnings).toEqual([]);
    const column = (name: string): number[] => (json.nodes as number[]).filter((_, i) => i % fields.length === fields.indexOf(name));
    expect([...graph.nodes.type]).toEqual(column('type'));
    expect([...graph.nodes.name]).toEqual(column('name'));
    expect([...graph.nodes.id]).toEqual(column('id'));
    expect([...graph.nodes.selfSize]).toEqual(column('self_size'));
    expect([...graph.nodes.detachedness]).toEqual(column('detachedness'));
    const counts = column('edge_count');
    expect(Array.from(graph.edges.first.subarray(1), (end, n) => end - (graph.edges.first[n] ?? 0))).toEqual(counts);
    const edge = (field: number): number[] => (json.edges as number[]).filter((_, i) => i % 3 === field);
    expect([...graph.edges.type]).toEqual(edge(0));
    expect([...graph.edges.nameOrIndex]).toEqual(edge(1));
    expect([...graph.edges.to]).toEqual(edge(2).map((place) => place / fields.length));
    expect(Array.from({ length: graph.strings.length }, (_, i) => graph.strings.at(i))).toEqual(json.strings);
    expect(graph.locations.length).toBe(json.locations.length / json.snapshot.meta.location_fields.length);
  });

  test('reading it can be cancelled', async () => {
    const controller = new AbortController();
    const result = await readHeapSnapshot(real.file, { signal: controller.signal, onProgress: () => controller.abort() });
    controller.abort();
    const again = await readHeapSnapshot(real.file, { signal: controller.signal });
    expect(again).toEqual({ ok: false, error: { kind: 'cancelled' } });
    expect(result.ok).toBe(true); // it was read whole before the first word of progress
  });

  test('a file that is missing is an issue', async () => {
    expect(await readHeapSnapshot(`${real.file}.none`)).toMatchObject({ ok: false, error: { kind: 'unreadable', code: 'ENOENT' } });
  });
});
