import { functionAt } from '../core/profile/tables';
import type { OpenedProfile } from '../service/opened-profile';
import { type FunctionIndex, functionIndex } from '../shared/brands';
import type { FocusFunction } from '../shared/recipe';
import { functionAtOffset, type SourceFunction } from '../source/parse-functions';
import type { FileCosts, FileFunction } from '../source/source-view';
import type { SourceText } from './sources';

/**
 * The row of the profile for a function of a source text. Positions decide: V8's
 * place of the function, or (through a source map) any place on its first lines
 * that no inner function claims. Several rows for one function (a module that was
 * loaded twice) give the costliest.
 */
export function rowOfFunction(
  profile: OpenedProfile,
  costs: FileCosts,
  target: SourceFunction,
  functions: readonly SourceFunction[],
  toProfiled: (line0: number) => number,
): FunctionIndex | undefined {
  const line = toProfiled(target.v8Line);
  const exact = costs.functions.filter((row) => row.line - 1 === line && row.column - 1 === target.v8Column);
  if (exact.length > 0) return costliest(profile, exact);
  const onName = costs.functions.filter(
    (row) => row.line - 1 === toProfiled(target.nameLine) && row.column - 1 >= target.nameColumn && row.column - 1 <= target.nameEndColumn,
  );
  if (onName.length > 0) return costliest(profile, onName);
  const sameName = costs.functions.filter((row) => {
    const name = functionAt(profile.tables, row.func).name;
    const isNamesake = name === target.name || (target.name !== '' && name.endsWith(`.${target.name}`));
    return (
      isNamesake &&
      row.line - 1 >= toProfiled(target.startLine) &&
      row.line - 1 <= Math.max(line, toProfiled(target.startLine)) &&
      !claimedByInner(row, target, functions, toProfiled)
    );
  });
  return costliest(profile, sameName);
}

function claimedByInner(row: FileFunction, target: SourceFunction, functions: readonly SourceFunction[], toProfiled: (line0: number) => number): boolean {
  return functions.some(
    (inner) =>
      inner !== target &&
      inner.start > target.start &&
      inner.end <= target.end &&
      toProfiled(inner.v8Line) === row.line - 1 &&
      inner.v8Column === row.column - 1,
  );
}

function costliest(profile: OpenedProfile, rows: readonly FileFunction[]): FunctionIndex | undefined {
  let best: FunctionIndex | undefined;
  for (const { func } of rows) {
    if (best === undefined || (profile.costs.total[func] as number) > (profile.costs.total[best] as number)) best = func;
  }
  return best;
}

/** The row for the function that a recording is about, whatever has been edited since. */
export function rowOfFocus(profile: OpenedProfile, focus: FocusFunction): FunctionIndex | undefined {
  const rows = profile.sources.file(focus.file)?.functions ?? [];
  const named = rows.filter(
    (row) => functionAt(profile.tables, row.func).name === focus.name || (focus.name === '' && functionAt(profile.tables, row.func).name === '(anonymous)'),
  );
  const exact = rows.filter((row) => row.line === focus.line && row.column === focus.column);
  return (
    costliest(profile, exact.length > 0 ? exact : named.filter((row) => Math.abs(row.line - focus.line) <= 1)) ??
    (focus.name === '' ? undefined : costliest(profile, named))
  );
}

/** The function around a position, and its row. */
export function functionUnder(
  profile: OpenedProfile,
  costs: FileCosts,
  source: SourceText,
  offset: number,
  toProfiled: (line0: number) => number,
): { target: SourceFunction; func: FunctionIndex } | undefined {
  const target = functionAtOffset(source.functions, offset);
  if (!target) return undefined;
  const func = rowOfFunction(profile, costs, target, source.functions, toProfiled);
  return func === undefined ? undefined : { target, func: functionIndex(func) };
}

/** Line numbers of the text now to those of the profiled text; -1 for lines that are new. */
export function profiledLines(aligned: Int32Array | undefined): (line0: number) => number {
  if (!aligned) return (line) => line;
  const back = new Map<number, number>();
  for (const [before, now] of aligned.entries()) if (now >= 0) back.set(now, before);
  return (line) => back.get(line) ?? -1;
}
