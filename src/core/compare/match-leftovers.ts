import { isCode } from '../profile/categories';
import { type ComparedSide, type FunctionIdentity, isNameless } from './compared-side';
import { type FileMatch, inPackage } from './match-files';
import { overlap, type Surroundings, surroundings } from './surroundings';

interface Left {
  /** Of the rows before their partners, -1 for none yet. */
  readonly partner: Int32Array;
  readonly taken: Uint8Array;
  readonly fileOf: FileMatch;
}

/** How alike callers and callees must be, where a name speaks for it as well, and where nothing else does. */
const ALIKE = 0.3;
const VERY_ALIKE = 0.5;

/**
 * Functions that have no partner of their name and file, and were moved or renamed. In
 * this order, each only where it is the one candidate on both sides:
 *
 *   the same body, anywhere
 *   the same name in another file, and callers and callees that are alike
 *   another name in the same file, and callers and callees that are very alike
 */
export function leftoverPairs(before: ComparedSide, after: ComparedSide, left: Left): [number, number][] {
  const pairs: [number, number][] = [];
  const used = { before: new Set<number>(), after: new Set<number>() };
  const rest = (): readonly [number[], number[]] => [
    rowsOf(before, (row) => left.partner[row] === -1 && !used.before.has(row)),
    rowsOf(after, (row) => left.taken[row] === 0 && !used.after.has(row)),
  ];
  const take = (found: readonly [number, number][]): void => {
    for (const [one, other] of found) {
      used.before.add(one);
      used.after.add(other);
      pairs.push([one, other]);
    }
  };
  const bodyOf = ({ body }: FunctionIdentity): string | undefined => body;
  take(onlyPairs(before, after, { rows: rest(), keys: [bodyOf, bodyOf], accepts: () => true }));

  const [first, second] = rest();
  if (first.length === 0 || second.length === 0) return pairs;
  const around = { before: surroundings(before, first), after: surroundings(after, second) };
  const alike = (one: number, other: number): number => likeness(around.before.get(one), around.after.get(other));
  const nameOf = ({ name }: FunctionIdentity): string | undefined => (isNameless(name) ? undefined : name);
  take(onlyPairs(before, after, { rows: rest(), keys: [nameOf, nameOf], accepts: (one, other) => alike(one, other) >= ALIKE }));

  const inFile = (fileOf: FileMatch) => (one: FunctionIdentity) => (one.file === '' ? undefined : `${isNameless(one.name)}\0${fileOf(one.file)}`);
  take(
    bestPairs(before, after, {
      rows: rest(),
      keys: [inFile(left.fileOf), inFile(inPackage)],
      accepts: (one, other) => isBoth(around.before.get(one), around.after.get(other)) && alike(one, other) >= VERY_ALIKE,
    }),
  );
  return pairs;
}

function rowsOf({ functions }: ComparedSide, isLeft: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < functions.length; row++) if (isLeft(row) && isCode((functions[row] as FunctionIdentity).category)) rows.push(row);
  return rows;
}

type KeyOf = (one: FunctionIdentity) => string | undefined;
type Accepts = (one: number, other: number) => boolean;

/** In larger groups nothing is told apart. */
const MOST = 100;

interface Matching {
  /** Rows of either side that have no partner yet. */
  readonly rows: readonly [readonly number[], readonly number[]];
  readonly keys: readonly [KeyOf, KeyOf];
  readonly accepts: Accepts;
}

/** Pairs of what is alone with its key on both sides. */
function onlyPairs(before: ComparedSide, after: ComparedSide, matching: Matching): [number, number][] {
  return sharedKeys(before, after, matching).flatMap(([ones, others]): [number, number][] => {
    const [one, other] = [ones[0] as number, others[0] as number];
    return ones.length === 1 && others.length === 1 && matching.accepts(one, other) ? [[one, other]] : [];
  });
}

/** Pairs within a key that accept nobody else. */
function bestPairs(before: ComparedSide, after: ComparedSide, matching: Matching): [number, number][] {
  return sharedKeys(before, after, matching).flatMap(([ones, others]): [number, number][] => {
    if (ones.length > MOST || others.length > MOST) return [];
    const accepted = ones.flatMap((one) => others.filter((other) => matching.accepts(one, other)).map((other): [number, number] => [one, other]));
    return accepted.filter(([one, other]) => accepted.filter((pair) => pair[0] === one || pair[1] === other).length === 1);
  });
}

/** The rows of either side for each key that both have. */
function sharedKeys(before: ComparedSide, after: ComparedSide, { rows, keys }: Matching): (readonly [readonly number[], readonly number[]])[] {
  const others = grouped(after, rows[1], keys[1]);
  return [...grouped(before, rows[0], keys[0])].flatMap(([key, ones]) => {
    const found = others.get(key);
    return found ? [[ones, found] as const] : [];
  });
}

function grouped({ functions }: ComparedSide, rows: readonly number[], keyOf: KeyOf): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = keyOf(functions[row] as FunctionIdentity);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Callers and callees together, by what is known of them. */
function likeness(one: Surroundings | undefined, other: Surroundings | undefined): number {
  if (!one || !other) return 0;
  const known = [overlap(one.callers, other.callers), overlap(one.callees, other.callees)].filter((value) => value !== undefined);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Leaves that one function calls are not the same for that. */
const isBoth = (one: Surroundings | undefined, other: Surroundings | undefined): boolean =>
  (one?.callees.size ?? 0) > 0 && (other?.callees.size ?? 0) > 0 && (overlap(one?.callers ?? new Set(), other?.callers ?? new Set()) ?? 0) >= VERY_ALIKE;
