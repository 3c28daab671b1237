import type { HeapGraph } from './heap-graph';
import type { LeakClasses } from './leak-classes';
import { alikeEdge, holderEdge, ownersOf, typedName } from './leak-holders';
import type { PathTree } from './path-tree';

/** New objects that are kept in the same way. */
export interface Group {
  readonly edge: string;
  /** Ids of the holders. */
  readonly holders: Set<number>;
  /** New ones of the first and of the second round that live in the third snapshot. */
  first: number;
  second: number;
  readonly classes: Map<string, ClassRow>;
  readonly members: number[];
}

export interface ClassRow {
  first: number;
  second: number;
  /** Steps from the holder. */
  depth: number;
  /** The nearest one of the first round. */
  sample: number;
  /** One whose stack V8 knows, -1 for none: it loses some when it moves objects. */
  traced: number;
  /** The first of them, as many as a label needs. */
  readonly examples: number[];
}

/** Of a class, for its label. */
const MOST_EXAMPLES = 500;

/** Groups what is newer than the first snapshot by what holds it, and counts it by class; ids of the last objects of the first two snapshots. */
export function groupNew(graph: HeapGraph, tree: PathTree, leakClass: LeakClasses, [last1, last2]: readonly [number, number]): Group[] {
  const { nodes } = graph;
  const groups: Group[] = [];
  const byKey = new Map<string, number>();
  const groupOf = new Int32Array(nodes.length).fill(-1);
  const depthOf = new Uint32Array(nodes.length);
  const isPart = new Uint8Array(nodes.length);
  const signature = pathSignatures(graph, tree);
  const owners = ownersOf(graph, tree);
  const types = graph.nodeTypes;
  const isTraced = (node: number): boolean => (nodes.traceNode?.[node] ?? 0) > 0;
  for (let i = 1; i < tree.order.length; i++) {
    const node = tree.order[i] as number;
    const id = nodes.id[node] as number;
    const parent = tree.parent[node] as number;
    const isOdd = id % 2 === 1;
    if (isOdd && id <= last1) continue;
    let row = groupOf[parent] as number;
    // Embedders' objects count with what holds them.
    if (row < 0 && !isOdd) continue;
    if (row < 0) {
      const holder = owners.holder[node] as number;
      const text = holderEdge(graph, holder, owners.edge[node] as number);
      const key = `${signature(holder)} ${text}`;
      row = byKey.get(key) ?? groups.push({ edge: text, holders: new Set(), first: 0, second: 0, classes: new Map(), members: [] }) - 1;
      byKey.set(key, row);
      (groups[row] as Group).holders.add(nodes.id[holder] as number);
    }
    groupOf[node] = row;
    const isBelow = groupOf[parent] === row;
    depthOf[node] = (isBelow ? (depthOf[parent] as number) : 0) + 1;
    if (isBelow && (isPart[parent] === 1 || leakClass.isPlain(parent))) isPart[node] = 1;
    const group = groups[row] as Group;
    group.members.push(node);
    if (!isOdd || !isCounted(types[nodes.type[node] as number] as string)) continue;
    const isFirst = id <= last2;
    if (isFirst) group.first++;
    else group.second++;
    for (const name of leakClass.of(node, isPart[node] === 1)) {
      let found = group.classes.get(name);
      if (!found) {
        found = { first: 0, second: 0, depth: depthOf[node] as number, sample: node, traced: -1, examples: [] };
        group.classes.set(name, found);
      }
      if (isFirst && found.first === 0) found.sample = node;
      if (found.traced < 0 && isTraced(node)) found.traced = node;
      if (found.examples.length < MOST_EXAMPLES) found.examples.push(node);
      if (isFirst) found.first++;
      else found.second++;
    }
  }
  return groups;
}

/** What a user's code makes, rather than what V8 makes for it. */
const isCounted = (type: string): boolean => type !== 'hidden' && type !== 'code' && type !== 'array' && type !== 'synthetic' && type !== 'object shape';

/** The same for nodes whose paths differ in indices and in how often a step is repeated. */
function pathSignatures(graph: HeapGraph, tree: PathTree): (node: number) => number {
  const { nodes } = graph;
  const known = new Int32Array(nodes.length).fill(-1);
  const steps = new Map<string, number>();
  const last: string[] = [''];
  known[0] = 0;
  const locations = locationRows(graph);
  return (node) => {
    const below: number[] = [];
    let at = node;
    for (; known[at] === -1; at = tree.parent[at] as number) below.push(at);
    let signature = known[at] as number;
    for (let next = below.pop(); next !== undefined; next = below.pop()) {
      const edge = tree.edge[next] as number;
      const step = `${edge < 0 ? '' : alikeEdge(graph, edge)} ${typedName(graph, next)} ${locations(next)}`;
      if (last[signature] !== step) {
        const key = `${signature} ${step}`;
        const found = steps.get(key) ?? steps.size + 1;
        steps.set(key, found);
        last[found] = step;
        signature = found;
      }
      known[next] = signature;
    }
    return signature;
  };
}

function locationRows({ locations }: HeapGraph): (node: number) => string {
  const rows = new Map<number, number>();
  for (let i = 0; i < locations.length; i++) rows.set(locations.node[i] as number, i);
  return (node) => {
    const row = rows.get(node);
    return row === undefined ? '' : `${locations.scriptId[row]}:${locations.line[row]}:${locations.column[row]}`;
  };
}
