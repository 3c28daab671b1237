import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allocationStack } from '../../src/core/heap/analysis/allocation-stack';
import { analyzeHeap } from '../../src/core/heap/analysis/analyze-heap';
import { largestRetainers } from '../../src/core/heap/analysis/largest-retainers';
import { essentialEdges } from '../../src/core/heap/graph/essential-edges';
import type { HeapGraph } from '../../src/core/heap/graph/heap-graph';
import { parseHeapSnapshot } from '../../src/core/heap/read/parse-snapshot';
import { readHeapSnapshot } from '../../src/service/heap/heap-read';
import { type SmallEdge, type SmallNode, snapshotText } from '../support/heap';
import { type Folder, temporaryFolder } from '../support/run';

/** Linear congruential, the same cases in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Objects and V8's roots, which only roots hold; each node is held by one before it, and edges lead anywhere else besides. */
function randomGraph(seed: number): HeapGraph {
  const below = random(seed);
  const count = 2 + below(24);
  const roots = 1 + below(4);
  const nodes = Array.from({ length: count }, (_, n): SmallNode & { edges: SmallEdge[] } => ({
    type: n < roots ? 'synthetic' : 'object',
    name: 'Thing',
    id: n * 2 + 1,
    size: below(100),
    edges: [],
  }));
  const hold = (from: number, to: number, type: string): void => void nodes[from]?.edges.push({ type, name: `p${to}`, to });
  for (let n = 1; n < count; n++) hold(below(Math.min(n, n < roots ? roots : n)), n, 'property');
  for (let e = 0; e < count * below(3); e++) {
    const from = below(count);
    const to = below(count);
    if (to >= roots || from < roots) hold(from, to, below(8) === 0 ? 'weak' : 'property');
  }
  const parsed = parseHeapSnapshot(new TextEncoder().encode(snapshotText(nodes)));
  if (!parsed.ok) throw new Error(parsed.error.kind);
  return parsed.value.graph;
}

/** What is alive without one node, by walking; the whole where that is -1. What nothing keeps stays out. */
function alive(graph: HeapGraph, essential: Uint8Array, without: number): Set<number> {
  const found = new Set<number>();
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node === without || found.has(node)) continue;
    found.add(node);
    for (let e = graph.edges.first[node] as number; e < (graph.edges.first[node + 1] as number); e++)
      if (essential[e] === 1) waiting.push(graph.edges.to[e] as number);
  }
  return found;
}

describe('the largest retainers', () => {
  /** By the meaning of the words: an object counts if no other object, were it gone, would take it along; it retains what dies with it. */
  function slowly(graph: HeapGraph, essential: Uint8Array): { node: number; retained: number }[] {
    const { nodes } = graph;
    const whole = alive(graph, essential, -1);
    const dead = Array.from({ length: nodes.length }, (_, n) => {
      const left = alive(graph, essential, n);
      return new Set([...whole].filter((node) => !left.has(node)));
    });
    const isObject = (n: number): boolean => graph.nodeTypes[nodes.type[n] as number] === 'object';
    return Array.from({ length: nodes.length }, (_, n) => n)
      .slice(1)
      .filter((n) => isObject(n) && !dead.some((taken, by) => by !== n && by !== 0 && isObject(by) && taken.has(n)))
      .map((node) => ({ node, retained: [...(dead[node] as Set<number>)].reduce((sum, one) => sum + (nodes.selfSize[one] as number), 0) }))
      .sort((a, b) => b.retained - a.retained || a.node - b.node);
  }

  test('are those of a slow and obviously right way, on random graphs', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const graph = randomGraph(seed);
      const analysis = analyzeHeap(graph);
      const expected = slowly(graph, essentialEdges(graph));
      const found = largestRetainers(analysis, 100);
      expect(
        found.map((node) => ({ node, retained: analysis.retainedSize[node] })),
        `seed ${seed}`,
      ).toEqual(expected);
      expect(largestRetainers(analysis, 2)).toEqual(found.slice(0, 2));
    }
  });
});

/** Two lines that allocate, in functions that call each other; the rest is the recording. */
const program = `const { Session } = require('node:inspector');
const fs = require('node:fs');
class Ticket {
  constructor() { this.open = true; }
}
function outer(list) {
  inner(list);
}
function inner(list) {
  list.push(new Ticket());
}
const other = (list) => list.push({ mark: { of: 'another line' } });

const session = new Session();
session.connect();
const kept = [];
globalThis.kept = kept;
session.post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true }, () => {
  for (let i = 0; i < 50; i++) outer(kept);
  for (let i = 0; i < 50; i++) other(kept);
  const out = fs.openSync('tracked.heapsnapshot', 'w');
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ params: { chunk } }) => fs.writeSync(out, chunk));
  session.post('HeapProfiler.stopTrackingHeapObjects', () => fs.closeSync(out));
});
`;

describe('the stack that made an object, in a real recording', () => {
  let folder: Folder;
  let graph: HeapGraph;
  /** 1-based, of the first line that has a text. */
  const place = (text: string): { line: number; column: number } => {
    const lines = program.split('\n');
    const line = lines.findIndex((one) => one.includes(text) && !one.startsWith('  '));
    return { line: line + 1, column: (lines[line] as string).indexOf(text) + 1 };
  };

  beforeAll(async () => {
    folder = temporaryFolder({ 'a.cjs': program });
    const { status, stderr } = spawnSync(process.execPath, ['a.cjs'], { cwd: folder.path, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const read = await readHeapSnapshot(path.join(folder.path, 'tracked.heapsnapshot'));
    if (!read.ok) throw new Error(read.error.kind);
    graph = read.value.graph;
  });
  afterAll(() => folder.remove());

  const named = (name: string): number[] =>
    Array.from({ length: graph.nodes.length }, (_, n) => n).filter(
      (n) => graph.nodeTypes[graph.nodes.type[n] as number] === 'object' && graph.strings.at(graph.nodes.name[n] as number) === name,
    );

  /** V8 tells where each function begins: its parameter list. */
  const functions = (node: number): string[] =>
    (allocationStack(graph, node) ?? []).filter(({ url }) => url.endsWith('a.cjs')).map(({ name, line, column }) => `${name} ${line}:${column}`);

  test('names the function that allocates, then who called it', () => {
    const tickets = named('Ticket').filter((node) => functions(node).length > 0);
    expect(tickets.length).toBeGreaterThanOrEqual(50);
    const head = (name: string): string => {
      const { line, column } = place(`${name}(list) {`);
      return `${name} ${line}:${column + name.length}`;
    };
    for (const ticket of tickets) {
      const stack = functions(ticket);
      expect(stack.slice(0, 2)).toEqual([head('inner'), head('outer')]);
    }
  });

  test('what another function made has that one', () => {
    const { line } = place('const other =');
    const marks = named('Object').filter((node) => functions(node)[0]?.startsWith('other '));
    expect(marks.length).toBeGreaterThanOrEqual(100);
    expect(new Set(marks.map((node) => functions(node)[0]))).toEqual(new Set([`other ${line}:${place('(list) => list.push').column}`]));
  });

  test('what was there before has none', () => {
    const [global] = Array.from({ length: graph.nodes.length }, (_, n) => n).filter((n) =>
      graph.strings.at(graph.nodes.name[n] as number).startsWith('global'),
    );
    expect(global).toBeDefined();
    expect(allocationStack(graph, global as number)).toBeUndefined();
  });
});
