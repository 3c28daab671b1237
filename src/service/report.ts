import { Category } from '../core/profile/categories';
import { functionsBySelf } from '../core/profile/function-costs';
import { functionAt } from '../core/profile/tables';
import { describeWarning } from './describe-issue';
import type { OpenedProfile } from './opened-profile';

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
  readonly gcMs: number;
  readonly samples: number;
  readonly functions: readonly FunctionReport[];
  readonly lines: readonly LineReport[];
  readonly findings: readonly FindingReport[];
  readonly warnings: readonly string[];
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
  readonly rule: string;
  readonly level: string;
  readonly title: string;
  readonly message: string;
  readonly advice: string;
  readonly sharePct: number;
  readonly ms: number;
  readonly samples: number;
}

export function analyzeReport(profile: OpenedProfile, top: number): AnalyzeReport {
  const { tables, costs, totals } = profile;
  const share = (micros: number): number => (totals.active > 0 ? (micros / totals.active) * 100 : 0);
  // Idle time is no part of active time, so it has no share of it; nor has the root for holding it.
  const activePart = (category: number, micros: number): number =>
    category === Category.Idle ? 0 : category === Category.Root ? Math.max(0, micros - totals.idle) : micros;
  const ms = (cost: number): number => (tables.unit === 'microseconds' ? cost / 1000 : cost);
  const functions = functionsBySelf(costs)
    .slice(0, top)
    .map((func): FunctionReport => {
      const view = functionAt(tables, func);
      const place = profile.sources.place(func);
      const isMapped = place !== undefined && (place.line !== view.line + 1 || place.column !== view.column + 1);
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
        ...(isMapped ? { source: { file: place.file, line: place.line, column: place.column } } : {}),
      };
    });
  const lines = profile.sources
    .lines()
    .slice(0, top)
    .map((row): LineReport => {
      const { name } = functionAt(tables, row.func);
      const source = row.source === undefined ? {} : { source: row.source };
      return { url: row.url, line: row.line, ...source, function: name === '' ? '(anonymous)' : name, selfMs: ms(row.self), selfPct: share(row.self) };
    });
  return {
    schema: 'plateau/analyze/1',
    kind: 'cpu',
    unit: tables.unit === 'microseconds' ? 'ms' : tables.unit,
    file: profile.file,
    durationMs: ms(totals.duration),
    activeMs: ms(totals.active),
    idleMs: ms(totals.idle),
    gcMs: ms(totals.gc),
    samples: totals.samples,
    functions,
    lines,
    findings: profile.findings.map(({ title, summary, advice, ...finding }) => ({
      rule: finding.rule,
      level: finding.level,
      title,
      message: summary,
      advice,
      sharePct: finding.share * 100,
      ms: ms(finding.cost),
      samples: finding.samples,
    })),
    warnings: profile.warnings.map(describeWarning),
  };
}
