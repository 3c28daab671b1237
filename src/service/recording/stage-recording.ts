import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CapturedThread } from '../../capture/records/captured';
import type { TargetFiles } from '../../capture/session/session';
import { intervalOf, mayBeChance } from '../../core/profile/views/threads';
import { readRegularText } from '../../files/read-regular';
import type { FocusFunction } from '../../shared/recipe';
import { lineFingerprints } from '../../source/align-lines';
import { fileLocator } from '../../source/maps/locate';
import { sourceView } from '../../source/source-view';
import { workerLimits } from '../support/worker-limits';
import { type ReadThread, type StagedThread, stageThread } from './stage-thread';

/** A recording's threads as standard profiles among the temporary files. */
export interface StagedRecording {
  /** The one to show first at the front. */
  readonly threads: readonly StagedThread[];
  /** Line fingerprints of the user's own hot files, by path. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

export interface StageRequest {
  /** Where the threads' own files are, which the recorder has written. */
  readonly session: string;
  /** An empty folder for the profiles. */
  readonly folder: string;
  readonly files: TargetFiles;
  readonly focus: FocusFunction | undefined;
}

/**
 * Stages in a thread of its own, so that whoever records hears of Ctrl+C and of the editor
 * meanwhile. Aborting ends it at once. Rejects when the thread dies, for want of memory.
 */
export function stageInWorker(request: StageRequest, cancel: AbortSignal): Promise<StagedRecording> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(path.join(path.dirname(request.files.folder), 'stage-worker.mjs'), { workerData: request, resourceLimits: workerLimits() });
    const end = (): void => {
      cancel.removeEventListener('abort', onCancel);
      void worker.terminate();
    };
    const onCancel = (): void => {
      end();
      resolve({ threads: [], sources: {} });
    };
    cancel.addEventListener('abort', onCancel, { once: true });
    worker.once('message', (staged: StagedRecording) => {
      end();
      resolve(staged);
    });
    worker.once('error', (error) => {
      end();
      reject(error);
    });
    worker.once('exit', (code) => {
      end();
      reject(new Error(`the thread that puts profiles together ended with ${code}`));
    });
    if (cancel.aborted) onCancel();
  });
}

/**
 * The thread that spent most time in the function asked for comes first; without one, the
 * one that worked most. To wait for another thread that computes is no work; to wait for
 * many that each do little is what takes the time.
 */
export async function stageThreads(threads: readonly CapturedThread[], { folder, files, focus }: Omit<StageRequest, 'session'>): Promise<StagedRecording> {
  const staged: ReadThread[] = [];
  for (const [at, thread] of threads.entries()) {
    const one = await stageThread(thread, path.join(folder, `${at}.cpuprofile`), files, focus);
    if (one) staged.push(one);
  }
  const own = ({ thread }: StagedThread): number => thread.active - thread.waiting;
  const work = (one: StagedThread): number => {
    const busiest = Math.max(0, ...staged.filter((other) => other !== one).map(own));
    return busiest * 2 >= one.thread.waiting ? own(one) : one.thread.active;
  };
  staged.sort((a, b) => b.inFocus.inFunction - a.inFocus.inFunction || b.inFocus.inFile - a.inFocus.inFile || work(b) - work(a));
  putRootFirst(staged, work);
  const sources = await fingerprintSources(staged);
  return { threads: staged.map(({ tables: _, costs: __, ...one }) => one), sources };
}

/**
 * Where samples cannot tell whether the first thread or the program itself, the main thread that started before
 * all others, worked more, the program comes first: chance would choose.
 */
function putRootFirst<T extends StagedThread>(staged: T[], work: (one: T) => number): void {
  const [first] = staged;
  const root = staged.reduce<T | undefined>((so, one) => (so && so.thread.startTime <= one.thread.startTime ? so : one), undefined);
  if (!first || !root || root === first || root.thread.threadId !== 0) return;
  if (first.inFocus.inFunction !== root.inFocus.inFunction || first.inFocus.inFile !== root.inFocus.inFile) return;
  if (!mayBeChance(work(first), work(root), intervalOf(first.thread))) return;
  staged.splice(staged.indexOf(root), 1);
  staged.unshift(root);
}

const MAX_SOURCES = 200;
const MAX_SOURCE = 4 << 20;

/** Fingerprints of the user's own hot files, so that later edits can be told line by line. */
async function fingerprintSources(profiles: readonly ReadThread[]): Promise<Record<string, string[]>> {
  const sources: Record<string, string[]> = {};
  for (const { tables, costs } of profiles) {
    const view = sourceView(tables, costs, fileLocator([]));
    for (const { file } of view.files()) {
      if (Object.keys(sources).length >= MAX_SOURCES) return sources;
      if (sources[file] || /[\\/]node_modules[\\/]/.test(file)) continue;
      const text = await readRegularText(file, { most: MAX_SOURCE });
      if (text.ok) sources[file] = lineFingerprints(text.value);
    }
  }
  return sources;
}
