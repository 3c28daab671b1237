import { packagesCost } from '../../core/findings/patterns/evidence';
import { isScript, type PatternRule } from '../../core/findings/patterns/pattern-rule';
import { builtInRules } from '../../core/findings/patterns/rules/built-in';
import { defaultThresholds } from '../../core/findings/thresholds';
import type { ReportedFinding } from '../../shared/reported-finding';
import type { OpenedProfile } from '../profile/opened-profile';
import { withCauses } from './derived-causes';
import { type FileOptions, filesToScan, type ScannedFile } from './pattern-files';
import { type JudgedPatterns, judge } from './pattern-judge';
import { type PatternScanner, type PatternWarning, patternScanner } from './pattern-scanner';

export interface FindPatternsOptions extends FileOptions {
  /** The folder of the bundles (`dist`): the search runs in a thread of its own. */
  readonly partsFolder: string;
  /** A thread to use again; without one, one is started for this search. */
  readonly scanner?: PatternScanner | undefined;
  /** Besides the built-in ones. */
  readonly rules?: readonly PatternRule[] | undefined;
  readonly ignoredRules?: readonly string[] | undefined;
  /** Active samples below which nothing is said. */
  readonly minSamples?: number | undefined;
  readonly budgetMs?: number | undefined;
  readonly ruleLimitMs?: number | undefined;
}

export interface PatternFindings extends JudgedPatterns {
  /** Findings of the profile itself whose cause follows from the syntax: the same ids, with more to say. */
  readonly explained: readonly ReportedFinding[];
  readonly warnings: readonly PatternWarning[];
  /** Milliseconds of the search, without loading its engine. */
  readonly elapsedMs: number;
}

/** The part of active time from which on packages that rules are about are worth a look at all own files. */
const SEEN = 0.02;

/**
 * Known slow patterns in the functions that a profile shows to be hot, each with the
 * time that it explains. Reads sources, parses them in a thread, and changes nothing.
 * A profile without hot functions of the user's own costs nothing.
 */
export async function findPatterns(profile: OpenedProfile, options: FindPatternsOptions): Promise<PatternFindings> {
  const { minSamples = defaultThresholds.minSamples, ignoredRules = [] } = options;
  const nothing: PatternFindings = { findings: [], silenced: [], explained: [], warnings: [], elapsedMs: 0 };
  if (profile.totals.effectiveSamples < minSamples || profile.totals.active <= 0) return nothing;
  const rules = [...builtInRules, ...(options.rules ?? [])].filter(({ id }) => !ignoredRules.includes(id));
  const warnings: PatternWarning[] = [];
  const languages = new Set(rules.flatMap((rule) => rule.languages));
  const packages = [...new Set(rules.flatMap((rule) => rule.packages ?? []))];
  const includeCold = packagesCost(profile.tables, packages).cost >= profile.totals.active * SEEN;
  const files = await filesToScan(profile, languages, { ...options, includeCold }, warnings);
  if (files.length === 0 || rules.length === 0 || options.signal?.aborted) return { ...nothing, warnings };
  const scanner = options.scanner ?? patternScanner(options.partsFolder);
  try {
    const { signal, budgetMs, ruleLimitMs } = options;
    const jobs = files.map(({ job }) => job);
    const scanned = await scanner.scan(rules, jobs, { signal, budgetMs, ruleLimitMs });
    warnings.push(...scanned.warnings);
    for (const [i, scan] of scanned.scans.entries()) {
      if (scan && scan.tooLong > 0) warnings.push({ kind: 'long-functions', file: (files[i] as ScannedFile).job.file, functions: scan.tooLong });
      if (scan && scan.missing > 0)
        warnings.push({ kind: reasonOfMissing(files[i] as ScannedFile), file: (files[i] as ScannedFile).job.file, functions: scan.missing });
    }
    return { ...judge(profile, files, scanned.scans, rules), explained: withCauses(profile, files, scanned.scans), warnings, elapsedMs: scanned.elapsedMs };
  } finally {
    if (!options.scanner) scanner.dispose();
  }
}

/**
 * Why a hot function is not in its file. Formats that give a function its line alone cannot tell several on a line
 * apart, nor find one without a name; and some source maps name a place where there is none.
 */
function reasonOfMissing({ job: { language, rows }, isUnchanged }: ScannedFile): 'no-columns' | 'changed-source' | 'wrong-map' {
  if (isScript(language) && rows.some(({ isHot, column }) => isHot && column < 0)) return 'no-columns';
  return isUnchanged ? 'wrong-map' : 'changed-source';
}
