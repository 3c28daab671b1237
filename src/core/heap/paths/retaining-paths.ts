import { memo } from '../../../shared/lazy';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { distances, NO_DISTANCE, SYSTEM_DISTANCE } from '../graph/distances';
import { graphTypes } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import { userRoots } from '../graph/shallow-sizes';
import { type PathEdges, pathEdges } from './path-edges';

/** A way from an object to a root: each step is a node and the edge by which the step after it holds it. */
export interface RetainingPath {
  /** The object first, the root last. */
  readonly nodes: readonly number[];
  /** `edges[i]` leads from `nodes[i + 1]` to `nodes[i]`: one fewer than nodes. */
  readonly edges: readonly number[];
}

export interface RetainingPathOptions {
  /** How many ways, the shortest first. */
  readonly limit?: number;
  /** Edges that are no answer, besides those that never are. */
  readonly isHidden?: (edge: number) => boolean;
}

/** Steps of a search: a node with a million retainers costs what is looked at. */
const MOST_STEPS = 3_000;
/** How often a way may go through the same node, of all ways. */
const MOST_VISITS = 4;
/** Retainers of a node that are looked at. */
const MOST_RETAINERS = 50;

/**
 * Ways by which a node is kept alive, the shortest from a root first; of equally long ones
 * that which has names of user code (properties, variables, elements) rather than V8's.
 * Each differs from the others in a node that is not V8's own. Empty for the root and for
 * what nothing keeps.
 *
 * A* from the node up to the root: the distance from the root is what is left to go.
 */
export function retainingPaths(analysis: HeapAnalysis, node: number, options: RetainingPathOptions = {}): RetainingPath[] {
  const { limit = 1, isHidden } = options;
  if (node === 0) return [];
  const steps = stepsOf(analysis);
  const distance = steps.distance[node] === NO_DISTANCE ? analysis.distance : steps.distance;
  const follows = distance === steps.distance ? steps.explains : steps.isStrong;
  const counts = (from: number, edge: number): boolean => follows(from, edge) && !isHidden?.(edge);
  const shortest = descend(analysis, node, distance, counts);
  if (shortest && limit === 1) return [shortest];
  return search(analysis, node, limit, distance, counts, shortest);
}

/** Straight to the root: each step is one nearer, and one with a name of user code if there is one. However long the way is. */
function descend(analysis: HeapAnalysis, start: number, distance: Int32Array, follows: (from: number, edge: number) => boolean): RetainingPath | undefined {
  const { graph, retainers } = analysis;
  const isNamed = namedEdges(graph);
  const nodes = [start];
  const edges: number[] = [];
  for (let node = start; node !== 0; ) {
    const left = distance[node] as number;
    let best = -1;
    for (let r = retainers.first[node] as number, end = retainers.first[node + 1] as number; r < end; r++) {
      const from = retainers.from[r] as number;
      const edge = retainers.edge[r] as number;
      const isNearer = from === 0 ? left === 1 || left === SYSTEM_DISTANCE + 1 : distance[from] === left - 1;
      if (!isNearer || !follows(from, edge)) continue;
      if (best < 0 || (!isNamed(retainers.edge[best] as number) && isNamed(edge))) best = r;
    }
    if (best < 0) return undefined;
    node = retainers.from[best] as number;
    nodes.push(node);
    edges.push(retainers.edge[best] as number);
  }
  return { nodes, edges };
}

interface Step {
  readonly node: number;
  /** The edge to the step below; -1 for the object itself. */
  readonly edge: number;
  readonly below: Step | undefined;
  readonly length: number;
  /** Edges so far that only V8 has names for. */
  readonly internal: number;
}

function search(
  analysis: HeapAnalysis,
  start: number,
  limit: number,
  distance: Int32Array,
  follows: (from: number, edge: number) => boolean,
  shortest: RetainingPath | undefined,
): RetainingPath[] {
  const { graph, retainers } = analysis;
  const isNamed = namedEdges(graph);
  const isOwn = v8Nodes(graph);
  // The root itself has a distance that says how far V8's own roots are: it is as near as what it holds.
  const left = (step: Step): number => (step.node === 0 && step.below ? (distance[step.below.node] as number) - 1 : (distance[step.node] as number));
  const heap = new StepHeap((step) => left(step) + step.length + step.internal / 1000);
  heap.push({ node: start, edge: -1, below: undefined, length: 0, internal: 0 });
  const visits = new Map<number, number>();
  const shownNodes = (path: RetainingPath): string => path.nodes.filter((node) => !isOwn(node)).join(' ');
  const found = shortest ? [shortest] : [];
  const seen = new Set(found.map(shownNodes));
  for (let taken = 0; taken < MOST_STEPS && found.length < limit; taken++) {
    const step = heap.pop();
    if (!step) break;
    const visited = visits.get(step.node) ?? 0;
    if (step.node === 0) {
      const path = pathOf(step);
      const shown = shownNodes(path);
      if (!seen.has(shown)) found.push(path);
      seen.add(shown);
      continue;
    }
    if (visited >= MOST_VISITS + limit) continue;
    visits.set(step.node, visited + 1);
    const candidates: Step[] = [];
    for (let r = retainers.first[step.node] as number, end = retainers.first[step.node + 1] as number; r < end; r++) {
      const from = retainers.from[r] as number;
      const edge = retainers.edge[r] as number;
      if (distance[from] === NO_DISTANCE || !follows(from, edge) || isOnPath(step, from)) continue;
      candidates.push({ node: from, edge, below: step, length: step.length + 1, internal: step.internal + (isNamed(edge) ? 0 : 1) });
    }
    // Also a node with a million retainers is left by its nearest ones.
    if (candidates.length > MOST_RETAINERS) candidates.sort((a, b) => (distance[a.node] as number) - (distance[b.node] as number) || a.internal - b.internal);
    for (const candidate of candidates.slice(0, MOST_RETAINERS)) heap.push(candidate);
  }
  return found;
}

function isOnPath(step: Step, node: number): boolean {
  for (let at: Step | undefined = step; at; at = at.below) if (at.node === node) return true;
  return false;
}

function pathOf(root: Step): RetainingPath {
  const nodes: number[] = [];
  const edges: number[] = [];
  for (let at: Step | undefined = root; at; at = at.below) {
    nodes.push(at.node);
    if (at.edge >= 0) edges.push(at.edge);
  }
  return { nodes: nodes.reverse(), edges: edges.reverse() };
}

/** Edges with a name that user code gave. */
function namedEdges({ edges, edgeTypes }: HeapGraph): (edge: number) => boolean {
  const { property, context, element, shortcut } = graphTypes({ nodeTypes: [], edgeTypes }).edge;
  return (edge) => {
    const type = edges.type[edge] as number;
    return type === property || type === context || type === element || type === shortcut;
  };
}

/** Nodes that V8 made for itself. */
function v8Nodes(graph: HeapGraph): (node: number) => boolean {
  const { nodes } = graph;
  const { hidden, array, synthetic, code } = graphTypes(graph);
  return (node) => {
    const type = nodes.type[node];
    return type === hidden || type === array || type === synthetic || type === code;
  };
}

interface PathSteps extends PathEdges {
  /** From the roots, over edges that explain something. */
  readonly distance: Int32Array;
}

const stepsOf = memo((analysis: HeapAnalysis): PathSteps => {
  const { graph } = analysis;
  const edges = pathEdges(graph);
  return { ...edges, distance: distances(graph, userRoots(graph), edges.explains) };
});

/** A binary heap of steps, the least first; among equals, the one that came first. */
class StepHeap {
  readonly #items: { step: Step; cost: number; order: number }[] = [];
  readonly #costOf: (step: Step) => number;
  #count = 0;

  constructor(costOf: (step: Step) => number) {
    this.#costOf = costOf;
  }

  push(step: Step): void {
    const items = this.#items;
    const item = { step, cost: this.#costOf(step), order: this.#count++ };
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up] as typeof item;
      if (parent.cost < item.cost || (parent.cost === item.cost && parent.order < item.order)) break;
      items[at] = parent;
      at = up;
    }
    items[at] = item;
  }

  pop(): Step | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (!top || !last) return undefined;
    if (items.length === 0) return top.step;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      const left = items[child] as typeof last;
      const right = items[child + 1];
      if (right && (right.cost < left.cost || (right.cost === left.cost && right.order < left.order))) child++;
      const smaller = items[child] as typeof last;
      if (last.cost < smaller.cost || (last.cost === smaller.cost && last.order < smaller.order)) break;
      items[at] = smaller;
      at = child;
    }
    items[at] = last;
    return top.step;
  }
}
