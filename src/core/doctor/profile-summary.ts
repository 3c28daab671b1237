import { type FunctionIndex, functionIndex } from '../../shared/brands';
import { frameLabel } from '../findings/explain';
import { Category, isCode } from '../profile/categories';
import { type FunctionCosts, functionCosts, gcByFunction, type ProfileTotals, profileTotals } from '../profile/costs/function-costs';
import { functionAt, type ProfileTables } from '../profile/tables';

/** What a path from the user's code into other code costs. */
export interface Callee {
  /** The first function that is not the user's own, and its name: what the user's code calls. */
  readonly entry: FunctionIndex;
  readonly called: string;
  /** Where most of the cost lies in the end, and its name. */
  readonly leaf: FunctionIndex;
  readonly name: string;
  /** What the first function belongs to; empty for the runtime. */
  readonly package: string;
  readonly cost: number;
  /** Of the cost, what lies at and below functions that parse or compile, by their names. */
  readonly compiling: number;
  /** Of the cost, what V8 takes to write JSON. */
  readonly writing: number;
}

/** A function of the user's own code with what it costs without other own functions: its own lines, and all foreign code that it calls. */
export interface OwnCost {
  readonly func: FunctionIndex;
  readonly name: string;
  /** In the profile's unit. */
  readonly cost: number;
  readonly self: number;
  /** Foreign code under it, by falling cost. */
  readonly callees: readonly Callee[];
}

/** What the decision tree reads of a CPU profile. Microseconds. */
export interface ProfileSummary {
  readonly totals: ProfileTotals;
  /** By falling cost. */
  readonly own: readonly OwnCost[];
  /** The same with functions of packages counted as own: after an `await` no own function leads to them. By falling cost. */
  readonly packages: readonly OwnCost[];
  /** The costliest function of any code: where no own code leads to the cost. */
  readonly largest: { readonly func: FunctionIndex; readonly name: string; readonly self: number } | undefined;
  /** Own functions after which garbage was collected, by falling time. */
  readonly gc: readonly OwnCost[];
  /** Time in which the thread stood in a synchronous child process, by own function. */
  readonly standing: readonly OwnCost[];
  /** Own functions with a name by their total time, what they call included; by falling total. */
  readonly totalOf: readonly { readonly name: string; readonly total: number }[];
  /** What ran while the loop did not turn, by own function. */
  readonly blocked: readonly OwnCost[];
}

/** How many functions are kept of each list. */
const KEPT = 20;

/** O(nodes + samples). `windows` are stretches of time, on the profile's clock. */
export function profileSummary(tables: ProfileTables, windows: readonly { readonly start: number; readonly end: number }[] = []): ProfileSummary {
  const costs = functionCosts(tables);
  const totals = profileTotals(tables, costs);
  let largest = -1;
  for (let func = 0; func < costs.self.length; func++) {
    if (isCode(tables.functions.category[func] as number) && (largest < 0 || (costs.self[func] as number) > (costs.self[largest] as number))) largest = func;
  }
  return {
    totals,
    own: ownCosts(tables, activeSelf(tables)),
    packages: ownCosts(tables, activeSelf(tables), isOwnOrPackage),
    largest: largest < 0 ? undefined : { func: functionIndex(largest), name: frameLabel(tables, functionIndex(largest)), self: costs.self[largest] as number },
    gc: ownCosts(tables, gcWeights(tables)),
    standing: ownCosts(tables, standingSelf(tables)),
    totalOf: ownTotals(tables, costs),
    blocked: windows.length === 0 ? [] : ownCosts(tables, selfWithin(tables, windows)),
  };
}

/** The function of a module itself holds whatever runs when it is loaded, and has no name. */
function ownTotals(tables: ProfileTables, { total }: FunctionCosts): ProfileSummary['totalOf'] {
  const { functions } = tables;
  const rows: number[] = [];
  for (let func = 0; func < functions.length; func++) {
    if (functions.category[func] === Category.User && (functions.name[func] as number) > 0 && (total[func] as number) > 0) rows.push(func);
  }
  return rows
    .sort((a, b) => (total[b] as number) - (total[a] as number) || a - b)
    .slice(0, KEPT)
    .map((func) => ({ name: frameLabel(tables, functionIndex(func)), total: total[func] as number }));
}

/** Shares a weight of call nodes out over the nearest own functions. */
export function ownCosts(tables: ProfileTables, weights: Float64Array, counts = (category: number): boolean => category === Category.User): OwnCost[] {
  const { nodes, functions } = tables;
  const nearest = new Int32Array(nodes.length).fill(-1);
  const entry = new Int32Array(nodes.length).fill(-1);
  const cost = new Float64Array(functions.length);
  const self = new Float64Array(functions.length);
  const paths = new Map<number, Path>();
  const does = doing(tables);
  const compiles = new Uint8Array(nodes.length);
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const parent = nodes.parent[node] as number;
    const isOwn = counts(functions.category[func] as number);
    nearest[node] = isOwn ? func : parent < 0 ? -1 : (nearest[parent] as number);
    if (!isOwn) entry[node] = parent >= 0 && (entry[parent] as number) >= 0 ? (entry[parent] as number) : func;
    if (!isOwn) compiles[node] = does[func] === COMPILES || (parent >= 0 && compiles[parent] === 1) ? 1 : 0;
    const own = nearest[node] as number;
    const weight = weights[node] as number;
    if (own < 0 || weight <= 0) continue;
    cost[own] = (cost[own] as number) + weight;
    if (isOwn) {
      self[own] = (self[own] as number) + weight;
      continue;
    }
    const key = own * functions.length + (entry[node] as number);
    const path = paths.get(key) ?? { own, entry: entry[node] as number, cost: 0, leaf: func, leafCost: 0, compiling: 0, writing: 0 };
    path.cost += weight;
    if (compiles[node] === 1) path.compiling += weight;
    if (does[func] === WRITES_JSON) path.writing += weight;
    if (weight > path.leafCost) {
      path.leaf = func;
      path.leafCost = weight;
    }
    paths.set(key, path);
  }
  const callees = new Map<number, Callee[]>();
  for (const path of paths.values()) {
    const list = callees.get(path.own) ?? [];
    const { cost, compiling, writing } = path;
    const [entry, leaf] = [functionIndex(path.entry), functionIndex(path.leaf)];
    list.push({
      entry,
      called: frameLabel(tables, entry),
      leaf,
      name: frameLabel(tables, leaf),
      package: functionAt(tables, entry).package,
      cost,
      compiling,
      writing,
    });
    callees.set(path.own, list);
  }
  const rows: number[] = [];
  for (let func = 0; func < cost.length; func++) if ((cost[func] as number) > 0) rows.push(func);
  return rows
    .sort((a, b) => (cost[b] as number) - (cost[a] as number) || a - b)
    .slice(0, KEPT)
    .map((func) => ({
      func: functionIndex(func),
      name: frameLabel(tables, functionIndex(func)),
      cost: cost[func] as number,
      self: self[func] as number,
      callees: (callees.get(func) ?? []).sort((a, b) => b.cost - a.cost).slice(0, 5),
    }));
}

interface Path {
  readonly own: number;
  readonly entry: number;
  cost: number;
  leaf: number;
  leafCost: number;
  compiling: number;
  writing: number;
}

const COMPILES = 1;
const WRITES_JSON = 2;
const compiling = /^(?:pre)?(?:compile|parse|lex|tokenize|tokenise)(?:$|[A-Z_])/;

/** What calls `JSON.stringify` with an answer and does little else: V8 seldom shows that as a function of its own. */
const jsonWriters: ReadonlySet<string> = new Set(['express stringify', 'koa respond', 'fastify serialize']);

/** By function, what its name says that it does. */
function doing(tables: ProfileTables): Uint8Array {
  const { functions, strings } = tables;
  return Uint8Array.from({ length: functions.length }, (_, func) => {
    const name = strings.at(functions.name[func] as number);
    if (functions.category[func] === Category.Native) return name === 'stringify' ? WRITES_JSON : 0;
    if (functions.category[func] !== Category.Dependency) return 0;
    return jsonWriters.has(`${functionAt(tables, functionIndex(func)).package} ${name}`) ? WRITES_JSON : compiling.test(name) ? COMPILES : 0;
  });
}

const isOwnOrPackage = (category: number): boolean => category === Category.User || category === Category.Dependency;

function activeSelf({ nodes, functions }: ProfileTables): Float64Array {
  return nodes.self.map((self, node) => (functions.category[nodes.func[node] as number] === Category.Idle ? 0 : self));
}

/** A node's part of the garbage collection that followed its function. */
function gcWeights(tables: ProfileTables): Float64Array {
  const { nodes } = tables;
  const after = gcByFunction(tables);
  const self = new Float64Array(tables.functions.length);
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    self[func] = (self[func] as number) + (nodes.self[node] as number);
  }
  return nodes.self.map((own, node) => {
    const func = nodes.func[node] as number;
    return (self[func] as number) > 0 ? ((after[func] as number) * own) / (self[func] as number) : 0;
  });
}

/** Self time at or below a function of Node.js that waits for a child process, or in `Atomics.wait`. */
function standingSelf({ nodes, functions, strings }: ProfileTables): Float64Array {
  const weights = new Float64Array(nodes.length);
  let end = 0;
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    if (node >= end) {
      const name = strings.at(functions.name[func] as number);
      const category = functions.category[func];
      const stands =
        (category === Category.Node && (name === 'spawnSync' || name === 'execFileSync' || name === 'execSync')) ||
        (category === Category.Native && name === 'wait');
      if (stands) end = nodes.subtreeEnd[node] as number;
    }
    if (node < end) weights[node] = nodes.self[node] as number;
  }
  return weights;
}

/** Self time of samples that lie in one of the windows. */
function selfWithin({ nodes, samples, functions, endTime }: ProfileTables, windows: readonly { readonly start: number; readonly end: number }[]): Float64Array {
  const weights = new Float64Array(nodes.length);
  const sorted = [...windows].sort((a, b) => a.start - b.start);
  let at = 0;
  for (let i = 0; i < samples.length; i++) {
    const start = samples.start[i] as number;
    const end = i + 1 < samples.length ? (samples.start[i + 1] as number) : endTime;
    while (at < sorted.length && (sorted[at]?.end as number) <= start) at++;
    const window = sorted[at];
    if (!window) break;
    if (end <= window.start) continue;
    const node = samples.node[i] as number;
    if (functions.category[nodes.func[node] as number] === Category.Idle) continue;
    weights[node] = (weights[node] as number) + Math.min(end, window.end) - Math.max(start, window.start);
  }
  return weights;
}
