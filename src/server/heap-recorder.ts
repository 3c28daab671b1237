import fs from 'node:fs/promises';
import path from 'node:path';
import type { CaptureIssue } from '../capture/records/capture-issue';
import type { HeapRecordKind, HeapRecordParams, HeapRecordResult, HuntDone, HuntParams } from '../protocol/heap-record';
import type { Failure } from '../protocol/lsp';
import type { FindingSource } from '../service/findings/finding-source';
import { describeLeakReportIssue } from '../service/hunt/describe-leak-issue';
import { type HuntCapture, huntLeaks } from '../service/hunt/hunt';
import { huntFindings } from '../service/hunt/hunt-findings';
import { describeTracking } from '../service/hunt/hunt-tracking';
import { rankInWorker } from '../service/hunt/rank-in-worker';
import { describeCaptureIssue } from '../service/recording/describe-capture-issue';
import { type HeapEvent, type HeapRecorded, recordHeap } from '../service/recording/heap-record';
import { formatBytes, formatCount, formatTime } from '../shared/format';
import type { Recipe } from '../shared/recipe';
import type { PlateauConnection } from './connection';
import { failureOf } from './failure';
import { misplacedText, refuseFolder } from './recorder';
import { currentRuns, launchInEditor, type Run } from './runs';

/** Heap recordings and leak hunts for the editor. */
export interface HeapRecorder {
  record(params: HeapRecordParams): Promise<HeapRecordResult | Failure>;
  hunt(params: HuntParams): Promise<HuntDone | Failure>;
  stop(token: string, keep: boolean): void;
  next(token: string): void;
  dispose(): Promise<void>;
}

/** What recordings of heaps need of the server. */
interface HeapContext {
  readonly connection: PlateauConnection;
  readonly bundleFolder: string;
  roots(): readonly string[];
  onFound(found: FindingSource): void;
}

export function heapRecorder(
  connection: PlateauConnection,
  bundleFolder: string,
  roots: () => readonly string[],
  onFound: (found: FindingSource) => void,
): HeapRecorder {
  const context: HeapContext = { connection, bundleFolder, roots, onFound };
  const runs = currentRuns();
  return {
    record: (params) => runs.start(params.token, (run) => recordFor(context, params, run)),
    hunt: (params) => runs.start(params.token, (run) => huntFor(context, params, run)),
    stop: runs.stop,
    next: runs.next,
    dispose: runs.dispose,
  };
}

const failure = (issue: CaptureIssue): Failure => failureOf(describeCaptureIssue(issue), issue);

async function recordFor({ connection, bundleFolder, roots }: HeapContext, params: HeapRecordParams, run: Run): Promise<HeapRecordResult | Failure> {
  const { token, recipe, heap, interval, includesCollected, folder, nodePath } = params;
  const refusal = await refuseFolder(folder, roots());
  if (refusal) return refusal;
  const result = await recordHeap({
    ...launchInEditor(connection, bundleFolder, { recipe, nodePath, cancel: run.cancel.signal }),
    mode: heap === 'sampling' ? { kind: 'sampling', interval, includesCollected } : { kind: heap },
    wanted: params.wanted,
    out: { folder },
    control: { stop: run.stop.signal, cancel: run.cancel.signal },
    onEvent: (event) => connection.notify('plateau/heapEvent', { token, text: eventText(event, heap) }),
  });
  return result.ok ? { file: result.value.file, ...tellRecorded(result.value) } : failure(result.error);
}

function eventText(event: HeapEvent, heap: HeapRecordKind): string {
  switch (event.kind) {
    case 'recording':
      return runningText[heap];
    case 'pausing':
      return `a snapshot of ${formatBytes(event.heapUsed)} stops the program for about ${formatTime(event.pauseMs * 1000)}`;
    case 'progress':
      return `taking the snapshot, ${Math.floor(event.share * 100)} %`;
  }
}

async function huntFor(context: HeapContext, params: HuntParams, run: Run): Promise<HuntDone | Failure> {
  const { connection, bundleFolder, roots } = context;
  const { token, recipe, exercise, times, warmup, tracksAllocations, wanted, folder, nodePath } = params;
  const refusal = await refuseFolder(folder, roots());
  if (refusal) return refusal;
  const tell = (event: Parameters<typeof connection.notify<'plateau/huntEvent'>>[1]['event']): void => connection.notify('plateau/huntEvent', { token, event });
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      run.next = resolve;
      tell({ kind: 'your-turn' });
    });
  const hunted = await huntLeaks({
    ...launchInEditor(connection, bundleFolder, { recipe, nodePath, cancel: run.cancel.signal }),
    exercise: exercise.kind === 'by-hand' ? { kind: 'by-hand', next: turn } : exercise,
    ...{ times, warmup, tracksAllocations, wanted, folder },
    cancel: run.cancel.signal,
    onEvent: (event) => {
      if (event.kind !== 'tracking') return tell(event);
      const text = describeTracking(event.plan);
      if (text !== undefined) tell({ kind: 'remark', text });
    },
  });
  if (!hunted.ok) return failure(hunted.error);
  tell({ kind: 'phase', phase: 'ranking', round: 3, pid: 0 });
  return rankFor(context, params.recipe, hunted.value, run);
}

/** Ranks what piled up, keeps the result beside the snapshots and shows it. */
async function rankFor({ bundleFolder, roots, onFound }: HeapContext, recipe: Recipe, hunted: HuntCapture, run: Run): Promise<HuntDone | Failure> {
  const ranked = await rankInWorker(path.join(bundleFolder, 'leak-worker.mjs'), hunted, roots(), run.cancel.signal);
  if (!ranked) {
    await fs.rm(hunted.folder, { recursive: true, force: true });
    return failure({ kind: 'cancelled' });
  }
  if (!ranked.ok) return { failed: describeLeakReportIssue(ranked.error) };
  const result = ranked.value;
  const file = path.join(hunted.folder, 'result.hunt.json');
  await fs.writeFile(file, `${JSON.stringify(result, null, 1)}\n`, { mode: 0o600 }).catch(() => {}); // the panel shows it all the same
  onFound(huntFindings(file, result, recipe, roots()));
  return { file, result };
}

/** What goes on while the program runs. */
const runningText: Readonly<Record<HeapRecordKind, string>> = {
  sampling: 'sampling allocations',
  snapshot: 'running',
  tracking: 'running several times slower: every allocation is tracked',
};

function tellRecorded({ file, info, lost, misplaced }: HeapRecorded): Omit<HeapRecordResult, 'file'> {
  const warnings: string[] = [...misplacedText(misplaced, file)];
  if (info.exit && (info.exit.signal !== null || info.exit.code !== 0))
    warnings.push(
      info.exit.signal ? `The program was ended by ${info.exit.signal}.` : `The program ended with exit code ${info.exit.code}; its output is in the terminal.`,
    );
  if (lost > 0) warnings.push(lost === 1 ? '1 process died without handing over a heap.' : `${formatCount(lost)} processes died without handing over a heap.`);
  const message =
    info.heap === 'sampling'
      ? `${formatBytes(info.bytes)} of allocations sampled`
      : `a heap of ${formatBytes(info.bytes)}; the program was paused for ${formatTime((info.pauseMs ?? 0) * 1000)}`;
  const { pid, thread, others = [] } = info;
  const threads = thread && others.length > 0 ? { kept: { pid, ...thread }, others } : undefined;
  return { message, warning: warnings.length > 0 ? warnings.join(' ') : undefined, threads };
}
