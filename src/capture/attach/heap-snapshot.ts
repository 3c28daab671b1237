/**
 * Takes heap snapshots through the inspector. V8 sends a snapshot in chunks of
 * about 100 kB; each is written as it comes, and the connection is not read while
 * the disk is behind, so no process of ours ever holds one. The file has a name of
 * its own until it is whole.
 *
 * Node.js does not wait for its connection: what we have not read yet stands in the target's
 * memory (1.4 GB while it sends 242 MB, measured), outside of the heap that is written.
 *
 * V8 cannot be told to give up a snapshot that it has begun: a cancelled one keeps
 * the target busy to its end, and is thrown away.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { HeapScript } from '../../core/heap/graph/heap-graph';
import { err, ok, type Result } from '../../shared/result';
import type { InspectorSession } from '../inspector/inspector';
import { aborted } from '../launch/record-launch';
import type { CaptureIssue } from '../records/capture-issue';

export interface SnapshotOptions {
  readonly cancel: AbortSignal;
  /** 0 to 1: V8 counts what it has to visit, then what it has to write. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /**
   * Ends allocation tracking with the snapshot, which then holds the timeline's samples too. Serves where nothing
   * is tracked as well: V8 takes this one at once, the other in a task, for which a busy program has no time.
   */
  readonly endsTracking?: boolean;
  /** The program is done and only waits for us: it runs no tasks any more, and a collection is one. A snapshot collects by itself too. */
  readonly isWaiting?: boolean;
}

export interface TakenSnapshot {
  readonly file: string;
  readonly bytes: number;
  /** Bytes of V8's heap in use before it, after a collection. */
  readonly heapUsed: number;
  /** Milliseconds for which the target stood still. */
  readonly pauseMs: number;
  readonly scripts: number;
}

/** Bytes of V8's heap. */
export interface HeapUsage {
  readonly used: number;
  readonly total: number;
}

/**
 * Milliseconds for which a snapshot will stop the target. It goes by objects rather than
 * bytes, which nobody knows before: measured on Node.js 20 and a busy machine, 4.2 MB took
 * 0.3 to 0.7 s, 119 MB in 3.2 million small objects 12 s. Large arrays and buffers take less.
 */
export const estimatePause = (heapUsed: number): number => 200 + (heapUsed / 1e6) * 90;

/** A busy program never comes to collecting, which is a task; a snapshot collects by itself, too. */
const COLLECTING_MS = 3000;

/** How long a target may say nothing while a snapshot is taken of it: V8 tells of its progress, but not while it collects first. */
const SILENCE_MS = 120_000;

export const scriptsFile = (snapshot: string): string => `${snapshot.replace(/\.heapsnapshot(?:\.(?:gz|zst))?$/i, '')}.scripts.json`;

export async function heapUsage(inspector: InspectorSession): Promise<HeapUsage> {
  const { usedSize, totalSize } = await inspector.send('Runtime.getHeapUsage');
  return { used: usedSize, total: totalSize };
}

/** Collects twice, with time between for finalizers and for what they let go. */
export async function collectGarbage(inspector: InspectorSession): Promise<void> {
  await inspector.send('HeapProfiler.collectGarbage');
  await new Promise((resolve) => setTimeout(resolve, 20));
  await inspector.send('HeapProfiler.collectGarbage');
}

/** Lets go of what V8's inspector keeps for a console that somebody may open: what the last 1,000 calls of `console` were given, and warnings. */
export const forgetConsole = (inspector: InspectorSession): Promise<unknown> => inspector.send('Runtime.discardConsoleEntries').catch(() => {});

/** Writes a snapshot to `file`, and the scripts of the process beside it. Leaves nothing behind if it fails. */
export async function takeSnapshot(inspector: InspectorSession, file: string, options: SnapshotOptions): Promise<Result<TakenSnapshot, CaptureIssue>> {
  // A name that nobody knows, and a file that is made: a link that stands there would be written through.
  const part = `${file}.part-${randomUUID().slice(0, 13)}`;
  const unwritable = (error: NodeJS.ErrnoException): Result<never, CaptureIssue> =>
    err({ kind: 'heap-unwritable', file, code: error.code ?? '', message: error.message });
  if (options.cancel.aborted) return err({ kind: 'cancelled' });
  const stream = fs.createWriteStream(part, { flags: 'wx', highWaterMark: 4 << 20, mode: 0o600 });
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => stream.on('error', resolve));
  const refusal = await Promise.race([failed, new Promise<undefined>((resolve) => stream.once('open', () => resolve(undefined)))]);
  if (refusal) return unwritable(refusal);
  let isKept = false;
  try {
    await Promise.race([forgetConsole(inspector), aborted(AbortSignal.timeout(COLLECTING_MS))]);
    if (!options.isWaiting) await Promise.race([collectGarbage(inspector).catch(() => {}), aborted(AbortSignal.timeout(COLLECTING_MS))]);
    const { used } = await heapUsage(inspector);
    const started = performance.now();
    const written = await receive(inspector, stream, failed, options);
    if (!written.ok) return written.error.kind === 'cancelled' ? err({ kind: 'cancelled' }) : unwritable(written.error.error);
    const pauseMs = performance.now() - started;
    const scripts = await scriptTable(inspector);
    try {
      await fs.promises.rm(scriptsFile(file), { force: true });
      await fs.promises.writeFile(scriptsFile(file), JSON.stringify(scripts), { flag: 'wx', mode: 0o600 });
      await fs.promises.rename(part, file);
    } catch (error) {
      return unwritable(error as NodeJS.ErrnoException);
    }
    isKept = true;
    return ok({ file, bytes: written.value, heapUsed: used, pauseMs, scripts: scripts.length });
  } catch {
    return options.cancel.aborted ? err({ kind: 'cancelled' }) : err({ kind: 'heap-lost', exit: undefined });
  } finally {
    stream.destroy();
    if (!isKept) for (const one of [part, scriptsFile(file)]) await fs.promises.rm(one, { force: true }).catch(() => {});
  }
}

type Received = Result<number, { kind: 'cancelled' } | { kind: 'unwritable'; error: NodeJS.ErrnoException }>;

async function receive(
  inspector: InspectorSession,
  stream: fs.WriteStream,
  failed: Promise<NodeJS.ErrnoException>,
  { cancel, onProgress, endsTracking, isWaiting }: SnapshotOptions,
): Promise<Received> {
  const cancelled = new Promise<undefined>((resolve) => cancel.addEventListener('abort', () => resolve(undefined), { once: true }));
  let isReading = true;
  let heard = performance.now();
  const subscriptions = [
    inspector.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
      heard = performance.now();
      if (stream.destroyed || stream.write(chunk) || !isReading) return;
      isReading = false;
      inspector.pause();
      stream.once('drain', () => {
        isReading = true;
        inspector.resume();
      });
    }),
    inspector.on('HeapProfiler.reportHeapSnapshotProgress', ({ done, total }) => {
      heard = performance.now();
      onProgress?.(total > 0 ? Math.min(1, done / total) : 0);
    }),
  ];
  let watch: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    watch = setInterval(() => performance.now() - heard > SILENCE_MS && isReading && reject(new Error('the target says nothing')), 1000);
  });
  silent.catch(() => {}); // it has ended meanwhile
  try {
    const method = endsTracking || isWaiting ? 'HeapProfiler.stopTrackingHeapObjects' : 'HeapProfiler.takeHeapSnapshot';
    const answer = inspector.send(method, { reportProgress: true }).then(() => 'answered' as const);
    answer.catch(() => {}); // lost with the connection after a cancel
    const first = await Promise.race([answer, failed, cancelled, silent]);
    if (first === undefined) return err({ kind: 'cancelled' });
    if (first !== 'answered') return err({ kind: 'unwritable', error: first });
    const ended = new Promise<undefined>((resolve) => stream.end(() => resolve(undefined)));
    const failure = await Promise.race([ended, failed]);
    if (failure) return err({ kind: 'unwritable', error: failure });
    return ok(stream.bytesWritten);
  } finally {
    clearInterval(watch);
    for (const end of subscriptions) end();
    inspector.resume();
  }
}

/**
 * The scripts of the process. The Debugger domain is enabled only for this, after
 * the snapshot: while it is on it holds every script, which the snapshot would show.
 */
export async function scriptTable(inspector: InspectorSession): Promise<HeapScript[]> {
  const scripts: HeapScript[] = [];
  const end = inspector.on('Debugger.scriptParsed', ({ scriptId, url, sourceMapURL }) => {
    if (url !== '' || sourceMapURL) scripts.push({ scriptId: Number(scriptId), url, sourceMapUrl: sourceMapURL ?? '' });
  });
  try {
    await inspector.send('Debugger.enable', {});
    await inspector.send('Debugger.disable');
  } finally {
    end();
  }
  return scripts;
}
