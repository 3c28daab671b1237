import { createHash } from 'node:crypto';
import { frameLabel, isMerged } from '../core/findings/explain';
import { interval, reaches, type ShareInterval } from '../core/findings/interval';
import { type Explained, type PatternEvidence, patternEvidence } from '../core/findings/patterns/evidence';
import { type Gate, isScript, languageOf, type PatternLanguage, type PatternRule } from '../core/findings/patterns/pattern-rule';
import { builtInRules } from '../core/findings/patterns/rules/built-in';
import type { FileJob, FileScan, FunctionRow, ScannedMatch, UnusedSuppression } from '../core/findings/patterns/scan-file';
import { defaultThresholds } from '../core/findings/thresholds';
import { Category } from '../core/profile/categories';
import { functionAt } from '../core/profile/tables';
import { type FunctionIndex, functionIndex } from '../shared/brands';
import { markedCode, textParts } from '../shared/code-text';
import { formatCost, formatShare, plural, printable, shorten } from '../shared/format';
import type { FindingLevel, ReportedFinding, SourceRange } from '../shared/reported-finding';
import { alignLines, lineFingerprints } from '../source/align-lines';
import type { SourceView } from '../source/source-view';
import type { OpenedProfile } from './opened-profile';
import { type PatternScanner, type PatternWarning, patternScanner } from './pattern-scanner';

export interface FindPatternsOptions {
  /** The folder of the bundles (`dist`): the search runs in a thread of its own. */
  readonly partsFolder: string;
  /** A thread to use again; without one, one is started for this search. */
  readonly scanner?: PatternScanner | undefined;
  /** The text of a file as it is now: the open document's where there is one. */
  readonly readText: (file: string) => Promise<string | undefined>;
  /** Besides the built-in ones. */
  readonly rules?: readonly PatternRule[] | undefined;
  readonly ignoredRules?: readonly string[] | undefined;
  /** Dependencies are searched too; otherwise only the user's own code. */
  readonly includeDependencies?: boolean | undefined;
  /** Active samples below which nothing is said. */
  readonly minSamples?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly budgetMs?: number | undefined;
  readonly ruleLimitMs?: number | undefined;
}

export interface PatternFindings {
  /** Loudest first. */
  readonly findings: readonly ReportedFinding[];
  /** What would be said as well, if no comment in the source silenced it. */
  readonly silenced: readonly ReportedFinding[];
  readonly warnings: readonly PatternWarning[];
  /** Milliseconds of the search, without loading its engine. */
  readonly elapsedMs: number;
}

/** Functions with less than this part of the active time are not searched; no rule's gate is lower. */
const HOT_SHARE = 0.01;
/** Functions below this cannot change what a match explains. */
const SEEN_SHARE = 0.0005;
const MAX_FUNCTIONS = 400;
/** Lines longer than this are generated: no person would look for a cause in them. */
const MAX_LINE = 5000;
const MAX_TEXT = 16 << 20;
/** Rules with a page. */
const isBuiltIn = new Set(builtInRules.map(({ id }) => id));

/**
 * Known slow patterns in the functions that a profile shows to be hot, each with the
 * time that it explains. Reads sources, parses them in a thread, and changes nothing.
 * A profile without hot functions of the user's own costs nothing.
 */
export async function findPatterns(profile: OpenedProfile, options: FindPatternsOptions): Promise<PatternFindings> {
  const { minSamples = defaultThresholds.minSamples, ignoredRules = [] } = options;
  const nothing: PatternFindings = { findings: [], silenced: [], warnings: [], elapsedMs: 0 };
  if (profile.totals.activeSamples < minSamples || profile.totals.active <= 0) return nothing;
  const rules = [...builtInRules, ...(options.rules ?? [])].filter(({ id }) => !ignoredRules.includes(id));
  const warnings: PatternWarning[] = [];
  const languages = new Set(rules.flatMap((rule) => rule.languages));
  const files = await filesToScan(profile, languages, options, warnings);
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
    return { ...judge(profile, files, scanned.scans, rules), warnings, elapsedMs: scanned.elapsedMs };
  } finally {
    if (!options.scanner) scanner.dispose();
  }
}

/** A file to be searched, and the lines that it had when it was profiled: `recorded[i]` is the 0-based line of line i, -1 for a new one. */
interface ScannedFile {
  readonly job: FileJob;
  readonly recorded: Int32Array | undefined;
}

/** Formats that give a function its line alone cannot tell several on a line apart, nor find one without a name. */
const reasonOfMissing = ({ job: { language, rows } }: ScannedFile): 'no-columns' | 'changed-source' =>
  isScript(language) && rows.some(({ isHot, column }) => isHot && column < 0) ? 'no-columns' : 'changed-source';

async function filesToScan(
  profile: OpenedProfile,
  languages: ReadonlySet<PatternLanguage>,
  options: FindPatternsOptions,
  warnings: PatternWarning[],
): Promise<ScannedFile[]> {
  const rows = hotRows(profile, options.includeDependencies === true);
  const files: ScannedFile[] = [];
  for (const [file, own] of rows) {
    if (options.signal?.aborted) return [];
    const language = languageOf(file);
    if (!language || !languages.has(language)) continue;
    const hot = own.filter(({ isHot }) => isHot).length;
    const text = await options.readText(file);
    if (text === undefined) warnings.push({ kind: 'missing-source', file, functions: hot });
    else if (text.length > MAX_TEXT) warnings.push({ kind: 'too-large', file, length: text.length });
    else {
      const aligned = alignment(profile, file, text);
      const lines = text.split('\n');
      const placed = own.flatMap((row) => placeNow(row, aligned?.now));
      const changed = hot - placed.filter(({ isHot }) => isHot).length;
      if (changed > 0) warnings.push({ kind: 'changed-source', file, functions: changed });
      const readable = placed.filter((row) => (lines[row.line]?.length ?? 0) <= MAX_LINE);
      const long = placed.find((row) => row.isHot && (lines[row.line]?.length ?? 0) > MAX_LINE);
      if (long) warnings.push({ kind: 'long-lines', file, length: lines[long.line]?.length ?? 0 });
      if (readable.some(({ isHot }) => isHot)) files.push({ job: { file, language, text, rows: readable, skippedRules: [] }, recorded: aligned?.before });
    }
  }
  return files;
}

/** The rows of the function table to look at, by file: the files with the hottest functions first. */
function hotRows({ tables, costs, totals, sources }: OpenedProfile, includeDependencies: boolean): Map<string, FunctionRow[]> {
  const isWanted = (category: number): boolean => category === Category.User || (includeDependencies && category === Category.Dependency);
  const rows: number[] = [];
  for (let func = 0; func < tables.functions.length; func++) {
    if (isWanted(tables.functions.category[func] as number) && (costs.total[func] as number) >= totals.active * SEEN_SHARE) rows.push(func);
  }
  rows.sort((a, b) => (costs.total[b] as number) - (costs.total[a] as number));
  const byFile = new Map<string, FunctionRow[]>();
  let hot = 0;
  for (const func of rows) {
    const other = otherPlace(sources, functionIndex(func));
    const place = other ? undefined : sources.place(functionIndex(func));
    const file = other?.file ?? (place?.exists ? place.file : undefined);
    if (file === undefined) continue;
    const isHot = (costs.total[func] as number) >= totals.active * HOT_SHARE && hot < MAX_FUNCTIONS;
    if (isHot) hot++;
    const view = functionAt(tables, functionIndex(func));
    const isMapped = place !== undefined && (place.line !== view.line + 1 || place.column !== view.column + 1);
    const at = place ? { line: place.line - 1, column: place.column - 1 } : { line: other?.line ?? -1, column: -1 };
    const row: FunctionRow = { func, name: isMapped ? undefined : view.name, ...at, isHot };
    const list = byFile.get(file);
    if (list) list.push(row);
    else if (isHot) byFile.set(file, [row]);
  }
  return byFile;
}

/** Of a function in another language than JavaScript, its file and a 0-based line in it, -1 where the profile has none. */
function otherPlace(sources: SourceView, func: FunctionIndex): { readonly file: string; readonly line: number } | undefined {
  const file = sources.fileOf(func);
  const language = file === undefined ? undefined : languageOf(file);
  if (file === undefined || !language || isScript(language)) return undefined;
  const [ran] = sources.functionLines(func)?.lines.keys() ?? [];
  return { file, line: (ran ?? sources.place(func)?.line ?? 0) - 1 };
}

/** Where the lines of the profiled text stand now, and the other way round; undefined where nothing has changed or nothing is known. */
function alignment({ info }: OpenedProfile, file: string, text: string): { readonly now: Int32Array; readonly before: Int32Array } | undefined {
  const recorded = info?.sources[file];
  if (!recorded) return undefined;
  const lines = lineFingerprints(text);
  if (lines.length === recorded.length && lines.every((line, i) => line === recorded[i])) return undefined;
  const now = alignLines(recorded, lines);
  const before = new Int32Array(lines.length).fill(-1);
  for (const [line, at] of now.entries()) if (at >= 0) before[at] = line;
  return { now, before };
}

/** A row with its line as it is now; nothing where that line has changed. */
function placeNow(row: FunctionRow, now: Int32Array | undefined): FunctionRow[] {
  if (!now) return [row];
  const line = now[row.line] ?? -1;
  return line < 0 ? [] : [{ ...row, line }];
}

/** What the profile supports of what was found. */
function judge(
  profile: OpenedProfile,
  files: readonly ScannedFile[],
  scans: readonly (FileScan | undefined)[],
  rules: readonly PatternRule[],
): Pick<PatternFindings, 'findings' | 'silenced'> {
  const ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
  const { tables, costs, totals, sources } = profile;
  const callbacks = scans.flatMap((scan) => scan?.callbacks ?? []);
  const owners = new Set(scans.flatMap((scan) => [...(scan?.matches ?? []), ...(scan?.unused ?? [])].flatMap((one) => one.owners)));
  if (owners.size === 0) return { findings: [], silenced: [] };
  const evidence = patternEvidence(tables, costs, callbacks, owners, (func) => sources.functionLines(functionIndex(func))?.lines);
  const findings: ReportedFinding[] = [];
  const later: (() => ReportedFinding)[] = [];
  const ids = new Map<string, number>();
  const uniqueId = (id: string): string => {
    const times = (ids.get(id) ?? 0) + 1;
    ids.set(id, times);
    return times === 1 ? id : `${id}#${times}`;
  };
  for (const [i, scan] of scans.entries()) {
    if (!scan) continue;
    const file = files[i] as ScannedFile;
    for (const match of scan.matches) {
      const rule = ruleOf.get(match.rule);
      const range = recordedRange(match, file);
      if (!rule || !range) continue;
      // Stacks of Java and the like may have no lines at all: then the function is weighed as a whole.
      const hasLines = isScript(file.job.language) || match.owners.some((func) => sources.functionLines(functionIndex(func)) !== undefined);
      const explained = evidence.explain({ ...match, line: range.line, endLine: range.endLine, isWhole: !hasLines });
      const weight = weigh(rule.gate, explained, profile, match, evidence, hasLines);
      if (!weight) continue;
      const tell = (): ReportedFinding => report(profile, rule, match, weight, range, evidence, uniqueId);
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

/** The place of a match when it was profiled, 1-based; undefined where one of its lines is another now. */
function recordedRange(match: ScannedMatch, { job, recorded }: ScannedFile): SourceRange | undefined {
  const before = (line: number): number => (recorded ? (recorded[line] ?? -1) : line);
  const first = before(match.line);
  for (let line = match.line; line <= match.endLine; line++) if (before(line) !== first + line - match.line || first < 0) return undefined;
  return { file: job.file, line: first + 1, column: match.column + 1, endLine: first + 1 + match.endLine - match.line, endColumn: match.endColumn + 1 };
}

/** What a rule weighs a match by, if the profile supports it and the samples show that it is no accident. */
function weigh(
  gate: Gate,
  explained: Explained,
  { totals, costs }: OpenedProfile,
  { owners }: ScannedMatch,
  evidence: PatternEvidence,
  hasLines: boolean,
): Weight | undefined {
  const { active, idle, activeSamples } = totals;
  const whole = owners.reduce((sum, func) => sum + (costs.total[func] as number), 0);
  const weights: [number, number | undefined][] = [
    [whole, gate.minFunctionPct],
    [explained.cost, gate.minTotalPct],
    [explained.self, gate.minSelfPct],
  ];
  const asked = weights.filter(([, percent]) => percent !== undefined);
  if (!asked.every(([cost, percent = 0]) => reaches(cost / active, percent / 100, activeSamples))) return undefined;
  if (gate.minIdlePct !== undefined && idle / (active + idle) < gate.minIdlePct / 100) return undefined;
  if (gate.under === 'request' && evidence.requestShare(owners) < 0.5) return undefined;
  const cost = asked.at(-1)?.[0] ?? explained.cost;
  const isWhole = gate.minFunctionPct !== undefined;
  return { cost, isWhole, hasLines, samples: isWhole ? Math.round((cost / active) * activeSamples) : explained.samples };
}

interface Weight {
  readonly cost: number;
  readonly samples: number;
  /** The whole function's cost, not that of the matched lines. */
  readonly isWhole: boolean;
  /** Without lines in the profile, the cost is the most that it can be: all own time of the function with the callees that the rule names. */
  readonly hasLines: boolean;
}

/** From what share of active time on a pattern is an error, and a warning. */
const ERROR = 0.4;
const WARNING = 0.1;

/** What would change little is never more than a note; an error is only what grows faster than it must. */
function levelOf(share: number, effect: PatternRule['effect']): FindingLevel {
  if (share < WARNING || effect === 'little') return 'info';
  return share >= ERROR && effect === 'growth' ? 'error' : 'warning';
}

function report(
  profile: OpenedProfile,
  rule: PatternRule,
  match: ScannedMatch,
  { cost, samples, isWhole, hasLines }: Weight,
  place: SourceRange,
  evidence: PatternEvidence,
  uniqueId: (id: string) => string,
): ReportedFinding {
  const { tables, totals, sources } = profile;
  const share = cost / totals.active;
  const margin = half(interval(share, totals.activeSamples));
  const owner = functionIndex(match.owners[0] ?? 0);
  const whole = tables.unit === 'microseconds' ? 'active time' : tables.unit === 'bytes' ? 'all bytes' : 'all that is counted';
  const measured = isMerged(tables, totals)
    ? `${formatShare(share)} of ${whole}, ${formatCost(cost, tables.unit)}`
    : `${formatShare(share)} ± ${formatShare(margin)} of ${whole}, ${formatCost(cost, tables.unit)} in ${plural(samples, 'sample')}`;
  const subject =
    !hasLines && !isWhole
      ? 'Its function, with the callees that this is about, takes'
      : isWhole
        ? 'Its function takes'
        : place.line === place.endLine
          ? 'This line takes'
          : 'These lines take';
  const waited =
    rule.gate.minIdlePct === undefined ? '' : `, and the program was idle for ${formatShare(totals.idle / (totals.active + totals.idle))} of the recording`;
  const guess = hasLines ? '' : ' The profile has no lines, so how much of that this line takes is not known.';
  const level = levelOf(share, rule.effect);
  return {
    id: uniqueId(idOf(profile, rule.id, owner, place.file, match.texts.MATCH ?? '')),
    rule: rule.id,
    origin: 'pattern',
    // What is not known to the line is no certain bottleneck.
    level: hasLines || level !== 'error' ? level : 'warning',
    title: rule.title,
    summary: `${[filled(rule.message, match), rule.why].filter(Boolean).join(' ')} ${subject} ${measured}${waited}.${guess}`,
    advice: rule.fix.advice,
    share,
    margin,
    cost,
    samples,
    functions: [...new Set([...match.owners, ...match.inner])],
    place,
    related: evidence
      .callersOf(match.owners)
      .flatMap((caller) => {
        const at = sources.place(functionIndex(caller));
        if (!at?.exists) return [];
        return [
          {
            message: `called from ${frameLabel(tables, functionIndex(caller))}`,
            place: { file: at.file, line: at.line, column: at.column, endLine: at.line, endColumn: at.column },
          },
        ];
      })
      .slice(0, 3),
    page: isBuiltIn.has(rule.id) ? `docs/rules/${rule.id}.md` : undefined,
    fix: match.fix && { ...match.fix, file: place.file },
  };
}

const half = ({ low, high }: ShareInterval): number => (high - low) / 2;

/** `$A` becomes what was caught, on one line and not too long. */
function filled(text: string, { texts }: ScannedMatch): string {
  const fill = (part: string): string =>
    part.replace(/\$([A-Z_][A-Z0-9_]*)/g, (_, name: string) => printable(shorten((texts[name] ?? '…').replace(/\s+/g, ' '), 60)));
  // What was caught may have backticks of its own.
  return textParts(text)
    .map((part) => (part.isCode ? markedCode(fill(part.text)) : fill(part.text)))
    .join('');
}

/** `find-in-loop:join@src/orders.ts~1f0a2c`: names, the path in the workspace and a hash of what was found, which moving lines leave as they are. */
function idOf({ tables, sources }: OpenedProfile, rule: string, owner: number, file: string, text: string): string {
  const { name } = functionAt(tables, functionIndex(owner));
  const hash = createHash('sha256').update(text.replace(/\s+/g, ' ')).digest('hex').slice(0, 6);
  return `${rule}:${name || '(anonymous)'}@${sources.nameOf(file)}~${hash}`;
}

/** A suppression that suppresses nothing, told where its function ran long enough for the rule to have spoken. */
function reportUnused(
  profile: OpenedProfile,
  unused: UnusedSuppression,
  { job, recorded }: ScannedFile,
  uniqueId: (id: string) => string,
): ReportedFinding | undefined {
  const { totals, costs } = profile;
  const owner = functionIndex(unused.owners[0] ?? 0);
  const share = (costs.total[owner] as number) / totals.active;
  const line = recorded ? (recorded[unused.line] ?? -1) : unused.line;
  const samples = Math.round(share * totals.activeSamples);
  if (line < 0 || samples < defaultThresholds.minSamples) return undefined;
  const named = unused.rules.length > 0 ? unused.rules.join(', ') : 'any rule';
  return {
    id: uniqueId(idOf(profile, 'unused-suppression', owner, job.file, unused.rules.join(' '))),
    rule: 'unused-suppression',
    origin: 'pattern',
    level: 'info',
    title: 'Suppression that suppresses nothing',
    summary: `The line after this comment has nothing that ${named} would say, in a function with ${formatShare(share)} of active time.`,
    advice: 'Remove the comment.',
    share,
    margin: half(interval(share, totals.activeSamples)),
    cost: costs.total[owner] as number,
    samples,
    functions: [],
    place: { file: job.file, line: line + 1, column: unused.column + 1, endLine: line + 1, endColumn: unused.endColumn + 1 },
    related: [],
    page: 'docs/rules/README.md',
    fix: undefined,
  };
}
