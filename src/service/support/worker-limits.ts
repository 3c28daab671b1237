import os from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';

const MB = 2 ** 20;
/** What V8 takes for a program of its own. */
const MOST_MB = 4096;

/**
 * What a thread may take that reads what somebody sent: beyond that it ends, and its error is told. Typed
 * arrays do not count; `limits` and `availableMemory` keep those.
 */
export const workerLimits = (): ResourceLimits => ({ maxOldGenerationSizeMb: Math.min(MOST_MB, Math.floor(os.totalmem() / 2 / MB)) });
