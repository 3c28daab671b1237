import { formatShare, plural } from '../../src/shared/format';
import type { ReportData } from '../../src/shared/report-data';

/** A box as d3-flame-graph takes it: `value` is the cost of the box itself. It sets `hide` and `fade`. */
export interface Frame {
  readonly box: number;
  readonly value: number;
  readonly children: Frame[];
}

export function frameTree({ boxes }: ReportData): Frame {
  const frames = boxes.self.map((value, box): Frame => ({ box, value, children: [] }));
  for (const [box, parent] of boxes.parent.entries()) if (parent >= 0) frames[parent]?.children.push(frames[box] as Frame);
  return frames[0] ?? { box: 0, value: 0, children: [] };
}

/** Everything below each box and itself: one pass from the last box to the first, since parents stand before children. */
export function boxTotals({ boxes }: ReportData): number[] {
  const totals = [...boxes.self];
  for (let box = totals.length - 1; box > 0; box--) {
    const up = boxes.parent[box] as number;
    totals[up] = (totals[up] as number) + (totals[box] as number);
  }
  return totals;
}

/** What each row of boxes costs together, from the root down. */
export function rowCosts({ boxes }: ReportData, totals: readonly number[]): number[] {
  const rows: number[] = [];
  const depths: number[] = [];
  for (const [box, parent] of boxes.parent.entries()) {
    const depth = parent < 0 ? 0 : (depths[parent] as number) + 1;
    depths.push(depth);
    rows[depth] = (rows[depth] ?? 0) + (totals[box] as number);
  }
  return rows;
}

export function frameName(data: ReportData, box: number): string {
  const func = data.boxes.func[box] as number;
  if (func >= 0) return box === 0 ? `All ${data.whole}` : (data.functions.name[func] as string);
  return plural(data.boxes.frames[box] as number, isCut(data, box) ? 'deeper frame' : 'smaller frame');
}

function isCut({ boxes, depth }: ReportData, box: number): boolean {
  let rows = 0;
  for (let up = boxes.parent[box] as number; up >= 0; up = boxes.parent[up] as number) rows++;
  return rows > depth;
}

/** `src/a.ts:12`, or empty. */
export function functionPlace({ files, functions }: ReportData, func: number): string {
  const file = files[functions.file[func] as number];
  const line = functions.line[func] as number;
  return file === undefined ? '' : line > 0 ? `${file}:${line}` : file;
}

export interface Matches {
  /** Rows of the function table. */
  readonly functions: ReadonlySet<number>;
  /** Of everything: stacks in which any match takes part, each counted once, as far as it is known. */
  readonly share: number;
  /** Whether merged boxes may hold more of it. */
  readonly isLeast: boolean;
}

/**
 * What share of everything passes through functions. Of one function that is known;
 * of several together it is what is drawn, and never less than the largest has alone.
 */
export function matchFunctions(data: ReportData, totals: readonly number[], functions: ReadonlySet<number>): Matches {
  const { boxes } = data;
  const inside = new Uint8Array(boxes.func.length);
  let drawn = 0;
  let merged = 0;
  for (let box = 0; box < inside.length; box++) {
    const up = boxes.parent[box] as number;
    if (up >= 0 && inside[up]) inside[box] = 1;
    else if (functions.has(boxes.func[box] as number)) {
      inside[box] = 1;
      drawn += totals[box] as number;
    } else if ((boxes.func[box] as number) < 0) merged += totals[box] as number;
  }
  const largest = [...functions].reduce((most, func) => Math.max(most, data.functions.total[func] as number), 0);
  const part = (value: number): number => (data.active > 0 ? value / data.active : 0);
  return { functions, share: part(Math.max(drawn, largest)), isLeast: functions.size > 1 && part(merged) >= 0.0005 };
}

/** Functions whose name or place holds the text in any case, or fits it as a regular expression between slashes; a bad expression gives its error. */
export function findFunctions(data: ReportData, query: string): ReadonlySet<number> | { readonly error: string } {
  let test: (text: string) => boolean;
  const regex = /^\/(.+)\/([iu]*)$/.exec(query);
  try {
    const compiled = regex && new RegExp(regex[1] as string, regex[2]);
    const plain = query.toLowerCase();
    test = compiled ? (text) => compiled.test(text) : (text) => text.toLowerCase().includes(plain);
  } catch (error) {
    return { error: (error as Error).message };
  }
  const root = data.boxes.func[0];
  const hits = data.functions.name.map((name, func) => (func !== root && (test(name) || test(functionPlace(data, func))) ? func : -1));
  return new Set(hits.filter((func) => func >= 0));
}

/** `37.9 % in 2 functions`. */
export function matchText({ functions, share, isLeast }: Matches): string {
  if (functions.size === 0) return 'no match';
  return `${isLeast ? 'at least ' : ''}${formatShare(share)} in ${plural(functions.size, 'function')}`;
}
