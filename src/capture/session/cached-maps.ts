import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRegularTextSync } from '../../files/read-regular-sync';
import type { CapturedProfile, CapturedScript } from '../records/captured';
import { cachedFiles, needsTranspiling } from '../target/transpile';

/**
 * V8 tells only of scripts that are still alive: the garbage collector may have taken
 * one whose functions are in the profile. For TypeScript that the session's loader
 * made, the map stands in the session's cache.
 */
export function withCachedMaps(captured: CapturedProfile, cacheFolder: string): CapturedProfile {
  const known = new Set(captured.scripts.map(({ scriptId }) => scriptId));
  const found: CapturedScript[] = [];
  for (const { callFrame } of captured.profile.nodes) {
    const { scriptId, url } = callFrame;
    if (known.has(scriptId)) continue;
    known.add(scriptId);
    const file = url.startsWith('file:') ? pathOf(url) : url;
    const sourceMapUrl = file !== undefined && path.isAbsolute(file) && needsTranspiling(file) ? cachedMap(file, cacheFolder) : undefined;
    if (sourceMapUrl !== undefined) found.push({ scriptId, url, sourceMapUrl });
  }
  return found.length === 0 ? captured : { ...captured, scripts: [...captured.scripts, ...found] };
}

const MAX_SCRIPT = 64 << 20;

function cachedMap(file: string, cacheFolder: string): string | undefined {
  const text = readRegularTextSync(file, { most: MAX_SCRIPT });
  if (!text.ok) return undefined;
  for (const format of ['module', 'commonjs'] as const) {
    // Not in this format, or edited since.
    const script = readRegularTextSync(cachedFiles(cacheFolder, file, text.value)[format], { most: MAX_SCRIPT, within: [cacheFolder] });
    const at = script.ok ? script.value.lastIndexOf('//# sourceMappingURL=') : -1;
    if (script.ok && at >= 0) return script.value.slice(at + 21).trim();
  }
  return undefined;
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
