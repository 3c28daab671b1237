/**
 * How a regular expression can behave by its pattern alone, by the analysis of the package scslre:
 * whether a text exists that repeats one character and makes matching exponential or quadratic.
 */
import { analyse } from 'scslre';
import { printable, shorten } from '../../shared/format';

export type RegexpShape =
  /** Some texts take time that doubles with each character. `part` is the repetition that is to blame. */
  | { readonly kind: 'exponential'; readonly part: string }
  /** Some texts take the square of their length, or more. `isAnywhere`: because matching begins anew at each place of the text. */
  | { readonly kind: 'polynomial'; readonly part: string; readonly isAnywhere: boolean }
  /** Each match takes about the length of the text. */
  | { readonly kind: 'simple' }
  /** Too long, not a pattern, or too much to analyse. */
  | { readonly kind: 'unknown' };

/** Longer patterns are made by programs; the analysis grows faster than they do. */
const MAX_PATTERN = 400;

/** Flags are not known to a profile: without one that reads the pattern otherwise, it is read as if it had none, else with `u` or `v`. */
export function regexpShape(pattern: string): RegexpShape {
  if (pattern === '' || pattern.length > MAX_PATTERN) return { kind: 'unknown' };
  for (const flags of ['', 'u', 'v']) {
    try {
      const { reports } = analyse({ source: pattern, flags }, { maxReports: 8, assumeRejectingSuffix: false });
      const worst = reports.find(({ exponential }) => exponential) ?? reports[0];
      if (!worst) return { kind: 'simple' };
      const quantifier = worst.type === 'Trade' ? worst.startQuant : worst.quant;
      const part = quantifier.raw;
      if (worst.exponential) return { kind: 'exponential', part };
      return { kind: 'polynomial', part, isAnywhere: worst.type === 'Move' };
    } catch {
      // Not a pattern with these flags, or too much: the next ones may do.
    }
  }
  return { kind: 'unknown' };
}

const quoted = (part: string): string => `\`${shorten(printable(part), 40).replaceAll('`', '')}\``;

/** What to do about a pattern that takes much time. */
export function regexpAdvice(shape: RegexpShape): string {
  switch (shape.kind) {
    case 'exponential':
      return `${quoted(shape.part)} can split the same text in many ways, and all of them are tried where the match fails: time that doubles with each character. Make what repeats begin with something that it cannot contain, as in \\w+(?:\\s\\w+)* instead of (\\w+\\s?)*.`;
    case 'polynomial':
      return shape.isAnywhere
        ? `On texts with long runs ${quoted(shape.part)} begins again at each place of a long run, and reads to its end each time: the square of its length. Anchor the pattern at the start (^), take trim, trimEnd or lastIndexOf for what is at the end, or look behind for a first character. Where no text has such runs, it runs too often.`
        : `${quoted(shape.part)} and a repetition behind it can share the same characters, and all ways to divide them are tried where the match fails: the square of the length or more. Let the first repeat only what cannot begin the second, as in [^=]*= instead of .*=. Where all texts are short, it runs too often.`;
    case 'simple':
      return 'The pattern itself is simple: it runs very often, or over much text. Run it less often, on what is new only, or test with includes, startsWith or a comparison first.';
    case 'unknown':
      return 'Look for nested or neighbouring repetitions such as (a+)+, which try every way to split the text; else test with includes or startsWith first.';
  }
}
