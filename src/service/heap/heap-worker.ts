/** Worker thread: holds one heap snapshot, and one to compare with, and answers questions. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { analyzeHeap, type HeapAnalysis } from '../../core/heap/analysis/analyze-heap';
import type { HeapGraph } from '../../core/heap/graph/heap-graph';
import { type HeapSession, heapSession } from '../../core/heap/views/heap-session';
import { formatBytes, plural } from '../../shared/format';
import type { HeapBase, HeapList, HeapOverview } from '../../shared/heap-query';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import { ok } from '../../shared/result';
import { readScriptTable, type ScriptTable } from '../profile/script-table';
import { withinMemory } from '../support/heap-memory';
import { describeHeapWarning, describeLargeScripts } from './describe-heap-issue';
import type { FromHeapWorker, ToHeapWorker } from './heap-messages';
import { readHeapSnapshot } from './heap-read';

/** `stop` holds the token of a question that nobody waits for any more: reading is synchronous and hears no messages. */
const { file, stop } = workerData as { file: string; stop: Int32Array };
/** Reads a part of a large snapshot on a second core. */
const threadFile = fileURLToPath(new URL('./heap-thread.mjs', import.meta.url));
const tell = (message: FromHeapWorker, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);

interface Opened {
  readonly analysis: HeapAnalysis;
  readonly warnings: readonly HeapWarning[];
}

async function open(of: string, token = -1): Promise<Opened | HeapIssue> {
  const abort = new AbortController();
  let told = 0;
  tell({ kind: 'progress', doing: { kind: 'reading', file: of }, share: 0 });
  const read = await readHeapSnapshot(of, {
    signal: abort.signal,
    threadFile,
    onProgress(at, size) {
      if (Atomics.load(stop, 0) === token) abort.abort();
      if (at - told < size / 50) return;
      told = at;
      tell({ kind: 'progress', doing: { kind: 'reading', file: of }, share: at / Math.max(1, size) });
    },
  });
  if (!read.ok) return read.error;
  tell({ kind: 'progress', doing: { kind: 'analysing', file: of }, share: undefined });
  return { analysis: analyzeHeap(read.value.graph), warnings: read.value.warnings };
}

function overviewOf({ analysis, warnings }: Opened, session: HeapSession, scripts: ScriptTable): HeapOverview {
  const { graph } = analysis;
  const { classCount, detachedCount, totalSize } = session;
  return {
    file,
    title: path.basename(file).replace(/\.heapsnapshot$/i, ''),
    subtitle: ['Heap snapshot', formatBytes(graph.fileBytes), plural(graph.edges.length, 'reference')].join(' · '),
    fileBytes: graph.fileBytes,
    nodes: graph.nodes.length,
    edges: graph.edges.length,
    classes: classCount,
    totalSize,
    detached: detachedCount,
    warnings: [...warnings.map(describeHeapWarning), ...(scripts.kind === 'too-large' ? [describeLargeScripts(scripts)] : [])],
    hasScripts: scripts.kind === 'table',
    hasTraces: graph.traces !== undefined,
  };
}

async function takeUpBase(session: HeapSession, base: string, token: number): Promise<HeapBase | HeapIssue> {
  if (session.base?.file !== base) {
    const opened = await open(base, token);
    if ('kind' in opened) return opened;
    session.setBase(base, opened.analysis);
  }
  const diff = session.base?.diff;
  const sum = (of: 'addedSize' | 'removedSize'): number => (diff?.rows ?? []).reduce((total, row) => total + row[of], 0);
  return {
    file: base,
    title: path.basename(base).replace(/\.heapsnapshot$/i, ''),
    warning:
      diff?.isSameProcess === false
        ? 'The two snapshots are of different processes, or of two connections to one: their objects have other ids, so all of them count as new and deleted. Only the deltas say something.'
        : undefined,
    addedSize: sum('addedSize'),
    removedSize: sum('removedSize'),
  };
}

/** The other snapshot that a list speaks of. */
function baseOf(list: HeapList): string | undefined {
  if (list.kind === 'comparison' || list.kind === 'changed') return list.base;
  return (list.kind === 'classes' || list.kind === 'objects') && list.scope.kind === 'since' ? list.scope.file : undefined;
}

async function answer(session: HeapSession, graph: HeapGraph, { token, question }: ToHeapWorker): Promise<void> {
  try {
    if (question.name === 'compare') {
      const base = await takeUpBase(session, question.query.base, token);
      return tell('kind' in base ? { kind: 'refused', token, issue: base } : { kind: 'answer', token, answer: base });
    }
    const needed = question.name === 'rows' ? baseOf(question.query.list) : undefined;
    if (needed !== undefined && session.base?.file !== needed) {
      const base = await takeUpBase(session, needed, token);
      if ('kind' in base) return tell({ kind: 'refused', token, issue: base });
    }
    const found = withinMemory(graph, () => ok(session.answer(question.name, question.query)));
    if (!found.ok) return tell({ kind: 'refused', token, issue: found.error });
    tell({ kind: 'answer', token, answer: found.value }, found.value && 'slab' in found.value ? [found.value.slab] : []);
  } catch (error) {
    tell({ kind: 'refused', token, issue: { kind: 'crashed', detail: (error as Error).message } });
  }
}

const opened = await open(file);
if ('kind' in opened) tell({ kind: 'failed', issue: opened });
else start(opened);

function start(opened: Opened): void {
  const { graph } = opened.analysis;
  const scripts = readScriptTable(file.replace(/\.heapsnapshot$/i, '.scripts.json'));
  const ready = withinMemory(graph, () => {
    const session = heapSession(opened.analysis, scripts.kind === 'table' ? scripts.scripts : new Map());
    return ok({ session, overview: overviewOf(opened, session, scripts) });
  });
  if (!ready.ok) return tell({ kind: 'failed', issue: ready.error });
  const { session, overview } = ready.value;
  tell({ kind: 'opened', overview });
  // One after another: a question may have to read the other snapshot first.
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (message: ToHeapWorker) => {
    last = last.then(() => answer(session, graph, message));
  });
}
