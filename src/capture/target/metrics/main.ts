/**
 * Loaded into every thread of a run that is timed: writes at its end what the run took. It
 * starts no timer that keeps a program alive, prints nothing, and patches nothing. What is read
 * while the program runs is V8's own count of collections and the event loop's histogram.
 */
import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import v8 from 'node:v8';
import { isMainThread, threadId } from 'node:worker_threads';
import type { ThreadMetrics } from '../../records/run-metrics';

/** Milliseconds between two looks of the histogram, which adds so much to every delay. */
const RESOLUTION_MS = 10;

function begin(out: string): void {
  const profiler = new v8.GCProfiler();
  profiler.start();
  const delays = isMainThread ? monitorEventLoopDelay({ resolution: RESOLUTION_MS }) : undefined;
  delays?.enable();
  const first = used(process.memoryUsage());
  process.on('exit', () => {
    try {
      const { statistics } = profiler.stop();
      const last = used(process.memoryUsage());
      const { gc, allocated } = collections(statistics, first, last);
      const usage = process.resourceUsage();
      const metrics: ThreadMetrics = {
        ...{ pid: process.pid, thread: threadId, gc, allocated },
        // What a worker computed is in its process's usage.
        cpu: isMainThread ? usage.userCPUTime + usage.systemCPUTime : 0,
        maxRss: isMainThread ? usage.maxRSS * 1024 : 0,
        longestDelay: delays ? Math.max(delays.max / 1e3 - RESOLUTION_MS * 1e3, firstTurn()) : 0,
      };
      fs.writeFileSync(path.join(out, `${process.pid}.${threadId}.json`), JSON.stringify(metrics));
    } catch {
      // The program has taken away what is needed: this run has fewer figures.
    }
  });
}

/** Microseconds of the main script: before the loop's first turn the histogram sees nothing. */
function firstTurn(): number {
  const { bootstrapComplete, loopStart } = performance.nodeTiming;
  return Math.max(0, (loopStart > 0 ? loopStart : performance.now()) - bootstrapComplete) * 1e3;
}

const used = ({ heapUsed, external }: NodeJS.MemoryUsage): number => heapUsed + external;

interface Collection {
  readonly cost: number;
  readonly beforeGC: { readonly heapStatistics: { readonly usedHeapSize: number; readonly externalMemory: number } };
  readonly afterGC: { readonly heapStatistics: { readonly usedHeapSize: number; readonly externalMemory: number } };
}

/** Microseconds of collections, and bytes that were there at the end or collected meanwhile. */
function collections(statistics: readonly Collection[], first: number, last: number): { readonly gc: number; readonly allocated: number } {
  let gc = 0;
  let allocated = 0;
  let from = first;
  const sizeOf = ({ usedHeapSize, externalMemory }: Collection['beforeGC']['heapStatistics']): number => usedHeapSize + externalMemory;
  for (const { cost, beforeGC, afterGC } of statistics) {
    gc += cost;
    allocated += Math.max(0, sizeOf(beforeGC.heapStatistics) - from);
    from = sizeOf(afterGC.heapStatistics);
  }
  return { gc, allocated: allocated + Math.max(0, last - from) };
}

const folder = process.env.PLATEAU_METRICS;
if (folder !== undefined && folder !== '') {
  try {
    begin(folder);
  } catch {
    // A Node.js without what this needs: the run has fewer figures.
  }
}
