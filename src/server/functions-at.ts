import { functionAt } from '../core/profile/tables';
import type { OpenedProfile } from '../service/profile/opened-profile';
import { type FunctionIndex, functionIndex } from '../shared/brands';
import type { FocusFunction } from '../shared/recipe';
import { functionAtOffset, type SourceFunction } from '../source/parse/parse-functions';
import type { FileCosts, FileFunction } from '../source/source-view';
import type { SourceText } from './sources';

/**
 * Finds the row of the profile for a function of a source text. Positions decide: V8's place of the
 * function, or (through a source map) any place on its first lines that no inner function claims. Several
 * rows for one function (a module that was loaded twice) give the costliest. O(functions + rows) once.
 */
export function rowFinder(
  profile: OpenedProfile,
  costs: FileCosts,
  functions: readonly SourceFunction[],
  toProfiled: (line0: number) => number,
): (target: SourceFunction) => FunctionIndex | undefined {
  const byLine = new Map<number, FileFunction[]>();
  for (const row of costs.functions) {
    const known = byLine.get(row.line - 1);
    if (known) known.push(row);
    else byLine.set(row.line - 1, [row]);
  }
  const at = (line: number): readonly FileFunction[] => byLine.get(line) ?? [];
  const placed = new Map<string, SourceFunction[]>();
  for (const one of functions) {
    const key = `${toProfiled(one.v8Line)}:${one.v8Column}`;
    const known = placed.get(key);
    if (known) known.push(one);
    else placed.set(key, [one]);
  }
  const isClaimed = (row: FileFunction, target: SourceFunction): boolean =>
    (placed.get(`${row.line - 1}:${row.column - 1}`) ?? []).some((inner) => inner !== target && inner.start > target.start && inner.end <= target.end);
  const isNamesake = ({ func }: FileFunction, { name }: SourceFunction): boolean => {
    const own = functionAt(profile.tables, func).name;
    return own === name || (name !== '' && own.endsWith(`.${name}`));
  };
  return (target) => {
    const line = toProfiled(target.v8Line);
    const exact = at(line).filter((row) => row.column - 1 === target.v8Column);
    if (exact.length > 0) return costliest(profile, exact);
    const onName = at(toProfiled(target.nameLine)).filter((row) => row.column - 1 >= target.nameColumn && row.column - 1 <= target.nameEndColumn);
    if (onName.length > 0) return costliest(profile, onName);
    const first = toProfiled(target.startLine);
    const sameName: FileFunction[] = [];
    for (let near = first; near <= Math.min(Math.max(line, first), first + MOST_HEAD); near++) {
      for (const row of at(near)) if (isNamesake(row, target) && !isClaimed(row, target)) sameName.push(row);
    }
    return costliest(profile, sameName);
  };
}

/** Lines of a function's head; of a longer one its first. */
const MOST_HEAD = 1000;

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
  const func = rowFinder(profile, costs, source.functions, toProfiled)(target);
  return func === undefined ? undefined : { target, func: functionIndex(func) };
}

/** Line numbers of the text now to those of the profiled text; -1 for lines that are new. */
export function profiledLines(aligned: Int32Array | undefined): (line0: number) => number {
  if (!aligned) return (line) => line;
  const back = new Map<number, number>();
  for (const [before, now] of aligned.entries()) if (now >= 0) back.set(now, before);
  return (line) => back.get(line) ?? -1;
}
