import fs from 'node:fs';

/** From now on the peak of a process counts anew (Linux; elsewhere nothing). */
export function forgetPeak(pid: number | 'self'): void {
  try {
    fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Then it is that of the process since its start.
  }
}

/** Megabytes: the most that a process has had in memory since `forgetPeak`; elsewhere than on Linux what this one has now. */
export function peakMegabytes(pid: number | 'self'): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return process.memoryUsage.rss() / 2 ** 20;
  }
}
