import { isCode } from '../core/profile/categories';
import type { FunctionCosts } from '../core/profile/costs/function-costs';
import type { ProfileTables } from '../core/profile/tables';
import { functionIndex } from '../shared/brands';
import type { SourceFunction } from './parse/parse-functions';
import { functionsInTime } from './parse/parse-in-time';
import type { FollowedView } from './source-view';

/** Functions with less of everything are hardly ever seen by their names. */
const SEEN = 0.001;
/** Characters of a file that is parsed for them, and of all: about half a second. */
const MAX_TEXT = 1 << 20;
const MAX_ALL = 4 << 20;

/**
 * Names for functions that V8 has none for, from where they stand in their sources: `rows.map() callback`;
 * and for attributes of JSX, which V8 has as properties of objects: `onClick in Cart`, not `onClick`. Only what begins
 * at V8's very place in a text that has not changed since counts, or what its map leads to. Costliest first, as far
 * as parsing goes.
 */
export function functionLabels(
  { functions, strings }: ProfileTables,
  costs: FunctionCosts,
  active: number,
  sources: FollowedView,
  textOf: (file: string) => string | undefined,
): ReadonlyMap<number, string> {
  const nameOf = (func: number): string => strings.at(functions.name[func] as number);
  const asked: number[] = [];
  for (let func = 0; func < functions.length; func++) {
    if (!((costs.total[func] as number) > active * SEEN) || !isCode(functions.category[func] as number)) continue;
    const line = functions.line[func] as number;
    if (functions.url[func] === 0 || line < 0 || (line === 0 && functions.column[func] === 0)) continue;
    if (nameOf(func) === '' || sources.hasMap(functionIndex(func)) || /\.[jt]sx$/i.test(strings.at(functions.url[func] as number))) asked.push(func);
  }
  asked.sort((a, b) => (costs.total[b] as number) - (costs.total[a] as number));
  const labels = new Map<number, string>();
  const parsed = new Map<string, ReadonlyMap<string, SourceFunction>>();
  let left = MAX_ALL;
  const placesOf = (file: string): ReadonlyMap<string, SourceFunction> => {
    let places = parsed.get(file);
    if (!places) {
      const text = textOf(file);
      const fits = text !== undefined && text.length <= Math.min(MAX_TEXT, left);
      if (fits) left -= text.length;
      places = new Map(fits ? functionsInTime(text, file)?.map((one) => [`${one.v8Line}:${one.v8Column}`, one]) : []);
      parsed.set(file, places);
    }
    return places;
  };
  for (const func of asked) {
    const row = functionIndex(func);
    const file = sources.hasMap(row) ? undefined : sources.fileOf(row);
    const found = file === undefined ? sources.sourceFunction(row) : placesOf(file).get(`${functions.line[func]}:${functions.column[func]}`);
    const label = found && labelOf(found, nameOf(func), file === undefined);
    if (label !== undefined) labels.set(func, label);
  }
  return labels;
}

function labelOf({ name, role }: SourceFunction, ran: string, isMapped: boolean): string | undefined {
  // An attribute has become a property, whose name V8 has.
  if (ran !== '') return name === '' && (role === ran || role?.startsWith(`${ran} in `)) ? role : undefined;
  if (name === '') return role;
  // At V8's place it is another function, of a newer text; a map may lead to the name that was lost.
  return isMapped && name !== 'default' ? name : undefined;
}
