import type { HeapAnalysis } from './analyze-heap';
import { graphTypes, stringIs, stringTest } from './graph-types';
import { edgeName, nodeName } from './heap-names';
import { isContextName } from './leak-holders';
import type { PathTree } from './path-tree';

/** 0-based, in the script as it ran. */
export interface HeapPlace {
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

/** One object on a retaining path, as facts. */
export interface PathStep {
  readonly id: number;
  /** The file's own word: `object`, `closure`, `array`, `hidden`… */
  readonly type: string;
  /** As DevTools labels it. */
  readonly name: string;
  /** The edge by which the step before holds it; empty for the root. */
  readonly edge: string;
  /** `context` for a variable, `property`, `element`, `internal`… */
  readonly edgeKind: string;
  /** Where a function, or the constructor of an object, stands. */
  readonly place: HeapPlace | undefined;
  /** Of the variables of a function call: a function that sees them, with a name if there is one. */
  readonly closure: { readonly name: string; readonly place: HeapPlace } | undefined;
  /** Variables that hold it too, besides the step before: the path may go through a library, and the program know it by a name. */
  readonly variables: readonly { readonly name: string; readonly place: HeapPlace }[];
}

/** Paths are told up to here: what is deeper is a list, whose steps are alike. */
const MOST_STEPS = 60;

/** The way from the root to a node in a tree, and the step of the last of `holders` on it. */
export function pathSteps(analysis: HeapAnalysis, tree: PathTree, node: number, holders: ReadonlySet<number>): { steps: PathStep[]; holder: number } {
  const { graph } = analysis;
  const nodes: number[] = [];
  for (let at = node; ; at = tree.parent[at] as number) {
    nodes.push(at);
    if (at === 0) break;
  }
  const shown = nodes.length > MOST_STEPS ? [...nodes.slice(0, MOST_STEPS / 2), ...nodes.slice(-MOST_STEPS / 2)] : nodes;
  const closureOf = contextClosures(analysis);
  const steps = shown.reverse().map((one): PathStep => {
    const edge = tree.edge[one] as number;
    return {
      id: graph.nodes.id[one] as number,
      type: graph.nodeTypes[graph.nodes.type[one] as number] ?? '',
      name: nodeName(analysis, one).slice(0, 200),
      edge: edge < 0 ? '' : edgeName(graph, edge).slice(0, 200),
      edgeKind: edge < 0 ? '' : (graph.edgeTypes[graph.edges.type[edge] as number] ?? ''),
      place: placeOf(analysis, one),
      closure: closureOf(one),
      variables: variablesOf(analysis, one, closureOf),
    };
  });
  let holder = 0;
  for (const [i, step] of steps.entries()) if (holders.has(step.id)) holder = i;
  return { steps, holder };
}

/** Functions that an object holds directly. */
export function heldFunctions(analysis: HeapAnalysis, node: number): { readonly name: string; readonly place: HeapPlace }[] {
  const { nodes, edges } = analysis.graph;
  const { closure } = graphTypes(analysis.graph);
  const found: { name: string; place: HeapPlace }[] = [];
  const start = edges.first[node] as number;
  for (let e = start, end = Math.min(edges.first[node + 1] as number, start + MOST_RETAINERS); e < end; e++) {
    const to = edges.to[e] as number;
    const place = nodes.type[to] === closure ? placeOf(analysis, to) : undefined;
    if (place) found.push({ name: nodeName(analysis, to), place });
  }
  return found;
}

export function placeOf({ graph: { locations } }: HeapAnalysis, node: number): HeapPlace | undefined {
  let low = 0;
  let high = locations.length - 1;
  while (low <= high) {
    const mid = (low + high) >> 1;
    const at = locations.node[mid] as number;
    if (at === node) return { scriptId: locations.scriptId[mid] as number, line: locations.line[mid] as number, column: locations.column[mid] as number };
    if (at < node) low = mid + 1;
    else high = mid - 1;
  }
  return undefined;
}

/** Of a node that is the variables of a call: the first function with a place that sees them directly. */
function contextClosures(analysis: HeapAnalysis): (node: number) => PathStep['closure'] {
  const { graph } = analysis;
  const { nodes, edges } = graph;
  const { closure } = graphTypes(graph);
  const isContext = stringTest(graph.strings, isContextName);
  const isEdge = stringIs(graph.strings, 'context');
  return (node) => {
    if (!isContext(nodes.name[node] as number)) return undefined;
    const { first, from, edge } = analysis.retainers;
    let best: PathStep['closure'];
    for (let r = first[node] as number; r < (first[node + 1] as number); r++) {
      const by = from[r] as number;
      if (nodes.type[by] !== closure || !isEdge(edges.nameOrIndex[edge[r] as number] as number)) continue;
      const place = placeOf(analysis, by);
      if (!place) continue;
      const name = nodeName(analysis, by);
      if (name !== '') return { name, place };
      // The function around a whole module sees everything and says little.
      if (!best || (best.place.line === 0 && best.place.column === 0)) best = { name, place };
    }
    return best;
  };
}

/** Retainers that are looked at. */
const MOST_RETAINERS = 500;

function variablesOf(analysis: HeapAnalysis, node: number, closureOf: (node: number) => PathStep['closure']): PathStep['variables'] {
  const { graph, retainers } = analysis;
  const { context } = graphTypes(graph).edge;
  const found: { name: string; place: HeapPlace }[] = [];
  const start = retainers.first[node] as number;
  const end = Math.min(retainers.first[node + 1] as number, start + MOST_RETAINERS);
  for (let r = start; r < end; r++) {
    const edge = retainers.edge[r] as number;
    const closure = graph.edges.type[edge] === context ? closureOf(retainers.from[r] as number) : undefined;
    if (closure) found.push({ name: edgeName(graph, edge), place: closure.place });
  }
  return found;
}
