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
 * edge by which that holds it. Holders whose paths are alike (indices aside) are one.
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
import { err, ok, type Result } from '../../shared/result';
import type { HeapAnalysis } from './analyze-heap';
import type { HeapGraph } from './heap-graph';
import type { Leak } from './leak';
import { leakClasses } from './leak-classes';
import { chooseClass, describeGrowth, describeLeak } from './leak-describe';
import { groupNew } from './leak-groups';
import type { HolderWanted } from './leak-holders';
import { LEAST } from './leak-judge';
import { type HeapMembers, membersOf } from './leak-members';
import { checkOrder, type LeakIssue, largestId } from './leak-order';
import { grownSizes } from './leak-sizes';
import { unexplainedGrowth } from './leak-unexplained';
import { plainObjects } from './object-shapes';
import { pathTree } from './path-tree';

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
  /** Bytes of the heap in each snapshot. */
  readonly totals: readonly [number, number, number];
}

export function findLeaks(first: HeapGraph, second: HeapGraph, third: HeapAnalysis, { times, lengths }: LeakOptions): Result<LeakReport, LeakIssue> {
  const { graph } = third;
  const issue = checkOrder(first, second, graph);
  if (issue) return err(issue);
  const limits = [largestId(first), largestId(second)] as const;
  const tree = pathTree(graph);
  const classes = leakClasses(graph, third.plainObjects);
  const groups = groupNew(graph, tree, classes, limits);
  const wanted = groups.filter((group) => group.first > 0 && group.second > 0);
  const settled = groups.filter((group) => group.first > LEAST && group.second === 0).length;
  const holders = new Map<number, HolderWanted[]>();
  for (const [row, group] of wanted.entries()) {
    for (const id of group.holders) {
      const known = holders.get(id);
      if (known) known.push({ edge: group.edge, group: row });
      else holders.set(id, [{ edge: group.edge, group: row }]);
    }
  }
  const counted: [HeapMembers, HeapMembers, HeapMembers] = [
    countMembers(first, holders),
    countMembers(second, holders),
    membersOf(graph, tree, classes, holders),
  ];
  const leaks: Leak[] = [];
  let levelled = 0;
  for (const [row, group] of wanted.entries()) {
    const chosen = chooseClass(group, row, counted, times);
    if (!chosen) {
      levelled++;
      continue;
    }
    leaks.push(describeLeak(third, tree, group, chosen, { times, last: limits[0] }));
  }
  const sizes = { graphs: [first, second, graph], tree, last: limits[0], times, lengths, told: new Set(holders.keys()) } as const;
  for (const growth of grownSizes(sizes)) leaks.push(describeGrowth(third, tree, growth, { times, last: limits[0] }));
  leaks.sort((a, b) => rankOf(a) - rankOf(b) || b.retainedSize - a.retainedSize || a.className.localeCompare(b.className));
  const totals = [first, second, graph].map(sizeOf) as [number, number, number];
  return ok({ times, leaks: mergeShared(leaks), settled: settled + levelled, unexplained: unexplainedGrowth(totals, leaks), totals });
}

function countMembers(graph: HeapGraph, holders: ReadonlyMap<number, readonly HolderWanted[]>): HeapMembers {
  return holders.size === 0 ? new Map() : membersOf(graph, pathTree(graph), leakClasses(graph, plainObjects(graph)), holders);
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
    const key = `${leak.holderId} ${leak.className} ${leak.counts.join(' ')}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
