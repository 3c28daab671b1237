import { printable, shorten } from '../../../shared/format';
import type { HeapList, HeapQueries, HeapRow, HeapRows, ObjectColumn, StringRow } from '../../../shared/heap-query';
import { once } from '../../../shared/lazy';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { dominatorTree } from '../analysis/dominator-tree';
import type { HeapDiffRow } from '../compare/heap-diff';
import type { ClassLists } from './class-list';
import { comparisonRow, comparisonRows } from './comparison-list';
import { detachedNodes } from './detached-nodes';
import { sortRows } from './node-order';
import type { ObjectRows } from './object-row';
import { fieldEdges, retainerEdges, type ShownEdges } from './shown-edges';
import { type Repeated, repeatedStrings } from './statistics-parts';

/** What the lists of a snapshot are made of. */
export interface ListSource {
  readonly analysis: HeapAnalysis;
  readonly objects: ObjectRows;
  readonly classes: ClassLists;
  /** Which edges are listed where internal and weak ones are not asked for. */
  readonly isListed: ShownEdges;
  /** What is compared with a snapshot; nothing where the one that is taken up is another. */
  compared(file: string): readonly HeapDiffRow[];
}

/** The lists of one snapshot, by ranges. Those that were sorted last are kept. */
export interface HeapLists {
  rows(query: HeapQueries['rows'][0]): HeapRows;
  /** What a node dominates immediately, the largest retained size first. */
  dominatedBy(node: number): Uint32Array;
  readonly strings: () => readonly Repeated[];
  /** DOM nodes that are in no document any more. */
  readonly detached: () => Uint32Array;
  /** Lists may be of another snapshot now. */
  forget(): void;
}

/** How a list comes to its values, in their order, and each value to its row. */
interface ListPlan {
  make(): Uint32Array;
  readonly row: (value: number) => HeapRow;
}

const MAX_TEXT = 160;
/** Sorted lists that are kept. */
const MAX_SORTED = 12;

export function heapLists(source: ListSource): HeapLists {
  const { analysis, objects } = source;
  const sorted = recentLists(MAX_SORTED);
  const dominators = dominatorTree(analysis);
  const strings = once(() => repeatedStrings(analysis));
  const detached = once(() => Uint32Array.from(detachedNodes(analysis).filter(objects.isDetached)));
  const bySize = objectValue(source, 'retained');
  const dominatedBy = (node: number): Uint32Array =>
    sorted.get(`dominated ${node}`, () => sortRows(dominators.children.subarray(dominators.first[node], dominators.first[node + 1]), bySize, false));
  const plan = listPlans(source, { dominatedBy, strings, detached });
  return {
    rows({ list, from, to }) {
      const { make, row } = plan(list);
      const all = list.kind === 'dominated' ? make() : sorted.get(JSON.stringify(list), make);
      return { total: all.length, from, rows: Array.from(all.subarray(from, to), row) };
    },
    dominatedBy,
    strings,
    detached,
    forget: () => sorted.clear(),
  };
}

/** Keeps the lists that were asked for last. */
function recentLists(most: number): { get(key: string, make: () => Uint32Array): Uint32Array; clear(): void } {
  const lists = new Map<string, Uint32Array>();
  return {
    get(key, make) {
      const rows = lists.get(key) ?? make();
      lists.delete(key);
      lists.set(key, rows);
      for (const oldest of lists.keys()) {
        if (lists.size <= most) break;
        lists.delete(oldest);
      }
      return rows;
    },
    clear: () => lists.clear(),
  };
}

function listPlans(
  source: ListSource,
  { dominatedBy, strings, detached }: Pick<HeapLists, 'dominatedBy' | 'strings' | 'detached'>,
): (list: HeapList) => ListPlan {
  const { analysis, objects, classes, compared, isListed } = source;
  const { first } = dominatorTree(analysis);
  const object = (node: number): HeapRow => objects.row(node, undefined, hasFields(analysis, node));
  const dominated = (node: number): HeapRow => objects.row(node, undefined, (first[node + 1] as number) > (first[node] as number));
  return (list) => {
    switch (list.kind) {
      case 'classes':
        return { make: () => classes.rows(list), row: classes.row(list.scope) };
      case 'objects':
        return { make: () => objectsOf(source, list), row: object };
      case 'fields':
        return fieldPlan(source, list.node, list.hasInternal ? undefined : isListed);
      case 'retainers':
        return retainerPlan(source, list.node, list.hasInternal ? undefined : isListed);
      case 'dominated':
        return { make: () => dominatedBy(list.node), row: dominated };
      case 'comparison':
        return { make: () => comparisonRows(compared(list.base), list), row: (at) => comparisonRow(compared(list.base)[at]) };
      case 'changed':
        return { make: () => addedObjects(source, list), row: object };
      case 'strings':
        return { make: () => matchingText(strings(), list.filter), row: (at) => stringRow(strings()[at] as Repeated, at) };
      case 'copies':
        return { make: () => sortRows(Uint32Array.from(strings()[list.text]?.nodes ?? []), objectValue(source, 'retained'), false), row: object };
      case 'detached':
        return { make: () => matchingObjects(objects, detached(), list.filter), row: object };
    }
  };
}

/** Whether a node has edges, of whatever kind. */
export function hasFields({ graph: { edges } }: HeapAnalysis, node: number): boolean {
  return (edges.first[node + 1] as number) > (edges.first[node] as number);
}

function fieldPlan({ analysis, objects }: ListSource, of: number, isListed: ShownEdges = () => true): ListPlan {
  const { graph } = analysis;
  return {
    make: () => fieldEdges(graph, of, isListed),
    row(edge) {
      const node = graph.edges.to[edge] as number;
      return objects.row(node, edge, hasFields(analysis, node));
    },
  };
}

function retainerPlan({ analysis, objects }: ListSource, of: number, isListed: ShownEdges = () => true): ListPlan {
  const { from, edge, first } = analysis.retainers;
  return {
    make: () => retainerEdges(analysis, of, isListed),
    row(at) {
      const node = from[at] as number;
      return objects.row(node, edge[at] as number, (first[node + 1] as number) > (first[node] as number));
    },
  };
}

/** What a column of objects is sorted by. */
function objectValue({ analysis, objects }: ListSource, column: ObjectColumn): (node: number) => number {
  const { graph, retainedSize, shallowSize } = analysis;
  switch (column) {
    case 'id':
      return (node) => graph.nodes.id[node] as number;
    case 'distance':
      return (node) => objects.distance(node) ?? Number.MAX_SAFE_INTEGER;
    case 'shallow':
      return (node) => shallowSize[node] as number;
    case 'retained':
      return (node) => retainedSize[node] as number;
  }
}

/** Objects of a class. */
function objectsOf(source: ListSource, { key, scope, sortBy, isRising }: Extract<HeapList, { kind: 'objects' }>): Uint32Array {
  const found = source.classes.of(scope).find((one) => one.key === key);
  return found ? sortRows(found.objects, objectValue(source, sortBy), isRising) : new Uint32Array(0);
}

/** Objects of a class that the other snapshot does not have. */
function addedObjects(source: ListSource, { base, key, sortBy, isRising }: Extract<HeapList, { kind: 'changed' }>): Uint32Array {
  const row = source.compared(base).find((one) => one.key === key);
  return sortRows(Uint32Array.from(row?.addedNodes ?? []), objectValue(source, sortBy), isRising);
}

function matchingText(strings: readonly Repeated[], filter: string): Uint32Array {
  const wanted = filter.toLowerCase();
  const all = Uint32Array.from(strings.keys()).filter((at) => wanted === '' || (strings[at] as Repeated).text.toLowerCase().includes(wanted));
  return sortRows(all, (at) => (strings[at] as Repeated).wasted, false);
}

function stringRow({ text, count, shallowSize, wasted }: Repeated, at: number): StringRow {
  return { kind: 'string', text: at, label: shorten(printable(text), MAX_TEXT), count, shallow: shallowSize, wasted };
}

function matchingObjects(objects: ObjectRows, nodes: Uint32Array, filter: string): Uint32Array {
  const wanted = filter.toLowerCase();
  return wanted === '' ? nodes : nodes.filter((node) => objects.label(node).toLowerCase().includes(wanted));
}
