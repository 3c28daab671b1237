import { Category } from '../categories';
import { type FunctionCosts, functionCosts } from '../costs/function-costs';
import { scratchFloat64 } from '../scratch';
import type { ProfileTables } from '../tables';
import { depthFirst } from '../tree-order';

/**
 * What the flame graph draws: the call tree laid out on an axis of active time.
 * Idle time has no width, so the shares that are seen are those that are told.
 */
export interface FlameModel {
  readonly tables: ProfileTables;
  readonly costs: FunctionCosts;
  /** Microseconds of active time; the width of everything. */
  readonly width: number;
  /** Left edge of each node, microseconds. */
  readonly left: Float64Array;
  /** Width of each node, microseconds: its total without idle time. */
  readonly span: Float64Array;
  readonly maxDepth: number;
  /** Whether siblings stand by falling cost; else by name. */
  readonly isRanked: boolean;
}

/** Siblings stand by falling total (`ProfileTables`), so lefts follow in one pass. O(nodes). */
export function flameModel(tables: ProfileTables, isRanked = true): FlameModel {
  const { nodes, functions } = tables;
  const span = nodes.total.slice();
  // Below another frame, idle time may leave a sibling that stands first with the smaller width.
  let isInOrder = isRanked;
  for (let node = nodes.length - 1; node >= 0; node--) {
    if (functions.category[nodes.func[node] as number] !== Category.Idle) continue;
    const idle = span[node] as number;
    if ((nodes.parent[node] as number) > 0) isInOrder = false;
    for (let up = node; up >= 0; up = nodes.parent[up] as number) span[up] = Math.max(0, (span[up] as number) - idle);
  }
  const left = new Float64Array(nodes.length);
  /** Where the next child of each node begins. */
  const next = scratchFloat64('flame.next', nodes.length);
  next[0] = 0;
  let maxDepth = 0;
  for (let node = 1; node < nodes.length; node++) {
    const parent = nodes.parent[node] as number;
    left[node] = next[parent] as number;
    next[node] = left[node] as number;
    next[parent] = (next[parent] as number) + (span[node] as number);
    if ((span[node] as number) > 0 && (nodes.depth[node] as number) > maxDepth) maxDepth = nodes.depth[node] as number;
  }
  return { tables, costs: functionCosts(tables), width: span[0] ?? 0, left, span, maxDepth, isRanked: isInOrder };
}

/** The costliest node of a function that no other of its nodes contains; -1 if it has no node with a width. */
export function widestNode({ tables: { nodes }, span }: FlameModel, func: number): number {
  let best = -1;
  for (let node = 0; node < nodes.length; node++) {
    if (nodes.func[node] !== func) continue;
    if (best < 0 || (span[node] as number) > (span[best] as number)) best = node;
    node = (nodes.subtreeEnd[node] as number) - 1;
  }
  return best;
}

/** The same tree with siblings in the order of their names, for finding instead of ranking. */
export function sortedByName(tables: ProfileTables): ProfileTables {
  const { nodes, functions, strings } = tables;
  const collator = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const byName = [...functions.name.keys()].sort(
    (a, b) =>
      collator(strings.at(functions.name[a] as number), strings.at(functions.name[b] as number)) ||
      collator(strings.at(functions.url[a] as number), strings.at(functions.url[b] as number)) ||
      a - b,
  );
  const rank = new Uint32Array(functions.length);
  for (const [at, func] of byName.entries()) rank[func] = at;
  const tree = { count: nodes.length, parent: nodes.parent, root: 0 };
  const sorted = depthFirst(
    tree,
    { self: nodes.self, hits: nodes.hits, func: nodes.func, deopt: (node) => nodes.deopt[node] as number, inlined: (node) => nodes.inlined[node] as number },
    (node) => rank[nodes.func[node] as number] as number,
  );
  return {
    ...tables,
    nodes: sorted.nodes,
    samples: { ...tables.samples, node: tables.samples.node.map((node) => sorted.positionOf[node] as number) },
    lines: { ...tables.lines, node: tables.lines.node.map((node) => sorted.positionOf[node] as number) },
  };
}
