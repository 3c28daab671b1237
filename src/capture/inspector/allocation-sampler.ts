import type { Protocol } from 'devtools-protocol';
import type { InspectorSession } from './inspector';

export interface SamplingOptions {
  /** Average bytes between two samples. */
  readonly interval: number;
  /** Counts what has been collected since too: all that was allocated, not what is left of it. */
  readonly includesCollected: boolean;
}

/** Starts V8's sampling heap profiler. One serves a whole isolate: whoever stops first ends it for all. */
export async function startSampling(inspector: InspectorSession, { interval, includesCollected }: SamplingOptions): Promise<void> {
  await inspector.send('HeapProfiler.startSampling', {
    samplingInterval: interval,
    includeObjectsCollectedByMajorGC: includesCollected,
    includeObjectsCollectedByMinorGC: includesCollected,
  });
}

export interface SampledAllocations {
  readonly profile: Protocol.HeapProfiler.SamplingHeapProfile;
  /** Scripts that the profile speaks of without a url. */
  readonly collected: readonly CollectedScript[];
}

/** A script that was dropped by the collection with which the sampling ends. */
export interface CollectedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly source: string;
}

/** Bytes of such scripts that the target keeps for us, outside of V8's heap. */
const MAX_SOURCES = 64 << 20;

/**
 * Ends the sampling, which collects all garbage first: scripts too that no function is left of, and
 * then V8 gives their functions neither url nor line. Of a program that has ended the scripts are
 * asked for before. While it runs they are not: V8 makes a table of line ends for each script that it tells of,
 * which would count as allocated by whatever runs (1.5 MB with TypeScript loaded, measured). In a program that has
 * ended it counts for `(IDLE)`, where nothing of the program's own can be, and is taken out.
 */
export async function stopSampling(inspector: InspectorSession, hasEnded: boolean): Promise<SampledAllocations> {
  if (!hasEnded) return { profile: (await inspector.send('HeapProfiler.stopSampling')).profile, collected: [] };
  const urls = new Map<string, string>();
  const end = inspector.on('Debugger.scriptParsed', ({ scriptId, url }) => urls.set(scriptId, url));
  try {
    await inspector.send('Debugger.enable', { maxScriptsCacheSize: MAX_SOURCES });
    const { profile } = await inspector.send('HeapProfiler.stopSampling');
    const collected: CollectedScript[] = [];
    for (const scriptId of scriptsWithoutUrl(profile)) {
      const url = urls.get(scriptId) ?? '';
      if (url === '') continue; // made from text, or collected while the program ran
      const source = await inspector.send('Debugger.getScriptSource', { scriptId }).catch(() => undefined); // more than is kept
      collected.push({ scriptId, url, source: source?.scriptSource ?? '' });
    }
    await inspector.send('Debugger.disable');
    return { profile: withoutIdle(profile), collected };
  } finally {
    end();
  }
}

function scriptsWithoutUrl(profile: Protocol.HeapProfiler.SamplingHeapProfile): Set<string> {
  const found = new Set<string>();
  for (const { callFrame } of nodesOf(profile)) if (callFrame.url === '' && callFrame.scriptId !== '0') found.add(callFrame.scriptId);
  return found;
}

function withoutIdle(profile: Protocol.HeapProfiler.SamplingHeapProfile): Protocol.HeapProfiler.SamplingHeapProfile {
  const { head, samples } = profile;
  const idle = head.children.filter(({ callFrame }) => callFrame.functionName === '(IDLE)' && callFrame.scriptId === '0');
  if (idle.length === 0) return profile;
  const ids = new Set(idle.map(({ id }) => id));
  return { head: { ...head, children: head.children.filter(({ id }) => !ids.has(id)) }, samples: samples.filter(({ nodeId }) => !ids.has(nodeId)) };
}

/** Bytes of all samples. */
export function sampledBytes(profile: Protocol.HeapProfiler.SamplingHeapProfile): number {
  let bytes = 0;
  for (const { selfSize } of nodesOf(profile)) bytes += selfSize;
  return bytes;
}

/** Parents first; walked without recursion, for stacks may be as deep as V8 allows. */
export function* nodesOf({ head }: Protocol.HeapProfiler.SamplingHeapProfile): Generator<Protocol.HeapProfiler.SamplingHeapProfileNode> {
  const waiting = [head];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    for (const child of node.children) waiting.push(child);
  }
}
