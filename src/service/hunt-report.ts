import type { HuntResult } from '../shared/hunt';
import type { Result } from '../shared/result';
import type { HuntCapture } from './hunt';
import { type LeakReportIssue, reportLeaks } from './leak-report';

/** Ranks what a hunt has kept. Reads three snapshots: for a worker thread, or a process of its own. */
export function reportHunt(capture: HuntCapture, roots: readonly string[], onProgress?: (share: number) => void): Result<HuntResult, LeakReportIssue> {
  const { snapshots, exercise, times, warmup, title, recordedAt, node } = capture;
  const files = snapshots.map(({ file }) => file) as [string, string, string];
  return reportLeaks({
    files,
    // By hand nobody counts.
    times: exercise.kind === 'by-hand' ? undefined : times,
    title,
    roots,
    about: { recordedAt, warmup, node, pausesMs: snapshots.map(({ pauseMs }) => pauseMs) },
    ...(onProgress ? { onProgress } : {}),
  });
}
