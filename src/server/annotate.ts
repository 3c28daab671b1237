import type { AnnotationDto, AnnotationLevel, AnnotationsDto } from '../protocol/lsp';
import type { OpenedProfile } from '../service/profile/opened-profile';
import { formatCost, formatShare } from '../shared/format';
import type { SourceFunction } from '../source/parse/parse-functions';
import type { FileCosts } from '../source/source-view';

/** Shares from which a line is shown in amber and in red. */
const WARM = 0.05;
const HOT = 0.2;

interface Row {
  total: number | undefined;
  self: number;
  /** Whether the own cost of the function that begins here has no lines. */
  isBlurred: boolean;
}

/**
 * The cost beside each line of a file, for its text as it is now.
 * `aligned[i]` is where line i of the profiled text stands, -1 if it was changed.
 */
export function annotateFile(
  profile: OpenedProfile,
  costs: FileCosts,
  aligned: Int32Array | undefined,
  functions: readonly SourceFunction[],
  threshold: number,
): AnnotationsDto {
  const { active } = profile.totals;
  const { unit } = profile.tables;
  if (active <= 0) return { annotations: [], isStale: false };
  const now = (line1: number): number => (aligned ? (aligned[line1 - 1] ?? -1) : line1 - 1);
  const spread = spreadLines(functions);
  const rows = new Map<number, Row>();
  let isStale = false;
  const rowAt = (line1: number, share: number): Row | undefined => {
    const line = now(line1);
    if (line < 0) {
      if (share >= threshold) isStale = true;
      return undefined;
    }
    let row = rows.get(line);
    if (!row) {
      row = { total: undefined, self: 0, isBlurred: false };
      rows.set(line, row);
    }
    return row;
  };
  for (const [line, cost] of costs.lines) {
    const row = rowAt(line, cost.self / active);
    if (row) row.self += cost.self;
  }
  for (const { func, line } of costs.functions) {
    const total = profile.costs.total[func] as number;
    const row = rowAt(line, total / active);
    if (!row || !spread.has(now(line))) continue;
    row.total = Math.max(row.total ?? 0, total);
    if (profile.tables.lines.length > 0 && profile.sources.withoutLine(func) / active >= threshold) row.isBlurred = true;
  }
  const annotations: AnnotationDto[] = [];
  for (const [line, { total, self, isBlurred }] of rows) {
    const shownTotal = total !== undefined && total / active >= threshold;
    const shownSelf = self / active >= threshold;
    if (!shownTotal && !shownSelf) continue;
    const selfText = `${formatCost(self, unit)} · ${formatShare(self / active)}`;
    // Where statements ran as one line, the function says why none of its lines has a cost.
    const end = isBlurred ? ', lines not known' : '';
    const text = shownTotal ? `${formatCost(total, unit)} total · ${formatShare(total / active)}${shownSelf ? `, self ${selfText}` : ''}${end}` : selfText;
    const level = levelOf(shownSelf ? self / active : 0, shownTotal ? total / active : 0);
    const share = formatShare((shownTotal ? total : self) / active);
    // The same without the share that stands before the line.
    const rest = shownTotal ? `${formatCost(total, unit)} total${shownSelf ? `, self ${selfText}` : ''}${end}` : formatCost(self, unit);
    annotations.push({ line, text, share, rest, level, heat: shownSelf ? heatOf(self / active) : -1 });
  }
  return { annotations: annotations.sort((a, b) => a.line - b.line), isStale };
}

/** A function over several lines gets its total on its first; one on a single line is told by that line's own cost. */
function spreadLines(functions: readonly SourceFunction[]): ReadonlySet<number> {
  return new Set(functions.flatMap((one) => (one.endLine > one.startLine ? [one.startLine, one.nameLine, one.v8Line] : [])));
}

/** Red is for self time alone: a high total is only the way to it. */
function levelOf(selfShare: number, totalShare: number): AnnotationLevel {
  if (selfShare >= HOT) return 'hot';
  return selfShare >= WARM || totalShare >= HOT ? 'warm' : 'quiet';
}

/** Steps of the heat bar: under 2 %, 5 %, 10 %, 20 %, and above. */
function heatOf(share: number): number {
  return [0.02, 0.05, 0.1, 0.2].filter((step) => share >= step).length;
}
