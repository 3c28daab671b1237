import { isCode } from '../profile/categories';
import { type ComparedSide, type FunctionIdentity, isNameless } from './compared-side';
import { type FileMatch, inPackage, matchFiles, type Renames } from './match-files';
import { leftoverPairs } from './match-leftovers';
import { overlap, type Surroundings, surroundings } from './surroundings';

/** A function of the comparison: its rows on the two sides; -1 where it is not there. */
export interface FunctionPair {
  readonly before: number;
  readonly after: number;
  /** It has another name, or stands in another file. */
  readonly isMoved: boolean;
}

/**
 * Which function before is which after.
 *
 * 1. Functions of one name in one file. Several of one name are paired by what encloses
 *    them, their bodies, their callers and callees, and then by their order.
 * 2. Functions without a name, in the same way, within one file; where its named ones stand where
 *    they stood, by their place.
 * 3. What is left over: the same body elsewhere, or the same name in another file with
 *    callers and callees alike, was moved or renamed (`match-leftovers.ts`).
 *
 * Nothing is paired on a guess: what has no partner is gone, or new.
 */
export function matchFunctions(before: ComparedSide, after: ComparedSide, renames: Renames = new Map()): FunctionPair[] {
  const fileOf = matchFiles(before.functions, after.functions, renames);
  const groups = new Map<string, Group>();
  const groupOf = (key: string): Group => {
    let group = groups.get(key);
    if (!group) {
      group = { before: [], after: [] };
      groups.set(key, group);
    }
    return group;
  };
  for (const [row, one] of before.functions.entries()) groupOf(groupKey(one, fileOf(one.file))).before.push(row);
  for (const [row, one] of after.functions.entries()) groupOf(groupKey(one, inPackage(one.file))).after.push(row);

  const partner = new Int32Array(before.functions.length).fill(-1);
  const pairs = pairsOf(before, after, groups);
  for (const [first, second] of pairs) partner[first] = second;
  const taken = new Uint8Array(after.functions.length);
  for (const [, second] of pairs) taken[second] = 1;
  for (const [first, second] of leftoverPairs(before, after, { partner, taken, fileOf })) {
    partner[first] = second;
    taken[second] = 1;
  }
  return [
    ...before.functions.map((one, row): FunctionPair => {
      const other = partner[row] as number;
      return { before: row, after: other, isMoved: other >= 0 && isMoved(one, after.functions[other] as FunctionIdentity, fileOf, renames) };
    }),
    ...after.functions.flatMap((_, row): FunctionPair[] => (taken[row] === 0 ? [{ before: -1, after: row, isMoved: false }] : [])),
  ];
}

interface Group {
  readonly before: number[];
  readonly after: number[];
}

/** Only in one group can functions be the same without having moved. */
function groupKey({ name, category, file: own, line, column }: FunctionIdentity, file: string): string {
  // The top of a module has no name, and is no callback.
  if (line === 0 && column === 0 && name === '' && own !== '') return `\0\0${file}`;
  // V8's own entries are of a category and have no file; code may come from a dependency now.
  if (own === '') return `${isCode(category) ? '' : category}\0${name}`;
  return `${isNameless(name) ? '' : name}\0${file}`;
}

function isMoved(before: FunctionIdentity, after: FunctionIdentity, fileOf: FileMatch, renames: Renames): boolean {
  if (before.file === '' && after.file === '') return before.name !== after.name;
  if (renames.has(before.file) || fileOf(before.file) !== inPackage(after.file)) return true;
  return before.name !== after.name && !(isNameless(before.name) && isNameless(after.name));
}

/** Larger groups are paired by their order alone: a bundle of thousands of functions of one name. */
const MOST_SCORED = 200;

function pairsOf(before: ComparedSide, after: ComparedSide, groups: ReadonlyMap<string, Group>): [number, number][] {
  const pairs: [number, number][] = [];
  const several: Group[] = [];
  /** By file after, whether each of its functions that is alone with its name stands where it stood. */
  const unmoved = new Map<string, boolean>();
  for (const group of groups.values()) {
    const [first, second] = [group.before[0], group.after[0]];
    if (first === undefined || second === undefined) continue;
    const [one, other] = [before.functions[first] as FunctionIdentity, after.functions[second] as FunctionIdentity];
    const isAlone = group.before.length === 1 && group.after.length === 1;
    if (!isAlone || isNameless(one.name)) several.push(group);
    else {
      pairs.push([first, second]);
      unmoved.set(other.file, unmoved.get(other.file) !== false && isSamePlace(one, other));
    }
  }
  const isUnmoved = (group: Group): boolean => unmoved.get(after.functions[group.after[0] as number]?.file ?? '') === true;
  for (const group of several) if (isUnmoved(group)) pairs.push(...pairsByPlace(before, after, group));
  const rest = several.filter((group) => !isUnmoved(group));
  const around = {
    before: surroundings(
      before,
      rest.flatMap((group) => group.before),
    ),
    after: surroundings(
      after,
      rest.flatMap((group) => group.after),
    ),
  };
  for (const group of rest) pairs.push(...pairsInGroup(before, after, group, around));
  return pairs;
}

const isUnlike = (one: FunctionIdentity, other: FunctionIdentity): boolean =>
  one.within !== undefined && other.within !== undefined && one.within !== other.within && one.body !== other.body;

const isSamePlace = ({ line, lineAfter = line, column }: FunctionIdentity, other: FunctionIdentity): boolean =>
  lineAfter === other.line && column === other.column;

interface Around {
  readonly before: ReadonlyMap<number, Surroundings>;
  readonly after: ReadonlyMap<number, Surroundings>;
}

/** In a file that was not edited above them, functions are where they were. */
function pairsByPlace(before: ComparedSide, after: ComparedSide, group: Group): [number, number][] {
  const placeOf = ({ line, lineAfter = line, column }: FunctionIdentity): string => `${lineAfter}:${column}`;
  const places = new Map(group.after.map((row) => [placeOf(after.functions[row] as FunctionIdentity), row]));
  return group.before.flatMap((one): [number, number][] => {
    const other = places.get(placeOf(before.functions[one] as FunctionIdentity));
    return other === undefined || isUnlike(before.functions[one] as FunctionIdentity, after.functions[other] as FunctionIdentity) ? [] : [[one, other]];
  });
}

function pairsInGroup(before: ComparedSide, after: ComparedSide, group: Group, around: Around): [number, number][] {
  const first = inOrder(group.before, before);
  const second = inOrder(group.after, after);
  if (first.length === 1 && second.length === 1) {
    const [one, other] = [first[0] as number, second[0] as number];
    // One callback before and one after need not be the same one.
    return isUnlike(before.functions[one] as FunctionIdentity, after.functions[other] as FunctionIdentity) ? [] : [[one, other]];
  }
  const pairs: [number, number][] = [];
  const taken = new Set<number>();
  if (first.length * second.length <= MOST_SCORED * MOST_SCORED) {
    const scored: { readonly one: number; readonly other: number; readonly score: number; readonly apart: number }[] = [];
    for (const [i, one] of first.entries())
      for (const [j, other] of second.entries()) {
        const score = likeness(
          [before.functions[one] as FunctionIdentity, around.before.get(one)],
          [after.functions[other] as FunctionIdentity, around.after.get(other)],
        );
        if (score >= ENOUGH) scored.push({ one, other, score, apart: Math.abs(i - j) });
      }
    scored.sort((a, b) => b.score - a.score || a.apart - b.apart);
    const used = new Set<number>();
    for (const { one, other } of scored) {
      if (used.has(one) || taken.has(other)) continue;
      used.add(one);
      taken.add(other);
      pairs.push([one, other]);
    }
    return [...pairs, ...byOrder(before, after, [first.filter((one) => !used.has(one)), second.filter((other) => !taken.has(other))])];
  }
  return byOrder(before, after, [first, second]);
}

/** The rest of a group: where as many are left on both sides within the same functions, they are the same in their order. */
function byOrder(before: ComparedSide, after: ComparedSide, [first, second]: readonly [readonly number[], readonly number[]]): [number, number][] {
  const withinOf = ({ functions }: ComparedSide, row: number): string => (functions[row] as FunctionIdentity).within ?? '';
  const bodies = new Map<string, { before: number[]; after: number[] }>();
  for (const row of first) bucket(bodies, withinOf(before, row)).before.push(row);
  for (const row of second) bucket(bodies, withinOf(after, row)).after.push(row);
  return [...bodies.values()].flatMap((rest) =>
    rest.before.length === rest.after.length ? rest.before.map((one, at): [number, number] => [one, rest.after[at] as number]) : [],
  );
}

function bucket(buckets: Map<string, { before: number[]; after: number[] }>, key: string): { before: number[]; after: number[] } {
  let found = buckets.get(key);
  if (!found) {
    found = { before: [], after: [] };
    buckets.set(key, found);
  }
  return found;
}

const inOrder = (rows: readonly number[], { functions }: ComparedSide): number[] =>
  [...rows].sort((a, b) => {
    const [one, other] = [functions[a] as FunctionIdentity, functions[b] as FunctionIdentity];
    return one.line - other.line || one.column - other.column || a - b;
  });

/** Of 18: equal bodies, the same line, or surroundings of which most are the same. */
const ENOUGH = 3;

/** How much speaks for two functions of one name and file being one. */
function likeness([one, first]: readonly [FunctionIdentity, Surroundings | undefined], [other, second]: readonly [FunctionIdentity, Surroundings | undefined]) {
  let score = 0;
  if (one.body !== undefined && one.body === other.body) score += 6;
  if (one.within !== undefined && other.within !== undefined) score += one.within === other.within ? 2 : -3;
  // Where the texts of both sides are known, lines that are the same say more than a number that is.
  if (isSamePlace(one, other)) score += one.lineAfter === undefined ? 1 : 6;
  if (first && second) score += 2 * (overlap(first.callers, second.callers) ?? 0) + 2 * (overlap(first.callees, second.callees) ?? 0);
  return score;
}
