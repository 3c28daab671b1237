import { countAnswers, type HuntResult } from '../../shared/hunt';
import { ok, type Result } from '../../shared/result';
import { describeAnswers } from '../recording/describe-capture-issue';
import type { HuntCapture } from './hunt';
import { doubtOf, type HuntReach } from './hunt-doubt';
import { describeUntracked } from './hunt-tracking';
import { type LeakReportIssue, reportLeaks } from './leak-report';

/** Ranks what a hunt has kept. Reads three snapshots: for a worker thread, or a process of its own. `threadFile`: the bundle of `heap-thread.ts`. */
export function reportHunt(capture: HuntCapture, roots: readonly string[], threadFile?: string): Result<HuntResult, LeakReportIssue> {
  const { snapshots, exercise, times, warmup, title, recordedAt, node } = capture;
  const files = snapshots.map(({ file }) => file) as [string, string, string];
  const report = reportLeaks({
    files,
    // By hand nobody counts.
    times: exercise.kind === 'by-hand' ? undefined : times,
    title,
    huntedPid: capture.reach.watched.pid,
    roots,
    about: { recordedAt, warmup, node, pausesMs: snapshots.map(({ pauseMs }) => pauseMs) },
    threadFile,
  });
  if (!report.ok) return report;
  const result = withReach(withAnswers(report.value, capture.answers), capture.reach);
  const { tracking } = capture;
  return ok(tracking?.kind === 'off' ? { ...result, warnings: [...result.warnings, describeUntracked(tracking.heapUsed)] } : result);
}

/** A program whose every answer is an error has not done the work that was to be looked at. */
function withAnswers(result: HuntResult, answers: HuntCapture['answers']): HuntResult {
  const warning = describeAnswers(answers);
  if (warning === undefined) return result;
  const { all, failed } = countAnswers(answers);
  const verdict = result.verdict === 'clean' && failed === all ? 'unexercised' : result.verdict;
  return { ...result, verdict, answers, warnings: [warning, ...result.warnings] };
}

/** That nothing grew in one thread says little where others did the work, or grew. */
function withReach(result: HuntResult, reach: HuntReach): HuntResult {
  const { watched, others } = reach;
  const doubt = result.verdict === 'clean' ? doubtOf(reach) : undefined;
  return {
    ...result,
    verdict: doubt === undefined ? result.verdict : 'unexercised',
    ...(watched.pid > 0 ? { watched } : {}),
    ...(others.length > 0 ? { others } : {}),
    ...(doubt === undefined ? {} : { doubt }),
  };
}
