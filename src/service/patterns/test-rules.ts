import type { OwnRule } from '../../core/findings/patterns/check-rule';
import type { PatternScanner, PatternWarning } from './pattern-scanner';

/** What became of one example: a bad one must match its rule, a good one must not. */
export interface ExampleOutcome {
  readonly kind: 'bad' | 'good';
  /** From 0, among those of its kind. */
  readonly index: number;
  readonly isFine: boolean;
  /** Why it could not be searched. */
  readonly warning: PatternWarning | undefined;
}

/** Runs the examples of a rule as if all of their functions were hot. One in several languages is tried in each, and matches if one does. */
export async function testRule(rule: OwnRule, scanner: PatternScanner): Promise<ExampleOutcome[]> {
  const outcomes: ExampleOutcome[] = [];
  for (const kind of ['bad', 'good'] as const) {
    for (const [index, text] of rule.tests[kind].entries()) {
      const jobs = rule.languages.map((language) => ({ file: `${kind} example ${index + 1}`, language, text, rows: [], skippedRules: [], isAllHot: true }));
      const { scans, warnings } = await scanner.scan([rule], jobs);
      const matches = scans.some((scan) => scan?.matches.some((match) => match.rule === rule.id));
      const warning = warnings[0];
      outcomes.push({ kind, index, isFine: warning === undefined && matches === (kind === 'bad'), warning });
    }
  }
  return outcomes;
}
