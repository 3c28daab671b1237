import path from 'node:path';
import type { Protocol } from 'devtools-protocol';
import { homeFolder } from '../../files/home-folder';
import { urlToPath } from '../../source/maps/locate';
import { type ScriptMap, sourceMapOf } from '../../source/maps/source-maps';

type Profile = Protocol.Profiler.Profile;
type Ticks = readonly Protocol.Profiler.PositionTickInfo[];

/**
 * Lines of profiles that Deno and Bun have written. Both give a function its place in the
 * source. Deno counts the lines within functions of TypeScript in what it made of the
 * file: its cache has the map, and without that no line is told. Bun gives a loop's time
 * to a line before it (measured with 1.4.5): of its lines none is told.
 */
export function withRuntimeLines(profile: Profile, runtime: 'deno' | 'bun', cache: string = denoCache()): Profile {
  const maps = new Map<string, ScriptMap | undefined>();
  const mapOf = (file: string): ScriptMap | undefined => {
    if (!maps.has(file)) maps.set(file, sourceMapOf(emittedFile(cache, file)));
    return maps.get(file);
  };
  const nodes = profile.nodes.map((node) => {
    const { positionTicks = [], ...rest } = node;
    const file = urlToPath(node.callFrame.url);
    let ticks: Ticks = [];
    if (runtime === 'deno') ticks = file !== undefined && /\.(?:[cm]?ts|[jt]sx)$/.test(file) ? mapped(positionTicks, file, mapOf(file)) : positionTicks;
    return ticks.length === 0 ? rest : { ...rest, positionTicks: summed(ticks) };
  });
  return { ...profile, nodes };
}

/** The ticks of generated lines that all of one original line was made into; others are left out. */
function mapped(ticks: Ticks, file: string, map: ScriptMap | undefined): Ticks {
  if (!map) return [];
  return ticks.flatMap(({ line, ticks: count }) => {
    const lines = new Set<number>();
    for (const segment of map.segments(line)) if (segment.source === file) lines.add(segment.line);
    const [only] = lines;
    return lines.size === 1 && only !== undefined ? [{ line: only, ticks: count }] : [];
  });
}

/** Deno gives a line several times, once for each piece of machine code. */
function summed(ticks: Ticks): Protocol.Profiler.PositionTickInfo[] {
  const byLine = new Map<number, number>();
  for (const { line, ticks: count } of ticks) byLine.set(line, (byLine.get(line) ?? 0) + count);
  return [...byLine].sort(([a], [b]) => a - b).map(([line, count]) => ({ line, ticks: count }));
}

/** Where Deno keeps what it made of a local file: `gen/file/…/a.ts.js`, on Windows `gen/file/C/…`. */
export function emittedFile(cache: string, file: string): string {
  const parts = file.split(/[\\/]/).filter((part) => part !== '');
  return `${path.join(cache, 'gen', 'file', ...parts.map((part) => (/^[A-Za-z]:$/.test(part) ? part.slice(0, 1) : part)))}.js`;
}

/** Deno's cache: DENO_DIR, else its place on the platform. */
export function denoCache(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform, home = homeFolder()): string {
  if (env.DENO_DIR) return env.DENO_DIR;
  if (platform === 'win32') return path.join(env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'deno');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'deno');
  return path.join(env.XDG_CACHE_HOME ?? path.join(home, '.cache'), 'deno');
}
