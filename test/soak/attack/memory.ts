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

/** Milliseconds of computing of a process since its start (Linux; elsewhere 0). Its times stand in hundredths of a second behind the name, which may hold anything. */
export function computed(pid: number | undefined): number {
  try {
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0; // it has ended
  }
}
