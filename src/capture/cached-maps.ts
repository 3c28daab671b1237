import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CapturedProfile, CapturedScript } from './captured';
import { cachedFiles, needsTranspiling } from './target/transpile';

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

function cachedMap(file: string, cacheFolder: string): string | undefined {
  for (const format of ['module', 'commonjs'] as const) {
    try {
      const script = fs.readFileSync(cachedFiles(cacheFolder, file, fs.readFileSync(file, 'utf8'))[format], 'utf8');
      const at = script.lastIndexOf('//# sourceMappingURL=');
      if (at >= 0) return script.slice(at + 21).trim();
    } catch {
      // Not in this format, or edited since.
    }
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
