import { DOCUMENTS, graphTypes, stringIs } from './graph-types';
import type { HeapGraph } from './heap-graph';
import { weakMapPairs } from './weak-map-names';

/**
 * Which edges keep their target alive, a byte an edge, as DevTools counts them for
 * dominators. Not: weak ones; those to the node itself; shortcuts, but for the root's;
 * from a WeakMap's table to a value, which the key's edge stands for; from what does not
 * belong to the page into what does, so that a debugger's references change nothing.
 */
export function essentialEdges(graph: HeapGraph): Uint8Array {
  const { nodes, edges } = graph;
  const types = graphTypes(graph);
  const { weak, shortcut, internal } = types.edge;
  const isPage = pageNodes(graph);
  const pairOf = weakMapPairs(graph.strings);
  const essential = new Uint8Array(edges.length);
  const { first, type: edgeType, to: target, nameOrIndex } = edges;
  for (let n = 0, e = 0; n < nodes.length; n++) {
    const isOutside = n > 0 && isPage[n] === 0;
    for (const end = first[n + 1] as number; e < end; e++) {
      const type = edgeType[e] as number;
      const to = target[e] as number;
      if (type === weak || to === n) continue;
      if (n > 0 && type === shortcut) continue;
      if (isOutside && isPage[to] !== 0) continue;
      if (type === internal) {
        const pair = pairOf(nameOrIndex[e] as number);
        if (pair && pair.table === nodes.id[n]) continue;
      }
      essential[e] = 1;
    }
  }
  return essential;
}

/** What can be reached from the global objects (shortcuts of the root) and the documents, over edges that are not weak. */
function pageNodes(graph: HeapGraph): Uint8Array {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const { element, shortcut, weak } = types.edge;
  const isDocuments = stringIs(strings, DOCUMENTS);
  const isPage = new Uint8Array(nodes.length);
  const stack = new Uint32Array(nodes.length);
  let depth = 0;
  for (let e = 0; e < (edges.first[1] as number); e++) {
    const to = edges.to[e] as number;
    const isEntry = edges.type[e] === shortcut || (edges.type[e] === element && nodes.type[to] === types.synthetic && isDocuments(nodes.name[to] as number));
    if (!isEntry || isPage[to] !== 0) continue;
    isPage[to] = 1;
    stack[depth++] = to;
  }
  const { first, type: edgeType, to: target } = edges;
  while (depth > 0) {
    const node = stack[--depth] as number;
    for (let e = first[node] as number, end = first[node + 1] as number; e < end; e++) {
      const to = target[e] as number;
      if (isPage[to] !== 0 || edgeType[e] === weak) continue;
      isPage[to] = 1;
      stack[depth++] = to;
    }
  }
  return isPage;
}
