import { scriptsFile } from '../../capture/attach/heap-snapshot';
import { type AllocationFrame, allocationStack } from '../../core/heap/analysis/allocation-stack';
import { analyzeHeap, type HeapAnalysis } from '../../core/heap/analysis/analyze-heap';
import { edgeName, edgeText, nodeName, nodeWithId } from '../../core/heap/analysis/heap-names';
import { placeOf } from '../../core/heap/leaks/leak-path';
import { foldSteps, stepKeys } from '../../core/heap/paths/fold-path';
import { type RetainingPath, retainingPaths } from '../../core/heap/paths/retaining-paths';
import type { LeftOut } from '../../shared/heap-query';
import type { HuntPlace } from '../../shared/hunt';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import { ok, type Result } from '../../shared/result';
import { withinMemory } from '../support/heap-memory';
import { type ScriptPlaces, scriptPlaces } from './heap-places';
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
  /** Where a function, or the constructor of an object, stands; where scripts are known. */
  readonly place?: HuntPlace;
}

export interface HeapStep extends HeapObject {
  /** How it holds the step before it, as one reads it: `.name`, `[3]`, `->variable`. */
  readonly edge: string;
  readonly edgeType: string;
  readonly edgeName: string;
  /** Steps that are left out after this one: they repeat the last `period` steps in turn, or differ where that is 0. */
  readonly leftOut?: LeftOut;
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
  return withinMemory(graph, () => {
    const analysis = analyzeHeap(graph);
    const places = scriptPlaces(scriptsFile(file), [process.cwd()]);
    const ways = retainingPaths(analysis, node, { limit: limit * 5 }).map((path) => steps(analysis, path, places));
    const paths = apart(ways).slice(0, limit);
    return ok({
      schema: 'plateau/heap-retainers/1',
      file,
      object: objectAt(analysis, node, places),
      paths,
      // V8 has a frame for the outermost, which stands for no function.
      allocatedAt: allocationStack(graph, node)?.filter(({ name, url, line }) => name !== '' || url !== '' || line !== 0),
      warnings,
    });
  });
}

/** Ways whose nearest steps are the same are one: they part only far up, as at the functions of the global object. */
function apart(ways: readonly HeapStep[][]): HeapStep[][] {
  const seen = new Set<string>();
  return ways.filter((way) => {
    const near = way.filter(({ type }) => type !== 'array' && type !== 'hidden' && type !== 'code' && type !== 'synthetic').slice(0, NEAR_STEPS);
    const key = near.map(({ id }) => id).join(' ');
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

const NEAR_STEPS = 3;

function objectAt(analysis: HeapAnalysis, node: number, places: ScriptPlaces): HeapObject {
  const { graph, shallowSize, retainedSize } = analysis;
  const at = placeOf(analysis, node);
  const place = at && places.place(at);
  return {
    id: graph.nodes.id[node] as number,
    name: nodeName(analysis, node),
    type: graph.nodeTypes[graph.nodes.type[node] as number] ?? '',
    shallowSize: shallowSize[node] as number,
    retainedSize: retainedSize[node] as number,
    ...(place ? { place } : {}),
  };
}

function steps(analysis: HeapAnalysis, path: RetainingPath, places: ScriptPlaces): HeapStep[] {
  const { graph } = analysis;
  return foldSteps(stepKeys(graph, path)).map(({ at, leftOut }) => {
    const edge = path.edges[at] as number;
    return {
      ...objectAt(analysis, path.nodes[at + 1] as number, places),
      edge: edgeText(graph, edge),
      edgeType: graph.edgeTypes[graph.edges.type[edge] as number] ?? '',
      edgeName: edgeName(graph, edge),
      ...(leftOut ? { leftOut } : {}),
    };
  });
}
