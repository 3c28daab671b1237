import type { CapturedProfile, CapturedScript } from '../records/captured';
import type { InspectorSession } from './inspector';

/** Starts V8's CPU profiler in a connected target. `interval` is in microseconds. */
export async function startProfiler(session: InspectorSession, interval: number): Promise<void> {
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval });
  await session.send('Profiler.start');
}

/**
 * Stops the profiler and asks for the scripts with source maps. The Debugger
 * domain is enabled only now: while a profile runs it would slow the target.
 */
export async function stopProfiler(session: InspectorSession): Promise<CapturedProfile> {
  const { profile } = await session.send('Profiler.stop');
  const used = new Set(profile.nodes.map((node) => node.callFrame.scriptId));
  const scripts: CapturedScript[] = [];
  session.on('Debugger.scriptParsed', ({ scriptId, url, sourceMapURL }) => {
    if (sourceMapURL && used.has(scriptId)) scripts.push({ scriptId, url, sourceMapUrl: sourceMapURL });
  });
  await session.send('Debugger.enable', {});
  await session.send('Debugger.disable');
  await session.send('Profiler.disable');
  return { profile, scripts };
}
