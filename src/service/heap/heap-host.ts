import type { HeapAnswer, HeapOverview, HeapQueries, HeapQueryName } from '../../shared/heap-query';
import type { HeapIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { stampOf } from '../profile/slab-cache';
import { type HeapOptions, type HeapThread, startHeapThread } from './heap-host-thread';

/**
 * Opened heap snapshots, each in a thread of its own: a crash or too little memory
 * in one is an issue, not a dead process. A thread that nobody has asked anything
 * for a while is ended; the next question opens the snapshot again by itself.
 */
export interface HeapHost {
  /** Aborting ends the thread, unless others wait for it too. */
  open(file: string, options?: HeapOptions): Promise<Result<HeapOverview, HeapIssue>>;
  query<K extends HeapQueryName>(file: string, name: K, query: HeapQueries[K][0], options?: HeapOptions): Promise<Result<HeapAnswer<K>, HeapIssue>>;
  /** Nobody looks at the snapshot any more. */
  close(file: string): void;
  /** Snapshots that are held in memory right now. */
  readonly awake: readonly string[];
  dispose(): void;
}

export interface HeapHostSettings {
  /** A thread is ended after so long without a question, milliseconds. */
  readonly idleMs?: number;
  /** So many are held at a time; the one that was asked longest ago goes first. */
  readonly maxAwake?: number;
}

interface Held {
  readonly thread: HeapThread;
  /** What the file was when it was opened. */
  readonly stamp: string;
  lastUse: number;
  idle: NodeJS.Timeout | undefined;
}

const IDLE_MS = 10 * 60_000;
const MAX_AWAKE = 4;

export function heapHost(workerFile: string, settings: HeapHostSettings = {}): HeapHost {
  const threads = heldThreads(workerFile, settings);

  /** The file's thread, opened; a new one where there is none. */
  async function opened(file: string, options: HeapOptions, isFresh: boolean): Promise<Result<{ thread: HeapThread; overview: HeapOverview }, HeapIssue>> {
    if (options.signal?.aborted) return err({ kind: 'cancelled' });
    const known = isFresh ? undefined : threads.all.get(file);
    const held = known ?? threads.take(file, await stampOf(file), isFresh);
    threads.use(file, held);
    const { thread } = held;
    const result = await thread.opened(options);
    if (result.ok) return ok({ thread, overview: result.value });
    if (options.signal?.aborted && thread.isGivenUp) threads.end(file, held);
    return result;
  }

  return {
    async open(file, options = {}) {
      const found = await opened(file, options, true);
      return found.ok ? ok(found.value.overview) : found;
    },
    async query(file, name, query, options = {}) {
      const found = await opened(file, options, false);
      return found.ok ? found.value.thread.ask(name, query, options) : found;
    },
    close(file) {
      const held = threads.all.get(file);
      if (held) threads.end(file, held);
    },
    get awake() {
      return [...threads.all.keys()];
    },
    dispose() {
      for (const [file, held] of threads.all) threads.end(file, held);
    },
  };
}

/** The threads that are held in memory. */
interface HeldThreads {
  readonly all: ReadonlyMap<string, Held>;
  /** The thread of a file; `isFresh`: not one that has opened it as it was before it changed. Who takes it uses it at once, before another makes room. */
  take(file: string, stamp: string, isFresh: boolean): Held;
  /** Keeps it from being ended for a while. */
  use(file: string, held: Held): void;
  end(file: string, held: Held): void;
}

function heldThreads(workerFile: string, { idleMs = IDLE_MS, maxAwake = MAX_AWAKE }: HeapHostSettings): HeldThreads {
  const threads = new Map<string, Held>();

  function start(file: string, stamp: string): Held {
    makeRoom();
    const thread = startHeapThread(workerFile, file, () => forget(file, held));
    const held: Held = { thread, stamp, lastUse: performance.now(), idle: undefined };
    threads.set(file, held);
    return held;
  }

  function forget(file: string, held: Held): void {
    clearTimeout(held.idle);
    if (threads.get(file) === held) threads.delete(file);
  }

  function end(file: string, held: Held): void {
    forget(file, held);
    held.thread.end();
  }

  function makeRoom(): void {
    const idle = [...threads].filter(([, { thread }]) => !thread.isBusy).sort(([, a], [, b]) => a.lastUse - b.lastUse);
    for (const [file, held] of idle) {
      if (threads.size < maxAwake) return;
      end(file, held);
    }
  }

  function use(file: string, held: Held): void {
    held.lastUse = performance.now();
    clearTimeout(held.idle);
    held.idle = setTimeout(() => {
      if (held.thread.isBusy) use(file, held);
      else end(file, held);
    }, idleMs);
    held.idle.unref();
  }

  return {
    all: threads,
    take(file, stamp, isFresh) {
      const held = threads.get(file);
      if (held && !(isFresh && held.stamp !== stamp)) return held;
      if (held) end(file, held);
      return start(file, stamp);
    },
    use,
    end,
  };
}
