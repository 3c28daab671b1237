import { performance } from 'node:perf_hooks';

const [seconds, nanoseconds] = process.hrtime();
const offset = seconds * 1e6 + nanoseconds / 1e3 - performance.now() * 1e3;

/** Microseconds on the monotonic clock of `process.hrtime` and of V8's profiler. */
export const now = (): number => performance.now() * 1e3 + offset;
