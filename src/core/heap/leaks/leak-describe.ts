import { allocationStack } from '../analysis/allocation-stack';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { nodeWithId } from '../analysis/heap-names';
import { stringIs } from '../graph/graph-types';
import type { HeapGraph } from '../graph/heap-graph';
import type { PathTree } from '../paths/path-tree';
import type { Leak, LeakVerdict } from './leak';
import { classPreference } from './leak-classes';
import type { Group } from './leak-groups';
import { judgeGrowth } from './leak-judge';
import { groupLabel } from './leak-label';
import type { HeapMembers } from './leak-members';
import { otherWays } from './leak-others';
import { contentStep, heldFunctions, pathSteps } from './leak-path';
import type { SizeGrowth } from './leak-sizes';

export interface Chosen {
  readonly verdict: LeakVerdict;
  readonly name: string;
  readonly counts: readonly [number, number, number];
  readonly isMultiple: boolean;
  readonly sample: number;
  readonly traced: number;
  /** Some of them. */
  readonly examples: readonly number[];
}

/** The class of a group that tells most of how it grows: an even multiple first, then what is nearest to the holder. */
export function chooseClass(group: Group, row: number, counted: readonly HeapMembers[], times: number | undefined): Chosen | undefined {
  let best: (Chosen & { score: number }) | undefined;
  for (const [name, { first, second, depth, isOwner, sample, traced, examples }] of group.classes) {
    if (first === 0 || second === 0) continue;
    const counts = counted.map((heap) => heap.get(`${row} ${name}`) ?? 0) as [number, number, number];
    const judged = judgeGrowth(counts, times, first);
    if (!judged) continue;
    const { isMultiple } = judged;
    const isLeak = judged.verdict === 'leak';
    const isObject = name.startsWith('object:') || name.startsWith('closure:') || name.startsWith('native:') || name === 'regexp';
    const isOwn = !/^[a-z]+:(?:system \/|\(|$)/.test(name);
    const score =
      (isLeak ? 1000 : 0) +
      (isMultiple ? 500 : 0) +
      (isObject ? 200 : 0) +
      (isOwn ? 100 : 0) +
      (isOwner ? 3 : 0) +
      classPreference(name, isMultiple) -
      Math.min(depth, 50) -
      (isMultiple && counts[1] - counts[0] !== times ? 0.5 : 0);
    if (!best || score > best.score) best = { verdict: judged.verdict, name, counts, isMultiple, sample, traced, examples, score };
  }
  return best;
}

export function describeLeak(
  third: HeapAnalysis,
  tree: PathTree,
  group: Group,
  chosen: Chosen,
  { times, last }: { readonly times: number | undefined; readonly last: number },
): Leak {
  const { graph, dominator, retainedSize } = third;
  const isMember = new Uint8Array(graph.nodes.length);
  for (const node of group.members) isMember[node] = 1;
  let bytes = group.natives ? bytesBelow(graph, tree, group.natives) : 0;
  if (bytes === 0) for (const node of group.members) if (isMember[dominator[node] as number] === 0) bytes += retainedSize[node] as number;
  const grown = chosen.counts[2] - chosen.counts[0];
  const rounds = 2 * (times ?? 1);
  const { steps, holder } = pathSteps(third, tree, chosen.sample, group.holders);
  return {
    verdict: chosen.verdict,
    measure: 'objects',
    className: groupLabel(third, chosen),
    counts: chosen.counts,
    perExercise: grown / rounds,
    isMultiple: chosen.isMultiple,
    retainedSize: bytes,
    bytesPerExercise: bytes / rounds,
    objectId: graph.nodes.id[chosen.sample] as number,
    holderId: steps[holder]?.id ?? 0,
    path: steps,
    holder,
    native: nativeOf(graph, steps[holder + 1]?.id),
    holders: group.holders.size,
    others: otherWays(third, tree, chosen.sample, { last, holders: group.holders }),
    functions: heldFunctions(third, chosen.sample),
    ...allocations(graph, group, chosen),
  };
}

/** Bytes to which the shortest way leads through these nodes: each native object is a root's too, so none dominates what it keeps. */
function bytesBelow({ nodes }: HeapGraph, { order, parent }: PathTree, tops: readonly number[]): number {
  const isBelow = new Uint8Array(nodes.length);
  for (const node of tops) isBelow[node] = 1;
  let bytes = 0;
  for (let i = 1; i < order.length; i++) {
    const node = order[i] as number;
    if (isBelow[node] === 0 && isBelow[parent[node] as number] === 0) continue;
    isBelow[node] = 1;
    bytes += nodes.selfSize[node] as number;
  }
  return bytes;
}

/** The native object that belongs to one of JavaScript's. */
function nativeOf(graph: HeapGraph, id: number | undefined): string | undefined {
  const { nodes, edges, strings } = graph;
  const node = id === undefined ? -1 : nodeWithId(graph, id);
  const isPair = stringIs(strings, 'javascript_to_native');
  for (let e = edges.first[node] ?? 0, end = edges.first[node + 1] ?? 0; node >= 0 && e < end; e++)
    if (isPair(edges.nameOrIndex[e] as number)) return strings.at(nodes.name[edges.to[e] as number] as number);
  return undefined;
}

/** Stacks that are told besides the first. */
const MOST_STACKS = 200;

/** Who made one of the objects, and who made what they keep: of what is made in a callback the stack does not lead to the program. */
function allocations(graph: HeapGraph, { classes }: Group, { traced }: Chosen): Pick<Leak, 'allocation' | 'otherAllocations'> {
  const others = [...classes.values()].filter((row) => row.traced >= 0 && row.traced !== traced && row.first > 0 && row.second > 0);
  others.sort((a, b) => a.depth - b.depth);
  const stacks = others.slice(0, MOST_STACKS).flatMap((row) => [allocationStack(graph, row.traced) ?? []]);
  return { allocation: traced < 0 ? undefined : allocationStack(graph, traced), otherAllocations: stacks };
}

/** What grows in itself, as the objects are told. */
export function describeGrowth(
  third: HeapAnalysis,
  tree: PathTree,
  growth: SizeGrowth,
  { times, last }: { readonly times: number | undefined; readonly last: number },
): Leak {
  const { graph } = third;
  const { node, slot, sizes, store } = growth;
  const holderNode = slot?.holder ?? node;
  const holderId = graph.nodes.id[holderNode] as number;
  const { steps } = pathSteps(third, tree, holderNode, new Set([holderId]));
  const path = slot ? [...steps, contentStep(third, slot.edge)] : steps;
  const isText = /string$/.test(path.at(-1)?.type ?? '');
  const rounds = 2 * (times ?? 1);
  const counts = growth.lengths ?? sizes;
  // V8 takes more at once than is needed: what was added has its share of that.
  const bytes = growth.lengths ? Math.round((sizes[2] * (counts[2] - counts[0])) / counts[2]) : sizes[2] - sizes[0];
  const known = { last, holders: new Set([holderId]) };
  return {
    verdict: growth.verdict,
    measure: growth.lengths ? 'elements' : 'bytes',
    className: isText ? 'string' : (path.at(-1)?.name ?? ''),
    counts,
    perExercise: (counts[2] - counts[0]) / rounds,
    isMultiple: growth.isMultiple,
    retainedSize: bytes,
    bytesPerExercise: bytes / rounds,
    objectId: graph.nodes.id[node] as number,
    holderId,
    path,
    holder: steps.length - 1,
    native: undefined,
    holders: 1,
    others: slot ? otherWays(third, tree, node, known) : [],
    functions: [],
    allocation: (graph.nodes.id[store] as number) > last ? allocationStack(graph, store) : undefined,
    otherAllocations: [],
  };
}
