import type { CapturedProfile } from '../../capture/records/captured';
import { needsTranspiling } from '../../capture/target/transpile';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { urlToPath } from '../../source/maps/locate';
import { lastWord } from '../../source/maps/map-functions';
import type { ScriptMap } from '../../source/maps/source-maps';
import type { SourceFunction } from '../../source/parse/parse-functions';
import { functionsInTime } from '../../source/parse/parse-in-time';

/** A script of a profile with the functions that were seen of it. */
export interface RanScript {
  readonly url: string;
  /** By `scriptId:line:column:name`. */
  readonly functions: ReadonlyMap<string, SeenFunction>;
}

export interface SeenFunction {
  readonly name: string;
  /** 0-based, as V8 has them. */
  readonly line: number;
  readonly column: number;
  /** Lines that it was seen on, 1-based. */
  readonly ticks: Set<number>;
}

/** The scripts of a profile by their ids; what has no place in one is left out. */
export function ranScripts({ nodes }: CapturedProfile['profile']): Map<string, RanScript> {
  const scripts = new Map<string, { url: string; functions: Map<string, SeenFunction> }>();
  for (const { callFrame, positionTicks } of nodes) {
    const { scriptId, url, functionName: name, lineNumber: line, columnNumber: column } = callFrame;
    if (url === '' || line < 0) continue;
    let script = scripts.get(scriptId);
    if (!script) {
      script = { url, functions: new Map() };
      scripts.set(scriptId, script);
    }
    const key = `${scriptId}:${line}:${column}:${name}`;
    let seen = script.functions.get(key);
    if (!seen) {
      seen = { name, line, column, ticks: new Set() };
      script.functions.set(key, seen);
    }
    for (const tick of positionTicks ?? []) seen.ticks.add(tick.line);
  }
  return scripts;
}

/**
 * What becomes of scripts whose map is not known, mostly because the garbage collector has taken
 * them: `borrowed` gives the script of the same url whose functions stand at the same places (Jest
 * runs a module once for each test file), so that its map fits; `lost` are those whose lines are of
 * a text that nobody has. Others are as their file is.
 */
export function scriptsWithoutMap(
  scripts: ReadonlyMap<string, RanScript>,
  maps: ReadonlyMap<string, ScriptMap>,
  onDisk: ReadonlySet<string>,
): { readonly borrowed: ReadonlyMap<string, string>; readonly lost: ReadonlySet<string> } {
  const borrowed = new Map<string, string>();
  const lost = new Set<string>();
  const mapped = new Map<string, { readonly scriptId: string; readonly script: RanScript }[]>();
  for (const [scriptId, script] of scripts) {
    if (maps.has(scriptId)) mapped.set(script.url, [...(mapped.get(script.url) ?? []), { scriptId, script }]);
  }
  const weak: string[] = [];
  let isTranspiled = [...maps.keys()].some((scriptId) => isTypeScript(scripts.get(scriptId)?.url ?? ''));
  for (const [scriptId, script] of scripts) {
    if (maps.has(scriptId) || onDisk.has(scriptId)) continue;
    const others = mapped.get(script.url) ?? [];
    const twin = others.find((other) => isSameCode(script, other.script));
    if (twin) borrowed.set(scriptId, twin.scriptId);
    else if (others.length > 0 || isTypeScript(script.url)) {
      const fit = fitOf(script);
      if (fit === 'none') {
        lost.add(scriptId);
        isTranspiled = true;
      } else if (fit === 'weak') weak.push(scriptId);
    }
  }
  // Two functions may stand where the source has them by chance, but only where something transpiles at all.
  if (isTranspiled) for (const scriptId of weak) lost.add(scriptId);
  return { borrowed, lost };
}

const isTypeScript = (url: string): boolean => needsTranspiling(urlToPath(url) ?? '');

/** Whether two scripts share a function's place and none of their names stands at different ones. The top of a module is at 0:0 in all of them. */
function isSameCode(one: RanScript, other: RanScript): boolean {
  const placeOf = ({ name, line, column }: SeenFunction): string => `${line}:${column}:${name}`;
  const own = [...one.functions.values()].filter(isInner);
  const theirs = [...other.functions.values()].filter(isInner);
  const places = new Set(theirs.map(placeOf));
  const names = new Map<string, number>();
  for (const { name } of [...own, ...theirs]) names.set(name, (names.get(name) ?? 0) + 1);
  const shared = own.filter((fn) => places.has(placeOf(fn)));
  const theirNames = new Set(theirs.map(({ name }) => name));
  // A name that each has once is one function.
  const isElsewhere = own.some((fn) => fn.name !== '' && theirNames.has(fn.name) && names.get(fn.name) === 2 && !places.has(placeOf(fn)));
  return shared.length > 0 && !isElsewhere;
}

const isInner = ({ line, column }: SeenFunction): boolean => line > 0 || column > 0;

/** So many functions do not stand at the places of a source by chance. */
const SURE = 3;

/** Whether the functions stand where the file has them, as they do where Node.js strips the types: it moves nothing. */
function fitOf({ url, functions }: RanScript): 'sure' | 'weak' | 'none' {
  const file = urlToPath(url);
  // `<instance_members_initializer>` and the like are V8's own, and no function of the text.
  const own = [...functions.values()].filter((fn) => isInner(fn) && !fn.name.startsWith('<'));
  const parsed = file === undefined ? undefined : parsedFile(file);
  // Of what is not here, or cannot be parsed, nothing is known that speaks against it.
  if (!parsed || own.length === 0) return 'weak';
  const written = new Map(parsed.map((fn) => [`${fn.v8Line}:${fn.v8Column}`, fn.name]));
  const fits = own.filter((fn) => {
    const name = written.get(`${fn.line}:${fn.column}`);
    return name !== undefined && (name === '' || fn.name === '' || lastWord(name) === lastWord(fn.name));
  });
  if (fits.length * 2 <= own.length) return 'none';
  return fits.length >= SURE ? 'sure' : 'weak';
}

/** A larger source is generated. */
const MAX_TEXT = 16 << 20;

function parsedFile(file: string): readonly SourceFunction[] | undefined {
  const read = readRegularTextSync(file, { most: MAX_TEXT });
  return read.ok ? functionsInTime(read.value, file) : undefined;
}
