import type { TextEdit } from '../../../../shared/reported-finding';
import { type CaughtMatch, holdsForAuto } from '../conditions';
import type { PatternRule } from '../pattern-rule';
import type { ParsedText, ScannedMatch } from '../scan';
import { nodesWithin, type SyntaxNode } from '../syntax';
import { planEdits } from './fixes';

/** The rewriting of a match; undefined where there is none that fits. */
export type Fixer = (rule: PatternRule, match: CaughtMatch) => ScannedMatch['fix'];

/** Rewritings of one text that are worked out, those of its hottest functions: nobody looks at more. */
const MAX_FIXES = 200;

/** Gives a rule's rewriting, if it fits and the text still parses with it. */
export function fixerOf(tree: ParsedText): Fixer {
  let left = MAX_FIXES;
  let errors: number | undefined;
  const stillParses = (edits: readonly TextEdit[]): boolean => {
    const after = tree.reparse(edits);
    try {
      if (!after.root.hasError) return true;
      errors ??= errorsIn(tree.root);
      return errorsIn(after.root) <= errors;
    } finally {
      after.close();
    }
  };
  return (rule, match) => {
    const { plan, title } = rule.fix;
    if (!plan || title === undefined || rule.safety === 'manual' || left <= 0) return undefined;
    const edits = planEdits(plan, match);
    if (!edits || edits.length === 0) return undefined;
    left--;
    if (!stillParses(edits)) return undefined;
    const isAuto = rule.safety === 'auto' && (rule.autoWhen ?? []).every((condition) => holdsForAuto(condition, match));
    return { title, safety: isAuto ? 'auto' : 'suggest', edits };
  };
}

/** What edits make of a text. They must not overlap. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

function errorsIn(root: SyntaxNode): number {
  let count = 0;
  for (const node of nodesWithin(root, ({ hasError }) => hasError)) if (node.hasError) count++;
  return count;
}
