/**
 * Leaks from three snapshots of one process, between which the program did the same
 * thing the same number of times.
 *
 *   first   …exercise × N…   second   …exercise × N…   third
 *            ids ≤ second's: "a"        ids > second's: "b"
 *
 * V8 numbers objects as it meets them, so an id tells between which snapshots an object
 * came. What is new and still lives in the third snapshot is grouped by its holder: the
 * nearest object on its retaining path that was there before the first snapshot, and the
 * edge by which that holds it. Holders whose paths are alike (indices aside) are one. A
 * holder is known again by its id, or, where that is an address, by the path to it.
 *
 * New objects alone are no leak: a cache may be filling, something lazy may have been made
 * once. So the members of each holder are counted in all three snapshots, old ones too:
 *
 *   leak       grew by as much the second time as the first, at least once an exercise
 *   growth     grew both times, but less often than it was exercised, or unevenly
 *   settled    grew less than half as much the second time, or stayed as it was
 *
 * What grows without new objects is looked for apart (`leak-sizes.ts`), in holders that no
 * group has. Everything is linear in the snapshots.
 */
import { err, ok, type Result } from '../../../shared/result';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import type { HeapGraph } from '../graph/heap-graph';
import { plainObjects } from '../graph/object-shapes';
import { type PathTree, pathTree } from '../paths/path-tree';
import type { Leak } from './leak';
import { leakClasses } from './leak-classes';
import { chooseClass, describeGrowth, describeLeak } from './leak-describe';
import { type Group, groupNew } from './leak-groups';
import { holdersOf } from './leak-holders';
import { LEAST } from './leak-judge';
import { type HeapMembers, membersOf } from './leak-members';
import { nativeGrowth } from './leak-natives';
import { checkOrder, type LeakIssue, largestId } from './leak-order';
import { signatureTable } from './leak-signatures';
import { grownSizes } from './leak-sizes';
import { type GrownClass, grownClasses, keptBytes } from './leak-table';
import { unexplainedGrowth } from './leak-unexplained';

export interface LeakOptions {
  /** Exercises in each round; without it, growth that is even counts as a leak. */
  readonly times: number | undefined;
  /** Lengths of arrays, Maps and Sets that grew each time, by id, as the program told them; undefined where it was not asked. */
  readonly lengths?: ReadonlyMap<number, readonly [number, number, number]> | undefined;
}

export interface LeakReport {
  readonly times: number | undefined;
  /** Leaks first, by bytes. */
  readonly leaks: readonly Leak[];
  /** Groups that grew and levelled off: caches, what is made once. */
  readonly settled: number;
  /** Bytes of growth in both rounds that none of the leaks accounts for; 0 for none. */
  readonly unexplained: number;
  /** Where no leak was found: classes of which there were as many more as it was exercised. */
  readonly classes: readonly GrownClass[];
  /** Bytes of the heap in each snapshot. */
  readonly totals: readonly [number, number, number];
}

export function findLeaks(first: HeapGraph, second: HeapGraph, third: HeapAnalysis, { times, lengths }: LeakOptions): Result<LeakReport, LeakIssue> {
  const { graph } = third;
  const issue = checkOrder(first, second, graph);
  if (issue) return err(issue);
  const limits = [largestId(first), largestId(second)] as const;
  const graphs = [first, second, graph] as const;
  const trees = [pathTree(first), pathTree(second), pathTree(graph)] as const;
  const tree = trees[2];
  const signatures = signatureTable();
  const classes = leakClasses(graph, third.plainObjects);
  const ways = { classes, signature: signatures.of(graph, tree) };
  const { groups, groupOf } = groupNew(graph, tree, ways, limits);
  const wanted = groups.filter((group) => group.first > 0 && group.second > 0);
  const settled = groups.filter((group) => group.first > LEAST && group.second === 0).length;
  const holders = holdersOf(wanted);
  const count = (at: 0 | 1): HeapMembers => {
    if (wanted.length === 0) return new Map();
    const of = graphs[at];
    return membersOf(of, trees[at], { classes: leakClasses(of, plainObjects(of)), signature: signatures.of(of, trees[at]) }, holders);
  };
  const counted: [HeapMembers, HeapMembers, HeapMembers] = [count(0), count(1), membersOf(graph, tree, ways, holders)];
  const natives = nativeGrowth({ graphs, trees, signatures, groupOf, times });
  const about = { times, last: limits[0] };
  const leaks: Leak[] = [];
  const told = new Set<number>();
  const toldGroups = new Set<number>();
  let levelled = 0;
  for (const [row, group] of wanted.entries()) {
    const chosen = chooseClass(group, row, counted, times);
    if (!chosen) {
      levelled++;
      continue;
    }
    told.add(group.signature);
    toldGroups.add(groups.indexOf(group));
    leaks.push(describeLeak(third, tree, withNatives(graph, tree, group, natives.top(group.signature)), chosen, about));
  }
  for (const { group, chosen } of natives.untold(told, toldGroups)) leaks.push(describeLeak(third, tree, group, chosen, about));
  const sizes = { graphs, tree, last: limits[0], times, lengths, told: new Set(holders.byId.keys()) } as const;
  for (const growth of grownSizes(sizes)) leaks.push(describeGrowth(third, tree, growth, about));
  leaks.sort((a, b) => rankOf(a) - rankOf(b) || b.retainedSize - a.retainedSize || a.className.localeCompare(b.className));
  const totals = graphs.map(sizeOf) as [number, number, number];
  const unexplained = unexplainedGrowth(
    graphs.map((of, at) => keptBytes(of, trees[at] as PathTree)),
    leaks,
  );
  const table = leaks.length === 0 || unexplained > 0 ? grownClasses(graphs, trees, times) : [];
  return ok({ times, leaks: mergeShared(leaks), settled: settled + levelled, unexplained, classes: table, totals });
}

/** What native objects keep, which pile up themselves: they are kept with it, by what keeps them. */
function withNatives({ nodes }: HeapGraph, { parent }: PathTree, group: Group, natives: readonly number[]): Group {
  if (natives.length === 0) return group;
  const holders = new Set(natives.map((node) => nodes.id[parent[node] as number] as number));
  return { ...group, holders, natives };
}

const rankOf = (leak: Leak): number => (leak.verdict === 'growth' ? 2 : leak.isMultiple ? 0 : 1);

function sizeOf({ nodes, extraNativeBytes }: HeapGraph): number {
  let sum = extraNativeBytes;
  for (let n = 0; n < nodes.length; n++) sum += nodes.selfSize[n] as number;
  return sum;
}

/** One object that piles up may hold others that pile up in an old one: what was made together for the same line is told once. */
function mergeShared(leaks: readonly Leak[]): Leak[] {
  const seen = new Set<string>();
  return leaks.filter((leak) => {
    if (leak.holder === 0) return true;
    const key = `${leak.holderId} ${leak.className} ${leak.counts.join(' ')}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
