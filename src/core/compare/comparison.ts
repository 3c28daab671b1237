import { type FunctionIndex, functionIndex } from '../../shared/brands';
import type { FunctionState } from '../../shared/comparison-scale';
import { Category } from '../profile/categories';
import { functionCosts } from '../profile/costs/function-costs';
import type { ProfileTables } from '../profile/tables';
import { neighbours } from '../profile/views/neighbours';
import { type ComparedRun, type ComparedSide, comparedSide } from './compared-side';
import type { Renames } from './match-files';
import { type FunctionPair, matchFunctions } from './match-functions';
import { costsOfRuns, type RunCosts, type SideCosts, tablesOfSide, type UnionTree, unionTree } from './union-tree';

/** Two sides, of one run or several, and what was matched of them. */
export interface Comparison {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  readonly union: UnionTree;
  /** By run, its costs by function of the union. */
  readonly runs: { readonly before: readonly RunCosts[]; readonly after: readonly RunCosts[] };
  /** By run, its active cost: all but idle time. */
  readonly active: { readonly before: readonly number[]; readonly after: readonly number[] };
}

/** Compares runs of one unit. O(nodes and functions of all). */
export function compareRuns(before: readonly ComparedRun[], after: readonly ComparedRun[], renames?: Renames): Comparison {
  const sides = { before: comparedSide(before), after: comparedSide(after) };
  const pairs = matchFunctions(sides.before, sides.after, renames);
  const union = unionTree(sides.before, sides.after, pairs);
  const runs = { before: costsOfRuns(sides.before, 'before', pairs), after: costsOfRuns(sides.after, 'after', pairs) };
  const activeOf = ({ self }: RunCosts): number =>
    self.reduce((sum, cost, func) => (union.tables.functions.category[func] === Category.Idle ? sum : sum + cost), 0);
  return { ...sides, union, runs, active: { before: runs.before.map(activeOf), after: runs.after.map(activeOf) } };
}

export function stateOf({ before, after, isMoved }: FunctionPair): FunctionState {
  if (before < 0) return 'new';
  if (after < 0) return 'gone';
  return isMoved ? 'moved' : 'both';
}

/** Self and total by function, of tables of the union and the own costs of their nodes. */
export interface FunctionChanges {
  readonly self: SideCosts;
  /** A function counts once a stack. */
  readonly total: SideCosts;
}

/** The table of a comparison, also after transforms. Σ of the changes of self is the change of the whole. O(nodes). */
export function functionChanges(tables: ProfileTables, own: SideCosts): FunctionChanges {
  const before = functionCosts(tablesOfSide(tables, own, 'before'));
  const after = functionCosts(tablesOfSide(tables, own, 'after'));
  return { self: { before: before.self, after: after.self }, total: { before: before.total, after: after.total } };
}

/** A caller or a callee, and what goes through it on both sides. */
export interface ChangedNeighbour {
  readonly func: FunctionIndex;
  readonly before: number;
  readonly after: number;
}

/** Callers and callees on both sides: each list, with the own cost for callees, sums to the function's change. */
export interface ChangedNeighbours {
  readonly callers: readonly ChangedNeighbour[];
  readonly callees: readonly ChangedNeighbour[];
  readonly self: { readonly before: number; readonly after: number };
  readonly total: { readonly before: number; readonly after: number };
}

/** By falling size of the change. O(nodes). */
export function changedNeighbours(tables: ProfileTables, own: SideCosts, func: FunctionIndex): ChangedNeighbours {
  const before = neighbours(tablesOfSide(tables, own, 'before'), func);
  const after = neighbours(tablesOfSide(tables, own, 'after'), func);
  return {
    callers: joined(before.callers, after.callers),
    callees: joined(before.callees, after.callees),
    self: { before: before.self, after: after.self },
    total: { before: before.total, after: after.total },
  };
}

type Costs = readonly { readonly func: FunctionIndex; readonly total: number }[];

function joined(before: Costs, after: Costs): ChangedNeighbour[] {
  const rows = new Map<number, { before: number; after: number }>();
  for (const { func, total } of before) rows.set(func, { before: total, after: 0 });
  for (const { func, total } of after) rows.set(func, { before: rows.get(func)?.before ?? 0, after: total });
  return [...rows]
    .map(([func, costs]) => ({ func: functionIndex(func), ...costs }))
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.func - b.func);
}
