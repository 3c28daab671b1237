import { propagateDetachedness } from '../graph/detachedness';
import { defaultEdges, distances } from '../graph/distances';
import { dominators } from '../graph/dominators';
import { essentialEdges } from '../graph/essential-edges';
import type { HeapGraph } from '../graph/heap-graph';
import { inferShapes, type ObjectShape, type PlainObjects, plainObjects } from '../graph/object-shapes';
import { findRetainers, type Retainers } from '../graph/retainers';
import { shallowSizes, userRoots } from '../graph/shallow-sizes';
import { type ClassName, classify } from './classify';

/**
 * What can be said of a heap, a row a node. Each part is worked out when it is first asked
 * for and then kept; all parts are as Chrome DevTools has them. Nothing mutates them.
 */
export interface HeapAnalysis {
  readonly graph: HeapGraph;
  /** 0 unknown, 1 attached to the document, 2 detached from it. */
  readonly detachedness: Uint8Array;
  /** Bytes of the object and of what V8 made for it alone. */
  readonly shallowSize: Float64Array;
  /** The immediate dominator: the nearest node without which this one would be garbage. The root's is itself. */
  readonly dominator: Uint32Array;
  /** All nodes, each after its dominator. */
  readonly dominatorOrder: Uint32Array;
  /** Bytes that would be free without the node: its own and those of all that it dominates. */
  readonly retainedSize: Float64Array;
  /** Bytes of the whole heap, with what no node has. */
  readonly totalSize: number;
  readonly retainers: Retainers;
  /** Edges to the nearest root; `distances.ts` has what the large ones mean. */
  readonly distance: Int32Array;
  readonly shapes: readonly ObjectShape[];
  readonly plainObjects: PlainObjects;
  /** Row of `classNames`, by node. */
  readonly classOf: Uint32Array;
  readonly classNames: readonly ClassName[];
}

export function analyzeHeap(graph: HeapGraph): HeapAnalysis {
  const { nodes, edges } = graph;
  const isUserRoot = userRoots(graph);
  const detachedness = once(() => propagateDetachedness(graph));
  const shallow = once(() => shallowSizes(graph, isUserRoot));
  const dominated = once(() => dominators(nodes.length, edges, essentialEdges(graph)));
  const retained = once(() => retainedSizes(dominated().dominator, dominated().order, shallow()));
  const plain = once(() => plainObjects(graph));
  const shapes = once(() => inferShapes(plain()));
  const classes = once(() => classify(graph, detachedness(), plain(), shapes()));
  const retainers = once(() => findRetainers(nodes.length, edges));
  const distance = once(() => distances(graph, isUserRoot, defaultEdges(graph)));
  return {
    graph,
    get detachedness() {
      return detachedness();
    },
    get shallowSize() {
      return shallow();
    },
    get dominator() {
      return dominated().dominator;
    },
    get dominatorOrder() {
      return dominated().order;
    },
    get retainedSize() {
      return retained();
    },
    get totalSize() {
      return (retained()[0] as number) + graph.extraNativeBytes;
    },
    get retainers() {
      return retainers();
    },
    get distance() {
      return distance();
    },
    get shapes() {
      return shapes();
    },
    get plainObjects() {
      return plain();
    },
    get classOf() {
      return classes().classOf;
    },
    get classNames() {
      return classes().names;
    },
  };
}

function retainedSizes(dominator: Uint32Array, order: Uint32Array, shallow: Float64Array): Float64Array {
  const retained = shallow.slice();
  for (let i = order.length - 1; i > 0; i--) {
    const node = order[i] as number;
    const up = dominator[node] as number;
    retained[up] = (retained[up] as number) + (retained[node] as number);
  }
  return retained;
}

function once<T>(work: () => T): () => T {
  let done: { value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}
