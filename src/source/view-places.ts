import type { FunctionCosts } from '../core/profile/costs/function-costs';
import type { ProfileTables } from '../core/profile/tables';
import type { FunctionIndex } from '../shared/brands';
import type { FileLocator } from './maps/locate';
import { findFunction } from './maps/map-functions';
import { type MappedOwner, ownerOfLine } from './maps/map-lines';
import { originalTexts } from './maps/original-texts';
import type { OriginalPosition, ScriptMap } from './maps/source-maps';
import type { SourceFunction } from './parse/parse-functions';
import type { SourcePlace } from './source-view';
import type { CostRows } from './view-rows';
import type { ProfiledScripts, Script } from './view-scripts';

/** Where a line's cost belongs; `several` where statements share the line that ran, which is then given as it is. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
  readonly kind: 'mapped' | 'several' | 'as-it-ran';
}

/** Leads from functions and lines as they ran to their places in sources. */
export interface ProfiledPlaces {
  place(func: FunctionIndex): SourcePlace | undefined;
  /** The same by the text of the source, which is read. */
  placeInText(func: FunctionIndex): SourcePlace | undefined;
  /** What the source has where a map leads from a function; undefined without a map, and for the code of a module itself. */
  sourceFunction(func: FunctionIndex): SourceFunction | undefined;
  /** `generated`: the line that ran, 1-based. */
  line(func: number, generated: number): LinePlace | undefined;
}

export interface PlaceSource {
  readonly tables: ProfileTables;
  readonly costs: FunctionCosts;
  readonly locator: FileLocator;
  readonly scripts: ProfiledScripts;
  readonly rows: CostRows;
}

export function profiledPlaces({ tables, costs, locator, scripts, rows }: PlaceSource): ProfiledPlaces {
  const { line: lines, column: columns } = tables.functions;
  const textOf = originalTexts((source) => locator.locate(source), locator);
  const owners = new Map<number, MappedOwner>();

  const ownerOf = (func: number, map: ScriptMap): MappedOwner => {
    let owner = owners.get(func);
    if (!owner) {
      const ran = scripts.ran(func);
      let found: { readonly fn: MappedOwner['fn'] } | undefined;
      owner = {
        line: ran.line,
        column: ran.column,
        // Asked for only where a line has places of several lines.
        get fn() {
          found ??= { fn: scripts.isWhole(func) ? 'top' : findFunction(map, ran, [], textOf)?.fn };
          return found.fn;
        },
      };
      owners.set(func, owner);
    }
    return owner;
  };

  /** Where the head of a function is the compiler's own, as of a generator's body, the lines that ran say which function of the source it is. */
  const aroundTicks = (func: number, { map }: Script): OriginalPosition | undefined => {
    if (!map || (costs.hits[func] as number) === 0) return undefined;
    const all = rows.all();
    const ticks: number[] = [];
    for (let i = rows.first(func); all[i]?.func === func; i++) ticks.push((all[i] as { line: number }).line);
    const found = findFunction(map, scripts.ran(func), ticks, textOf);
    return found?.fn === 'top' ? undefined : found;
  };

  const place = (func: FunctionIndex): SourcePlace | undefined => {
    const line = lines[func] as number;
    const script = scripts.of(func);
    if (!script || line < 0) return undefined;
    const column = columns[func] as number;
    const original = scripts.isWhole(func) ? undefined : (script.map?.original(line + 1, Math.max(0, column)) ?? aroundTicks(func, script));
    if (original) return { ...scripts.localize(original.source, script), line: original.line, column: original.column + 1 };
    return { file: script.file ?? script.recorded, exists: script.file !== undefined, line: line + 1, column: column + 1 };
  };

  return {
    place,
    placeInText(func) {
      const script = scripts.of(func);
      const isMapped = script?.map && !scripts.isWhole(func) && (lines[func] as number) >= 0;
      const found = isMapped ? findFunction(script.map, scripts.ran(func), [], textOf) : undefined;
      if (!script || !found?.fn || found.fn === 'top') return place(func);
      return { ...scripts.localize(found.source, script), line: found.line, column: found.column + 1 };
    },
    sourceFunction(func) {
      const map = (lines[func] as number) < 0 || scripts.isWhole(func) ? undefined : scripts.of(func)?.map;
      const found = map && findFunction(map, scripts.ran(func), [], textOf)?.fn;
      return found === 'top' ? undefined : found;
    },
    line(func, generated) {
      const script = scripts.of(func);
      if (!script) return undefined;
      const owner = script.map && ownerOfLine(script.map, generated, ownerOf(func, script.map), textOf);
      if (owner?.kind === 'line') return { file: scripts.localize(owner.source, script).file, line: owner.line, kind: 'mapped' };
      return { file: script.file ?? script.recorded, line: generated, kind: owner?.kind === 'several' ? 'several' : 'as-it-ran' };
    },
  };
}
