import { stringIs } from './graph-types';
import type { HeapGraph } from './heap-graph';
import type { PathTree } from './path-tree';

/** A holder's edge whose members are counted, and the row of the group that they belong to. */
export interface HolderWanted {
  readonly edge: string;
  readonly group: number;
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

/** What holds an exported variable of a module. */
export const CELL = 'system / Cell';

/** The variables of a call, a block or a script; newer V8 adds which: `system / Context / scope @1234`. */
export const isContextName = (name: string): boolean => name.startsWith('system / Context');

/** Which of a holder's edges: the variable of a function's variables; any other holder's are one. */
export function holderEdge({ nodes, edges, edgeTypes, strings }: HeapGraph, holder: number, edge: number): string {
  if (!isContextName(strings.at(nodes.name[holder] as number))) return '*';
  return edgeTypes[edges.type[edge] as number] === 'context' ? strings.at(edges.nameOrIndex[edge] as number) : '*';
}

/** An edge as it stands in a path of which others may be alike: its name, or `*` for any element. */
export function alikeEdge({ edges, edgeTypes, strings }: HeapGraph, edge: number): string {
  const type = edgeTypes[edges.type[edge] as number];
  if (type === 'element' || type === 'hidden') return '*';
  // A WeakMap's pairs name both objects by their ids.
  return strings.at(edges.nameOrIndex[edge] as number).replace(/@?\d+/g, '*');
}

const typed = new WeakMap<HeapGraph, Map<number, string>>();

/** `object:Session`, `closure:(place)`, `string`: what objects are counted by across snapshots. */
export function typedName(graph: HeapGraph, node: number): string {
  const { nodes, nodeTypes, strings } = graph;
  let known = typed.get(graph);
  if (!known) {
    known = new Map();
    typed.set(graph, known);
  }
  const type = nodes.type[node] as number;
  const text = nodeTypes[type] as string;
  const isNamed = text === 'object' || text === 'closure' || text === 'native' || text === 'hidden' || text === 'synthetic';
  const key = isNamed ? (nodes.name[node] as number) * 256 + type : type - 256;
  let name = known.get(key);
  if (name === undefined) {
    name = isNamed ? `${text}:${strings.at(nodes.name[node] as number)}` : text;
    known.set(key, name);
  }
  return name;
}
