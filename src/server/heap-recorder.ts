import fs from 'node:fs/promises';
import path from 'node:path';
import { launchInTerminal } from '../capture/launch/runner-launcher';
import type { CaptureIssue } from '../capture/records/capture-issue';
import type { HeapRecordKind, HeapRecordParams, HeapRecordResult, HuntDone, HuntParams } from '../protocol/heap-record';
import type { Failure } from '../protocol/lsp';
import type { FindingSource } from '../service/findings/finding-source';
import { describeLeakReportIssue } from '../service/hunt/describe-leak-issue';
import { huntLeaks } from '../service/hunt/hunt';
import { huntFindings } from '../service/hunt/hunt-findings';
import { describeTracking } from '../service/hunt/hunt-tracking';
import { rankInWorker } from '../service/hunt/rank-in-worker';
import { describeCaptureIssue } from '../service/recording/describe-capture-issue';
import { type HeapRecorded, recordHeap } from '../service/recording/heap-record';
import { nodeVersion } from '../service/recording/launch';
import type { RecordRequest } from '../service/recording/record';
import { targetFiles } from '../service/recording/target-files';
import { formatBytes, formatCount, formatTime } from '../shared/format';
import type { Recipe } from '../shared/recipe';
import { err } from '../shared/result';
import type { PlateauConnection } from './connection';
import { misplacedText, refuseFolder } from './recorder';

/** Heap recordings and leak hunts for the editor. */
export interface HeapRecorder {
  record(params: HeapRecordParams): Promise<HeapRecordResult | Failure>;
  hunt(params: HuntParams): Promise<HuntDone | Failure>;
  stop(token: string, keep: boolean): void;
  next(token: string): void;
  dispose(): Promise<void>;
}

interface Running {
  readonly stop: AbortController;
  readonly cancel: AbortController;
  next: () => void;
  done: Promise<unknown>;
}

export function heapRecorder(
  connection: PlateauConnection,
  bundleFolder: string,
  roots: () => readonly string[],
  onFound: (found: FindingSource) => void,
): HeapRecorder {
  const running = new Map<string, Running>();

  const launching = (recipe: Recipe, nodePath: string, { cancel }: Running): Pick<RecordRequest, 'nodePath' | 'files' | 'recipe' | 'openLauncher'> => ({
    recipe,
    nodePath,
    files: targetFiles(bundleFolder),
    openLauncher: async (title) => {
      const version = await nodeVersion(nodePath);
      if (!version.ok) return version;
      const open = async (args: string[]): Promise<void> => {
        const failure = await connection.request('plateau/runInTerminal', { title, command: nodePath, args, cwd: 'cwd' in recipe ? recipe.cwd : undefined });
        if (failure) throw new Error(failure.failed);
      };
      return cancel.signal.aborted ? err({ kind: 'cancelled' }) : launchInTerminal(path.join(bundleFolder, 'runner.cjs'), open, cancel.signal);
    },
  });
  const failure = (issue: CaptureIssue): Failure => ({ failed: describeCaptureIssue(issue), ...(issue.kind === 'cancelled' ? { isCancelled: true } : {}) });

  const track = <T>(token: string, work: (state: Running) => Promise<T>): Promise<T> => {
    const state: Running = { stop: new AbortController(), cancel: new AbortController(), next: () => {}, done: Promise.resolve() };
    running.set(token, state);
    const done = work(state).finally(() => running.delete(token));
    state.done = done.catch(() => {});
    return done;
  };

  return {
    record: (params) =>
      track(params.token, async (state) => {
        const { token, heap, interval, includesCollected, folder, nodePath } = params;
        const refusal = await refuseFolder(folder, roots());
        if (refusal) return refusal;
        const tell = (text: string): void => connection.notify('plateau/heapEvent', { token, text });
        const result = await recordHeap({
          ...launching(params.recipe, nodePath, state),
          mode: heap === 'sampling' ? { kind: 'sampling', interval, includesCollected } : { kind: heap },
          wanted: params.wanted,
          out: { folder },
          control: { stop: state.stop.signal, cancel: state.cancel.signal },
          onEvent: (event) => {
            if (event.kind === 'recording') tell(runningText[heap]);
            else if (event.kind === 'pausing')
              tell(`a snapshot of ${formatBytes(event.heapUsed)} stops the program for about ${formatTime(event.pauseMs * 1000)}`);
            else tell(`taking the snapshot, ${Math.floor(event.share * 100)} %`);
          },
        });
        return result.ok ? { file: result.value.file, ...tellRecorded(result.value) } : failure(result.error);
      }),
    hunt: (params) =>
      track(params.token, async (state) => {
        const { token, exercise, times, warmup, tracksAllocations, folder, nodePath } = params;
        const refusal = await refuseFolder(folder, roots());
        if (refusal) return refusal;
        const tell = (event: Parameters<typeof connection.notify<'plateau/huntEvent'>>[1]['event']): void =>
          connection.notify('plateau/huntEvent', { token, event });
        const turn = (): Promise<void> =>
          new Promise((resolve) => {
            state.next = resolve;
            tell({ kind: 'your-turn' });
          });
        const hunted = await huntLeaks({
          ...launching(params.recipe, nodePath, state),
          exercise: exercise.kind === 'by-hand' ? { kind: 'by-hand', next: turn } : exercise,
          times,
          warmup,
          tracksAllocations,
          wanted: params.wanted,
          folder,
          cancel: state.cancel.signal,
          onEvent: (event) => {
            if (event.kind !== 'tracking') return tell(event);
            const text = describeTracking(event.plan);
            if (text !== undefined) tell({ kind: 'remark', text });
          },
        });
        if (!hunted.ok) return failure(hunted.error);
        tell({ kind: 'phase', phase: 'ranking', round: 3, pid: 0 });
        const ranked = await rankInWorker(path.join(bundleFolder, 'leak-worker.mjs'), hunted.value, roots(), state.cancel.signal);
        if (!ranked) {
          await fs.rm(hunted.value.folder, { recursive: true, force: true });
          return failure({ kind: 'cancelled' });
        }
        if (!ranked.ok) return { failed: describeLeakReportIssue(ranked.error) };
        const result = ranked.value;
        const file = path.join(hunted.value.folder, 'result.hunt.json');
        await fs.writeFile(file, `${JSON.stringify(result, null, 1)}\n`, { mode: 0o600 }).catch(() => {}); // the panel shows it all the same
        onFound(huntFindings(file, result, params.recipe, roots()));
        return { file, result };
      }),
    stop(token, keep) {
      const state = running.get(token);
      (keep ? state?.stop : state?.cancel)?.abort();
    },
    next: (token) => running.get(token)?.next(),
    async dispose() {
      for (const { cancel } of running.values()) cancel.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
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
