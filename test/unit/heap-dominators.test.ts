import { describe, expect, test } from 'vitest';
import { analyzeHeap, type HeapAnalysis } from '../../src/core/heap/analysis/analyze-heap';
import { dominatorTree } from '../../src/core/heap/analysis/dominator-tree';
import { heapClasses } from '../../src/core/heap/analysis/heap-classes';
import { dominators } from '../../src/core/heap/graph/dominators';
import { essentialEdges } from '../../src/core/heap/graph/essential-edges';
import type { HeapGraph } from '../../src/core/heap/graph/heap-graph';
import { parseHeapSnapshot } from '../../src/core/heap/read/parse-snapshot';
import { edgeTypes, nodeTypes, type SmallEdge, type SmallNode, snapshotText } from '../support/heap';

/** Mulberry32: the same cases in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function randomGraph(seed: number): SmallNode[] {
  const below = random(seed);
  const count = 1 + below(30);
  const density = 1 + below(4);
  const nodes = Array.from({ length: count }, (_, n): SmallNode & { edges: SmallEdge[] } => ({
    type: n === 0 ? 'synthetic' : (nodeTypes[below(nodeTypes.length)] as string),
    name: ['Object', 'Foo', 'system / ExternalStringData', '(Document DOM trees)', 'Array'][below(5)] as string,
    id: n * 2 + 1,
    size: below(4) === 0 ? 0 : below(100),
    detachedness: below(6) === 0 ? 1 + below(2) : 0,
    edges: [],
  }));
  for (let e = 0; e < count * density; e++) {
    const from = below(3) === 0 ? 0 : below(count);
    const to = below(count);
    const type = edgeTypes[below(edgeTypes.length)] as string;
    const pair = `${below(9)} / part of key (K @5) -> value (V @7) pair in WeakMap (table @${1 + 2 * below(count)})`;
    nodes[from]?.edges.push({ type, name: type === 'element' || type === 'hidden' ? e : type === 'internal' && below(2) === 0 ? pair : `p${below(4)}`, to });
  }
  return nodes;
}

function graphOf(nodes: readonly SmallNode[]): HeapGraph {
  const parsed = parseHeapSnapshot(new TextEncoder().encode(snapshotText(nodes)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.graph;
}

/** What can be reached from the given nodes over essential edges, without going through `without`. */
function reachable(graph: HeapGraph, essential: Uint8Array, from: readonly number[], without: number): Set<number> {
  const found = new Set<number>();
  const stack = from.filter((node) => node !== without);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    for (let e = graph.edges.first[node] ?? 0; e < (graph.edges.first[node + 1] ?? 0); e++) {
      const to = graph.edges.to[e] ?? 0;
      if (essential[e] !== 0 && to !== without) stack.push(to);
    }
  }
  return found;
}

/**
 * By the definition: a dominates b if b cannot be reached without a. The immediate one is
 * that which all others dominate. Nodes that no essential edge leads to count as the root's.
 */
function slowDominators(graph: HeapGraph, essential: Uint8Array): number[] {
  const { length } = graph.nodes;
  const held = new Set(Array.from(graph.edges.to).filter((_, e) => essential[e] !== 0));
  const orphans = Array.from({ length }, (_, n) => n).filter((n) => n > 0 && !held.has(n));
  const starts = [0, ...orphans];
  const all = reachable(graph, essential, starts, -1);
  const dominatedBy = Array.from({ length }, (_, d) => (d === 0 ? all : reachable(graph, essential, starts, d)));
  return Array.from({ length }, (_, n) => {
    if (n === 0 || !all.has(n)) return 0;
    const strict = Array.from({ length }, (_unused, d) => d).filter((d) => d !== n && all.has(d) && (d === 0 || !dominatedBy[d]?.has(n)));
    // The nearest of them is dominated by all the others.
    const nearest = strict.filter((d) => strict.every((other) => other === d || other === 0 || (d !== 0 && !dominatedBy[other]?.has(d))));
    expect(nearest).toHaveLength(1);
    return nearest[0] as number;
  });
}

const CASES = 4000;

describe(`${CASES} random graphs with orphans, cliques, weak edges, shortcuts and weak maps`, () => {
  test('dominators are those of the definition', () => {
    for (let seed = 0; seed < CASES; seed++) {
      const graph = graphOf(randomGraph(seed));
      const essential = essentialEdges(graph);
      const { dominator, order } = dominators(graph.nodes.length, graph.edges, essential);
      expect([...dominator], `seed ${seed}`).toEqual(slowDominators(graph, essential));
      const place = new Map([...order].map((node, i) => [node, i]));
      expect(place.size).toBe(graph.nodes.length);
      dominator.forEach((up, node) => {
        if (node > 0) expect(place.get(up)).toBeLessThan(place.get(node) as number);
      });
    }
  });

  test('sizes add up', () => {
    for (let seed = 0; seed < CASES; seed++) {
      const graph = graphOf(randomGraph(seed));
      expect(brokenSums(analyzeHeap(graph)), `seed ${seed}`).toEqual([]);
    }
  });

  test('a class retains what goes when all of its objects go, counted by the definition', () => {
    for (let seed = 0; seed < 500; seed++) {
      const heap = analyzeHeap(graphOf(randomGraph(seed)));
      for (const { key, objects, retainedSize } of heapClasses(heap)) {
        const own = new Set(objects);
        const isBelowOwn = (node: number): boolean => {
          for (let up = node; up !== 0; ) {
            up = heap.dominator[up] as number;
            if (own.has(up)) return true;
          }
          return false;
        };
        const topmost = [...objects].filter((node) => !isBelowOwn(node));
        expect(retainedSize, `seed ${seed} ${key}`).toBe(topmost.reduce((sum, node) => sum + (heap.retainedSize[node] as number), 0));
      }
    }
  });
});

/** What must hold of the sizes of any heap. */
function brokenSums({ graph, shallowSize, retainedSize, ...heap }: HeapAnalysis): string[] {
  const broken: string[] = [];
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  const total = sum(graph.nodes.selfSize);
  if (sum(shallowSize) !== total) broken.push('shallow sizes do not make what the file has');
  if (retainedSize[0] !== total) broken.push('the root does not retain everything');
  const tree = dominatorTree({ graph, shallowSize, retainedSize, ...heap });
  for (let node = 0; node < graph.nodes.length; node++) {
    const children = tree.children.subarray(tree.first[node], tree.first[node + 1]);
    const below = sum(Array.from(children, (child) => retainedSize[child] as number));
    if (retainedSize[node] !== below + (shallowSize[node] as number)) broken.push(`node ${node} is not its own size and what it dominates`);
  }
  return broken;
}

test('the check of sums fires', () => {
  const heap = analyzeHeap(graphOf(randomGraph(5)));
  const {
    graph,
    shallowSize,
    dominator,
    dominatorOrder,
    retainedSize,
    totalSize,
    retainers,
    distance,
    shapes,
    plainObjects,
    classOf,
    classNames,
    detachedness,
  } = heap;
  const broken = { graph, dominator, dominatorOrder, retainedSize, totalSize, retainers, distance, shapes, plainObjects, classOf, classNames, detachedness };
  expect(brokenSums({ ...broken, shallowSize: shallowSize.map((size, n) => (n === 1 ? size + 1 : size)) })).not.toEqual([]);
});

test('a chain of a million objects is no recursion', () => {
  const length = 1_000_000;
  const first = Uint32Array.from({ length: length + 1 }, (_, n) => Math.min(n, length - 1));
  const to = Uint32Array.from({ length: length - 1 }, (_, n) => n + 1);
  const edges = { length: length - 1, first, to, type: new Uint8Array(length - 1), nameOrIndex: new Uint32Array(length - 1) };
  const { dominator } = dominators(length, edges, new Uint8Array(length - 1).fill(1));
  expect(dominator.every((up, node) => up === Math.max(0, node - 1))).toBe(true);
});
