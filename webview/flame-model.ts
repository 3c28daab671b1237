import { Category } from '../src/core/profile/categories';
import { type FunctionCosts, functionCosts } from '../src/core/profile/function-costs';
import type { ProfileTables } from '../src/core/profile/tables';

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
}

/** Siblings stand by falling total (`ProfileTables`), so lefts follow in one pass. O(nodes). */
export function flameModel(tables: ProfileTables): FlameModel {
  const { nodes, functions } = tables;
  const span = nodes.total.slice();
  for (let node = nodes.length - 1; node >= 0; node--) {
    if (functions.category[nodes.func[node] as number] !== Category.Idle) continue;
    const idle = span[node] as number;
    for (let up = node; up >= 0; up = nodes.parent[up] as number) span[up] = Math.max(0, (span[up] as number) - idle);
  }
  const left = new Float64Array(nodes.length);
  const next = new Float64Array(nodes.length);
  let maxDepth = 0;
  for (let node = 1; node < nodes.length; node++) {
    const parent = nodes.parent[node] as number;
    left[node] = next[parent] as number;
    next[node] = left[node] as number;
    next[parent] = (next[parent] as number) + (span[node] as number);
    if ((span[node] as number) > 0 && (nodes.depth[node] as number) > maxDepth) maxDepth = nodes.depth[node] as number;
  }
  return { tables, costs: functionCosts(tables), width: span[0] ?? 0, left, span, maxDepth };
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

export interface SearchResult {
  readonly matches: Uint8Array;
  readonly functions: number;
  /** Of active time: stacks in which any match takes part, each counted once. */
  readonly share: number;
}

/**
 * Functions whose name, file or package holds the text (any case), or fits it as a
 * regular expression between slashes. A bad expression gives its error instead.
 */
export function search({ tables, width, span }: FlameModel, query: string): SearchResult | { readonly error: string } {
  const { functions, nodes, strings } = tables;
  const test = matcher(query);
  if (typeof test === 'string') return { error: test };
  const matches = new Uint8Array(functions.length);
  const known = new Map<number, boolean>();
  const hit = (index: number): boolean => {
    let value = known.get(index);
    if (value === undefined) {
      value = test(strings.at(index));
      known.set(index, value);
    }
    return value;
  };
  let count = 0;
  for (let func = 0; func < functions.length; func++) {
    if (functions.category[func] === Category.Root || functions.category[func] === Category.Idle) continue;
    if (hit(functions.name[func] as number) || hit(functions.url[func] as number)) {
      matches[func] = 1;
      count++;
    }
  }
  let cost = 0;
  for (let node = 0; node < nodes.length; node++) {
    if (!matches[nodes.func[node] as number]) continue;
    cost += span[node] as number;
    node = (nodes.subtreeEnd[node] as number) - 1;
  }
  return { matches, functions: count, share: width > 0 ? cost / width : 0 };
}

function matcher(query: string): ((text: string) => boolean) | string {
  const regex = /^\/(.+)\/([iu]*)$/.exec(query);
  if (regex) {
    try {
      const compiled = new RegExp(regex[1] as string, regex[2]);
      return (text) => compiled.test(text.length > 2000 ? text.slice(0, 2000) : text);
    } catch (error) {
      return (error as Error).message.replace(/^Invalid regular expression: /, '');
    }
  }
  const plain = query.toLowerCase();
  return (text) => text.toLowerCase().includes(plain);
}
