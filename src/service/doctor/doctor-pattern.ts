import type { Blame } from '../../core/doctor/diagnosis';
import type { ReportedFinding } from '../../shared/reported-finding';
import { findPatterns, type PatternFindings } from '../patterns/pattern-findings';
import type { OpenedProfile } from '../profile/opened-profile';
import { sourceText } from '../support/source-text';
import type { DoctorPlace } from './doctor-places';

/** A known slow pattern at the place that a verdict blames: why it is slow there, and what to write instead. */
export interface DoctorPattern {
  readonly rule: string;
  readonly title: string;
  readonly summary: string;
  readonly advice: string;
  /** Its page in the documentation, a path in the repository. */
  readonly page?: string | undefined;
  /** What the editor can change. */
  readonly fix?: string | undefined;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

const inPackage = /[\\/]node_modules[\\/]/;

/** Of the active time, from which on a pattern is worth a word that is not where the verdict points to. */
const ELSEWHERE = 0.25;

/** A recording is not held up for longer by the search. */
const BUDGET_MS = 5000;

/** The pattern that explains most of what a verdict blames; undefined where none is known there. `partsFolder` is that of the bundles. */
export async function patternAt(
  blame: Blame | undefined,
  place: DoctorPlace | undefined,
  profile: OpenedProfile,
  partsFolder: string,
): Promise<DoctorPattern | undefined> {
  if (blame?.kind !== 'function' || !place) return undefined;
  const readText = sourceText();
  const found = await findPatterns(profile, { partsFolder, readText, budgetMs: BUDGET_MS }).catch(() => undefined); // the verdict stands without it
  const best = found && choosePattern(found, blame.func, place);
  if (!best?.place) return undefined;
  const { rule, title, summary, advice, page, fix } = best;
  return { rule, title, summary, advice, page, fix: fix?.title, file: best.place.file, line: best.place.line };
}

/**
 * What a rule knows comes before what follows from the syntax and the call path there. Those on the blamed line come before those elsewhere in the blamed function, then those that explain more. Where a
 * function of a package is blamed, to which no own code leads, the pattern is where that is asked for.
 */
function choosePattern({ findings, explained }: PatternFindings, func: number, { file, line }: DoctorPlace): ReportedFinding | undefined {
  const isOnLine = ({ place }: ReportedFinding): boolean => place?.file === file && place.line <= line && line <= place.endLine;
  const there = (among: readonly ReportedFinding[]): ReportedFinding | undefined =>
    among
      .filter((one) => isOnLine(one) || (one.functions.includes(func) && (one.place?.file === file || inPackage.test(file))))
      .sort((a, b) => Number(isOnLine(b)) - Number(isOnLine(a)) || b.share - a.share)[0];
  // Nothing is known there: the time may be that of what it calls, which V8 has inlined.
  return (
    there(findings) ?? there(explained.filter(({ isEcho }) => isEcho !== true)) ?? findings.find(({ level, share }) => level !== 'info' && share >= ELSEWHERE)
  );
}
