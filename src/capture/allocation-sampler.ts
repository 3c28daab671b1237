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

export async function stopSampling(inspector: InspectorSession): Promise<Protocol.HeapProfiler.SamplingHeapProfile> {
  const { profile } = await inspector.send('HeapProfiler.stopSampling');
  return profile;
}

/** Bytes of all samples; walked without recursion, for stacks may be as deep as V8 allows. */
export function sampledBytes({ head }: Protocol.HeapProfiler.SamplingHeapProfile): number {
  let bytes = 0;
  const waiting = [head];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    bytes += node.selfSize;
    for (const child of node.children) waiting.push(child);
  }
  return bytes;
}
