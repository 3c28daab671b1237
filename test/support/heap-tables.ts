/** Our tables of a snapshot in the form of `scripts/heap-oracle.mjs`, which has DevTools' own. */
import { analyzeHeap, type HeapAnalysis } from '../../src/core/heap/analysis/analyze-heap';
import { duplicateStrings } from '../../src/core/heap/analysis/duplicate-strings';
import { heapClasses } from '../../src/core/heap/analysis/heap-classes';
import { nodeName } from '../../src/core/heap/analysis/heap-names';
import { heapStatistics } from '../../src/core/heap/analysis/heap-statistics';
import { diffHeaps } from '../../src/core/heap/compare/heap-diff';
import { readHeapSnapshotSync } from '../../src/service/heap/heap-read';

export function analysisOf(file: string): HeapAnalysis {
  const read = readHeapSnapshotSync(file);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return analyzeHeap(read.value.graph);
}

export const summaryRows = (heap: HeapAnalysis): object[] =>
  heapClasses(heap).map(({ key, name, count, shallowSize, retainedSize, objects }) => {
    let distance = Number.POSITIVE_INFINITY;
    for (const node of objects) distance = Math.min(distance, heap.distance[node] as number);
    return { key, name, count, shallowSize, retainedSize, distance };
  });

export function diffRows(base: HeapAnalysis, current: HeapAnalysis): object[] {
  const idsOf = (heap: HeapAnalysis, rows: Uint32Array): number[] => Array.from(rows, (row) => heap.graph.nodes.id[row] as number);
  return diffHeaps(base, current).rows.map(({ key, name, added, removed, delta, addedSize, removedSize, sizeDelta, addedNodes, removedNodes }) => {
    const counts = { added, removed, delta, addedSize, removedSize, sizeDelta };
    return { key, name, ...counts, addedIds: idsOf(current, addedNodes), removedIds: idsOf(base, removedNodes) };
  });
}

export function heapTables(currentFile: string, baseFile?: string): { tables: object; node: (row: number) => object } {
  const heap = analysisOf(currentFile);
  const tables = {
    summary: summaryRows(heap),
    statistics: heapStatistics(heap),
    duplicates: duplicateStrings(heap).map(({ text: value, count, shallowSize, retainedSize }) => ({ value, count, shallowSize, retainedSize })),
    ...(baseFile === undefined ? {} : { diff: diffRows(analysisOf(baseFile), heap) }),
  };
  const node = (n: number): object => ({
    id: heap.graph.nodes.id[n],
    name: nodeName(heap, n),
    shallow: heap.shallowSize[n],
    retained: heap.retainedSize[n],
    distance: heap.distance[n],
    detachedness: heap.detachedness[n],
    dominator: heap.dominator[n],
  });
  return { tables, node };
}
