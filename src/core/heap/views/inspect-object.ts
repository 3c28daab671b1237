import { printable } from '../../../shared/format';
import type { HeapObject, HeapPath } from '../../../shared/heap-query';
import { allocationStack } from '../analysis/allocation-stack';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { edgeName, nodeName } from '../analysis/heap-names';
import { foldSteps, stepKeys } from '../paths/fold-path';
import { retainingPaths } from '../paths/retaining-paths';
import type { ObjectRows } from './object-row';
import { countEdges, edgeKind } from './shown-edges';

const MAX_PATHS = 4;
/** The tree of dominators is not opened deeper than this by itself. */
const MAX_DEPTH = 200;
const MAX_STACK = 60;

export interface Inspected {
  readonly analysis: HeapAnalysis;
  readonly objects: ObjectRows;
  /** Children in the tree of dominators, in the order in which they are listed. */
  dominatedBy(node: number): Uint32Array;
  isShown(edge: number): boolean;
  readonly hasFields: boolean;
}

/** Everything that is told of one object. */
export function inspectObject({ analysis, objects, dominatedBy, isShown, hasFields }: Inspected, node: number): HeapObject {
  const { graph, classOf, classNames } = analysis;
  const { key = '', name = '' } = classNames[classOf[node] as number] ?? {};
  const type = graph.nodeTypes[graph.nodes.type[node] as number] ?? '';
  return {
    ...objects.row(node, undefined, hasFields),
    key,
    className: printable(name),
    type,
    text: type.endsWith('string') ? nodeName(analysis, node) : undefined,
    place: objects.place(node),
    ...countEdges(analysis, node, isShown),
    dominators: dominatorPath(analysis, dominatedBy, node),
    paths: pathsTo(analysis, objects, node),
    allocated: (allocationStack(graph, node) ?? []).slice(0, MAX_STACK).map(({ name, url, line, column }) => ({ name: printable(name), url, line, column })),
  };
}

/** From below the root to the node; empty where that is too deep. */
function dominatorPath({ graph, dominator }: HeapAnalysis, dominatedBy: (node: number) => Uint32Array, node: number): { id: number; at: number }[] {
  const path: { id: number; at: number }[] = [];
  for (let at = node; at !== 0; at = dominator[at] as number) {
    if (path.length >= MAX_DEPTH) return [];
    path.push({ id: graph.nodes.id[at] as number, at: dominatedBy(dominator[at] as number).indexOf(at) });
  }
  return path.reverse();
}

function pathsTo(analysis: HeapAnalysis, objects: ObjectRows, node: number): HeapPath[] {
  const { graph } = analysis;
  return retainingPaths(analysis, node, { limit: MAX_PATHS }).map((path) => {
    // The root first.
    const nodes = [...path.nodes].reverse();
    const edges = [...path.edges].reverse();
    const steps = foldSteps([...stepKeys(graph, path).reverse(), '']).map(({ at, leftOut }) => {
      const step = nodes[at] as number;
      const edge = edges[at];
      return {
        node: step,
        label: objects.label(step),
        id: graph.nodes.id[step] as number,
        edge: edge === undefined ? undefined : { name: printable(edgeName(graph, edge)), kind: edgeKind(graph, edge) },
        leftOut,
      };
    });
    return { steps };
  });
}
