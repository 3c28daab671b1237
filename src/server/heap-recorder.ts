import fs from 'node:fs/promises';
import path from 'node:path';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { CaptureIssue } from '../capture/capture-issue';
import { launchInTerminal } from '../capture/runner-launcher';
import type { HeapRecordParams, HuntDone, HuntParams } from '../protocol/heap-record';
import type { Failure, RecordResult } from '../protocol/lsp';
import { describeCaptureIssue } from '../service/describe-capture-issue';
import { describeLeakReportIssue } from '../service/describe-issue';
import { type HeapRecorded, recordHeap } from '../service/heap-record';
import { huntLeaks } from '../service/hunt';
import { rankInWorker } from '../service/rank-in-worker';
import { nodeVersion, type RecordRequest } from '../service/record';
import { targetFiles } from '../service/target-files';
import { formatBytes, formatCount, formatTime } from '../shared/format';
import type { HuntLeak, HuntPlace, HuntResult } from '../shared/hunt';
import type { Recipe } from '../shared/recipe';
import { err } from '../shared/result';
import type { PlateauConnection } from './connection';
import { uriOfFile } from './sources';

/** Heap recordings and leak hunts for the editor. */
export interface HeapRecorder {
  record(params: HeapRecordParams): Promise<RecordResult | Failure>;
  hunt(params: HuntParams): Promise<HuntDone | Failure>;
  stop(token: string, keep: boolean): void;
  next(token: string): void;
  /** Of the last hunt, by file. */
  diagnostics(): ReadonlyMap<string, readonly Diagnostic[]>;
  dispose(): Promise<void>;
}

interface Running {
  readonly stop: AbortController;
  readonly cancel: AbortController;
  next: () => void;
  done: Promise<unknown>;
}

export function heapRecorder(connection: PlateauConnection, bundleFolder: string, roots: () => readonly string[], onFound: () => void): HeapRecorder {
  const running = new Map<string, Running>();
  let last: HuntResult | undefined;

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
        const tell = (text: string): void => connection.notify('plateau/heapEvent', { token, text });
        const result = await recordHeap({
          ...launching(params.recipe, nodePath, state),
          mode: heap === 'sampling' ? { kind: 'sampling', interval, includesCollected } : { kind: 'snapshot' },
          out: { folder },
          control: { stop: state.stop.signal, cancel: state.cancel.signal },
          onEvent: (event) => {
            if (event.kind === 'recording') tell(heap === 'sampling' ? 'sampling allocations' : 'running');
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
          folder,
          cancel: state.cancel.signal,
          onEvent: tell,
        });
        if (!hunted.ok) return failure(hunted.error);
        tell({ kind: 'phase', phase: 'ranking', round: 3, pid: 0 });
        const ranked = await rankInWorker(path.join(bundleFolder, 'leak-worker.mjs'), hunted.value, roots(), state.cancel.signal);
        if (!ranked) {
          await fs.rm(hunted.value.folder, { recursive: true, force: true });
          return failure({ kind: 'cancelled' });
        }
        if (!ranked.ok) return { failed: describeLeakReportIssue(ranked.error) };
        last = ranked.value;
        onFound();
        const file = path.join(hunted.value.folder, 'result.hunt.json');
        await fs.writeFile(file, `${JSON.stringify(last, null, 1)}\n`).catch(() => {}); // the panel shows it all the same
        return { file, result: last };
      }),
    stop(token, keep) {
      const state = running.get(token);
      (keep ? state?.stop : state?.cancel)?.abort();
    },
    next: (token) => running.get(token)?.next(),
    diagnostics: () => diagnosticsOf(last),
    async dispose() {
      for (const { cancel } of running.values()) cancel.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

function tellRecorded({ info, lost }: HeapRecorded): Omit<RecordResult, 'file'> {
  const warnings: string[] = [];
  if (info.exit && (info.exit.signal !== null || info.exit.code !== 0))
    warnings.push(
      info.exit.signal ? `The program was ended by ${info.exit.signal}.` : `The program ended with exit code ${info.exit.code}; its output is in the terminal.`,
    );
  if (lost > 0) warnings.push(lost === 1 ? '1 process died without handing over a heap.' : `${formatCount(lost)} processes died without handing over a heap.`);
  const message =
    info.heap === 'sampling'
      ? `${formatBytes(info.bytes)} of allocations sampled`
      : `a heap of ${formatBytes(info.bytes)}; the program stood still for ${formatTime((info.pauseMs ?? 0) * 1000)}`;
  return { message, warning: warnings.length > 0 ? warnings.join(' ') : undefined };
}

/** A leak is shown where it is kept, and where it is allocated. */
function diagnosticsOf(result: HuntResult | undefined): Map<string, Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>();
  const add = (place: HuntPlace, leak: HuntLeak, message: string, other: HuntPlace | undefined, otherText: string): void => {
    const list = byFile.get(place.file) ?? [];
    list.push({
      range: rangeAt(place),
      severity: leak.verdict === 'leak' ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
      source: 'Plateau',
      code: 'leak',
      message,
      ...(other ? { relatedInformation: [{ location: { uri: uriOfFile(other.file), range: rangeAt(other) }, message: otherText }] } : {}),
    });
    byFile.set(place.file, list);
  };
  for (const leak of result?.leaks ?? []) {
    const { retainedAt, allocatedAt } = leak;
    const what = leak.verdict === 'leak' ? 'Leak' : 'Growth';
    const [one, , three] = leak.counts;
    const size =
      leak.measure === 'bytes' || leak.measure === 'elements'
        ? `${leak.className}, ${formatBytes(leak.retainedSize)} larger after the hunt`
        : `${formatCount(three - one)} more ${leak.className} kept over the hunt, ${formatBytes(leak.retainedSize)}`;
    if (retainedAt) add(retainedAt, leak, `${what}: ${size}. ${leak.summary}.`, allocatedAt, 'allocated in this function');
    const isSame = retainedAt?.file === allocatedAt?.file && retainedAt?.line === allocatedAt?.line;
    if (allocatedAt && !isSame) add(allocatedAt, leak, `${what}: what this function allocates stays alive: ${size}.`, retainedAt, 'kept here');
  }
  return byFile;
}

/** To the end of the line's first word: the editor underlines the word. */
const rangeAt = ({ line, column }: HuntPlace): Diagnostic['range'] => ({
  start: { line: line - 1, character: column - 1 },
  end: { line: line - 1, character: column },
});
