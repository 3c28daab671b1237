import type { HeapAnalysis } from '../analysis/analyze-heap';
import { edgeName, nodeName } from '../analysis/heap-names';
import { isContextName } from '../graph/comparable-names';
import { graphTypes, stringIs, stringTest } from '../graph/graph-types';
import type { PathTree } from '../paths/path-tree';
import { exportedVariables } from './module-exports';

/** 0-based, in the script as it ran. */
export interface HeapPlace {
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

export interface HeapFunction {
  readonly name: string;
  readonly place: HeapPlace;
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
  /** Of the variables of a function call: the functions that see them, those with a name first, one for each place. */
  readonly closures: readonly HeapFunction[];
  /** Variables that hold it too, besides the step before: the path may go through a library, and the program know it by a name. */
  readonly variables: readonly HeapFunction[];
}

/** Paths are told up to here: what is deeper is a list, whose steps are alike. */
const MOST_STEPS = 60;

/** The way from the root to a node in a tree, and the step of the last of `holders` on it. */
export function pathSteps(analysis: HeapAnalysis, tree: PathTree, node: number, holders: ReadonlySet<number>): { steps: PathStep[]; holder: number } {
  const nodes: number[] = [];
  for (let at = node; ; at = tree.parent[at] as number) {
    nodes.push(at);
    if (at === 0) break;
  }
  const shown = nodes.length > MOST_STEPS ? [...nodes.slice(0, MOST_STEPS / 2), ...nodes.slice(-MOST_STEPS / 2)] : nodes;
  const closuresOf = contextClosures(analysis);
  const exported = exportedVariables(analysis);
  const steps = shown.reverse().map((one): PathStep => {
    const variable = exported(one);
    return {
      ...stepOf(analysis, one, tree.edge[one] as number, exported),
      closures: closuresOf(variable && variable.context >= 0 ? variable.context : one),
      variables: variablesOf(analysis, one, closuresOf),
    };
  });
  let holder = 0;
  for (const [i, step] of steps.entries()) if (holders.has(step.id)) holder = i;
  return { steps, holder };
}

/** The step by an edge that need not be in the tree, to text or a buffer. */
export function contentStep(analysis: HeapAnalysis, edge: number): PathStep {
  return stepOf(analysis, analysis.graph.edges.to[edge] as number, edge, exportedVariables(analysis));
}

function stepOf(analysis: HeapAnalysis, node: number, edge: number, exported: ReturnType<typeof exportedVariables>): PathStep {
  const { nodes, edges, nodeTypes, edgeTypes } = analysis.graph;
  const variable = edge < 0 ? undefined : exported(sourceOf(analysis, edge));
  return {
    id: nodes.id[node] as number,
    type: nodeTypes[nodes.type[node] as number] ?? '',
    name: nodeName(analysis, node).slice(0, 200),
    edge: edge < 0 ? '' : (variable?.name ?? edgeName(analysis.graph, edge)).slice(0, 200),
    edgeKind: edge < 0 ? '' : variable ? 'context' : (edgeTypes[edges.type[edge] as number] ?? ''),
    place: placeOf(analysis, node),
    closures: [],
    variables: [],
  };
}

/** The node that an edge leaves. */
function sourceOf({ graph: { edges } }: HeapAnalysis, edge: number): number {
  let low = 0;
  let high = edges.first.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges.first[middle] as number) <= edge) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Functions that an object holds directly. */
export function heldFunctions(analysis: HeapAnalysis, node: number): readonly HeapFunction[] {
  const { nodes, edges } = analysis.graph;
  const { closure } = graphTypes(analysis.graph);
  const found: HeapFunction[] = [];
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

/**
 * Of a node that is the variables of a call: the functions with a place that see them, from
 * within the call or from one within that. Its own come first, then those with a name; last the
 * function around a whole module, which sees everything and says little.
 */
function contextClosures(analysis: HeapAnalysis): (node: number) => readonly HeapFunction[] {
  const { graph } = analysis;
  const { nodes, edges } = graph;
  const { closure } = graphTypes(graph);
  const isContext = stringTest(graph.strings, isContextName);
  const isEdge = stringIs(graph.strings, 'context');
  const isUp = stringIs(graph.strings, 'previous');
  const orderOf = (name: string, { line, column }: HeapPlace, isDirect: boolean): number =>
    name === '' && line === 0 && column === 0 ? 4 : (isDirect ? 0 : 2) + (name === '' ? 1 : 0);
  return (node) => {
    if (!isContext(nodes.name[node] as number)) return [];
    const { first, from, edge } = analysis.retainers;
    const found = new Map<string, HeapFunction & { readonly order: number }>();
    const contexts = [node];
    let looked = 0;
    for (let i = 0; i < contexts.length; i++) {
      const context = contexts[i] as number;
      for (let r = first[context] as number, end = first[context + 1] as number; r < end && looked < MOST_SEEN; r++, looked++) {
        const by = from[r] as number;
        const name = edges.nameOrIndex[edge[r] as number] as number;
        if (isUp(name) && isContext(nodes.name[by] as number)) contexts.push(by);
        if (nodes.type[by] !== closure || !isEdge(name)) continue;
        const place = placeOf(analysis, by);
        const key = place && `${place.scriptId}:${place.line}:${place.column}`;
        if (!place || key === undefined || found.has(key)) continue;
        const label = nodeName(analysis, by);
        found.set(key, { name: label, place, order: orderOf(label, place, i === 0) });
      }
    }
    return [...found.values()].sort((a, b) => a.order - b.order).map(({ name, place }) => ({ name, place }));
  };
}

/** Retainers of variables that are looked at: all functions of a large bundle see its variables. */
const MOST_SEEN = 20_000;
/** Retainers that are looked at. */
const MOST_RETAINERS = 500;

function variablesOf(analysis: HeapAnalysis, node: number, closuresOf: (node: number) => readonly HeapFunction[]): PathStep['variables'] {
  const { graph, retainers } = analysis;
  const { context } = graphTypes(graph).edge;
  const found: HeapFunction[] = [];
  const start = retainers.first[node] as number;
  const end = Math.min(retainers.first[node + 1] as number, start + MOST_RETAINERS);
  for (let r = start; r < end; r++) {
    const edge = retainers.edge[r] as number;
    const [closure] = graph.edges.type[edge] === context ? closuresOf(retainers.from[r] as number) : [];
    if (closure) found.push({ name: edgeName(graph, edge), place: closure.place });
  }
  return found;
}
