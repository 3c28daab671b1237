import { Worker } from 'node:worker_threads';
import { analyzeHeap } from '../../core/heap/analysis/analyze-heap';
import { type DiffSide, diffSide } from '../../core/heap/compare/heap-diff';
import type { ObjectShape } from '../../core/heap/graph/object-shapes';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { withinMemory } from '../support/heap-memory';
import { workerLimits } from '../support/worker-limits';
import { type HeapReadOptions, readHeapSnapshot } from './heap-read';

/** One snapshot of a comparison, read; its side of it, once the shapes of the other are known. */
export interface ReadSide {
  readonly warnings: readonly HeapWarning[];
  side(shapes: readonly ObjectShape[]): Promise<Result<DiffSide, HeapIssue>>;
  /** Where it is not asked for. */
  stop(): void;
}

export interface SideWork {
  readonly kind: 'side';
  readonly file: string;
  readonly memoryShare: number;
}

export type SideMessage =
  | { readonly kind: 'read'; readonly warnings: readonly HeapWarning[] }
  | { readonly kind: 'failed'; readonly issue: HeapIssue }
  | { readonly kind: 'side'; readonly side: DiffSide };

/** In this thread. */
export async function readSide(file: string, options: HeapReadOptions): Promise<Result<ReadSide, HeapIssue>> {
  const read = await readHeapSnapshot(file, options);
  if (!read.ok) return read;
  const analysis = analyzeHeap(read.value.graph);
  return ok({
    warnings: read.value.warnings,
    side: async (shapes) => withinMemory(read.value.graph, () => ok(diffSide(analysis, shapes))),
    stop: () => undefined,
  });
}

/** In a thread of its own, where what does not depend on the other side is worked out at once. */
export function readSideInThread(
  threadFile: string,
  file: string,
  { signal, memoryShare = 1 }: Pick<HeapReadOptions, 'signal' | 'memoryShare'>,
): Promise<Result<ReadSide, HeapIssue>> {
  const worker = new Worker(threadFile, { workerData: { kind: 'side', file, memoryShare } satisfies SideWork, resourceLimits: workerLimits() });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  let warnings: readonly HeapWarning[] = [];
  return new Promise((resolveRead) => {
    let settle: (result: Result<DiffSide, HeapIssue>) => void = (result) => {
      if (!result.ok) resolveRead(result);
    };
    const fail = (issue: HeapIssue): void => {
      settle(err(signal?.aborted ? { kind: 'cancelled' } : issue));
      stop();
    };
    worker.on('error', (error) => fail({ kind: 'crashed', detail: error.message }));
    worker.on('exit', (code) => fail({ kind: 'crashed', detail: `the thread ended with code ${code}` }));
    worker.on('message', (message: SideMessage) => {
      if (message.kind === 'failed') fail(message.issue);
      else if (message.kind === 'side') {
        settle(ok(message.side));
        stop();
      } else {
        warnings = message.warnings;
        const side = (shapes: readonly ObjectShape[]): Promise<Result<DiffSide, HeapIssue>> =>
          new Promise((resolve) => {
            settle = resolve;
            worker.postMessage(shapes);
          });
        resolveRead(ok({ warnings, side, stop }));
      }
    });
  });
}
