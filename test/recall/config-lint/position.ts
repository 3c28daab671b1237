export interface Position {
  line: number;
  column: number;
}

/** Line and column, both from 1, of an offset. */
export function positionOf(source: string, offset: number): Position {
  const lines = source.slice(0, offset).split('\n');
  return { line: lines.length, column: lines[lines.length - 1].length + 1 };
}
