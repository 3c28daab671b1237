import path from 'node:path';
import type { ProfileTables } from '../../core/profile/tables';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { urlToPath } from './locate';
import { type ScriptMap, sourceMapOf } from './source-maps';

/** Names that a minifier gives are hardly longer; a script without any is not looked at. */
const SHORT = 3;
/** Scripts above this are no bundle that a map leads out of. */
const MAX_SCRIPT = 64 << 20;
/** A constructor may stand so far behind its class's name. */
const MAX_CLASS = 20_000;

/**
 * A profile with the names that its functions have in their sources, where a minifier has shortened
 * them and the script and its map are on this machine. A name is taken only where the script has V8's
 * name at V8's place, so that a bundle that was built anew gives none.
 */
export function withOriginalNames(tables: ProfileTables): ProfileTables {
  const { functions, strings } = tables;
  const minified = new Map<number, number[]>();
  for (let func = 0; func < functions.length; func++) {
    const url = functions.url[func] as number;
    const { length } = strings.at(functions.name[func] as number);
    if (url === 0 || length === 0 || length > SHORT || (functions.line[func] as number) < 0) continue;
    minified.set(url, [...(minified.get(url) ?? []), func]);
  }
  const names = new Map<number, string>();
  for (const [url, funcs] of minified) {
    const script = openScript(strings.at(url));
    if (!script) continue;
    for (const func of funcs) {
      const line = functions.line[func] as number;
      const name = originalNameAt(script.map, script.lines[line] ?? '', line + 1, functions.column[func] as number, strings.at(functions.name[func] as number));
      if (name !== undefined) names.set(func, name);
    }
  }
  return names.size === 0 ? tables : renamed(tables, names);
}

function openScript(url: string): { readonly map: ScriptMap; readonly lines: readonly string[] } | undefined {
  const file = urlToPath(url);
  if (file === undefined || !path.isAbsolute(file) || !/\.[cm]?js$/i.test(file)) return undefined;
  const map = sourceMapOf(file);
  const text = map && readRegularTextSync(file, { most: MAX_SCRIPT });
  return map && text?.ok ? { map, lines: text.value.split('\n') } : undefined;
}

/**
 * The source's name of a function whose `(` or first parameter stands at a column of a generated line:
 * `function c(`, `c(`, `c=(n)=>`, `c=async n=>`, `c:function(`, `class c{…constructor(`. Line 1-based,
 * column 0-based. Undefined where the text has something else there, or the map no name for it.
 */
export function originalNameAt(map: ScriptMap, text: string, line: number, column: number, name: string): string | undefined {
  const before = text.slice(Math.max(0, column - MAX_CLASS), column);
  const at = /\bconstructor\s*$/.test(before) ? classAt(before, name) : tokenAt(before.slice(-400), name);
  if (at === undefined) return undefined;
  const from = column - at;
  const [segment] = map.segments(line, from);
  return segment?.generated === from && segment.name !== undefined && segment.name !== '' ? segment.name : undefined;
}

/** How far before its parameters a function's name begins. */
function tokenAt(before: string, name: string): number | undefined {
  const head = /\s*(?:[=:]\s*(?:async\b\s*)?(?:function\b\s*\*?\s*)?)?$/.exec(before);
  const end = head?.index ?? before.length;
  const start = end - name.length;
  const isWord = before.slice(start, end) === name && !/[\w$\\]/.test(before[start - 1] ?? ' ');
  return start >= 0 && isWord ? before.length - start : undefined;
}

function classAt(before: string, name: string): number | undefined {
  const at = Math.max(before.lastIndexOf(`class ${name}{`) + 6, before.lastIndexOf(`class ${name} `) + 6);
  if (at > 5) return before.length - at;
  const assigned = before.lastIndexOf(`${name}=class`);
  return assigned >= 0 && !/[\w$]/.test(before[assigned - 1] ?? ' ') ? before.length - assigned : undefined;
}

/** The tables with other names; a name that is there already keeps its place in the table of strings. */
function renamed(tables: ProfileTables, names: ReadonlyMap<number, string>): ProfileTables {
  const { strings, functions } = tables;
  const places = new Map<string, number>();
  for (let i = 0; i < strings.length; i++) places.set(strings.at(i), i);
  const added: string[] = [];
  const name = functions.name.slice();
  for (const [func, text] of names) {
    let index = places.get(text);
    if (index === undefined) {
      index = strings.length + added.length;
      added.push(text);
      places.set(text, index);
    }
    name[func] = index;
  }
  return { ...tables, strings: strings.with(added), functions: { ...functions, name } };
}
