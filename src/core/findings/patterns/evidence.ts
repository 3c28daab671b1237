/**
 * What a profile says of matches in the syntax tree: the time that they explain.
 *
 * Explained is (1) the own time of the function's matched lines, its inline
 * callbacks' lines among them, and (2) what functions below it cost that stand
 * within the match or carry a name that the rule gives, looked for right under the
 * function, through its inline callbacks and native frames:
 *
 *   join ─ forEach ─ (callback) ─ find ─ (one) => one.id === id     explained: `find` and all below
 *
 * Never more than the function's own total.
 */
import { Category } from '../../profile/categories';
import type { FunctionCosts } from '../../profile/costs/function-costs';
import type { ProfileTables } from '../../profile/tables';

/** The part of a match's cost that one function below it must have to be named with it. */
const MOSTLY = 0.5;

export interface Explained {
  /** In the profile's unit. */
  readonly self: number;
  readonly cost: number;
  readonly samples: number;
  /** The function below the callees that has most of the cost by itself: whoever names that says the same. */
  readonly most: number | undefined;
}

/** A match, with lines as the profile has them: 1-based, both included. */
export interface MatchLines {
  readonly owners: readonly number[];
  readonly inner: readonly number[];
  readonly callees: readonly string[];
  readonly line: number;
  readonly endLine: number;
  /** Lines of further matches that are one with this. */
  readonly also?: readonly { readonly line: number; readonly endLine: number }[];
  /** The profile has no lines: all own time of the function counts, which is the most that it can be. */
  readonly isWhole?: boolean;
}

/** Own time by 1-based line of the source, of one row of the function table. */
export type LinesOf = (func: number) => ReadonlyMap<number, { readonly self: number; readonly ticks: number }> | undefined;

/** Cost in the profile's unit. */
export interface PackagesCost {
  readonly cost: number;
  readonly samples: number;
  /** Those that were seen, the costliest first. */
  readonly names: readonly string[];
  /** Rows of their functions. */
  readonly functions: readonly number[];
}

export interface PatternEvidence {
  explain(match: MatchLines): Explained;
  /** The part of a function's total that was spent serving requests, 0 to 1. */
  requestShare(owners: readonly number[]): number;
  /** What npm packages take with all that they call, wherever that runs, without loading them; with `names`, what functions of these names take by themselves. */
  packagesCost(packages: readonly string[], names?: readonly string[]): PackagesCost;
  /** Rows of the user's own code that call a function, the costliest first. */
  callersOf(owners: readonly number[]): number[];
}

export function patternEvidence(
  tables: ProfileTables,
  costs: FunctionCosts,
  callbacks: readonly { readonly owner: number; readonly callback: number }[],
  owners: ReadonlySet<number>,
  linesOf: LinesOf,
): PatternEvidence {
  const { nodes, functions, strings } = tables;
  const nodesOf = new Map<number, number[]>();
  /** Samples of the nodes before each. */
  const hitsBefore = new Float64Array(nodes.length + 1);
  for (let node = 0; node < nodes.length; node++) {
    hitsBefore[node + 1] = (hitsBefore[node] as number) + (nodes.hits[node] as number);
    const func = nodes.func[node] as number;
    if (!owners.has(func)) continue;
    const list = nodesOf.get(func);
    if (list) list.push(node);
    else nodesOf.set(func, [node]);
  }
  const callbacksOf = new Map<number, Set<number>>();
  for (const { owner, callback } of callbacks) {
    const set = callbacksOf.get(owner);
    if (set) set.add(callback);
    else callbacksOf.set(owner, new Set([callback]));
  }
  const rowsOf = (list: readonly number[]): number[] => list.flatMap((func) => nodesOf.get(func) ?? []).sort((a, b) => a - b);
  let serving: Uint8Array | undefined;

  return {
    explain({ owners: own, inner, callees, line, endLine, also = [], isWhole }) {
      const ranges = [{ line, endLine }, ...also];
      const within = new Set(inner);
      const names = new Set(callees);
      const isNamed = (func: number): boolean => {
        if (names.has(lastPart(strings.at(functions.name[func] as number)))) return true;
        return functions.category[func] === Category.Dependency && names.has(`package:${strings.at(functions.package[func] as number)}`);
      };
      const inline = new Set(own.flatMap((func) => [...(callbacksOf.get(func) ?? [])]));
      let self = 0;
      let ticks = 0;
      for (const func of [...own, ...inline]) {
        if (within.has(func)) continue;
        if (isWhole) {
          self += costs.self[func] as number;
          ticks += costs.hits[func] as number;
          continue;
        }
        for (const [at, cost] of linesOf(func) ?? []) {
          if (!ranges.some((range) => at >= range.line && at <= range.endLine)) continue;
          self += cost.self;
          ticks += cost.ticks;
        }
      }
      let below = 0;
      let hits = 0;
      let explainedTo = 0;
      const selfBelow = new Map<number, number>();
      for (const node of rowsOf(own)) {
        if (node < explainedTo) continue;
        const end = nodes.subtreeEnd[node] as number;
        let at = node + 1;
        while (at < end) {
          const func = nodes.func[at] as number;
          const subtreeEnd = nodes.subtreeEnd[at] as number;
          if (within.has(func) || (names.size > 0 && isNamed(func))) {
            below += nodes.total[at] as number;
            hits += (hitsBefore[subtreeEnd] as number) - (hitsBefore[at] as number);
            for (let one = at; one < subtreeEnd; one++) {
              const of = nodes.func[one] as number;
              selfBelow.set(of, (selfBelow.get(of) ?? 0) + (nodes.self[one] as number));
            }
            at = explainedTo = subtreeEnd;
          } else if (inline.has(func) || functions.category[func] === Category.Native) at++;
          else at = subtreeEnd;
        }
      }
      const most = own.reduce((sum, func) => sum + (costs.total[func] as number), 0);
      const cost = Math.min(self + below, most);
      const [largest] = [...selfBelow].sort((a, b) => b[1] - a[1]);
      return { self: Math.min(self, most), cost, samples: ticks + hits, most: largest && largest[1] >= MOSTLY * cost ? largest[0] : undefined };
    },
    requestShare(own) {
      serving ??= servingNodes(tables);
      let served = 0;
      let all = 0;
      for (const node of rowsOf(own)) {
        all += nodes.total[node] as number;
        if (serving[node] === 1) served += nodes.total[node] as number;
      }
      return all > 0 ? served / all : 0;
    },
    packagesCost: (packages, names) => packagesCost(tables, packages, names),
    callersOf(own) {
      const byCaller = new Map<number, number>();
      for (const node of rowsOf(own)) {
        let up = nodes.parent[node] as number;
        while (up >= 0 && functions.category[nodes.func[up] as number] !== Category.User) up = nodes.parent[up] as number;
        if (up < 0) continue;
        const caller = nodes.func[up] as number;
        if (!own.includes(caller)) byCaller.set(caller, (byCaller.get(caller) ?? 0) + (nodes.total[node] as number));
      }
      return [...byCaller].sort((a, b) => b[1] - a[1]).map(([caller]) => caller);
    },
  };
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1).replace(/^async /, '');

const NO = 0;
const YES = 1;
/** While modules load: a server's start is no request. */
const LOADING = 2;

/**
 * For each node, whether it serves a request: below Node.js's HTTP server, or in the
 * continuation of a function that stands there too (an async handler after its first
 * `await`). Two passes, parents first.
 */
function servingNodes({ nodes, functions, strings }: ProfileTables): Uint8Array {
  const kindOf = new Uint8Array(functions.length);
  let hasServer = false;
  for (let func = 0; func < functions.length; func++) {
    if (functions.category[func] !== Category.Node) continue;
    const url = strings.at(functions.url[func] as number);
    if (/^node:(?:_http_server|internal\/http2\/)/.test(url)) {
      kindOf[func] = YES;
      hasServer = true;
    } else if (/^node:internal\/(?:modules|main|process\/esm_loader)/.test(url)) kindOf[func] = LOADING;
  }
  const state = new Uint8Array(nodes.length);
  if (!hasServer) return state;
  const isCode = (func: number): boolean => functions.category[func] === Category.User || functions.category[func] === Category.Dependency;
  const handlers = new Uint8Array(functions.length);
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const above = stateAbove(nodes.parent[node] as number, state);
    state[node] = above === NO ? (kindOf[func] as number) : above;
    if (state[node] === YES && isCode(func)) handlers[func] = 1;
  }
  const belowCode = new Uint8Array(nodes.length);
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const parent = nodes.parent[node] as number;
    belowCode[node] = parent >= 0 && (belowCode[parent] === 1 || isCode(nodes.func[parent] as number)) ? 1 : 0;
    if (state[node] !== NO) continue;
    state[node] = stateAbove(parent, state) === YES || (belowCode[node] === 0 && handlers[func] === 1) ? YES : NO;
  }
  return state;
}

const stateAbove = (parent: number, state: Uint8Array): number => (parent < 0 ? NO : (state[parent] as number));

/**
 * Code of some packages and what it calls of Node.js, natives and other packages, but not what it calls of the user's,
 * nor loading it; with `only`, the own time of functions of these names. O(nodes).
 */
export function packagesCost({ nodes, functions, strings }: ProfileTables, packages: readonly string[], only?: readonly string[]): PackagesCost {
  const wanted = new Set(packages);
  const named = only && new Set(only);
  const byName = new Map<string, number>();
  const rows = new Set<number>();
  /** Of the package that a node counts for, its index in `names` and 1 more. */
  const names: string[] = [];
  const counted = new Uint32Array(nodes.length);
  const loading = new Uint8Array(nodes.length);
  let cost = 0;
  let samples = 0;
  for (let node = 1; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const parent = nodes.parent[node] as number;
    const category = functions.category[func] as number;
    if (category === Category.User) continue;
    const isDependency = category === Category.Dependency;
    // A module's wrapper stands at the beginning of its file: it loads.
    const isWrapper = isDependency && functions.line[func] === 0 && functions.column[func] === 0;
    loading[node] = isWrapper || loading[parent] === 1 ? 1 : 0;
    if (loading[node] === 1) continue;
    const name = isDependency ? strings.at(functions.package[func] as number) : '';
    counted[node] = counted[parent] as number;
    if (counted[node] === 0 && wanted.has(name)) {
      const at = names.indexOf(name);
      counted[node] = at < 0 ? names.push(name) : at + 1;
    }
    if (counted[node] === 0) continue;
    rows.add(func);
    if (named && !(wanted.has(name) && named.has(lastPart(strings.at(functions.name[func] as number))))) continue;
    const self = nodes.self[node] as number;
    const of = names[(counted[node] as number) - 1] as string;
    cost += self;
    samples += nodes.hits[node] as number;
    byName.set(of, (byName.get(of) ?? 0) + self);
  }
  return { cost, samples, names: [...byName].sort((a, b) => b[1] - a[1]).map(([name]) => name), functions: [...rows] };
}
