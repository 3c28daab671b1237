import { graphTypes, stringTest } from './graph-types';
import type { HeapGraph } from './heap-graph';

const ATTACHED = 1;
export const DETACHED = 2;

/**
 * Whether native objects belong to the document, by node (0 unknown, 1 attached, 2 detached):
 * what the file says of some is spread over edges that are neither hidden nor weak, from
 * native object to native object; first what is attached, then what is detached.
 */
export function propagateDetachedness(graph: HeapGraph): Uint8Array {
  const { nodes, edges } = graph;
  const types = graphTypes(graph);
  if (!nodes.hasDetachedness) return fromNames(graph);
  const state = new Uint8Array(nodes.length);
  const isSettled = new Uint8Array(nodes.length);
  const queues: Record<typeof ATTACHED | typeof DETACHED, number[]> = { [ATTACHED]: [], [DETACHED]: [] };
  for (let n = 0; n < nodes.length; n++) {
    const told = (nodes.detachedness[n] as number) & 3;
    if (told === 0) continue;
    isSettled[n] = 1;
    state[n] = told;
    if (nodes.type[n] === types.native && (told === ATTACHED || told === DETACHED)) queues[told].push(n);
  }
  for (const known of [ATTACHED, DETACHED] as const) {
    const queue = queues[known];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++) {
        const type = edges.type[e];
        const to = edges.to[e] as number;
        if (isSettled[to] !== 0 || type === types.edge.hidden || type === types.edge.weak || type === types.edge.invisible) continue;
        isSettled[to] = 1;
        if (nodes.type[to] !== types.native) continue;
        state[to] = known;
        queue.push(to);
      }
    }
  }
  return state;
}

/** V8 before 2020 put it into names. */
function fromNames({ nodes, nodeTypes, edgeTypes, strings }: HeapGraph): Uint8Array {
  const { native } = graphTypes({ nodeTypes, edgeTypes });
  const isDetached = stringTest(strings, (text) => text.startsWith('Detached '));
  const state = new Uint8Array(nodes.length);
  for (let n = 0; n < nodes.length; n++) if (nodes.type[n] === native && isDetached(nodes.name[n] as number)) state[n] = DETACHED;
  return state;
}
