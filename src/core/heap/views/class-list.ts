import { printable, shorten } from '../../../shared/format';
import type { ClassRow, HeapList, HeapScope } from '../../../shared/heap-query';
import { memo } from '../../../shared/lazy';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { type HeapClass, heapClasses } from '../analysis/heap-classes';
import { SYSTEM_DISTANCE } from '../graph/distances';
import { sortByText, sortRows } from './node-order';
import type { ObjectRows } from './object-row';

/** The classes of one snapshot, of all objects or of some; made once for each scope. */
export interface ClassLists {
  of(scope: HeapScope): readonly HeapClass[];
  /** Rows of `of(list.scope)`, in the order of the list. */
  rows(list: Extract<HeapList, { kind: 'classes' }>): Uint32Array;
  row(scope: HeapScope): (at: number) => ClassRow;
  /** Those that depend on a snapshot to compare with. */
  forget(file: string | undefined): void;
}

const MAX_TEXT = 160;

/** `sinceId`: objects with a larger id are newer than the snapshot of a file. */
export function classLists(analysis: HeapAnalysis, objects: ObjectRows, sinceId: (file: string) => number): ClassLists {
  const { nodes } = analysis.graph;
  const lists = new Map<string, readonly HeapClass[]>();

  const scopeKey = (scope: HeapScope): string => (scope.kind === 'since' ? `since ${scope.file}` : scope.kind);

  function listOf(scope: HeapScope): readonly HeapClass[] {
    const key = scopeKey(scope);
    let list = lists.get(key);
    if (!list) {
      list = heapClasses(analysis, isInScope(scope));
      lists.set(key, list);
    }
    return list;
  }

  function isInScope(scope: HeapScope): ((node: number) => boolean) | undefined {
    if (scope.kind === 'all') return undefined;
    if (scope.kind === 'detached') return objects.isDetached;
    const after = sinceId(scope.file);
    const last = largestId(analysis);
    return (node) => (nodes.id[node] as number) > after && (nodes.id[node] as number) <= last;
  }

  /** The nearest of a class to a root; undefined where nothing leads to any. */
  const nearest = memo((of: HeapClass): number | undefined => {
    let best = Number.POSITIVE_INFINITY;
    for (const node of of.objects) {
      const steps = analysis.distance[node] as number;
      if (steps >= 0 && steps < best) best = steps;
    }
    return best < SYSTEM_DISTANCE ? best : undefined;
  });

  function classRows(list: Extract<HeapList, { kind: 'classes' }>): Uint32Array {
    const found = listOf(list.scope);
    const wanted = list.filter.toLowerCase();
    const rows = Uint32Array.from(found.keys()).filter((at) => wanted === '' || (found[at]?.name ?? '').toLowerCase().includes(wanted));
    const of = (at: number): HeapClass => found[at] as HeapClass;
    switch (list.sortBy) {
      case 'name':
        return sortByText(rows, (at) => of(at).name, list.isRising);
      case 'distance':
        return sortRows(rows, (at) => nearest(of(at)) ?? SYSTEM_DISTANCE, list.isRising);
      case 'count':
        return sortRows(rows, (at) => of(at).count, list.isRising);
      case 'shallow':
        return sortRows(rows, (at) => of(at).shallowSize, list.isRising);
      case 'retained':
        return sortRows(rows, (at) => of(at).retainedSize, list.isRising);
    }
  }

  function classRow(scope: HeapScope): (at: number) => ClassRow {
    const list = listOf(scope);
    return (at) => {
      const found = list[at] as HeapClass;
      const [sample] = found.objects;
      return {
        kind: 'class',
        key: found.key,
        name: shorten(printable(found.name), MAX_TEXT),
        is: sample === undefined ? 'other' : objects.kind(sample),
        distance: nearest(found),
        count: found.count,
        shallow: found.shallowSize,
        retained: found.retainedSize,
      };
    };
  }

  return { of: listOf, rows: classRows, row: classRow, forget: (file) => void lists.delete(`since ${file}`) };
}

/** The largest id of an object of V8's heap; those of embedders are addresses on some versions. */
export function largestId({ graph: { nodes } }: HeapAnalysis): number {
  let largest = 0;
  for (let node = 0; node < nodes.length; node++) {
    const id = nodes.id[node] as number;
    if (id % 2 === 1 && id > largest) largest = id;
  }
  return largest;
}
