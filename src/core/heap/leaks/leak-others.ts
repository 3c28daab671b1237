import type { HeapAnalysis } from '../analysis/analyze-heap';
import { edgeName } from '../analysis/heap-names';
import { CELL, isContextName } from '../graph/comparable-names';
import { graphTypes } from '../graph/graph-types';
import type { PathTree } from '../paths/path-tree';
import { type PathStep, pathSteps } from './leak-path';

/** Retainers that are looked at, steps up from each, and ways that are told. */
const MOST_RETAINERS = 500;
const MOST_CLIMBED = 100;
const MOST_WAYS = 3;

/** What was there before the first snapshot: `last` is its largest id, `holders` the ids of what is told already. */
interface Known {
  readonly last: number;
  readonly holders: ReadonlySet<number>;
}

/**
 * Other ways by which a node is held than the one in the tree: who cuts that one keeps the
 * leak. One for each old holder, which a Map or an array is, or the variables of a function.
 */
export function otherWays(analysis: HeapAnalysis, tree: PathTree, node: number, known: Known): { path: PathStep[]; holder: number }[] {
  const { graph, retainers } = analysis;
  const { nodes, edges, edgeTypes } = graph;
  const told = new Set(known.holders);
  const ways: { path: PathStep[]; holder: number }[] = [];
  const self = pathSteps(analysis, tree, node, known.holders).steps.at(-1);
  if (!self) return [];
  const start = retainers.first[node] as number;
  const end = Math.min(retainers.first[node + 1] as number, start + MOST_RETAINERS);
  for (let r = start; r < end && ways.length < MOST_WAYS; r++) {
    const edge = retainers.edge[r] as number;
    const from = retainers.from[r] as number;
    if (edges.type[edge] === graphTypes(graph).edge.weak) continue;
    const owner = oldOwner(analysis, tree, from, node, known.last);
    if (owner < 0 || told.has(nodes.id[owner] as number)) continue;
    told.add(nodes.id[owner] as number);
    const above = pathSteps(analysis, tree, from, new Set([nodes.id[owner] as number]));
    const held: PathStep = { ...self, edge: edgeName(graph, edge).slice(0, 200), edgeKind: edgeTypes[edges.type[edge] as number] ?? '' };
    // Its neighbour in a list leads to the same holder: who empties that, cuts both.
    if (above.steps.some(({ id, name }) => known.holders.has(id) && !isContextName(name))) continue;
    ways.push({ path: [...above.steps, held], holder: above.holder });
  }
  return ways;
}

/** Up the tree to the first that is old and no backing store; -1 where that leads through the node itself, or to V8's own. */
function oldOwner({ graph }: HeapAnalysis, { parent }: PathTree, from: number, below: number, last: number): number {
  const { nodes, nodeTypes, strings } = graph;
  for (let at = from, steps = 0; at !== 0 && at !== below && steps < MOST_CLIMBED; at = parent[at] as number, steps++) {
    const type = nodeTypes[nodes.type[at] as number];
    if (type === 'code' || type === 'synthetic' || type === 'object shape') return -1;
    const name = strings.at(nodes.name[at] as number);
    const isOwn = name !== CELL && (type === 'array' || type === 'hidden' || (name.startsWith('system /') && !isContextName(name)));
    if (!isOwn && (nodes.id[at] as number) <= last) return at;
  }
  return -1;
}
