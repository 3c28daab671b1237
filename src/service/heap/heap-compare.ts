import fs from 'node:fs';
import { analyzeHeap } from '../../core/heap/analysis/analyze-heap';
import { diffSide, diffSides, type HeapDiffRow } from '../../core/heap/compare/heap-diff';
import type { GrownObjects } from '../../core/heap/compare/heap-grown';
import type { HeapGraph } from '../../core/heap/graph/heap-graph';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { commonPid } from '../recordings/recorded-pid';
import { withinMemory } from '../support/heap-memory';
import { type HeapReadOptions, readHeapSnapshot } from './heap-read';
import { readSide, readSideInThread } from './heap-side';

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
  /** What was there before and has grown: DevTools' comparison, which `rows` are, counts it as no change. */
  readonly grown: { readonly sizeDelta: number; readonly largest: readonly Omit<GrownObjects['largest'][number], 'node'>[] };
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
  const share = threadFile === undefined ? undefined : shareOf(before, after);
  const alone = { ...options, threadFile: undefined, memoryShare: share && 1 - share };
  const reading = threadFile === undefined ? readSide(before, alone) : readSideInThread(threadFile, before, { signal, memoryShare: share });
  const current = await readHeapSnapshot(after, alone);
  const base = await reading;
  if (!base.ok) return err({ file: before, issue: base.error });
  if (!current.ok) {
    base.value.stop();
    return err({ file: after, issue: current.error });
  }
  const { graph } = current.value;
  const now = analyzeHeap(graph);
  const failed = (issue: HeapIssue): Result<HeapComparison, ComparisonIssue> => {
    base.value.stop();
    return err({ file: after, issue });
  };
  const shapes = withinMemory(graph, () => ok(now.shapes));
  if (!shapes.ok) return failed(shapes.error);
  const old = base.value.side(shapes.value);
  const currentSide = withinMemory(graph, () => ok(diffSide(now, shapes.value)));
  if (!currentSide.ok) return failed(currentSide.error);
  const baseSide = await old;
  if (!baseSide.ok) return err({ file: before, issue: baseSide.error });
  const compared = withinMemory(graph, () => ok(diffSides(baseSide.value, currentSide.value)));
  if (!compared.ok) return failed(compared.error);
  const diff = compared.value;
  const warnings: HeapWarning[] = [...base.value.warnings, ...current.value.warnings];
  if (!diff.isSameProcess) warnings.push({ kind: commonPid([before, after]) === undefined ? 'other-process' : 'numbered-anew' });
  const rows = diff.rows.map(({ name, added, removed, delta, addedSize, removedSize, sizeDelta, addedNodes }) => {
    const counts = { name, added, removed, delta, addedSize, removedSize, sizeDelta };
    return { ...counts, addedIds: idsOf(current.value.graph, addedNodes) };
  });
  const { sizeDelta, largest } = diff.grown;
  const grown = { sizeDelta, largest: largest.map(({ id, name, sizeDelta: more }) => ({ id, name, sizeDelta: more })) };
  return ok({ schema: 'plateau/heap-diff/1', before, after, isSameProcess: diff.isSameProcess, rows, grown, warnings });
}

/** Of what both need, the part of the first, by the sizes of the files. */
function shareOf(before: string, after: string): number {
  const [one, other] = [before, after].map((file) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) as [number, number];
  return one + other > 0 ? one / (one + other) : 0.5;
}

/** The newest: the oldest of a leak are often what warming up left. */
const idsOf = ({ nodes }: HeapGraph, rows: Uint32Array): number[] => Array.from(rows.slice(-SHOWN_IDS), (row) => nodes.id[row] as number).reverse();
