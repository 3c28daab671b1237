import { graphTypes, stringIs } from '../graph/graph-types';
import type { HeapAnalysis } from './analyze-heap';

/** The heap by what it is made of, in bytes; the parts make the total. */
export interface HeapStatistics {
  readonly total: number;
  readonly code: number;
  readonly strings: number;
  /** Arrays and their elements. */
  readonly arrays: number;
  /** Bytes of typed arrays and buffers. */
  readonly typedArrays: number;
  /** All other objects of JavaScript. */
  readonly objects: number;
  /** What V8 keeps for itself. */
  readonly system: number;
  /** All other memory outside of V8's heap. */
  readonly native: number;
}

/** As DevTools' statistics have it. */
export function heapStatistics(analysis: HeapAnalysis): HeapStatistics {
  const { graph, shallowSize, totalSize } = analysis;
  const { nodes, strings: names } = graph;
  const types = graphTypes(graph);
  const isBufferData = stringIs(names, 'system / JSArrayBufferData');
  const isArray = stringIs(names, 'Array');
  const elements = elementsOf(analysis);
  let native = graph.extraNativeBytes;
  let typedArrays = 0;
  let code = 0;
  let strings = 0;
  let arrays = 0;
  let system = 0;
  for (let n = 0; n < nodes.length; n++) {
    const size = shallowSize[n] as number;
    const type = nodes.type[n] as number;
    if (type === types.hidden) system += size;
    else if (type === types.native) {
      native += size;
      if (isBufferData(nodes.name[n] as number)) typedArrays += size;
    } else if (type === types.code) code += size;
    else if (type === types.string || type === types.concatenated || type === types.sliced) strings += size;
    else if (isArray(nodes.name[n] as number)) arrays += size + elements(n);
  }
  const objects = totalSize - native - code - strings - arrays - system;
  return { total: totalSize, code, strings, arrays, typedArrays, objects, system, native: native - typedArrays };
}

/**
 * Bytes of an array's elements that nobody else refers to. Those of most arrays were counted
 * as the array's own and are 0 by now, so references are counted to the few others only.
 */
function elementsOf({ graph, shallowSize }: HeapAnalysis): (array: number) => number {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const isElements = stringIs(strings, 'elements');
  const isArray = stringIs(strings, 'Array');
  const find = (array: number): number => {
    for (let e = edges.first[array] as number, end = edges.first[array + 1] as number; e < end; e++) {
      if (edges.type[e] === types.edge.internal && isElements(edges.nameOrIndex[e] as number)) return edges.to[e] as number;
    }
    return -1;
  };
  // 0 for what nobody asks about, else one more than the references: up to two are told apart.
  const references = new Uint8Array(nodes.length);
  let isAsked = false;
  for (let n = 0; n < nodes.length; n++) {
    if (!isArray(nodes.name[n] as number)) continue;
    const elements = find(n);
    if (elements < 0 || shallowSize[elements] === 0) continue;
    references[elements] = 1;
    isAsked = true;
  }
  for (let e = 0; isAsked && e < edges.length; e++) {
    const to = edges.to[e] as number;
    const known = references[to] as number;
    if (known > 0 && known < 3) references[to] = known + 1;
  }
  return (array) => {
    const elements = find(array);
    return elements >= 0 && references[elements] === 2 ? (shallowSize[elements] as number) : 0;
  };
}
