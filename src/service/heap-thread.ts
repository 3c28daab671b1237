/** Worker thread: a part of the work on heap snapshots, next to the thread that started it. */
import { parentPort, workerData } from 'node:worker_threads';
import { analyzeHeap } from '../core/heap/analyze-heap';
import { diffSide } from '../core/heap/heap-diff';
import type { ObjectShape } from '../core/heap/object-shapes';
import { readHeapSnapshot } from './heap-read';
import type { SideMessage, SideWork } from './heap-side';
import { readTail, type TailWork } from './heap-tail';

const work = workerData as TailWork | SideWork;
if (work.kind === 'tail') readTail(work);
else await side(work.file);

async function side(file: string): Promise<void> {
  const tell = (message: SideMessage, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);
  const read = await readHeapSnapshot(file);
  if (!read.ok) return tell({ kind: 'failed', issue: read.error });
  const analysis = analyzeHeap(read.value.graph);
  // What needs no shapes, while the other snapshot is being read.
  void [analysis.shallowSize, analysis.detachedness, analysis.plainObjects];
  parentPort?.once('message', (shapes: readonly ObjectShape[]) => {
    const made = diffSide(analysis, shapes);
    tell(
      { kind: 'side', side: made },
      [made.nodes, made.ids, made.sizes, made.classOf, made.prints].map(({ buffer }) => buffer as ArrayBuffer),
    );
  });
  tell({ kind: 'read', warnings: read.value.warnings });
}
