import { analyzeHeap } from '../../core/heap/analysis/analyze-heap';
import { heapClasses } from '../../core/heap/analysis/heap-classes';
import { type HeapStatistics, heapStatistics } from '../../core/heap/analysis/heap-statistics';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import { ok, type Result } from '../../shared/result';
import { withinMemory } from '../support/heap-memory';
import { type HeapReadOptions, readHeapSnapshot } from './heap-read';

/** The summary of a snapshot, as `plateau heap summary --json` gives it. Sizes in bytes. */
export interface HeapSummary {
  readonly schema: 'plateau/heap-summary/1';
  readonly file: string;
  readonly nodeCount: number;
  /** What V8 says the whole heap has. */
  readonly totalSize: number;
  readonly statistics: Omit<HeapStatistics, 'total'>;
  /** By falling retained size. */
  readonly classes: readonly { readonly name: string; readonly count: number; readonly shallowSize: number; readonly retainedSize: number }[];
  readonly warnings: readonly HeapWarning[];
}

export async function summarizeHeap(file: string, options: HeapReadOptions = {}): Promise<Result<HeapSummary, HeapIssue>> {
  const read = await readHeapSnapshot(file, options);
  if (!read.ok) return read;
  return withinMemory(read.value.graph, () => {
    const analysis = analyzeHeap(read.value.graph);
    const classes = heapClasses(analysis).map(({ name, count, shallowSize, retainedSize }) => ({ name, count, shallowSize, retainedSize }));
    const { total, ...statistics } = heapStatistics(analysis);
    return ok({
      schema: 'plateau/heap-summary/1',
      file,
      nodeCount: read.value.graph.nodes.length,
      totalSize: total,
      statistics,
      classes,
      warnings: read.value.warnings,
    });
  });
}
