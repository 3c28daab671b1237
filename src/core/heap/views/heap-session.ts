import { printable, shorten } from '../../../shared/format';
import type { HeapAnswer, HeapQueries, HeapQueryName } from '../../../shared/heap-query';
import { once } from '../../../shared/lazy';
import { encodeSlab } from '../../profile/slab';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { nodeWithId } from '../analysis/heap-names';
import { heapStatistics } from '../analysis/heap-statistics';
import { diffHeaps, type HeapDiff } from '../compare/heap-diff';
import type { HeapScript } from '../graph/heap-graph';
import { classLists, largestId } from './class-list';
import { heapIcicle } from './icicle';
import { inspectObject } from './inspect-object';
import { type HeapLists, hasFields, heapLists, type ListSource } from './list-rows';
import { type ObjectRows, objectRows } from './object-row';
import { edgeKind, shownEdges } from './shown-edges';
import { statisticsParts } from './statistics-parts';

/** A snapshot to compare with: what is kept of it. */
export interface HeapBaseData {
  readonly file: string;
  readonly diff: HeapDiff;
  /** Objects with a larger id were allocated after it. */
  readonly lastId: number;
}

/** Questions that one snapshot answers by itself. */
export type SessionQueryName = Exclude<HeapQueryName, 'compare'>;

/** One opened snapshot, answering questions about it. Lists that were sorted once are kept. */
export interface HeapSession {
  answer<K extends SessionQueryName>(name: K, query: HeapQueries[K][0]): HeapAnswer<K>;
  /** Takes up a snapshot to compare with; the one before is forgotten. */
  setBase(file: string, base: HeapAnalysis): HeapBaseData;
  readonly base: HeapBaseData | undefined;
  readonly classCount: number;
  readonly detachedCount: number;
  readonly totalSize: number;
}

type Answers = { readonly [K in SessionQueryName]: (query: HeapQueries[K][0]) => HeapAnswer<K> };

export function heapSession(analysis: HeapAnalysis, scripts: ReadonlyMap<number, HeapScript>): HeapSession {
  const objects = objectRows(analysis, scripts);
  let base: HeapBaseData | undefined;
  const classes = classLists(analysis, objects, (file) => (base?.file === file ? base.lastId : Number.POSITIVE_INFINITY));
  const isListed = shownEdges(analysis.graph);
  const source: ListSource = { analysis, objects, classes, isListed, compared: (file) => (base?.file === file ? base.diff.rows : []) };
  const lists = heapLists(source);
  const answers = answersOf(source, lists);
  const { length } = analysis.graph.nodes;
  return {
    answer(name, query) {
      const { node } = query as { readonly node?: number };
      if (node !== undefined && !(Number.isInteger(node) && node >= 0 && node < length)) throw new RangeError(`the snapshot has no object in row ${node}`);
      return answers[name](query);
    },
    setBase(file, other) {
      lists.forget();
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
      return lists.detached().length;
    },
    get totalSize() {
      return analysis.totalSize;
    },
  };
}

function answersOf({ analysis, objects, isListed }: ListSource, lists: HeapLists): Answers {
  const { dominatedBy } = lists;
  const isAny = (): boolean => true;
  const statistics = once(() => statisticsParts(heapStatistics(analysis), lists.strings()));
  return {
    rows: lists.rows,
    object: ({ node, hasInternal }) =>
      inspectObject({ analysis, objects, dominatedBy, isShown: hasInternal ? isAny : isListed, hasFields: hasFields(analysis, node) }, node),
    find({ id }) {
      const node = nodeWithId(analysis.graph, id);
      return node < 0 ? undefined : { node };
    },
    statistics,
    icicle({ node }) {
      const made = heapIcicle(
        node,
        dominatedBy,
        (of) => analysis.retainedSize[of] as number,
        (of) => ({ label: boxLabel(analysis, objects, of), is: objects.kind(of) }),
      );
      return { slab: encodeSlab(made.tables), nodes: made.nodes };
    },
    place: ({ node }) => objects.place(node),
  };
}

/** What an object's box in the icicle says. */
function boxLabel(analysis: HeapAnalysis, objects: ObjectRows, node: number): string {
  const label = shorten(objects.label(node), 60);
  const edge = edgeFromDominator(analysis, node);
  return edge === undefined ? label : `${edge} ${label}`;
}

/** The name of the property or variable by which an object's dominator has it, where it has it by one. */
function edgeFromDominator({ graph, retainers, dominator }: HeapAnalysis, node: number): string | undefined {
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
