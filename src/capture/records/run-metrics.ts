import fs from 'node:fs';
import path from 'node:path';
import type * as v from 'valibot';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { amount, fields, pid, whole } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';

/** What one thread of a timed run wrote at its end. Times in microseconds, sizes in bytes. */
export type ThreadMetrics = v.InferOutput<typeof threadMetricsSchema>;

const threadMetricsSchema = fields({
  pid,
  /** 0 is the main thread, which has the figures of its whole process. */
  thread: whole,
  gc: amount,
  allocated: amount,
  cpu: amount,
  maxRss: amount,
  longestDelay: amount,
});

/** What all Node.js processes of a run took: sums, but the memory and the event loop of the one that computed most. */
export interface RunMetrics {
  readonly cpu: number;
  readonly gc: number;
  readonly allocated: number;
  readonly maxRss: number;
  readonly longestDelay: number;
}

/** A thread's figures are a hundred bytes. */
const MOST_BYTES = 1 << 16;

/** What the threads of a run wrote into its folder; undefined where none did: no Node.js, or one that was killed. */
export function readMetrics(folder: string): RunMetrics | undefined {
  const threads = fs.readdirSync(folder).flatMap((name) => {
    const read = readRegularTextSync(path.join(folder, name), { most: MOST_BYTES, within: [folder] });
    return (read.ok ? fittingJson(read.value, threadMetricsSchema) : undefined) ?? [];
  });
  return joined(threads);
}

export function joined(threads: readonly ThreadMetrics[]): RunMetrics | undefined {
  const mains = threads.filter(({ thread }) => thread === 0).sort((a, b) => b.cpu - a.cpu);
  const [busiest] = mains;
  if (!busiest) return undefined;
  const sum = (of: (one: ThreadMetrics) => number): number => threads.reduce((total, one) => total + of(one), 0);
  return {
    cpu: sum(({ cpu }) => cpu),
    gc: sum(({ gc }) => gc),
    allocated: sum(({ allocated }) => allocated),
    maxRss: busiest.maxRss,
    longestDelay: busiest.longestDelay,
  };
}
