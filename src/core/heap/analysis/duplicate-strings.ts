import { graphTypes, stringIs } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import type { HeapAnalysis } from './analyze-heap';
import { nodeName } from './heap-names';

/** Strings with the same text that stand in memory more than once. Sizes of all of them together, in bytes. */
export interface DuplicateString {
  readonly text: string;
  /** V8 cut the text when it wrote the snapshot; then length and hash were compared too. */
  readonly isCut: boolean;
  readonly count: number;
  readonly shallowSize: number;
  readonly retainedSize: number;
  readonly nodes: readonly number[];
}

/**
 * By falling retained size, as DevTools has them. A concatenated string that V8 has made
 * flat (one part is empty) is no duplicate of its content, and one without a size is none.
 */
export function duplicateStrings(analysis: HeapAnalysis): DuplicateString[] {
  const { graph, shallowSize, retainedSize } = analysis;
  const { nodes } = graph;
  const types = graphTypes(graph);
  const internal = internalEdges(graph);
  const groups = new Map<string, { text: string; isCut: boolean; nodes: number[] }>();
  for (let n = 0; n < nodes.length; n++) {
    const type = nodes.type[n];
    if ((type !== types.string && type !== types.concatenated) || shallowSize[n] === 0) continue;
    if (type === types.concatenated && internal.isFlat(n)) continue;
    // A plain string's index is as good as its text while V8 writes each text once; other writers may not.
    const text = nodeName(analysis, n);
    const isCut = internal.isCut(n);
    const key = isCut ? `${internal.number(n, 'length')} ${internal.number(n, 'hash')} ${text}` : `:${text}`;
    const group = groups.get(key);
    if (group) group.nodes.push(n);
    else groups.set(key, { text, isCut, nodes: [n] });
  }
  const sum = (list: readonly number[], of: Float64Array): number => list.reduce((total, n) => total + (of[n] as number), 0);
  return [...groups.values()]
    .filter((group) => group.nodes.length > 1)
    .map((group) => ({ ...group, count: group.nodes.length, shallowSize: sum(group.nodes, shallowSize), retainedSize: sum(group.nodes, retainedSize) }))
    .sort((a, b) => b.retainedSize - a.retainedSize);
}

/** What V8 tells of a string in internal edges: numbers and truth values are nodes with a `value`. */
function internalEdges(graph: HeapGraph): { isFlat(node: number): boolean; isCut(node: number): boolean; number(node: number, name: string): string } {
  const { nodes, edges, strings } = graph;
  const { internal } = graphTypes(graph).edge;
  const tests = new Map(['first', 'second', 'truncated', 'length', 'hash', 'value'].map((name) => [name, stringIs(strings, name)]));
  const target = (node: number, ...wanted: string[]): number[] => {
    const found: number[] = [];
    for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++) {
      if (edges.type[e] === internal && wanted.some((name) => tests.get(name)?.(edges.nameOrIndex[e] as number))) found.push(edges.to[e] as number);
    }
    return found;
  };
  const textOf = (node: number): string => strings.at(nodes.name[node] as number);
  const value = (node: number, name: string): string => {
    const holder = target(node, name)[0];
    const [text] = holder === undefined ? [] : target(holder, 'value');
    return text === undefined ? '' : textOf(text);
  };
  return {
    isFlat: (node) => target(node, 'first', 'second').some((part) => textOf(part) === ''),
    isCut: (node) => value(node, 'truncated') === 'true',
    number: value,
  };
}
