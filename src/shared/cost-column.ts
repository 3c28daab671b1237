/** The column of shares that stands before code: its cells, and where they are after an edit. */

/** Characters of a cell: `100.0 %`, the widest share. */
const CELL = 7;

/** A share as a cell of a column: at its right edge, with spaces that editors keep. */
export const shareCell = (share: string): string => share.replaceAll(' ', '\u00a0').padStart(CELL, '\u00a0');

/** A part of a text that another has taken the place of: lines from 0, both included. */
export interface LineChange {
  readonly startLine: number;
  readonly endLine: number;
  /** How many line ends the new text has. */
  readonly added: number;
}

/** Where lines stand after changes of one edit, whose places are those before it. What was within a change stands at its start. */
export function movedLines(lines: ReadonlySet<number>, changes: readonly LineChange[]): ReadonlySet<number> {
  const moved = new Set<number>();
  for (const line of lines) {
    let now = line;
    for (const { startLine, endLine, added } of changes) {
      if (line > endLine) now += added - (endLine - startLine);
      else if (line > startLine) now -= line - startLine;
    }
    moved.add(now);
  }
  return moved;
}
