import { CELL, isContextName, typedName } from '../graph/comparable-names';
import { stringIs } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import type { PathTree } from '../paths/path-tree';

/** Whether V8 has given the id: then it is the object's own in all snapshots of a connection. Those of embedders' objects are addresses on old versions. */
export const isNumbered = (id: number): boolean => id % 2 === 1;

/** A holder's edge whose members are counted, and the row of the group that they belong to. */
export interface HolderWanted {
  readonly edge: string;
  readonly group: number;
}

/** Holders of groups: by their ids, and by the way to them those whose ids are addresses. */
export interface HoldersWanted {
  readonly byId: ReadonlyMap<number, readonly HolderWanted[]>;
  readonly byWay: ReadonlyMap<number, readonly HolderWanted[]>;
}

export function holdersOf(groups: readonly { readonly edge: string; readonly holders: ReadonlySet<number>; readonly signature: number }[]): HoldersWanted {
  const byId = new Map<number, HolderWanted[]>();
  const byWay = new Map<number, HolderWanted[]>();
  const add = (to: Map<number, HolderWanted[]>, key: number, wanted: HolderWanted): void => {
    const known = to.get(key);
    if (!known) to.set(key, [wanted]);
    else if (!known.includes(wanted)) known.push(wanted);
  };
  for (const [group, { edge, holders, signature }] of groups.entries()) {
    const wanted = { edge, group };
    for (const id of holders) isNumbered(id) ? add(byId, id, wanted) : add(byWay, signature, wanted);
  }
  return { byId, byWay };
}

/** Of each node, the nearest one above that is no backing store or part of V8's, and the edge by which that holds what leads here. */
export interface Owners {
  readonly holder: Uint32Array;
  readonly edge: Int32Array;
}

export function ownersOf({ nodes, nodeTypes, strings }: HeapGraph, { order, parent, edge }: PathTree): Owners {
  const isCell = stringIs(strings, CELL);
  const isStore = nodeTypes.map((type) => type === 'array' || type === 'hidden' || type === 'code' || type === 'object shape');
  const holder = new Uint32Array(nodes.length);
  const by = new Int32Array(nodes.length).fill(-1);
  for (let i = 1; i < order.length; i++) {
    const node = order[i] as number;
    const up = parent[node] as number;
    const isOwn = isStore[nodes.type[up] as number] === true && up !== 0 && !isCell(nodes.name[up] as number);
    holder[node] = isOwn ? (holder[up] as number) : up;
    by[node] = isOwn ? (by[up] as number) : (edge[node] as number);
  }
  return { holder, edge: by };
}

/** Which of a holder's edges: the variable of a function's variables, the class of what a root holds; any other holder's are one. */
export function holderEdge(graph: HeapGraph, holder: number, edge: number): string {
  const { nodes, nodeTypes, edges, edgeTypes, strings } = graph;
  if (nodeTypes[nodes.type[holder] as number] === 'synthetic') return typedName(graph, edges.to[edge] as number);
  if (!isContextName(strings.at(nodes.name[holder] as number))) return '*';
  return edgeTypes[edges.type[edge] as number] === 'context' ? strings.at(edges.nameOrIndex[edge] as number) : '*';
}
