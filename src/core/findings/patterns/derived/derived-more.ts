/** Causes that lie in the way a function is reached: its own recursion, elements that are worked out anew, objects behind a Proxy. */
import { formatShare } from '../../../../shared/format';
import type { CallFact, ElementFact } from '../facts/work-types';
import { ONCE } from './derived-alone';
import type { PlacedFunction, Tracked } from './derived-types';
import { type Cause, code, deed, manner, remedy, times } from './derived-words';

export type FoundCause = Cause & { readonly file: string };

/** Kinds that need not be done again for the same collection; a loop may do what the recursion is about. */
const AGAIN = new Set(['search', 'select', 'sort', 'sum', 'list']);

/** Work on a collection that a recursive function hands on to itself as it is: `children(rows, id)` in `build(rows, id)`. */
export function throughRecursion(tracked: readonly Tracked[], current: PlacedFunction): FoundCause | undefined {
  const { fact } = current;
  if (fact.name === '') return undefined;
  const own = fact.calls.filter(({ callee }) => callee === fact.name);
  for (const { work, at, origin, calls } of tracked) {
    if (origin?.from !== 'parameter' || calls !== undefined || !AGAIN.has(work.kind)) continue;
    // What is left of it after a filter is shorter.
    if (work.subject !== undefined && work.subject !== origin.text && tracked.some((one) => one.work.subject === origin.text)) continue;
    const isHanded = own.some(
      ({ given, asIs }) => asIs.some((i) => i === origin.index) && given[origin.index]?.from === 'parameter' && given[origin.index]?.index === origin.index,
    );
    if (!isHanded) continue;
    return {
      title: `${deed(work)} at each step of a recursion`,
      sentence: `${code(fact.name)} calls itself and hands ${code(origin.text, 40)} on as it is, and line ${work.line + 1} ${deed(work)}${manner(work)} at each step. The time grows with the number of steps times its length.`,
      advice: remedy(work),
      line: work.line + 1,
      file: at.file,
    };
  }
  return undefined;
}

/** A function that looks up by a key what it calls itself for, and keeps nothing. */
export function unkept({ fact, file }: PlacedFunction): FoundCause | undefined {
  if (!fact.unkept) return undefined;
  const { lookup, over, line } = fact.unkept;
  return {
    title: `keeps no result, and calls itself for each of ${code(over, 40)}`,
    sentence: `${code(fact.name)} calls itself for each of ${code(over, 40)} (line ${line + 1}), looks each up (${code(lookup, 40)}), and keeps nothing of what it worked out. What several lead to is worked out again for each of them, with all below it: the time may double with each level.`,
    advice: 'Keep each result in a Map by its key, and look there first. Where one is never reached on two ways, all of it is needed: call it less often.',
    line: line + 1,
    file,
  };
}

/** A recursion over all below in each step of another recursion over the same: the size of each folder, from every folder above. */
export function recursionInRecursion(inner: PlacedFunction, calls: readonly CallFact[], outer: PlacedFunction): FoundCause | undefined {
  const shared = inner.fact.descends.find(({ property }) => outer.fact.descends.some((one) => one.property === property));
  const call = calls.find(({ isConditional }) => !isConditional);
  if (!shared || !call || inner === outer) return undefined;
  return {
    title: `goes through all below again at each step of ${code(outer.fact.name)}`,
    sentence: `${code(outer.fact.name)} goes down ${code(shared.property)} and calls ${code(inner.fact.name)} at each step (line ${call.line + 1}), which goes down ${code(shared.property)} to the end each time. The time grows with the number of elements times the depth, or with its square.`,
    advice: `Let one recursion give both results from the bottom up, or keep what ${code(inner.fact.name)} gave with each element.`,
    line: call.line + 1,
    file: outer.file,
  };
}

/** A pure function that is called for each element of a collection, where that is gone through again and again. */
export interface ElementCalls {
  readonly call: CallFact & { readonly ofElement: ElementFact };
  readonly callee: PlacedFunction;
  readonly caller: PlacedFunction;
}

/** `assigned`: names of properties that some function sets, after which the same element is another input. */
export function elementCalls(
  calls: readonly CallFact[],
  callee: PlacedFunction,
  caller: PlacedFunction,
  assigned: ReadonlySet<string>,
): ElementCalls | undefined {
  const { reads } = callee.fact;
  if (!reads) return undefined;
  for (const call of calls) {
    const { ofElement } = call;
    if (!ofElement || ofElement.loop.isFew || [...reads, ...ofElement.reads].some((name) => assigned.has(name))) continue;
    return { call: { ...call, ofElement }, callee, caller };
  }
  return undefined;
}

/** What is said of it, where a loop around, or one of those that call the caller, goes through the collection again. */
export function ofElements(
  { call, callee, caller }: ElementCalls,
  above: { readonly calls: readonly CallFact[]; readonly by: string } | undefined,
): FoundCause | undefined {
  const { loop, again } = call.ofElement;
  const { origin } = loop;
  const turns = above?.calls.map(({ loops }) =>
    loops.find((one) => !one.isFew && origin !== undefined && (origin.from === 'kept' || (origin.from === 'parameter' && one.same.includes(origin.index)))),
  );
  const isCalledAgain = turns !== undefined && turns.length > 0 && turns.every((one) => one !== undefined);
  if (!isCalledAgain && !(again && !again.isFew)) return undefined;
  const who = caller.fact.name === '' ? 'It' : code(caller.fact.name);
  const often = again
    ? times(again)
    : `at each of its calls, which ${above?.by === '' ? 'its caller' : code(above?.by)} makes ${times(turns?.[0] as NonNullable<typeof turns>[0] & object)}`;
  return {
    title: `is computed again ${times(loop)}, which stay the same`,
    sentence: `${who} calls ${code(callee.fact.name)} ${times(loop)} (line ${call.line + 1}), and does that again ${often}: what it gives follows from the element alone.`,
    advice: `Work it out once for each element, when it is added, and keep it with the element or in a Map by it.`,
    line: call.line + 1,
    file: caller.file,
  };
}

/** What is said where nobody knows how often the caller is called: of a collection that outlives its calls. */
export function ofKeptElements({ call, callee, caller }: ElementCalls): FoundCause | undefined {
  const { loop } = call.ofElement;
  if (loop.origin?.from !== 'kept' || ONCE.test(caller.fact.name)) return undefined;
  return {
    title: `is computed again ${times(loop)}, which stay the same`,
    sentence: `Each call of ${code(caller.fact.name)} calls ${code(callee.fact.name)} ${times(loop)} (line ${call.line + 1}): what it gives follows from the element alone.`,
    advice: 'Work it out once for each element, when it is added, and keep it with the element or in a Map by it.',
    line: call.line + 1,
    file: caller.file,
  };
}

/** What is said of an object of a package that each call makes, where nobody knows how often that is: it takes much of each. */
export function madeAtEachCall({ work, at, made }: Tracked): FoundCause | undefined {
  if (made === undefined || ONCE.test(at.fact.name)) return undefined;
  return {
    title: `${deed(work)} at each call`,
    sentence: `Each call of ${code(at.fact.name)} ${deed(work)} in line ${work.line + 1}, which takes ${formatShare(made)} of its time.`,
    advice: 'Where it is called again for the same, make it once and keep it; give it what is new.',
    line: work.line + 1,
    file: at.file,
  };
}

/** Said of what is read through a Proxy; `trap` is the function that answers, undefined where that itself is hot. */
export function throughProxy(
  file: string,
  line: number,
  trap: { readonly name: string; readonly file: string; readonly line: number } | undefined,
): FoundCause {
  return {
    title: trap ? 'reads through a Proxy' : 'answers each access to an object through a Proxy',
    sentence: trap
      ? `Each access to the object runs ${code(trap.name)} of a Proxy (${trap.file}:${trap.line}), and V8 cannot inline it.`
      : 'It is a function of a Proxy: it runs for each access to the object, and V8 cannot inline it.',
    advice:
      'Where it runs often, take what is behind the Proxy once, before the loop (toRaw in Vue, original in Immer, unwrap in Solid, or a reference of your own), and read from that. A Proxy for each object is made once and kept in a WeakMap.',
    line,
    file,
    key: 'proxy',
  };
}
