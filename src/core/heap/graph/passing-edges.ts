/**
 * What holds objects for a while, up to a limit, or for whoever watches, and so never leaks
 * by itself: growth that is kept in these ways alone is none of the program's.
 *
 *   console            V8's inspector keeps what the last 1,000 console calls were given, and what a
 *                      debugger was told, while something is attached (`12 / DevTools console`)
 *   ticks              callbacks of `process.nextTick` that have not run yet
 *   resource timings   one for each `fetch`, of which Node.js keeps 250
 *   requests           undici's queue keeps the places of 256 requests that are done, then cuts them off
 *   Plateau's own      what it has put into the program
 */
import { graphTypes, stringIs, stringTest } from './graph-types';
import type { HeapGraph } from './heap-graph';

/** Entries that Node.js keeps of resource timings, unless the program asks for more. */
const MOST_TIMINGS = 250;
/** Places of undici's queue: those of requests that are done, and as many that may wait. */
const MOST_PLACES = 512;

/** Whether an edge keeps something in such a way. Each name is looked at once. */
export function passingEdges(graph: HeapGraph): (edge: number) => boolean {
  const { nodes, edges, strings } = graph;
  const { context, element, hidden } = graphTypes(graph).edge;
  const isWatchers = stringTest(
    strings,
    (name) => /^\d+ \/ DevTools /.test(name) || name === '<symbol plateau.recorder>' || name === '<symbol plateau.served>',
  );
  const isTicks = stringIs(strings, 'queue');
  const isQueue = stringIs(strings, 'FixedQueue');
  const isTimings = stringTest(strings, (name) => name === 'resourceTimingBuffer' || name === 'resourceTimingSecondaryBuffer');
  return (edge) => {
    const type = edges.type[edge];
    if (type === element || type === hidden) return false;
    const name = edges.nameOrIndex[edge] as number;
    if (isWatchers(name)) return true;
    if (type !== context) return false;
    const to = edges.to[edge] as number;
    return (isTicks(name) && isQueue(nodes.name[to] as number)) || (isTimings(name) && elementCount(graph, to) <= MOST_TIMINGS);
  };
}

function elementCount({ edges, edgeTypes }: HeapGraph, node: number): number {
  const { element } = graphTypes({ nodeTypes: [], edgeTypes }).edge;
  let count = 0;
  for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++) if (edges.type[e] === element) count++;
  return count;
}

/** Nodes of collections that are cut off at a length, whatever they hold meanwhile. */
export function boundedCollections(graph: HeapGraph): (node: number, length: number) => boolean {
  const { nodes, edges, strings } = graph;
  const { property } = graphTypes(graph).edge;
  const isPlaces = stringIs(strings, '<symbol queue>');
  const isClient = stringIs(strings, 'Client');
  let bounded: Set<number> | undefined;
  const find = (): Set<number> => {
    const found = new Set<number>();
    for (let node = 1; node < nodes.length; node++) {
      if (!isClient(nodes.name[node] as number)) continue;
      for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++)
        if (edges.type[e] === property && isPlaces(edges.nameOrIndex[e] as number)) found.add(edges.to[e] as number);
    }
    return found;
  };
  return (node, length) => {
    bounded ??= find();
    return length <= MOST_PLACES && bounded.has(node);
  };
}
