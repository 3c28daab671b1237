import type { Protocol } from 'devtools-protocol';
import { nodesOf, type SampledAllocations } from '../../capture/inspector/allocation-sampler';
import { functionsInTime } from '../../source/parse/parse-in-time';

/** Longer sources are not searched for functions. */
const MAX_SOURCE = 4 << 20;

interface Place {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/**
 * Puts urls into the frames of scripts that V8 has collected, and places into those whose
 * name only one function of the script has. V8 has forgotten the rest.
 */
export function nameCollected({ profile, collected }: SampledAllocations): Protocol.HeapProfiler.SamplingHeapProfile {
  for (const { scriptId, url, source } of collected) {
    const places = source.length > MAX_SOURCE ? new Map<string, Place>() : uniquePlaces(source, url);
    for (const { callFrame } of nodesOf(profile)) {
      if (callFrame.scriptId !== scriptId || callFrame.url !== '') continue;
      // Of a frame without a name it is not known whether it is a function or the code around all of them.
      Object.assign(callFrame, { url }, callFrame.functionName === '' ? undefined : places.get(callFrame.functionName));
    }
  }
  return profile;
}

function uniquePlaces(source: string, url: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const repeated = new Set<string>();
  for (const { name, v8Line, v8Column } of functionsInTime(source, url) ?? []) {
    if (places.has(name)) repeated.add(name);
    places.set(name, { lineNumber: v8Line, columnNumber: v8Column });
  }
  for (const name of repeated) places.delete(name);
  return places;
}
