import { printable, shorten } from '../../../shared/format';
import type { HeapAnswer, HeapList, HeapQueries, HeapQueryName, HeapRow, HeapRows, ObjectColumn, StringRow } from '../../../shared/heap-query';
import { once } from '../../../shared/lazy';
import { encodeSlab } from '../../profile/slab';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { dominatorTree } from '../analysis/dominator-tree';
import { nodeWithId } from '../analysis/heap-names';
import { heapStatistics } from '../analysis/heap-statistics';
import { diffHeaps, type HeapDiff, type HeapDiffRow } from '../compare/heap-diff';
import type { HeapScript } from '../graph/heap-graph';
import { classLists, largestId } from './class-list';
import { comparisonRow, comparisonRows } from './comparison-list';
import { detachedNodes } from './detached-nodes';
import { heapIcicle } from './icicle';
import { inspectObject } from './inspect-object';
import { sortRows } from './node-order';
import { objectRows } from './object-row';
import { edgeKind, fieldEdges, retainerEdges, shownEdges } from './shown-edges';
import { type Repeated, repeatedStrings, statisticsParts } from './statistics-parts';

/** A snapshot to compare with: what is kept of it. */
export interface HeapBaseData {
  readonly file: string;
  readonly diff: HeapDiff;
  /** Objects with a larger id were allocated after it. */
  readonly lastId: number;
}

/** One opened snapshot, answering questions about it. Lists that were sorted once are kept. */
export interface HeapSession {
  answer<K extends HeapQueryName>(name: Exclude<K, 'compare'>, query: HeapQueries[K][0]): HeapAnswer<K>;
  /** Takes up a snapshot to compare with; the one before is forgotten. */
  setBase(file: string, base: HeapAnalysis): HeapBaseData;
  readonly base: HeapBaseData | undefined;
  readonly classCount: number;
  readonly detachedCount: number;
  readonly totalSize: number;
}

const MAX_TEXT = 160;
/** Sorted lists that are kept. */
const MAX_SORTED = 12;

export function heapSession(analysis: HeapAnalysis, scripts: ReadonlyMap<number, HeapScript>): HeapSession {
  const { graph, retainedSize, shallowSize } = analysis;
  const { nodes } = graph;
  const dominators = dominatorTree(analysis);
  const objects = objectRows(analysis, scripts);
  const isListed = shownEdges(graph);
  const isAny = (): boolean => true;
  const sorted = new Map<string, Uint32Array>();
  const strings = once(() => repeatedStrings(analysis));
  const statistics = once(() => statisticsParts(heapStatistics(analysis), strings()));
  const detached = once(() => Uint32Array.from(detachedNodes(analysis).filter(objects.isDetached)));
  let base: HeapBaseData | undefined;
  const classes = classLists(analysis, objects, (file) => (base?.file === file ? base.lastId : Number.POSITIVE_INFINITY));

  /** A list in its order, from those that are kept. */
  function kept(key: string, make: () => Uint32Array): Uint32Array {
    const known = sorted.get(key);
    const rows = known ?? make();
    sorted.delete(key);
    sorted.set(key, rows);
    for (const oldest of sorted.keys()) {
      if (sorted.size <= MAX_SORTED) break;
      sorted.delete(oldest);
    }
    return rows;
  }

  const hasFields = (node: number): boolean => (graph.edges.first[node + 1] as number) > (graph.edges.first[node] as number);
  const objectRow = (node: number): HeapRow => objects.row(node, undefined, hasFields(node));

  const page = (all: Uint32Array, from: number, to: number, row: (value: number) => HeapRow): HeapRows => ({
    total: all.length,
    from,
    rows: Array.from(all.subarray(from, to), row),
  });

  const objectValue = (column: ObjectColumn): ((node: number) => number) => {
    switch (column) {
      case 'id':
        return (node) => nodes.id[node] as number;
      case 'distance':
        return (node) => objects.distance(node) ?? Number.MAX_SAFE_INTEGER;
      case 'shallow':
        return (node) => shallowSize[node] as number;
      case 'retained':
        return (node) => retainedSize[node] as number;
    }
  };

  function objectsOf(list: Extract<HeapList, { kind: 'objects' }>): Uint32Array {
    const found = classes.of(list.scope).find(({ key }) => key === list.key);
    return found ? sortRows(found.objects, objectValue(list.sortBy), list.isRising) : new Uint32Array(0);
  }

  const compared = (file: string): readonly HeapDiffRow[] => (base?.file === file ? base.diff.rows : []);

  function changed(list: Extract<HeapList, { kind: 'changed' }>): Uint32Array {
    const row = compared(list.base).find(({ key }) => key === list.key);
    return sortRows(Uint32Array.from(row?.addedNodes ?? []), objectValue(list.sortBy), list.isRising);
  }

  const dominatedBy = (node: number): Uint32Array =>
    kept(`dominated ${node}`, () =>
      sortRows(dominators.children.subarray(dominators.first[node], dominators.first[node + 1]), (child) => retainedSize[child] as number, false),
    );
  const dominatedRow = (node: number): HeapRow => objects.row(node, undefined, (dominators.first[node + 1] as number) > (dominators.first[node] as number));

  function stringRow(at: number): StringRow {
    const found = strings()[at] as Repeated;
    return { kind: 'string', text: at, label: shorten(printable(found.text), MAX_TEXT), count: found.count, shallow: found.shallowSize, wasted: found.wasted };
  }

  function matchingText(filter: string): Uint32Array {
    const wanted = filter.toLowerCase();
    const all = Uint32Array.from(strings().keys()).filter((at) => wanted === '' || (strings()[at] as Repeated).text.toLowerCase().includes(wanted));
    return sortRows(all, (at) => (strings()[at] as Repeated).wasted, false);
  }

  function matchingDetached(filter: string): Uint32Array {
    const wanted = filter.toLowerCase();
    return wanted === '' ? detached() : detached().filter((node) => objects.label(node).toLowerCase().includes(wanted));
  }

  function rows({ list, from, to }: HeapQueries['rows'][0]): HeapRows {
    const key = JSON.stringify(list);
    switch (list.kind) {
      case 'classes':
        return page(
          kept(key, () => classes.rows(list)),
          from,
          to,
          classes.row(list.scope),
        );
      case 'objects':
        return page(
          kept(key, () => objectsOf(list)),
          from,
          to,
          objectRow,
        );
      case 'fields': {
        const edges = kept(key, () => fieldEdges(graph, list.node, list.hasInternal ? isAny : isListed));
        return page(edges, from, to, (edge) => {
          const node = graph.edges.to[edge] as number;
          return objects.row(node, edge, hasFields(node));
        });
      }
      case 'retainers': {
        const places = kept(key, () => retainerEdges(analysis, list.node, list.hasInternal ? isAny : isListed));
        return page(places, from, to, (at) => {
          const node = analysis.retainers.from[at] as number;
          return objects.row(
            node,
            analysis.retainers.edge[at] as number,
            (analysis.retainers.first[node + 1] as number) > (analysis.retainers.first[node] as number),
          );
        });
      }
      case 'dominated':
        return page(dominatedBy(list.node), from, to, dominatedRow);
      case 'comparison':
        return page(
          kept(key, () => comparisonRows(compared(list.base), list)),
          from,
          to,
          (at) => comparisonRow(compared(list.base)[at]),
        );
      case 'changed':
        return page(
          kept(key, () => changed(list)),
          from,
          to,
          objectRow,
        );
      case 'strings':
        return page(
          kept(key, () => matchingText(list.filter)),
          from,
          to,
          stringRow,
        );
      case 'copies': {
        const copies = Uint32Array.from(strings()[list.text]?.nodes ?? []);
        return page(
          kept(key, () => sortRows(copies, (node) => retainedSize[node] as number, false)),
          from,
          to,
          objectRow,
        );
      }
      case 'detached':
        return page(
          kept(key, () => matchingDetached(list.filter)),
          from,
          to,
          objectRow,
        );
    }
  }

  function icicle({ node }: HeapQueries['icicle'][0]): HeapAnswer<'icicle'> {
    const describe = (of: number) => {
      const label = shorten(objects.label(of), 60);
      const edge = edgeFromDominator(of);
      return { label: edge === undefined ? label : `${edge} ${label}`, is: objects.kind(of) };
    };
    const made = heapIcicle(node, dominatedBy, (of) => retainedSize[of] as number, describe);
    return { slab: encodeSlab(made.tables), nodes: made.nodes };
  }

  /** The name of the property or variable by which an object's dominator has it, where it has it by one. */
  function edgeFromDominator(node: number): string | undefined {
    const { retainers, dominator } = analysis;
    const first = retainers.first[node] as number;
    // One that many objects refer to is seldom a field of its dominator, and the search would be long.
    const end = Math.min(retainers.first[node + 1] as number, first + 50);
    for (let at = first; at < end; at++) {
      const edge = retainers.edge[at] as number;
      if (retainers.from[at] !== dominator[node]) continue;
      const kind = edgeKind(graph, edge);
      if (kind === 'property' || kind === 'variable') return shorten(printable(graph.strings.at(graph.edges.nameOrIndex[edge] as number)), 40);
    }
    return undefined;
  }

  function find(id: number): { node: number } | undefined {
    const node = nodeWithId(graph, id);
    return node < 0 ? undefined : { node };
  }

  const isNode = (node: number): boolean => Number.isInteger(node) && node >= 0 && node < nodes.length;

  const answers: { readonly [K in Exclude<HeapQueryName, 'compare'>]: (query: HeapQueries[K][0]) => HeapAnswer<K> } = {
    rows,
    object: ({ node, hasInternal }) =>
      inspectObject({ analysis, objects, dominatedBy, isShown: hasInternal ? isAny : isListed, hasFields: hasFields(node) }, node),
    find: ({ id }) => find(id),
    statistics: () => statistics(),
    icicle,
    place: ({ node }) => objects.place(node),
  };

  return {
    answer(name, query) {
      const { node } = query as { node?: number };
      if (node !== undefined && !isNode(node)) throw new RangeError(`the snapshot has no object in row ${node}`);
      return (answers[name as Exclude<HeapQueryName, 'compare'>] as (query: unknown) => never)(query);
    },
    setBase(file, other) {
      sorted.clear();
      classes.forget(base?.file);
      base = { file, diff: diffHeaps(other, analysis), lastId: largestId(other) };
      return base;
    },
    get base() {
      return base;
    },
    get classCount() {
      return classes.of({ kind: 'all' }).length;
    },
    get detachedCount() {
      return detached().length;
    },
    get totalSize() {
      return analysis.totalSize;
    },
  };
}
