import { isCode } from '../core/profile/categories';
import type { FunctionCosts } from '../core/profile/costs/function-costs';
import type { FunctionLineCost } from '../core/profile/costs/line-costs';
import type { ProfileTables } from '../core/profile/tables';
import { functionIndex } from '../shared/brands';
import type { FileCosts, FileFunction, LineCost, LineRow } from './source-view';
import type { ProfiledPlaces } from './view-places';
import type { CostRows } from './view-rows';

interface FileDraft {
  readonly file: string;
  readonly functions: FileFunction[];
  readonly lines: Map<number, LineCost>;
}

/** What each file costs, by its path. */
export function fileCosts({ functions }: ProfileTables, costs: FunctionCosts, rows: CostRows, places: ProfiledPlaces): ReadonlyMap<string, FileCosts> {
  const byFile = new Map<string, FileDraft>();
  const draft = (file: string): FileDraft => {
    let row = byFile.get(file);
    if (!row) {
      row = { file, functions: [], lines: new Map() };
      byFile.set(file, row);
    }
    return row;
  };
  for (let func = 0; func < functions.length; func++) {
    if (!isCode(functions.category[func] as number) || (costs.total[func] as number) <= 0) continue;
    const at = places.place(functionIndex(func));
    if (at) draft(at.file).functions.push({ func: functionIndex(func), line: at.line, column: at.column });
  }
  for (const cost of rows.all()) {
    const at = places.line(cost.func, cost.line);
    if (at) addLine(draft(at.file).lines, at.line, cost);
  }
  return byFile;
}

/** One function's lines, without looking at any other's script: opening a profile asks for a few hot ones. */
export function linesOfFunction({ functions }: ProfileTables, func: number, rows: CostRows, places: ProfiledPlaces): Omit<FileDraft, 'functions'> | undefined {
  let own: { file: string; lines: Map<number, LineCost> } | undefined;
  const all = rows.all();
  for (let i = rows.first(func); i < all.length; i++) {
    const cost = all[i] as FunctionLineCost;
    if (cost.func !== func) break;
    // V8 gives ticks of inlined callees the line in the callee's file: before its first line, a function has none.
    if (cost.line <= (functions.line[func] as number)) continue;
    const at = places.line(func, cost.line);
    if (!at || at.kind === 'several') continue;
    own ??= { file: at.file, lines: new Map() };
    if (own.file === at.file) addLine(own.lines, at.line, cost);
  }
  return own;
}

/** The part of a function's own cost whose line is not known. */
export function costWithoutLine(costs: FunctionCosts, func: number, rows: CostRows, places: ProfiledPlaces): number {
  let left = costs.self[func] as number;
  const all = rows.all();
  for (let i = rows.first(func); all[i]?.func === func; i++) {
    const { line, self } = all[i] as FunctionLineCost;
    if (places.line(func, line)?.kind !== 'several') left -= self;
  }
  return Math.max(0, left);
}

/** A line while its costs are summed up. */
type LineDraft = { -readonly [K in keyof LineRow]: LineRow[K] } & { most: number };

/** Every line with a cost, by falling self time. */
export function lineRows({ functions, strings }: ProfileTables, rows: CostRows, places: ProfiledPlaces): LineRow[] {
  // By file, then by line: one text for each line of a large profile would be most of the work.
  const byFile = new Map<string, Map<number, LineDraft>>();
  const drafts: LineDraft[] = [];
  let latest: string | undefined;
  let byLine = new Map<number, LineDraft>();
  for (const cost of rows.all()) {
    const at = places.line(cost.func, cost.line);
    const url = strings.at(functions.url[cost.func] as number);
    const line = at?.line ?? cost.line;
    const file = at?.file ?? url;
    // They come by function, so the file is mostly that of the one before.
    if (file !== latest) {
      latest = file;
      byLine = byFile.get(file) ?? new Map();
      byFile.set(file, byLine);
    }
    let row = byLine.get(line);
    if (!row) {
      row = { url, line, source: undefined, func: functionIndex(cost.func), self: 0, ticks: 0, most: Number.NEGATIVE_INFINITY };
      byLine.set(line, row);
      drafts.push(row);
    }
    row.self += cost.self;
    row.ticks += cost.ticks;
    if (cost.self <= row.most) continue;
    row.most = cost.self;
    row.url = url;
    row.source = at?.kind === 'mapped' ? at.file : undefined;
    row.func = functionIndex(cost.func);
  }
  return drafts.sort((a, b) => b.self - a.self);
}

function addLine(lines: Map<number, LineCost>, line: number, cost: { readonly self: number; readonly ticks: number }): void {
  const row = lines.get(line);
  if (row) {
    row.self += cost.self;
    row.ticks += cost.ticks;
  } else lines.set(line, { self: cost.self, ticks: cost.ticks });
}
