import { stringIs } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import type { PathTree } from '../paths/path-tree';
import type { LeakClasses } from './leak-classes';
import { holderEdge, isNumbered, ownersOf } from './leak-holders';

/** New objects that are kept in the same way. */
export interface Group {
  readonly edge: string;
  /** Ids of the holders, as the third snapshot has them. */
  readonly holders: Set<number>;
  /** Of the way to the holders. */
  readonly signature: number;
  /** New ones of the first and of the second round that live in the third snapshot. */
  first: number;
  second: number;
  readonly classes: Map<string, ClassRow>;
  readonly members: readonly number[];
  /** Native objects that pile up and keep them, those nearest to the root. */
  readonly natives?: readonly number[];
}

export interface ClassRow {
  first: number;
  second: number;
  /** Steps from the holder. */
  depth: number;
  /** Node.js' handles of native code name them as those whom they belong to: a `Socket` of a `TCP`. */
  readonly isOwner: boolean;
  /** The nearest one of the first round. */
  sample: number;
  /** One whose stack V8 knows, -1 for none: it loses some when it moves objects. */
  traced: number;
  /** The first of them, as many as a label needs. */
  readonly examples: number[];
}

/** Of a class, for its label. */
const MOST_EXAMPLES = 500;

export interface Grouped {
  readonly groups: readonly Group[];
  /** The group of each node, -1 for none. */
  readonly groupOf: Int32Array;
}

/** Groups what is newer than the first snapshot by what holds it, and counts it by class; ids of the last objects of the first two snapshots. */
export function groupNew(
  graph: HeapGraph,
  tree: PathTree,
  { classes, signature }: { readonly classes: LeakClasses; readonly signature: (node: number) => number },
  [last1, last2]: readonly [number, number],
): Grouped {
  const { nodes } = graph;
  const groups: (Group & { readonly members: number[] })[] = [];
  const byKey = new Map<string, number>();
  const groupOf = new Int32Array(nodes.length).fill(-1);
  const depthOf = new Uint32Array(nodes.length);
  const isPart = new Uint8Array(nodes.length);
  const owners = ownersOf(graph, tree);
  const types = graph.nodeTypes;
  const isOwnerName = stringIs(graph.strings, '<symbol owner_symbol>');
  const isTraced = (node: number): boolean => (nodes.traceNode?.[node] ?? 0) > 0;
  for (let i = 1; i < tree.order.length; i++) {
    const node = tree.order[i] as number;
    const id = nodes.id[node] as number;
    const parent = tree.parent[node] as number;
    const isOdd = isNumbered(id);
    if (isOdd && id <= last1) continue;
    let row = groupOf[parent] as number;
    // Embedders' objects count with what holds them.
    if (row < 0 && !isOdd) continue;
    if (row < 0) {
      const holder = owners.holder[node] as number;
      const text = holderEdge(graph, holder, owners.edge[node] as number);
      const way = signature(holder);
      const key = `${way} ${text}`;
      row = byKey.get(key) ?? groups.push({ edge: text, holders: new Set(), signature: way, first: 0, second: 0, classes: new Map(), members: [] }) - 1;
      byKey.set(key, row);
      (groups[row] as Group).holders.add(nodes.id[holder] as number);
    }
    groupOf[node] = row;
    const isBelow = groupOf[parent] === row;
    depthOf[node] = (isBelow ? (depthOf[parent] as number) : 0) + 1;
    if (isBelow && (isPart[parent] === 1 || classes.isPlain(parent))) isPart[node] = 1;
    const group = groups[row] as (typeof groups)[number];
    group.members.push(node);
    if (!isOdd || !isCounted(types[nodes.type[node] as number] as string)) continue;
    const isFirst = id <= last2;
    if (isFirst) group.first++;
    else group.second++;
    for (const name of classes.of(node, isPart[node] === 1)) {
      let found = group.classes.get(name);
      if (!found) {
        const isOwner = isOwnerName(graph.edges.nameOrIndex[tree.edge[node] as number] as number) && isBelow;
        found = { first: 0, second: 0, depth: depthOf[node] as number, isOwner, sample: node, traced: -1, examples: [] };
        group.classes.set(name, found);
      }
      if (isFirst && found.first === 0) found.sample = node;
      if (found.traced < 0 && isTraced(node)) found.traced = node;
      if (found.examples.length < MOST_EXAMPLES) found.examples.push(node);
      if (isFirst) found.first++;
      else found.second++;
    }
  }
  return { groups, groupOf };
}

/** What a user's code makes, rather than what V8 makes for it. */
const isCounted = (type: string): boolean => type !== 'hidden' && type !== 'code' && type !== 'array' && type !== 'synthetic' && type !== 'object shape';
