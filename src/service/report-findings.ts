import fs from 'node:fs';
import { frameLabel } from '../core/findings/explain';
import { type Blame, type Finding, shareMargin } from '../core/findings/finding';
import type { ProfileTotals } from '../core/profile/function-costs';
import { neighbours } from '../core/profile/neighbours';
import { functionAt, type ProfileTables } from '../core/profile/tables';
import type { FunctionIndex } from '../shared/brands';
import { formatCost, formatShare } from '../shared/format';
import type { ReportedFinding, SourceRange } from '../shared/reported-finding';
import { lineFingerprints } from '../source/align-lines';
import type { SourceView } from '../source/source-view';
import type { RecordingInfo } from './recording-info';

/** The profile's part that findings are told from. */
export interface FindingContext {
  readonly tables: ProfileTables;
  readonly totals: ProfileTotals;
  readonly sources: SourceView;
  readonly info: RecordingInfo | undefined;
}

/** Callers that a finding lists as related places. */
const CALLERS = 3;

/** Findings as every shell shows them: with the line of the user's own code, callers, and a name that lasts. */
export function reportFindings(context: FindingContext, findings: readonly Finding[]): ReportedFinding[] {
  const texts = new Map<string, readonly string[] | undefined>();
  const taken = new Map<string, number>();
  return findings.map(({ blame, ...finding }): ReportedFinding => {
    const id = idOf(context, finding.rule, blame ? [blame.func, ...finding.functions.slice(0, 1)] : finding.functions.slice(0, 1));
    const times = (taken.get(id) ?? 0) + 1;
    taken.set(id, times);
    return {
      ...finding,
      id: times === 1 ? id : `${id}#${times}`,
      origin: 'heuristic',
      margin: shareMargin(finding.share, context.totals.activeSamples),
      place: blame && placeOfBlame(context, blame, texts),
      related: blame ? callersOf(context, blame.func, texts) : [],
      page: `docs/findings/${finding.rule}.md`,
      fix: undefined,
    };
  });
}

/** `plateau:hot@src/orders.ts`: names and the ends of paths, which are the same on another machine and after an edit. */
function idOf({ tables }: FindingContext, rule: string, functions: readonly FunctionIndex[]): string {
  const names = new Set(
    functions.map((func) => {
      const { name, url } = functionAt(tables, func);
      const end = url.split(/[\\/]/).slice(-2).join('/');
      return `${name || '(anonymous)'}${end === '' ? '' : `@${end}`}`;
    }),
  );
  return [rule, ...names].join(':');
}

type Texts = Map<string, readonly string[] | undefined>;

/** The hottest line where the cost is the function's own, else the line that the function stands on. */
function placeOfBlame({ sources, info }: FindingContext, { func, callee }: Blame, texts: Texts): SourceRange | undefined {
  const place = sources.place(func);
  if (!place?.exists) return undefined;
  const hot = callee === undefined ? sources.functionLines(func) : undefined;
  const lines = hot && hot.file === place.file ? [...hot.lines] : [];
  const [line] = lines.reduce((most, one) => (one[1].self > most[1] ? [one[0], one[1].self] : most), [place.line, 0]);
  return lineRange(place.file, line, line === place.line ? place.column : 1, info, texts);
}

/** A line from its first to its last character that is no white space. */
function lineRange(file: string, line: number, column: number, info: RecordingInfo | undefined, texts: Texts): SourceRange {
  const text = profiledLines(file, info, texts)?.[line - 1];
  const from = text === undefined ? column : text.length - text.trimStart().length + 1;
  const to = text === undefined ? column : text.trimEnd().length + 1;
  return text?.trim() === '' ? { file, line, column, endLine: line, endColumn: column } : { file, line, column: from, endLine: line, endColumn: to };
}

/** Longer files are generated, and not worth reading for the ends of a line. */
const MAX_TEXT = 4 << 20;

/** The lines of a file as it was profiled; undefined where it has changed since, or cannot be read. */
function profiledLines(file: string, info: RecordingInfo | undefined, texts: Texts): readonly string[] | undefined {
  if (!texts.has(file)) texts.set(file, readUnchanged(file, info?.sources[file]));
  return texts.get(file);
}

function readUnchanged(file: string, recorded: readonly string[] | undefined): readonly string[] | undefined {
  try {
    if (fs.statSync(file).size > MAX_TEXT) return undefined;
    const text = fs.readFileSync(file, 'utf8');
    if (recorded) {
      const now = lineFingerprints(text);
      if (now.length !== recorded.length || now.some((line, i) => line !== recorded[i])) return undefined;
    }
    return text.split('\n');
  } catch {
    return undefined; // gone since it was found
  }
}

function callersOf(context: FindingContext, func: FunctionIndex, texts: Texts): ReportedFinding['related'] {
  const { tables, sources, info } = context;
  const near = neighbours(tables, func);
  return near.callers.slice(0, CALLERS).flatMap((caller) => {
    const place = sources.place(caller.func);
    if (!place?.exists) return [];
    const share = formatShare(near.total > 0 ? caller.total / near.total : 0);
    const message = `called from ${frameLabel(tables, caller.func)}: ${formatCost(caller.total, tables.unit)}, ${share} of its calls' time`;
    return [{ message, place: lineRange(place.file, place.line, place.column, info, texts) }];
  });
}
