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
 * Everything is linear in the snapshots.
 */
import { err, ok, type Result } from '../../shared/result';
import { allocationStack } from './allocation-stack';
import type { HeapAnalysis } from './analyze-heap';
import { graphTypes } from './graph-types';
import type { HeapGraph } from './heap-graph';
import { alikeEdge, type HolderWanted, holderEdge, ownersOf, typedName } from './leak-holders';
import { type HeapMembers, membersOf } from './leak-members';
import { otherWays } from './leak-others';
import { type HeapFunction, heldFunctions, type PathStep, pathSteps } from './leak-path';
import { type PathTree, pathTree } from './path-tree';

export type LeakVerdict = 'leak' | 'growth';

export interface Leak {
  readonly verdict: LeakVerdict;
  /** The objects that pile up, by their class. */
  readonly className: string;
  /** How many of them the holder kept in each snapshot. */
  readonly counts: readonly [number, number, number];
  /** How many more an exercise, over both rounds. */
  readonly perExercise: number;
  /** Both rounds added the same whole number for each exercise. */
  readonly isMultiple: boolean;
  /** Bytes retained by what both rounds added and the last snapshot still has. */
  readonly retainedSize: number;
  readonly bytesPerExercise: number;
  /** Id of one of the objects, and of its holder: both are found by them in the snapshots. */
  readonly objectId: number;
  readonly holderId: number;
  /** From the root to that object. */
  readonly path: readonly PathStep[];
  /** The step of the holder. */
  readonly holder: number;
  /** Holders that keep objects in the same way. */
  readonly holders: number;
  /** Other ways by which something older than the first snapshot holds that object, as `path` and `holder`. */
  readonly others: readonly { readonly path: readonly PathStep[]; readonly holder: number }[];
  /** Functions that the object holds, as a timer holds what it calls. */
  readonly functions: readonly HeapFunction[];
  /** Who made one of the objects, innermost first; undefined where it was not tracked. */
  readonly allocation:
    | readonly { readonly name: string; readonly url: string; readonly scriptId: number; readonly line: number; readonly column: number }[]
    | undefined;
}

export interface LeakReport {
  readonly times: number | undefined;
  /** Leaks first, by bytes. */
  readonly leaks: readonly Leak[];
  /** Groups that grew and levelled off: caches, what is made once. */
  readonly settled: number;
  /** Bytes of the heap in each snapshot. */
  readonly totals: readonly [number, number, number];
}

/** Why three snapshots cannot be compared. */
export type LeakIssue = { readonly kind: 'other-process'; readonly which: 1 | 2 | 3 } | { readonly kind: 'wrong-order' };

/** Growth of the second round over that of the first. */
const EVEN = { least: 0.75, most: 1.5 };
const SETTLED_BELOW = 0.5;
/** Fewer new objects than this in a round are no pattern. */
const LEAST = 3;

/** `times` exercises were done in each round; without it, growth that is even counts as a leak. */
export function findLeaks(first: HeapGraph, second: HeapGraph, third: HeapAnalysis, times: number | undefined): Result<LeakReport, LeakIssue> {
  const { graph } = third;
  const issue = checkOrder(first, second, graph);
  if (issue) return err(issue);
  const limits = [largestId(first), largestId(second)] as const;
  const tree = pathTree(graph);
  const groups = groupNew(graph, tree, limits);
  const wanted = groups.filter((group) => group.first > 0 && group.second > 0);
  const settled = groups.filter((group) => group.first > LEAST && group.second === 0).length;
  const holders = new Map<number, HolderWanted[]>();
  for (const [row, group] of wanted.entries()) {
    for (const id of group.holders) holders.set(id, [...(holders.get(id) ?? []), { edge: group.edge, group: row }]);
  }
  const counted: [HeapMembers, HeapMembers, HeapMembers] = [
    membersOf(first, wanted.length > 0 ? pathTree(first) : undefined, holders),
    membersOf(second, wanted.length > 0 ? pathTree(second) : undefined, holders),
    membersOf(graph, tree, holders),
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
  leaks.sort((a, b) => rankOf(a) - rankOf(b) || b.retainedSize - a.retainedSize || a.className.localeCompare(b.className));
  const totals = [first, second, graph].map(sizeOf) as [number, number, number];
  return ok({ times, leaks: mergeShared(leaks), settled: settled + levelled, totals });
}

const rankOf = (leak: Leak): number => (leak.verdict === 'growth' ? 2 : leak.isMultiple ? 0 : 1);

/** New objects that are kept in the same way. */
interface Group {
  readonly edge: string;
  /** Ids of the holders. */
  readonly holders: Set<number>;
  /** New ones of the first and of the second round that live in the third snapshot. */
  first: number;
  second: number;
  readonly classes: Map<string, ClassRow>;
  readonly members: number[];
}

interface ClassRow {
  first: number;
  second: number;
  /** Steps from the holder. */
  depth: number;
  /** The nearest one of the first round. */
  sample: number;
  /** One whose stack V8 knows, -1 for none: it loses some when it moves objects. */
  traced: number;
}

function checkOrder(first: HeapGraph, second: HeapGraph, third: HeapGraph): LeakIssue | undefined {
  const limits = [first, second, third].map(largestId) as [number, number, number];
  const fits = [haveSameIds(first, third), haveSameIds(second, third)] as const;
  if (!fits[0] || !fits[1]) return { kind: 'other-process', which: fits[0] ? 2 : fits[1] ? 1 : 3 };
  return limits[0] <= limits[1] && limits[1] <= limits[2] ? undefined : { kind: 'wrong-order' };
}

/** Of one process, nearly all of what is in a snapshot of a warm program is in the next. */
const SAME_PROCESS = 0.4;
/**
 * Of the objects and functions whose ids both have. Ids that were given anew, once the heap
 * profiler was disabled, begin at the same number: they are shared, and name other things.
 * Measured on Node.js 20: 1.00 in one connection, 0.07 to 0.11 in several.
 */
const SAME_THING = 0.8;

/** Whether an id is the same object in both. */
function haveSameIds(one: HeapGraph, other: HeapGraph): boolean {
  const rows = new Map<number, number>();
  const step = Math.max(1, Math.floor(one.nodes.length / 20_000));
  for (let n = 1; n < one.nodes.length; n += step) if ((one.nodes.id[n] as number) % 2 === 1) rows.set(one.nodes.id[n] as number, n);
  const types = graphTypes(one);
  let same = 0;
  let named = 0;
  let sameNamed = 0;
  for (let n = 1; n < other.nodes.length; n++) {
    const row = rows.get(other.nodes.id[n] as number);
    if (row === undefined) continue;
    const isSame = typedName(one, row) === typedName(other, n);
    const type = one.nodes.type[row];
    if (isSame) same++;
    // Only these have names that tell one from the other.
    if (type !== types.object && type !== types.closure) continue;
    named++;
    if (isSame) sameNamed++;
  }
  return rows.size > 0 && same >= rows.size * SAME_PROCESS && sameNamed >= named * SAME_THING;
}

/** Of V8's objects: embedders' ids are addresses on old versions. */
function largestId({ nodes }: HeapGraph): number {
  let largest = 0;
  for (let n = 0; n < nodes.length; n++) {
    const id = nodes.id[n] as number;
    if (id % 2 === 1 && id > largest) largest = id;
  }
  return largest;
}

function sizeOf({ nodes, extraNativeBytes }: HeapGraph): number {
  let sum = extraNativeBytes;
  for (let n = 0; n < nodes.length; n++) sum += nodes.selfSize[n] as number;
  return sum;
}

function groupNew(graph: HeapGraph, tree: PathTree, [last1, last2]: readonly [number, number]): Group[] {
  const { nodes } = graph;
  const groups: Group[] = [];
  const byKey = new Map<string, number>();
  const groupOf = new Int32Array(nodes.length).fill(-1);
  const depthOf = new Uint32Array(nodes.length);
  const signature = pathSignatures(graph, tree);
  const owners = ownersOf(graph, tree);
  const types = graph.nodeTypes;
  const isTraced = (node: number): boolean => (nodes.traceNode?.[node] ?? 0) > 0;
  for (let i = 1; i < tree.order.length; i++) {
    const node = tree.order[i] as number;
    const id = nodes.id[node] as number;
    const parent = tree.parent[node] as number;
    const isOdd = id % 2 === 1;
    if (isOdd && id <= last1) continue;
    let row = groupOf[parent] as number;
    // Embedders' objects count with what holds them.
    if (row < 0 && !isOdd) continue;
    if (row < 0) {
      const holder = owners.holder[node] as number;
      const text = holderEdge(graph, holder, owners.edge[node] as number);
      const key = `${signature(holder)} ${text}`;
      row = byKey.get(key) ?? groups.push({ edge: text, holders: new Set(), first: 0, second: 0, classes: new Map(), members: [] }) - 1;
      byKey.set(key, row);
      (groups[row] as Group).holders.add(nodes.id[holder] as number);
    }
    groupOf[node] = row;
    depthOf[node] = (groupOf[parent] === row ? (depthOf[parent] as number) : 0) + 1;
    const group = groups[row] as Group;
    group.members.push(node);
    if (!isOdd || !isCounted(types[nodes.type[node] as number] as string)) continue;
    const isFirst = id <= last2;
    if (isFirst) group.first++;
    else group.second++;
    const name = typedName(graph, node);
    let found = group.classes.get(name);
    if (!found) {
      found = { first: 0, second: 0, depth: depthOf[node] as number, sample: node, traced: -1 };
      group.classes.set(name, found);
    }
    if (isFirst && found.first === 0) found.sample = node;
    if (found.traced < 0 && isTraced(node)) found.traced = node;
    if (isFirst) found.first++;
    else found.second++;
  }
  return groups;
}

/** What a user's code makes, rather than what V8 makes for it. */
const isCounted = (type: string): boolean => type !== 'hidden' && type !== 'code' && type !== 'array' && type !== 'synthetic' && type !== 'object shape';

/** The same for nodes whose paths differ in indices and in how often a step is repeated. */
function pathSignatures(graph: HeapGraph, tree: PathTree): (node: number) => number {
  const { nodes } = graph;
  const known = new Int32Array(nodes.length).fill(-1);
  const steps = new Map<string, number>();
  const last: string[] = [''];
  known[0] = 0;
  const locations = locationRows(graph);
  return (node) => {
    const below: number[] = [];
    let at = node;
    for (; known[at] === -1; at = tree.parent[at] as number) below.push(at);
    let signature = known[at] as number;
    for (let next = below.pop(); next !== undefined; next = below.pop()) {
      const edge = tree.edge[next] as number;
      const step = `${edge < 0 ? '' : alikeEdge(graph, edge)} ${typedName(graph, next)} ${locations(next)}`;
      if (last[signature] !== step) {
        const key = `${signature} ${step}`;
        const found = steps.get(key) ?? steps.size + 1;
        steps.set(key, found);
        last[found] = step;
        signature = found;
      }
      known[next] = signature;
    }
    return signature;
  };
}

function locationRows({ locations }: HeapGraph): (node: number) => string {
  const rows = new Map<number, number>();
  for (let i = 0; i < locations.length; i++) rows.set(locations.node[i] as number, i);
  return (node) => {
    const row = rows.get(node);
    return row === undefined ? '' : `${locations.scriptId[row]}:${locations.line[row]}:${locations.column[row]}`;
  };
}

interface Chosen {
  readonly verdict: LeakVerdict;
  readonly name: string;
  readonly counts: readonly [number, number, number];
  readonly isMultiple: boolean;
  readonly sample: number;
  readonly traced: number;
}

/** The class of a group that tells most of how it grows: an even multiple first, then what is nearest to the holder. */
function chooseClass(group: Group, row: number, counted: readonly HeapMembers[], times: number | undefined): Chosen | undefined {
  let best: (Chosen & { score: number }) | undefined;
  for (const [name, { first, second, depth, sample, traced }] of group.classes) {
    if (first === 0 || second === 0) continue;
    const counts = counted.map((heap) => heap.get(`${row} ${name}`) ?? 0) as [number, number, number];
    const one = counts[1] - counts[0];
    const two = counts[2] - counts[1];
    if (one <= 0 || two <= 0 || two < one * SETTLED_BELOW) continue;
    const least = Math.max(LEAST, times === undefined ? 0 : times * 0.9);
    const isEven = two >= one * EVEN.least && two <= one * EVEN.most && first >= one * SETTLED_BELOW;
    const isMultiple = times !== undefined && one === two && one % times === 0;
    const isLeak = isMultiple || (isEven && one >= least && two >= least);
    if (!isLeak && (one < LEAST || two < LEAST || !isEven)) continue;
    const isObject = name.startsWith('object:') || name.startsWith('closure:') || name.startsWith('native:');
    const isOwn = !/:(?:system \/|\(|$)/.test(name);
    const score =
      (isLeak ? 1000 : 0) + (isMultiple ? 500 : 0) + (isObject ? 200 : 0) + (isOwn ? 100 : 0) - Math.min(depth, 50) - (isMultiple && one !== times ? 0.5 : 0);
    if (!best || score > best.score) best = { verdict: isLeak ? 'leak' : 'growth', name, counts, isMultiple, sample, traced, score };
  }
  return best;
}

function describeLeak(
  third: HeapAnalysis,
  tree: PathTree,
  group: Group,
  chosen: Chosen,
  { times, last }: { readonly times: number | undefined; readonly last: number },
): Leak {
  const { graph, dominator, retainedSize } = third;
  const isMember = new Set(group.members);
  let bytes = 0;
  for (const node of group.members) if (!isMember.has(dominator[node] as number)) bytes += retainedSize[node] as number;
  const grown = chosen.counts[2] - chosen.counts[0];
  const rounds = 2 * (times ?? 1);
  const { steps, holder } = pathSteps(third, tree, chosen.sample, group.holders);
  return {
    verdict: chosen.verdict,
    className: classNameOf(steps.at(-1)) ?? chosen.name,
    counts: chosen.counts,
    perExercise: grown / rounds,
    isMultiple: chosen.isMultiple,
    retainedSize: bytes,
    bytesPerExercise: bytes / rounds,
    objectId: graph.nodes.id[chosen.sample] as number,
    holderId: steps[holder]?.id ?? 0,
    path: steps,
    holder,
    holders: group.holders.size,
    others: otherWays(third, tree, chosen.sample, { last, holders: group.holders }),
    functions: heldFunctions(third, chosen.sample),
    allocation: chosen.traced < 0 ? undefined : allocationStack(graph, chosen.traced),
  };
}

/** Text is no class. */
const classNameOf = (step: PathStep | undefined): string | undefined => (step && /string$/.test(step.type) ? 'string' : step?.name);

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
