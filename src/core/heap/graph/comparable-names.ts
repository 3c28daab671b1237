/** Names by which nodes and edges of different snapshots of one program are compared. */
import type { HeapGraph } from './heap-graph';

/** What holds an exported variable of a module. */
export const CELL = 'system / Cell';

/** The variables of a call, a block or a script; newer V8 adds which: `system / Context / scope @1234`. */
export const isContextName = (name: string): boolean => name.startsWith('system / Context');

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
  return name === BOUND ? boundName(graph, node) : name;
}

/** What V8 calls every function that `bind` has made. */
const BOUND = 'closure:native_bind';

/** `closure:bound save`: those of different functions are other things. */
function boundName({ nodes, edges, strings }: HeapGraph, node: number): string {
  for (let e = edges.first[node] as number, end = edges.first[node + 1] as number; e < end; e++)
    if (strings.at(edges.nameOrIndex[e] as number) === 'bound_function') return `closure:bound ${strings.at(nodes.name[edges.to[e] as number] as number)}`;
  return BOUND;
}
