/** A source view that follows source maps and looks at files when it is asked. */
import type { FunctionCosts } from '../core/profile/costs/function-costs';
import type { ProfileTables } from '../core/profile/tables';
import { once } from '../shared/lazy';
import { javaFile } from './java-file';
import type { FileLocator } from './maps/locate';
import type { FollowedView, SourceView } from './source-view';
import { costWithoutLine, fileCosts, lineRows, linesOfFunction } from './view-lines';
import { profiledPlaces } from './view-places';
import { costRows } from './view-rows';
import { type ProfiledScripts, profiledScripts } from './view-scripts';

/** A bundle of more sources is a whole site's: its top level hardly calls anything itself. */
const MOST_SOURCES = 100;

export function sourceView(tables: ProfileTables, costs: FunctionCosts, locator: FileLocator): FollowedView {
  const scripts = profiledScripts(tables, locator);
  const rows = costRows(tables);
  const places = profiledPlaces({ tables, costs, locator, scripts, rows });
  const byFile = once(() => fileCosts(tables, costs, rows, places));
  const byFunction = new Map<number, ReturnType<SourceView['functionLines']>>();
  return {
    place: places.place,
    placeInText: places.placeInText,
    sourceFunction: places.sourceFunction,
    fileOf(func) {
      const file = scripts.of(func)?.file;
      if (file !== undefined) return file;
      const wanted = javaFile(tables.strings.at(tables.functions.name[func] as number));
      const found = wanted === undefined ? undefined : locator.locate(wanted);
      return found?.replaceAll('\\', '/').endsWith(`/${wanted}`) ? found : undefined;
    },
    lines: () => lineRows(tables, rows, places),
    unread: () => scripts.unread,
    hasMap: (func) => scripts.of(func)?.map !== undefined,
    sourcesOf: (func) => sourcesOf(scripts, func),
    withoutLine: (func) => costWithoutLine(costs, func, rows, places),
    nameOf: (file) => locator.relative(file) ?? file.split(/[\\/]/).slice(-2).join('/'),
    functionLines(func) {
      if (!byFunction.has(func)) byFunction.set(func, linesOfFunction(tables, func, rows, places));
      return byFunction.get(func);
    },
    file: (file) => byFile().get(file),
    files: () => byFile().values(),
  };
}

/** Of the top level of a bundle, the files of this machine that it was made of. */
function sourcesOf(scripts: ProfiledScripts, func: number): readonly string[] {
  const script = scripts.isWhole(func) ? scripts.of(func) : undefined;
  if (!script?.map) return [];
  const own = script.map.sources.filter((source) => !/[\\/]node_modules[\\/]/.test(source)).slice(0, MOST_SOURCES);
  return own.map((source) => scripts.localize(source, script)).flatMap(({ file, exists }) => (exists ? [file] : []));
}
