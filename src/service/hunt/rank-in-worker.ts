import { Worker } from 'node:worker_threads';
import type { HuntResult } from '../../shared/hunt';
import { err, type Result } from '../../shared/result';
import { workerLimits } from '../support/worker-limits';
import type { HuntCapture } from './hunt';
import type { LeakReportIssue } from './leak-report';

/** Ranks in a thread of its own: too little memory in it is an issue. Undefined where it was cancelled. */
export function rankInWorker(
  workerFile: string,
  capture: HuntCapture,
  roots: readonly string[],
  cancel: AbortSignal,
): Promise<Result<HuntResult, LeakReportIssue> | undefined> {
  const { folder } = capture;
  return new Promise((resolve) => {
    const worker = new Worker(workerFile, {
      workerData: { capture: { ...capture, exercise: { ...capture.exercise, next: undefined } }, roots },
      resourceLimits: workerLimits(),
    });
    const finish = (result: Result<HuntResult, LeakReportIssue> | undefined): void => {
      resolve(result);
      void worker.terminate();
    };
    const crashed = (detail: string): void => finish(err({ kind: 'unread', file: folder, issue: { kind: 'crashed', detail } }));
    cancel.addEventListener('abort', () => finish(undefined), { once: true });
    worker.on('message', finish);
    worker.on('error', (error) => crashed(error.message));
    worker.on('exit', (code) => crashed(`the thread ended with code ${code}`));
  });
}
