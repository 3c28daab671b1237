import { functionIndex, microseconds } from '../../shared/brands';
import { functionCosts } from '../profile/costs/function-costs';
import { StringInterner } from '../profile/string-table';
import { functionAt, type ProfileTables } from '../profile/tables';
import { keep, rebuildTree } from '../profile/views/rebuild-tree';
import type { Transformed } from '../profile/views/transform';
import type { ComparedSide } from './compared-side';
import type { FunctionPair } from './match-functions';

/** Costs on both sides: of nodes or of functions, in the profiles' unit; sums over the runs of a side. */
export interface SideCosts {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/**
 * Two profiles, or two groups of them, as one tree: a node for each stack that any run
 * has, in the order that `ProfileTables` demands.
 *
 *   before  main > parse 3        union  main
 *           main > print 1                 parse   3  2
 *   after   main > parse 2                 print   1  0
 *           main > check 5                 check   0  5
 *
 * `tables` has the sum of both sides as self time, so that every view and transform of a profile
 * works on it; `nodes` parts each node's own cost again. Samples and lines are left
 * out: two runs have no time in common.
 */
export interface UnionTree {
  readonly tables: ProfileTables;
  /** Own cost by node: before + after is the tables' self. */
  readonly nodes: SideCosts;
  /** By function of `tables`, its rows on both sides. */
  readonly functions: readonly FunctionPair[];
}

/** The costs of one run by function of the union. */
export interface RunCosts {
  readonly self: Float64Array;
  /** A function counts once a stack. */
  readonly total: Float64Array;
}

/** Row of each side's function in the union. */
interface UnionRows {
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/** Merges the trees of all runs. O(nodes of all). The root stands first in `pairs` of any two profiles, or is joined here. */
export function unionTree(before: ComparedSide, after: ComparedSide, pairs: readonly FunctionPair[]): UnionTree {
  const rows = unionRows(before, after, pairs);
  const runs = [...runsOf(before, rows.before), ...runsOf(after, rows.after)];
  const size = runs.reduce((sum, { tables }) => sum + tables.nodes.length - 1, 1);
  const columns = {
    parent: new Int32Array(size),
    func: new Uint32Array(size),
    depth: new Uint32Array(size),
    subtreeEnd: new Uint32Array(size),
    self: new Float64Array(size),
    total: new Float64Array(size),
    hits: new Uint32Array(size),
    deopt: new Uint32Array(size),
    inlined: new Uint32Array(size),
  };
  columns.parent[0] = -1;
  columns.subtreeEnd[0] = size;
  columns.func[0] = runs[0]?.rowOf(runs[0].tables.nodes.func[0] as number) ?? 0;
  /** Where the nodes of each run begin, less one: its root is the root of all. */
  const offsets: number[] = [];
  let offset = 0;
  for (const { tables, rowOf } of runs) {
    offsets.push(offset);
    const { nodes } = tables;
    columns.self[0] = (columns.self[0] as number) + (nodes.self[0] as number);
    columns.hits[0] = (columns.hits[0] as number) + (nodes.hits[0] as number);
    for (let node = 1; node < nodes.length; node++) {
      const at = offset + node;
      const parent = nodes.parent[node] as number;
      columns.parent[at] = parent === 0 ? 0 : offset + parent;
      columns.func[at] = rowOf(nodes.func[node] as number);
      columns.depth[at] = nodes.depth[node] as number;
      columns.subtreeEnd[at] = offset + (nodes.subtreeEnd[node] as number);
      columns.self[at] = nodes.self[node] as number;
      columns.total[at] = nodes.total[node] as number;
      columns.hits[at] = nodes.hits[node] as number;
    }
    offset += nodes.length - 1;
  }
  const { strings, functions } = unionFunctions(before, after, pairs);
  const first = runs[0]?.tables as ProfileTables;
  const none = new Uint32Array(0);
  const all: ProfileTables = {
    strings,
    functions,
    nodes: { length: size, ...columns },
    samples: { length: 0, node: none, start: new Float64Array(0) },
    lines: { length: 0, node: none, line: none, ticks: none },
    startTime: microseconds(0),
    endTime: microseconds(0),
    unit: first.unit,
  };
  const { tables, target } = rebuildTree(all, () => keep);
  const costs = { before: new Float64Array(tables.nodes.length), after: new Float64Array(tables.nodes.length) };
  for (const [at, run] of runs.entries()) {
    const side = at < before.runs.length ? costs.before : costs.after;
    const { self, length } = run.tables.nodes;
    for (let node = 0; node < length; node++) {
      const to = node === 0 ? 0 : (target[(offsets[at] as number) + node] as number);
      side[to] = (side[to] as number) + (self[node] as number);
    }
  }
  return { tables, nodes: costs, functions: pairs };
}

/** Self and total by function of the union, for each run of a side. */
export function costsOfRuns(side: ComparedSide, which: 'before' | 'after', pairs: readonly FunctionPair[]): RunCosts[] {
  const rowOfSide = new Int32Array(side.functions.length);
  for (const [row, pair] of pairs.entries()) if (pair[which] >= 0) rowOfSide[pair[which]] = row;
  return runsOf(side, rowOfSide).map(({ tables, rowOf }) => {
    const own = functionCosts({
      ...tables,
      functions: { ...tables.functions, length: pairs.length },
      nodes: { ...tables.nodes, func: tables.nodes.func.map(rowOf) },
    });
    return { self: own.self, total: own.total };
  });
}

/** Own costs after a transform of `tables`. What it dropped is in neither side any more. */
export function costsThrough({ before, after }: SideCosts, { tables, target }: Pick<Transformed, 'tables' | 'target'>): SideCosts {
  if (!target) return { before, after };
  const moved = { before: new Float64Array(tables.nodes.length), after: new Float64Array(tables.nodes.length) };
  for (let node = 0; node < target.length; node++) {
    const to = target[node] as number;
    if (to < 0) continue;
    moved.before[to] = (moved.before[to] as number) + (before[node] as number);
    moved.after[to] = (moved.after[to] as number) + (after[node] as number);
  }
  return moved;
}

/** Totals from own costs: one reverse pass. */
export function totals({ parent, length }: Pick<ProfileTables['nodes'], 'parent' | 'length'>, own: SideCosts): SideCosts {
  const sum = { before: own.before.slice(), after: own.after.slice() };
  for (let node = length - 1; node > 0; node--) {
    const up = parent[node] as number;
    sum.before[up] = (sum.before[up] as number) + (sum.before[node] as number);
    sum.after[up] = (sum.after[up] as number) + (sum.after[node] as number);
  }
  return sum;
}

/** The union's tables with the own costs of one side: every function of a profile's costs works on them. */
export function tablesOfSide(tables: ProfileTables, own: SideCosts, which: 'before' | 'after'): ProfileTables {
  const { nodes } = tables;
  return { ...tables, nodes: { ...nodes, self: own[which], total: totals(nodes, own)[which] } };
}

function unionRows(before: ComparedSide, after: ComparedSide, pairs: readonly FunctionPair[]): UnionRows {
  const rows = { before: new Int32Array(before.functions.length), after: new Int32Array(after.functions.length) };
  for (const [row, pair] of pairs.entries()) {
    if (pair.before >= 0) rows.before[pair.before] = row;
    if (pair.after >= 0) rows.after[pair.after] = row;
  }
  return rows;
}

interface UnionRun {
  readonly tables: ProfileTables;
  rowOf(func: number): number;
}

function runsOf({ runs, rows }: ComparedSide, unionRow: Int32Array): UnionRun[] {
  return runs.map(({ tables }, at) => {
    const own = rows[at] as Uint32Array;
    const map = own.map((row) => unionRow[row] as number);
    return { tables, rowOf: (func) => map[func] as number };
  });
}

/** Functions as they are after; as they were before, where they are gone. */
function unionFunctions(before: ComparedSide, after: ComparedSide, pairs: readonly FunctionPair[]): Pick<ProfileTables, 'strings' | 'functions'> {
  const strings = new StringInterner();
  const functions = {
    length: pairs.length,
    name: new Uint32Array(pairs.length),
    url: new Uint32Array(pairs.length),
    line: new Int32Array(pairs.length),
    column: new Int32Array(pairs.length),
    category: new Uint8Array(pairs.length),
    package: new Uint32Array(pairs.length),
  };
  for (const [row, pair] of pairs.entries()) {
    const one = pair.after >= 0 ? after.functions[pair.after] : before.functions[pair.before];
    if (!one) continue;
    functions.name[row] = strings.intern(one.name);
    functions.url[row] = strings.intern(one.file);
    functions.line[row] = one.line;
    functions.column[row] = one.column;
    functions.category[row] = one.category;
    functions.package[row] = strings.intern(one.package);
  }
  return { strings: strings.finish(), functions };
}

/** What each row of a profile's function table is known by, where nothing but the profile is known. */
export function identitiesOf(tables: ProfileTables): { name: string; file: string; line: number; column: number; category: number; package: string }[] {
  return Array.from({ length: tables.functions.length }, (_, row) => {
    const { name, url, line, column, category, package: own } = functionAt(tables, functionIndex(row));
    return { name, file: url, line, column, category, package: own };
  });
}
