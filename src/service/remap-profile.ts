import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CapturedProfile } from '../capture/captured';
import { decodeDataUrl, parseSourceMap, type ScriptMap } from '../source/source-maps';

/**
 * Puts original positions into a captured profile for scripts that exist only in
 * the target's memory: what a loader made of a TypeScript file and ran under that
 * file's own url, with an inline map that nobody could find later. The saved
 * profile then shows the right lines in every viewer. Scripts whose map is on
 * disk are left as they ran.
 */
export function remapInMemoryScripts({ profile, scripts }: CapturedProfile): CapturedProfile['profile'] {
  const maps = new Map<string, ScriptMap>();
  for (const script of scripts) {
    if (!script.sourceMapUrl.startsWith('data:') || isOnDisk(script.url, script.sourceMapUrl)) continue;
    const json = decodeDataUrl(script.sourceMapUrl);
    const map = json === undefined ? undefined : parseSourceMap(json, script.url);
    if (map && script.scriptId !== undefined) maps.set(script.scriptId, map);
  }
  if (maps.size === 0) return profile;
  const nodes = profile.nodes.map((node) => {
    const map = maps.get(node.callFrame.scriptId);
    if (!map || node.callFrame.lineNumber < 0) return node;
    const { lineNumber, columnNumber } = node.callFrame;
    const start = map.original(lineNumber + 1, Math.max(0, columnNumber));
    const ticks = new Map<number, number>();
    for (const tick of node.positionTicks ?? []) {
      const line = (tick.line === lineNumber + 1 ? start : map.originalLine(tick.line))?.line ?? start?.line ?? tick.line;
      ticks.set(line, (ticks.get(line) ?? 0) + tick.ticks);
    }
    return {
      ...node,
      callFrame: start ? { ...node.callFrame, lineNumber: start.line - 1, columnNumber: start.column } : node.callFrame,
      ...(node.positionTicks ? { positionTicks: [...ticks].map(([line, count]) => ({ line, ticks: count })) } : {}),
    };
  });
  return { ...profile, nodes };
}

/** Whether the file itself carries the map that the running script has. */
function isOnDisk(url: string, sourceMapUrl: string): boolean {
  try {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    return fs.readFileSync(file, 'utf8').includes(sourceMapUrl.slice(0, 4096));
  } catch {
    return false;
  }
}
