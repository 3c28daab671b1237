import type { Position, Range } from 'vscode-languageserver/node';
import type { FindingSource } from '../../service/findings/finding-source';
import type { SourceRange } from '../../shared/reported-finding';
import type { SourceCache } from '../sources';

/** Where a profiled line (1-based) stands in the text as it is now, 1-based; undefined where it was changed or removed. */
export function lineNow(profile: FindingSource, file: string, line: number, sources: SourceCache): number | undefined {
  const aligned = sources.aligned(profile, file);
  const now = aligned ? (aligned[line - 1] ?? -1) : line - 1;
  return now < 0 ? undefined : now + 1;
}

/** A place in the text as it is now; undefined where its first line was changed or removed. */
export function rangeNow(profile: FindingSource, place: SourceRange, sources: SourceCache): Range | undefined {
  const line = lineNow(profile, place.file, place.line, sources);
  if (line === undefined) return undefined;
  const end = place.endLine > place.line ? lineNow(profile, place.file, place.endLine, sources) : line;
  const start = { line: line - 1, character: Math.max(0, place.column - 1) };
  // Where its end is gone, the beginning has to do.
  if (end === undefined || end < line || place.endLine < place.line) return { start, end: { line: line - 1, character: start.character } };
  return { start, end: { line: end - 1, character: Math.max(end === line ? start.character : 0, place.endColumn - 1) } };
}

export function holds({ start, end }: Range, { line, character }: Position): boolean {
  if (line < start.line || line > end.line) return false;
  return (line > start.line || character >= start.character) && (line < end.line || character <= end.character);
}
