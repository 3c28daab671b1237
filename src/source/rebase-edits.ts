import type { TextEdit } from '../shared/reported-finding';
import { alignLines, lineFingerprints } from './align-lines';

/**
 * Edits that were worked out on an older text, for the text as it is now; undefined
 * where anything from the first line that they touch to the last has changed since.
 * Offsets are UTF-16 code units.
 */
export function rebaseEdits(before: string, now: string, edits: readonly TextEdit[]): readonly TextEdit[] | undefined {
  if (edits.some(({ start, end }) => !(start >= 0 && end >= start && end <= before.length))) return undefined;
  if (before === now || edits.length === 0) return edits;
  const first = edits.reduce((least, { start }) => Math.min(least, start), before.length);
  const last = edits.reduce((most, { end }) => Math.max(most, end), 0);
  const from = first === 0 ? 0 : before.lastIndexOf('\n', first - 1) + 1;
  const newline = before.indexOf('\n', last);
  const to = newline < 0 ? before.length : newline;
  const lines = alignLines(lineFingerprints(before), lineFingerprints(now));
  const line = countNewlines(before, from);
  const there = lines[line] ?? -1;
  if (there < 0) return undefined;
  const shift = startOfLine(now, there) - from;
  // The fingerprints say where to look; the texts themselves have to be the same.
  if (now.slice(from + shift, to + shift) !== before.slice(from, to)) return undefined;
  const isEnd = to + shift === now.length || /[\r\n]/.test(now.charAt(to + shift));
  return isEnd ? edits.map(({ start, end, text }) => ({ start: start + shift, end: end + shift, text })) : undefined;
}

/** A text with edits applied, which must not overlap; undefined where they do. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | undefined {
  const sorted = edits.map((edit, at) => ({ ...edit, at })).sort((a, b) => a.start - b.start || a.end - b.end || a.at - b.at);
  const parts: string[] = [];
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) return undefined;
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

function countNewlines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function startOfLine(text: string, line: number): number {
  let offset = 0;
  for (let at = 0; at < line; at++) offset = text.indexOf('\n', offset) + 1;
  return offset;
}
