import fs from 'node:fs';

/**
 * CPU time of the calling thread so far, microseconds. Node.js tells it from 23.9 on, before that only Linux does;
 * undefined where nobody does. Source: proc(5), `schedstat`, the first number in nanoseconds.
 */
export function threadCpu(): number | undefined {
  const own = (process as { threadCpuUsage?: () => NodeJS.CpuUsage }).threadCpuUsage?.();
  if (own) return own.user + own.system;
  if (process.platform !== 'linux') return undefined;
  try {
    const nanoseconds = Number(fs.readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]);
    return nanoseconds > 0 ? Math.round(nanoseconds / 1e3) : undefined;
  } catch {
    return undefined;
  }
}
