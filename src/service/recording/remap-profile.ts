import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CapturedProfile } from '../../capture/records/captured';
import { isRegularFileSync, readRegularFileSync } from '../../files/read-regular-sync';
import { chained } from '../../source/maps/chained-map';
import { urlToPath } from '../../source/maps/locate';
import { findFunction, originalName } from '../../source/maps/map-functions';
import { type MappedOwner, ownerOfLine } from '../../source/maps/map-lines';
import { type OriginalTexts, originalTexts } from '../../source/maps/original-texts';
import { decodeDataUrl, parseSourceMap, type ScriptMap } from '../../source/maps/source-maps';
import { type RanScript, ranScripts, scriptsWithoutMap } from '../profile/scripts-without-map';

type Profile = CapturedProfile['profile'];
type Node = Profile['nodes'][number];
type CallFrame = Node['callFrame'];

/** A function as it stands in its source; `lineOf` leads from a generated line (1-based) to the source's, undefined where the map cannot tell. */
interface Placed {
  readonly callFrame: CallFrame;
  lineOf(generated: number): number | undefined;
}

/**
 * Puts original positions into a captured profile for scripts that exist only in
 * the target's memory: what a loader made of a TypeScript file and ran under that
 * file's own url, with an inline map that nobody could find later. The saved
 * profile then shows the right lines in every viewer. Scripts whose map is on
 * disk are left as they ran.
 *
 * What the map cannot tell is left out, and never a line of the script taken for one of the source:
 * ticks on a line that several statements share are dropped (the node keeps its samples), and a
 * function that nothing leads to has line -1, as V8 has for what has none.
 */
export function remapInMemoryScripts({ profile, scripts }: CapturedProfile): Profile {
  const maps = new Map<string, ScriptMap>();
  const onDisk = new Set<string>();
  const noted = new Map<string, ScriptMap>();
  for (const script of scripts) {
    const map = script.sourceMapUrl.startsWith('data:') && !isOnDisk(script.url, script.sourceMapUrl) ? inlineMap(script.url, script.sourceMapUrl) : undefined;
    if (script.scriptId === undefined) {
      // Of vm, which does not say the number: of every script of that address that no other map is known of.
      if (map) noted.set(fileKey(script.url), map);
    } else if (map) maps.set(script.scriptId, map);
    else if (script.sourceMapUrl !== '') onDisk.add(script.scriptId);
  }
  const ran = ranScripts(profile);
  for (const [scriptId, { url }] of ran) {
    const map = noted.get(fileKey(url));
    if (map && !maps.has(scriptId)) maps.set(scriptId, map);
  }
  const { borrowed, lost } = scriptsWithoutMap(ran, maps, onDisk);
  for (const [scriptId, from] of borrowed) maps.set(scriptId, maps.get(from) as ScriptMap);
  if (maps.size === 0 && lost.size === 0) return profile;
  const place = placer(ran, maps, originalTexts(fileOfSource(ran, maps)));
  const nodes = profile.nodes.map((node) => {
    if (node.callFrame.lineNumber < 0) return node;
    if (lost.has(node.callFrame.scriptId)) return placeless(node);
    const placed = place(node.callFrame);
    return placed ? moved(node, placed) : node;
  });
  return { ...profile, nodes };
}

function moved({ positionTicks, ...node }: Node, { callFrame, lineOf }: Placed): Node {
  const ticks = new Map<number, number>();
  for (const tick of positionTicks ?? []) {
    const line = lineOf(tick.line);
    if (line !== undefined) ticks.set(line, (ticks.get(line) ?? 0) + tick.ticks);
  }
  const list = [...ticks].map(([line, count]) => ({ line, ticks: count }));
  return { ...node, callFrame, ...(list.length > 0 ? { positionTicks: list } : {}) };
}

function placeless({ positionTicks: _, ...node }: Node): Node {
  return { ...node, callFrame: { ...node.callFrame, lineNumber: -1, columnNumber: -1 } };
}

/** Places each function once; undefined for those of scripts without a map. */
function placer(ran: ReadonlyMap<string, RanScript>, maps: ReadonlyMap<string, ScriptMap>, texts: OriginalTexts): (frame: CallFrame) => Placed | undefined {
  const known = new Map<string, Placed>();
  return (frame) => {
    const map = maps.get(frame.scriptId);
    if (!map) return undefined;
    const key = `${frame.scriptId}:${frame.lineNumber}:${frame.columnNumber}:${frame.functionName}`;
    let placed = known.get(key);
    if (!placed) {
      const ticks = ran.get(frame.scriptId)?.functions.get(key)?.ticks ?? [];
      placed = placeOf(frame, map, ticks, texts);
      known.set(key, placed);
    }
    return placed;
  };
}

/** Some loaders name the source by its file name alone, or relative to a folder of theirs: where there is no such file, one of the script's own name is meant. */
function fileOfSource(ran: ReadonlyMap<string, RanScript>, maps: ReadonlyMap<string, ScriptMap>): (source: string) => string | undefined {
  const scripts = new Map<string, string>();
  for (const [scriptId, { url }] of ran) {
    const script = urlToPath(url);
    if (script === undefined) continue;
    for (const source of maps.get(scriptId)?.sources ?? []) if (baseName(source) === baseName(script)) scripts.set(source, script);
  }
  return (source) => [source, scripts.get(source)].find((file) => file !== undefined && isFile(file));
}

const baseName = (file: string): string => file.replace(/\?.*$/, '').split(/[\\/]/).at(-1) ?? '';

function placeOf(frame: CallFrame, map: ScriptMap, ticks: Iterable<number>, texts: OriginalTexts): Placed {
  const { functionName, lineNumber, columnNumber } = frame;
  const line = lineNumber + 1;
  const column = Math.max(0, columnNumber);
  const isTop = isModule(frame, map);
  const found = isTop ? undefined : findFunction(map, { name: functionName, line, column }, ticks, texts);
  const owner: MappedOwner = { line, column, fn: isTop ? 'top' : found?.fn };
  const entry = found ? undefined : entryOf(frame.url, map);
  const source = found?.source ?? entry;
  const lineOf = (generated: number): number | undefined => {
    if (!isTop && !found) return undefined;
    const at = ownerOfLine(map, generated, owner, texts);
    return at.kind === 'line' && (source === undefined || at.source === source) ? at.line : undefined;
  };
  const url = entry === undefined ? frame.url : urlOfSource(frame.url, entry);
  if (isTop) return { callFrame: { ...frame, url, lineNumber: 0, columnNumber: 0 }, lineOf };
  if (!found) return { callFrame: { ...frame, url, lineNumber: -1, columnNumber: -1 }, lineOf };
  return {
    callFrame: {
      ...frame,
      functionName: originalName(texts(found.source, map), found, functionName),
      url: urlOfSource(frame.url, found.source),
      lineNumber: found.line - 1,
      columnNumber: found.column,
    },
    lineOf,
  };
}

/** The top of a module, or the function that a loader (Jest, Vitest) puts around one: both begin on the first line, where the source has nothing. */
function isModule({ functionName, lineNumber, columnNumber }: CallFrame, map: ScriptMap): boolean {
  if (lineNumber !== 0 || (functionName !== '' && functionName !== 'Object.<anonymous>')) return false;
  return columnNumber <= 0 || functionName !== '' || !map.original(1, columnNumber);
}

/**
 * Whose top a bundle's is that is no file any more: the last of its sources that is one, for bundlers put what is
 * imported before what imports it. Undefined where the script is a file, or has the name of a source.
 */
function entryOf(scriptUrl: string, { sources }: ScriptMap): string | undefined {
  const script = urlToPath(scriptUrl) ?? scriptUrl;
  if (isFile(script) || sources.some((source) => baseName(source) === baseName(script))) return undefined;
  return sources.findLast((source) => isFile(source) && !/[\\/]node_modules[\\/]/.test(source));
}

/** The url of the file that a line is in: the script's, where the source has its name, else that of the source. */
function urlOfSource(scriptUrl: string, source: string): string {
  if (source === urlToPath(scriptUrl)) return scriptUrl;
  if (isFile(source)) return scriptUrl.startsWith('file:') ? pathToFileURL(source).href : source;
  return baseName(source) === baseName(urlToPath(scriptUrl) ?? scriptUrl) ? scriptUrl : source;
}

/** One text for a file, which has a path in `vm` and a url in V8's answers. */
const fileKey = (url: string): string => urlToPath(url) ?? url;

/** The map in a `data:` url. What a loader wrote behind it is no part of it. */
function inlineMap(url: string, sourceMapUrl: string): ScriptMap | undefined {
  const json = decodeDataUrl(sourceMapUrl.split(/\s/, 1)[0] ?? '');
  const map = json === undefined ? undefined : parseSourceMap(json, path.isAbsolute(url) ? pathToFileURL(url).href : url);
  return map && chained(map, (inner, source) => inlineMap(source, inner));
}

const isFile = (file: string): boolean => path.isAbsolute(file) && isRegularFileSync(file);

/** A script that carries its map may be large. */
const MAX_SCRIPT = 256 << 20;

/** Whether the file itself carries the map that the running script has. */
function isOnDisk(url: string, sourceMapUrl: string): boolean {
  try {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    const read = readRegularFileSync(file, { most: MAX_SCRIPT });
    return read.ok && read.value.includes(sourceMapUrl.slice(0, 4096));
  } catch {
    return false;
  }
}
