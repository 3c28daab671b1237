import type { FunctionIndex } from '../../shared/brands';
import { formatCost, formatShare, plural, printable, shorten } from '../../shared/format';
import { Category } from '../profile/categories';
import { functionAt, type ProfileTables } from '../profile/tables';
import { type Finding, shareMargin } from './finding';

/** A finding in words: a headline of a few words, what it means, and what to do. Plain text. */
export interface Explanation {
  readonly title: string;
  readonly summary: string;
  readonly advice: string;
}

export function explainFinding(tables: ProfileTables, finding: Finding, activeSamples: number): Explanation {
  const name = (func: FunctionIndex): string => frameLabel(tables, func);
  const margin = formatShare(shareMargin(finding.share, activeSamples));
  const whole = tables.unit === 'microseconds' ? 'active time' : tables.unit === 'bytes' ? 'all bytes' : 'all that is counted';
  const evidence = `${formatShare(finding.share)} ± ${margin} of ${whole}, ${formatCost(finding.cost, tables.unit)} in ${plural(finding.samples, 'sample')}`;
  switch (finding.kind) {
    case 'plateau': {
      const via = finding.blame ? ` Reached from your ${name(finding.blame.func)} (${formatShare(finding.blame.cost / finding.cost)} of it).` : '';
      const certain = finding.level === 'error';
      return {
        title: name(finding.func),
        summary: `${certain ? 'Almost certainly the bottleneck' : 'A plateau to investigate'}: its own code takes ${evidence}.${via}`,
        advice: plateauAdvice(tables, finding.func),
      };
    }
    case 'focus': {
      const { functions, shares } = finding;
      const large = functions.filter((_, i) => (shares[i] as number) >= 0.05);
      const names = (large.length > 0 ? large : functions).map(name);
      return {
        title: 'Focused work will pay',
        summary: `The top three functions hold ${evidence}: ${names.join(', ')}${names.length < functions.length ? ' nearly all of it' : ''}.`,
        advice: 'Work there and leave the rest: nothing else can change the run time much.',
      };
    }
    case 'spread':
      return {
        title: 'An even spread',
        summary: `No function stands out: the largest, ${name(finding.largest)}, has ${formatShare(finding.largestShare)} of ${whole}, and the top twenty together ${formatShare(finding.share)}.`,
        advice: 'Look at the architecture: how often the work is done, what could be skipped, cached or batched, not at single functions.',
      };
    case 'gc': {
      const after =
        finding.func === undefined ? '' : ` Most of it follows ${name(finding.func)}${finding.blame ? `, reached from your ${name(finding.blame.func)}` : ''}.`;
      return {
        title: 'Memory pressure',
        summary: `Garbage collection takes ${evidence}.${after}`,
        advice: 'Allocate less there: reuse objects and buffers, avoid copies in loops, stream instead of collecting.',
      };
    }
  }
}

/** A function's name and, where it has none of its own, its place: `(anonymous) ast.js:178`. */
export function frameLabel(tables: ProfileTables, func: FunctionIndex): string {
  const view = functionAt(tables, func);
  const name = shorten(printable(view.name), 60);
  if (name !== '' && name !== '(anonymous)') return name;
  if (view.url === '') return '(anonymous)';
  return `(anonymous) ${shorten(printable(baseName(view.url)), 40)}:${view.line + 1}`;
}

/** The last segment of a url or path. */
export function baseName(url: string): string {
  return url.slice(Math.max(url.lastIndexOf('/'), url.lastIndexOf('\\')) + 1) || url;
}

function plateauAdvice(tables: ProfileTables, func: FunctionIndex): string {
  const { category, package: pkg } = functionAt(tables, func);
  switch (category) {
    case Category.Dependency:
      return `Call ${shorten(printable(pkg), 60)} less often or with less input; its own code is not yours to change.`;
    case Category.RegExp:
      return 'Simplify the pattern or test the text with something cheaper first; nested quantifiers backtrack.';
    case Category.Native:
    case Category.Node:
      return 'Call it less often: batch, cache, or use the asynchronous form.';
    default:
      return 'Look at its hottest lines first: do less work there, or call it less often.';
  }
}
