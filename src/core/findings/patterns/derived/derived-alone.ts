/** Which work of a function has the cost, and what is said of it where no loop around it is known. */

import type { WorkFact } from '../facts/work-types';
import type { HotSpot, PlacedFunction, Tracked } from './derived-types';
import { type Cause, capital, code, deed, growth, manner, ONE_ACCESS, remedy, times } from './derived-words';

/** The part of a cost that work must have for it to be the cause. */
const MOST = 0.5;
const CANDIDATES = 6;

/** Work whose lines, or callbacks, have most of the cost: what says more first, then the narrowest. */
export function candidatesOf({ fact }: PlacedFunction, { func, called, cost, lines, package: of }: HotSpot, entry: string | undefined): WorkFact[] {
  const isOwn = fact.rows.includes(func);
  const costOf = (work: WorkFact): number => {
    if (work.words?.packages) return !isOwn && work.words.packages.includes(of) && isEntry(work, entry ?? called) ? cost : 0;
    const names = [called, entry];
    const last = work.name.split('.').at(-1);
    if (!isOwn) return names.some((name) => name !== undefined && (last === name || work.words?.frames?.includes(name))) ? cost : 0;
    if (work.inner.includes(func)) return cost;
    let sum = 0;
    for (const [line, self] of lines) if (line > work.line && line <= work.endLine + 1) sum += self;
    return sum;
  };
  // What costs by itself is one wherever it stands: `process.env` is read on two lines.
  const alike = new Map<string, number>();
  const lineOf = new Set<string>();
  for (const work of fact.works) {
    const key = `${work.words?.deed} ${work.line}`;
    if (!work.words || lineOf.has(key)) continue;
    lineOf.add(key);
    alike.set(work.words.deed, (alike.get(work.words.deed) ?? 0) + costOf(work));
  }
  return fact.works
    .filter((work) => (work.words ? (alike.get(work.words.deed) ?? 0) : costOf(work)) >= MOST * cost)
    .sort((a, b) => a.endLine - a.line - (b.endLine - b.line) || Number(a.kind === 'loop') - Number(b.kind === 'loop') || costOf(b) - costOf(a))
    .slice(0, CANDIDATES);
}

/** Whether the function of a package that was called is the one of this work: a name that was cut short may be any. */
const isEntry = ({ words }: WorkFact, called: string | undefined): boolean =>
  called === undefined || called.length < 3 || words?.frames?.includes(called) === true;

/** Kinds that say something by themselves where the collection outlives the call. */
const ALONE = new Set(['search', 'select', 'sort', 'copy', 'add-by-copy', 'move', 'list', 'write']);

/** Functions that run once by what they are called. */
export const ONCE = /^(?:constructor|main|run|init\w*|set[uU]p\w*|load\w*|build\w*|create\w*|make\w*|index\w*|start\w*|register\w*)?$/;

/** What each call does to something that is kept, or makes anew of constants. */
export function alone(tracked: readonly Tracked[]): (Cause & { file: string }) | undefined {
  for (const { work, at, origin } of tracked) {
    if (at.fact.name === '') continue;
    const isMade = work.kind === 'build' && work.isFixed;
    if (work.kind !== 'costly' && !isMade && (origin?.from !== 'kept' || !ALONE.has(work.kind))) continue;
    const loop = work.kind === 'costly' ? work.loops.find((one) => !one.isFew) : undefined;
    if (!loop && work.words?.mayBeOnce && ONCE.test(at.fact.name)) continue;
    if (loop)
      return {
        title: `${deed(work)} ${times(loop)}`,
        sentence: `${capital(times(loop))} it ${deed(work)} in line ${work.line + 1}.${growth(work, loop)}`,
        advice: remedy(work),
        line: work.line + 1,
        file: at.file,
      };
    const why = work.words?.why === undefined ? '' : ` ${work.words.why}`;
    return {
      title: `${deed(work)} at each ${at.fact.isGetter ? 'access' : 'call'}`,
      sentence: `Each ${at.fact.isGetter ? 'access to the getter' : 'call of'} ${code(at.fact.name)} ${deed(work)}${manner(work)} in line ${work.line + 1}${isMade ? ', each time of the same' : ''}.${why}`,
      advice: at.fact.isGetter ? `${ONE_ACCESS} ${remedy(work)}` : remedy(work),
      line: work.line + 1,
      file: at.file,
    };
  }
  return undefined;
}

/** What is said of a getter that goes through something of its object: whoever reads it sees no work. */
export function getter({ fact, file }: PlacedFunction, spot: HotSpot): (Cause & { file: string }) | undefined {
  const [work] = fact.works.filter(({ kind, origin }) => kind !== 'costly' && kind !== 'build' && origin?.from === 'kept' && /^this\b/.test(origin.text));
  if (!work || !fact.rows.includes(spot.func)) return undefined;
  return {
    title: `${deed(work)} at each access`,
    sentence: `\`${fact.name}\` looks like a field, but each access ${deed(work)}${manner(work)} in line ${work.line + 1}.`,
    advice: `${ONE_ACCESS} Or keep what it gave, and forget that where the data changes.`,
    line: work.line + 1,
    file,
  };
}
