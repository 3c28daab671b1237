import { printable, shorten } from '../../shared/format';

/**
 * V8's reasons in plain words. A CPU profile holds why V8 will not optimise a function
 * at all (`src/codegen/bailout-reason.h` in V8); other tools write why optimised code
 * was thrown away (`src/deoptimizer/deoptimize-reason.h`). The first fitting row speaks;
 * an unknown reason is shown as it is.
 */
interface DeoptWords {
  readonly reason: RegExp;
  readonly why: string;
  readonly advice: string;
}

const shapes = 'Give the objects that come here one shape: the same properties, added in the same order, in a constructor or one literal.';
const types = 'Keep to one type of value here: do not mix integers, fractions, strings and undefined in one variable or field.';

const table: readonly DeoptWords[] = [
  {
    reason: /too big to be optimized/i,
    why: 'The function is too long for V8 to optimise.',
    advice: 'Split it: move the hot loop into a function of its own.',
  },
  {
    reason: /too many arguments/i,
    why: 'It makes a call with more arguments than V8 optimises.',
    advice: 'Pass an array instead of spreading it into arguments.',
  },
  {
    reason: /always disabled|optimization disabled|optimization is disabled|never optimize/i,
    why: 'V8 was instructed not to optimise it, or gave up after trying several times.',
    advice: 'Look for a flag such as --no-opt, a debugger, or code whose types change all the time; then split the hot part off.',
  },
  { reason: /being debugged/i, why: 'A debugger is at work in it, so V8 does not optimise it.', advice: 'Profile without breakpoints.' },
  {
    reason: /graph (?:construction|building) failed|code generation failed/i,
    why: "V8's compiler could not build optimised code for it.",
    advice: 'Split the function: move the hot loop into one of its own, without eval, with or generators.',
  },
  {
    reason: /dependency change|maps became deprecated|concurrent map deprecation/i,
    why: 'While V8 compiled it, what it relied on changed: the shape of an object, a prototype or a constant.',
    advice: 'Do not change prototypes, classes or shared constants while hot code runs.',
  },
  { reason: /higher tier/i, why: 'V8 already has better code for it.', advice: 'Nothing is wrong: profile for longer, so that the warm-up weighs less.' },
  {
    reason: /wrong map|missing map|deprecated map|instance migration|wrong enum indices|constant field/i,
    why: 'Objects of another shape came than V8 had optimised for.',
    advice: shapes,
  },
  {
    reason: /insufficient type feedback/i,
    why: 'A part of it ran that V8 had not seen run before it optimised.',
    advice: 'Keep rare cases in functions of their own; short runs settle by themselves.',
  },
  {
    reason: /not a smi|smi|not int32|not unsigned int32|overflow|lost precision|minus zero|nan|heap number|not a number|bigint/i,
    why: 'Numbers of another kind came than V8 had optimised for: fractions, large ones, NaN or minus zero instead of small integers.',
    advice: types,
  },
  {
    reason: /out of bounds|hole|no initial element|array length changed|not an array index|grow elements|copy-on-write|array's elements/i,
    why: 'An array was read beyond its end, has holes, or changed while it was read.',
    advice: 'Stay within the length, fill arrays without gaps, and do not change an array while you go through it.',
  },
  { reason: /division by zero/i, why: 'A division by zero, which V8 had not optimised for.', advice: 'Check the divisor before the hot loop.' },
  {
    reason: /wrong call target|wrong feedback cell|wrong handler/i,
    why: 'Another function was called here than V8 had optimised for.',
    advice: 'Call one function at one place: split the code by callback, or pass the same function each time.',
  },
  {
    reason: /not a javascript object|not a string|not a symbol|wrong (?:instance type|name|value)|value mismatch/i,
    why: 'A value of another type came than V8 had optimised for.',
    advice: types,
  },
  {
    reason: /array buffer was detached/i,
    why: 'The memory under a typed array was handed on (transferred).',
    advice: 'Make a new view after a transfer, outside of the hot function.',
  },
  {
    reason: /on stack replacement|osr/i,
    why: 'V8 went over to better code in the middle of a loop.',
    advice: 'Nothing is wrong: profile for longer, so that the warm-up weighs less.',
  },
];

/** Why V8 gave up on a function and what helps, in plain words. */
export function deoptWords(reason: string): { readonly why: string; readonly advice: string } {
  const shown = shorten(printable(reason), 80);
  const known = table.find((row) => row.reason.test(shown));
  if (!known)
    return { why: `V8 gave up optimising it: ${shown}.`, advice: 'Keep types and shapes of its values the same on every call, and split it if it is long.' };
  return { why: `${known.why.replace(/\.$/, '')} ("${shown}").`, advice: known.advice };
}
