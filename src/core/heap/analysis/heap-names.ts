import { DETACHED } from '../graph/detachedness';
import { graphTypes } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import { propertyText } from '../graph/object-shapes';

/** A graph and the state of its native nodes: what a node's name depends on. */
export interface NamedHeap {
  readonly graph: HeapGraph;
  readonly detachedness: Uint8Array;
}

/** Where a string made of parts stops, as V8's own strings do. */
const LONGEST_STRING = 1024;
/** Of the label of a plain object. */
const LONGEST_LABEL = 100;

/** A node's label as DevTools shows it: its name; a plain object's properties; a concatenated string's text. */
export function nodeName(heap: NamedHeap, node: number): string {
  const { graph } = heap;
  const types = graphTypes(graph);
  const type = graph.nodes.type[node];
  if (type === types.concatenated) return concatenatedText(graph, node);
  const name = graph.strings.at(graph.nodes.name[node] as number);
  if (type === types.object && name === 'Object') return plainObjectLabel(graph, node);
  const isRenamed = type === types.native && graph.nodes.hasDetachedness && heap.detachedness[node] === DETACHED;
  return isRenamed ? `Detached ${name}` : name;
}

/** The row of the node with this id, -1 for none. */
export function nodeWithId({ nodes }: HeapGraph, id: number): number {
  return nodes.id.indexOf(id);
}

/** An edge's name; elements and hidden edges have a number. */
export function edgeName({ edges, edgeTypes, strings }: HeapGraph, edge: number): string {
  const type = edgeTypes[edges.type[edge] as number];
  const value = edges.nameOrIndex[edge] as number;
  return type === 'element' || type === 'hidden' ? String(value) : strings.at(value);
}

/** An edge as one reads it behind what it leaves: `.name`, `["a b"]`, `[3]`, `->variable`, `{internal}`. */
export function edgeText(graph: HeapGraph, edge: number): string {
  const name = edgeName(graph, edge);
  const asProperty = (): string => (name.includes(' ') ? `["${name}"]` : `.${name}`);
  switch (graph.edgeTypes[graph.edges.type[edge] as number]) {
    case 'context':
      return `->${name}`;
    case 'element':
      return `[${name}]`;
    case 'weak':
      return `[[${name}]]`;
    case 'property':
    case 'shortcut':
      return asProperty();
    default:
      return `{${name}}`;
  }
}

function concatenatedText(graph: HeapGraph, node: number): string {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const stack = [node];
  let text = '';
  // Parts may be empty, and a damaged file's parts go in circles.
  for (let steps = 0; steps < 10_000 && text.length < LONGEST_STRING; steps++) {
    const part = stack.pop();
    if (part === undefined) break;
    if (nodes.type[part] !== types.concatenated) {
      text += strings.at(nodes.name[part] as number);
      continue;
    }
    let first = -1;
    let second = -1;
    for (let e = edges.first[part] as number, end = edges.first[part + 1] as number; e < end; e++) {
      if (edges.type[e] !== types.edge.internal) continue;
      const name = strings.at(edges.nameOrIndex[e] as number);
      if (name === 'first') first = edges.to[e] as number;
      else if (name === 'second') second = edges.to[e] as number;
      if (first > 0 && second > 0) break;
    }
    if (second > 0) stack.push(second);
    if (first > 0) stack.push(first);
  }
  return text;
}

/** `{first, second, …, last}`: properties from both ends in turns, while they fit. */
function plainObjectLabel(graph: HeapGraph, node: number): string {
  const { edges, strings } = graph;
  const { property } = graphTypes(graph).edge;
  let from = edges.first[node] as number;
  let to = (edges.first[node + 1] as number) - 1;
  const front: string[] = [];
  const back: string[] = [];
  let frontLength = 1;
  let backLength = 1;
  let isBack = false;
  while (from <= to) {
    const edge = isBack ? to : from;
    const name = edges.type[edge] === property ? strings.at(edges.nameOrIndex[edge] as number) : '__proto__';
    const text = name === '__proto__' ? undefined : propertyText(name);
    if (text !== undefined && front.length > 0 && frontLength + backLength + text.length > LONGEST_LABEL) break;
    if (isBack) to--;
    else from++;
    if (text === undefined) continue;
    if (isBack) {
      backLength += text.length + (back.length > 0 ? 2 : 0);
      back.push(text);
    } else {
      frontLength += text.length + (front.length > 0 ? 2 : 0);
      front.push(text);
    }
    isBack = !isBack;
  }
  const middle = from <= to ? ['…'] : [];
  return `{${[...front, ...middle, ...back.reverse()].join(', ')}}`;
}
