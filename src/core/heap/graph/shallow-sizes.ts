import { DOCUMENTS, graphTypes, stringIs } from './graph-types';
import type { HeapGraph } from './heap-graph';

const NOBODY = 0xffff_ffff;
const SEVERAL = 0xffff_fffe;

/**
 * Shallow sizes as DevTools shows them, in bytes: what V8 made for an object alone (its
 * backing stores: `array`, `hidden` and the data of external strings) counts as the
 * object's, and is 0 itself. Owned is what can be reached from one object only, over edges
 * that are not weak and over such nodes. Synthetic nodes and the root own nothing.
 * Snapshots without user roots (of V8's internals) keep their sizes.
 */
export function shallowSizes(graph: HeapGraph, isUserRoot: (node: number) => boolean): Float64Array {
  const { nodes, edges } = graph;
  const sizes = Float64Array.from(nodes.selfSize);
  let hasUserRoots = false;
  for (let e = 0; e < (edges.first[1] as number); e++) hasUserRoots ||= isUserRoot(edges.to[e] as number);
  if (!hasUserRoots) return sizes;
  const { synthetic } = graphTypes(graph);
  const owners = findOwners(graph);
  for (let n = 0; n < nodes.length; n++) {
    const owner = owners[n] as number;
    if (owner === n || owner === 0 || owner >= SEVERAL || nodes.type[owner] === synthetic) continue;
    sizes[owner] = (sizes[owner] as number) + (sizes[n] as number);
    sizes[n] = 0;
  }
  return sizes;
}

function findOwners(graph: HeapGraph): Uint32Array {
  const { nodes, edges, strings } = graph;
  const types = graphTypes(graph);
  const { weak } = types.edge;
  const isStringData = stringIs(strings, 'system / ExternalStringData');
  const owners = new Uint32Array(nodes.length);
  for (let n = 0; n < nodes.length; n++) {
    const type = nodes.type[n];
    const canBeOwned = type === types.hidden || type === types.array || (type === types.native && isStringData(nodes.name[n] as number));
    owners[n] = canBeOwned ? NOBODY : n;
  }
  const { first, type: edgeType, to: target } = edges;
  // A node is put here once when it gets an owner, and once when it gets a second one.
  const stack: number[] = [];
  const visit = (node: number): void => {
    const owner = owners[node] as number;
    for (let e = first[node] as number, end = first[node + 1] as number; e < end; e++) {
      const to = target[e] as number;
      const known = owners[to] as number;
      if (known === to || known === owner || known === SEVERAL || edgeType[e] === weak) continue;
      owners[to] = known === NOBODY ? owner : SEVERAL;
      stack.push(to);
    }
  };
  for (let n = 0; n < nodes.length; n++) {
    if (owners[n] !== n) continue;
    visit(n);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) visit(node);
  }
  return owners;
}

/** Whether an edge of the root to this node makes it a root of the user's: not what V8 keeps for itself. */
export function userRoots(graph: HeapGraph): (node: number) => boolean {
  const { nodes, strings } = graph;
  const { synthetic } = graphTypes(graph);
  const isDocuments = stringIs(strings, DOCUMENTS);
  return (node) => nodes.type[node] !== synthetic || isDocuments(nodes.name[node] as number);
}
