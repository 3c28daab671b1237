import type { HeapGraph } from './heap-graph';
import { type HolderWanted, holderEdge, ownersOf, typedName } from './leak-holders';
import type { PathTree } from './path-tree';

/** How many objects of a class each group has, by `group class`. */
export type HeapMembers = ReadonlyMap<string, number>;

/** Counts what holders keep, old and new: a node belongs to the nearest holder on its path. */
export function membersOf(graph: HeapGraph, tree: PathTree | undefined, holders: ReadonlyMap<number, readonly HolderWanted[]>): HeapMembers {
  const counts = new Map<string, number>();
  if (!tree) return counts;
  const { nodes } = graph;
  const owners = ownersOf(graph, tree);
  const groupOf = new Int32Array(nodes.length).fill(-1);
  for (let i = 1; i < tree.order.length; i++) {
    const node = tree.order[i] as number;
    const parent = tree.parent[node] as number;
    const holder = owners.holder[node] as number;
    const wanted = holders.get(nodes.id[holder] as number);
    const text = wanted && holderEdge(graph, holder, owners.edge[node] as number);
    const row = wanted?.find((one) => one.edge === text)?.group ?? (groupOf[parent] as number);
    groupOf[node] = row;
    if (row < 0) continue;
    const key = `${row} ${typedName(graph, node)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
