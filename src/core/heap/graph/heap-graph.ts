import type { HeapWarning } from '../../../shared/issue';

/**
 * A heap snapshot as a struct of arrays: one row a node, one row an edge, edges
 * grouped by the node they leave (compressed sparse rows).
 *
 * Node 0 is the root. `edges.first` has `nodes.length + 1` entries: the edges of
 * node n are `[first[n], first[n + 1])`. Types are indices into `nodeTypes` and
 * `edgeTypes`, the file's own lists: their order differs between V8 versions.
 *
 * Nothing mutates a graph once it is read.
 */
export interface HeapGraph {
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly nodes: HeapNodes;
  readonly edges: HeapEdges;
  readonly strings: HeapStrings;
  /** Where functions and classes stand, by node; empty in old snapshots. */
  readonly locations: HeapLocations;
  /** `extra_native_bytes`: memory of V8 itself that no node has. */
  readonly extraNativeBytes: number;
  /** Stacks of allocations; undefined where they were not tracked. */
  readonly traces: AllocationTraces | undefined;
  /** Bytes of the file. */
  readonly fileBytes: number;
}

/** A graph, and what had to be left out of the file to make one. */
export interface ParsedHeap {
  readonly graph: HeapGraph;
  readonly warnings: readonly HeapWarning[];
}

export interface HeapNodes {
  readonly length: number;
  readonly type: Uint8Array;
  /** Index into `strings`. */
  readonly name: Uint32Array;
  /** Odd for objects of V8's heap and stable over the snapshots of one process; even for embedders' objects. */
  readonly id: Float64Array | Uint32Array;
  /** Bytes, as the file has them, before DevTools' owner transfer. */
  readonly selfSize: Float64Array | Uint32Array;
  /** 0 unknown, 1 attached, 2 detached: as the file has it. */
  readonly detachedness: Uint8Array;
  /** Whether the file has such a field: V8 before 2020 put "Detached " before names instead. */
  readonly hasDetachedness: boolean;
  /** Row of the allocation trace tree, 0 for none; undefined where the file has no such field. */
  readonly traceNode: Uint32Array | undefined;
}

export interface HeapEdges {
  readonly length: number;
  readonly first: Uint32Array;
  readonly type: Uint8Array;
  /** Index into `strings`, or for elements and hidden edges a number. */
  readonly nameOrIndex: Uint32Array;
  /** A node's row (not the file's offset). */
  readonly to: Uint32Array;
}

export interface HeapStrings {
  readonly length: number;
  /** The empty string for an index that the file does not have. Decodes it anew: not for hot loops. */
  at(index: number): string;
  /** The first byte of its UTF-8, -1 for an empty one: tells most strings apart without decoding them. */
  firstByte(index: number): number;
}

export interface HeapLocations {
  readonly length: number;
  /** Sorted. */
  readonly node: Uint32Array;
  readonly scriptId: Uint32Array;
  /** 0-based. */
  readonly line: Uint32Array;
  /** 0-based. */
  readonly column: Uint32Array;
}

/** The tree of allocating stacks (`trace_tree`), depth first; row 0 is its root. */
export interface AllocationTraces {
  readonly length: number;
  readonly parent: Int32Array;
  /** Row of `functions`. */
  readonly func: Uint32Array;
  readonly id: Uint32Array;
  readonly functions: readonly {
    readonly name: string;
    readonly url: string;
    readonly scriptId: number;
    /** 1-based. */
    readonly line: number;
    /** 1-based. */
    readonly column: number;
  }[];
}

/** A script of the process, saved beside a snapshot as `NAME.scripts.json`: snapshots name scripts by number only. */
export interface HeapScript {
  readonly scriptId: number;
  readonly url: string;
  readonly sourceMapUrl: string;
}
