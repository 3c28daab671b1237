import type { FunctionIndex, Microseconds, NodeIndex, Unit } from '../../shared/brands';
import type { Category } from './categories';
import type { StringTable } from './string-table';

/**
 * A CPU profile as a struct of arrays.
 *
 *   functions   name, url, line, column, category, package     one row a distinct function
 *   nodes       parent, func, depth, subtreeEnd, self, total …   one row a call node, depth first
 *   samples     node, start                                    one row a sample, in time order
 *   lines       node, line, ticks                              one row a (call node, line)
 *
 * Depth-first order makes a subtree the range `[i, subtreeEnd[i])`, an ancestor
 * test two comparisons, and `total` one reverse pass. Siblings stand by falling
 * total, so once a sibling is too narrow to draw, so are all that follow it.
 *
 * Invariants (checked by `checkTables`): node 0 is the only root; parent[i] < i;
 * Σ self = total[0]; the cost of a sample is the time to the next one's start,
 * the last one's to `endTime`.
 *
 * Costs are in `unit`, microseconds unless the profile counts something else. A
 * profile that is no record over time (collapsed stacks, pprof) has no samples.
 *
 * Nothing mutates a table once it is built: transforms take tables and give tables.
 */
export interface ProfileTables {
  readonly strings: StringTable;
  readonly functions: FunctionTable;
  readonly nodes: NodeTable;
  readonly samples: SampleTable;
  readonly lines: LineTable;
  readonly startTime: Microseconds;
  readonly endTime: Microseconds;
  readonly unit: Unit;
}

export interface FunctionTable {
  readonly length: number;
  /** Index into the string table. */
  readonly name: Uint32Array;
  /** Index into the string table; the empty string for V8's own and native functions. */
  readonly url: Uint32Array;
  /** 0-based; -1 where V8 gives none. */
  readonly line: Int32Array;
  /** 0-based; -1 where V8 gives none. */
  readonly column: Int32Array;
  /** A `Category`. */
  readonly category: Uint8Array;
  /** The npm package, as an index into the string table; 0 outside of dependencies. */
  readonly package: Uint32Array;
  /** What a function without a name is shown as, as an index into the string table; 0 for none. Absent where no source was asked (`withLabels`). */
  readonly label?: Uint32Array;
}

export interface NodeTable {
  readonly length: number;
  /** -1 for the root. */
  readonly parent: Int32Array;
  readonly func: Uint32Array;
  readonly depth: Uint32Array;
  readonly subtreeEnd: Uint32Array;
  /** In the profile's unit. */
  readonly self: Float64Array;
  /** In the profile's unit. */
  readonly total: Float64Array;
  /** Samples that ended in this node. */
  readonly hits: Uint32Array;
  /** V8's deoptimisation reason, as an index into the string table; 0 for none. */
  readonly deopt: Uint32Array;
  /** Of `hits`, those that V8 gave to the caller that it was inlined into (`moveInlined`). */
  readonly inlined: Uint32Array;
}

export interface SampleTable {
  readonly length: number;
  readonly node: Uint32Array;
  /** Microseconds on the clock of `startTime` and `endTime`; sorted. */
  readonly start: Float64Array;
}

export interface LineTable {
  readonly length: number;
  readonly node: Uint32Array;
  /** 1-based. */
  readonly line: Uint32Array;
  readonly ticks: Uint32Array;
}

export interface FunctionView {
  readonly index: FunctionIndex;
  readonly name: string;
  readonly url: string;
  /** 0-based; -1 for none. */
  readonly line: number;
  /** 0-based; -1 for none. */
  readonly column: number;
  readonly category: Category;
  readonly package: string;
}

/** One row of the function table, with its strings. */
export function functionAt(tables: ProfileTables, index: FunctionIndex): FunctionView {
  const { functions, strings } = tables;
  return {
    index,
    name: strings.at(functions.name[index] as number),
    url: strings.at(functions.url[index] as number),
    line: functions.line[index] as number,
    column: functions.column[index] as number,
    category: functions.category[index] as Category,
    package: strings.at(functions.package[index] as number),
  };
}

/** The nodes from the root to `node`, both included. */
export function pathTo(nodes: NodeTable, node: NodeIndex): NodeIndex[] {
  const path: NodeIndex[] = [];
  for (let at: number = node; at >= 0; at = nodes.parent[at] as number) path.push(at as NodeIndex);
  return path.reverse();
}
