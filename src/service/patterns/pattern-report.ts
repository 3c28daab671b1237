import { createHash } from 'node:crypto';
import { frameLabel, isMerged } from '../../core/findings/explain';
import type { PackagesCost, PatternEvidence } from '../../core/findings/patterns/evidence';
import type { PatternRule } from '../../core/findings/patterns/pattern-rule';
import { builtInRules } from '../../core/findings/patterns/rules/built-in';
import type { ScannedMatch, UnusedSuppression } from '../../core/findings/patterns/scan';
import { defaultThresholds } from '../../core/findings/thresholds';
import { functionAt } from '../../core/profile/tables';
import { interval, type ShareInterval } from '../../core/statistics/share-interval';
import { functionIndex } from '../../shared/brands';
import { markedCode, textParts } from '../../shared/code-text';
import { formatCost, formatShare, plural, printable, shorten } from '../../shared/format';
import type { FindingLevel, ReportedFinding, SourceRange } from '../../shared/reported-finding';
import type { OpenedProfile } from '../profile/opened-profile';
import type { ScannedFile } from './pattern-files';

/** What a match is weighed by. Cost in the profile's unit. */
export interface Weight {
  readonly cost: number;
  readonly samples: number;
  /** The whole function's cost, not that of the matched lines. */
  readonly isWhole: boolean;
  /** Without lines in the profile, the cost is the most that it can be: all own time of the function with the callees that the rule names. */
  readonly hasLines: boolean;
  /** The cost is what these npm packages take anywhere in the profile. */
  readonly packages?: Pick<PackagesCost, 'names' | 'functions'> & { /** Only what some of their functions take by themselves. */ readonly isPart: boolean };
  /** Matches of rules about packages, which share that. */
  readonly sites?: number;
}

/** Rules with a page. */
const isBuiltIn = new Set(builtInRules.map(({ id }) => id));

/** From what share of active time on a pattern is an error, and a warning. */
const ERROR = 0.4;
const WARNING = 0.1;

/** What would change little is never more than a note; an error is only what grows faster than it must. */
function levelOf(share: number, effect: PatternRule['effect']): FindingLevel {
  if (share < WARNING || effect === 'little') return 'info';
  return share >= ERROR && effect === 'growth' ? 'error' : 'warning';
}

/** A match in words. */
export function report(
  profile: OpenedProfile,
  rule: PatternRule,
  match: ScannedMatch,
  { cost, samples, isWhole, hasLines, packages, sites = 1 }: Weight,
  place: SourceRange,
  evidence: PatternEvidence,
  uniqueId: (id: string) => string,
): ReportedFinding {
  const { tables, totals, sources } = profile;
  const share = cost / totals.active;
  const margin = half(interval(share, totals.effectiveSamples));
  const owner = functionIndex(match.owners[0] ?? 0);
  const whole = tables.unit === 'microseconds' ? 'active time' : tables.unit === 'bytes' ? 'all bytes' : 'all that is counted';
  const measured = isMerged(tables, totals)
    ? `${formatShare(share)} of ${whole}, ${formatCost(cost, tables.unit)}`
    : `${formatShare(share)} ± ${formatShare(margin)} of ${whole}, ${formatCost(cost, tables.unit)} in ${plural(samples, 'sample')}`;
  const subject = packages
    ? packages.isPart
      ? `Doing that in ${named(packages.names)} takes`
      : `${listed(packages.names)} ${packages.names.length > 1 ? 'take' : 'takes'}`
    : !hasLines && !isWhole
      ? 'Its function, with the callees that this is about, takes'
      : isWhole
        ? 'Its function takes'
        : match.line === match.endLine
          ? 'This line takes'
          : 'These lines take';
  const waited =
    rule.gate.minIdlePct === undefined && !(packages && totals.idle > totals.active)
      ? ''
      : `, and the program was idle for ${formatShare(totals.idle / (totals.active + totals.idle))} of the recording`;
  const guess = hasLines ? '' : ' The profile has no lines, so how much of that this line takes is not known.';
  const shared = packages && sites > 1 ? ` ${sites} places that ask share that.` : '';
  const level = levelOf(share, rule.effect);
  return {
    id: uniqueId(idOf(profile, rule.id, match.owners.length > 0 ? owner : match.ownerName, place.file, match.texts.MATCH ?? '')),
    rule: rule.id,
    origin: 'pattern',
    // What is not known to the line is no certain bottleneck.
    level: hasLines || level !== 'error' ? level : 'warning',
    title: rule.title,
    summary: `${[filled(rule.message, match), rule.why].filter(Boolean).join(' ')} ${subject} ${measured}${waited}.${shared}${guess}`,
    advice: rule.fix.advice,
    share,
    margin,
    cost,
    samples,
    functions: [...new Set([...match.owners, ...match.inner, ...match.around, ...(packages?.functions ?? [])])],
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

/** `knex, pg and 2 more` */
const listed = (packages: readonly string[]): string => `${named(packages)}, with what ${packages.length > 1 ? 'they call' : 'it calls'},`;

function named(packages: readonly string[]): string {
  const names = packages.slice(0, 3).map((name) => printable(shorten(name, 40)));
  const more = packages.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
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
function idOf({ tables, sources }: OpenedProfile, rule: string, owner: number | string, file: string, text: string): string {
  const name = typeof owner === 'string' ? owner : functionAt(tables, functionIndex(owner)).name;
  const hash = createHash('sha256').update(text.replace(/\s+/g, ' ')).digest('hex').slice(0, 6);
  return `${rule}:${name || '(anonymous)'}@${sources.nameOf(file)}~${hash}`;
}

/** A suppression that suppresses nothing, told where its function ran long enough for the rule to have spoken. */
export function reportUnused(
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
    margin: half(interval(share, totals.effectiveSamples)),
    cost: costs.total[owner] as number,
    samples,
    functions: [],
    place: { file: job.file, line: line + 1, column: unused.column + 1, endLine: line + 1, endColumn: unused.endColumn + 1 },
    related: [],
    page: 'docs/rules/README.md',
    fix: undefined,
  };
}
