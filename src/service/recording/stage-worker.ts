/** The thread of `stageInWorker`. */
import { parentPort, workerData } from 'node:worker_threads';
import { readResults } from '../../capture/session/session-results';
import { type StageRequest, stageThreads } from './stage-recording';

const request = workerData as StageRequest;
parentPort?.postMessage(await stageThreads(readResults(request.session, false).threads, request));
