/**
 * Derives why a line is hot where no rule knows it: what it does in proportion to a collection, and which loop, in
 * the function or on the way to it, has that done again for the same collection.
 *
 *   report ─ for each of orders ─ lineFor(order) ─ nameOf(id) ─ users.find(…)
 *
 * A walk follows its collection: a parameter back to what the caller gives, and what is kept stays what it is. Where
 * a loop gives the same collection in each turn, the time is the product of both.
 */
import { Category } from '../../profile/categories';
import type { ProfileTables } from '../../profile/tables';
import { type Cause, code, deed, growth, manner, remedy, times } from './derived-words';
import type { CallFact, FunctionFact, LoopFact, Origin, WorkFact } from './work-types';

/** A function with the file that it stands in, and what is known of its lines. */
export interface PlacedFunction {
  readonly file: string;
  readonly fact: FunctionFact;
}

/** What a cause is asked for. Cost in the profile's unit. */
export interface HotSpot {
  /** The function whose own time it is, and the user's own function that calls it where that is another. */
  readonly func: number;
  readonly caller: number | undefined;
  readonly cost: number;
  /** The name by which the caller calls it: `sort`, `includes`. */
  readonly called: string | undefined;
  /** Own cost by 1-based line of `func`. */
  readonly lines: ReadonlyMap<number, number>;
}

/** The part of a cost that work must have for it to be the cause, and that one way to it must have to be followed. */
const MOST = 0.5;
const ONE_WAY = 0.6;
const LEVELS = 6;
const CANDIDATES = 6;

/** Work that is followed up the path, with where its collection comes from as seen from the function that was reached. */
interface Tracked {
  readonly work: WorkFact;
  readonly at: PlacedFunction;
  readonly origin: Origin | undefined;
  /** What it does there is to call the function below. */
  readonly calls: string | undefined;
}

export interface CauseFinder {
  causeOf(spot: HotSpot): (Cause & { readonly file: string }) | undefined;
}

/** `nameOfFile` is how a file is called where it is another one. */
export function causeFinder({ nodes, functions }: ProfileTables, placed: readonly PlacedFunction[], nameOfFile: (file: string) => string): CauseFinder {
  const groupOf = new Map<number, PlacedFunction>();
  for (const one of placed) for (const row of one.fact.rows) if (!groupOf.has(row)) groupOf.set(row, one);

  return {
    causeOf(spot) {
      const here = groupOf.get(spot.func) ?? (spot.caller === undefined ? undefined : groupOf.get(spot.caller));
      if (!here) return undefined;
      let tracked = candidatesOf(here, spot).map((work): Tracked => ({ work, at: here, origin: work.origin, calls: undefined }));
      for (const one of tracked) {
        const found = repeatedIn(one);
        if (found) return found;
      }
      const first = tracked;
      let parts = startOf(spot);
      let current = here;
      for (let level = 0; level < LEVELS; level++) {
        const above = nextAbove(parts, current, spot.cost);
        if (!above) break;
        const calls = above.group.fact.calls.filter(({ callee }) => callee === current.fact.name);
        if (current.fact.name === '' || calls.length === 0) break;
        const found = repeatedBy(tracked, calls, current, above.group);
        if (found) return found;
        const around = above.group.fact.works
          .filter((work) => calls.every(({ line, endLine }) => work.line <= line && work.endLine >= endLine) && isRound(work, calls))
          .map((work): Tracked => ({ work, at: above.group, origin: work.origin, calls: current.fact.name }));
        for (const one of around) {
          const outer = repeatedIn(one);
          if (outer) return outer;
        }
        tracked = [...tracked.map((one) => ({ ...one, origin: givenTo(one.origin, calls) })), ...around.slice(0, CANDIDATES)];
        ({ parts, group: current } = above);
      }
      return alone(first);
    },
  };

  /** Own nodes of what is hot, with their cost. */
  function startOf({ func, caller }: HotSpot): Map<number, number> {
    const parts = new Map<number, number>();
    for (let node = 1; node < nodes.length; node++) {
      if (nodes.func[node] !== func || (nodes.self[node] as number) <= 0) continue;
      let at = node;
      if (!groupOf.has(func)) while (at > 0 && nodes.func[at] !== caller) at = nodes.parent[at] as number;
      if (at > 0) parts.set(at, (parts.get(at) ?? 0) + (nodes.self[node] as number));
    }
    return parts;
  }

  /** The function of the user's own code that calls this one, straight or through native code, for most of a cost. */
  function nextAbove(
    parts: ReadonlyMap<number, number>,
    from: PlacedFunction,
    whole: number,
  ): { group: PlacedFunction; parts: Map<number, number> } | undefined {
    const byGroup = new Map<PlacedFunction, Map<number, number>>();
    for (const [node, cost] of parts) {
      let at = nodes.parent[node] as number;
      while (at > 0 && (groupOf.get(nodes.func[at] as number) === from || functions.category[nodes.func[at] as number] === Category.Native))
        at = nodes.parent[at] as number;
      const group = at > 0 ? groupOf.get(nodes.func[at] as number) : undefined;
      if (!group) continue;
      const own = byGroup.get(group) ?? new Map<number, number>();
      own.set(at, (own.get(at) ?? 0) + cost);
      byGroup.set(group, own);
    }
    const sum = (own: ReadonlyMap<number, number>): number => [...own.values()].reduce((so, cost) => so + cost, 0);
    const [best] = [...byGroup].sort((a, b) => sum(b[1]) - sum(a[1]));
    return best && sum(best[1]) >= ONE_WAY * whole ? { group: best[0], parts: best[1] } : undefined;
  }

  /** Work that a loop around it, in its own function, has done again on the same. */
  function repeatedIn({ work, at, calls }: Tracked): (Cause & { file: string }) | undefined {
    const loop = work.loops.find((one) => one.isSame && !one.isFew && !isPairing(work, one.origin, work.origin));
    if (!loop) return undefined;
    const inner = calls === undefined ? '' : `, and calls ${code(calls)} for each`;
    return {
      title: `${deed(work)} ${times(loop)}`,
      sentence: `${capital(times(loop))} it ${deed(work)}${manner(work)} again in line ${work.line + 1}${inner}.${growth(work, loop)}`,
      advice: remedy(work),
      line: work.line + 1,
      file: at.file,
    };
  }

  /** Work that the callers' loop has done again on the same. */
  function repeatedBy(
    tracked: readonly Tracked[],
    calls: readonly CallFact[],
    callee: PlacedFunction,
    caller: PlacedFunction,
  ): (Cause & { file: string }) | undefined {
    for (const { work, at, origin, calls: called } of tracked) {
      if (!origin || origin.from === 'own' || origin.from === 'constant') continue;
      const loops = calls.map((call) =>
        call.loops.find(
          (loop) =>
            !loop.isFew &&
            (origin.from === 'kept' || loop.same.includes(origin.index)) &&
            !isPairing(work, loop.origin, origin.from === 'parameter' ? call.given[origin.index] : origin),
        ),
      );
      const [loop] = loops;
      if (!loop || loops.some((one) => one === undefined)) continue;
      const name = callee.fact.name;
      const who = caller.fact.name === '' ? 'its caller' : code(caller.fact.name);
      const inner = called === undefined ? '' : `, and calls ${code(called)} for each`;
      return {
        title: `${deed(work)} ${times(loop)}`,
        sentence: `Line ${work.line + 1} ${deed(work)}${manner(work)}${inner}, and ${who} calls ${code(name)} ${times(loop)} (${nameOfFile(caller.file)}:${(calls[0] as CallFact).line + 1}).${growth(work, loop)}`,
        advice: remedy(work),
        line: work.line + 1,
        file: at.file,
      };
    }
    return undefined;
  }
}

/** Work whose lines, or callbacks, have most of the cost: what says more first, then the narrowest. */
function candidatesOf({ fact }: PlacedFunction, { func, called, cost, lines }: HotSpot): WorkFact[] {
  const isOwn = fact.rows.includes(func);
  const costOf = (work: WorkFact): number => {
    if (!isOwn) return called !== undefined && work.name.split('.').at(-1) === called ? cost : 0;
    if (work.inner.includes(func)) return cost;
    let sum = 0;
    for (const [line, self] of lines) if (line > work.line && line <= work.endLine + 1) sum += self;
    return sum;
  };
  return fact.works
    .filter((work) => costOf(work) >= MOST * cost)
    .sort((a, b) => a.endLine - a.line - (b.endLine - b.line) || Number(a.kind === 'loop') - Number(b.kind === 'loop'))
    .slice(0, CANDIDATES);
}

/** Whether work is one of the loops that calls stand in: not what only begins on the same line. */
const isRound = (work: WorkFact, calls: readonly CallFact[]): boolean =>
  calls.every(({ loops }) => loops.some((loop: LoopFact) => loop.line === work.line && loop.endLine === work.endLine && !loop.isFew));

/** Where a collection comes from as the caller sees it. */
function givenTo(origin: Origin | undefined, calls: readonly CallFact[]): Origin | undefined {
  if (origin?.from !== 'parameter') return origin;
  const given = calls.map((call) => call.given[origin.index]);
  const [first] = given;
  return first && given.every((one) => one?.from === first.from && one.index === first.index) ? first : undefined;
}

/** Each with each other of one collection is work that may have to be done: nothing says that it is too much. */
const isPairing = ({ kind }: WorkFact, over: Origin | undefined, subject: Origin | undefined): boolean =>
  (kind === 'loop' || kind === 'walk') && over !== undefined && over.text === subject?.text;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Kinds that say something by themselves where the collection outlives the call. */
const ALONE = new Set(['search', 'select', 'sort', 'copy', 'add-by-copy', 'move', 'list', 'write']);

/** What each call does to something that is kept, or makes anew of constants. */
function alone(tracked: readonly Tracked[]): (Cause & { file: string }) | undefined {
  for (const { work, at, origin } of tracked) {
    if (at.fact.name === '') continue;
    const isMade = work.kind === 'build' && work.isFixed;
    if (!isMade && (origin?.from !== 'kept' || !ALONE.has(work.kind))) continue;
    return {
      title: `${deed(work)} at each call`,
      sentence: `Each call of ${code(at.fact.name)} ${deed(work)}${manner(work)} in line ${work.line + 1}${isMade ? ', each time of the same' : ''}.`,
      advice: remedy(work),
      line: work.line + 1,
      file: at.file,
    };
  }
  return undefined;
}
