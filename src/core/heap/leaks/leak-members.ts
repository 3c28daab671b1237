import type { HeapGraph } from '../graph/heap-graph';
import type { PathTree } from '../paths/path-tree';
import type { LeakClasses } from './leak-classes';
import { type HoldersWanted, holderEdge, isNumbered, ownersOf } from './leak-holders';

/** How many objects of a class each group has, by `group class`. */
export type HeapMembers = ReadonlyMap<string, number>;

/** Counts what holders keep, old and new: a node belongs to the nearest holder on its path. */
export function membersOf(
  graph: HeapGraph,
  tree: PathTree,
  { classes, signature }: { readonly classes: LeakClasses; readonly signature: (node: number) => number },
  { byId, byWay }: HoldersWanted,
): HeapMembers {
  const counts = new Map<string, number>();
  const { nodes } = graph;
  const owners = ownersOf(graph, tree);
  const groupOf = new Int32Array(nodes.length).fill(-1);
  const isPart = new Uint8Array(nodes.length);
  for (let i = 1; i < tree.order.length; i++) {
    const node = tree.order[i] as number;
    const parent = tree.parent[node] as number;
    const holder = owners.holder[node] as number;
    const id = nodes.id[holder] as number;
    const wanted = isNumbered(id) ? byId.get(id) : byWay.size > 0 ? byWay.get(signature(holder)) : undefined;
    const text = wanted && holderEdge(graph, holder, owners.edge[node] as number);
    const row = wanted?.find((one) => one.edge === text)?.group ?? (groupOf[parent] as number);
    groupOf[node] = row;
    if (row < 0) continue;
    if (groupOf[parent] === row && (isPart[parent] === 1 || classes.isPlain(parent))) isPart[node] = 1;
    for (const name of classes.of(node, isPart[node] === 1)) {
      const key = `${row} ${name}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}
