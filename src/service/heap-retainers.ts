import { type AllocationFrame, allocationStack } from '../core/heap/allocation-stack';
import { analyzeHeap, type HeapAnalysis } from '../core/heap/analyze-heap';
import { edgeName, edgeText, nodeName, nodeWithId } from '../core/heap/heap-names';
import { type RetainingPath, retainingPaths } from '../core/heap/retaining-paths';
import type { HeapIssue, HeapWarning } from '../shared/issue';
import { ok, type Result } from '../shared/result';
import { type HeapReadOptions, readHeapSnapshot } from './heap-read';

/** Why an object is alive, as `plateau heap retainers --json` gives it. Sizes in bytes. */
export interface HeapRetainers {
  readonly schema: 'plateau/heap-retainers/1';
  readonly file: string;
  readonly object: HeapObject;
  /** The shortest first; each from the object up to a root. Empty where nothing keeps it. */
  readonly paths: readonly (readonly HeapStep[])[];
  /** Who made it, innermost first, lines and columns 1-based; undefined where that was not tracked. */
  readonly allocatedAt: readonly AllocationFrame[] | undefined;
  readonly warnings: readonly HeapWarning[];
}

export interface HeapObject {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly shallowSize: number;
  readonly retainedSize: number;
}

export interface HeapStep extends HeapObject {
  /** How it holds the step before it, as one reads it: `.name`, `[3]`, `->variable`. */
  readonly edge: string;
  readonly edgeType: string;
  readonly edgeName: string;
}

export interface NoSuchObject {
  readonly kind: 'no-such-object';
  readonly id: number;
}

export async function explainObject(
  file: string,
  id: number,
  limit: number,
  options: HeapReadOptions = {},
): Promise<Result<HeapRetainers, HeapIssue | NoSuchObject>> {
  const read = await readHeapSnapshot(file, options);
  if (!read.ok) return read;
  const { graph, warnings } = read.value;
  const node = nodeWithId(graph, id);
  if (node < 0) return { ok: false, error: { kind: 'no-such-object', id } };
  const analysis = analyzeHeap(graph);
  const paths = retainingPaths(analysis, node, { limit }).map((path) => steps(analysis, path));
  return ok({ schema: 'plateau/heap-retainers/1', file, object: objectAt(analysis, node), paths, allocatedAt: allocationStack(graph, node), warnings });
}

function objectAt(analysis: HeapAnalysis, node: number): HeapObject {
  const { graph, shallowSize, retainedSize } = analysis;
  return {
    id: graph.nodes.id[node] as number,
    name: nodeName(analysis, node),
    type: graph.nodeTypes[graph.nodes.type[node] as number] ?? '',
    shallowSize: shallowSize[node] as number,
    retainedSize: retainedSize[node] as number,
  };
}

function steps(analysis: HeapAnalysis, path: RetainingPath): HeapStep[] {
  const { graph } = analysis;
  return path.edges.map((edge, i) => ({
    ...objectAt(analysis, path.nodes[i + 1] as number),
    edge: edgeText(graph, edge),
    edgeType: graph.edgeTypes[graph.edges.type[edge] as number] ?? '',
    edgeName: edgeName(graph, edge),
  }));
}
