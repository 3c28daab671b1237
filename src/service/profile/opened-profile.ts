import { waitingOf } from '../../core/findings/evidence';
import { frameLabel, isMerged } from '../../core/findings/explain';
import { findInProfile } from '../../core/findings/find';
import type { Elsewhere } from '../../core/findings/thread-activity';
import { defaultThresholds, type Thresholds } from '../../core/findings/thresholds';
import type { BuiltProfile } from '../../core/profile/build/build-tables';
import { isCode } from '../../core/profile/categories';
import { type FunctionCosts, functionCosts, functionsBySelf, gcByFunction, type ProfileTotals, profileTotals } from '../../core/profile/costs/function-costs';
import { withLabels } from '../../core/profile/labels';
import type { ProfileTables } from '../../core/profile/tables';
import type { ShownThreads } from '../../core/profile/views/threads';
import type { ProfileWarning } from '../../shared/issue';
import type { ReportedFinding } from '../../shared/reported-finding';
import { functionLabels } from '../../source/function-labels';
import type { FileLocator } from '../../source/maps/locate';
import { type SourceView, sourceView } from '../../source/source-view';
import type { Headline, RecordingInfo } from '../recordings/recording-info';
import type { ReadProfile } from './import-profile';
import { profiledTexts } from './profiled-text';
import { linesFrom, reportFindings } from './report-findings';
import { shownThreads } from './shown-threads';
import { unknownLines } from './unknown-lines';

/** Maps that are not read and are told of; more say nothing more. */
const MAX_UNREAD = 5;

/** A profile with what is derived from it once: everything a shell shows comes from here. */
export interface OpenedProfile {
  readonly file: string;
  readonly tables: ProfileTables;
  readonly warnings: readonly ProfileWarning[];
  readonly costs: FunctionCosts;
  readonly totals: ProfileTotals;
  /** Loudest first. */
  readonly findings: readonly ReportedFinding[];
  readonly sources: SourceView;
  /** GC time by the function before it, microseconds. */
  readonly gcAfter: Float64Array;
  readonly info: RecordingInfo | undefined;
  /** All threads of the recording and which of them this is; undefined where there is no more than one. */
  readonly threads: ShownThreads | undefined;
  /** By thread the path of its own file; undefined where all are in one. */
  readonly threadFiles: readonly (string | undefined)[];
  /** What other threads computed meanwhile, where that is worth a word. */
  readonly elsewhere: Elsewhere | undefined;
}

export function openProfile(
  file: string,
  built: BuiltProfile,
  context: {
    readonly thresholds: Thresholds;
    readonly locator: FileLocator;
    readonly info: RecordingInfo | undefined;
    /** What the file holds besides, where it is known. */
    readonly content?: Pick<ReadProfile, 'profiles' | 'selected' | 'together'> | undefined;
  },
): OpenedProfile {
  const { warnings } = built;
  const costs = functionCosts(built.tables);
  const totals = profileTotals(built.tables, costs);
  const sources = sourceView(built.tables, costs, context.locator);
  const texts = profiledTexts(context.info, context.locator.roots);
  const tables = withLabels(built.tables, functionLabels(built.tables, costs, totals.active, sources, texts.text));
  const threads = context.content && shownThreads(context.content, context.info);
  const findings = reportFindings({ tables, totals, sources, texts }, findInProfile(tables, context.thresholds, costs, linesFrom(sources, texts), threads));
  // V8 itself writes a few samples out of order: no news in a recording that is known to come straight from it.
  const own = context.info ? warnings.filter(({ kind }) => kind !== 'unsorted-samples') : warnings;
  const lost = unknownLines(tables, { costs, totals, sources, info: context.info });
  const refused = [...sources.unread()];
  const late = refused.findIndex(([, { kind }]) => kind === 'too-late');
  const told = [...refused.slice(0, late < 0 ? MAX_UNREAD : Math.min(late, MAX_UNREAD)), ...(late < 0 ? [] : refused.slice(late, late + 1))];
  const unread = told.map(([map, issue]): ProfileWarning => ({ kind: 'unread-map', file: map, issue }));
  const known = [...own, ...lost, ...unread];
  return {
    file,
    tables,
    warnings: findings.length > 0 ? known : [...known, ...tooFew(known, tables, totals, context.thresholds)],
    costs,
    totals,
    findings,
    sources,
    gcAfter: gcByFunction(tables),
    info: context.info,
    threads,
    threadFiles: threads ? (context.content?.profiles.map(({ file: own }) => own) ?? []) : [],
    elsewhere: waitingOf(totals, threads).elsewhere,
  };
}

/** That nothing was found because nothing was looked for. */
function tooFew(known: readonly ProfileWarning[], tables: ProfileTables, totals: ProfileTotals, { minSamples: needed }: Thresholds): readonly ProfileWarning[] {
  const { activeSamples: count, effectiveSamples: worth } = totals;
  const isTold = known.some(({ kind }) => kind === 'no-samples' || kind === 'single-sample');
  return isTold || worth >= needed ? [] : [{ kind: 'few-samples', count, needed, isMerged: isMerged(tables, totals), ...(count >= needed ? { worth } : {}) }];
}

export function headlineOf(tables: ProfileTables, costs = functionCosts(tables)): Headline {
  const totals = profileTotals(tables, costs);
  const top =
    totals.effectiveSamples < defaultThresholds.minSamples
      ? undefined
      : functionsBySelf(costs).find((func) => isCode(tables.functions.category[func] as number) && (costs.self[func] as number) > 0);
  return {
    duration: totals.duration,
    active: totals.active,
    samples: totals.samples,
    ...(top === undefined || totals.active <= 0 ? {} : { top: { name: frameLabel(tables, top), selfShare: (costs.self[top] as number) / totals.active } }),
  };
}
