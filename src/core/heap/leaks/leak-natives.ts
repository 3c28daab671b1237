/**
 * Native objects that pile up without an object of JavaScript's: the data of Blob URLs, what
 * a binding of C++ keeps. Their ids are addresses, so nobody knows which of them are new:
 * those to which the same way leads are counted in each snapshot. Of what hangs on each
 * other, the one nearest to the root is told. Linear in the snapshots.
 */

import { typedName } from '../graph/comparable-names';
import { stringIs } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import type { PathTree } from '../paths/path-tree';
import type { Chosen } from './leak-describe';
import type { Group } from './leak-groups';
import { isNumbered } from './leak-holders';
import { judgeGrowth } from './leak-judge';
import type { SignatureTable } from './leak-signatures';

export interface NativeWanted {
  readonly graphs: readonly [HeapGraph, HeapGraph, HeapGraph];
  readonly trees: readonly [PathTree, PathTree, PathTree];
  readonly signatures: SignatureTable;
  /** Of the third snapshot's nodes, the groups that they are in; -1 for none. */
  readonly groupOf: Int32Array;
  readonly times: number | undefined;
}

interface Row {
  readonly counts: [number, number, number];
  readonly members: number[];
}

/** More ways are no pattern, and a Map ends somewhere. */
const MOST = 1 << 20;

type Judged = NonNullable<ReturnType<typeof judgeGrowth>>;

export interface NativeGrowth {
  /** The native objects nearest to the root that pile up, of those on a way; none for a way on which none do. */
  top(way: number): readonly number[];
  /** What is kept by none of the ways that are told, and belongs to no object of a group that is. */
  untold(told: ReadonlySet<number>, toldGroups: ReadonlySet<number>): readonly { readonly group: Group; readonly chosen: Chosen }[];
}

export function nativeGrowth(wanted: NativeWanted): NativeGrowth {
  const { graphs, trees, signatures } = wanted;
  const grown = grownWays(wanted);
  const above = (way: number): number[] => {
    const ways: number[] = [];
    for (let at = signatures.above(way); at > 0; at = signatures.above(at)) ways.push(at);
    return ways;
  };
  return {
    top: (way) => grown.get([way, ...above(way)].findLast((one) => grown.has(one)) ?? -1)?.members ?? [],
    untold(told, toldGroups) {
      const isTold = belongsTo(graphs[2], (node) => toldGroups.has(wanted.groupOf[node] as number));
      const covered = new Set([...told].flatMap((way) => [way, ...above(way)]));
      return [...grown]
        .filter(
          ([way, { members }]) => !covered.has(way) && !above(way).some((one) => grown.has(one) || told.has(one)) && !members.slice(0, MOST_ASKED).some(isTold),
        )
        .map(([way, row]) => asGroup(graphs[2], trees[2], way, row));
    },
  };
}

/** Members of a way of which the objects are looked at. */
const MOST_ASKED = 100;

/** Whether a native object has an object of JavaScript's of which this is so. */
function belongsTo({ edges, strings }: HeapGraph, isSo: (node: number) => boolean): (native: number) => boolean {
  const isPair = stringIs(strings, 'native_to_javascript');
  return (native) => {
    for (let e = edges.first[native] as number, end = edges.first[native + 1] as number; e < end; e++)
      if (isPair(edges.nameOrIndex[e] as number) && isSo(edges.to[e] as number)) return true;
    return false;
  };
}

/** Ways to native objects that piled up. */
function grownWays({ graphs, trees, signatures, groupOf, times }: NativeWanted): Map<number, Row & { readonly judged: Judged }> {
  const rows = new Map<number, Row>();
  for (const at of [2, 0, 1] as const) {
    const { nodes } = graphs[at];
    const signature = signatures.of(graphs[at], trees[at]);
    const { order } = trees[at];
    for (let i = 1; i < order.length; i++) {
      const node = order[i] as number;
      if (isNumbered(nodes.id[node] as number) || (at === 2 && groupOf[node] !== -1)) continue;
      const way = signature(node);
      let row = rows.get(way);
      if (!row && at === 2 && rows.size < MOST) {
        row = { counts: [0, 0, 0], members: [] };
        rows.set(way, row);
      }
      if (!row) continue;
      row.counts[at]++;
      if (at === 2) row.members.push(node);
    }
  }
  const grown = new Map<number, Row & { readonly judged: Judged }>();
  for (const [way, row] of rows) {
    const judged = judgeGrowth(row.counts, times);
    if (judged) grown.set(way, { ...row, judged });
  }
  return grown;
}

function asGroup(
  graph: HeapGraph,
  { parent }: PathTree,
  way: number,
  { counts, members, judged }: Row & { readonly judged: Judged },
): { group: Group; chosen: Chosen } {
  const [sample = 0] = members;
  const holders = new Set(members.map((node) => graph.nodes.id[parent[node] as number] as number));
  const group: Group = {
    edge: '*',
    holders,
    signature: way,
    first: counts[1] - counts[0],
    second: counts[2] - counts[1],
    classes: new Map(),
    members,
    natives: members,
  };
  return { group, chosen: { ...judged, name: typedName(graph, sample), counts, sample, traced: -1, examples: [] } };
}
