/** Damaged heap snapshots, and what must be true of whatever is made of them. */
import { allocationStack } from '../../src/core/heap/analysis/allocation-stack';
import { analyzeHeap } from '../../src/core/heap/analysis/analyze-heap';
import { dominatedBy } from '../../src/core/heap/analysis/dominator-tree';
import { duplicateStrings } from '../../src/core/heap/analysis/duplicate-strings';
import { heapClasses } from '../../src/core/heap/analysis/heap-classes';
import { nodeName } from '../../src/core/heap/analysis/heap-names';
import { heapStatistics } from '../../src/core/heap/analysis/heap-statistics';
import { largestRetainers } from '../../src/core/heap/analysis/largest-retainers';
import { diffHeaps } from '../../src/core/heap/compare/heap-diff';
import type { HeapGraph } from '../../src/core/heap/graph/heap-graph';
import { retainingPaths } from '../../src/core/heap/paths/retaining-paths';
import { parseHeapSnapshot } from '../../src/core/heap/read/parse-snapshot';
import { detachedNodes } from '../../src/core/heap/views/detached-nodes';
import { type SmallNode, snapshotText } from './heap';
import { generator } from './mutate';

const pair = (n: number): string => `${n} / part of key (K @13) -> value (V @15) pair in WeakMap (table @17)`;
const nodes: readonly SmallNode[] = [
  {
    type: 'synthetic',
    name: '',
    id: 1,
    size: 0,
    edges: [
      { type: 'shortcut', name: 'global', to: 1 },
      { type: 'element', name: 1, to: 9 },
    ],
  },
  {
    type: 'object',
    name: 'Global',
    id: 3,
    size: 24,
    edges: [
      { type: 'property', name: 'list', to: 2 },
      { type: 'context', name: 'o', to: 3 },
      { type: 'property', name: 'p', to: 4 },
      { type: 'internal', name: 'text', to: 5 },
      { type: 'property', name: 'key', to: 6 },
      { type: 'property', name: 'table', to: 8 },
    ],
  },
  { type: 'object', name: 'Array', id: 5, size: 16, edges: [{ type: 'internal', name: 'elements', to: 10 }] },
  { type: 'object', name: 'Object', id: 7, size: 40, edges: [{ type: 'property', name: 'a,b', to: 4 }] },
  { type: 'object', name: 'Object', id: 9, size: 40, edges: [{ type: 'property', name: 'a,b', to: 3 }] },
  {
    type: 'concatenated string',
    name: '(concatenated string)',
    id: 11,
    size: 32,
    edges: [
      { type: 'internal', name: 'first', to: 11 },
      { type: 'internal', name: 'second', to: 12 },
    ],
  },
  { type: 'object', name: 'K', id: 13, size: 12, edges: [{ type: 'internal', name: pair(1), to: 7 }] },
  { type: 'object', name: 'V', id: 15, size: 12, edges: [] },
  { type: 'object', name: 'WeakMap', id: 17, size: 12, edges: [{ type: 'internal', name: pair(2), to: 7 }] },
  { type: 'native', name: '<div id="a">', id: 18, size: 12, detachedness: 2, edges: [{ type: 'element', name: 1, to: 13 }] },
  { type: 'array', name: '', id: 19, size: 64, edges: [{ type: 'weak', name: 'w', to: 3 }] },
  { type: 'string', name: 'left \\ "é"', id: 21, size: 20 },
  { type: 'string', name: 'left \\ "é"', id: 23, size: 20 },
  { type: 'native', name: 'Text', id: 24, size: 20 },
];

/** A small snapshot with a bit of everything. */
export function wholeSnapshot(): string {
  const functions = [0, 1, 2, 9, 10, 5, 1, 1, 2, 9, 20, 7];
  const text = snapshotText(nodes, {
    locations: [1, 9, 0, 0, 7, 9, 4, 2],
    header: { trace_function_count: 2, extra_native_bytes: 100 },
    extra: { trace_function_infos: functions, trace_tree: [1, 0, 0, 0, [2, 1, 5, 50, [3, 0, 1, 1, []], 4, 1, 1, 1, []]] },
  });
  return text
    .replaceAll('"detachedness"]', '"detachedness","trace_node_id"]')
    .replace(/"nodes":\[([\d,]+)\]/, (_, list: string) => {
      const numbers = list.split(',');
      const rows = numbers.filter((_number, i) => i % 6 === 5).map((_number, row) => [...numbers.slice(row * 6, row * 6 + 6), row % 5].join(','));
      return `"nodes":[${rows.join(',')}]`;
    })
    .replace(
      /"edges":\[([\d,]+)\]/,
      (_, list: string) =>
        `"edges":[${list
          .split(',')
          .map((n, i) => (i % 3 === 2 ? (Number(n) / 6) * 7 : n))
          .join(',')}]`,
    )
    .replace(
      /"locations":\[([\d,]+)\]/,
      (_, list: string) =>
        `"locations":[${list
          .split(',')
          .map((n, i) => (i % 4 === 0 ? (Number(n) / 6) * 7 : n))
          .join(',')}]`,
    );
}

/** The snapshot with one to four things changed: bytes, numbers, sections, its end. */
export function damage(whole: string, seed: number): Uint8Array {
  const below = generator(seed);
  let text = whole;
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(text.length + 1);
    const numbers = ['0', '-1', '1e9', '4294967295', '9007199254740993', '99999999999999999999', '1.5', '7', '""', 'null', '[[[]]]', '{"a":[1]}'];
    switch (below(8)) {
      case 0:
        text = text.slice(0, at);
        break;
      case 1:
        text = text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1);
        break;
      case 2:
        text = text.slice(0, at) + text.slice(at + below(40));
        break;
      case 3:
        text = text.slice(0, at) + text.slice(at, at + below(60)) + text.slice(at);
        break;
      case 4:
      case 5: {
        // The number that stands next.
        const number = /\d+/g;
        number.lastIndex = at;
        const match = number.exec(text);
        if (match) text = text.slice(0, match.index) + numbers[below(numbers.length)] + text.slice(match.index + match[0].length);
        break;
      }
      case 6: {
        const name = ['"nodes"', '"edges"', '"strings"', '"locations"', '"trace_tree"', '"meta"', '"node_count"', '"self_size"', '"to_node"'][
          below(9)
        ] as string;
        text = text.replace(name, '"other"');
        break;
      }
      default: {
        const small = /[,[]\d+(?=[,\]])/g;
        small.lastIndex = at;
        const match = small.exec(text);
        if (match) text = `${text.slice(0, match.index + 1)}${below(120)}${text.slice(match.index + match[0].length)}`;
      }
    }
  }
  return Uint8Array.from(new TextEncoder().encode(text));
}

/** What is not so of a graph that was read; empty where all is well. */
export function untrueOfGraph({ nodes, edges, locations, traces }: HeapGraph): string[] {
  const wrong: string[] = [];
  if (edges.first.length !== nodes.length + 1 || edges.first[0] !== 0 || edges.first[nodes.length] !== edges.length)
    wrong.push('edges do not begin and end with the nodes');
  for (let n = 0; n < nodes.length; n++) if ((edges.first[n] as number) > (edges.first[n + 1] as number)) wrong.push(`edges of node ${n} run backwards`);
  if (edges.to.some((to) => to >= nodes.length)) wrong.push('an edge leads outside');
  if (locations.node.some((node, i) => node >= nodes.length || (i > 0 && node <= (locations.node[i - 1] as number))))
    wrong.push('locations are not sorted, or of no node');
  if (traces?.parent.some((parent, row) => parent >= row)) wrong.push('a trace stands before its parent');
  for (const column of [nodes.type, nodes.name, nodes.id, nodes.selfSize, nodes.detachedness])
    if (column.length !== nodes.length) wrong.push('a column is too short');
  return wrong;
}

/** Reads damaged snapshots and works everything out of what is left. */
export function heapDamageChecker(): (seed: number) => { bytes: Uint8Array; isOpened: boolean; sentences: string[] } {
  const whole = wholeSnapshot();
  const base = parseHeapSnapshot(new TextEncoder().encode(whole));
  if (!base.ok || base.value.warnings.length > 0) throw new Error(JSON.stringify(base));
  const before = analyzeHeap(base.value.graph);
  return (seed) => {
    const bytes = damage(whole, seed);
    const sentences: string[] = [];
    try {
      const window = 64 + (seed % 100);
      let at = 0;
      const read = (into: Uint8Array): number => {
        const part = bytes.subarray(at, at + into.length);
        into.set(part);
        at += part.length;
        return part.length;
      };
      const result = parseHeapSnapshot(bytes);
      const through = parseHeapSnapshot({ read }, { window, fileBytes: bytes.length });
      if (result.ok !== through.ok || (!result.ok && !through.ok && JSON.stringify(result) !== JSON.stringify(through)))
        sentences.push(`a window of ${window} reads something else`);
      if (!result.ok || !through.ok) return { bytes, isOpened: false, sentences };
      if (JSON.stringify(result.value.warnings) !== JSON.stringify(through.value.warnings)) sentences.push(`a window of ${window} warns of something else`);
      const { graph } = through.value;
      sentences.push(...untrueOfGraph(graph));
      const heap = analyzeHeap(graph);
      const own = [...graph.nodes.selfSize].reduce((sum, size) => sum + size, 0);
      const classes = heapClasses(heap);
      if (heap.retainedSize[0] !== own) sentences.push('the root does not retain everything');
      if (classes.reduce((sum, { shallowSize }) => sum + shallowSize, 0) !== own) sentences.push('classes do not add up');
      for (let n = 0; n < graph.nodes.length; n++) {
        if ((heap.retainedSize[n] as number) < (heap.shallowSize[n] as number)) sentences.push(`node ${n} retains less than itself`);
        nodeName(heap, n);
        allocationStack(graph, n);
        dominatedBy(heap, n);
        for (const { nodes: steps } of retainingPaths(heap, n, { limit: 3 }))
          if (steps[0] !== n || steps[steps.length - 1] !== 0) sentences.push(`a path of node ${n} does not lead to the root`);
      }
      const { rows } = diffHeaps(before, heap);
      if (rows.some(({ delta, added, removed }) => delta !== added - removed)) sentences.push('a comparison that does not add up');
      heapStatistics(heap);
      duplicateStrings(heap);
      detachedNodes(heap);
      largestRetainers(heap, 5);
      return { bytes, isOpened: true, sentences };
    } catch (error) {
      sentences.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { bytes, isOpened: false, sentences };
    }
  };
}
