import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { Block, GcPauses, MemorySample, Vitals } from '../../../core/doctor/vitals';
import { now } from './clock';
import { threadCpu } from './thread-cpu';
import { watchGrowth } from './watch-growth';

/** A tick of 20 ms costs about 5 µs: 0.03 %. */
const TICK_MS = 20;
const SAMPLE_US = 100_000;
/** Kept of a series before it is thinned, and of blocks the longest. */
const MAX_SAMPLES = 600;
const MAX_BLOCKS = 100;
const LEAST_BLOCK_US = 50_000;

/** Resources that nobody waits on while the loop stands: the terminal, and files that are being read. */
const quiet = /^(?:TTYWrap|PipeWrap|FSReq|CloseReq|FileHandle|Immediate)/;

export interface LoopWatch {
  read(): Pick<Vitals, 'delay' | 'blocks' | 'gc' | 'memory' | 'resources' | 'isListening' | 'cpu' | 'sampled'>;
  stop(): void;
}

/**
 * Samples what the loop does, on a timer that keeps nothing alive. Its utilisation is
 * read from the CPU profile: `performance.eventLoopUtilization()` loses idle time while
 * V8's profiler interrupts the poll with signals (on Linux 96 % for an idle process).
 */
export function watchLoop(onSecond: () => void): LoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: TICK_MS });
  histogram.enable();
  const gc = watchGc();
  const growth = watchGrowth();
  const startCpu = process.cpuUsage();
  const startOwn = threadCpu();
  const memory: MemorySample[] = [];
  const kinds = new Map<string, { sum: number; max: number }>();
  const longest: Block[] = [];
  let blocks = 0;
  let every = SAMPLE_US;
  let samples = 0;
  let isListening = false;
  let waiting = 0;
  let lastTick = -1;
  let lastCpu = 0;
  let lastSample = 0;
  let lastSecond = now();

  const sample = (at: number, cpu: number): void => {
    lastSample = at;
    const { heapUsed, external, rss } = process.memoryUsage();
    memory.push({ at: Math.round(at), heapUsed, external, rss });
    growth.look(at, heapUsed, cpu);
    if (memory.length >= MAX_SAMPLES) {
      every *= 2;
      for (let i = 0; i < memory.length / 2; i++) memory[i] = memory[i * 2] as MemorySample;
      memory.length = Math.floor(memory.length / 2);
    }
    waiting = 0;
    const counts = new Map<string, number>();
    for (const kind of process.getActiveResourcesInfo()) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (!quiet.test(kind)) waiting++;
      if (/Server/.test(kind)) isListening = true;
    }
    samples++;
    for (const [kind, count] of counts) {
      const row = kinds.get(kind) ?? { sum: 0, max: 0 };
      row.sum += count;
      row.max = Math.max(row.max, count);
      if (kinds.size < 50 || kinds.has(kind)) kinds.set(kind, row);
    }
  };

  const tick = (): void => {
    const at = now();
    const { user, system } = process.cpuUsage();
    const cpu = user + system;
    const late = lastTick < 0 ? 0 : at - lastTick - TICK_MS * 1e3;
    if (late >= LEAST_BLOCK_US) {
      const before = waiting;
      sample(at, cpu);
      blocks++;
      keepLongest(longest, { start: Math.round(at - late), end: Math.round(at), cpu: cpu - lastCpu, waiting: Math.min(before, waiting) });
    } else if (at - lastSample >= every) sample(at, cpu);
    lastTick = at;
    lastCpu = cpu;
    if (at - lastSecond < 1e6) return;
    lastSecond = at;
    onSecond();
  };
  sample(now(), 0);
  const timer = setInterval(tick, TICK_MS);
  timer.unref();

  return {
    read() {
      const less = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e3) - TICK_MS * 1e3);
      const { count } = histogram;
      const endOwn = threadCpu();
      const own = startOwn === undefined || endOwn === undefined ? undefined : endOwn - startOwn;
      const cpu = { ...process.cpuUsage(startCpu), ...(own === undefined ? {} : { own }) };
      const { heapUsed, external, rss } = process.memoryUsage();
      return {
        cpu,
        delay:
          count === 0
            ? { p50: 0, p99: 0, max: 0, count }
            : { p50: less(histogram.percentile(50)), p99: less(histogram.percentile(99)), max: less(histogram.max), count },
        blocks: { count: blocks, longest },
        gc: gc.read(),
        memory: [...memory, { at: Math.round(now()), heapUsed, external, rss }],
        resources: { samples, kinds: [...kinds].map(([kind, { sum, max }]) => ({ kind, mean: sum / samples, max })) },
        isListening,
        sampled: growth.read(),
      };
    },
    stop() {
      clearInterval(timer);
      histogram.disable();
      gc.stop();
      growth.stop();
    },
  };
}

function keepLongest(list: Block[], block: Block): void {
  if (list.length < MAX_BLOCKS) {
    list.push(block);
    return;
  }
  let shortest = 0;
  for (let i = 1; i < list.length; i++) {
    const [a, b] = [list[i] as Block, list[shortest] as Block];
    if (a.end - a.start < b.end - b.start) shortest = i;
  }
  const other = list[shortest] as Block;
  if (block.end - block.start > other.end - other.start) list[shortest] = block;
}

const gcKinds: Readonly<Record<number, GcPauses['kind']>> = { 1: 'minor', 2: 'minor', 4: 'major', 8: 'incremental', 16: 'weak' };

/** Pauses as Node.js reports them; those of a program that never turns its loop only show in the profile. */
function watchGc(): { read(): GcPauses[]; stop(): void } {
  const rows = new Map<GcPauses['kind'], { count: number; total: number; longest: number }>();
  const add = (entries: readonly { duration: number; detail?: unknown }[]): void => {
    for (const { duration, detail } of entries) {
      const kind = gcKinds[(detail as { kind?: number } | undefined)?.kind ?? 0] ?? 'minor';
      const row = rows.get(kind) ?? { count: 0, total: 0, longest: 0 };
      row.count++;
      row.total += duration * 1e3;
      row.longest = Math.max(row.longest, duration * 1e3);
      rows.set(kind, row);
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    read() {
      add(observer.takeRecords());
      return [...rows].map(([kind, row]) => ({ kind, ...row }));
    },
    stop: () => observer.disconnect(),
  };
}
