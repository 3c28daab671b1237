import { analyzeHeap } from '../core/heap/analyze-heap';
import { diffSide, diffSides, type HeapDiffRow } from '../core/heap/heap-diff';
import type { HeapGraph } from '../core/heap/heap-graph';
import type { HeapIssue, HeapWarning } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { type HeapReadOptions, readHeapSnapshot } from './heap-read';
import { readSide, readSideInThread } from './heap-side';
import { commonPid } from './recorded-pid';

/** A comparison of two snapshots, as `plateau heap diff --json` gives it. Sizes in bytes. */
export interface HeapComparison {
  readonly schema: 'plateau/heap-diff/1';
  readonly before: string;
  readonly after: string;
  readonly isSameProcess: boolean;
  /** By falling growth in bytes. */
  readonly rows: readonly (Pick<HeapDiffRow, 'name' | 'added' | 'removed' | 'delta' | 'addedSize' | 'removedSize' | 'sizeDelta'> & {
    /** Ids of new objects, the first few: for `plateau heap retainers`. */
    readonly addedIds: readonly number[];
  })[];
  readonly warnings: readonly HeapWarning[];
}

/** Which of the two files an issue is about. */
export interface ComparisonIssue {
  readonly file: string;
  readonly issue: HeapIssue;
}

const SHOWN_IDS = 5;

/** With `threadFile`, each snapshot is read in a thread of its own. */
export async function compareHeaps(before: string, after: string, options: HeapReadOptions = {}): Promise<Result<HeapComparison, ComparisonIssue>> {
  const { threadFile, signal } = options;
  const alone = { ...options, threadFile: undefined };
  const reading = threadFile === undefined ? readSide(before, alone) : readSideInThread(threadFile, before, signal);
  const current = await readHeapSnapshot(after, alone);
  const base = await reading;
  if (!base.ok) return err({ file: before, issue: base.error });
  if (!current.ok) {
    base.value.stop();
    return err({ file: after, issue: current.error });
  }
  const now = analyzeHeap(current.value.graph);
  const old = base.value.side(now.shapes);
  const currentSide = diffSide(now, now.shapes);
  const baseSide = await old;
  if (!baseSide.ok) return err({ file: before, issue: baseSide.error });
  const diff = diffSides(baseSide.value, currentSide);
  const warnings: HeapWarning[] = [...base.value.warnings, ...current.value.warnings];
  if (!diff.isSameProcess) warnings.push({ kind: commonPid([before, after]) === undefined ? 'other-process' : 'numbered-anew' });
  const rows = diff.rows.map(({ name, added, removed, delta, addedSize, removedSize, sizeDelta, addedNodes }) => {
    const counts = { name, added, removed, delta, addedSize, removedSize, sizeDelta };
    return { ...counts, addedIds: idsOf(current.value.graph, addedNodes) };
  });
  return ok({ schema: 'plateau/heap-diff/1', before, after, isSameProcess: diff.isSameProcess, rows, warnings });
}

/** The newest: the oldest of a leak are often what warming up left. */
const idsOf = ({ nodes }: HeapGraph, rows: Uint32Array): number[] => Array.from(rows.slice(-SHOWN_IDS), (row) => nodes.id[row] as number).reverse();
