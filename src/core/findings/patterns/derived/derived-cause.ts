/**
 * Derives why a line is hot where no rule knows it: what it does in proportion to a collection, and which loop, in
 * the function or on the way to it, has that done again for the same collection.
 *
 *   report ─ for each of orders ─ lineFor(order) ─ nameOf(id) ─ users.find(…)
 *
 * A walk follows its collection: a parameter back to what the caller gives, and what is kept stays what it is. Where
 * a loop gives the same collection in each turn, the time is the product of both.
 */
import { formatShare } from '../../../../shared/format';
import { Category } from '../../../profile/categories';
import type { ProfileTables } from '../../../profile/tables';
import type { CallFact, LoopFact, MadeOf, Origin, WorkFact } from '../facts/work-types';
import { alone, candidatesOf, getter } from './derived-alone';
import { making } from './derived-making';
import {
  type ElementCalls,
  elementCalls,
  madeAtEachCall,
  ofElements,
  ofKeptElements,
  recursionInRecursion,
  throughProxy,
  throughRecursion,
  unkept,
} from './derived-more';
import { givenTo, isSameIn, usesOf } from './derived-origins';
import type { HotSpot, PlacedFunction, Tracked } from './derived-types';
import { type Cause, capital, code, deed, growth, manner, ONE_ACCESS, remedy, times } from './derived-words';

/** The part of a cost that one way to it must have to be followed. */
const ONE_WAY = 0.6;
/** Of a function's time, what making an object has, from which on it is worth a word. */
const MADE = 0.15;
/** Of a call's time, what the function of a package has that tells why it takes so long. */
const THROUGH = 0.2;
/** Of a function's time, what the traps of a Proxy under it have. */
const IN_TRAPS = 0.25;
const LEVELS = 6;
const CANDIDATES = 6;

export interface CauseFinder {
  /** What the first of these functions that is the user's own makes in its loops. */
  makingOf(functions: readonly number[]): (Cause & { readonly file: string }) | undefined;
  causeOf(spot: HotSpot): (Cause & { readonly file: string }) | undefined;
}

/** `nameOfFile` is how a file is called where it is another one. */
export function causeFinder(
  { nodes, functions, strings }: ProfileTables,
  placed: readonly PlacedFunction[],
  nameOfFile: (file: string) => string,
): CauseFinder {
  const groupOf = new Map<number, PlacedFunction>();
  for (const one of placed) for (const row of one.fact.rows) if (!groupOf.has(row)) groupOf.set(row, one);
  /** The sources whose top level is a part of a bundle's. */
  const topsOf = new Map<number, PlacedFunction[]>();
  for (const one of placed) for (const row of one.fact.tops) topsOf.set(row, [...(topsOf.get(row) ?? []), one]);

  const assigned = new Set(placed.flatMap(({ fact }) => fact.assigns));

  return {
    makingOf: (functions) => making(functions.map((func) => groupOf.get(func)).find((one) => one !== undefined && one.fact.makes.length > 0)),
    causeOf(spot) {
      const here =
        groupOf.get(spot.func) ??
        topsOf.get(spot.func)?.find(({ file }) => file === spot.file) ??
        (spot.caller === undefined ? undefined : callerOf(spot.caller, spot.called));
      if (!here) return undefined;
      let tracked = candidatesOf(here, spot, entryOf(spot))
        .filter(({ words }) => !words?.through || throughOf(words.through, spot) >= THROUGH * spot.cost)
        .map((work): Tracked => ({ work, at: here, origin: work.origin, calls: undefined }));
      for (const one of tracked) {
        const found = repeatedIn(one);
        if (found) return found;
      }
      const makes = here.fact.works.flatMap((work): Tracked[] => {
        const made = work.madeOf?.package === spot.package ? partOf(here, work.madeOf) : 0;
        return made >= MADE ? [{ work, at: here, origin: work.origin, calls: undefined, made }] : [];
      });
      tracked.push(...makes);
      const remade = makes.map(repeatedIn).find((one) => one !== undefined);
      if (remade) return remade;
      const proxied = groupOf.has(spot.func) ? proxyOf(spot, here) : undefined;
      if (proxied) return proxied;
      const recursive = throughRecursion(tracked, here) ?? unkept(here);
      if (recursive) return recursive;
      const first = tracked;
      let pending: ElementCalls | undefined;
      let parts = startOf(spot);
      let current = here;
      for (let level = 0; level < LEVELS; level++) {
        const above = nextAbove(parts, current, spot.cost);
        if (!above) break;
        const calls = usesOf(current, above.group);
        if (calls.length === 0) break;
        const anew = pending?.caller === current && ofElements(pending, { calls, by: above.group.fact.name });
        if (anew) return anew;
        const twice = recursionInRecursion(current, calls, above.group);
        if (twice) return twice;
        const found = repeatedBy(tracked, calls, current, above.group);
        if (found) return found;
        pending = elementCalls(calls, current, above.group, assigned) ?? pending;
        const within = pending && ofElements(pending, undefined);
        if (within) return within;
        const around = above.group.fact.works
          .filter((work) => calls.every(({ line, endLine }) => work.line <= line && work.endLine >= endLine) && isRound(work, calls))
          .map((work): Tracked => ({ work, at: above.group, origin: work.origin, calls: current.fact.name }));
        for (const one of around) {
          const outer = repeatedIn(one);
          if (outer) return outer;
        }
        tracked = [...tracked.map((one) => ({ ...one, origin: givenTo(one.origin, calls) })), ...around.slice(0, CANDIDATES)];
        ({ parts, group: current } = above);
        const stepwise = throughRecursion(tracked, current) ?? unkept(current);
        if (stepwise) return stepwise;
      }
      const kept = pending && ofKeptElements(pending);
      if (kept) return kept;
      return makes.map(madeAtEachCall).find((one) => one !== undefined) ?? alone(first) ?? (here.fact.isGetter ? getter(here, spot) : undefined);
    },
  };

  /** A caller that is the top level of a bundle is that of the source which makes the call. */
  function callerOf(func: number, called: string | undefined): PlacedFunction | undefined {
    return groupOf.get(func) ?? topsOf.get(func)?.find(({ fact }) => fact.calls.some(({ callee }) => callee === called));
  }

  /** The name of the function that own code calls on the way to most of what is hot. */
  function entryOf({ func, caller }: HotSpot): string | undefined {
    const byEntry = new Map<number, number>();
    for (let node = 1; node < nodes.length; node++) {
      if (nodes.func[node] !== func || groupOf.has(func)) continue;
      let entry = nodes.func[node] as number;
      let at = node;
      while (at > 0 && nodes.func[at] !== caller) {
        if (functions.category[nodes.func[at] as number] !== Category.Native) entry = nodes.func[at] as number;
        at = nodes.parent[at] as number;
      }
      if (at > 0) byEntry.set(entry, (byEntry.get(entry) ?? 0) + (nodes.total[node] as number));
    }
    const [most] = [...byEntry].sort((a, b) => b[1] - a[1]);
    return (
      most &&
      strings
        .at(functions.name[most[0]] as number)
        .split('.')
        .at(-1)
    );
  }

  /** What functions of these names in the package of what is hot have, with what they call. */
  function throughOf(names: readonly string[], { package: of }: HotSpot): number {
    let sum = 0;
    for (let node = 1; node < nodes.length; node++) {
      const func = nodes.func[node] as number;
      if (names.includes(strings.at(functions.name[func] as number)) && strings.at(functions.package[func] as number) === of)
        sum += nodes.total[node] as number;
    }
    return sum;
  }

  /** Whether what is hot is a trap of a Proxy, or has much of its time in one that it calls. */
  function proxyOf({ func }: HotSpot, here: PlacedFunction): (Cause & { file: string }) | undefined {
    if (here.fact.isTrap) return throughProxy(here.file, here.fact.line + 1, undefined);
    let whole = 0;
    const traps = new Map<PlacedFunction, number>();
    for (let node = 1; node < nodes.length; node++) {
      if (nodes.func[node] === func) whole += nodes.total[node] as number;
      const group = groupOf.get(nodes.func[node] as number);
      let up = nodes.parent[node] as number;
      while (up > 0 && functions.category[nodes.func[up] as number] === Category.Native) up = nodes.parent[up] as number;
      if (group?.fact.isTrap && up > 0 && nodes.func[up] === func) traps.set(group, (traps.get(group) ?? 0) + (nodes.total[node] as number));
    }
    const [most] = [...traps].sort((a, b) => b[1] - a[1]);
    if (!most || most[1] < IN_TRAPS * whole) return undefined;
    const [{ file, fact }] = most;
    return throughProxy(here.file, here.fact.line + 1, { name: fact.name, file: nameOfFile(file), line: fact.line + 1 });
  }

  /** The part of a function's time that a constructor takes which it calls. */
  function partOf(here: PlacedFunction, made: MadeOf): number {
    let whole = 0;
    let part = 0;
    for (let node = 1; node < nodes.length; node++) {
      const func = nodes.func[node] as number;
      const parent = groupOf.get(nodes.func[nodes.parent[node] as number] as number);
      if (groupOf.get(func) === here && parent !== here) whole += nodes.total[node] as number;
      const isMaker =
        parent === here && strings.at(functions.name[func] as number) === made.name && strings.at(functions.package[func] as number) === made.package;
      if (isMaker) part += nodes.total[node] as number;
    }
    return whole > 0 ? part / whole : 0;
  }

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
      const func = nodes.func[at] as number;
      const group = at > 0 ? (groupOf.get(func) ?? topsOf.get(func)?.find((one) => usesOf(from, one).length > 0)) : undefined;
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
  function repeatedIn({ work, at, calls, made }: Tracked): (Cause & { file: string }) | undefined {
    const loop = work.loops.find((one) => one.isSame && !one.isFew && !isPairing(work, one.origin, work.origin));
    if (!loop) return undefined;
    const inner = calls === undefined ? '' : `, and calls ${code(calls)} for each`;
    return {
      title: `${deed(work)} ${times(loop)}`,
      sentence: `${capital(times(loop))} it ${deed(work)}${manner(work)} again in line ${work.line + 1}${inner}.${growth(work, loop)}${madeText(made)}`,
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
    for (const { work, at, origin, calls: called, made } of tracked) {
      if (!origin || origin.from === 'own' || origin.from === 'constant') continue;
      const loops = calls.map((call) =>
        call.loops.find(
          (loop) =>
            !loop.isFew && isSameIn(origin, call, loop) && !isPairing(work, loop.origin, origin.from === 'parameter' ? call.given[origin.index] : origin),
        ),
      );
      const [loop] = loops;
      if (!loop || loops.some((one) => one === undefined)) continue;
      const name = callee.fact.name;
      const who = caller.fact.name === '' ? 'its caller' : code(caller.fact.name);
      const inner = called === undefined ? '' : `, and calls ${code(called)} for each`;
      return {
        title: `${deed(work)} ${times(loop)}`,
        sentence: `Line ${work.line + 1} ${deed(work)}${manner(work)}${inner}, and ${who} ${callee.fact.isGetter ? 'reads the getter' : 'calls'} ${code(name)} ${times(loop)} (${nameOfFile(caller.file)}:${(calls[0] as CallFact).line + 1}).${growth(work, loop)}${madeText(made)}`,
        advice: callee.fact.isGetter ? `${ONE_ACCESS} ${remedy(work)}` : remedy(work),
        line: work.line + 1,
        file: at.file,
      };
    }
    return undefined;
  }
}

const madeText = (made: number | undefined): string => (made === undefined ? '' : ` Making it takes ${formatShare(made)} of the time of the function.`);

/** Whether work is one of the loops that calls stand in: not what only begins on the same line. */
const isRound = (work: WorkFact, calls: readonly CallFact[]): boolean =>
  calls.every(({ loops }) => loops.some((loop: LoopFact) => loop.line === work.line && loop.endLine === work.endLine && !loop.isFew));

/** Each with each other of one collection is work that may have to be done: nothing says that it is too much. */
const isPairing = ({ kind }: WorkFact, over: Origin | undefined, subject: Origin | undefined): boolean =>
  (kind === 'loop' || kind === 'walk') && over !== undefined && over.text === subject?.text;
