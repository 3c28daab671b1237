import fs from 'node:fs/promises';
import { heapUsage } from '../../capture/attach/heap-snapshot';
import type { HeapTarget } from '../../capture/attach/heap-targets';

/** Bytes; `at` in milliseconds from the start. `rss` is undefined where the target cannot tell. */
export interface HeapSample {
  readonly kind: 'sample';
  readonly at: number;
  readonly heapUsed: number;
  readonly rss: number | undefined;
}

const SAMPLE_MS = 400;

/** Tells heap and memory from time to time; returns what ends it. */
export function sample(target: HeapTarget, started: number, onEvent: ((event: HeapSample) => void) | undefined): () => void {
  if (!onEvent) return () => {};
  let isOver = false;
  let isAsking = false;
  const timer = setInterval(async () => {
    if (isAsking) return; // a busy target answers late
    isAsking = true;
    try {
      const { used } = await heapUsage(target.inspector);
      const rss = await residentSize(target);
      if (!isOver) onEvent({ kind: 'sample', at: performance.now() - started, heapUsed: used, rss });
    } catch {
      clearInterval(timer); // it died, which others tell
    }
    isAsking = false;
  }, SAMPLE_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

/** Of `/proc/PID/status`, which counts kilobytes; `statm` counts pages, which are not of 4 KiB everywhere. */
export function residentBytes(status: string): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Bytes of the process in memory; read from outside where the system tells, so that the target does nothing for it. */
export async function residentSize({ pid, inspector }: HeapTarget): Promise<number | undefined> {
  if (process.platform === 'linux' && pid > 0) {
    const bytes = residentBytes(await fs.readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
    if (bytes !== undefined) return bytes;
  }
  const { result } = await inspector.send('Runtime.evaluate', {
    expression: 'typeof process === "object" ? process.memoryUsage.rss() : 0',
    returnByValue: true,
  });
  return typeof result.value === 'number' && result.value > 0 ? result.value : undefined;
}
