/** Where a collection comes from as the caller of a function sees it, and whether its loops give the same each time. */
import type { CallFact, CallLoop, Origin } from '../facts/work-types';
import type { PlacedFunction } from './derived-types';

/** The calls of a function in another one; of a getter, what reads it. */
export function usesOf({ fact }: PlacedFunction, by: PlacedFunction): readonly CallFact[] {
  if (fact.name === '') return [];
  return (fact.isGetter ? by.fact.accesses : by.fact.calls).filter(({ callee }) => callee === fact.name);
}

/** Whether something is of the object that a method belongs to: another object, another one. */
const isOfObject = ({ from, text }: Origin): boolean => from === 'kept' && /^this\b/.test(text);

/** Whether a loop around a call has it work on the same in each turn. */
export function isSameIn(origin: Origin, { receiver }: CallFact, loop: CallLoop): boolean {
  if (origin.from === 'parameter') return loop.same.includes(origin.index);
  return !isOfObject(origin) || receiver === undefined || loop.isSameReceiver;
}

/** Where a collection comes from as the caller sees it. */
export function givenTo(origin: Origin | undefined, calls: readonly CallFact[]): Origin | undefined {
  if (origin && isOfObject(origin)) {
    // `basket.total` -> `this.items` of the basket; what an object calls on itself stays its own.
    const [receiver, ...others] = calls.map((call) => call.receiver);
    if (!receiver || receiver.text === 'this') return origin;
    const isOne = others.every((one) => one?.from === receiver.from && one.text === receiver.text);
    return isOne ? { ...receiver, text: origin.text.replace('this', receiver.text) } : undefined;
  }
  if (origin?.from !== 'parameter') return origin;
  const given = calls.map((call) => call.given[origin.index]);
  const [first] = given;
  return first && given.every((one) => one?.from === first.from && one.index === first.index) ? first : undefined;
}
