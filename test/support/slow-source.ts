/**
 * A text of some 300 kB that Babel's parser takes many minutes for: it tries each `? (` as the parameters of
 * an arrow function and as an expression, each time with all that is within. The type in front is no
 * JavaScript, so that the dialect with types is tried, where the time grows with the third power of the depth
 * (300: 5 s). `times` is how often that stands there.
 */
export function slowToParse(times = 50, depth = 300): string {
  return `function f(a: ?string) {}\n${`x = ${'a ? (b => '.repeat(depth)}c${') : d => e'.repeat(depth)};\n`.repeat(times)}`;
}
