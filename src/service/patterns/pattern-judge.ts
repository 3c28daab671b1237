import { type Explained, type PatternEvidence, patternEvidence } from '../../core/findings/patterns/evidence';
import { isScript, type PatternRule } from '../../core/findings/patterns/pattern-rule';
import type { FileScan, ScannedMatch } from '../../core/findings/patterns/scan';
import { idleWhileRunning } from '../../core/findings/patterns/waiting-window';
import { defaultThresholds } from '../../core/findings/thresholds';
import { effectiveSamples } from '../../core/profile/costs/effective-samples';
import { reaches } from '../../core/statistics/share-interval';
import { functionIndex } from '../../shared/brands';
import type { ReportedFinding, SourceRange } from '../../shared/reported-finding';
import type { OpenedProfile } from '../profile/opened-profile';
import type { ScannedFile } from './pattern-files';
import { report, reportUnused, type Weight } from './pattern-report';

export interface JudgedPatterns {
  /** Loudest first. */
  readonly findings: readonly ReportedFinding[];
  /** What would be said as well, if no comment in the source silenced it. */
  readonly silenced: readonly ReportedFinding[];
}

/** What the profile supports of what was found. */
export function judge(
  profile: OpenedProfile,
  files: readonly ScannedFile[],
  scans: readonly (FileScan | undefined)[],
  rules: readonly PatternRule[],
): JudgedPatterns {
  const ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
  const { tables, costs, totals, sources } = profile;
  const callbacks = scans.flatMap((scan) => scan?.callbacks ?? []);
  const owners = new Set(scans.flatMap((scan) => [...(scan?.matches ?? []), ...(scan?.unused ?? [])].flatMap((one) => one.owners)));
  if (owners.size === 0) return { findings: [], silenced: [] };
  const evidence = patternEvidence(tables, costs, callbacks, owners, (func) => sources.functionLines(functionIndex(func))?.lines);
  const findings: ReportedFinding[] = [];
  const later: (() => ReportedFinding)[] = [];
  const sites = scans.reduce(
    (sum, scan) => sum + (scan?.matches.filter(({ rule, isSuppressed }) => !isSuppressed && ruleOf.get(rule)?.packages).length ?? 0),
    0,
  );
  const ids = new Map<string, number>();
  const uniqueId = (id: string): string => {
    const times = (ids.get(id) ?? 0) + 1;
    ids.set(id, times);
    return times === 1 ? id : `${id}#${times}`;
  };
  for (const [i, scan] of scans.entries()) {
    if (!scan) continue;
    const file = files[i] as ScannedFile;
    for (const group of groupsOf(scan.matches, ruleOf)) {
      const places = group.flatMap((match) => {
        const range = recordedRange(match, file);
        return range ? [{ match, range }] : [];
      });
      const [first] = places;
      const rule = first && ruleOf.get(first.match.rule);
      if (!first || !rule) continue;
      const selfOf = ({ match, range }: typeof first): number =>
        places.length === 1 ? 0 : evidence.explain({ ...match, line: range.line, endLine: range.endLine }).self;
      // Shown at the costliest of them.
      const { match, range } = places.reduce((most, one) => (selfOf(one) > selfOf(most) ? one : most));
      const also = places.map((one) => one.range);
      const inner = [...new Set(places.flatMap((one) => one.match.inner))];
      const callees = [...new Set(places.flatMap((one) => one.match.callees))];
      // Stacks of Java and the like may have no lines at all: then the function is weighed as a whole.
      const hasLines = isScript(file.job.language) || match.owners.some((func) => sources.functionLines(functionIndex(func)) !== undefined);
      const explained = evidence.explain({ ...match, inner, callees, line: range.line, endLine: range.endLine, also, isWhole: !hasLines });
      const weight = weigh(rule, explained, profile, match, evidence, hasLines);
      if (!weight || (isScript(file.job.language) && !weight.packages && !hasEvidence(profile, match.owners, weight))) continue;
      const tell = (): ReportedFinding =>
        report(
          profile,
          rule,
          { ...match, inner: explained.most === undefined ? inner : [...inner, explained.most] },
          { ...weight, sites },
          shownRange(match, range),
          evidence,
          uniqueId,
        );
      // What is silenced is named last, so that it changes no other's name.
      if (match.isSuppressed) later.push(() => ({ ...tell(), isSilenced: true }));
      else findings.push(tell());
    }
    for (const unused of scan.unused) {
      const finding = reportUnused(profile, unused, file, uniqueId);
      if (finding) findings.push(finding);
    }
  }
  const rank = { error: 0, warning: 1, info: 2 };
  findings.sort((a, b) => rank[a.level] - rank[b.level] || b.share - a.share || (totals.active > 0 ? a.id.localeCompare(b.id, 'en') : 0));
  return { findings, silenced: later.map((tell) => tell()) };
}

/** Matches that are weighed together: all of a rule in a function, where the rule says so. */
function groupsOf(matches: readonly ScannedMatch[], ruleOf: ReadonlyMap<string, PatternRule>): (readonly ScannedMatch[])[] {
  const groups = new Map<string, ScannedMatch[]>();
  for (const [i, match] of matches.entries()) {
    const isJoined = ruleOf.get(match.rule)?.isOnePerFunction === true;
    const key = isJoined ? `${match.rule} ${match.owners.join(' ')} ${match.isSuppressed}` : String(i);
    const group = groups.get(key);
    if (group) group.push(match);
    else groups.set(key, [match]);
  }
  return [...groups.values()];
}

/** The place of a match when it was profiled, 1-based; undefined where one of its lines is another now. */
function recordedRange(match: ScannedMatch, { job, recorded }: ScannedFile): SourceRange | undefined {
  const before = (line: number): number => (recorded ? (recorded[line] ?? -1) : line);
  const first = before(match.line);
  for (let line = match.line; line <= match.endLine; line++) if (before(line) !== first + line - match.line || first < 0) return undefined;
  return { file: job.file, line: first + 1, column: match.column + 1, endLine: first + 1 + match.endLine - match.line, endColumn: match.endColumn + 1 };
}

/** The part of it that is shown: of a chain over several lines, from the method that the rule is about. */
function shownRange({ line, shownAt }: ScannedMatch, range: SourceRange): SourceRange {
  return shownAt ? { ...range, line: range.line + shownAt.line - line, column: shownAt.column + 1 } : range;
}

/** What a rule weighs a match by, if the profile supports it and the samples show that it is no accident. */
function weigh(
  rule: PatternRule,
  explained: Explained,
  { totals, costs, tables }: OpenedProfile,
  { owners }: ScannedMatch,
  evidence: PatternEvidence,
  hasLines: boolean,
): Weight | undefined {
  const { active, idle, activeSamples } = totals;
  const { gate } = rule;
  if (gate.orPackagesPct !== undefined) {
    const weight = weighPackages(rule, gate.orPackagesPct / 100, totals, evidence);
    if (weight) return weight;
  }
  const whole = owners.reduce((sum, func) => sum + (costs.total[func] as number), 0);
  const weights: [number, number | undefined][] = [
    [whole, gate.minFunctionPct],
    [explained.cost, gate.minTotalPct],
    [explained.self, gate.minSelfPct],
  ];
  const asked = weights.filter(([, percent]) => percent !== undefined);
  if (asked.length === 0 || !asked.every(([cost, percent = 0]) => reaches(cost / active, percent / 100, totals.effectiveSamples))) return undefined;
  if (gate.minOfFunctionPct !== undefined && (whole <= 0 || explained.cost / whole < gate.minOfFunctionPct / 100)) return undefined;
  if (gate.minIdlePct !== undefined) {
    const waited = Math.min(idle / (active + idle), idleWhileRunning(tables, owners) ?? 1);
    if (waited < gate.minIdlePct / 100) return undefined;
  }
  if (gate.under === 'request' && evidence.requestShare(owners) < 0.5) return undefined;
  const cost = asked.at(-1)?.[0] ?? explained.cost;
  const isWhole = gate.minFunctionPct !== undefined;
  const samples = isWhole ? Math.round((cost / active) * activeSamples) : explained.samples;
  return { cost, isWhole, hasLines, samples };
}

/** Whether enough samples of their own, counted by what they are worth, show it. Samplers of other languages take ten times fewer. */
const hasEvidence = ({ tables, costs }: OpenedProfile, owners: readonly number[], { samples }: Weight): boolean =>
  tables.unit !== 'microseconds' || samples * evenness(costs, owners) >= defaultThresholds.minSamples;

/** What a sample of these functions is worth on average: 1 where all cost the same, less where a few long ones are most of it. */
function evenness({ self, hits, squares }: OpenedProfile['costs'], owners: readonly number[]): number {
  const sum = (column: ArrayLike<number>): number => owners.reduce((so, func) => so + (column[func] as number), 0);
  const samples = sum(hits);
  return samples > 0 ? Math.min(1, effectiveSamples(sum(self), sum(squares)) / samples) : 1;
}

/** The part of a recording that is idle, from which on a package that does little itself is waited for, and that little. */
const WAITS = 0.5;
const LITTLE = 0.02;

/** Of a rule about packages, what these take anywhere: the whole of it, or little while the program mostly waited. */
function weighPackages(
  { packages = [], packageFrames }: PatternRule,
  least: number,
  { active, idle, effectiveSamples: worth }: OpenedProfile['totals'],
  evidence: PatternEvidence,
): Weight | undefined {
  const { cost, samples, names, functions } = evidence.packagesCost(packages, packageFrames);
  const isWaiting = idle / (active + idle) >= WAITS;
  if (!reaches(cost / active, isWaiting ? Math.min(LITTLE, least) : least, worth)) return undefined;
  return { cost, samples, isWhole: false, hasLines: true, packages: { names, functions, isPart: packageFrames !== undefined } };
}
