/** Worker thread: a part of the work on heap snapshots, next to the thread that started it. */
import { parentPort, workerData } from 'node:worker_threads';
import { analyzeHeap } from '../../core/heap/analysis/analyze-heap';
import { diffSide } from '../../core/heap/compare/heap-diff';
import type { ObjectShape } from '../../core/heap/graph/object-shapes';
import { ok } from '../../shared/result';
import { withinMemory } from '../support/heap-memory';
import { readHeapSnapshot } from './heap-read';
import type { SideMessage, SideWork } from './heap-side';
import { readTail, type TailWork } from './heap-tail';

const work = workerData as TailWork | SideWork;
if (work.kind === 'tail') readTail(work);
else await side(work);

async function side({ file, memoryShare }: SideWork): Promise<void> {
  const tell = (message: SideMessage, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);
  const read = await readHeapSnapshot(file, { memoryShare });
  if (!read.ok) return tell({ kind: 'failed', issue: read.error });
  const { graph } = read.value;
  const analysis = analyzeHeap(graph);
  // What needs no shapes, while the other snapshot is being read.
  const begun = withinMemory(graph, () => ok([analysis.shallowSize, analysis.detachedness, analysis.plainObjects]));
  if (!begun.ok) return tell({ kind: 'failed', issue: begun.error });
  parentPort?.once('message', (shapes: readonly ObjectShape[]) => {
    const side = withinMemory(graph, () => ok(diffSide(analysis, shapes)));
    if (!side.ok) return tell({ kind: 'failed', issue: side.error });
    const made = side.value;
    tell(
      { kind: 'side', side: made },
      [made.nodes, made.ids, made.sizes, made.classOf, made.prints].map(({ buffer }) => buffer as ArrayBuffer),
    );
  });
  tell({ kind: 'read', warnings: read.value.warnings });
}
