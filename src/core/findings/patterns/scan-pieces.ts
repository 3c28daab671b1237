/**
 * Large texts are not parsed as a whole: of each hot function only the piece from its
 * first line on is, so that the cost follows the functions and not the file. What
 * stands outside of a piece, the declarations of the module among it, is not known there.
 */
import { isScript, type PatternRule } from './pattern-rule';
import type { FileJob, FileScan, FunctionRow, ScannedMatch, SyntaxEngine } from './scan';
import { scanFile } from './scan-file';

/** Texts of up to this many UTF-16 code units are parsed as a whole (about 20 ms for 100,000). */
const WHOLE = 300_000;
/** Where the end of a function cannot be told from its indentation, pieces of these lengths are tried. */
const LONGEST = 256_000;
const PIECES = [16_000, LONGEST];
/** Hot functions of one large text that are looked at, the hottest first. */
const MAX_PIECES = 40;
/** A method is only one within a class. */
const WRAPPER = 'class _ {\n';

interface Piece {
  readonly text: string;
  /** What is to be added to offsets and lines of the piece. */
  readonly offset: number;
  readonly line: number;
  readonly rows: readonly FunctionRow[];
}

/** As `scanFile`, for texts of any size. Rows stand by falling cost. */
export function scanAnyFile(engine: SyntaxEngine, rules: readonly PatternRule[], job: FileJob, begin: (rule: number) => void = () => {}): FileScan {
  // Where a function of another language ends cannot be told without parsing what is around it.
  if (job.text.length <= WHOLE || !isScript(job.language)) return scanFile(engine, rules, job, begin);
  const starts = hotLineStarts(job);
  const matches = new Map<string, ScannedMatch>();
  const callbacks = new Map<string, FileScan['callbacks'][number]>();
  const unused = new Map<number, FileScan['unused'][number]>();
  let scanned = 0;
  let tooLong = 0;
  for (const row of job.rows.filter(({ isHot }) => isHot).slice(0, MAX_PIECES)) {
    const found = scanRow(engine, rules, job, row, starts, begin);
    if (!found) {
      // Whether it is another function by now or only a long one, nobody has looked.
      tooLong++;
      continue;
    }
    const { scan, piece } = found;
    scanned += scan.scanned;
    for (const one of scan.matches) {
      // The function around is hotter, and comes first.
      const key = `${one.rule} ${one.start + piece.offset}`;
      if (!matches.has(key)) matches.set(key, moved(one, piece));
    }
    for (const one of scan.callbacks) callbacks.set(`${one.owner} ${one.callback}`, one);
    for (const one of scan.unused) unused.set(one.line + piece.line, { ...one, line: one.line + piece.line });
  }
  return { matches: [...matches.values()], callbacks: [...callbacks.values()], unused: [...unused.values()], facts: [], scanned, missing: 0, tooLong };
}

/** The offsets of the lines that rows begin on. */
function hotLineStarts({ text, rows }: FileJob): Map<number, number> {
  const wanted = new Set(rows.map(({ line }) => line));
  const starts = new Map<number, number>();
  let line = 0;
  for (let at = 0; at >= 0 && starts.size < wanted.size; at = text.indexOf('\n', at) + 1 || -1) {
    if (wanted.has(line)) starts.set(line, at);
    line++;
  }
  return starts;
}

function scanRow(
  engine: SyntaxEngine,
  rules: readonly PatternRule[],
  job: FileJob,
  row: FunctionRow,
  starts: ReadonlyMap<number, number>,
  begin: (rule: number) => void,
): { scan: FileScan; piece: Piece } | undefined {
  const start = starts.get(row.line);
  if (start === undefined) return undefined;
  const guess = endByIndentation(job.text, start);
  if (guess !== undefined && guess - start > LONGEST) return undefined;
  const lengths = guess === undefined ? PIECES : [guess - start, LONGEST];
  const isDeclared = /^[^\n]{0,120}\bfunction\b/.test(job.text.slice(start, start + 200));
  const isMethod = /^\s*(?:(?:async|static|get|set|public|private|protected|readonly|override)\s+)*[*#]?[\w$]+\s*(?:<[^>]*>)?\(/.test(
    job.text.slice(start, start + 200),
  );
  for (const length of lengths) {
    for (const prefix of isDeclared ? [''] : isMethod ? [WRAPPER, ''] : ['', WRAPPER]) {
      const piece = pieceFrom(job, row, start, length, prefix, starts);
      const scan = scanFile(engine, rules, { ...job, text: piece.text, rows: piece.rows }, begin, piece.text.length);
      if (scan.scanned > 0) return { scan, piece };
    }
  }
  return undefined;
}

/** The end of the first line, after the one at `start`, that is not indented more and closes a brace: formatted code ends its functions so. */
function endByIndentation(text: string, start: number): number | undefined {
  const indentation = /^[ \t]*/.exec(text.slice(start, start + 200))?.[0] ?? '';
  const close = text.indexOf(`\n${indentation}}`, start);
  if (close < 0) return undefined;
  const lineEnd = text.indexOf('\n', close + 1);
  // One character more than the brace, so that the function is seen to end before the piece does.
  return lineEnd < 0 ? text.length : lineEnd + 1;
}

/** The text from a row's line on, and the rows whose lines are in it: hot only the one and those within it. */
function pieceFrom(job: FileJob, row: FunctionRow, start: number, length: number, prefix: string, starts: ReadonlyMap<number, number>): Piece {
  const text = prefix + job.text.slice(start, start + length);
  const line = row.line - (prefix === '' ? 0 : 1);
  const rows = job.rows.flatMap((one): FunctionRow[] => {
    const at = starts.get(one.line);
    if (at === undefined || at < start || at >= start + length) return [];
    return [{ ...one, line: one.line - line, isHot: one.func === row.func }];
  });
  return { text, offset: start - prefix.length, line, rows: rows.length > 0 ? rows : [{ ...row, line: row.line - line }] };
}

function moved(match: ScannedMatch, { offset, line }: Piece): ScannedMatch {
  return {
    ...match,
    start: match.start + offset,
    end: match.end + offset,
    line: match.line + line,
    endLine: match.endLine + line,
    shownAt: match.shownAt && { ...match.shownAt, line: match.shownAt.line + line },
    fix: match.fix && { ...match.fix, edits: match.fix.edits.map((edit) => ({ ...edit, start: edit.start + offset, end: edit.end + offset })) },
  };
}
