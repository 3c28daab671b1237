import { Category } from '../../core/profile/categories';
import { functionsBySelf } from '../../core/profile/costs/function-costs';
import { functionAt } from '../../core/profile/tables';
import { byCpu, cpuOf, type ShownThreads, type ThreadSummary } from '../../core/profile/views/threads';
import type { FunctionIndex, Unit } from '../../shared/brands';
import type { FindingStatus, TrackedFinding } from '../../shared/finding-status';
import type { FindingFix, ReportedFinding, SourceRange } from '../../shared/reported-finding';
import { isElsewhere, type LineRow } from '../../source/source-view';
import { describeWarning } from '../profile/describe-warning';
import type { OpenedProfile } from '../profile/opened-profile';
import { describeShown } from '../profile/shown-threads';

/** `analyze --json`; its JSON schema is `schema/analyze.schema.json`. Lines and columns are 1-based, 0 for none; shares in percent of active time. */
export interface AnalyzeReport {
  readonly schema: 'plateau/analyze/1';
  readonly kind: 'cpu';
  /** What the numbers in `…Ms` fields count: they keep their names for profiles that count no time. */
  readonly unit: 'ms' | 'bytes' | 'count';
  readonly file: string;
  readonly durationMs: number;
  readonly activeMs: number;
  readonly idleMs: number;
  /** In which no sample was taken: nobody's. Absent for none. */
  readonly notSampledMs?: number;
  readonly gcMs: number;
  readonly samples: number;
  /** Every thread of the recording, by falling CPU time, and a sentence that says which is shown; absent where there is one alone. */
  readonly threads?: readonly ThreadReport[];
  readonly shown?: string;
  readonly functions: readonly FunctionReport[];
  readonly lines: readonly LineReport[];
  readonly findings: readonly FindingReport[];
  readonly warnings: readonly string[];
}

export interface ThreadReport {
  /** Numbers; null where the file does not tell. */
  readonly process: number | null;
  readonly thread: number | null;
  readonly name: string;
  /** Active without what it waits for in calls that block. */
  readonly cpuMs: number;
  readonly waitingMs: number;
  readonly durationMs: number;
  readonly samples: number;
  readonly selected: boolean;
  /** Its profile: a path where it has one of its own, else that of the whole. */
  readonly file: string;
}

export interface FunctionReport {
  readonly name: string;
  /** As the profile has it; empty for native functions and V8's own entries. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
  readonly selfMs: number;
  readonly totalMs: number;
  readonly selfPct: number;
  readonly totalPct: number;
  readonly samples: number;
  /** Of the samples, those that V8 gave to a caller that it was inlined into; absent for none. */
  readonly inlined?: number;
  /** Where the function stands in the sources, through source maps; absent where that is the same or unknown. */
  readonly source?: { readonly file: string; readonly line: number; readonly column: number };
}

/** One line, all functions on it together, as the editor shows it. */
export interface LineReport {
  /** As the profile has it. */
  readonly url: string;
  /** Where `source` is there, in that file; else in `url`. */
  readonly line: number;
  /** The original file, where a source map leads to one. */
  readonly source?: string;
  /** The function with most self time on the line. */
  readonly function: string;
  readonly selfMs: number;
  readonly selfPct: number;
}

export interface FindingReport {
  /** The same in the next recording of the same code. */
  readonly id: string;
  readonly rule: string;
  readonly level: string;
  readonly title: string;
  readonly message: string;
  readonly advice: string;
  readonly sharePct: number;
  /** Half the width of the share's 95 % interval. */
  readonly marginPct: number;
  readonly ms: number;
  readonly samples: number;
  readonly status: FindingStatus;
  /** Why it stands there, where that needs a word. */
  readonly note?: string;
  /** The line of the user's own code, as it was profiled; absent where there is none. */
  readonly place?: SourceRange;
  readonly related?: ReportedFinding['related'];
  /** The rule's page in the documentation. */
  readonly page?: string;
  readonly fix?: Pick<FindingFix, 'title' | 'safety'>;
}

export function findingReport({ finding, status, note }: TrackedFinding, unit: Unit): FindingReport {
  const { id, rule, level, title, summary, advice, share, margin, cost, samples, place, related, page, fix } = finding;
  return {
    id,
    rule,
    level,
    title,
    message: summary,
    advice,
    sharePct: share * 100,
    marginPct: margin * 100,
    ms: unit === 'microseconds' ? cost / 1000 : cost,
    samples,
    status,
    ...(note === undefined ? {} : { note }),
    ...(place === undefined ? {} : { place }),
    ...(related.length === 0 ? {} : { related }),
    ...(page === undefined ? {} : { page }),
    ...(fix === undefined ? {} : { fix: { title: fix.title, safety: fix.safety } }),
  };
}

/** `tracked` by default: all findings of the profile, open. */
export function analyzeReport(profile: OpenedProfile, top: number, tracked?: readonly TrackedFinding[]): AnalyzeReport {
  const { functions, lines } = analyzeRows(profile, top);
  return {
    ...analyzeHead(profile, tracked),
    functions: functions.rows.map(functions.report),
    lines: lines.rows.map(lines.report),
  };
}

/** A report without its rows. */
export function analyzeHead(
  { tables, totals, file, findings, warnings, threads, threadFiles }: OpenedProfile,
  tracked: readonly TrackedFinding[] = findings.map((finding) => ({ finding, status: 'open', note: undefined })),
): Omit<AnalyzeReport, 'functions' | 'lines'> {
  const ms = inMs(tables.unit);
  return {
    schema: 'plateau/analyze/1',
    kind: 'cpu',
    unit: tables.unit === 'microseconds' ? 'ms' : tables.unit,
    file,
    durationMs: ms(totals.duration),
    activeMs: ms(totals.active),
    idleMs: ms(totals.idle),
    ...(totals.notSampled > 0 ? { notSampledMs: ms(totals.notSampled) } : {}),
    gcMs: ms(totals.gc),
    samples: totals.samples,
    ...(threads ? { threads: threadReports(threads, threadFiles, file), shown: describeShown(threads) } : {}),
    findings: tracked.map((one) => findingReport(one, tables.unit)),
    warnings: warnings.map(describeWarning),
  };
}

function threadReports({ all, shown }: ShownThreads, files: readonly (string | undefined)[], file: string): ThreadReport[] {
  const isShown = new Set(shown);
  return byCpu(all).map((at) => {
    const one = all[at] as ThreadSummary;
    const { process = null, thread = null, name, samples } = one;
    return {
      process,
      thread,
      name,
      cpuMs: cpuOf(one) / 1000,
      waitingMs: one.waiting / 1000,
      durationMs: (one.endTime - one.startTime) / 1000,
      samples,
      selected: isShown.has(at),
      file: files[at] ?? file,
    };
  });
}

/** What becomes a row of a report, and how: a large profile has tens of thousands, of which few need exist at a time. */
export interface AnalyzeRows<Row, Report> {
  readonly rows: readonly Row[];
  report(row: Row): Report;
}

export function analyzeRows(
  profile: OpenedProfile,
  top: number,
): { readonly functions: AnalyzeRows<FunctionIndex, FunctionReport>; readonly lines: AnalyzeRows<LineRow, LineReport> } {
  const { tables, costs, totals, sources } = profile;
  const share = (micros: number): number => (totals.active > 0 ? (micros / totals.active) * 100 : 0);
  // Idle time is no part of active time, so it has no share of it; nor has the root for holding it.
  const activePart = (category: number, micros: number): number =>
    category === Category.Idle ? 0 : category === Category.Root ? Math.max(0, micros - totals.idle) : micros;
  const ms = inMs(tables.unit);
  return {
    functions: {
      rows: functionsBySelf(costs).slice(0, top),
      report(func) {
        const view = functionAt(tables, func);
        const place = sources.place(func);
        const isMapped = place !== undefined && isElsewhere(sources, view, place);
        const self = costs.self[func] as number;
        const total = costs.total[func] as number;
        return {
          name: view.name === '' ? '(anonymous)' : view.name,
          url: view.url,
          line: view.line + 1,
          column: view.column + 1,
          selfMs: ms(self),
          totalMs: ms(total),
          selfPct: share(activePart(view.category, self)),
          totalPct: share(activePart(view.category, total)),
          samples: costs.hits[func] as number,
          ...(costs.inlined[func] ? { inlined: costs.inlined[func] } : {}),
          ...(isMapped ? { source: { file: place.file, line: place.line, column: place.column } } : {}),
        };
      },
    },
    lines: {
      rows: sources.lines().slice(0, top),
      report(row) {
        const { name } = functionAt(tables, row.func);
        const source = row.source === undefined ? {} : { source: row.source };
        return { url: row.url, line: row.line, ...source, function: name === '' ? '(anonymous)' : name, selfMs: ms(row.self), selfPct: share(row.self) };
      },
    },
  };
}

const inMs =
  (unit: Unit) =>
  (cost: number): number =>
    unit === 'microseconds' ? cost / 1000 : cost;
