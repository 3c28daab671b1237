import { printable, shorten } from '../../../shared/format';
import type { HeapKind, ObjectRow, ScriptPlace } from '../../../shared/heap-query';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { edgeName, nodeName } from '../analysis/heap-names';
import { DETACHED } from '../graph/detachedness';
import { SYSTEM_DISTANCE } from '../graph/distances';
import type { HeapGraph, HeapScript } from '../graph/heap-graph';
import { edgeKind } from './shown-edges';

type Locations = HeapGraph['locations'];

const MAX_LABEL = 160;
const MAX_EDGE = 80;

const buffers = /^(?:Array|SharedArray)?Buffer$|^(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array$|^Float\d+Array$|^DataView$|JSArrayBufferData$/;

/** Makes rows of objects for one snapshot. */
export interface ObjectRows {
  row(node: number, edge: number | undefined, hasChildren: boolean): ObjectRow;
  label(node: number): string;
  kind(node: number): HeapKind;
  /** Whether it is a DOM node that is in no document any more. */
  isDetached(node: number): boolean;
  distance(node: number): number | undefined;
  place(node: number): ScriptPlace | undefined;
}

export function objectRows(analysis: HeapAnalysis, scripts: ReadonlyMap<number, HeapScript>): ObjectRows {
  const { graph, distance, retainedSize, shallowSize, detachedness } = analysis;
  const { nodes, locations, strings } = graph;
  const kind = (node: number): HeapKind => kindOf(graph, node);
  const label = (node: number): string => labelOf(analysis, node);
  // Node.js marks objects of its own in the same way; they were in no document ever.
  const isDetached = (node: number): boolean => detachedness[node] === DETACHED && !strings.at(nodes.name[node] as number).startsWith('Node / ');
  const distanceOf = (node: number): number | undefined => {
    const steps = distance[node] as number;
    return steps >= 0 && steps < SYSTEM_DISTANCE ? steps : undefined;
  };
  return {
    label,
    kind,
    place: (node) => scriptPlaceOf(locations, node, scripts),
    isDetached,
    distance: distanceOf,
    row: (node, edge, hasChildren) => ({
      kind: 'object',
      node,
      id: nodes.id[node] as number,
      label: label(node),
      is: kind(node),
      edge: edge === undefined ? undefined : { name: shorten(printable(edgeName(graph, edge)), MAX_EDGE), kind: edgeKind(graph, edge) },
      distance: distanceOf(node),
      shallow: shallowSize[node] as number,
      retained: retainedSize[node] as number,
      hasChildren,
      isDetached: isDetached(node),
      hasPlace: locationOf(locations, node) >= 0,
    }),
  };
}

function labelOf(analysis: HeapAnalysis, node: number): string {
  const { graph } = analysis;
  const name = shorten(printable(nodeName(analysis, node)), MAX_LABEL);
  switch (kindOf(graph, node)) {
    case 'string':
      return `"${name}"`;
    case 'closure':
      return `${name === '' ? '(anonymous)' : name}()`;
    default:
      if (node === 0) return '(root)';
      return name === '' ? `(${graph.nodeTypes[graph.nodes.type[node] as number] ?? 'node'})` : name;
  }
}

function kindOf({ nodes, nodeTypes, strings }: HeapGraph, node: number): HeapKind {
  const type = nodeTypes[nodes.type[node] as number];
  switch (type) {
    case 'string':
    case 'concatenated string':
    case 'sliced string':
      return 'string';
    case 'closure':
    case 'code':
      return type;
    case 'array':
      return 'array';
    case 'object':
    case 'native': {
      const name = strings.at(nodes.name[node] as number);
      if (buffers.test(name)) return 'buffer';
      return type === 'native' ? 'native' : name === 'Array' ? 'array' : 'object';
    }
    case 'hidden':
    case 'synthetic':
    case 'object shape':
      return 'other';
    default:
      return 'object';
  }
}

/** The row of a node's location; -1 for none. They are sorted by node. */
function locationOf({ node: nodes, length }: Locations, node: number): number {
  let low = 0;
  let high = length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = nodes[middle] as number;
    if (at === node) return middle;
    if (at < node) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function scriptPlaceOf(locations: Locations, node: number, scripts: ReadonlyMap<number, HeapScript>): ScriptPlace | undefined {
  const at = locationOf(locations, node);
  if (at < 0) return undefined;
  const scriptId = locations.scriptId[at] as number;
  const script = scripts.get(scriptId);
  return {
    url: script?.url ?? '',
    sourceMapUrl: script?.sourceMapUrl ?? '',
    scriptId,
    line: (locations.line[at] as number) + 1,
    column: (locations.column[at] as number) + 1,
  };
}
