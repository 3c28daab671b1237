/** Worker thread: ranks what a hunt has kept. */
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { HuntCapture } from './hunt';
import { reportHunt } from './hunt-report';

const { capture, roots } = workerData as { capture: HuntCapture; roots: readonly string[] };
parentPort?.postMessage(reportHunt(capture, roots, fileURLToPath(new URL('./heap-thread.mjs', import.meta.url))));
